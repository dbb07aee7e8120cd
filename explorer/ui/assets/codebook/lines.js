// The lines of the update, in our own words: what they compute, as code, as a formula, and in which columns it stands.

/** Each line: {key, code, formula, columns: which of the table's columns it computes or reads, layer: what the plane shows}. */
const HITS = {
  key: "hits", code: "hits = torch.bincount(codes, minlength=K)", formula: "n = #{z → k}",
  columns: ["hits"], layer: "spokes",
};
const SUMS = {
  key: "sums", code: "sums = torch.zeros(K, D).index_add_(0, codes, z)", formula: "Σz (z → k)",
  columns: ["sums"], layer: "spokes",
};

const SMOOTHED = {
  key: "smoothed", code: "smooth = (count + eps) / (count.sum() + K * eps) * count.sum()",
  formula: "Ñ = (N + ε) / (ΣN + Kε) · ΣN", columns: ["count", "smoothed"], layer: "counts",
};

const STORED = { key: "stored", code: "count = smooth", formula: "N ← Ñ", columns: ["smoothed"], layer: "counts" };

export function linesOf(start) {
  if (!start) return GRADIENT;
  const divisor = start === "hold" ? "torch.where(hits > 0, smooth, count)" : "smooth";
  return [
    HITS,
    {
      key: "count", code: "count = decay * count + (1 - decay) * hits", formula: "N ← γN + (1−γ)n",
      columns: ["hits", "count_before", "count"], layer: "counts",
    },
    SMOOTHED,
    ...(start === "snippet" ? [STORED] : []),
    SUMS,
    {
      key: "total", code: "ema_sum = decay * ema_sum + (1 - decay) * sums", formula: "m ← γm + (1−γ)Σz",
      columns: ["sums", "total"], layer: "means",
    },
    {
      key: "codebook", code: `codebook = ema_sum / ${divisor}[:, None]`,
      formula: start === "hold" ? "e ← m / Ñ  (n = 0: m / N)" : "e ← m / Ñ",
      columns: ["total", "smoothed", "before", "codebook", "rate"], layer: "arrows",
    },
  ];
}

const GRADIENT = [
  HITS,
  SUMS,
  {
    key: "loss", code: "loss = ((z.detach() - codebook[codes]) ** 2).mean()", formula: "L = mean ‖z − e‖²",
    columns: ["before"], layer: "spokes",
  },
  {
    key: "gradient", code: "grad = 2 * (hits[:, None] * codebook - sums) / z.numel()", formula: "∂L/∂e = 2(n·e − Σz) / (N·D)",
    columns: ["hits", "sums", "before", "gradient"], layer: "means",
  },
  {
    key: "moved", code: "codebook -= lr * grad", formula: "e ← e − η ∂L/∂e",
    columns: ["gradient", "before", "change", "codebook"], layer: "arrows",
  },
];

export const columnsOf = (start) =>
  start
    ? ["code", "hits", "sums", "count_before", "count", "smoothed", "total", "before", "codebook", "rate"]
    : ["code", "hits", "sums", "before", "gradient", "change", "codebook"];
