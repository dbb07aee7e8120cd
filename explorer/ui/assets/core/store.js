// The one client store. JavaScript owns what is transient (what the pointer is over), Python owns what is committed
// (the View): `preview` never leaves the browser, `commit` goes to Python through the bridge and comes back as a scene.

import { load } from "./bytes.js";
import { currentCodebook, loadCodebook, moveCode, putBack, reassigned } from "./codebooks.js";
import { halvesToFloats, makeDecoder } from "./decoder.js";
import { committed, linkTo, oldPlace, onReturn, opened, showQuery } from "./link.js";
import { placed } from "../plane/lift.js";
import { openTab, readerOpened, showParts } from "./shown.js";
import { leave, remember, visitor } from "./visitor.js";

const NOTHING = { z: null, code: null, cell: null, cls: null };
const ANSWER_MS = 8000; // after this long without an answer the page says so
const PLANES = ["thumbs", "manifold", "linked"]; // explorer.ui.view

/** What of a View belongs to the reader and not to an image set. */
const READERS = [
  "tab", "lang", "mine", "guide", "expert", "present", "hide", "seed", "screen", "planes", "rule", "windows", "starved", "sandbox", "order", "temperature",
  "top_k", "prior", "samples",
];
const STAYS = ["lang", "mine", "expert", "present", "hide"]; // what a reset leaves as it is

const listeners = new Set();
const decoders = new Map(); // address of weights -> {decode, program, failed, ready}
let send = null;
let serial = 0;
let patience = 0;
let waiting = null; // a question from before the bridge was there
let asked = null; // the View that was asked for last
let introduced = false;

