// While a scene is under way the page already has the next step's runs, and the panel still the last step's words.

import { store } from "../core/store.js";

const POSED_FOR = ["guide", "data", "left", "right"]; // what of a View every question is posed for

/** Whether another step, or other runs, were asked for than those of the scene. */
export const ahead = () => POSED_FOR.some((key) => store.view[key] !== store.scene.view[key]);
