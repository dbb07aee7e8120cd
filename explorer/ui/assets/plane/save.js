// A plane to take home: what is seen as a PNG or an SVG, with its title and what its axes are; what is drawn as a CSV.
//
// A plane that can be saved has `frame`, `paint(context)` and `told`: {title, lines, file}.

import { h, save } from "../core/dom.js";
import { store } from "../core/store.js";
import { canvasFont, colour } from "../core/theme.js";
import { SvgContext } from "./svg.js";

const MARGIN = 8;
const LINE = 16;
const ROOM = 0.88; // of the width: the reader of an SVG may have another, wider font

/** A row of buttons that save a plane. @param formats name -> act */
export const saveButtons = (className, formats) => Object.entries(formats).map(([format, act]) =>
  h("button", { type: "button", class: className, "data-save": format, onclick: act }, format));

/** What they say, in the reader's language. */
export function nameButtons(element, whose) {
  for (const button of element.querySelectorAll("[data-save]")) {
    const title = store.t("client.chart_save", { format: button.dataset.save });
    button.title = title;
    button.setAttribute("aria-label", `${title} (${whose})`);
  }
}

export function savePicture(view) {
  const sheet = sheetOf(view);
  const ratio = devicePixelRatio || 1;
  const canvas = h("canvas", { width: Math.round(sheet.width * ratio), height: Math.round(sheet.height * ratio) });
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  paintSheet(context, view, sheet);
  canvas.toBlob((blob) => save(`${view.told.file}.png`, blob));
}

export function saveShapes(view) {
  const sheet = sheetOf(view);
  const context = new SvgContext(sheet.width, sheet.height, colour("--ex-plane"));
  paintSheet(context, view, sheet);
  const { title, lines, file } = view.told;
  save(`${file}.svg`, new Blob([context.text(title, lines.join(" "))], { type: "image/svg+xml" }));
}

/** Every point with its class, and of a codebook every code with its hits over the test split. */
export function saveTable({ points: { xy, labels }, name, told }) {
  const rows = [["what", "number", "x", "y", "class", "hits"]];
  labels.forEach((label, i) => rows.push(["point", i, xy[2 * i], xy[2 * i + 1], label, ""]));
  const codes = store.side(name).plane.mode === "codes" ? store.codes(name) : null;
  codes?.hits.forEach((hits, k) => rows.push(["code", k, codes.places[2 * k], codes.places[2 * k + 1], "", hits]));
  save(`${told.file}.csv`, new Blob([rows.map((row) => row.join(",")).join("\n") + "\n"], { type: "text/csv" }));
}

/** How large the plane is with its words below it, and those as they are broken into lines. */
function sheetOf({ frame: { width, height }, told: { title, lines } }) {
  const pen = h("canvas").getContext("2d");
  pen.font = canvasFont(11);
  const rows = lines.flatMap((line) => broken(pen, line, ROOM * width - MARGIN));
  return { width, height: height + MARGIN + LINE * (rows.length + 1) + MARGIN, title, rows };
}

function paintSheet(context, view, { width, height, title, rows }) {
  const rect = (style, y, high) => {
    context.fillStyle = style;
    context.fillRect(0, y, width, high);
  };
  rect(colour("--ex-plane"), 0, height);
  view.paint(context);
  rect(colour("--ex-plane"), view.frame.height, height - view.frame.height); // a ring may reach below the plane
  context.textAlign = "left";
  context.textBaseline = "top";
  context.fillStyle = colour("--body-text-color");
  context.font = canvasFont(12, 600);
  context.fillText(title, MARGIN, view.frame.height + MARGIN);
  context.font = canvasFont(11);
  context.fillStyle = colour("--body-text-color-subdued");
  rows.forEach((row, k) => context.fillText(row, MARGIN, view.frame.height + MARGIN + LINE * (k + 1)));
}

/** Lines no wider than `width`: broken at spaces, or at any character of a script without them. */
function broken(pen, sentence, width) {
  const rows = [""];
  for (const piece of sentence.match(/\p{sc=Han}\p{P}*\s*|[^\s\p{sc=Han}]+\s*|\s+/gu) ?? []) {
    const longer = rows.at(-1) + piece;
    if (pen.measureText(longer.trimEnd()).width <= width || !rows.at(-1)) rows[rows.length - 1] = longer;
    else rows.push(piece);
  }
  return rows.map((row) => row.trim());
}
