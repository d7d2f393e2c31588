import test from "node:test";
import assert from "node:assert";
import { resizeCrop } from "../../../../explorer/device/page/crops.js";
import { mean } from "../../../../explorer/device/page/numbers.js";
import { arrays, assertNear } from "./arrays.mjs";

for (const { image, size, resized, ipp } of arrays.pictures)
  test(`${image.width} pixels become ${size} as OpenCV makes them`, () => {
    const { data } = resizeCrop(image, size);
    assertNear(data, resized, 1);
    // Without Intel's IPP, OpenCV rounds the weights of a growing picture.
    assert.ok(mean(resized.flat(9).map((level, at) => Math.abs(level - data[at]))) < (ipp ? 0.0005 : 0.1));
  });
