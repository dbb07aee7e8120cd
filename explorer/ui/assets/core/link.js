// The address bar follows the View, and the browser's back and forward lead through what was committed.
//
// Inside another page's frame (a Space) no entries are made: there the browser's buttons belong to the page around it.

const MERGE_MS = 1000; // changes of the same kind within this time are one entry: a walk along the strip
const FRAMED = window.parent !== window;

/** Names and values of the link that opened the page. */
export const opened = Object.fromEntries(new URLSearchParams(location.search));

let last = { fields: "", time: -Infinity };
let fresh = false; // whether the next answer is worth an entry of its own

/** A commit of these fields of the View was sent. */
export function committed(fields) {
  const [now, key] = [performance.now(), fields.join(" ")];
  fresh ||= key !== last.fields || now - last.time > MERGE_MS;
  last = { fields: key, time: now };
}

/** The query of the View that is on screen now; Gradio's own theme parameter stays. */
export function showQuery(query) {
  const theme = new URLSearchParams(location.search).get("__theme");
  const parts = [query, theme && `__theme=${encodeURIComponent(theme)}`].filter(Boolean).join("&");
  const address = location.pathname + (parts && `?${parts}`) + location.hash;
  const changed = address !== location.pathname + location.search + location.hash;
  if (changed && fresh && !FRAMED) history.pushState(history.state, "", address);
  else if (changed) history.replaceState(history.state, "", address);
  fresh = false;
}

/** Calls `restore(query)` with what the address bar says, as names and values, when the reader goes back or forward. */
export function onReturn(restore) {
  addEventListener("popstate", () => {
    fresh = false;
    last = { fields: "", time: -Infinity };
    restore(Object.fromEntries(new URLSearchParams(location.search)));
  });
}

/** What of the View an old link's fragment means: places that have moved to a tab of their own. Taken once. */
export function oldPlace() {
  if (location.hash !== "#ex-cb-report") return null;
  history.replaceState(history.state, "", location.pathname + location.search);
  return { tab: "collapse" };
}

const OWN_RUN = /-[0-9a-f]{12}$/;

/**
 * The link that restores what is on screen. A token goes along in the fragment, which no server sees, and only where the
 * visitor's trainings, or a run of theirs, are what is shown.
 *
 * @param fragment "watch=TOKEN" or "mine=TOKEN"
 */
export function linkTo({ tab, left, right }, fragment) {
  const url = new URL(location.href);
  url.searchParams.delete("__theme");
  url.hash = "";
  const own = tab === "train" || [left, right].some((run) => OWN_RUN.test(run));
  return url.href.replace(/#$/, "") + (own && fragment ? `#${fragment}` : "");
}
