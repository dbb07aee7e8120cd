// The tab Reconstruct: columns are test images; rows are the original, both reconstructions with their numbers, and both
// errors. Everything is decoded here, from latents of a few hundred bytes; the numbers are the server's.

import { bytesOf, h, paintPixels, refill, styleSheet } from "../core/dom.js";
import { kindGlyph } from "../core/glyphs.js";
import { pick } from "../core/picking.js";
import { GRADIENT, paintError } from "./errors.js";
import { latentsOf, originals, unit } from "./sources.js";
import { store } from "../core/store.js";
import { tip } from "../core/tip.js";

const SIDES = ["left", "right"];
const NARROW = matchMedia("(max-width: 820px)");
const COLUMNS = { wide: 8, narrow: 4 };
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

export async function mount(element) {
  await styleSheet("reconstruct/reconstruct.css");
  const gallery = new Gallery(element.querySelector(".ex-rec"));
  store.subscribe((change) => gallery.update(change));
  NARROW.addEventListener("change", () => gallery.scene && gallery.turnTo(0));
  gallery.update({ scene: true });
}

class Gallery {
  constructor(root) {
    this.root = root;
    this.first = 0; // place of the first column shown
    this.selected = null;
    this.drawing = 0;
    this.painted = 0; // columns painted, for the tests
    this.pictures = new Map(); // source and image -> Float32Array in [0, 1], channels-last
    root.explorer = this;
    root.addEventListener("keydown", (event) => this.onKey(event));
  }

  get scene() {
    return store.scene?.reconstruct;
  }

  get count() {
    return NARROW.matches ? COLUMNS.narrow : COLUMNS.wide;
  }

  update(change) {
    this.root.classList.toggle("ex-rec-waiting", !this.scene);
    if (!this.scene) this.forget();
    else if (change.scene) this.show();
    else if (change.weights) this.paint();
    else if (change.view) this.mark();
  }

  /** Another tab is open, and the sides may show other runs than this gallery's: nothing more is decoded for it. */
  forget() {
    this.drawing += 1;
    delete this.root.dataset.signature;
  }

  /** A new scene: the page of columns follows the selected image when that has changed. */
  show() {
    const { image } = store.scene.view;
    if (image !== this.selected) {
      this.selected = image;
      this.reveal(image);
    }
    this.fill();
  }

  reveal(image) {
    const place = this.scene.columns.findIndex(({ thumb }) => thumb.id === image);
    if (place >= 0) this.first = place - (place % this.count);
  }

  turnTo(first) {
    this.first = Math.min(Math.max(0, first), this.scene.columns.length - 1);
    this.first -= this.first % this.count;
    this.fill();
  }

  fill() {
    const { scene, first, count } = this;
    const focused = document.activeElement?.closest(".ex-rec-image [role=radio]");
    const rebuilt = refill(this.root, [scene, first, count], () => [
      scene.banner && h("p", { class: scene.apart ? "ex-rec-banner ex-rec-apart" : "ex-rec-banner" }, scene.banner),
      h("div", { class: "ex-rec-head" }, h("p", {}, scene.fidelity), this.pager()),
      this.grid(scene.columns.slice(first, first + count)),
      h("div", { class: "ex-rec-pooled" }, ...SIDES.filter((name) => scene.rows[name]).map((name) => pooled(scene.rows[name]))),
      ...Object.values(scene.empty).map((sentence) => h("p", { class: "ex-chip" }, sentence)),
    ].filter(Boolean));
    this.mark();
    if (!rebuilt) return;
    if (focused) this.root.querySelector("[role=radio][tabindex='0']")?.focus({ preventScroll: true });
    this.paint();
  }

  pager() {
    const { words, columns } = this.scene;
    const last = Math.min(this.first + this.count, columns.length);
    const turn = (sign, label, text, possible) =>
      h("button", {
        type: "button", "aria-label": label, title: label, disabled: !possible, "data-turn": sign,
        onclick: () => {
          this.turnTo(this.first + sign * this.count);
          const again = this.root.querySelector(`[data-turn="${sign}"]`); // the old one is gone with the focus
          (again.disabled ? this.root.querySelector(`[data-turn="${-sign}"]`) : again).focus({ preventScroll: true });
        },
      }, text);
    return h("div", { class: "ex-rec-pager" },
      turn(-1, words.earlier, "‹", this.first > 0),
      h("span", { "aria-live": "polite" }, filled(words.page, { first: this.first + 1, last, total: columns.length })),
      turn(1, words.later, "›", last < columns.length));
  }

