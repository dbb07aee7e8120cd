// A grid of codes under edit: what the encoder chose, what stands there now, and every step between. Nothing of the page.

const LONGEST = 500; // steps kept

export class Bench {
  /** @param base the image's own codes, row by row; @param grid cells along one side */
  constructor(base, grid) {
    this.grid = grid;
    this.base = Uint32Array.from(base);
    this.codes = Uint32Array.from(base);
    this.past = [];
    this.future = [];
    this.before = null; // while a stroke is under way: the grid as it began
  }

  /** Cells that differ from the image's own codes. */
  get edited() {
    return this.codes.reduce((count, code, cell) => count + (code !== this.base[cell]), 0);
  }

  /** The encoder's choice has changed, since codes were moved on the plane: a grid nobody has painted follows it. */
  rebase(base) {
    const untouched = this.edited === 0;
    this.base = Uint32Array.from(base);
    if (untouched) this.codes = Uint32Array.from(base);
  }

  // --- a stroke is one step, however many cells it crosses

  begin() {
    this.before ??= this.codes.slice();
  }

  /** Returns whether anything changed. */
  set(cells, code) {
    let changed = false;
    for (const cell of cells) {
      changed ||= this.codes[cell] !== code;
      this.codes[cell] = code;
    }
    return changed;
  }

  end() {
    const before = this.before;
    this.before = null;
    if (!before || before.every((code, cell) => code === this.codes[cell])) return;
    this.past.push(before);
    if (this.past.length > LONGEST) this.past.shift();
    this.future = [];
  }

  /** One step that changes the grid as `edit(codes)` does, which writes into its argument. */
  step(edit) {
    this.end(); // a stroke that was still under way is a step of its own
    this.begin();
    edit(this.codes);
    this.end();
  }

  undo() {
    this.travel(this.past, this.future);
  }

  redo() {
    this.travel(this.future, this.past);
  }

  travel(from, to) {
    this.end();
    const grid = from.pop();
    if (!grid) return;
    to.push(this.codes);
    this.codes = grid;
  }

  // --- steps

  clear() {
    this.step((codes) => codes.set(this.base));
  }

  fillAll(code) {
    this.step((codes) => codes.fill(code));
  }

  /** The cells joined to `cell` by equal codes, side by side, become `code`. */
  flood(cell, code) {
    const [from, region, open] = [this.codes[cell], new Set([cell]), [cell]];
    while (open.length) {
      for (const next of this.neighbours(open.pop())) {
        if (this.codes[next] !== from || region.has(next)) continue;
        region.add(next);
        open.push(next);
      }
    }
    this.step(() => this.set(region, code));
  }

  neighbours(cell) {
    const { grid } = this;
    const [x, y] = [cell % grid, Math.floor(cell / grid)];
    return [x > 0 && cell - 1, x < grid - 1 && cell + 1, y > 0 && cell - grid, y < grid - 1 && cell + grid].filter((next) => next !== false);
  }

  /** Each cell gets one of `choice`, all equally likely. */
  random(choice, draw = Math.random) {
    this.step((codes) => codes.forEach((_, cell) => (codes[cell] = choice[Math.floor(draw() * choice.length)])));
  }

  /** The same codes in another order (Fisher and Yates). */
  permute(draw = Math.random) {
    this.step((codes) => {
      for (let i = codes.length - 1; i > 0; i--) {
        const j = Math.floor(draw() * (i + 1));
        [codes[i], codes[j]] = [codes[j], codes[i]];
      }
    });
  }

  /** Copies a rectangle {x, y, w, h} of another grid so that its corner comes to (x, y); what hangs over is cut off. */
  paste(source, rect, x, y) {
    const { grid } = this;
    this.step((codes) => {
      for (let dy = 0; dy < rect.h; dy++) {
        for (let dx = 0; dx < rect.w; dx++) {
          const [tx, ty] = [x + dx, y + dy];
          if (tx >= 0 && ty >= 0 && tx < grid && ty < grid) codes[ty * grid + tx] = source[(rect.y + dy) * grid + rect.x + dx];
        }
      }
    });
  }
}

/** The cells a straight stroke from one cell to another crosses, both ends included. */
export function cellsBetween(from, to, grid) {
  const [x0, y0, x1, y1] = [from % grid, Math.floor(from / grid), to % grid, Math.floor(to / grid)];
  const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0));
  const cells = [to];
  for (let s = 0; s < steps; s++) {
    cells.push(Math.round(y0 + ((y1 - y0) * s) / steps) * grid + Math.round(x0 + ((x1 - x0) * s) / steps));
  }
  return cells;
}
