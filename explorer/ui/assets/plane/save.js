// A plane to take home: what is seen as a PNG, what is drawn as a CSV.

import { h, save } from "../dom.js";
import { store } from "../store.js";
import { colour } from "../theme.js";

/** The canvases of a plane as one picture, on its own ground. */
export function savePicture({ still, coded, moving, name }) {
  const picture = h("canvas", { width: still.width, height: still.height });
  const context = picture.getContext("2d");
  context.fillStyle = colour("--ex-plane");
  context.fillRect(0, 0, picture.width, picture.height);
  for (const layer of [still, coded, moving]) context.drawImage(layer, 0, 0);
  picture.toBlob((blob) => save(`${fileOf(name)}.png`, blob));
}

/** Every point with its class, and of a codebook every code with its hits over the test split. */
export function saveTable({ points: { xy, labels }, name }) {
  const rows = [["what", "number", "x", "y", "class", "hits"]];
  labels.forEach((label, i) => rows.push(["point", i, xy[2 * i], xy[2 * i + 1], label, ""]));
  const codes = store.side(name).plane.mode === "codes" ? store.codes(name) : null;
  codes?.hits.forEach((hits, k) => rows.push(["code", k, codes.places[2 * k], codes.places[2 * k + 1], "", hits]));
  save(`${fileOf(name)}.csv`, new Blob([rows.map((row) => row.join(",")).join("\n") + "\n"], { type: "text/csv" }));
}

const fileOf = (name) => `plane-${store.side(name).run}`;
