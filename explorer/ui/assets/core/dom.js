// Small things every part needs: elements, and pixels onto a canvas. Text only ever enters as text, never as markup.

/** h("button", {class: "x", onclick: f, "aria-label": "…"}, "text", child) */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") element.style.cssText = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== "" && child !== false));
  return element;
}

/**
 * Replaces the children of `element` if `signature` differs from last time: most updates change one part only. Where a
 * child had the keyboard, the one in its place gets it: else it would fall to the top of the page.
 */
export function refill(element, signature, make) {
  const text = JSON.stringify(signature);
  if (element.dataset.signature === text) return false;
  element.dataset.signature = text;
  const held = heldIn(element);
  element.replaceChildren(...[make()].flat());
  if (held) placeIn(element, held)?.focus({ preventScroll: true });
  return true;
}

const REACHABLE = ":is(button, input, select, textarea, summary, a[href], [tabindex='0']):not(:disabled)";

/** What has the keyboard within `element`: its marks, and which it is in order. */
function heldIn(element) {
  const held = document.activeElement;
  if (held === element || !element.contains(held)) return null;
  return { marks: marksOf(held), place: [...element.querySelectorAll(REACHABLE)].indexOf(held) };
}

function placeIn(element, { marks, place }) {
  const all = [...element.querySelectorAll(REACHABLE)];
  const there = all[Math.min(place, all.length - 1)];
  return there && marksOf(there) === marks ? there : (all.find((each) => marksOf(each) === marks) ?? there);
}

const marksOf = (element) => JSON.stringify([element.tagName, element.id, element.className, element.dataset]);

/** uint8 pixels of a picture that came with the scene. */
export function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/**
 * Writes an image of channels-last values onto a canvas, one canvas pixel each.
 *
 * @param scale 255 for values in [0, 1] (clipped), 1 for bytes
 */
export function paintPixels(canvas, values, width, height, channels, scale = 1) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  const pixels = image.data; // clamps and rounds by itself
  for (let p = 0; p < width * height; p++) {
    for (let c = 0; c < 3; c++) pixels[4 * p + c] = values[p * channels + (channels === 1 ? 0 : c)] * scale;
    pixels[4 * p + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/** A canvas that is nothing to read out until `say` gives it words. */
export const pictureCanvas = (attributes = {}) => h("canvas", { role: "img", "aria-hidden": "true", ...attributes });

/** What a picture shows, in words; without any it is nothing to read out. */
export function say(canvas, words) {
  canvas.setAttribute("aria-label", words);
  canvas.toggleAttribute("aria-hidden", false);
  if (!words) canvas.setAttribute("aria-hidden", "true");
}

const sheets = new Map();

/** Loads style sheets of a part that travels with its tab, each once, by paths below assets/; the promise never fails. */
export const styleSheet = (...names) => Promise.all(names.map((name) => sheets.get(name) ?? load(name)));

function load(name) {
  const loaded = new Promise((done) => {
    const href = new URL(`../${name}`, import.meta.url).href;
    document.head.append(h("link", { rel: "stylesheet", href, onload: done, onerror: done }));
  });
  sheets.set(name, loaded);
  return loaded;
}

/** Hands a file to the reader. */
export function save(name, blob) {
  const href = URL.createObjectURL(blob);
  const link = h("a", { href, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}
