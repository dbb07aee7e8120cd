// The reader's own picture: chosen from a file or drawn, then cut, scaled and (where the models see grey) made grey.

import { h, refill } from "../core/dom.js";
import { store } from "../core/store.js";

const SIDE = 168; // CSS pixels of the drawing board
const GREY = [0.2125, 0.7154, 0.0721]; // Rec. 709, as everywhere

export class OwnPicture {
  /** @param onpicture called with uint8 (H, W, C), or null for the test image */
  constructor(onpicture) {
    this.onpicture = onpicture;
    this.board = h("canvas", { class: "ex-own-board", width: SIDE, height: SIDE, role: "img" });
    this.message = h("p", { class: "ex-chip", role: "status", hidden: true });
    this.element = h("details", { class: "ex-own" });
    this.listen();
    this.wipe();
  }

  show(words) {
    this.words = words;
    this.board.setAttribute("aria-label", words.draw);
    refill(this.element, words, () => [
      h("summary", {}, words.own),
      h("p", {}, words["own.tip"]),
      h("div", { class: "ex-own-tools" },
        h("label", { class: "ex-own-file" }, words.upload, h("input", { type: "file", accept: "image/*", onchange: (event) => this.choose(event.target) })),
        h("span", {}, words.draw), this.board,
        h("button", { type: "button", onclick: () => this.wipe(true) }, words.clear),
        (this.back = h("button", { type: "button", onclick: () => this.onpicture(null) }, words.back))),
      this.message,
    ]);
  }

  mark(own) {
    if (this.back) this.back.disabled = !own;
  }

  async choose(input) {
    const [file] = input.files;
    input.value = ""; // the same file may be chosen again
    if (!file) return;
    this.message.hidden = true;
    try {
      const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
      this.send(bitmap, bitmap.width, bitmap.height);
    } catch {
      this.message.textContent = this.words["upload.failed"].replace("{name}", file.name);
      this.message.hidden = false;
    }
  }

  /** The largest square in the middle, scaled in halves so that nothing is skipped. */
  send(source, width, height) {
    const { width: size, channels } = store.side("left").panel.original;
    let side = Math.min(width, height);
    let canvas = square(side);
    canvas.getContext("2d").drawImage(source, (width - side) / 2, (height - side) / 2, side, side, 0, 0, side, side);
    while (side > size) {
      side = Math.max(size, Math.floor(side / 2));
      canvas = scaled(canvas, side);
    }
    if (side < size) canvas = scaled(canvas, size);
    this.onpicture(pixelsOf(canvas, channels));
  }

  listen() {
    let last = null;
    const { board } = this;
    board.addEventListener("pointerdown", (event) => {
      board.setPointerCapture(event.pointerId);
      this.stroke((last = this.at(event)), last);
    });
    board.addEventListener("pointermove", (event) => {
      if (!last) return;
      const next = this.at(event);
      this.stroke(last, next);
      last = next;
    });
    for (const name of ["pointerup", "pointercancel"]) {
      board.addEventListener(name, () => {
        if (last && name === "pointerup") this.send(board, SIDE, SIDE);
        last = null;
      });
    }
  }

  at(event) {
    const box = this.board.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
  }

  stroke([x0, y0], [x1, y1]) {
    const context = this.board.getContext("2d");
    Object.assign(context, { strokeStyle: this.ink, lineWidth: SIDE / 12, lineCap: "round" });
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
  }

  /** Fashion-MNIST stands on black, emoji on white. */
  wipe(again = false) {
    const grey = (store.side("left")?.panel?.original.channels ?? 1) === 1;
    this.ink = grey ? "#ffffff" : "#d9480f";
    const context = this.board.getContext("2d");
    context.fillStyle = grey ? "#000000" : "#ffffff";
    context.fillRect(0, 0, SIDE, SIDE);
    if (again) this.onpicture(null);
  }
}

function square(side) {
  return h("canvas", { width: side, height: side });
}

function scaled(source, side) {
  const canvas = square(side);
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(source, 0, 0, side, side);
  return canvas;
}

function pixelsOf(canvas, channels) {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const pixels = new Uint8Array(canvas.width * canvas.height * channels);
  for (let p = 0; p < canvas.width * canvas.height; p++) {
    const alpha = data[4 * p + 3] / 255; // what is see-through stands on white
    const rgb = [0, 1, 2].map((c) => data[4 * p + c] * alpha + 255 * (1 - alpha));
    if (channels === 1) pixels[p] = Math.round(rgb.reduce((sum, value, c) => sum + GREY[c] * value, 0));
    else rgb.forEach((value, c) => (pixels[p * channels + c] = Math.round(value)));
  }
  return pixels;
}
