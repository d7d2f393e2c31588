/** Faces that the picture cuts off, found once more in a picture with a margin. */

import { area } from "./boxes.js";
import constants from "./constants.json" with { type: "json" };
import { withRoom } from "./crops.js";
import { rint } from "./numbers.js";

const { MIN_SHARE, MARGIN } = constants.close_ups;

/** Whether the first of the boxes, the largest, fills MIN_SHARE of the image and leaves it. */
export function cutOff(boxes, { width, height }) {
  if (!boxes.length || area(boxes[0]) < MIN_SHARE * height * width) return false;
  const [x0, y0, x1, y1] = boxes[0];
  return x0 < 0 || y0 < 0 || x1 > width || y1 > height;
}

/** `boxes` of a picture, and where they are cut off what `findAgain` says of it with room around. */
export async function withMargins(boxes, image, findAgain) {
  if (!cutOff(boxes, image)) return boxes;
  const margin = rint(MARGIN * Math.max(image.width, image.height));
  const again = await findAgain(withRoom(image, margin));
  return again.length ? again.map((box) => box.map((edge) => Math.fround(edge - margin))) : boxes;
}
