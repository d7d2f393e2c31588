/** One face of the clip, and over it what each detector looked at. */

import { canvasOf, make } from "./markup.js";
import { evidenceOverlay } from "./overlay.js";

export class Moment {
  constructor() {
    this.range = make("input", { type: "range", min: 0, value: 0, step: 1, id: "moment-range" });
    this.label = make("output", { htmlFor: "moment-range" });
    this.tiles = make("div", { className: "tiles" });
    this.element = make(
      "section",
      { className: "moment", hidden: true, ariaLabel: "A moment" },
      make("h3", { textContent: "A moment: red speaks for fake, blue for real" }),
      make(
        "p",
        { className: "row" },
        make("label", { htmlFor: "moment-range", textContent: "Face" }),
        this.range,
        this.label,
      ),
      this.tiles,
    );
    this.range.addEventListener("input", () => this.go(+this.range.value));
    this.results = [];
  }

  show(faces) {
    this.all = faces;
    this.range.max = faces.length - 1;
    this.element.hidden = false;
    this.go(0);
  }

  judged(variant, { pFrames, evidence }) {
    const most = pFrames.indexOf(Math.max(...pFrames));
    this.results.push({ variant, pFrames, evidence });
    this.go(this.results.length === 1 ? most : +this.range.value);
  }

  /** Shows the face of this index. */
  go(index) {
    this.range.value = index;
    const { crop, timeS, person } = this.all[index];
    this.label.textContent = `${timeS.toFixed(2)} s, person ${person}`;
    this.tiles.replaceChildren(
      figure(canvasOf(crop, `Face at ${timeS.toFixed(2)} s`), "as it is"),
      ...this.results.map(({ variant, pFrames, evidence }) => {
        const map = evidence[index];
        const shown = map.width ? evidenceOverlay(crop, map) : crop;
        return figure(
          canvasOf(shown, `What ${variant.title} looked at`),
          `${variant.title}: ${pFrames[index].toFixed(2)}`,
        );
      }),
    );
  }
}

const figure = (canvas, caption) => make("figure", {}, canvas, make("figcaption", { textContent: caption }));
