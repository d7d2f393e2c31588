import assert from "node:assert";
import test from "node:test";
import { unseen } from "../../../../explorer/device/page/sampling.js";
import { supported } from "../../../../explorer/device/page/support.js";
import { arrays } from "./arrays.mjs";

const { times, read, unseen: sentences, people, too_many } = arrays.told;

test("what was not looked at is told as in Python", () =>
  assert.deepStrictEqual(
    read.map((isRead) => unseen("a {b}.mp4", times, isRead, 1)),
    sentences,
  ));

test("more people than are judged are told as in Python", async () => {
  const faces = people.map((person, index) => ({
    timeS: Math.floor((2 * index) / people.length),
    person,
    context: null,
  }));
  const cast = await supported(faces, [0, 1], async (contexts) => contexts.map(() => 5));
  assert.strictEqual(cast.tooMany, too_many);
  assert.strictEqual(new Set(cast.faces.map(({ person }) => person)).size, 32);
});
