/** The page: a clip or a live picture is chosen, judged in the worker, and shown. */

import { Client } from "./client.js";
import constants from "./constants.json" with { type: "json" };
import { readDevice } from "./device.js";
import { PageError, sentenceOf } from "./errors.js";
import { framesOf } from "./frames.js";
import { Live } from "./live.js";
import { Result } from "./result.js";
import { threadsHere } from "./runtime.js";
import { Controls } from "./controls.js";
import { unseen } from "./sampling.js";
import { asText } from "./sentences.js";

const element = (id) => document.getElementById(id);
const controls = new Controls(element);
let clip = null; // the File at hand
let job = null; // the AbortController of what runs
let worker = null; // a Client, started when it is first needed
let ended = Promise.resolve();

/** Runs one thing at a time: what runs is stopped first. */
async function run(work) {
  job?.abort();
  const own = (job = new AbortController());
  await ended;
  if (own.signal.aborted) return;
  controls.busy();
  ended = work(own.signal)
    .catch((error) => {
      if (own.signal.aborted) return controls.says("Stopped.");
      if (!(error instanceof PageError)) console.error(error);
      controls.fails(sentenceOf(error));
    })
    .finally(() => controls.rests(clip));
  await ended;
}

/** The worker, with its runtime and finder there. */
async function readyWorker(device) {
  if (!worker) {
    controls.says("Fetching the runtime and the face finder ...");
    const client = new Client();
    const threads = threadsHere();
    worker = client.call("open", [{ runtime: device.runtime, finder: device.finder }, threads]).then(() => client);
    worker.catch(() => (worker = null));
  }
  return worker;
}

async function judge(device, signal) {
  const [variants, count] = [controls.variants(), controls.frames()];
  if (!variants.length) throw new PageError("No detector is ticked; tick at least one.");
  const result = new Result(element("result"), clip.name, variants, constants.conclusion.CAUTION);
  try {
    await judgeInto(result, device, signal, variants, count);
  } finally {
    result.end();
  }
}

/** Shows what each of the variants says of so many frames of the clip, as it comes. */
async function judgeInto(result, device, signal, variants, count) {
  const began = performance.now();
  const client = await readyWorker(device);
  await client.call("begin");
  client.call("prepare", [variants[0]]).catch(() => {}); // what fails is told when it is run
  const [times, isRead] = [[], []]; // of the frames that were wanted
  let seen = null;
  for await (const { timeS, image } of framesOf(clip, count, (facts) => result.opened(facts))) {
    await seen; // the next frame is decoded while the worker looks at this one
    signal.throwIfAborted();
    times.push(timeS);
    isRead.push(Boolean(image));
    controls.progress(`Finding faces: ${times.length} of ${count} frames`, times.length / count / 2);
    if (!image) continue;
    seen = client.call("frame", [timeS, image], { transfer: [image.data.buffer] });
    seen.catch(() => {}); // it is awaited above, or below
  }
  await seen;
  const sampled = isRead.filter(Boolean).length;
  const framesS = (performance.now() - began) / 1000;
  const { faces, notJudged, tooMany } = await client.call("finish");
  const left = [notJudged, tooMany, unseen(clip.name, times, isRead, result.durationS)];
  if (!faces.length)
    throw new PageError(
      asText([
        `no face in ${sampled} sampled frames of ${clip.name}; try a clip whose face is at least 64 px wide`,
        ...left,
      ]),
    );
  result.faces(faces, left);
  for (const [index, variant] of variants.entries()) {
    signal.throwIfAborted();
    controls.progress(`Fetching and running ${variant.title}`, 0.5 + index / variants.length / 2);
    const told = (done, all) =>
      controls.progress(
        `Running ${variant.title}: ${done} of ${all} faces`,
        0.5 + (index + done / all) / variants.length / 2,
      );
    result.judged(variant, await client.call("judge", [variant], { told }));
    if (!index) result.firstS = (performance.now() - began) / 1000;
  }
  const people = new Set(faces.map(({ person }) => person)).size;
  const who = people > 1 ? ` of ${people} people` : "";
  controls.says(
    `${clip.name}: ${faces.length} faces${who} in ${sampled} frames, ${variants.length} detector${variants.length > 1 ? "s" : ""}, ${((performance.now() - began) / 1000).toFixed(1)} s, all on this device.`,
  );
  Object.assign(document.documentElement.dataset, {
    firstVerdictS: result.firstS.toFixed(2),
    framesS: framesS.toFixed(2),
  });
}

async function watch(device, signal, kind) {
  const [variant] = controls.variants();
  if (!variant) throw new PageError("No detector is ticked; tick one for the live picture.");
  const live = new Live(element("live"), variant);
  try {
    await live.start(kind);
    const client = await readyWorker(device);
    await client.call("begin");
    controls.watches(`Live: ${variant.title}. Nothing is recorded.`);
    await live.follow((image) => client.call("live", [variant, image], { transfer: [image.data.buffer] }), signal);
    controls.says("The live picture has ended.");
  } finally {
    live.end();
  }
}

function listen(device) {
  const choose = (file) => {
    clip = file;
    run((signal) => judge(device, signal));
  };
  element("file").addEventListener("change", ({ target }) => {
    const [file] = target.files;
    target.value = ""; // so that the same clip can be chosen again
    if (file) choose(file);
  });
  const drop = element("drop");
  for (const name of ["dragover", "dragleave", "drop"])
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", name === "dragover");
      if (name === "drop" && event.dataTransfer.files[0]) choose(event.dataTransfer.files[0]);
    });
  controls.offer(device.examples, (example) =>
    run(async (signal) => {
      clip = await example();
      await judge(device, signal);
    }),
  );
  element("judge").addEventListener("click", () => run((signal) => judge(device, signal)));
  element("stop").addEventListener("click", () => job?.abort());
  for (const kind of ["camera", "screen"])
    element(kind).addEventListener("click", () => run((signal) => watch(device, signal, kind)));
}

element("caution").textContent = constants.conclusion.CAUTION;
try {
  const device = await readDevice();
  controls.show(device);
  listen(device);
} catch (error) {
  controls.unusable(sentenceOf(error));
}
navigator.serviceWorker?.register("service_worker.js").catch(() => {}); // without one, it needs the network