export const store = {
  scene: null, // what Python said last
  view: null, // the scene's View, ahead of it while a commit is under way
  hover: { ...NOTHING },
  offline: false,

  /** How the planes are drawn: {thumbs, manifold, linked}. See `choose`. */
  get options() {
    return Object.fromEntries(PLANES.map((name) => [name, Boolean(store.view?.planes?.includes(name))]));
  },

  /** What other parts draw on a plane, above everything: side -> key -> draw(context, frame). See `overlay`. */
  overlays: { left: new Map(), right: new Map() },

  /**
   * Calls `listener(change)` with one or more of {scene, view, hover, weights, theme, options, reset}, or
   * {overlay: side}, {codebook: side}; returns a function that stops it.
   */
  subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },

  /** What the pointer is over: {z: {side, point}}, {code: {side, code}}, {cell}, {cls}; `null` values let go. */
  preview(patch) {
    const next = { ...store.hover, ...patch };
    if (JSON.stringify(next) === JSON.stringify(store.hover)) return;
    store.hover = next;
    notify({ hover: true });
  },

  /** Changes the View: {image: 17}. Python answers with the scene that belongs to it. */
  commit(patch) {
    if (!store.scene) return;
    store.view = merged(store.view, patch);
    committed(Object.keys(patch));
    ask(store.view);
  },

  /** Changes how the planes are drawn: {thumbs: true}. */
  choose(patch) {
    const options = { ...store.options, ...patch };
    store.commit({ planes: PLANES.filter((name) => options[name]) });
    notify({ options: true });
  },

  /** Back to how the page began. */
  reset() {
    if (!store.scene) return;
    for (const side of Object.keys(store.scene.sides)) store.putBack(side);
    notify({ reset: true });
    committed(["reset"]);
    ask(some(store.view, STAYS));
  },

  /** Draws something of another part on a side's plane until it is called again with `draw` null. */
  overlay(side, key, draw) {
    const layers = (store.overlays[side] ??= new Map());
    if (draw) layers.set(key, draw);
    else if (!layers.delete(key)) return;
    notify({ overlay: side });
  },

  /** The reader has opened a tab. */
  open(tab) {
    if (store.view && store.view.tab !== tab && readerOpened(tab)) store.commit({ tab });
  },

  side(name) {
    return store.scene?.sides[name];
  },

  /**
   * What the View holds on a side, where it fits the run: {z: [x, y] as it is drawn or null, code: k or null}. It has a
   * place for the left side's point only: a third side holds nothing.
   */
  pins(name) {
    const { plane } = store.side(name);
    const { code } = store.view;
    const vector = plane && plane.codes[0] === 0;
    if (name === "ae") return { z: null, code: null };
    const z = placed(plane, store.view.z ?? []);
    return {
      z: vector && z.length === plane.selected.mean.length && z.length ? z : null,
      code: plane && !vector && code !== null && code < plane.codes[0] ? code : null,
    };
  },

  /** The code that the pointer is over, wherever that is; null where this side's codebook has no such code. */
  hovered(name) {
    const { code } = store.hover;
    return code !== null && code < (store.side(name)?.plane?.codes[0] ?? 0) ? code : null;
  },

  /** Between a name and what is said of it. */
  get colon() {
    return store.view.lang === "zh" ? "：" : ": ";
  },

  /** A sentence of the reader's language, filled in. */
  t(key, params = {}) {
    const template = store.scene?.client[key] ?? "";
    return template.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
  },

  /** "ready", "loading", "failed" or "none" (no run, or a decoder too large for the browser). */
  decoderState(name) {
    const decoder = decoders.get(store.side(name)?.decoder?.weights);
    if (!decoder) return "none";
    return decoder.failed ? "failed" : decoder.decode ? "ready" : "loading";
  },

  /**
   * Decodes a latent with the run of a side.
   *
   * @param latent Z numbers, or a grid channels-last (h*w*D); for a VQ-VAE also {indices, codebook}
   * @returns Float32Array (H, W, C), unclipped, overwritten by the next call; null while the weights are not there
   */
  decode(name, latent) {
    const decoder = decoders.get(store.side(name)?.decoder?.weights);
    if (!decoder?.decode) return null;
    if (latent.indices) return decoder.decode(gather(latent.codebook, latent.indices));
    return decoder.decode(latent);
  },

  /** Takes a decoder that has no address, under the hash of its weights, and lets go of the one it replaces. */
  giveDecoder(key, program, numbers, old) {
    decoders.delete(old);
    decoders.set(key, { decode: makeDecoder(program, numbers), failed: false });
    notify({ weights: true });
  },

  /** Like `decode`, with the decoder of a hash. */
  decodeWith(key, latent) {
    return decoders.get(key)?.decode(latent) ?? null;
  },

  /** Promise of a side's codebook as its run has it (see codebooks.js); `codes` has the reader's moves. */
  codebook(name) {
    return loadCodebook(store.side(name).plane);
  },

  /** A side's codebook with the reader's moves: {size, vectors, hits, places, moved}; null while it is not there. */
  codes(name) {
    return currentCodebook(store.side(name)?.plane?.codebook);
  },

  /** The codes of the selected image's grid, row by row, after the reader's moves. */
  indices(name) {
    const { vectors, indices } = store.side(name).plane.selected;
    const codebook = store.codes(name);
    return codebook ? reassigned(codebook, vectors, indices) : indices;
  },

  /** Moves a code of a codebook of two numbers; everything that reads `codes` follows. */
  moveCode(name, code, place) {
    if (moveCode(store.side(name)?.plane?.codebook, code, place)) notify({ codebook: name });
  },

  /** Every moved code of a side back to where its run has it. */
  putBack(name) {
    if (putBack(store.side(name)?.plane?.codebook)) notify({ codebook: name });
  },

  /** Promise of {xy: Float32Array (2N), labels: Uint8Array (N)} of a side's plane. */
  points(name) {
    const { points: address, count } = store.side(name).plane;
    return load(address, 5 * count).then((buffer) => ({
      xy: halvesToFloats(buffer.slice(0, 4 * count)),
      labels: new Uint8Array(buffer, 4 * count, count),
    }));
  },

  /** Promise of the bytes at an address of the scene. */
  bytes(address) {
    return load(address);
  },

  /** The link to what is on screen; who has it may look at the reader's own trainings, or with `steer` change them. */
  link(view, { steer = false } = {}) {
    const { mine } = store.scene?.view ?? {};
    return linkTo(view, mine && (steer ? `mine=${mine}` : `watch=${store.scene.watch}`));
  },

  /** From the trainings of a link back to this browser's own. */
  leave() {
    store.commit({ mine: leave() });
  },

  // --- called by the bridge

  connect(sender) {
    send = sender;
    if (waiting) send(waiting);
    waiting = null;
  },
  receive,
};

