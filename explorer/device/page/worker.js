/** The worker in which everything is computed, so that the page stays at the visitor's hand. */

import { PageError, sentenceOf } from "./errors.js";
import { cutFace } from "./crops.js";
import { pictureOf } from "./colours.js";
import { Pipeline, judgeCrop } from "./pipeline.js";
import { openRuntime } from "./runtime.js";

let openNetwork; // once `open` is done
let networks; // MTCNN's
let pipeline; // of the clip at hand
const opened = new Map(); // variants' networks, by name

const METHODS = {
  /** Fetch and start the runtime and the finder of device.json. */
  async open({ runtime, finder }, threads) {
    openNetwork = await openRuntime(runtime, threads);
    const [pnet, rnet, onet] = await Promise.all(["pnet", "rnet", "onet"].map((name) => openNetwork([finder[name]])));
    networks = { pnet, rnet, onet };
  },
  begin() {
    pipeline = new Pipeline(networks);
  },
  /** Fetch a variant's network before it is needed. */
  async prepare(variant) {
    await networkOf(variant);
  },
  frame: (timeS, image) => pipeline.frame(timeS, pictureOf(image)),
  async finish() {
    const { faces, notJudged, tooMany } = await pipeline.finish();
    return { notJudged, tooMany, faces: faces.map(({ timeS, person, box, crop }) => ({ timeS, person, box, crop })) };
  },
  async judge(variant, told) {
    return pipeline.judge(variant, await networkOf(variant), told);
  },
  /** The largest face of a live frame, and what a variant says of it. */
  async live(variant, image) {
    const began = performance.now();
    const frame = pictureOf(image);
    const [box] = await pipeline.find(frame);
    if (!box) return { box: null, pFake: null, ms: performance.now() - began };
    const { pFake } = await judgeCrop(await networkOf(variant), cutFace(frame, box, variant.inputSize));
    return { box, pFake, ms: performance.now() - began };
  },
};

/** The variant's network, opened once. What fails is tried again. */
function networkOf(variant) {
  if (!opened.has(variant.name)) {
    const opening = openNetwork(variant.files);
    opened.set(variant.name, opening);
    opening.catch(() => opened.delete(variant.name));
  }
  return opened.get(variant.name);
}

addEventListener("message", async ({ data: { id, method, values } }) => {
  try {
    const result = await METHODS[method](...values, (...progress) => postMessage({ id, progress }));
    postMessage({ id, result });
  } catch (error) {
    if (!(error instanceof PageError)) console.error(error);
    postMessage({ id, sentence: sentenceOf(error) });
  }
});
