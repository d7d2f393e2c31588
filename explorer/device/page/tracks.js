/** Faces of sampled frames joined to people, as explorer/faces/tracks.py joins them. */

import { difference } from "./appearance.js";
import { assigned } from "./assignment.js";
import constants from "./constants.json" with { type: "json" };
import { spread } from "./numbers.js";

const { SAME_PERSON, GALLERY } = constants.tracks;

/** The faces [{timeS, look, scene, box, ...}] of frames, frame by frame, numbered by `person` from 1, the one seen most. */
export function follow(frames) {
  const owners = frames.flatMap((faces, frame) => faces.map(() => frame));
  const faces = frames.flat();
  const people = joined(tracksOf(frames, faces), faces, owners);
  people.sort((one, other) => other.length - one.length || one[0] - other[0]);
  const numbered = people.flatMap((person, index) => person.map((face) => ({ ...faces[face], person: index + 1 })));
  return numbered.sort((one, other) => one.timeS - other.timeS || one.person - other.person);
}

/** Indices of the faces that follow one another from frame to frame. */
function tracksOf(frames, faces) {
  const tracks = [];
  let [alive, next] = [[], 0]; // the tracks that the frame before ended with
  for (const frame of frames) {
    if (!frame.length) continue;
    const now = frame.map((_, index) => next + index);
    next += frame.length;
    const costs = now.map((face) => alive.map((track) => difference(faces[face], faces[track.at(-1)])));
    const pairs = alive.length ? assigned(costs).filter(([row, column]) => costs[row][column] <= SAME_PERSON) : [];
    const goesOn = new Map(pairs.map(([row, column]) => [now[row], alive[column]]));
    alive = now.map((face) => {
      const track = goesOn.get(face) ?? [];
      if (!track.length) tracks.push(track);
      track.push(face);
      return track;
    });
  }
  return tracks;
}

/** The tracks of one person as one, the most alike first, but never two that are seen in one frame. */
function joined(tracks, faces, owners) {
  const groups = [...tracks].sort((one, other) => other.length - one.length);
  const costs = groups.map((track) => groups.map((other) => costOf(track, other, faces, owners)));
  const alive = new Set(groups.keys());
  for (;;) {
    let [least, first, second] = [Infinity, -1, -1];
    for (const row of alive)
      for (const column of alive)
        if (costs[row][column] < least) [least, first, second] = [costs[row][column], row, column];
    if (least > SAME_PERSON) return [...alive].map((group) => groups[group]);
    groups[first] = [...groups[first], ...groups[second]].sort((one, other) => one - other);
    alive.delete(second);
    for (const each of alive) {
      const apart = costs[first][each] === Infinity || costs[second][each] === Infinity;
      costs[first][each] = costs[each][first] = apart ? Infinity : Math.min(costs[first][each], costs[second][each]);
    }
  }
}

/** How different the most alike faces of two tracks are; infinite where a frame shows both. */
function costOf(track, other, faces, owners) {
  const frames = new Set(track.map((face) => owners[face]));
  if (other.some((face) => frames.has(owners[face]))) return Infinity;
  const gallery = (each) => spread(each.length, GALLERY).map((place) => faces[each[place]]);
  const theirs = gallery(other);
  return Math.min(...gallery(track).flatMap((face) => theirs.map((against) => difference(face, against))));
}
