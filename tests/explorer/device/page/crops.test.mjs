import assert from "node:assert";
import test from "node:test";
import { longerSquare } from "../../../../explorer/device/page/boxes.js";
import { cutFace, cutSquare } from "../../../../explorer/device/page/crops.js";
import { arrays, assertNear } from "./arrays.mjs";

const { image, boxes, faces, squares } = arrays.crops;

test("faces are cut inside of the frame and beyond it", () => {
  boxes.forEach((box, index) => assertNear(cutFace(image, box, 112).data, faces[index], 1));
});

test("the cascade's squares are black beyond the frame", () => {
  boxes.forEach((box, index) => assertNear(cutSquare(image, longerSquare(box), 48).data, squares[index], 1));
});

test("a box without area is refused", () => {
  assert.throws(() => cutFace(image, [5, 5, 5, 9], 112), /needs an area/);
});
