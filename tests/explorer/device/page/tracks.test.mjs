import assert from "node:assert";
import test from "node:test";
import { lookOf, sceneOf } from "../../../../explorer/device/page/appearance.js";
import { assigned } from "../../../../explorer/device/page/assignment.js";
import { supported } from "../../../../explorer/device/page/support.js";
import { follow } from "../../../../explorer/device/page/tracks.js";
import { arrays, assertNear } from "./arrays.mjs";

const { frames, people, scene, scene_image, times, judged, not_judged } = arrays.tracks;
const scenery = sceneOf(scene_image);
const faces = frames.map((shown, index) =>
  shown.map(({ box, crop }) => ({ timeS: times[index], box, look: lookOf(crop), scene: scenery })),
);

test("a frame is kept as Python keeps it", () => assertNear(scenery, scene, 0.5));

test("faces are joined to the same people", () => {
  const followed = follow(faces);
  assert.deepStrictEqual(
    followed.map(({ timeS, person }) => [timeS, person]),
    people.map(({ timeS, person }) => [timeS, person]),
  );
  assertNear(
    followed.map(({ box }) => box),
    people.map(({ box }) => box),
  );
});

test("who is seen once is not judged, and named", async () => {
  const cast = await supported(follow(faces), times, async (contexts) => contexts.map(() => 5));
  assert.strictEqual(cast.faces.length, judged);
  assert.strictEqual(cast.notJudged, not_judged);
});

test("who is upside down is told apart", async () => {
  const context = { width: 1, height: 2, channels: 3, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
  const upsideDown = [0, 1].map((timeS) => ({ timeS, person: 1, context }));
  const cast = await supported(upsideDown, [0, 1], async (contexts) =>
    contexts.map(({ data }) => (data[0] === 4 ? 5 : -5)),
  );
  assert.strictEqual(
    cast.notJudged,
    "a face upside down at 0.0 s, 1.0 s was not judged: turn the clip the right way up",
  );
});

test("nobody is followed where nobody is", () => assert.deepStrictEqual(follow([[], []]), []));

test("rows and columns are paired with the least sum", () => {
  assert.deepStrictEqual(
    assigned([
      [4, 1, 3],
      [2, 0, 5],
      [3, 2, 2],
    ]),
    [
      [0, 1],
      [1, 0],
      [2, 2],
    ],
  );
  assert.deepStrictEqual(assigned([[5], [1], [3]]), [[1, 0]]);
});
