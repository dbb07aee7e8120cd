// What the hand means on a plane: on one of points it looks at latents and holds one; on one of codes it looks at codes,
// holds one, and moves them.

import { nearestCode } from "../core/codebooks.js";
import { store } from "../core/store.js";
import { lifted } from "./lift.js";
import { drawCode, drawDraws, drawMoves, drawPoint, drawSelectedPoint, drawSelectedVectors } from "./marks.js";

const PIN_PIXELS = 9;
const STEPS = 50; // arrow keys cross half a plane in this many
const LEAP = 10; // times farther with shift

/** Points of a VAE's or an AE's latent. */
export class PointMeaning {
  constructor(view) {
    this.view = view;
  }

  get pinned() {
    return store.pins(this.view.name).z;
  }

  get hovered() {
    return store.hover.z?.side === this.view.name ? store.hover.z.point : null;
  }

  get mean() {
    return this.view.plane.selected.mean;
  }

  /** The pin, else the selected image: whoever drags that takes a pin along with it. */
  handleAt(at, reach) {
    const { frame } = this.view;
    const held = [this.pinned, this.mean].find((point) => point && away(frame, point, at) <= reach);
    return held ? { offset: offset(frame, held, at) } : null;
  }

  over(point) {
    store.preview({ z: { side: this.view.name, point } });
  }

  drag({ offset: [dx, dy] }, [x, y]) {
    this.over([x + dx, y + dy]);
  }

  drop() {
    if (this.hovered) this.hold(this.hovered);
  }

  release() {
    if (this.hovered) store.preview({ z: null });
  }

  pin(point) {
    const { frame } = this.view;
    const again = this.pinned && away(frame, this.pinned, [frame.x(point[0]), frame.y(point[1])]) < PIN_PIXELS;
    if (again) this.unpin();
    else this.hold(point);
  }

  /** A thousandth is enough at home; a plane seen closely needs more digits. The View has a place for one pin only. */
  hold(point) {
    if (this.view.name === "ae") return;
    const digits = Math.max(3, Math.ceil(Math.log10(this.view.frame.scale)) + 1);
    store.commit({ z: lifted(this.view.plane, point).map((value) => Number(value.toFixed(digits))) });
  }

  unpin() {
    if (this.pinned) store.commit({ z: [] });
  }

  /** Where the keyboard is: what is previewed, else pinned, else selected. */
  cursor() {
    return this.hovered ?? this.pinned ?? this.mean;
  }

  step([dx, dy], shift) {
    const [x, y] = this.cursor();
    const unit = (this.view.frame.half / STEPS) * (shift ? LEAP : 1);
    this.over([x + dx * unit, y + dy * unit]);
    this.view.camera.follow(this.view.frame, this.hovered);
  }

  /** Where the keyboard is, in words: the place, whether it is held, and the class of the nearest image. */
  spoken() {
    const at = this.cursor();
    const { xy, labels } = this.view.points;
    const place = store.t(this.pinned && !this.hovered ? "client.pinned" : "client.point", { x: coordinate(at[0]), y: coordinate(at[1]) });
    const name = store.scene.legend.names[labels[nearestCode(xy, at)]];
    return name ? store.t("client.spoken.near", { place, name }) : place;
  }

  draw(context, frame) {
    const { kind } = this.view.side;
    drawSelectedPoint(context, frame, kind, this.view.plane.selected);
    if (!this.view.answers) return;
    drawDraws(context, frame, kind, this.view.draws.of(this.view.side, store.view.image));
    if (this.pinned) drawPoint(context, frame, kind, this.pinned, true);
    if (this.hovered) drawPoint(context, frame, kind, this.hovered, false);
  }
}

/** Codes of a VQ-VAE. */
export class CodeMeaning {
  constructor(view) {
    this.view = view;
  }

  get pinned() {
    return store.pins(this.view.name).code;
  }

  get codes() {
    return store.codes(this.view.name);
  }

  place(code) {
    return [this.codes.places[2 * code], this.codes.places[2 * code + 1]];
  }

  /** Any code for a mouse; for a finger the pinned one only, since codes are everywhere and the page must scroll. */
  handleAt(at, reach, touch) {
    const { frame, plane } = this.view;
    if (plane.projected) return null;
    const code = touch ? this.pinned : nearestCode(this.codes.places, frame.point(...at));
    if (code === null || away(frame, this.place(code), at) > reach) return null;
    return { code, offset: offset(frame, this.place(code), at) };
  }

  over(point) {
    store.preview({ code: nearestCode(this.codes.places, point) });
  }

  drag({ code, offset: [dx, dy] }, [x, y]) {
    store.moveCode(this.view.name, code, [x + dx, y + dy]);
    store.preview({ code });
  }

  drop() {}

  release() {
    store.preview({ code: null });
  }

  pin(point) {
    const code = nearestCode(this.codes.places, point);
    store.commit({ code: this.pinned === code ? null : code });
  }

  unpin() {
    store.commit({ code: null });
  }

  cursor() {
    return this.place(this.current);
  }

  /** The code where the keyboard is. */
  get current() {
    return store.hovered(this.view.name) ?? this.pinned ?? this.view.plane.selected.indices[0];
  }

  /** Goes from code to code; with shift it takes the code along. */
  step(direction, shift) {
    const { current, view } = this;
    const [x, y] = this.cursor();
    const unit = view.frame.half / STEPS;
    if (shift) this.drag({ code: current, offset: [0, 0] }, [x + direction[0] * unit, y + direction[1] * unit]);
    else {
      const next = codeTowards(this.codes.places, [x, y], direction);
      if (next !== null) store.preview({ code: next });
    }
    view.camera.follow(view.frame, this.cursor());
  }

  /** The code where the keyboard is, in words. */
  spoken() {
    const code = this.current;
    const hits = this.codes.hits[code];
    const params = { code, hits: hits.toLocaleString(), total: this.view.plane.total.toLocaleString() };
    const said = store.t(hits ? "client.code" : "client.code_dead", params);
    return code === this.pinned ? store.t("client.spoken.pinned", { said }) : said;
  }

  draw(context, frame) {
    const { name, plane, cells } = this.view;
    const codebook = { ...this.codes, hits: this.view.hits };
    drawMoves(context, frame, codebook);
    drawSelectedVectors(context, frame, { vectors: plane.selected.vectors, indices: store.indices(name) }, codebook, store.hover.cell);
    if (this.pinned !== null) drawCode(context, frame, cells, codebook, this.pinned, true);
    const { code } = store.hover;
    if (code !== null && code !== this.pinned) drawCode(context, frame, cells, codebook, code, false);
  }
}

const coordinate = (value) => value.toFixed(2).replace("-", "−");

/** Pixels between a latent point and a place on the canvas. */
function away(frame, [x, y], [px, py]) {
  return Math.hypot(frame.x(x) - px, frame.y(y) - py);
}

/** Latent units from where the hand is to what it has hold of, so that nothing jumps into the hand. */
function offset(frame, [x, y], at) {
  const [px, py] = frame.point(...at);
  return [x - px, y - py];
}

/** The nearest code in a direction: within 45° of it. */
function codeTowards(vectors, [x, y], [dx, dy]) {
  let best = null;
  let least = Infinity;
  for (let k = 0; k < vectors.length / 2; k++) {
    const [ux, uy] = [vectors[2 * k] - x, vectors[2 * k + 1] - y];
    const along = ux * dx + uy * dy;
    const across = Math.abs(ux * dy) + Math.abs(uy * dx);
    if (along > 1e-9 && across <= along && ux * ux + uy * uy < least) [least, best] = [ux * ux + uy * uy, k];
  }
  return best;
}
