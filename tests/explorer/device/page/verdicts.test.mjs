import assert from "node:assert";
import test from "node:test";
import { wordsFor } from "../../../../explorer/device/page/stretches.js";
import { judgePeople, probability, uncertainBand, verdict } from "../../../../explorer/device/page/verdicts.js";
import { arrays, assertNear } from "./arrays.mjs";

const { logits, p_fake, persons, times, cases, words } = arrays.verdicts;

test("logits become p_fake", () => assertNear(logits.map(probability), p_fake, 1e-12));

for (const { threshold, uncertain, people } of cases)
  test(`people are judged at a threshold of ${threshold}`, () => {
    const judged = judgePeople(p_fake, persons, times, threshold, uncertain);
    const plain = ({ person, faces, verdict, stretches }) => [
      person,
      faces,
      verdict,
      stretches.map(({ fromS, toS }) => [fromS, toS]),
    ];
    assert.deepStrictEqual(judged.map(plain), people.map(plain));
    assertNear(
      judged.map(({ pFake }) => pFake),
      people.map(({ pFake }) => pFake),
      1e-12,
    );
  });

test("when a stretch is, is told as in Python", () => {
  for (const [[fromS, toS, durationS, samples], told] of words)
    assert.strictEqual(wordsFor([{ fromS, toS }], durationS, samples), told);
});

test("no face is not a number", () => assert.strictEqual(verdict(null, 0.5, [0.4, 0.6]), "no face"));

test("a release without a band has one of 0.1 to either side", () => {
  assertNear(uncertainBand(0.95), [0.85, 1]);
  assert.deepStrictEqual(uncertainBand(0.5, [0.3, 0.6]), [0.3, 0.6]);
});
