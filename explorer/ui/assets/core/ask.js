// Questions to Python that are no View (explorer/ui/questions): a computation that one part of the page wants.

import { door } from "./door.js";
import { store } from "./store.js";

/**
 * Promise of the answer's values. It is rejected with an Error whose message is a sentence for the reader.
 *
 * @param signal an AbortSignal: whoever aborts no longer cares
 */
export async function ask(name, params = {}, { signal } = {}) {
  const asked = { lang: store.view?.lang, mine: store.view?.mine || undefined, ...params };
  const answer = await door.ask(name, asked, signal).catch((error) => {
    if (error.name === "AbortError") throw error;
    return { ok: false, error: store.t("client.offline") };
  });
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

/**
 * A function that asks one question at a time: of those that come while one is under way, only the newest is asked, so
 * that a hand that does not rest is answered as often as the network allows.
 *
 * @param onAnswer called with (answer, params), or with (Error, params)
 */
export function newest(name, onAnswer) {
  let busy = false;
  let waiting = null;
  const go = async (params) => {
    busy = true;
    const answer = await ask(name, params).catch((error) => error);
    busy = false;
    onAnswer(answer, params);
    if (!busy && waiting) {
      const next = waiting;
      waiting = null;
      go(next);
    }
  };
  return (params) => {
    if (busy) waiting = params;
    else go(params);
  };
}
