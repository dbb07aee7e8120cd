// The plane that samples are drawn on: the test set's latents, the prior, the map of holes, the samples, the hand.

import { fit } from "../plane/frame.js";
import { drawGrid, drawNote, drawPoints, haloText } from "../plane/layers.js";
import { drawPoint } from "../plane/marks.js";
import { PointMeaning } from "../plane/meaning.js";
import { PlaneView } from "../plane/plane.js";
import { canvasFont, colour, kindColour } from "../core/theme.js";
import { store } from "../core/store.js";
import { drawHoles } from "./holes.js";

const NEAR = 10; // pixels: the hand means a sample

export class SamplePlane extends PlaneView {
  /** @param on {choose(k), pick(point or null)}: a sample was chosen; a place between them was, or is let go */
  constructor(name, on) {
    super(name);
    this.on = on;
    this.meanings.point = new SampleMeaning(this);
    this.samples = []; // [x, y] each
    this.lit = this.chosen = this.picked = null;
    this.holes = null; // what `drawHoles` takes; null shows the classes
    this.disc = null; // {centre, radii, label}: where 95 % of the prior lies
  }

  show(patch) {
    Object.assign(this, patch);
    if (!this.frame || !this.points) return;
    if ("holes" in patch || "disc" in patch) this.look();
    else this.drawMoving();
  }

  extent() {
    const { centre = [0, 0], radii = [3, 3] } = this.disc ?? {};
    const must = [-1, 1].map((sign) => centre.map((value, axis) => value + 1.05 * sign * radii[axis]));
    return fit(this.points.xy, { must, symmetric: this.plane.mode === "gaussian" });
  }

  drawStill(context = this.blank(this.still)) {
    if (this.holes) drawHoles(context, this.frame, this.holes);
    drawGrid(context, this.frame);
    this.drawnPoints = this.holes ? this.drawQuiet(context) : drawPoints(context, this.frame, this.points, null);
    if (this.disc) this.drawDisc(context, this.disc);
    const left = this.points.labels.length - this.drawnPoints;
    if (left) drawNote(context, this.frame, store.t("client.points_outside", { count: left.toLocaleString() }));
  }

  /** Points without their classes, so that the colours of the map are the only ones. */
  drawQuiet(context) {
    const { xy } = this.points;
    let drawn = 0;
    context.fillStyle = colour("--body-text-color");
    context.globalAlpha = 0.32;
    for (let i = 0; i < xy.length; i += 2) {
      const [x, y] = [this.frame.x(xy[i]), this.frame.y(xy[i + 1])];
      if (!(x >= 0 && y >= 0 && x <= this.frame.width && y <= this.frame.height)) continue;
      context.fillRect(x - 0.6, y - 0.6, 1.2, 1.2);
      drawn += 1;
    }
    context.globalAlpha = 1;
    return drawn;
  }

  drawDisc(context, { centre, radii, label }) {
    const [x, y] = [this.frame.x(centre[0]), this.frame.y(centre[1])];
    const [rx, ry] = radii.map((radius) => radius * this.frame.scale);
    context.strokeStyle = context.fillStyle = kindColour(this.side.kind);
    context.lineWidth = 1.5;
    context.setLineDash([5, 4]);
    context.beginPath();
    context.ellipse(x, y, rx, ry, 0, 0, 2 * Math.PI);
    context.stroke();
    context.setLineDash([]);
    context.font = canvasFont(11, 600);
    context.textAlign = "center";
    context.textBaseline = "bottom";
    haloText(context, label, x, Math.max(14, y - ry - 3));
  }

  /** A disc with its number once it is lit or chosen. */
  drawSample(context, [px, py], k) {
    const [x, y] = [this.frame.x(px), this.frame.y(py)];
    const marked = k === this.lit || k === this.chosen;
    context.beginPath();
    context.arc(x, y, marked ? 7 : 4.5, 0, 2 * Math.PI);
    context.fillStyle = kindColour(this.side.kind);
    context.strokeStyle = marked ? colour("--body-text-color") : colour("--ex-plane");
    context.lineWidth = marked ? 2.5 : 1.5;
    context.fill();
    context.stroke();
    if (!marked) return;
    context.font = canvasFont(12, 700);
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillStyle = colour("--body-text-color");
    haloText(context, `${k + 1}`, x + 11, y);
  }

  /** The sample under a point of the plane, or null. */
  sampleAt(point) {
    if (!this.frame || !point) return null;
    let best = null;
    let least = NEAR / this.frame.scale;
    this.samples.forEach(([x, y], k) => {
      const distance = Math.hypot(x - point[0], y - point[1]);
      if (distance < least) [least, best] = [distance, k];
    });
    return best;
  }
}

/** The hand means samples, and places between them; one place can be held and dragged. */
class SampleMeaning extends PointMeaning {
  get pinned() {
    return this.view.picked;
  }

  get mean() {
    return this.view.samples[this.view.chosen ?? 0] ?? [0, 0];
  }

  /** Only the place that is held: a sample lies where it was drawn. */
  handleAt(at, reach) {
    return this.pinned ? super.handleAt(at, reach) : null;
  }

  pin(point) {
    const k = this.view.sampleAt(point);
    if (k === null) super.pin(point);
    else this.view.on.choose(k);
  }

  hold(point) {
    const digits = Math.max(3, Math.ceil(Math.log10(this.view.frame.scale)) + 1);
    this.view.on.pick(point.map((value) => Number(value.toFixed(digits))));
  }

  unpin() {
    this.view.on.pick(null);
  }

  draw(context, frame) {
    const { view } = this;
    view.samples.forEach((point, k) => view.drawSample(context, point, k));
    if (this.pinned) drawPoint(context, frame, view.side.kind, this.pinned, true);
    if (this.hovered && view.lit === null) drawPoint(context, frame, view.side.kind, this.hovered, false);
  }
}
