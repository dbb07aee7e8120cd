// Where hollow codes lie on top of each other, and look like one or none: how many.

import { canvasFont } from "../core/theme.js";
import { haloText } from "./layers.js";

const PILE = 9; // pixels: hollow codes that lie nearer to each other cannot be told apart
const WIDE = 70; // pixels of the number and what stands before it
const MANY = 8; // as many of them, and their number is written beside

/**
 * Rings the largest pile and writes its number beside it.
 *
 * @param codes {places, hits, ink}: flat places in the plane, what chose each of them, and the colour of letters
 * @returns {x, y, count} in pixels; nothing is drawn where `count` is small
 */
export function drawPile(context, frame, { places, hits, ink }) {
  const pile = largestPile(frame, places, hits);
  if (pile.count < MANY) return pile;
  const { x, y, count } = pile;
  context.strokeStyle = ink;
  context.lineWidth = 1.5;
  context.beginPath();
  context.arc(x, y, PILE, 0, 2 * Math.PI);
  context.stroke();
  context.font = canvasFont(13, 600);
  context.textBaseline = "bottom";
  context.fillStyle = ink;
  const right = x < frame.width - WIDE; // where there is room for it
  context.textAlign = right ? "left" : "right";
  haloText(context, `○ × ${count}`, x + (right ? PILE + 2 : -PILE - 2), y - PILE / 2);
  return pile;
}

/** The most hollow codes within one square of `PILE` pixels, and their middle. */
function largestPile(frame, places, hits) {
  // half a square beside the origin, about which most starts lie: else a pile there would fall into four
  const [left, top] = [frame.x(0) - PILE / 2, frame.y(0) - PILE / 2];
  const squares = new Map();
  let most = { count: 0 };
  for (let k = 0; k < hits.length; k++) {
    if (hits[k]) continue;
    const [x, y] = [frame.x(places[2 * k]), frame.y(places[2 * k + 1])];
    if (!(x > 0 && y > 0 && x < frame.width && y < frame.height)) continue;
    const key = `${Math.floor((x - left) / PILE)} ${Math.floor((y - top) / PILE)}`;
    const square = squares.get(key) ?? { x: 0, y: 0, count: 0 };
    squares.set(key, square);
    square.count += 1;
    square.x += (x - square.x) / square.count;
    square.y += (y - square.y) / square.count;
    if (square.count > most.count) most = square;
  }
  return most;
}
