/** Evidence maps laid over faces: where a detector looked. */

import constants from "./constants.json" with { type: "json" };
import { rint } from "./numbers.js";
import { cubicValues, picture } from "./pictures.js";

const { PALETTE } = constants.overlay; // of each level of evidence red, green, blue and opacity

/** Evidence {data, height, width} over its crop; red speaks for fake, blue for real. */
export function evidenceOverlay(crop, { data, height, width }) {
  const local = cubicValues(data, width, height, crop.width, crop.height);
  const result = picture(crop.width, crop.height);
  for (let pixel = 0; pixel < local.length; pixel++) {
    const level = rint(255 / (1 + Math.exp(-Math.min(Math.max(local[pixel], -20), 20))));
    const [opacity, at] = [PALETTE[level][3] / 255, 3 * pixel];
    for (let channel = 0; channel < 3; channel++)
      result.data[at + channel] = rint(crop.data[at + channel] * (1 - opacity) + PALETTE[level][channel] * opacity);
  }
  return result;
}
