/** The size at which faces are sought. */

import constants from "./constants.json" with { type: "json" };
import { rint } from "./numbers.js";
import { averaged } from "./pictures.js";

export const { WORKING_SIDE, MIN_FACE_SIDE } = constants.working_size;

/** [the picture at working size, the factor that leads back to its own pixels]. */
export function scaled(image) {
  const factor = Math.max(image.width, image.height) / WORKING_SIDE;
  if (factor <= 1) return [image, 1];
  return [averaged(image, Math.max(rint(image.width / factor), 1), Math.max(rint(image.height / factor), 1)), factor];
}
