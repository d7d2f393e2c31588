/** What each detector says of each person, where a clip shows several. */

import { canvasOf, make } from "./markup.js";
import { pill } from "./verdict_marks.js";

/** A table person x detector, of faces [{person, crop}] and results [{variant, people}]; null of one person. */
export function peopleTable(faces, results) {
  const persons = [...new Set(faces.map(({ person }) => person))].sort((one, other) => one - other);
  if (persons.length < 2) return null;
  const heads = ["Person", ...results.map(({ variant }) => variant.title)];
  const head = make("tr", {}, ...heads.map((textContent) => make("th", { scope: "col", textContent })));
  const rows = persons.map((person) => rowOf(person, faces, results));
  const caption = make("caption", { textContent: "Person by person" });
  return make("table", { className: "people" }, caption, make("thead", {}, head), make("tbody", {}, ...rows));
}

function rowOf(person, faces, results) {
  const own = faces.filter((face) => face.person === person);
  const seen = `${own.length} face${own.length === 1 ? "" : "s"}`;
  const picture = canvasOf(own[Math.floor(own.length / 2)].crop, `Face of person ${person}`);
  const who = make("span", {}, `person ${person} `, make("small", { textContent: seen }));
  const cells = results.map(({ variant, people }) => {
    const said = people.find((each) => each.person === person);
    const cell = make("td", {}, ...(said ? [pill(said.verdict), ` ${said.pFake.toFixed(2)}`] : [pill("")]));
    cell.dataset.name = variant.title;
    return cell;
  });
  return make("tr", {}, make("th", { scope: "row" }, picture, who), ...cells);
}
