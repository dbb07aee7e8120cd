// A formula of the scene as MathML: the browser draws it, nothing is fetched.

const NAMESPACE = "http://www.w3.org/1998/Math/MathML";

export function mathOf(node) {
  if (typeof node === "string") return document.createTextNode(node);
  const element = document.createElementNS(NAMESPACE, node.tag);
  if (node.symbol) element.setAttribute("class", `ex-sym-${node.symbol}`);
  if (node.tag === "mo") element.setAttribute("stretchy", "false"); // a hat would stretch the brackets of its line
  if (node.tag === "math") element.setAttribute("display", "block");
  element.append(...node.children.map(mathOf));
  return element;
}
