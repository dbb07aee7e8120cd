// Whose trainings this page shows: a token. One that this browser was given for trainings of its own is kept by it; one
// that came with a link is never kept, and leaves the address bar: the tab has it as long as it is open.

const KEY = "explorer.visitor";
const WATCHER = 64; // digits of a token that only lets look

export const visitor = { token: "", foreign: false };
take();

/** The token that this browser keeps, "" if there is none or it keeps nothing. */
export function remembered() {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

/** The token of trainings begun here, to be kept; "" forgets it. What a link brought is used and not kept. */
export function remember(token) {
  if (visitor.foreign && token === visitor.token) return;
  try {
    if (token) localStorage.setItem(KEY, token);
    else localStorage.removeItem(KEY);
  } catch {
    // a browser that keeps nothing still has it in this tab
  }
  hold(token, false);
}

/** Back from a link's trainings to this browser's own; the token, "" if it has none. */
export function leave() {
  hold(remembered(), false);
  return visitor.token;
}

/** Whether the page may only look. */
export const watching = () => visitor.token.length === WATCHER;

/** Headers that say whose trainings a question is about. */
export const visitorHeader = (token) => (token ? { "X-Explorer-Token": token } : {});

/** A link's token out of the address, what this tab had before it was loaded again, or the browser's own. */
function take() {
  const url = new URL(location.href);
  const fragment = new URLSearchParams(url.hash.slice(1));
  const linked = fragment.get("mine") || fragment.get("watch") || url.searchParams.get("mine"); // the last: of older links
  const before = history.state?.explorer;
  if (linked) {
    if (fragment.get("mine") || fragment.get("watch")) url.hash = "";
    url.searchParams.delete("mine");
    history.replaceState(history.state, "", url.href.replace(/#$/, ""));
    hold(linked, linked !== remembered());
  } else if (before?.token) {
    hold(before.token, before.foreign);
  } else {
    hold(remembered(), false);
  }
}

function hold(token, foreign) {
  Object.assign(visitor, { token, foreign });
  if (token || history.state?.explorer) history.replaceState({ ...history.state, explorer: { token, foreign } }, "");
}
