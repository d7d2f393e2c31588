/** p_fake over time, a line for each detector. */

import { draw, make } from "./markup.js";

const [HEIGHT, LEFT, RIGHT, BOTTOM, TOP] = [200, 34, 8, 22, 8];
const DASHES = { solid: "", dash: "8 5", dot: "2 4", dashdot: "8 4 2 4", longdash: "14 6", longdashdot: "14 5 2 5" };

/** A figure of [{variant, pFrames}] over `faces`, some of which are to come, so many pixels wide; `chosen` gets the index of the face clicked. */
export function curves(results, faces, durationS, width, chosen) {
  const end = durationS || 1;
  const x = (timeS) => LEFT + (timeS / end) * (width - LEFT - RIGHT);
  const y = (pFake) => TOP + (1 - pFake) * (HEIGHT - TOP - BOTTOM);
  const names = results.map(({ variant }) => variant.title).join(", ");
  const svg = draw("svg", {
    viewBox: `0 0 ${width} ${HEIGHT}`,
    role: "img",
    "aria-label": `p_fake over time by ${names}`,
  });
  for (const level of [0, 0.5, 1])
    svg.append(
      draw("line", { x1: LEFT, x2: width - RIGHT, y1: y(level), y2: y(level), class: "grid" }),
      draw("text", { x: LEFT - 6, y: y(level) + 4, "text-anchor": "end" }, `${level}`),
    );
  for (const share of [0, 0.5, 1])
    svg.append(
      draw(
        "text",
        { x: x(share * end), y: HEIGHT - 6, "text-anchor": share === 1 ? "end" : share ? "middle" : "start" },
        `${(share * durationS).toFixed(1)} s`,
      ),
    );
  for (const { variant, pFrames, people } of results) {
    if (!people.length) continue; // it is to come
    const shown = faces
      .map((face, index) => ({ ...face, pFake: pFrames[index] }))
      .filter(({ person }) => person === people[0].person);
    const points = shown.map(({ timeS, pFake }) => `${x(timeS).toFixed(1)},${y(pFake).toFixed(1)}`).join(" ");
    svg.append(
      draw("polyline", {
        points,
        stroke: variant.colour,
        "stroke-dasharray": DASHES[variant.dash] ?? "",
        class: "curve",
      }),
    );
    if (shown.length < 2)
      svg.append(
        ...shown.map(({ timeS, pFake }) => draw("circle", { cx: x(timeS), cy: y(pFake), r: 4, fill: variant.colour })),
      );
  }
  svg.addEventListener("click", ({ clientX }) => {
    const box = svg.getBoundingClientRect();
    const timeS = ((((clientX - box.left) / box.width) * width - LEFT) / (width - LEFT - RIGHT)) * end;
    const distances = faces.map((face) => Math.abs(face.timeS - timeS));
    chosen(distances.indexOf(Math.min(...distances)));
  });
  const caption = results.map(({ variant }) => make("span", {}, keyOf(variant), ` ${variant.title}`));
  return make(
    "figure",
    {},
    svg,
    make("figcaption", {}, "p_fake over time, of the most suspicious person: ", ...caption),
  );
}

/** A variant's line, as it is drawn. */
export function keyOf(variant) {
  const line = {
    x1: 0,
    x2: 30,
    y1: 5,
    y2: 5,
    stroke: variant.colour,
    "stroke-dasharray": DASHES[variant.dash] ?? "",
    class: "curve",
  };
  return draw("svg", { viewBox: "0 0 30 10", class: "key", "aria-hidden": "true" }, draw("line", line));
}
