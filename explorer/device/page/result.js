/** What the detectors say of a clip: a sentence, a row for each, curves, and a moment with what each looked at. */

import { curves, keyOf } from "./curves.js";
import { make } from "./markup.js";
import { Moment } from "./moment.js";
import { wordsFor } from "./stretches.js";

const SIGNS = { fake: "▲ fake", real: "▼ real", uncertain: "? unsure", "no face": "no face" };
const TINTS = { fake: "fake", real: "real", uncertain: "unsure", "no face": "none" };

export class Result {
  constructor(place, name, caution) {
    this.headline = make("section", { className: "hero none", ariaLabel: "What the detectors say" });
    this.rows = make("tbody");
    const heads = ["Detector", "Verdict", "p_fake", "Fake frames", "ms a face", "Who, when"];
    const head = make("tr", {}, ...heads.map((text) => make("th", { scope: "col", textContent: text })));
    this.table = make(
      "div",
      { className: "scroll", tabIndex: 0, role: "region", ariaLabel: "A row for each detector" },
      make("table", {}, make("thead", {}, head), this.rows),
    );
    this.curves = make("div", { className: "curves" });
    this.moment = new Moment();
    Object.assign(this, { name, caution, results: [], durationS: 0, firstS: NaN });
    let width = 0;
    new ResizeObserver(() => {
      if (this.results.length && width !== this.curves.clientWidth) this.#draw();
      width = this.curves.clientWidth;
    }).observe(this.curves);
    place.replaceChildren(this.headline, this.table, this.curves, this.moment.element);
    this.headline.append(make("p", { className: "big", textContent: "Looking at the clip ..." }));
  }

  opened({ durationS }) {
    this.durationS = durationS;
  }

  faces(faces, notJudged) {
    this.all = faces;
    this.notJudged = notJudged;
    this.moment.show(faces);
  }

  /** One more detector's result. */
  judged(variant, result) {
    this.results.push({ variant, ...result });
    this.rows.append(rowOf(variant, result, this.all, this.durationS));
    this.#draw();
    this.moment.judged(variant, result);
    this.#conclude();
  }

  #draw() {
    const width = this.curves.clientWidth || 640;
    this.curves.replaceChildren(
      curves(this.results, this.all, this.durationS, width, (index) => this.moment.go(index)),
    );
  }

  #conclude() {
    const counts = Object.groupBy ? Object.groupBy(this.results, ({ verdict }) => verdict) : grouped(this.results);
    const [[word, those]] = Object.entries(counts).sort(([, one], [, other]) => other.length - one.length);
    const all = this.results.length;
    const split = those.length * 2 <= all && all > 1;
    const said = split
      ? "The detectors contradict each other"
      : all > 1
        ? `${those.length} of ${all} detectors say ${SIGNS[word]}`
        : `${those[0].variant.title} says ${SIGNS[word]}`;
    this.headline.className = `hero ${split ? "none" : TINTS[word]}`;
    this.headline.replaceChildren(
      make("p", { className: "of" }, make("bdi", { textContent: this.name })),
      make("p", { className: "big", textContent: `${said}.` }),
      ...(this.notJudged ? [make("p", { className: "quiet", textContent: `${this.notJudged}.` })] : []),
      make("p", { className: "quiet", textContent: this.caution }),
    );
  }
}

function grouped(results) {
  const groups = {};
  for (const result of results) (groups[result.verdict] ??= []).push(result);
  return groups;
}

/** On a phone, where there is no head, a cell says what it is. */
function cell(name, content) {
  const element = make("td", {}, content);
  element.dataset.name = name;
  return element;
}

function rowOf(variant, result, faces, durationS) {
  const [median, low, high] = result.msPerFace;
  const several = new Set(faces.map(({ person }) => person)).size > 1;
  const [person] = result.people;
  const samples = new Set(faces.map(({ timeS }) => timeS)).size;
  const when = wordsFor(person.stretches, durationS, samples);
  const row = make(
    "tr",
    {},
    make("th", { scope: "row" }, keyOf(variant), ` ${variant.title}`),
    cell("Verdict", make("span", { className: `pill ${TINTS[result.verdict]}`, textContent: SIGNS[result.verdict] })),
    cell("p_fake", result.pFake.toFixed(3)),
    cell("Fake frames", `${Math.round(100 * result.fakeFrameRate)} %`),
    cell(
      "ms a face",
      make("span", {
        textContent: median.toFixed(0),
        title: `a quarter below ${low.toFixed(0)}, a quarter above ${high.toFixed(0)}`,
      }),
    ),
    cell(
      "Who, when",
      [several ? `person ${person.person}` : "", when].filter(Boolean).join(": ") || "no forged stretch",
    ),
  );
  row.dataset.result = JSON.stringify({
    name: variant.name,
    verdict: result.verdict,
    pFake: result.pFake,
    pFrames: result.pFrames,
    times: faces.map(({ timeS }) => timeS),
    boxes: faces.map(({ box }) => box),
    ms: median,
  });
  return row;
}
