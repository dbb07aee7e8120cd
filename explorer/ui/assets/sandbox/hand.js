// The hand above a codebook: a mouse or a finger drags codes; arrow keys go from code to code, Enter takes one up.

import { colour } from "../core/theme.js";

const MOUSE_REACH = 12;
const TOUCH_REACH = 26;
const STEP = 0.02; // of the plane's width for one key
const TURN = 2 * Math.PI;
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class PlaneHand {
  /** @param view a SandboxPlane */
  constructor(view) {
    this.view = view;
    this.at = null; // the code that keys are at
    this.over = null; // the code under the mouse
    this.holding = false;
    const { canvas } = view;
    const on = (name, act, options) => canvas.addEventListener(name, (event) => view.frame && act(event), options);
    on("pointerdown", (event) => this.down(event));
    on("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) on(name, () => this.letGo());
    on("pointerleave", () => this.hover(null));
    on("touchstart", (event) => this.touch(event), { passive: false });
    on("keydown", (event) => this.key(event));
    on("blur", () => this.leave());
  }

  point(event) {
    const box = this.view.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  /** The code within reach of a pixel. */
  codeAt([px, py], reach) {
    const { codes, size } = this.view.learner;
    const { frame } = this.view;
    let [best, least] = [null, reach * reach];
    for (let k = 0; k < size; k++) {
      const away = (frame.x(codes[2 * k]) - px) ** 2 + (frame.y(codes[2 * k + 1]) - py) ** 2;
      if (away < least) [best, least] = [k, away];
    }
    return best;
  }

  /** A finger on a code drags it; anywhere else the page scrolls under it. */
  touch(event) {
    const code = event.touches.length === 1 && this.codeAt(this.point(event.touches[0]), TOUCH_REACH);
    if (code !== null && code !== false && event.cancelable) event.preventDefault();
  }

  down(event) {
    const code = event.button > 0 ? null : this.codeAt(this.point(event), event.pointerType === "mouse" ? MOUSE_REACH : TOUCH_REACH);
    if (code === null) return;
    this.view.canvas.setPointerCapture(event.pointerId);
    this.take(code);
  }

  move(event) {
    if (this.holding) this.put(this.view.frame.point(...this.point(event)));
    else if (event.pointerType === "mouse") this.hover(this.codeAt(this.point(event), MOUSE_REACH));
  }

  hover(code) {
    if (this.over === code) return;
    this.over = code;
    this.view.canvas.classList.toggle("ex-plane-handle", code !== null);
    this.view.drawCodes();
  }

  take(code) {
    const { codes } = this.view.learner;
    this.at = code;
    this.holding = true;
    this.put([codes[2 * code], codes[2 * code + 1]]);
  }

  put(place) {
    this.view.learner.take(this.at, place);
    if (!this.view.engine.playing) this.view.engine.settle();
    else this.view.drawCodes();
  }

  letGo() {
    if (!this.holding) return;
    this.holding = false;
    this.view.learner.take(this.at, null);
    this.view.engine.settle();
  }

  leave() {
    this.letGo();
    this.at = null;
    this.view.drawCodes();
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { engine } = this.view;
    const act = {
      " ": () => engine.play(!engine.playing),
      ".": () => engine.advance(1),
      Enter: () => (this.holding ? this.letGo() : this.take(this.at ?? 0)),
      Escape: () => this.leave(),
    }[event.key] ?? (KEYS[event.key] && (() => this.arrow(KEYS[event.key])));
    if (!act) return;
    event.preventDefault();
    act();
    this.view.onKey?.();
  }

  arrow([dx, dy]) {
    const { frame, learner } = this.view;
    const at = this.at ?? 0;
    const [x, y] = [learner.codes[2 * at], learner.codes[2 * at + 1]];
    if (this.holding) this.put([x + dx * STEP * 2 * frame.half, y + dy * STEP * 2 * frame.half]);
    else {
      this.at = this.at === null ? 0 : this.next(at, dx, dy);
      this.view.drawCodes();
    }
  }

  /** The nearest code in a direction: within 45° of it. */
  next(at, dx, dy) {
    const { codes, size } = this.view.learner;
    let [best, least] = [at, Infinity];
    for (let k = 0; k < size; k++) {
      const [ux, uy] = [codes[2 * k] - codes[2 * at], codes[2 * k + 1] - codes[2 * at + 1]];
      const [along, across] = [ux * dx + uy * dy, Math.abs(ux * dy) + Math.abs(uy * dx)];
      if (along > 1e-9 && across <= along && ux * ux + uy * uy < least) [best, least] = [k, ux * ux + uy * uy];
    }
    return best;
  }

  /** A ring around the code that a hand is at. */
  draw(context, radius) {
    const code = this.at ?? this.over;
    if (code === null || code >= this.view.learner.size) return;
    const { codes } = this.view.learner;
    const [x, y] = [this.view.frame.x(codes[2 * code]), this.view.frame.y(codes[2 * code + 1])];
    for (const [style, width] of [[colour("--ex-plane"), 5], [colour("--body-text-color"), this.holding ? 3 : 2]]) {
      context.beginPath();
      context.arc(x, y, radius + 5, 0, TURN);
      context.strokeStyle = style;
      context.lineWidth = width;
      context.stroke();
    }
  }
}
