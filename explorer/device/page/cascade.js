/** MTCNN's cascade of three networks, on whatever runs the networks, as explorer/faces/mtcnn/cascade.py has it. */

import constants from "./constants.json" with { type: "json" };
import { IntegralImage } from "./integral.js";
import { CELL, STRIDE, cells, pyramid, sheet } from "./pyramid.js";

export const { INPUT_SIDES, STAGE_CONFIDENCES, NMS_OVERLAP, LEVEL_NMS_OVERLAP } = constants.cascade;
const f = Math.fround;

/** Grey levels as the networks take them, in place. */
export function centred(levels) {
  for (let at = 0; at < levels.length; at++) levels[at] = (levels[at] - 127.5) / 128;
  return levels;
}

/**
 * The faces of at least `smallest` pixels in a picture: [{box, score}], in no order.
 *
 * `networks` are {pnet, rnet, onet}: each takes (values, dims) and gives its outputs in facenet-pytorch's order,
 * {data, dims}.
 */
export async function detect(picture, networks, smallest) {
  const image = new IntegralImage(picture);
  let candidates = await proposed(image, networks.pnet, smallest);
  candidates = await judged(image, candidates.map(asSquare), networks.rnet, INPUT_SIDES[0], STAGE_CONFIDENCES[1]);
  candidates = nms(candidates, NMS_OVERLAP).map((each) => regressed(each, 1));
  candidates = await judged(image, candidates.map(asSquare), networks.onet, INPUT_SIDES[1], STAGE_CONFIDENCES[2]);
  return withoutParts(candidates.map((each) => regressed(each, 1)));
}

/** Non-maximum suppression: the best of those [{box, score}] that overlap by more, the surest first. */
export function nms(candidates, overlap) {
  const best = [];
  for (const each of [...candidates].filter(({ score }) => score > 0).sort((one, other) => other.score - one.score))
    if (best.every((other) => shared(each.box, other.box) <= overlap)) best.push(each);
  return best;
}

/** Without those that lie in a better one, by over NMS_OVERLAP of the smaller one's area; last pixels belong to them. */
export function withoutParts(candidates) {
  const size = ([x0, y0, x1, y1]) => (x1 - x0 + 1) * (y1 - y0 + 1);
  const best = [];
  for (const each of [...candidates].sort((one, other) => other.score - one.score)) {
    const inside = best.some(({ box }) => {
      const across = Math.min(box[2], each.box[2]) - Math.max(box[0], each.box[0]) + 1;
      const down = Math.min(box[3], each.box[3]) - Math.max(box[1], each.box[1]) + 1;
      return (Math.max(across, 0) * Math.max(down, 0)) / Math.min(size(box), size(each.box)) > NMS_OVERLAP;
    });
    if (!inside) best.push(each);
  }
  return best;
}

function shared(one, other) {
  const across = Math.min(one[2], other[2]) - Math.max(one[0], other[0]);
  const down = Math.min(one[3], other[3]) - Math.max(one[1], other[1]);
  if (across <= 0 || down <= 0) return 0;
  const size = ([x0, y0, x1, y1]) => (x1 - x0) * (y1 - y0);
  return (across * down) / (size(one) + size(other) - across * down);
}

/** What the first network finds on every level of the pyramid. */
async function proposed(image, pnet, smallest) {
  const levels = pyramid(image.height, image.width, smallest);
  if (!levels.levels.length) return [];
  const [offsets, scores] = await pnet(centred(sheet(levels, image)), [1, 3, levels.height, levels.width]);
  const found = levels.levels.flatMap((level) => nms(ofLevel(level, offsets, scores), LEVEL_NMS_OVERLAP));
  return nms(found, NMS_OVERLAP).map((each) => regressed(each, 0));
}

/** The cells that may show a face, as squares of the picture. */
function ofLevel(level, offsets, scores) {
  const [, , rows, columns] = scores.dims;
  const { top, left, height, width } = cells(level);
  const scale = f(level.scale);
  const candidates = [];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = (top + y) * columns + left + x;
      const score = scores.data[rows * columns + at];
      if (score < f(STAGE_CONFIDENCES[0])) continue;
      const [across, down] = [x * STRIDE, y * STRIDE];
      const box = [across + 1, down + 1, across + CELL, down + CELL].map((edge) => Math.floor(f(edge / scale)));
      candidates.push({ box, score, offsets: [0, 1, 2, 3].map((side) => offsets.data[side * rows * columns + at]) });
    }
  return candidates;
}

/** Those that the network is sure of, with its scores and offsets. */
async function judged(image, candidates, network, side, minConfidence) {
  const inside = candidates
    .map(({ box: [x0, y0, x1, y1] }, index) => ({
      square: [
        Math.max(Math.trunc(x0), 1) - 1,
        Math.max(Math.trunc(y0), 1) - 1,
        Math.min(Math.trunc(x1), image.width),
        Math.min(Math.trunc(y1), image.height),
      ],
      candidate: candidates[index],
    }))
    .filter(({ square }) => square[2] > square[0] && square[3] > square[1]);
  if (!inside.length) return [];
  const pieces = centred(
    image.cut(
      inside.map(({ square }) => square),
      side,
    ),
  );
  const outputs = await network(pieces, [inside.length, 3, side, side]);
  const [offsets, scores] = [outputs[0], outputs.at(-1)];
  return inside
    .map(({ candidate }, index) => ({
      box: candidate.box,
      score: scores.data[2 * index + 1],
      offsets: [...offsets.data.slice(4 * index, 4 * index + 4)],
    }))
    .filter(({ score }) => score > f(minConfidence));
}

/** By its offsets; the last two networks were trained on boxes whose last pixel belongs to them. */
function regressed({ box, score, offsets }, border) {
  const sizes = [box[2] - box[0] + border, box[3] - box[1] + border];
  return { box: box.map((edge, side) => f(edge + offsets[side] * sizes[side % 2])), score, offsets };
}

/** About its centre, with its longer side. */
function asSquare({ box: [x0, y0, x1, y1], score, offsets }) {
  const [width, height] = [f(x1 - x0), f(y1 - y0)];
  const longer = Math.max(width, height);
  const [left, top] = [f(x0 + width * 0.5 - longer * 0.5), f(y0 + height * 0.5 - longer * 0.5)];
  return { box: [left, top, f(left + longer), f(top + longer)], score, offsets };
}
