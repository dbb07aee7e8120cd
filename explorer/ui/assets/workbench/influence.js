// The twin of explorer/metrics/influence.py.

/** `|Δ|` of two pictures in [0, 1], mean over channels: (H*W*C) each -> (H*W). */
export function changeOf(before, after, channels) {
  const change = new Float32Array(before.length / channels);
  for (let p = 0; p < change.length; p++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += Math.abs(after[p * channels + c] - before[p * channels + c]);
    change[p] = sum / channels;
  }
  return change;
}

/** `(Σ|Δ|)² / (P_pix·ΣΔ²)`: the share of the picture that answers; NaN where nothing changes. */
export function footprint(change) {
  let [sum, squares] = [0, 0];
  for (const value of change) {
    sum += value;
    squares += value * value;
  }
  return (sum * sum) / (change.length * squares);
}
