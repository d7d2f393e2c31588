/** Which of the people in a clip are surely people, as explorer/faces/support.py decides it. */

import constants from "./constants.json" with { type: "json" };
import { mean, spread } from "./numbers.js";
import { turnedOver } from "./pictures.js";
import { filled } from "./sentences.js";

export const { MAX_PEOPLE, MIN_FACES, LOOKED_AT, MIN_LOG_ODDS, RARE, RARE_LOG_ODDS, TIMES_TOLD } = constants.support;
const { _UNSURE: UNSURE, _UPSIDE_DOWN: UPSIDE_DOWN, _CROWD: CROWD } = constants.support;

/**
 * Those people of whom enough was seen, of faces [{timeS, person, context}] in the order of time, found in frames at
 * ascending `times`: {faces, notJudged, tooMany}. The last two are sentences, empty where there is no need: on what was
 * seen but not judged, and that there are more people than are judged.
 *
 * `examine` gives the log-odds that contexts show faces.
 */
export async function supported(faces, times, examine) {
  const people = Map.groupBy ? Map.groupBy(faces, ({ person }) => person) : grouped(faces);
  const judged = [];
  for (const person of [...people.keys()].sort((one, other) => one - other))
    if (await isSeen(people.get(person), times, examine)) judged.push(person);
  const kept = new Map(judged.slice(0, MAX_PEOPLE).map((person, index) => [person, index + 1]));
  const turned = [];
  for (const person of people.keys())
    if (!judged.includes(person) && (await isUpsideDown(people.get(person), times, examine))) turned.push(person);
  const timesOf = (those) => faces.filter(({ person }) => those(person)).map(({ timeS }) => timeS);
  const told = [
    inWords(
      timesOf((person) => turned.includes(person)),
      ...UPSIDE_DOWN,
    ),
    inWords(
      timesOf((person) => !judged.includes(person) && !turned.includes(person)),
      ...UNSURE,
    ),
  ];
  return {
    faces: faces.filter(({ person }) => kept.has(person)).map((face) => ({ ...face, person: kept.get(face.person) })),
    notJudged: told.filter(Boolean).join("; "),
    tooMany: judged.length > MAX_PEOPLE ? filled(CROWD, { count: judged.length, most: MAX_PEOPLE }) : "",
  };
}

function grouped(faces) {
  const people = new Map();
  for (const face of faces) people.set(face.person, [...(people.get(face.person) ?? []), face]);
  return people;
}

async function isSeen(faces, times, examine) {
  if (faces.length < Math.min(MIN_FACES, times.length)) return false;
  const stay = times.filter((time) => time >= faces[0].timeS && time <= faces.at(-1).timeS).length;
  const odds = await examine(lookedAt(faces));
  return mean(odds) >= (faces.length < RARE * stay ? RARE_LOG_ODDS : MIN_LOG_ODDS);
}

/** Whether these look like faces only once the clip is turned the right way up. */
async function isUpsideDown(faces, times, examine) {
  if (faces.length < Math.min(MIN_FACES, times.length)) return false;
  const shown = lookedAt(faces);
  const asTurned = mean(await examine(shown.map((context) => context && turnedOver(context))));
  return asTurned >= MIN_LOG_ODDS + Math.max(mean(await examine(shown)), 0);
}

/** The contexts of up to LOOKED_AT of a person's faces, the first and the last among them. */
const lookedAt = (faces) => spread(faces.length, LOOKED_AT).map((place) => faces[place].context);

function inWords(times, what, fate) {
  const moments = [...new Set([...times].sort((one, other) => one - other).map((time) => `${time.toFixed(1)} s`))];
  if (!moments.length) return "";
  const more = moments.length - TIMES_TOLD;
  const told =
    moments.slice(0, TIMES_TOLD).join(", ") + (more > 0 ? ` and at ${more} other time${more > 1 ? "s" : ""}` : "");
  return `${what} at ${told} ${fate}`;
}
