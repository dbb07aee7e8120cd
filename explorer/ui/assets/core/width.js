// How wide an element is, as it was last laid out. Asking the element itself makes the browser lay out the whole page
// first whenever anything has changed since, which under a hand that paints cost more than the painting.

const widths = new WeakMap();
const observer = new ResizeObserver((entries) => {
  for (const { target } of entries) widths.set(target, target.clientWidth);
});

/** CSS pixels; 0 while it is not shown. */
export function widthOf(element) {
  const known = widths.get(element);
  if (known) return known;
  if (known === undefined) observer.observe(element);
  widths.set(element, element.clientWidth);
  return widths.get(element);
}
