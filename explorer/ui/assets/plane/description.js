// A plane in words: for who cannot see it, and below a saved picture.

import { store } from "../core/store.js";

/** What is on it, in words and numbers. */
export function described({ plane, side, name }) {
  const { z, code } = store.pins(name);
  const { mean, sigma, indices } = plane.selected;
  const hits = plane.mode === "codes" ? store.codes(name)?.hits : null;
  const params = {
    model: `${side.title} ${side.label}`, points: plane.count.toLocaleString(), image: store.scene.strip.selected.name,
    x: coordinate(mean[0]), y: coordinate(mean[1]), sigma: sigma.map((value) => value.toFixed(3)).join(", "),
    codes: plane.codes[0], dead: hits ? hits.filter((n) => !n).length : "?", distinct: new Set(indices).size,
    total: plane.total.toLocaleString(),
  };
  const kind = plane.mode === "codes" ? "codes" : sigma.length ? "gaussian" : "points";
  const pinned = z ? store.t("client.plane.pinned", { x: coordinate(z[0]), y: coordinate(z[1]) })
    : code === null ? "" : store.t("client.plane.code", { code, hits: (hits?.[code] ?? 0).toLocaleString() });
  return [store.t(`client.plane.${kind}`, params), pinned].filter(Boolean).join(". ");
}

/** Title, sentences and file name of a saved plane. */
export function told({ title, label, run, plane }) {
  const lines = [axes(plane.projection?.method, plane.mode === "codes" ? "e" : "z"), plane.caption];
  return { title: `${title} · ${label} · ${run}`, lines, file: `plane-${run}` };
}

/** What the axes are: a latent's own two numbers, or those of a projection by `method`. */
export function axes(method, letter) {
  const [x, y] = method ? [1, 2].map((n) => `${method.toUpperCase()} ${n}`) : ["₁", "₂"].map((n) => letter + n);
  return store.t("client.plane.axes", { x, y });
}

const coordinate = (value) => (Number.isFinite(value) ? value.toFixed(2).replace("-", "−") : "?");
