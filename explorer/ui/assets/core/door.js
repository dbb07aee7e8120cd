// The way to Python for all that is no View: questions, heavy things, and files that the reader sends. An exported exploration has no
// Python behind it: its host (../host/host.js) answers here from what was recorded.

import { visitorHeader } from "./visitor.js";

/** This open page: the server answers one dear question of a page at a time (explorer/ui/http/lanes.py). */
const PAGE = crypto.getRandomValues(new Uint32Array(2)).join("");

export const door = {
  /** Promise of a question's answer, {ok, ...}; rejected where nobody answers. `mine` travels as a header. */
  async ask(name, { mine, ...asked }, signal) {
    const response = await fetch(new URL(`explorer/ask/${name}`, document.baseURI), {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Explorer-Page": PAGE, ...visitorHeader(mine) },
      body: JSON.stringify(asked),
      signal,
    });
    return response.json();
  },

  /** Promise of the response with what lies at an address. */
  open: (address) => fetch(new URL(address, document.baseURI)),

  /** A sentence where no file can be sent, "" where one can. */
  closed: () => "",
};
