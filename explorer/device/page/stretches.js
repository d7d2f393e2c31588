/** Stretches of a clip in which one person looks forged, whatever the rest looks like. */

import constants from "./constants.json" with { type: "json" };
import { mean, median } from "./numbers.js";

const { MIN_FACES, MIN_SHARE, MARGIN, NOISE, THROUGHOUT } = constants.stretches;

/** Where the p_fake of one person's faces lies well above the threshold for a while: [{fromS, toS, pFake}]. */
export function forgedStretches(pFake, times, threshold) {
  const shortest = Math.max(MIN_FACES, Math.ceil(MIN_SHARE * pFake.length));
  if (pFake.length < shortest) return [];
  const border = threshold + MARGIN * (1 - threshold);
  const cuts = [0, ...changePoints(pFake, shortest), pFake.length];
  const high = pFake.map(() => false);
  for (let part = 0; part + 1 < cuts.length; part++)
    high.fill(mean(pFake.slice(cuts[part], cuts[part + 1])) > border, cuts[part], cuts[part + 1]);
  const borders = [times[0], ...times.slice(1).map((time, at) => (time + times[at]) / 2), times.at(-1)];
  const stretches = [];
  for (let start = 0, end; start < high.length; start = end + 1) {
    for (end = start; end < high.length && high[end]; end++);
    if (end > start) stretches.push({ fromS: borders[start], toS: borders[end], pFake: mean(pFake.slice(start, end)) });
  }
  return stretches;
}

/** Where a curve jumps: the starts of all segments but the first, each of at least `shortest` values. */
export function changePoints(values, shortest) {
  const count = values.length;
  const jumps = values.slice(1).map((value, at) => Math.abs(value - values[at]));
  const noise = jumps.length ? Math.max(median(jumps) / 0.954, NOISE) : NOISE;
  const penalty = 2 * noise ** 2 * Math.log(Math.max(count, 2));
  const [sums, squares] = [1, 2].map((power) =>
    values.reduce((all, value) => [...all, all.at(-1) + value ** power], [0]),
  );
  const best = [0, ...Array(count).fill(Infinity)];
  const before = Array(count + 1).fill(0);
  for (let end = shortest; end <= count; end++)
    for (let start = 0; start <= end - shortest; start++) {
      const deviations = squares[end] - squares[start] - (sums[end] - sums[start]) ** 2 / (end - start);
      const cost = best[start] + deviations + penalty;
      if (cost < best[end]) [best[end], before[end]] = [cost, start];
    }
  const cuts = [];
  for (let end = before[count]; end; end = before[end]) cuts.unshift(end);
  return cuts;
}

/** When the stretches of a clip are, for people; what is nearer to an end than two samples to each other is at the end. */
export function wordsFor(stretches, durationS, samples) {
  const spacing = durationS / Math.max(samples, 1);
  const digits = spacing >= 1 ? 0 : 1;
  return stretches.map((each) => inWords(each, spacing, durationS - spacing, digits)).join(" and ");
}

function inWords({ fromS, toS }, early, late, digits) {
  const [start, end] = [`${fromS.toFixed(digits)} s`, `${toS.toFixed(digits)} s`];
  if (fromS <= early) return toS >= late ? THROUGHOUT : `from the start to ${end}`;
  return toS >= late ? `from ${start} to the end` : `from ${start} to ${end}`;
}
