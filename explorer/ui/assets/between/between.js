// Between two pictures: rows through every latent and through plain pixels; and the AE's plane beside the VAE's.

import { Rough } from "./rough.js";
import { Rows } from "./rows.js";
import { styleSheet } from "../core/dom.js";
import { whenPlanesAnswer } from "../core/when_seen.js";
import { store } from "../core/store.js";
import "../core/tip.js";

const AHEAD = 600; // pixels before a reader sees it: rows take as long as the way there

export async function mount(element) {
  await styleSheet("between/between.css");
  await new Promise(whenPlanesAnswer);
  const root = element.querySelector(".ex-between");
  const sections = [new Rows(), new Rough()];
  root.replaceChildren(...sections.map((section) => section.element));
  const look = () => store.scene?.between && sections.forEach((section) => section.look());
  for (const section of sections) watch(section.element, AHEAD, (near) => {
    section.near = near;
    look();
  });
  watch(root, 100, (near) => {
    for (const section of sections) section.drawn = near;
    look();
  });
  const update = (change) => {
    if (!store.scene?.between) return; // another tab is open
    for (const section of sections) section.update(change);
  };
  store.subscribe(update);
  update({ scene: true });
}

/** Nothing is asked for before a reader gets near it, and nothing drawn on the planes while all of it is out of sight. */
function watch(element, ahead, act) {
  new IntersectionObserver(([entry]) => act(entry.isIntersecting), { rootMargin: `${ahead}px` }).observe(element);
}
