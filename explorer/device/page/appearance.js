/** How alike two faces of a clip look, where they are and in what picture, as explorer/faces/appearance.py tells it. */

import { iou } from "./boxes.js";
import constants from "./constants.json" with { type: "json" };
import { averaged, thinned } from "./pictures.js";

const { FACE_SIDE, SCENE_SIDE, SAME_SCENE, STEADY, STEP, FARTHEST } = constants.appearance;
const WHITE = [0.950456, 1, 1.088754];
const TO_XYZ = [
  [0.412453, 0.35758, 0.180423],
  [0.212671, 0.71516, 0.072169],
  [0.019334, 0.119193, 0.950227],
];
const LINEAR = Float64Array.from({ length: 256 }, (_, level) => {
  const share = level / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
});

/** A frame small enough to be kept, in CIE L*a*b*. */
export function sceneOf(image) {
  const step = Math.max(Math.floor(Math.min(image.width, image.height) / (4 * SCENE_SIDE)), 1);
  return thumbnail(thinned(image, step), SCENE_SIDE);
}

/** A face's crop small enough to be compared, in CIE L*a*b*. */
export const lookOf = (crop) => thumbnail(crop, FACE_SIDE);

/** How different two faces {look, scene, box} are, in units of CIE L*a*b*: 0 is the same face in the same place. */
export function difference(one, other) {
  const shot = Math.exp(-((rootMeanSquare(one.scene, other.scene) / SAME_SCENE) ** 2));
  const [width, otherWidth] = [one, other].map(({ box }) => Math.max(box[2] - box[0], 1));
  const centre = ({ box }) => [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  const [[x, y], [u, v]] = [centre(one), centre(other)];
  const move = Math.hypot(x - u, y - v) / ((width + otherWidth) / 2);
  const looks = rootMeanSquare(one.look, other.look);
  return looks * (1 - STEADY * iou(one.box, other.box) * shot) + STEP * Math.min(move, FARTHEST);
}

function thumbnail(image, side) {
  const { data } = averaged(image, side, side);
  const values = new Float32Array(data.length);
  for (let at = 0; at < data.length; at += 3) {
    const levels = [LINEAR[data[at]], LINEAR[data[at + 1]], LINEAR[data[at + 2]]];
    const xyz = TO_XYZ.map(
      (row, axis) => row.reduce((sum, weight, part) => sum + weight * levels[part], 0) / WHITE[axis],
    );
    const [x, y, z] = xyz.map((share) => (share > 0.008856 ? Math.cbrt(share) : 7.787 * share + 16 / 116));
    values.set([116 * y - 16, 500 * (x - y), 200 * (y - z)], at);
  }
  return values;
}

function rootMeanSquare(one, other) {
  return Math.sqrt(one.reduce((sum, value, at) => sum + (value - other[at]) ** 2, 0) / one.length);
}
