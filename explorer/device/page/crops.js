/** The one crop geometry, as explorer/faces/crops.py has it. */

import { cropSquare } from "./boxes.js";
import constants from "./constants.json" with { type: "json" };
import { rint } from "./numbers.js";
import { averaged, cubic, picture } from "./pictures.js";

export const { CROP_SIDE } = constants.crops;

/** A square crop scaled: averaged when it shrinks, cubic when it grows. */
export function resizeCrop(image, size) {
  if (image.width === size) return image;
  return (image.width > size ? averaged : cubic)(image, size, size);
}

/** The crop of the face in `box`; what lies outside the frame repeats its edge. Throws for a box without area. */
export function cutFace(image, box, size) {
  const square = cropSquare(box).map(rint);
  if (!(square[2] > square[0] && square[3] > square[1])) throw new RangeError(`a face box needs an area, got ${box}`);
  return resizeCrop(cut(image, square, true), size);
}

/** What lies in the square, scaled to `side`; black outside of the frame. */
export const cutSquare = (image, square, side) => averaged(cut(image, square, false), side, side);

/** What lies in a square of whole pixels; outside of the image its edge goes on, or it is black. */
export function cut(image, [x0, y0, x1, y1], edge) {
  const result = picture(x1 - x0, y1 - y0, image.channels);
  const { channels, data } = image;
  for (let y = y0, to = 0; y < y1; y++)
    for (let x = x0; x < x1; x++, to += channels) {
      if (!edge && (x < 0 || y < 0 || x >= image.width || y >= image.height)) continue;
      const column = Math.min(Math.max(x, 0), image.width - 1);
      const row = Math.min(Math.max(y, 0), image.height - 1);
      const from = (row * image.width + column) * channels;
      for (let channel = 0; channel < channels; channel++) result.data[to + channel] = data[from + channel];
    }
  return result;
}

/** A picture with its edge repeated for `margin` pixels on each side. */
export const withRoom = (image, margin) =>
  cut(image, [-margin, -margin, image.width + margin, image.height + margin], true);
