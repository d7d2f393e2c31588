import assert from "node:assert";
import test from "node:test";
import { averaged, grey } from "../../../../explorer/device/page/pictures.js";
import { Tracker, planes } from "../../../../explorer/device/page/tracked.js";
import { arrays, assertNear } from "./arrays.mjs";

const { image, thumb } = arrays.tracked;

test("a shot's thumbnail is Python's", () => {
  assertNear(averaged(grey(image), 32, 18).data, thumb, 1);
});

test("pictures become planes from -1 to 1", () => {
  assertNear(
    planes([{ data: [0, 255, 127] }, { data: [128, 0, 255] }], 1),
    [-0.996, 0.996, -0.0039, 0.0039, -0.996, 0.996],
    1e-3,
  );
});

test("where nothing is found, nothing is followed", async () => {
  const empty = async (values, [count]) => [
    { data: [], dims: [] },
    { data: new Float32Array(20_000), dims: [count, 2, 60, 60] },
  ];
  const tracker = new Tracker({ pnet: empty });
  assert.deepStrictEqual(await tracker.next(image), []);
});
