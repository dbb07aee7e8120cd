// What the whole plane decodes to: a map of tiles, each the picture of its own centre, decoded while the browser has
// nothing else to do. Closer views have finer tiles; what has been decoded once is kept for its run.

import { colour } from "../core/theme.js";

const ACROSS = 12; // tiles across home
const KEPT = 1500;
const SLICE_MS = 8;

const maps = new Map(); // address of weights and theme -> Map(tile key -> canvas)

export class Manifold {
  /** @param decode latent -> Float32Array or null; @param onTiles called when there is more to draw */
  constructor(decode, onTiles) {
    this.decode = decode;
    this.onTiles = onTiles;
    this.queue = [];
    this.working = false;
  }

  /**
   * Draws the tiles that are there, and asks for those that are not.
   *
   * @param address of the decoder's weights; @param shape {width, height, channels}; @param home {centre, half}
   */
  draw(context, frame, { address, shape, home, zoom }) {
    const theme = document.body.classList.contains("dark") ? "dark" : "light";
    const tiles = entryOf(maps, `${address} ${theme}`, () => new Map());
    const level = Math.max(-1, Math.floor(Math.log2(zoom)));
    this.queue = [];
    context.globalAlpha = shape.channels === 1 ? 0.4 : 0.5;
    for (const [l, wanted] of [[level - 1, false], [level, true]]) {
      for (const tile of visible(frame, home, l)) {
        const picture = tiles.get(tile.key);
        if (picture) place(context, frame, tile, picture);
        else if (wanted) this.queue.push({ ...tile, tiles, shape });
      }
    }
    context.globalAlpha = 1;
    if (this.queue.length) this.work();
  }

  work() {
    if (this.working) return;
    this.working = true;
    idle((left) => {
      this.working = false;
      const until = performance.now() + Math.min(left, SLICE_MS);
      let made = 0;
      while (this.queue.length && (made === 0 || performance.now() < until)) made += this.make(this.queue.shift());
      if (made) this.onTiles();
      else if (this.queue.length) this.work();
    });
  }

  make({ key, centre, tiles, shape }) {
    const values = this.decode(centre);
    if (!values) {
      this.queue = []; // the decoder is not there: who draws next asks again
      return 0;
    }
    if (tiles.size >= KEPT) tiles.delete(tiles.keys().next().value);
    tiles.set(key, pictureOf(values, shape));
    return 1;
  }
}

/** Tiles of a level that the frame sees, those in the middle first. */
function visible(frame, { centre: [cx, cy], half }, level) {
  const step = (2 * half) / ACROSS / 2 ** level;
  const [left, bottom, right, top] = frame.box;
  const found = [];
  for (let i = Math.floor((left - cx) / step); i * step + cx < right; i++) {
    for (let j = Math.floor((bottom - cy) / step); j * step + cy < top; j++) {
      found.push({ key: `${level} ${i} ${j}`, centre: [cx + (i + 0.5) * step, cy + (j + 0.5) * step], step });
    }
  }
  const far = ({ centre: [x, y] }) => (x - frame.centre[0]) ** 2 + (y - frame.centre[1]) ** 2;
  return found.sort((a, b) => far(a) - far(b));
}

function place(context, frame, { centre: [x, y], step }, picture) {
  const side = step * frame.scale;
  context.clearRect(frame.x(x) - side / 2, frame.y(y) - side / 2, side, side); // of a coarser tile below
  context.drawImage(picture, frame.x(x) - side / 2, frame.y(y) - side / 2, side, side);
}

/** Grey pictures as ink of the text's colour, as opaque as they are bright, colour ones as they are. */
function pictureOf(values, { width, height, channels }) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  const ink = channels === 1 ? inkColour() : null;
  for (let p = 0; p < width * height; p++) {
    for (let c = 0; c < 3; c++) image.data[4 * p + c] = ink ? ink[c] : 255 * values[p * channels + c];
    image.data[4 * p + 3] = ink ? 255 * values[p] : 255;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

function inkColour() {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  context.fillStyle = colour("--ex-shade-high");
  context.fillRect(0, 0, 1, 1);
  return context.getImageData(0, 0, 1, 1).data;
}

function idle(act) {
  if (window.requestIdleCallback) requestIdleCallback((deadline) => act(deadline.timeRemaining()), { timeout: 500 });
  else setTimeout(() => act(SLICE_MS), 16);
}

function entryOf(map, key, make) {
  if (!map.has(key)) map.set(key, make());
  return map.get(key);
}
