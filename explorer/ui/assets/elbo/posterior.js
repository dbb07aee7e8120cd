// Reparametrisation under the hand: ε on its own plane, z = μ + σ·ε on the latent's, and the picture that answers.

import { ask } from "../core/ask.js";
import { bytesOf, h, paintPixels, pictureCanvas, refill, say } from "../core/dom.js";
import { fitted } from "../panel/picture.js";
import { Frame } from "../plane/frame.js";
import { drawGrid, drawRings } from "../plane/layers.js";
import { colour, kindColour, symbolColour } from "../core/theme.js";
import { store } from "../core/store.js";
import { formula } from "../core/symbols.js";
import { heading, mounted, scene, theVae, word, written } from "./panel.js";

const REACH = 3.3; // half-width of ε's plane and of the close-up, in σ
const STEP = 0.1; // of an arrow key, in σ
const LARGEST = 5; // ε stays within this
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export function mount(element) {
  return mounted(element, ".ex-elbo-draw", (root) => new Posterior(root));
}

class Posterior {
  constructor(root) {
    this.root = root;
    this.count = 0; // draws so far: with the View's seed it decides ε
    this.epsilon = null;
    this.drawn = 0; // pictures so far, for the tests
    this.head = h("div", { class: "ex-elbo-head" });
    this.tools = h("div", { class: "ex-elbo-tools" });
    this.planes = Object.fromEntries(["epsilon", "close", "plane"].map((name) => [name, square(name)]));
    this.pictures = Object.fromEntries(["picture", "original"].map((name) => [name, square(name)]));
    this.says = h("p", { class: "ex-elbo-note", role: "status" });
    this.note = h("p", { class: "ex-elbo-note" });
    this.body = h("div", { class: "ex-elbo-draw-body" },
      ...[this.planes.epsilon, this.planes.close, this.planes.plane, this.pictures.picture, this.pictures.original].map(({ figure }) => figure));
    root.replaceChildren(this.head, this.tools, this.body, this.says, this.note);
    this.listen(this.planes.epsilon.canvas);
    new ResizeObserver(() => this.draw()).observe(this.body);
  }

  get vae() {
    return scene().vae;
  }

  /** The two units that are drawn: those that say most, in the latent's own order. */
  get pair() {
    const [first, second = first] = this.vae.units;
    return [first, second].sort((a, b) => a.place - b.place);
  }

  update(change) {
    const { vae } = this;
    this.root.hidden = !vae;
    if (!vae) return;
    if (change.scene) this.show();
    else if (change.theme) this.draw();
    else if (change.weights) this.decode();
  }

  show() {
    const { lang, image, seed } = store.view;
    const { vae } = this;
    refill(this.head, [vae.run, lang], () => heading("elbo.draw.title", "elbo.draw.what", theVae()));
    refill(this.tools, [lang], () => [
      button("elbo.draw.resample", () => this.resample()),
      button("elbo.draw.centre", () => this.take(new Float64Array(vae.units.length))),
    ]);
    const key = JSON.stringify([vae.run, seed]);
    if (this.key !== key || !this.epsilon) {
      Object.assign(this, { key, count: 0, epsilon: normals(seed, 0, vae.units.length) });
    }
    for (const [name, { label, canvas }] of Object.entries({ ...this.planes, ...this.pictures })) {
      label.replaceChildren(...formula(word(`elbo.draw.${name}`)));
      say(canvas, label.textContent); // what is drawn says more, below and when it comes
    }
    this.planes.epsilon.canvas.setAttribute("aria-label", word("elbo.draw.epsilon.label"));
    const [first, second] = this.pair;
    this.note.textContent = vae.units.length > 2 ? word("elbo.draw.units", { first: first.name, second: second.name }) : "";
    this.planes.plane.figure.hidden = vae.units.length !== 2;
    this.paintOriginal(image);
    this.draw();
    this.decode();
  }

  resample() {
    this.count += 1;
    this.take(normals(store.view.seed, this.count, this.vae.units.length));
  }

  take(epsilon) {
    this.epsilon = epsilon;
    this.draw();
    this.decode();
  }

  /** z in the latent's own order. */
  get z() {
    const z = new Float64Array(this.vae.units.length);
    for (const { place, mean, sigma } of this.vae.units) z[place] = mean + sigma * this.epsilon[place];
    return z;
  }

  // --- pictures

  paintOriginal() {
    const { width, height, channels, pixels } = store.side(this.vae.side).panel.original;
    this.original = bytesOf(pixels);
    paintPixels(this.pictures.original.canvas, this.original, width, height, channels);
    say(this.pictures.original.canvas, word("elbo.draw.original"));
  }

  async decode() {
    const { side, shape, s2, bars } = this.vae;
    const mine = (this.asked = {});
    const image = await pictureOf(side, this.z, shape).catch((error) => error);
    if (mine !== this.asked || !scene()?.vae) return;
    if (!image || image instanceof Error) {
      this.says.textContent = image?.message ?? word("elbo.draw.waiting");
      return;
    }
    const { width, height, channels } = store.side(side).panel.original;
    paintPixels(this.pictures.picture.canvas, image, width, height, channels, 255);
    const error = image.reduce((sum, value, i) => sum + (value - this.original[i] / 255) ** 2, 0) / (2 * s2);
    this.says.textContent = word("elbo.draw.says", { error: written(error, 1), mean: bars[0].texts.error });
    say(this.pictures.picture.canvas, this.says.textContent);
    this.drawn += 1;
  }

  // --- planes

