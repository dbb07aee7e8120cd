// The hand above a plane: mouse, fingers, wheel and keys, turned into what they mean.
//
// A mouse hovers to look, drags a handle, or takes hold of the plane itself. A finger that starts on a handle drags it;
// anywhere else the page scrolls under it, and two fingers zoom. The wheel zooms, unless it is scrolling the page.

import { speak } from "../core/speak.js";
import { store } from "../core/store.js";

const TAP_PIXELS = 6; // a pointer that moved farther was not tapping
const DOUBLE_MS = 320;
const MOUSE_REACH = 9; // pixels around a handle that take hold of it
const TOUCH_REACH = 24;
const WHEEL_STEP = 0.0016; // of a doubling for each pixel
const KEY_ZOOM = 1.4;
const BUSY_MS = 8; // of each frame that answers may take before they wait for the next one
const SCROLL_MS = 350; // a page that was scrolled this recently goes on scrolling

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const ZOOMS = { "+": KEY_ZOOM, "=": KEY_ZOOM, "-": 1 / KEY_ZOOM, "_": 1 / KEY_ZOOM };

let scrolledAt = -Infinity;
addEventListener("scroll", () => (scrolledAt = performance.now()), { passive: true, capture: true });

export class Hand {
  /** @param view a PlaneView: what it answers to is listed in plane.js under "the hand" */
  constructor(view) {
    this.view = view;
    this.canvas = view.moving;
    this.pointers = new Map(); // id -> [x, y] in canvas pixels
    this.gesture = null; // {kind: "drag" | "pan" | "look", start, moved, handle}
    this.tapped = null; // the last tap: {at, when, pins}
    this.waiting = 0; // for the next frame
    this.busy = 0; // milliseconds that answers took in this one
    this.latest = null;
    const on = (names, listener, options) => {
      for (const name of names.split(" ")) this.canvas.addEventListener(name, (event) => view.frame && listener(event), options);
    };
    on("pointerdown", (event) => this.down(event));
    on("pointermove", (event) => this.move(event));
    on("pointerup", (event) => this.up(event));
    on("pointercancel", (event) => this.cancel(event));
    on("pointerleave", (event) => this.gesture?.kind === "drag" || this.leave(event));
    on("touchstart", (event) => this.touch(event), { passive: false });
    on("wheel", (event) => this.wheel(event), { passive: false });
    on("keydown", (event) => this.key(event));
    on("blur", () => this.gesture || view.release());
  }

