/** What the detectors say of a clip: a sentence, a row for each, curves, and a moment with what each looked at. */

import { meant } from "./conclusion.js";
import { curves, keyOf } from "./curves.js";
import { make } from "./markup.js";
import { Moment } from "./moment.js";
import { peopleTable } from "./people_table.js";
import { asText } from "./sentences.js";
import { wordsFor } from "./stretches.js";
import { SIGNS, TINTS, pill } from "./verdict_marks.js";

const HEADS = ["Detector", "Verdict", "p_fake", "Fake frames", "ms a face", "Who, when"];

export class Result {
  /** Of the clip of this name, by these variants; `caution` is a sentence that always stands there. */
  constructor(place, name, variants, caution) {
    this.headline = make("section", { className: "hero none", ariaLabel: "What the detectors say" });
    this.rows = make("tbody");
    const head = make("tr", {}, ...HEADS.map((text) => make("th", { scope: "col", textContent: text })));
    this.table = scrolling("A row for each detector", make("table", {}, make("thead", {}, head), this.rows));
    this.people = scrolling("A row for each person");
    this.table.hidden = this.people.hidden = true;
    this.curves = make("div", { className: "curves" });
    this.moment = new Moment();
    Object.assign(this, { place, name, variants, caution, all: [], left: "", results: [], durationS: 0, firstS: NaN });
    let width = 0;
    new ResizeObserver(() => {
      if (this.all.length && width !== this.curves.clientWidth) this.#draw();
      width = this.curves.clientWidth;
    }).observe(this.curves);
    place.replaceChildren(this.headline, this.table, this.people, this.curves, this.moment.element);
    this.#conclude();
  }

  opened({ durationS }) {
    this.durationS = durationS;
  }

  /** The faces that are judged, and sentences on what is not. */
  faces(faces, sentences) {
    this.all = faces;
    this.left = asText(sentences);
    this.moment.show(faces);
    this.rows.replaceChildren(...this.variants.map(pendingRow));
    this.table.hidden = false;
    this.#update();
  }

  /** One more detector's result. */
  judged(variant, result) {
    this.results.push({ variant, ...result });
    this.rows.children[this.variants.indexOf(variant)].replaceWith(rowOf(variant, result, this.all, this.durationS));
    this.moment.judged(variant, result);
    this.#update();
  }

  /** No more will come: what has not judged goes, and where nothing has, nothing is said. */
  end() {
    if (!this.results.length) return this.place.replaceChildren();
    this.variants = this.results.map(({ variant }) => variant);
    for (const row of [...this.rows.children]) if (!row.dataset.result) row.remove();
    this.#update();
  }

  #update() {
    const people = peopleTable(this.all, this.#known());
    if (people) this.people.replaceChildren(people);
    this.people.hidden = !people;
    this.#draw();
    this.#conclude();
  }

  /** What is known of each variant; what is to come has its place already, so that nothing jumps. */
  #known() {
    const known = new Map(this.results.map((result) => [result.variant, result]));
    return this.variants.map((variant) => known.get(variant) ?? { variant, people: [], pFrames: [] });
  }

  #draw() {
    const width = this.curves.clientWidth || 640;
    this.curves.replaceChildren(
      curves(this.#known(), this.all, this.durationS, width, (index) => this.moment.go(index)),
    );
  }

  #conclude() {
    const { said, tint, who } = this.results.length
      ? together(this.results, this.all)
      : { said: "Looking at the clip ...", tint: "none", who: "" };
    const several = new Set(this.all.map(({ person }) => person)).size > 1;
    this.headline.className = `hero ${tint}`;
    this.headline.replaceChildren(
      make("p", { className: "of" }, make("bdi", { textContent: this.name })),
      make("p", { className: "big", textContent: said }),
      ...[who || (several ? "\u00a0" : ""), this.left, this.caution]
        .filter(Boolean)
        .map((textContent) => make("p", { className: "quiet", textContent })),
    );
  }
}

/** What results say together, in a sentence, its tint, and whom they mean. */
function together(results, faces) {
  const counts = Object.groupBy ? Object.groupBy(results, ({ verdict }) => verdict) : grouped(results);
  const [[word, those]] = Object.entries(counts).sort(([, one], [, other]) => other.length - one.length);
  const all = results.length;
  if (those.length * 2 <= all && all > 1)
    return { said: "The detectors contradict each other.", tint: "none", who: "" };
  const count = those.length === all ? `All ${all}` : `${those.length} of ${all}`;
  const said = all > 1 ? `${count} detectors say` : `${those[0].variant.title} says`;
  return { said: `${said} ${SIGNS[word]}.`, tint: TINTS[word], who: meant(those, faces) };
}

function grouped(results) {
  const groups = {};
  for (const result of results) (groups[result.verdict] ??= []).push(result);
  return groups;
}

/** A part that is wider than a phone, moved by keys, too. */
const scrolling = (ariaLabel, ...children) =>
  make("div", { className: "scroll", tabIndex: 0, role: "region", ariaLabel }, ...children);

/** On a phone, where there is no head, a cell says what it is. */
function cell(name, content) {
  const element = make("td", {}, content);
  element.dataset.name = name;
  return element;
}

const headOf = (variant) => make("th", { scope: "row" }, keyOf(variant), ` ${variant.title}`);

/** Of a variant that has not judged yet. */
const pendingRow = (variant) =>
  make("tr", {}, headOf(variant), ...HEADS.slice(1).map((name) => cell(name, name === "Verdict" ? pill("") : "…")));

function rowOf(variant, result, faces, durationS) {
  const [median, low, high] = result.msPerFace;
  const several = new Set(faces.map(({ person }) => person)).size > 1;
  const [person] = result.people;
  const samples = new Set(faces.map(({ timeS }) => timeS)).size;
  const when = wordsFor(person.stretches, durationS, samples);
  const row = make(
    "tr",
    {},
    headOf(variant),
    cell("Verdict", pill(result.verdict)),
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
