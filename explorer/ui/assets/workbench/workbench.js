// The workbench Code grid, below the planes. This file only waits: everything else travels when it comes into sight.

import { h, styleSheet } from "../core/dom.js";
import { inSight, whenPlanesAnswer } from "../core/when_seen.js";
import { store } from "../core/store.js";

export function mount(element) {
  const root = element.querySelector(".ex-bench");
  root.style.minHeight = "480px"; // an empty element would be in sight of everything above it
  whenPlanesAnswer(() => inSight(root, () => open(root), 0));
}

async function open(root) {
  try {
    const [{ Board }] = await Promise.all([import("./board.js"), styleSheet("workbench/workbench.css")]);
    root.style.minHeight = "";
    root.explorer = new Board(root);
  } catch (error) {
    console.warn(error);
    root.replaceChildren(h("p", { class: "ex-chip", role: "status" }, store.t("client.offline")));
  }
}