  at(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  down(event) {
    if (event.button > 0) return;
    const at = this.at(event);
    this.pointers.set(event.pointerId, at);
    if (this.pointers.size === 2) {
      this.letGo(); // a second finger ends what the first one did
      this.leave();
      return;
    }
    const touch = event.pointerType !== "mouse";
    const handle = this.view.handleAt(at, touch ? TOUCH_REACH : MOUSE_REACH, touch);
    const kind = handle ? "drag" : touch ? "look" : "pan";
    this.gesture = { kind, handle, start: at, last: at, moved: false };
    if (kind !== "look") capture(this.canvas, event.pointerId);
  }

  move(event) {
    const at = this.at(event);
    if (this.pointers.size === 2 && this.pointers.has(event.pointerId)) {
      this.pinch(event.pointerId, at);
      return;
    }
    const { gesture } = this;
    if (!gesture) {
      if (event.pointerType === "mouse") this.soon(() => this.view.over(this.view.frame.point(...at)));
      this.canvas.classList.toggle("ex-plane-handle", event.pointerType === "mouse" && !!this.view.handleAt(at, MOUSE_REACH, false));
      return;
    }
    if (!gesture.moved && distance(at, gesture.start) < TAP_PIXELS && gesture.kind !== "look") return;
    gesture.moved ||= distance(at, gesture.start) >= TAP_PIXELS;
    this.canvas.classList.toggle("ex-plane-held", gesture.kind !== "look");
    this.carry(gesture, at);
  }

  carry(gesture, at) {
    const { view } = this;
    if (gesture.kind === "drag") this.soon(() => view.drag(gesture.handle, view.frame.point(...at)));
    else if (gesture.kind === "look") this.soon(() => view.over(view.frame.point(...at)));
    else {
      const [from, to] = [view.frame.point(...gesture.last), view.frame.point(...at)];
      view.camera.pan([from[0] - to[0], from[1] - to[1]]);
    }
    gesture.last = at;
  }

  up(event) {
    this.pointers.delete(event.pointerId);
    const { gesture } = this;
    if (!gesture) return;
    this.flush();
    this.letGo();
    if (gesture.moved) {
      if (gesture.kind === "drag") this.view.drop(gesture.handle);
      if (event.pointerType !== "mouse") this.view.release();
    } else if (distance(this.at(event), gesture.start) < TAP_PIXELS) this.tap(gesture.start);
  }

  cancel(event) {
    this.pointers.delete(event.pointerId);
    this.letGo();
    this.leave();
  }

  leave() {
    this.latest = null;
    this.canvas.classList.remove("ex-plane-handle");
    this.view.release();
  }

  letGo() {
    this.gesture = null;
    this.canvas.classList.remove("ex-plane-held");
  }

  /** A tap holds what is under it. Two in a row show the whole plane again, and leave what was held as it was. */
  tap(at) {
    const now = performance.now();
    const { tapped, view } = this;
    if (tapped && now - tapped.when < DOUBLE_MS && distance(at, tapped.at) < 2 * TAP_PIXELS) {
      this.tapped = null;
      store.commit(tapped.pins);
      view.camera.goHome();
      return;
    }
    const { z, code } = store.view;
    this.tapped = { at, when: now, pins: { z, code } };
    view.pin(view.frame.point(...at));
  }

  pinch(id, at) {
    const [other] = [...this.pointers].filter(([key]) => key !== id).map(([, place]) => place);
    const before = this.pointers.get(id);
    this.pointers.set(id, at);
    const { camera } = this.view;
    const middle = (a) => this.view.frame.point((a[0] + other[0]) / 2, (a[1] + other[1]) / 2);
    const [from, to] = [middle(before), middle(at)];
    camera.pan([from[0] - to[0], from[1] - to[1]]);
    camera.zoomAt(middle(at), distance(at, other) / Math.max(1, distance(before, other)));
  }

  /** Without this the browser scrolls as soon as a finger moves. */
  touch(event) {
    const [touch] = event.touches;
    const handle = event.touches.length === 1 && this.view.handleAt(this.at(touch), TOUCH_REACH, true);
    if ((handle || event.touches.length > 1) && event.cancelable) event.preventDefault();
  }

  /** Zooms. Where nothing is left to zoom out of, and while the page is being scrolled, the page has the wheel. */
  wheel(event) {
    const pixels = event.deltaY * [1, 16, 400][event.deltaMode];
    const { camera, frame } = this.view;
    const scrolling = performance.now() - scrolledAt < SCROLL_MS || (camera.zoom <= 1 && pixels > 0);
    if (scrolling && !event.ctrlKey) return;
    event.preventDefault();
    const factor = 2 ** (-pixels * WHEEL_STEP * (event.ctrlKey ? 4 : 1));
    camera.zoomAt(frame.point(...this.at(event)), camera.zoom > 1 ? Math.max(factor, 1 / camera.zoom) : factor);
  }

  key(event) {
    if (event.metaKey || event.altKey || (event.ctrlKey && event.key !== "+" && event.key !== "-")) return;
    const act = this.action(event);
    if (!act) return;
    event.preventDefault();
    act();
    if (this.view.answers && !(event.key in ZOOMS) && event.key !== "0") speak(this.view.meaning.spoken());
  }

  action({ key, shiftKey }) {
    const { view } = this;
    if (key in ZOOMS) return () => view.camera.zoomAt(view.focus(), ZOOMS[key]);
    if (key === "0") return () => view.camera.goHome();
    if (!view.answers) return null;
    if (key in ARROWS) return () => view.step(ARROWS[key], shiftKey);
    if (key === "Enter") return () => view.pin(view.cursor());
    if (key === "Escape") return () => view.unpin();
    if (key === "Delete" || key === "Backspace") return () => store.putBack(view.name);
    return null;
  }

  /** At once while this frame has time for it, else with the next one, the latest only: a mouse may report far more often. */
  soon(act) {
    this.latest = act;
    if (this.busy < BUSY_MS) this.flush();
    this.waiting ||= requestAnimationFrame(() => {
      this.waiting = this.busy = 0;
      this.flush();
    });
  }

  flush() {
    const act = this.latest;
    this.latest = null;
    const from = performance.now();
    act?.();
    this.busy += performance.now() - from;
  }
}

function distance([x, y], [u, v]) {
  return Math.hypot(x - u, y - v);
}

function capture(canvas, id) {
  try {
    canvas.setPointerCapture(id);
  } catch {
    // the pointer is gone already
  }
}
