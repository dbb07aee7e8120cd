// What is costly waits until the reader can nearly see it.

import { store } from "./store.js";

/** Calls `arrive` once, when the element comes within `ahead` pixels of the window. */
export function inSight(element, arrive, ahead = 200) {
  const watching = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    watching.disconnect();
    arrive();
  }, { rootMargin: `${ahead}px` });
  watching.observe(element);
}

const SIDES = ["left", "right"];

/** Calls `act` once both planes have their place, which is above whoever asks, and their decoders: they come first. */
export function whenPlanesAnswer(act) {
  const answering = store.scene && SIDES.every((side) =>
    document.querySelector(`#ex-${side} .ex-plane`)?.offsetHeight && store.decoderState(side) !== "loading");
  if (answering) act();
  else requestAnimationFrame(() => whenPlanesAnswer(act));
}
