// Sentences of the tab Start.

import { store } from "../store.js";

export const word = (key) => store.scene?.start?.words[key] ?? "";
