// Questions to Python that are no View (explorer/ui/asks): a computation that one part of the page wants.

import { store } from "./store.js";

/**
 * Promise of the answer's values. It is rejected with an Error whose message is a sentence for the reader.
 *
 * @param signal an AbortSignal: whoever aborts no longer cares
 */
export async function ask(name, params = {}, { signal } = {}) {
  const response = await fetch(new URL(`explorer/ask/${name}`, document.baseURI), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ lang: store.view?.lang, ...params }),
    signal,
  }).catch((error) => {
    throw error.name === "AbortError" ? error : new Error(store.t("live.offline"));
  });
  const answer = await response.json().catch(() => ({ ok: false, error: store.t("live.offline") }));
  if (!answer.ok) throw new Error(answer.error);
  return answer;
}

/** A function like `ask` of which only the newest call counts: an overtaken one gives null. */
export function latest(name) {
  let controller = null;
  return async (params) => {
    controller?.abort();
    const mine = (controller = new AbortController());
    try {
      const answer = await ask(name, params, { signal: mine.signal });
      return mine.signal.aborted ? null : answer;
    } catch (error) {
      if (mine.signal.aborted) return null;
      throw error;
    }
  };
}
