// What is costly waits until the reader can nearly see it.

/** Calls `arrive` once, when the element comes within `ahead` pixels of the window. */
export function inSight(element, arrive, ahead = 200) {
  const watching = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    watching.disconnect();
    arrive();
  }, { rootMargin: `${ahead}px` });
  watching.observe(element);
}

/** Calls `act` once both planes have their place: until then everything below them stands where they will be. */
export function whenPlanesStand(act) {
  const standing = ["left", "right"].every((side) => document.querySelector(`#ex-${side} .ex-plane`)?.offsetHeight);
  if (standing) act();
  else requestAnimationFrame(() => whenPlanesStand(act));
}
