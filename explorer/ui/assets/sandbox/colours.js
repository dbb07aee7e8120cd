// A codebook's colour is its rule's: gradient and EMA have two of their own, everywhere on the page.

import { colour } from "../core/theme.js";
import { EMA, GRADIENT } from "./rules.js";

export const family = (rule) => (GRADIENT.includes(rule) ? "gradient" : EMA.includes(rule) ? "ema" : "other");

const NAMES = { gradient: "--ex-gradient", ema: "--ex-ema", other: "--ex-ae" };

export const ruleColour = (rule) => colour(NAMES[family(rule)]);
