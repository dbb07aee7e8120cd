// Sentences of the tab Start.

import { store } from "../core/store.js";

export const word = (key) => store.scene?.start?.words[key] ?? "";
