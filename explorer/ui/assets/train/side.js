// One run of a training: its plane, what lies under the pointer, what it makes of eight pictures, its numbers.

import { ask } from "../core/ask.js";
import { bytesOf, h, paintPixels, pictureCanvas, refill, say } from "../core/dom.js";
import { halvesToFloats } from "../core/decoder.js";
import { kindGlyph } from "../core/glyphs.js";
import { store } from "../core/store.js";
import { tip } from "../core/tip.js";
import { LivePlane } from "./plane.js";
import { short, word } from "./words.js";

const FOLLOW_MS = 1500; // between two decoders, and less while the pointer is on the plane
const FOLLOW_CLOSELY_MS = 600;
const FACTS = { ae: ["mse"], vae: ["mse", "kl"], vqvae: ["mse", "used", "dead", "perplexity"] };

export class LiveSide {
  /** @param originals {pixels, count, size, channels} */
  constructor(number, description, originals) {
    Object.assign(this, { number, description, originals, key: "", followed: 0, following: false });
    this.plane = new LivePlane(description, () => this.decode());
    this.head = h("h3");
    this.facts = h("dl", { class: "ex-facts" });
    this.caption = h("p", { class: "ex-caption" });
    this.decoded = pictureCanvas({ class: "ex-train-decoded" });
    this.said = h("figcaption");
    this.rows = pictureCanvas({ class: "ex-train-pictures" });
    this.element = h("section", { class: "ex-side ex-train-side", "data-kind": description.kind },
      this.head, this.facts,
      h("div", { class: "ex-train-stage" }, this.plane.element,
        h("figure", {}, this.decoded, this.said, this.plane.tools)),
      this.caption, this.rows);
    this.element.explorer = this;
  }

  words(description) {
    this.description = description;
    const { kind, label, size } = description;
    this.head.replaceChildren(kindGlyph(kind), label);
    say(this.rows, word("train.pictures"));
    this.rows.title = word("train.pictures");
    this.plane.words(label);
    this.caption.textContent = size > 2 ? word("train.plane.projected", { size }) : "";
  }

  /** A new snapshot. */
  show(values) {
    const { now, places, labels, codes, hits, rebuilt } = values;
    this.plane.show({
      xy: new Float32Array(bytesOf(places).buffer),
      labels: bytesOf(labels),
      codes: codes ? new Float32Array(bytesOf(codes).buffer) : null,
      hits: hits ? new Uint32Array(bytesOf(hits).buffer) : null,
    });
    this.rebuilt = bytesOf(rebuilt);
    this.drawPictures();
    const { kind, codes: total } = this.description;
    const shown = { ...now, dead: total && now.used !== undefined ? total - now.used : null };
    refill(this.facts, [FACTS[kind].map((name) => short(shown[name])), store.view.lang], () => FACTS[kind].map((name) =>
      h("div", { class: "ex-fact", "data-fact": name },
        h("dt", {}, word(`train.${name}`), tip(word(`train.${name}`), word(`train.${name}.tip`))),
        h("dd", {}, name === "used" ? `${short(shown.used)} / ${total}` : short(shown[name])))));
    this.decode();
  }

  /** Originals above, reconstructions below, a pixel each; the style sheet makes them large. */
  drawPictures() {
    const { pixels, count, size, channels } = this.originals;
    const [width, height] = [count * size, 2 * size];
    const values = new Uint8Array(width * height * channels);
    for (const [row, source] of [pixels, this.rebuilt].entries()) {
      for (let k = 0; k < count; k++) {
        for (let y = 0; y < size; y++) {
          const from = (k * size + y) * size * channels;
          values.set(source.subarray(from, from + size * channels), ((row * size + y) * width + k * size) * channels);
        }
      }
    }
    this.rows.style.aspectRatio = `${count} / 2`; // a small set has fewer than eight
    paintPixels(this.rows, values, width, height, channels);
  }

  /** The decoder follows the training: the store takes its weights by their hash. */
  async follow(job) {
    const pause = this.plane.hover ? FOLLOW_CLOSELY_MS : FOLLOW_MS;
    if (this.following || !this.decodable || performance.now() - this.followed < pause) return;
    this.following = true;
    this.followed = performance.now();
    try {
      const { key, program, numbers } = await ask("train_decoder", { job, side: this.number, have: this.key });
      if (numbers) {
        store.giveDecoder(key, program, halvesToFloats(bytesOf(numbers).buffer), this.key);
        this.key = key;
        this.program = program;
      }
      this.decode();
    } catch {
      // the next look asks again
    }
    this.following = false;
  }

  get decodable() {
    const { vector, size, kind } = this.description;
    return size === 2 && (vector || kind === "vqvae");
  }

  /** What lies under the pointer, or at the centre, or the code that is used most. */
  decode() {
    if (!this.key || !this.program) return;
    const { latent, sentence } = this.description.kind === "vqvae" ? this.ofCode() : this.ofPoint();
    const image = latent && store.decodeWith(this.key, latent);
    if (!image) return;
    const [channels, height, width] = this.program.output;
    paintPixels(this.decoded, image, width, height, channels, 255);
    this.said.textContent = sentence;
    say(this.decoded, `${word("train.pointer")} ${sentence}`);
  }

  ofPoint() {
    const { hover } = this.plane;
    if (!hover) return { latent: [0, 0], sentence: word("train.pointer.centre") };
    return { latent: hover, sentence: word("train.pointer.point", { x: hover[0].toFixed(2), y: hover[1].toFixed(2) }) };
  }

  ofCode() {
    const code = this.plane.code();
    if (code === null) return {};
    const [size, rows, columns] = this.program.input;
    const vector = this.plane.data.codes.subarray(2 * code, 2 * code + 2);
    const latent = new Float32Array(size * rows * columns);
    for (let cell = 0; cell < rows * columns; cell++) latent.set(vector, cell * size);
    return { latent, sentence: word("train.pointer.code", { code }) };
  }

  repaint() {
    this.plane.draw();
  }
}
