import assert from "node:assert";
import test from "node:test";
import { detect, nms } from "../../../../explorer/device/page/cascade.js";
import { arrays, assertNear, replayed } from "./arrays.mjs";

const { image, calls, boxes, confidences } = arrays.cascade;

test("the networks are asked what Python asks them, and the same faces come of it", async () => {
  const [pnet, rnet, onet] = calls.map((call) => replayed(call, 1e-5));
  const faces = await detect(image, { pnet, rnet, onet }, 32);
  assert.ok(faces.length >= 1);
  assertNear(
    faces.map(({ box }) => box),
    boxes,
    1e-3,
  );
  assertNear(
    faces.map(({ score }) => score),
    confidences,
    0,
  );
});

test("a picture too small for a face needs no network", async () => {
  assert.deepStrictEqual(await detect({ width: 8, height: 8, data: new Uint8Array(192) }, {}, 32), []);
});

test("of boxes that overlap the surest stays", () => {
  const of = (score, ...box) => ({ score, box });
  const kept = nms([of(0.7, 0, 0, 10, 10), of(0.9, 1, 0, 11, 10), of(0.8, 50, 50, 60, 60)], 0.5);
  assert.deepStrictEqual(
    kept.map(({ score }) => score),
    [0.9, 0.8],
  );
});
