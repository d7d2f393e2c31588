/** Frames in, several detectors side by side out, as explorer/pipeline.py does it. */

import { lookOf, sceneOf } from "./appearance.js";
import { withMargins } from "./close_ups.js";
import { CROP_SIDE, cutFace, resizeCrop } from "./crops.js";
import { mtcnn } from "./finder.js";
import { mean, quantile } from "./numbers.js";
import { context, logOdds } from "./second_look.js";
import { MAX_PEOPLE, supported } from "./support.js";
import { Tracker } from "./tracked.js";
import { follow } from "./tracks.js";
import { NO_FACE, judgePeople, probability, uncertainBand } from "./verdicts.js";

/** One clip: its frames in their order, then its faces, then what detectors say of them. */
export class Pipeline {
  /** `networks` are MTCNN's {pnet, rnet, onet}. */
  constructor(networks) {
    Object.assign(this, {
      networks,
      tracker: new Tracker(networks),
      frames: [],
      times: [],
      faces: [],
      resized: new Map(),
    });
  }

  /** Finds and cuts the faces of the next frame, a picture; gives their boxes. */
  async frame(timeS, image) {
    const boxes = await this.find(image);
    const scene = sceneOf(image);
    this.times.push(timeS);
    this.frames.push(
      boxes.slice(0, MAX_PEOPLE).map((box) => {
        const crop = cutFace(image, box, CROP_SIDE);
        return { timeS, box, crop, context: context(image, box), look: lookOf(crop), scene };
      }),
    );
    return boxes;
  }

  async find(image) {
    return withMargins(await this.tracker.next(image), image, (room) => mtcnn(room, this.networks));
  }

  /** The faces of those who are judged, and sentences on who is not, as `supported` gives them. */
  async finish() {
    const cast = await supported(follow(this.frames), this.times, (contexts) => logOdds(contexts, this.networks.onet));
    this.faces = cast.faces;
    return cast;
  }

  /** What a variant (a row of device.json) says of the faces; `network` runs its graph, `told` hears of each face. */
  async judge(variant, network, told = () => {}) {
    const [pFrames, evidence, milliseconds] = [[], [], []];
    if (this.faces.length) await judgeCrop(network, this.crop(0, variant.inputSize)); // the first run prepares
    for (let index = 0; index < this.faces.length; index++) {
      const crop = this.crop(index, variant.inputSize);
      const began = performance.now();
      const judged = await judgeCrop(network, crop);
      milliseconds.push(performance.now() - began);
      pFrames.push(judged.pFake);
      evidence.push(judged.evidence);
      told(index + 1, this.faces.length);
    }
    const people = judgePeople(
      pFrames,
      this.faces.map(({ person }) => person),
      this.faces.map(({ timeS }) => timeS),
      variant.threshold,
      uncertainBand(variant.threshold, variant.uncertain),
    );
    return {
      name: variant.name,
      verdict: people[0]?.verdict ?? NO_FACE,
      pFake: people[0]?.pFake ?? null,
      people,
      pFrames,
      evidence,
      fakeFrameRate: pFrames.length ? mean(pFrames.map((pFake) => +(pFake > variant.threshold))) : null,
      msPerFace: pFrames.length ? [0.5, 0.25, 0.75].map((share) => quantile(milliseconds, share)) : null,
    };
  }

  /** A face's crop at a size, scaled once for all variants. */
  crop(index, size) {
    const key = `${index} ${size}`;
    if (!this.resized.has(key)) this.resized.set(key, resizeCrop(this.faces[index].crop, size));
    return this.resized.get(key);
  }
}

/** What a variant's network says of one crop: {pFake, evidence: {data, height, width}}. */
export async function judgeCrop(network, crop) {
  const [logits, evidence] = await network(crop.data, [1, crop.height, crop.width, 3]);
  const [, height, width] = evidence?.dims ?? [1, 0, 0];
  return {
    pFake: probability(logits.data[0]),
    evidence: { data: evidence?.data.slice() ?? new Float32Array(), height, width },
  };
}
