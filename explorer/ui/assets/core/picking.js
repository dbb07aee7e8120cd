// Choosing the two images: a click selects one everywhere, with Shift it becomes the one that is compared with.

import { store } from "./store.js";

/** What a click on a test image means. */
export function pick(image, event) {
  if (event?.shiftKey) compare(image);
  else store.commit({ image });
}

/** The second image; the selected one, and the one that is second already, let go of it. */
export function compare(image) {
  const { image: first, image_b: second } = store.view;
  store.commit({ image_b: image === first || image === second ? null : image });
}
