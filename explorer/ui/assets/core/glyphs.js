// Shapes that go with the colours: one for each model kind, one for each class.

const KIND_PATHS = {
  vae: "M8 2.5 A5.5 5.5 0 1 1 7.99 2.5 Z", // a disc: a smooth cloud
  vqvae: "M2.5 2.5 h4.6 v4.6 h-4.6 Z M8.9 2.5 h4.6 v4.6 h-4.6 Z M2.5 8.9 h4.6 v4.6 h-4.6 Z M8.9 8.9 h4.6 v4.6 h-4.6 Z", // a grid of codes
  ae: "M8 2 L14 13 H2 Z",
};

const LINK_PATH = "M6.5 9.5 9.5 6.5 M7 4.5 8.6 2.9 a3.2 3.2 0 0 1 4.5 4.5 L11.5 9 M9 11.5 7.4 13.1 a3.2 3.2 0 0 1 -4.5 -4.5 L4.5 7";

/** An inline SVG for a model kind, coloured by the style sheet. */
export const kindGlyph = (kind) => svg(KIND_PATHS[kind], `ex-glyph ex-glyph-${kind}`);

/** A chain, for "copy link". */
export const linkGlyph = () => lineGlyph(LINK_PATH);

/** An icon of lines, in the colour of the text. */
export const lineGlyph = (path) => svg(path, "ex-glyph ex-glyph-line");

function svg(path, className) {
  const make = (tag, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const root = make("svg", { viewBox: "0 0 16 16", class: className, "aria-hidden": "true" });
  root.append(make("path", { d: path }));
  return root;
}

// Rectangles [x, y, w, h] in units of a dot's side, around its centre: ten thousand of them are one fast pass of fillRect.
const CLASS_SHAPES = [
  [[-0.5, -0.5, 1, 1]], // square
  [[-0.7, -0.2, 1.4, 0.4], [-0.2, -0.7, 0.4, 1.4]], // plus
  [[-0.75, -0.25, 1.5, 0.5]], // bar
  [[-0.25, -0.75, 0.5, 1.5]], // post
  [[-0.25, -0.65, 0.5, 1.3], [-0.65, -0.25, 1.3, 0.5], [-0.45, -0.45, 0.9, 0.9]], // disc
  [[-0.65, -0.65, 1.3, 0.4], [-0.65, 0.25, 1.3, 0.4]], // two bars
  [[-0.65, -0.65, 0.4, 1.3], [0.25, -0.65, 0.4, 1.3]], // two posts
  [[-0.65, -0.65, 1.3, 0.4], [-0.2, -0.65, 0.4, 1.3]], // T
  [[-0.65, -0.65, 0.4, 1.3], [-0.65, 0.25, 1.3, 0.4]], // L
  [[-0.6, -0.6, 0.6, 0.6], [0, 0, 0.6, 0.6]], // stairs
];

export const classShape = (index) => CLASS_SHAPES[index % CLASS_SHAPES.length];

/** Draws a class's dot of `side` pixels at (x, y), in the context's fill colour. */
export function fillDot(context, shape, x, y, side) {
  for (const [dx, dy, w, h] of shape) context.fillRect(x + dx * side, y + dy * side, w * side, h * side);
}
