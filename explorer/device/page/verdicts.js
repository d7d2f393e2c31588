/** From the fake probabilities of faces to the verdicts on people and on their clip. */

import constants from "./constants.json" with { type: "json" };
import { mean } from "./numbers.js";
import { forgedStretches } from "./stretches.js";

export const { FAKE, REAL, UNCERTAIN, NO_FACE, UNCERTAIN_BAND } = constants.verdicts;

/** p_fake = sigmoid(logit), in [0, 1]. */
export const probability = (logit) =>
  logit >= 0 ? 1 / (1 + Math.exp(-logit)) : Math.exp(logit) / (1 + Math.exp(logit));

/** The band that a release records, or else UNCERTAIN_BAND to either side of the threshold, within [0, 1]. */
export function uncertainBand(threshold, recorded = []) {
  if (recorded.length) return recorded;
  return [Math.max(threshold - UNCERTAIN_BAND, 0), Math.min(threshold + UNCERTAIN_BAND, 1)];
}

/** `fake`, `real`, `uncertain` (inside of that band) or `no face` (pFake is null). */
export function verdict(pFake, threshold, [low, high]) {
  if (pFake === null) return NO_FACE;
  if (low < pFake && pFake < high) return UNCERTAIN;
  return pFake > threshold ? FAKE : REAL;
}

/** Scores of the people, the most suspicious first: [{person, faces, pFake, verdict, stretches}]. Times ascend. */
export function judgePeople(pFake, persons, times, threshold, uncertain) {
  const scores = [...new Set(persons)]
    .sort((one, other) => one - other)
    .map((person) => {
      const own = (values) => values.filter((_, index) => persons[index] === person);
      const [ours, stretches] = [own(pFake), forgedStretches(own(pFake), own(times), threshold)];
      const word = stretches.length ? FAKE : verdict(mean(ours), threshold, uncertain);
      return { person, faces: ours.length, pFake: mean(ours), verdict: word, stretches };
    });
  return scores.sort((one, other) => (one.verdict !== FAKE) - (other.verdict !== FAKE) || other.pFake - one.pFake);
}