  grid(columns) {
    const { words, rows } = this.scene;
    const shown = SIDES.filter((name) => rows[name]);
    return h("div", { class: "ex-rec-grid", role: "radiogroup", "aria-label": words.choose, style: `--ex-columns: ${COLUMNS.wide}` },
      this.labels(shown),
      ...columns.map((column, k) => this.column(column, this.first + k, shown)));
  }

  /** The names of the rows; on a phone a header of three columns. */
  labels(shown) {
    const { words, rows, error_scale: scale } = this.scene;
    return h("div", { class: "ex-rec-labels" },
      h("div", { class: "ex-rec-original" }, h("b", {}, words.original)),
      ...shown.flatMap((name) => [
        h("div", { class: `ex-rec-${name}`, "data-kind": rows[name].kind },
          h("h2", {}, kindGlyph(rows[name].kind), rows[name].title),
          h("span", { class: "ex-rec-name" }, rows[name].name),
          h("span", { class: "ex-rec-decoded" }, rows[name].decoded)),
        h("ul", { class: `ex-rec-numbers ex-rec-numbers-${name}` },
          h("li", {}, words.psnr, tip(words.psnr, words["psnr.tip"])),
          h("li", {}, words.ssim, tip(words.ssim, words["ssim.tip"])),
          h("li", {}, words.rate, tip(words.rate, rows[name].bits_tip))),
      ]),
      ...shown.map((name, k) =>
        h("div", { class: `ex-rec-error-${name}`, "data-kind": rows[name].kind },
          h("h2", {}, kindGlyph(rows[name].kind), words.error),
          k === 0 ? scaleBar(words.error, scale, this.scene.error_limit) : null)));
  }

  column({ thumb }, place, shown) {
    const { words, rows } = this.scene;
    const described = (model) => filled(words.of, { model, image: thumb.name });
    const canvas = (row, label) => h("canvas", { role: "img", "data-row": row, "aria-label": label, width: 1, height: 1 });
    return h("article", { class: "ex-rec-image", "data-image": thumb.id, "data-place": place, onclick: (event) => pick(thumb.id, event) },
      h("button", { type: "button", role: "radio", class: "ex-rec-original", "aria-label": `${thumb.name} (${thumb.id})` },
        canvas("original", described(words.original)), h("span", { title: thumb.name }, thumb.name)),
      ...shown.flatMap((name) => {
        const { psnr, ssim, bits } = rows[name].measured[place];
        return [
          h("div", { class: `ex-rec-${name}` }, canvas(name, `${described(rows[name].title)}${store.colon}${psnr} ${words.db}, SSIM ${ssim}`)),
          h("ul", { class: `ex-rec-numbers ex-rec-numbers-${name}` },
            h("li", {}, h("b", {}, psnr), ` ${words.db}`),
            h("li", {}, h("b", {}, ssim), h("i", {}, ` ${words.ssim}`)),
            bits ? h("li", {}, h("b", {}, bits), ` ${words.bits}`) : h("li", {}, words.no_bits)),
        ];
      }),
      h("span", { class: "ex-rec-error-label" }, words.error),
      ...shown.map((name) =>
        h("div", { class: `ex-rec-error-${name}` }, canvas(`error-${name}`, described(`${words.error}, ${rows[name].title}`)))));
  }

  mark() {
    const articles = [...this.root.querySelectorAll(".ex-rec-image")];
    const here = articles.some((article) => Number(article.dataset.image) === store.view.image);
    articles.forEach((article, k) => {
      const selected = Number(article.dataset.image) === store.view.image;
      const button = article.querySelector("button");
      article.classList.toggle("ex-rec-selected", selected);
      button.setAttribute("aria-checked", String(selected));
      button.tabIndex = selected || (!here && k === 0) ? 0 : -1;
    });
  }

