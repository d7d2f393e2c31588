import test from "node:test";
import {
  cropSquare,
  iou,
  largestFirst,
  longerSquare,
  relativeTransform,
  transformBox,
} from "../../../../explorer/device/page/boxes.js";
import { arrays, assertNear } from "./arrays.mjs";

const { boxes, squares, longer, relative, iou: ious, largest } = arrays.boxes;

test("boxes become the squares of training, and those of the cascade", () => {
  assertNear(boxes.map(cropSquare), squares);
  assertNear(boxes.map(longerSquare), longer, 0);
});

test("boxes are compared and ordered", () => {
  const pairs = [0, 1, 2].map((index) => [boxes[index], boxes[index + 3]]);
  assertNear(
    pairs.map(([one, other]) => relativeTransform(one, other)),
    relative,
  );
  assertNear(
    pairs.map(([one, other]) => iou(one, other)),
    ious,
  );
  assertNear(largestFirst(boxes), largest, 0);
  for (const [one, other] of pairs) {
    const by = relativeTransform(one, other);
    assertNear(transformBox(one, by.slice(0, 2), by.slice(2)), other, 1e-3);
  }
});
