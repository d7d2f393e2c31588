/** Pure geometry on boxes, [x0, y0, x1, y1] in pixels of the frame, as explorer/faces/boxes.py has it. */

import constants from "./constants.json" with { type: "json" };
import { rint } from "./numbers.js";

const { SIDE_PER_WIDTH, SIDE_PER_HEIGHT, CENTRE_ACROSS, CENTRE_DOWN } = constants.boxes;
const f = Math.fround;

/** A face box -> the square crop of training; it may leave the frame. */
export function cropSquare([x0, y0, x1, y1]) {
  const side = f(Math.sqrt(SIDE_PER_WIDTH * f(x1 - x0) * SIDE_PER_HEIGHT * f(y1 - y0)));
  const left = f((x0 + x1) / 2 - side * CENTRE_ACROSS);
  const top = f((y0 + y1) / 2 - side * CENTRE_DOWN);
  return [left, top, f(left + side), f(top + side)];
}

/** A box grown by `scale` [across, down] about its centre, after moving it by `shift`, in box widths and heights. */
export function transformBox([x0, y0, x1, y1], scale, shift) {
  const [width, height] = [x1 - x0, y1 - y0];
  const [x, y] = [(x0 + x1) / 2 + width * shift[0], (y0 + y1) / 2 + height * shift[1]];
  const [across, down] = [(width * scale[0]) / 2, (height * scale[1]) / 2];
  return [f(x - across), f(y - down), f(x + across), f(y + down)];
}

/** What `transformBox` takes a box to another by: width, height, shift right and down. */
export function relativeTransform([x0, y0, x1, y1], [u0, v0, u1, v1]) {
  const [width, height] = [x1 - x0, y1 - y0];
  const moved = [(u0 + u1 - x0 - x1) / 2, (v0 + v1 - y0 - y1) / 2];
  return [(u1 - u0) / width, (v1 - v0) / height, moved[0] / width, moved[1] / height];
}

/** A square in whole pixels about the box's centre, of its longer side, as MTCNN's cascade cuts its candidates. */
export function longerSquare([x0, y0, x1, y1]) {
  const half = f(Math.max(f(x1 - x0), f(y1 - y0)) / 2);
  const [x, y] = [f(f(x0 + x1) / 2), f(f(y0 + y1) / 2)];
  return [f(x - half), f(y - half), f(x + half), f(y + half)].map(rint);
}

/** In square pixels; an inverted box has area 0. */
export const area = ([x0, y0, x1, y1]) => f(Math.max(x1 - x0, 0)) * f(Math.max(y1 - y0, 0));

/** The boxes in the order of their areas. */
export const largestFirst = (boxes) => [...boxes].sort((one, other) => area(other) - area(one));

/** Intersection over union of two boxes, in [0, 1]. */
export function iou(one, other) {
  const shared = area([
    Math.max(one[0], other[0]),
    Math.max(one[1], other[1]),
    Math.min(one[2], other[2]),
    Math.min(one[3], other[3]),
  ]);
  const union = area(one) + area(other) - shared;
  return union > 0 ? shared / union : 0;
}
