/** What all detectors together say of several people, in the words of explorer/exports/conclusion.py. */

import constants from "./constants.json" with { type: "json" };
import { filled } from "./sentences.js";
import { FAKE } from "./verdicts.js";

const { MEANT } = constants.conclusion;

/** Whom those results mean that say fake, of several people among the faces; empty where there is nothing to tell. */
export function meant(results, faces) {
  const fake = results.filter(({ verdict, people }) => verdict === FAKE && people.length);
  if (!fake.length || new Set(faces.map(({ person }) => person)).size < 2) return "";
  const counts = new Map();
  for (const { people } of fake) counts.set(people[0].person, (counts.get(people[0].person) ?? 0) + 1);
  const [[person, count]] = [...counts].sort(([, one], [, other]) => other - one);
  const who = results.length === 1 ? "one" : count === results.length ? "all" : "some";
  return filled(MEANT[who], { person, count });
}
