/** Sentences of the constants, whose places are named in braces. */

/** The sentence with the values in their places. */
export const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** Several sentences as they stand in a text, each with a capital and a full stop; empty ones are left out. */
export const asText = (sentences) =>
  sentences
    .filter(Boolean)
    .map((sentence) => `${sentence[0].toUpperCase()}${sentence.slice(1)}.`)
    .join(" ");
