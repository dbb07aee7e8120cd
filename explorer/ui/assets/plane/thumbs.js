// Test images in place of dots: as many as fit without covering each other, so that zooming in shows more of them.

import { load } from "../core/bytes.js";
import { store } from "../core/store.js";
import { classColour } from "../core/theme.js";

const SMALLEST = 20; // CSS pixels of a thumbnail, at home and below
const LARGEST = 44;
const SPACING = 0.85; // of a thumbnail between neighbours

const sheets = new Map(); // address -> {bitmap} once it is there
const inked = new Map(); // address and theme -> canvas

/** Pictures of a set, all in one sheet: {address, count, columns, size}. `ready` is called when it has come. */
export function thumbSheet(sheet, channels, labels, ready) {
  const entry = sheets.get(sheet.address);
  if (!entry) {
    const fresh = { bitmap: null, failed: false };
    sheets.set(sheet.address, fresh);
    load(sheet.address)
      .then((buffer) => createImageBitmap(new Blob([buffer])))
      .then((bitmap) => (fresh.bitmap = bitmap))
      .catch((error) => {
        fresh.failed = true;
        console.warn(error);
      })
      .finally(ready);
    return null;
  }
  if (!entry.bitmap) return null;
  return channels === 1 ? ink(sheet, entry.bitmap, labels) : entry.bitmap;
}

export const sheetFailed = (sheet) => sheets.get(sheet.address)?.failed ?? false;

/** Grey pictures in their class's colour, as opaque as they are bright: so they keep their class on any ground. */
function ink(sheet, bitmap, labels) {
  const theme = document.body.classList.contains("dark") ? "dark" : "light";
  const key = `${sheet.address} ${theme}`;
  if (!inked.has(key)) {
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(bitmap, 0, 0);
    const image = context.getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Map();
    for (let tile = 0; tile < sheet.count; tile++) inkTile(image, sheet, tile, rgb(colours, labels[tile]));
    context.putImageData(image, 0, 0);
    inked.set(key, canvas);
  }
  return inked.get(key);
}

function inkTile({ data, width }, { columns, size }, tile, [r, g, b]) {
  const left = (tile % columns) * size;
  const top = Math.floor(tile / columns) * size;
  for (let y = top; y < top + size; y++) {
    for (let at = 4 * (y * width + left); at < 4 * (y * width + left + size); at += 4) {
      data[at + 3] = data[at];
      data[at] = r;
      data[at + 1] = g;
      data[at + 2] = b;
    }
  }
}

function rgb(known, label) {
  if (!known.has(label)) {
    const context = new OffscreenCanvas(1, 1).getContext("2d");
    context.fillStyle = classColour(label);
    context.fillRect(0, 0, 1, 1);
    known.set(label, context.getImageData(0, 0, 1, 1).data);
  }
  return known.get(label);
}

/**
 * Draws the thumbnails that fit.
 *
 * @param lit the class to bring forward; null for none
 * @returns how many are shown
 */
export function drawThumbs(context, frame, { xy, labels }, sheet, image, zoom, lit) {
  const side = Math.min(LARGEST, Math.max(SMALLEST, SMALLEST * zoom ** 0.4));
  const pass = (wanted, alpha) => {
    context.globalAlpha = alpha;
    const shown = placeThumbs(context, frame, xy, sheet, image, side, (i) => wanted(labels[i]));
    context.globalAlpha = 1;
    return shown;
  };
  if (lit === null) return pass(() => true, 1);
  pass((label) => label !== lit, 0.12);
  return pass((label) => label === lit, 1);
}

function placeThumbs(context, frame, xy, { count, columns, size }, image, side, wanted) {
  const taken = new Set();
  const step = side * SPACING;
  for (let i = 0; i < count; i++) {
    if (!wanted(i)) continue;
    const [x, y] = [frame.x(xy[2 * i]), frame.y(xy[2 * i + 1])];
    if (!(x >= 0 && y >= 0 && x <= frame.width && y <= frame.height)) continue;
    const cell = Math.floor(y / step) * 4096 + Math.floor(x / step);
    if (taken.has(cell)) continue;
    taken.add(cell);
    context.drawImage(image, (i % columns) * size, Math.floor(i / columns) * size, size, size, x - side / 2, y - side / 2, side, side);
  }
  return taken.size;
}

/** The sheet of a plane that is drawn with thumbnails now; null where there is none, or the reader wants dots. */
export const wantedSheet = (plane) => (store.options.thumbs && plane.thumbs ? plane.thumbs : null);
