// A drawing context that writes SVG: what the planes draw on a canvas, drawn on this, is a file of shapes. It knows what
// they use of CanvasRenderingContext2D and nothing else. Sizes are CSS pixels.

const NAMESPACE = "http://www.w3.org/2000/svg";
const ANCHORS = { left: "start", center: "middle", right: "end" };
const BELOW = { top: 0.8, middle: 0.35, bottom: -0.22, alphabetic: 0 }; // from where a text stands to its base line, in its size
const PLAIN = {
  fillStyle: "#000", strokeStyle: "#000", globalAlpha: 1, lineWidth: 1, lineJoin: "miter", font: "400 10px sans-serif",
  textAlign: "left", textBaseline: "alphabetic", dash: "", transform: "",
};

export class SvgContext {
  /** @param ground colour that `clearRect` leaves behind */
  constructor(width, height, ground) {
    Object.assign(this, { width, height, ground, ...PLAIN });
    this.vector = true; // who would copy from a canvas draws shapes instead
    this.parts = [];
    this.path = "";
    this.dots = null; // rectangles of one colour, side by side: one element
    this.stack = [];
  }

  /** The file. @param title, @param description of it, for who cannot see it */
  text(title, description) {
    this.flush();
    const head = `<svg xmlns="${NAMESPACE}" viewBox="0 0 ${this.width} ${this.height}" width="${this.width}" height="${this.height}" role="img">`;
    const told = `<title>${escaped(title)}</title><desc>${escaped(description)}</desc>`;
    return `${head}\n${told}\n${this.parts.join("\n")}\n</svg>\n`;
  }

  // --- state

  save() {
    this.stack.push(Object.fromEntries(Object.keys(PLAIN).map((name) => [name, this[name]])));
  }

  restore() {
    Object.assign(this, this.stack.pop());
  }

  translate(x, y) {
    this.transform += `translate(${short(x)} ${short(y)})`;
  }

  rotate(angle) {
    this.transform += `rotate(${short((angle * 180) / Math.PI)})`;
  }

  setLineDash(lengths) {
    this.dash = lengths.join(" ");
  }

  // --- paths

  beginPath() {
    this.path = "";
  }

  moveTo(x, y) {
    this.path += `M${short(x)} ${short(y)}`;
  }

  lineTo(x, y) {
    this.path += `${this.path ? "L" : "M"}${short(x)} ${short(y)}`;
  }

  closePath() {
    this.path += "Z";
  }

  /** Whole circles only: nothing here draws a part of one. */
  arc(x, y, radius) {
    this.ellipse(x, y, radius, radius);
  }

  ellipse(x, y, rx, ry) {
    const half = (end) => `A${short(rx)} ${short(ry)} 0 1 0 ${short(end)} ${short(y)}`;
    this.path += `M${short(x - rx)} ${short(y)}${half(x + rx)}${half(x - rx)}Z`;
  }

  fill() {
    this.add("path", { d: this.path, ...this.inFill() });
  }

  stroke() {
    this.add("path", { d: this.path, ...this.inStroke() });
  }

  strokeRect(x, y, width, height) {
    this.add("path", { d: box(x, y, width, height), ...this.inStroke() });
  }

  fillRect(x, y, width, height) {
    const { fillStyle, globalAlpha, transform } = this;
    const key = `${fillStyle} ${globalAlpha} ${transform}`;
    if (this.dots?.key !== key) {
      this.flush();
      this.dots = { key, look: this.inFill(), boxes: [] };
    }
    this.dots.boxes.push(box(x, y, width, height));
  }

  clearRect(x, y, width, height) {
    this.add("path", { d: box(x, y, width, height), ...paint("fill", this.ground, 1) });
  }

  // --- texts and pictures

  fillText(text, x, y) {
    this.write(text, x, y, this.inFill());
  }

  strokeText(text, x, y) {
    this.write(text, x, y, this.inStroke());
  }

  write(text, x, y, look) {
    const [, weight, size, family] = /^(\d+) ([\d.]+)px (.*)$/.exec(this.font);
    this.add("text", {
      x: short(x), y: short(y + BELOW[this.textBaseline] * size), "font-size": size, "font-weight": weight, "font-family": family,
      "text-anchor": ANCHORS[this.textAlign], ...look,
    }, text);
  }

  /** (image, x, y, width, height), or with the part of the image before: its pixels travel within the file. */
  drawImage(image, ...places) {
    const [left, top, wide, high] = places.length === 8 ? places : [0, 0, image.width, image.height];
    const [x, y, width, height] = places.slice(-4);
    const copy = Object.assign(document.createElement("canvas"), { width: wide, height: high });
    copy.getContext("2d").drawImage(image, left, top, wide, high, 0, 0, wide, high);
    this.add("image", {
      x: short(x), y: short(y), width: short(width), height: short(height), opacity: opacity(this.globalAlpha),
      preserveAspectRatio: "none", href: copy.toDataURL(),
    });
  }

  // --- elements

  inFill() {
    return paint("fill", this.fillStyle, this.globalAlpha);
  }

  inStroke() {
    const { lineWidth, lineJoin, dash } = this;
    return {
      fill: "none", ...paint("stroke", this.strokeStyle, this.globalAlpha), "stroke-width": lineWidth,
      "stroke-linejoin": lineJoin === "miter" ? null : lineJoin, "stroke-dasharray": dash || null,
    };
  }

  add(tag, attributes, text = "") {
    this.flush();
    if (attributes.d === "") return;
    this.parts.push(element(tag, { ...attributes, transform: this.transform || null }, text));
  }

  flush() {
    const { dots } = this;
    this.dots = null;
    if (dots) this.parts.push(element("path", { d: dots.boxes.join(""), ...dots.look, transform: this.transform || null }));
  }
}

function element(tag, attributes, text = "") {
  const written = Object.entries(attributes).filter(([, value]) => value !== null)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`).join("");
  return `<${tag}${written}>${escaped(text)}</${tag}>`;
}

const box = (x, y, width, height) => `M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}Z`;

const short = (value) => String(Math.round(value * 100) / 100);

const opacity = (alpha) => (alpha < 1 ? short(alpha) : null);

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const colours = new Map();

/** Any CSS colour, mixed ones too, as every program that reads SVG knows it: #rrggbb and an opacity. */
function paint(what, style, alpha) {
  if (!colours.has(style)) {
    const context = new OffscreenCanvas(1, 1).getContext("2d");
    context.fillStyle = style;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
    colours.set(style, [`#${[r, g, b].map((value) => value.toString(16).padStart(2, "0")).join("")}`, a / 255]);
  }
  const [hex, own] = colours.get(style);
  return { [what]: hex, [`${what}-opacity`]: opacity(own * alpha) };
}
