/** Which stretches of a clip were not looked at, as explorer/video/sampling.py tells it. */

import constants from "./constants.json" with { type: "json" };
import { filled } from "./sentences.js";

const { MOST_NAMED, NOT_LOOKED_AT } = constants.sampling;

/** From when to when nothing was looked at, of ascending `times` that were wanted and whether each `isRead`: [[s, s]]. */
export function unseenStretches(times, isRead, endS) {
  const stretches = [];
  for (let start = 0, end; start < times.length; start = end + 1) {
    for (end = start; end < times.length && !isRead[end]; end++);
    if (end > start) stretches.push([start ? times[start - 1] : 0, times[end] ?? endS]);
  }
  return stretches;
}

/** A sentence on what was not looked at of a clip; empty where every frame that was wanted has been read. */
export function unseen(name, times, isRead, endS) {
  const stretches = unseenStretches(times, isRead, endS);
  if (!stretches.length) return "";
  const named = stretches.slice(0, MOST_NAMED).map(([from, to]) => `${from.toFixed(2)} to ${to.toFixed(2)} s`);
  const more = stretches.length > MOST_NAMED ? [`${stretches.length - MOST_NAMED} more stretches`] : [];
  const seen = isRead.filter(Boolean).length;
  return filled(NOT_LOOKED_AT, { stretches: [...named, ...more].join(", "), name, seen, wanted: times.length });
}
