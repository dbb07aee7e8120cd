// A chart in words: one sentence for each line or cloud of points, with the numbers that it draws.

import { bytesOf } from "../core/dom.js";
import { store } from "../core/store.js";

const MOST = 12; // sentences: more help nobody

/** Sentences about the traces of a Plotly figure; none for traces that are only guides. */
export function summary(figure) {
  const traces = (figure?.data ?? []).map((trace) => ({ ...trace, x: plain(trace.x), y: plain(trace.y) }))
    .filter(({ y, x, visible }) => (y ?? x)?.length && visible !== "legendonly");
  const sentences = traces.map(sentence).filter(Boolean);
  const more = sentences.length - MOST;
  return more > 0 ? [...sentences.slice(0, MOST), store.t("client.chart.more", { count: more })] : sentences;
}

function sentence({ name, meta, x = [], y = [], z }) {
  if (z) return null;
  const values = numbers(y);
  if (!values.length) return null;
  const title = [meta?.panel, name].filter(Boolean).join(store.view.lang === "zh" ? "，" : ", ") || store.t("client.chart.values");
  const params = { title, count: values.length, low: written(Math.min(...values)), high: written(Math.max(...values)) };
  if (values.length === 1) return store.t("client.chart.one", { ...params, x: written(x[0]), y: params.low });
  const ends = { from: written(values[0]), to: written(values.at(-1)), first: written(x[0]), last: written(x[x.length - 1]) };
  return store.t("client.chart.line", { ...params, ...ends });
}

const ARRAYS = {
  f8: Float64Array, f4: Float32Array, i4: Int32Array, u4: Uint32Array, i2: Int16Array, u2: Uint16Array, i1: Int8Array, u1: Uint8Array,
};

/** The values of an array that Plotly takes as base64. */
function plain(values) {
  return values?.bdata && ARRAYS[values.dtype] ? Array.from(new ARRAYS[values.dtype](bytesOf(values.bdata).buffer)) : values;
}

const numbers = (values) => [...values].filter((value) => typeof value === "number" && Number.isFinite(value));

/** Three digits; a word stays a word. */
function written(value) {
  if (typeof value !== "number") return String(value ?? "");
  return (Number.isInteger(value) ? value.toLocaleString() : String(Number(value.toPrecision(3)))).replace("-", "−");
}
