// What is costly waits until the reader can nearly see it.

import { store } from "./store.js";

/**
 * Calls `arrive` once, when the element comes within `ahead` pixels of the window, and stays there for two frames: while
 * the page is being made everything has no height and is in sight, and what is far below would come before what is seen.
 */
export function inSight(element, arrive, ahead = 400) {
  let near = false;
  const watching = new IntersectionObserver((entries) => {
    const before = near;
    near = entries.at(-1).isIntersecting;
    if (near && !before) laid(() => {
      if (!near || !watching.takeRecords().every(({ isIntersecting }) => isIntersecting)) return;
      watching.disconnect();
      arrive();
    });
  }, { rootMargin: `${ahead}px` });
  watching.observe(element);
}

/** Calls `act` when the first scene is there, and what it shows has its place. */
function laid(act) {
  requestAnimationFrame(() => (store.scene ? requestAnimationFrame(() => requestAnimationFrame(act)) : laid(act)));
}

const SIDES = ["left", "right"];

/** Calls `act` once both planes have their place, which is above whoever asks, and their decoders: they come first. */
export function whenPlanesAnswer(act) {
  const answering = store.scene && SIDES.every((side) =>
    document.querySelector(`#ex-${side} .ex-plane`)?.offsetHeight && store.decoderState(side) !== "loading");
  if (answering) act();
  else requestAnimationFrame(() => whenPlanesAnswer(act));
}
