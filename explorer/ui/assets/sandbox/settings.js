// The settings of a sandbox as the link writes them (explorer/ui/view/sandbox.py reads them).

export const SIZES = [16, 32, 64, 128, 256, 512];
export const BATCHES = [16, 32, 64, 128, 256];
export const SEEDS = 1_000_000;

const side = ({ rule, restart }) => (restart ? `${rule}-restart` : rule);

const short = (value) => String(Number(value.toPrecision(4)));

/** Settings as a value of the View. */
export const written = ({ left, right, init, codes, batch, decay, sgd, adam, seed }) =>
  [side(left), side(right), init, codes, batch, short(decay), short(sgd), short(adam), seed].join("_");
