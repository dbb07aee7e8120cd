// Which part of a plane is seen: its home (everything) until the reader zooms or pans, and then what was chosen, until
// another run comes. Two planes that are linked share the zoom and the shift, each in units of its own home.

import { store } from "../core/store.js";
import { Frame } from "./frame.js";

export const NEAREST = 100; // times home
export const FARTHEST = 0.25;
const STRAY = 1.5; // how far from home the centre may go, in half-widths of home

const cameras = new Map(); // side -> camera

export class Camera {
  /** @param side "left" or "right"; @param onChange called after every change of the view, by hand or by the link */
  constructor(side, onChange) {
    this.onChange = onChange;
    this.home = null;
    this.reset();
    if (!cameras.has(side)) cameras.set(side, this); // another part's plane of the same side is not the linked one
  }

  /** Another run: its home, seen whole. `home`: {centre: [x, y], half}, see `fit`. */
  settle(home) {
    this.home = home;
    const other = store.options.linked && [...cameras.values()].find((camera) => camera !== this && camera.home);
    this.take(other || { zoom: 1, shift: [0, 0] });
  }

  reset() {
    this.take({ zoom: 1, shift: [0, 0] });
  }

  get atHome() {
    return this.zoom === 1 && this.shift[0] === 0 && this.shift[1] === 0;
  }

  frame(width, height) {
    const { centre, half } = this.home;
    return new Frame([centre[0] + this.shift[0] * half, centre[1] + this.shift[1] * half], half / this.zoom, width, height);
  }

  /** Zooms so that a latent point stays where it is on the screen. */
  zoomAt([x, y], factor) {
    const zoom = clamp(this.zoom * factor, FARTHEST, NEAREST);
    const { centre, half } = this.home;
    const kept = this.zoom / zoom; // of the way from the point to the centre
    const [u, v] = [(x - centre[0]) / half, (y - centre[1]) / half];
    this.change({ zoom, shift: [u + (this.shift[0] - u) * kept, v + (this.shift[1] - v) * kept] });
  }

  /** Moves the plane under the reader by latent units. */
  pan([dx, dy]) {
    const { half } = this.home;
    this.change({ zoom: this.zoom, shift: [this.shift[0] + dx / half, this.shift[1] + dy / half] });
  }

  /** Brings a point in, if it is outside of what is seen. */
  follow(frame, [x, y]) {
    const [left, bottom, right, top] = frame.box;
    const dx = Math.max(0, x - right) + Math.min(0, x - left);
    const dy = Math.max(0, y - top) + Math.min(0, y - bottom);
    if (dx || dy) this.pan([dx * 1.2, dy * 1.2]);
  }

  goHome() {
    this.change({ zoom: 1, shift: [0, 0] });
  }

  change(state) {
    this.take(state);
    this.onChange();
    if (store.options.linked) this.lead();
  }

  /** The other planes take this one's zoom and shift. */
  lead() {
    for (const camera of cameras.values()) {
      if (camera === this || !camera.home) continue;
      camera.take(this);
      camera.onChange();
    }
  }

  take({ zoom, shift }) {
    this.zoom = Math.abs(zoom - 1) < 1e-6 ? 1 : zoom;
    this.shift = shift.map((value) => clamp(value, -STRAY, STRAY));
  }
}

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
