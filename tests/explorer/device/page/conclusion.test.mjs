import assert from "node:assert";
import test from "node:test";
import { meant } from "../../../../explorer/device/page/conclusion.js";
import { asText } from "../../../../explorer/device/page/sentences.js";

const says = (verdict, person) => ({ verdict, people: [{ person }] });
const faces = [{ person: 1 }, { person: 2 }];

test("of several people it is said whom the detectors mean", () => {
  assert.strictEqual(meant([says("fake", 2)], faces), "It means person 2.");
  assert.strictEqual(meant([says("fake", 2), says("fake", 2)], faces), "They agree on person 2.");
  assert.strictEqual(meant([says("fake", 1), says("fake", 2), says("fake", 2)], faces), "2 of them mean person 2.");
});

test("nobody is meant where nobody is fake, or one person is there", () => {
  assert.strictEqual(meant([says("real", 2)], faces), "");
  assert.strictEqual(meant([says("fake", 1)], faces.slice(0, 1)), "");
});

test("sentences stand in a text", () => assert.strictEqual(asText(["", "one; more", "two"]), "One; more. Two."));
