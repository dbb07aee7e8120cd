// What a panel is called by who listens to the page: its side, its model, its sizes.

import { store } from "../core/store.js";

export function panelName(side, { title, label }) {
  return store.t("client.panel", { side: store.t(`client.side.${side}`), model: [title, label].filter(Boolean).join(" · ") });
}
