// What the pointer decodes now: here, where the decoder is light enough, else on the server.

import { newest } from "../core/ask.js";
import { bytesOf, paintPixels } from "../core/dom.js";
import { lifted } from "../plane/lift.js";
import { store } from "../core/store.js";
import { cellsOf, outlineCells } from "./codegrid.js";

/** What a side is asked to decode: {latent} for `store.decode`, {question} for the server, {cells} that were painted. */
export function pointed(name) {
  const side = store.side(name);
  return side.kind === "vqvae" ? pointedCodes(name, side) : pointedVector(name, side);
}

/** What is under the pointer, else the pin, else zero: the centre of a prior. */
function pointedVector(name, { run, decoder, latent: size, plane }) {
  const hovered = store.hover.z?.side === name ? store.hover.z.point : null;
  const place = hovered ?? store.pins(name).z;
  const z = place ? lifted(plane, place) : new Array(decoder ? product(decoder.program.input) : size).fill(0);
  return { latent: z, question: { run, z: [...z] }, cells: [] };
}

/** The selected image's codes, where the reader has moved them; the code that is pointed at stands in its nearest cell. */
function pointedCodes(name, { run, plane }) {
  const codebook = store.codes(name);
  const indices = [...store.indices(name)];
  if (!codebook) return { latent: null, question: { run, indices }, cells: [] };
  const { code } = store.hover;
  const cells = code === null ? [] : paintedCells(name, plane, codebook, code);
  for (const cell of cells) indices[cell] = code;
  const question = codebook.moved.size ? { run, vectors: vectorsOf(codebook, indices) } : { run, indices };
  return { latent: { indices, codebook }, question, cells };
}

/** Where a code is shown: the cells it has, else the one whose vector lies nearest to it; a moved code takes no other's. */
function paintedCells(name, { selected, projected }, { places, moved }, code) {
  const own = cellsOf(name, code);
  if (own.length || !selected.vectors.length || projected || moved.has(code)) return own;
  const distances = selected.vectors.map(([x, y]) => (x - places[2 * code]) ** 2 + (y - places[2 * code + 1]) ** 2);
  return [distances.indexOf(Math.min(...distances))];
}

function vectorsOf({ vectors, size }, indices) {
  return indices.flatMap((index) => Array.from(vectors.subarray(index * size, (index + 1) * size)));
}

/** Paints what `pointed` says onto a picture, and says so when it cannot. */
export class PointerPicture {
  /** @param onAnswer called after the server has answered */
  constructor(name, picture, onAnswer) {
    this.name = name;
    this.picture = picture;
    this.onAnswer = onAnswer;
    this.decodes = 0; // for the tests: how often the pointer was answered
    this.failed = ""; // what the server said instead of a picture
    this.asked = ""; // the question that is shown or under way
    this.ask = newest("decode", (answer, question) => this.answered(answer, question));
  }

  draw() {
    const { latent, question, cells } = pointed(this.name);
    const { grid } = store.side(this.name).plane;
    outlineCells(this.picture.overlay, grid || 1, cells);
    if (!store.side(this.name).decoder) this.drawFromServer(question);
    else this.paint(latent && store.decode(this.name, latent));
  }

  paint(image) {
    const { width, height, channels } = store.side(this.name).panel.original;
    if (!image) this.clear();
    else {
      paintPixels(this.picture.canvas, image, width, height, channels, 255);
      this.decodes += 1;
    }
    this.asked = "";
    this.picture.frame.classList.remove("ex-waiting");
  }

  /** Never the last run's picture. */
  clear() {
    const { canvas } = this.picture;
    canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
  }

  drawFromServer(question) {
    const text = JSON.stringify(question);
    if (text === this.asked) return;
    if (JSON.parse(this.asked || "{}").run !== question.run) this.clear();
    this.asked = text;
    this.picture.frame.classList.add("ex-waiting");
    this.ask(question);
  }

  answered(answer, question) {
    if (JSON.parse(this.asked || "{}").run !== question.run) return; // another run was chosen meanwhile
    this.failed = answer instanceof Error ? answer.message : "";
    if (this.failed) this.clear();
    else paintPixels(this.picture.canvas, bytesOf(answer.pixels), answer.width, answer.height, answer.channels);
    this.decodes += 1;
    if (JSON.stringify(question) === this.asked) this.picture.frame.classList.remove("ex-waiting");
    this.onAnswer();
  }
}

const product = (numbers) => numbers.reduce((a, b) => a * b, 1);