  /** One column in each frame, so that decoding never holds up the page; a newer call ends an older one. */
  async paint() {
    this.drawing += 1;
    this.painted = 0;
    const [mine, { scene }] = [this.drawing, this];
    const columns = [...this.root.querySelectorAll(".ex-rec-image")];
    try {
      const [sheet, ...sources] = await Promise.all([originals(), ...SIDES.map((name) => latentsOf(name, scene.rows[name]))]);
      for (const article of columns) {
        if (mine !== this.drawing) return;
        const column = scene.columns[Number(article.dataset.place)];
        const done = this.paintColumn(article, scene, column, sheet, sources);
        if (done) this.painted += 1;
        await new Promise(requestAnimationFrame);
      }
    } catch (error) {
      console.warn(error);
      this.sayFailed();
    }
    if (SIDES.some((name) => store.decoderState(name) === "failed")) this.sayFailed();
  }

  /** The numbers stay: they are the server's. */
  sayFailed() {
    if (this.root.querySelector(".ex-rec-failed")) return;
    this.root.append(h("p", { class: "ex-chip ex-rec-failed", role: "status" }, store.t("client.weights_failed")));
  }

  paintColumn(article, scene, column, sheet, sources) {
    const panel = SIDES.map((name) => store.side(name)?.panel).find(Boolean);
    if (!panel) return false;
    const { width, height, channels } = panel.original;
    const shape = [width, height, channels];
    const original = column.place === null ? unit(bytesOf(panel.original.pixels)) : sheet(column.place, shape);
    const draw = (row, values) => paintPixels(article.querySelector(`[data-row="${row}"]`), values, ...shape, 255);
    draw("original", original);
    return SIDES.filter((name) => scene.rows[name]).map((name, k) => {
      const picture = this.picture(name, scene.rows[name], column, sources[SIDES.indexOf(name)], shape);
      if (!picture) return false;
      draw(name, picture);
      paintError(article.querySelector(`[data-row="error-${name}"]`), original, picture, shape, scene.error_limit);
      return true;
    }).every(Boolean);
  }

  /** A reconstruction in [0, 1]; null while its decoder is on the way. */
  picture(name, row, column, source, [width, height, channels]) {
    if (column.place === null) return unit(bytesOf(store.side(name).panel.reconstruction.pixels));
    const key = `${row.source} ${column.place}`;
    if (!this.pictures.has(key)) {
      const size = width * height * channels;
      const values = row.format === "pixels"
        ? unit(source.values.subarray(column.place * size, (column.place + 1) * size))
        : store.decode(name, source.latent(column.place))?.map((value) => Math.min(1, Math.max(0, value)));
      if (!values) return null;
      this.pictures.set(key, values);
    }
    return this.pictures.get(key);
  }

  onKey(event) {
    if (!this.scene || !event.target.closest("[role=radio]")) return;
    const { columns } = this.scene;
    const at = Number(event.target.closest(".ex-rec-image").dataset.place);
    const target = event.key === "Home" ? 0 : event.key === "End" ? columns.length - 1 : at + (STEPS[event.key] ?? NaN);
    const column = columns[(target + columns.length) % columns.length];
    if (!column) return;
    event.preventDefault();
    this.reveal(column.thumb.id);
    this.fill();
    this.selected = column.thumb.id;
    store.commit({ image: column.thumb.id });
    this.root.querySelector(`[data-image="${column.thumb.id}"] [role=radio]`).focus({ preventScroll: true });
  }
}

function scaleBar(label, sentence, limit) {
  return h("div", { class: "ex-rec-scale" },
    h("span", { class: "ex-rec-ramp", style: `background: ${GRADIENT}` }),
    h("span", { class: "ex-rec-ends" }, h("span", {}, "0"), tip(label, sentence), h("span", {}, `≥ ${limit}`)));
}

const pooled = ({ kind, title, name, pooled: sentence }) =>
  h("p", { "data-kind": kind }, kindGlyph(kind), h("span", {}, h("b", {}, title), ` ${name}`), h("span", {}, sentence));

const filled = (template, params) => template.replace(/\{(\w+)\}/g, (whole, name) => params[name] ?? whole);
