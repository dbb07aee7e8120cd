// A file of the visitor's on its way to the server: how much of it has left, then what is answered.

import { h } from "../core/dom.js";
import { store } from "../core/store.js";
import { remember, visitorHeader } from "../core/visitor.js";
import { word } from "./words.js";

export class Sender {
  /** @param say called with a sentence for the reader while the file is on its way */
  constructor(say) {
    this.say = say;
    this.bar = h("progress", { max: 1, hidden: true });
  }

  /**
   * Promise of the answer's values; `ok: false` and a sentence where there is none.
   *
   * @param limit in megabytes: of a larger file only the size is sent, which is refused
   */
  async send(path, file, asked, limit = Infinity) {
    this.bar.hidden = false;
    this.told = null;
    this.show(file, 0);
    const url = new URL(path, document.baseURI);
    url.searchParams.set("asked", JSON.stringify({ lang: store.view.lang, ...asked }));
    const body = file.size <= limit * 1e6 ? file : null;
    const answer = (await post(url, body, (share) => this.show(file, share))) ?? { ok: false, error: store.t("client.offline") };
    this.bar.hidden = true;
    if (answer.ok) remember(answer.mine);
    return answer;
  }

  /** The bar moves all the time; the sentence, which a screen reader speaks, every tenth. */
  show({ name }, share) {
    if (share < 1) this.bar.value = share;
    else this.bar.removeAttribute("value");
    const percent = 10 * Math.floor(10 * share);
    if (percent === this.told) return;
    this.told = percent;
    this.say(share < 1 ? word("train.sending", { name, percent }) : word("train.reading", { name }));
  }
}

/** What `fetch` does not tell yet: how many bytes have left. */
function post(url, body, onShare) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    for (const [name, value] of Object.entries(visitorHeader(store.view.mine))) request.setRequestHeader(name, value);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => onShare(loaded / total);
    request.upload.onload = () => onShare(1);
    request.onloadend = () => resolve(request.response);
    request.send(body);
  });
}
