/** How a verdict looks: a sign, a word, a tint. */

import { make } from "./markup.js";

export const SIGNS = { fake: "▲ fake", real: "▼ real", uncertain: "? unsure", "no face": "no face" };
export const TINTS = { fake: "fake", real: "real", uncertain: "unsure", "no face": "none" };

/** The verdict as it stands in a table; of one that is to come, its place. */
export const pill = (verdict) =>
  make("span", { className: `pill ${TINTS[verdict] ?? "none"}`, textContent: SIGNS[verdict] ?? "…" });
