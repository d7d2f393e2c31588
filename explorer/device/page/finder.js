/** Faces by MTCNN, in every frame anew. */

import { largestFirst } from "./boxes.js";
import { detect } from "./cascade.js";
import constants from "./constants.json" with { type: "json" };
import { MIN_FACE_SIDE, scaled } from "./working_size.js";

export const { MIN_CONFIDENCE } = constants.finder;

/** The surest face of a picture and those that MTCNN is sure of, in its own pixels, the largest first. */
export async function mtcnn(image, networks) {
  const [small, factor] = scaled(image);
  return surest(await detect(small, networks, MIN_FACE_SIDE)).map((box) =>
    box.map((edge) => Math.fround(edge * factor)),
  );
}

/** Of [{box, score}] the one with the best score, and those that are sure enough; the largest first. */
export function surest(faces) {
  const least = Math.min(MIN_CONFIDENCE, Math.max(0, ...faces.map(({ score }) => score)));
  return largestFirst(faces.filter(({ score }) => score >= least).map(({ box }) => box));
}
