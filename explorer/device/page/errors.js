/** What goes wrong and is told to the visitor in one sentence. */

export class PageError extends Error {}

/** The sentence of an error; of one that is nobody's fault but ours, that it is one. */
export const sentenceOf = (error) =>
  error instanceof PageError ? error.message : `This page failed (${error.message}).`;
