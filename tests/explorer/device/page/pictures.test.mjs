import test from "node:test";
import { resizeCrop } from "../../../../explorer/device/page/crops.js";
import { arrays, assertNear } from "./arrays.mjs";

for (const { image, size, resized } of arrays.pictures)
  test(`${image.width} pixels become ${size} as OpenCV makes them`, () => {
    assertNear(resizeCrop(image, size).data, resized, 1);
  });
