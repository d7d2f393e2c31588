/** The last network's opinion of a face seen from several sides, as explorer/faces/mtcnn/second_look.py asks for it. */

import { longerSquare, transformBox } from "./boxes.js";
import { INPUT_SIDES } from "./cascade.js";
import constants from "./constants.json" with { type: "json" };
import { cutSquare } from "./crops.js";
import { median } from "./numbers.js";
import { warped } from "./pictures.js";
import { planes } from "./tracked.js";

const { GROWN, CONTEXT_SIDE, VIEWS, MIRRORED, NEAREST, SPREAD_WEIGHT } = constants.second_look;
const SIDE = INPUT_SIDES[1];

/** A face with what is around it, a picture of CONTEXT_SIDE pixels. */
export function context(image, box) {
  const grown = transformBox(longerSquare(box), [GROWN, GROWN], [0, 0]);
  return cutSquare(image, longerSquare(grown), CONTEXT_SIDE);
}

/** How surely contexts show faces, a number for each: above 0 more likely than not. */
export async function logOdds(contexts, onet) {
  if (!contexts.length) return [];
  const matrices = VIEWS.map(viewMatrix);
  const seen = contexts.flatMap((shown) => matrices.map((matrix) => warped(shown, matrix, SIDE)));
  const [, landmarks, confidences] = await onet(planes(seen, SIDE), [seen.length, 3, SIDE, SIDE]);
  return contexts.map((_, face) => {
    const views = VIEWS.map((view, index) => {
      const at = face * VIEWS.length + index;
      const confident = Math.min(Math.max(confidences.data[2 * at + 1], NEAREST), 1 - NEAREST);
      const points = landmarks.data.slice(10 * at, 10 * at + 10);
      return { odds: Math.log(confident / (1 - confident)), points: back(points, view, matrices[index]) };
    });
    let apart = 0;
    for (let point = 0; point < 5; point++) {
      const [x, y] = [0, 1].map((axis) => median(views.map(({ points }) => points[point][axis])));
      for (const { points } of views)
        apart += Math.hypot(points[point][0] - x, points[point][1] - y) / (5 * views.length);
    }
    const odds = views.reduce((sum, view) => sum + view.odds, 0) / views.length;
    return odds - (SPREAD_WEIGHT * apart * GROWN) / CONTEXT_SIDE;
  });
}

/** From pixels of a context to those of a view, two rows of three. */
function viewMatrix([mirrored, shift, degrees]) {
  const side = CONTEXT_SIDE / GROWN;
  const [cosine, sine] = [Math.cos, Math.sin].map((of) => (of((degrees * Math.PI) / 180) * SIDE) / side);
  const sign = mirrored ? -1 : 1;
  const centre = [CONTEXT_SIDE / 2 + shift * side, CONTEXT_SIDE / 2];
  return [
    [sign * cosine, sign * sine],
    [-sine, cosine],
  ].map((row) => [...row, SIDE / 2 - row[0] * centre[0] - row[1] * centre[1]]);
}

/** Landmarks of a view, five x and then five y in its sides, in pixels of the context. */
function back(landmarks, [mirrored], [[a, b, c], [d, e, g]]) {
  const determinant = a * e - b * d;
  const order = mirrored ? MIRRORED : [0, 1, 2, 3, 4];
  return order.map((point) => {
    const [x, y] = [landmarks[point] * SIDE - c, landmarks[5 + point] * SIDE - g];
    return [(e * x - b * y) / determinant, (a * y - d * x) / determinant];
  });
}
