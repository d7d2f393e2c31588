/** What is chosen and pressed: examples, detectors, frames, Stop; and the lines that say what goes on. */

import { checked } from "./checked.js";
import { deviceFacts } from "./device.js";

const KEPT = "device-variants"; // in the browser's own storage: names of detectors, and nothing of a clip

export class Controls {
  constructor(element) {
    this.element = element;
    this.rows = [];
  }

  /** Lays out what device.json offers. */
  async show(device) {
    this.rows = device.variants;
    const kept = storedNames();
    this.element("variants").append(
      ...device.variants.map((variant) => choiceOf(variant, kept?.includes(variant.name) ?? variant.ticked)),
    );
    this.element("variants").addEventListener("change", () => store(this.variants().map(({ name }) => name)));
    const commit = device.zoo.revision.slice(0, 12);
    this.element("origin").textContent =
      `Zoo: ${device.zoo.source}, revision ${commit}; every file is compared with its sha256 before it is used.`;
    this.element("facts").textContent = await deviceFacts();
  }

  /** Buttons of the examples; `chosen` gets what fetches one as a File. */
  offer(examples, chosen) {
    const buttons = examples.map(({ title, truth, path, sha256 }) => {
      const button = Object.assign(document.createElement("button"), {
        type: "button",
        textContent: `${title} (${truth})`,
      });
      button.addEventListener("click", () =>
        chosen(async () => new File([await checked({ path, sha256 })], `${title}.mp4`, { type: "video/mp4" })),
      );
      return button;
    });
    this.element("examples").append(...buttons);
  }

  variants() {
    const ticked = new Set([...this.element("variants").querySelectorAll("input:checked")].map(({ value }) => value));
    return this.rows.filter(({ name }) => ticked.has(name));
  }

  frames() {
    const field = this.element("frames");
    const count = Math.min(Math.max(Math.trunc(+field.value) || 1, +field.min), +field.max);
    field.value = count;
    return count;
  }

  busy() {
    this.element("problem").hidden = true;
    this.element("stop").disabled = false;
    this.element("judge").disabled = true;
    this.element("progress").hidden = false;
    this.progress("Starting ...", 0);
    const result = this.element("status").closest("section");
    if (this.element("status").getBoundingClientRect().bottom > innerHeight) result.scrollIntoView(); // on a phone
  }

  rests(clip) {
    this.element("stop").disabled = true;
    this.element("judge").disabled = !clip;
    this.element("progress").hidden = true;
  }

  says(sentence) {
    this.element("status").textContent = sentence;
  }

  /** A live picture has no end that one could come nearer to. */
  watches(sentence) {
    this.says(sentence);
    this.element("progress").hidden = true;
  }

  progress(sentence, share) {
    this.says(sentence);
    this.element("progress").value = share;
  }

  fails(sentence) {
    Object.assign(this.element("problem"), { textContent: sentence, hidden: false });
    this.says("Choose another clip, or one of the examples.");
  }

  /** Nothing can be judged here. */
  unusable(sentence) {
    this.fails(sentence);
    this.says("Nothing can be judged here.");
    for (const field of document.querySelectorAll("button, input")) field.disabled = true;
  }
}

function choiceOf(variant, ticked) {
  const label = document.createElement("label");
  const box = Object.assign(document.createElement("input"), {
    type: "checkbox",
    value: variant.name,
    checked: ticked,
  });
  const size = Object.assign(document.createElement("small"), {
    textContent: `${(variant.bytes / 1e6).toFixed(1)} MB`,
  });
  label.append(box, ` ${variant.title} `, size);
  return label;
}

function storedNames() {
  try {
    const names = JSON.parse(localStorage.getItem(KEPT));
    return Array.isArray(names) && names.length ? names : null;
  } catch {
    return null; // a browser that keeps nothing
  }
}

function store(names) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(names));
  } catch {
    // a browser that keeps nothing
  }
}