/** Asks Python for the scene of a View, or of the names and values of a link. */
function ask(view) {
  store.hover = { ...NOTHING };
  serial += 1;
  notify({ view: true });
  clearTimeout(patience);
  patience = setTimeout(() => setOffline(true), ANSWER_MS);
  asked = view;
  if (send) send({ view, serial });
  else waiting = { view, serial };
}

function receive(value) {
  if (!value?.scene || value.serial < serial) return; // an answer that a newer commit has overtaken
  clearTimeout(patience);
  const introduce = !introduced && visitor.token;
  introduced = true;
  if (introduce && value.query !== null) return introduceVisitor(); // the link may name what is theirs alone
  setOffline(false);
  serial = value.serial;
  const [tab, before] = [store.scene?.view.tab, JSON.stringify(store.options)];
  store.scene = value.scene;
  store.view = value.scene.view;
  showParts(store.view);
  document.documentElement.lang = store.view.lang === "zh" ? "zh-CN" : "en";
  if (value.query !== null) showQuery(value.query);
  for (const side of Object.values(store.scene.sides)) loadDecoder(side.decoder);
  notify({ scene: true, view: true });
  if (JSON.stringify(store.options) !== before) notify({ options: true });
  if (tab && tab !== store.view.tab) openTab(store.view.tab);
  if (introduce) introduceVisitor();
  else if (asked?.mine && !store.view.mine) forgetVisitor();
  const place = value.query !== null || !location.search ? oldPlace() : null; // what the link asks for comes first
  if (place) store.commit(place);
}

/** What the link asks for, now with the visitor's token: what opened the page came without. */
function introduceVisitor() {
  ask({ ...opened, mine: visitor.token });
}

/** The token meant nothing: what a link brought gives way to this browser's own, and that is forgotten. */
function forgetVisitor() {
  asked = null;
  if (!visitor.foreign) remember("");
  else if (leave()) store.commit({ mine: visitor.token });
}

/** Other image sets and runs have other images, points and codes: what does not carry over goes back to its default. */
function merged(view, patch) {
  if (patch.data && patch.data !== view.data) return { ...some(view, READERS), ...patch };
  const next = { ...view, ...patch };
  if ("left" in patch || "right" in patch) Object.assign(next, { decay: null, epsilon: null, lr: null }, patch);
  if ("left" in patch && !("z" in patch)) next.z = [];
  if ("right" in patch && !("code" in patch)) next.code = null;
  return next;
}

const some = (view, names) => Object.fromEntries(names.filter((name) => name in view).map((name) => [name, view[name]]));

function loadDecoder(address) {
  if (!address || (decoders.has(address.weights) && !decoders.get(address.weights).failed)) return;
  const entry = { decode: null, failed: false };
  decoders.set(address.weights, entry);
  load(address.weights, 2 * address.program.numbers)
    .then((buffer) => {
      entry.decode = makeDecoder(address.program, halvesToFloats(buffer));
    })
    .catch((error) => {
      entry.failed = true;
      console.warn(error);
    })
    .finally(() => notify({ weights: true }));
}

function gather({ vectors, size }, indices) {
  const grid = new Float32Array(indices.length * size);
  indices.forEach((index, cell) => grid.set(vectors.subarray(index * size, (index + 1) * size), cell * size));
  return grid;
}

function setOffline(offline) {
  if (store.offline === offline) return;
  store.offline = offline;
  notify({ view: true });
}

function notify(change) {
  if (!store.scene) return; // a font or a theme may come before there is anything to draw
  for (const listener of listeners) listener(change);
}

// the dark class of Gradio's body is the theme, whoever sets it
new MutationObserver(() => notify({ theme: true })).observe(document.body, { attributes: true, attributeFilter: ["class"] });

onReturn((query) => ask({ ...query, mine: visitor.token }));

document.fonts?.addEventListener("loadingdone", () => notify({ theme: true })); // canvases wrote with another font

window.explorer = { store }; // for tests and the curious; nothing here reads it