  draw() {
    if (!store.scene?.elbo?.vae || !this.epsilon) return;
    const pair = this.pair;
    const at = pair.map(({ place }) => this.epsilon[place]);
    this.drawPlane("epsilon", [0, 0], REACH, [0, 0], [1, 1], at, "eps");
    const [mean, sigma] = [pair.map((unit) => unit.mean), pair.map((unit) => unit.sigma)];
    const z = mean.map((value, axis) => value + sigma[axis] * at[axis]);
    this.drawPlane("close", mean, REACH * Math.max(...sigma), mean, sigma, z, "z");
    if (this.vae.units.length === 2) this.drawWhole(mean, sigma, z);
  }

  /** Rings at 1, 2, 3 σ of a Gaussian, its axes to one scale, and one point of it. */
  drawPlane(name, centre, half, mean, sigma, point, symbol) {
    const { context: pen, size } = fitted(this.planes[name].canvas) ?? {};
    if (!pen) return; // not laid out yet
    const frame = new Frame(centre, half, size, size);
    drawGrid(pen, frame);
    const own = symbolColour(symbol);
    for (const rings of [3, 2, 1]) ellipse(pen, frame, mean, sigma, rings, own);
    arrow(pen, frame, mean, point, symbolColour("eps")); // of length ε, in σ
    dot(pen, frame, point, own, 5);
    this.planes[name].frame = frame;
  }

  /** The plane with the prior's rings, and the posterior on it at its true size. */
  drawWhole(mean, sigma, z) {
    const { context: pen, size } = fitted(this.planes.plane.canvas) ?? {};
    if (!pen) return;
    const frame = new Frame([0, 0], Math.max(REACH, ...mean.map((value) => Math.abs(value) + 0.4)), size, size);
    drawGrid(pen, frame);
    drawRings(pen, frame);
    ellipse(pen, frame, mean, sigma, 2, kindColour("vae"));
    dot(pen, frame, z, kindColour("vae"), 2.5);
    pen.beginPath();
    pen.arc(frame.x(mean[0]), frame.y(mean[1]), 10, 0, 2 * Math.PI);
    pen.strokeStyle = colour("--body-text-color");
    pen.lineWidth = 1.5;
    pen.stroke();
  }

  // --- the hand

  listen(canvas) {
    const move = (event) => {
      const box = canvas.getBoundingClientRect();
      const { frame } = this.planes.epsilon;
      if (frame) this.put(frame.point(event.clientX - box.left, event.clientY - box.top));
    };
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.held = true;
      move(event);
    });
    canvas.addEventListener("pointermove", (event) => this.held && move(event));
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => (this.held = false));
    canvas.addEventListener("keydown", (event) => {
      const direction = KEYS[event.key];
      if (!direction) return;
      event.preventDefault();
      this.put(this.pair.map(({ place }, axis) => this.epsilon[place] + STEP * direction[axis]));
    });
  }

  put(point) {
    const epsilon = Float64Array.from(this.epsilon);
    this.pair.forEach(({ place }, axis) => (epsilon[place] = Math.min(LARGEST, Math.max(-LARGEST, point[axis]))));
    this.take(epsilon);
  }
}

const button = (key, onclick) => h("button", { type: "button", class: "ex-elbo-button", "data-tool": key.split(".").at(-1), onclick }, word(key));

function square(name) {
  const canvas = pictureCanvas({ width: 1, height: 1 });
  const label = h("figcaption", {});
  return { canvas, label, figure: h("figure", { class: "ex-elbo-square", "data-picture": name }, canvas, label) };
}

function ellipse(pen, frame, mean, sigma, rings, stroke) {
  pen.beginPath();
  pen.ellipse(frame.x(mean[0]), frame.y(mean[1]), rings * sigma[0] * frame.scale, rings * sigma[1] * frame.scale, 0, 0, 2 * Math.PI);
  pen.strokeStyle = pen.fillStyle = stroke;
  pen.globalAlpha = 0.1;
  pen.fill();
  pen.globalAlpha = 1;
  pen.lineWidth = rings === 1 ? 1.75 : 1;
  pen.stroke();
}

function arrow(pen, frame, from, to, stroke) {
  pen.beginPath();
  pen.moveTo(frame.x(from[0]), frame.y(from[1]));
  pen.lineTo(frame.x(to[0]), frame.y(to[1]));
  pen.strokeStyle = stroke;
  pen.lineWidth = 1.5;
  pen.stroke();
}

function dot(pen, frame, [x, y], fill, radius) {
  pen.beginPath();
  pen.arc(frame.x(x), frame.y(y), radius, 0, 2 * Math.PI);
  pen.fillStyle = fill;
  pen.strokeStyle = colour("--ex-plane");
  pen.lineWidth = 1.5;
  pen.fill();
  pen.stroke();
}

/** Promise of the picture, unclipped: decoded here, or by the server where the decoder is too large for a browser. */
async function pictureOf(side, z, shape) {
  if (store.decoderState(side) !== "none") return store.decode(side, channelsLast(z, shape))?.slice(); // the decoder writes into one array again and again
  const { pixels } = await ask("decode", { run: store.side(side).run, z: [...z] });
  return Float32Array.from(bytesOf(pixels), (value) => value / 255);
}

/** A grid of numbers, (D, h, w) as PyTorch has it, as the browser's decoder takes it. */
function channelsLast(z, shape) {
  if (shape.length === 1) return z;
  const [channels, height, width] = shape;
  const cells = height * width;
  return z.map((_, i) => z[(i % channels) * cells + Math.floor(i / channels)]);
}

/** `size` normal numbers, a pure function of seed and draw (mulberry32, Box-Muller). */
export function normals(seed, draw, size) {
  let state = (seed * 2654435761 + draw * 40503 + 12345) >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
  return Float64Array.from({ length: size }, () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
}
