/** Frames of a local clip or photo at evenly spread times, decoded by the browser. */

import { codecOf } from "./codecs.js";
import { isPlain, matrixOf } from "./colours.js";
import constants from "./constants.json" with { type: "json" };
import { PageError } from "./errors.js";

const { MAX_SECONDS, MAX_PIXELS } = constants.limits;
const OPENS_S = 15; // after which a clip that says nothing is given up
const STEPS_S = [0.02, 0.045, 0.11, 0.3]; // by which the next frame is looked for
const SHOWS_MS = 150; // after which a frame that was sought is taken to be the one that is shown
const FAR_S = 1e7;
const LOST_MS = 15000; // on what cannot be read of a damaged clip, after which the rest is given up

/**
 * The frames of a file: [{timeS, image}], image what `pictureOf` takes, as an async generator. Throws a PageError.
 *
 * They are the ones nearest to the middles of `count` equal parts; the image of one that cannot be read is null, where
 * others can. `opened` hears {durationS, width, height}.
 */
export async function* framesOf(file, count, opened = () => {}) {
  if (file.type.startsWith("image/")) {
    const bitmap = await createImageBitmap(file).catch(() => null);
    if (!bitmap)
      throw new PageError(`${file.name} is a picture that this browser cannot open; save it as JPEG or PNG.`);
    opened({ durationS: 0, width: bitmap.width, height: bitmap.height });
    yield { timeS: 0, image: pixelsOf(bitmap, bitmap.width, bitmap.height) };
    return;
  }
  const video = document.createElement("video");
  Object.assign(video, { muted: true, playsInline: true, preload: "auto", src: URL.createObjectURL(file) });
  try {
    const endS = await openVideo(video, file);
    const startS = timeOf(video); // of the first frame, from which the server counts
    const durationS = endS - startS;
    opened({ durationS, width: video.videoWidth, height: video.videoHeight });
    const gapS = await gapOf(video);
    const seen = new Set();
    let lostMs = 0;
    for (let index = 0; index < count; index++) {
      const wantedS = Math.min(((index + 0.5) * durationS) / count + gapS / 2, durationS);
      const began = performance.now();
      const shownS = lostMs < LOST_MS ? await seek(video, startS + wantedS) : null;
      const timeS = shownS === null ? null : shownS - startS;
      if (seen.has(timeS)) continue;
      if (timeS === null) {
        yield { timeS: wantedS, image: null };
        if (lostMs < LOST_MS) await reopen(video);
        lostMs += performance.now() - began;
        continue;
      }
      seen.add(timeS);
      yield { timeS, image: await imageOf(video) };
    }
    if (!seen.size) throw damaged(file);
  } finally {
    URL.revokeObjectURL(video.src);
    video.removeAttribute("src");
    video.load(); // gives the decoder back
  }
}

/** Waits until the clip can be shown; its duration in seconds. Throws a PageError. */
async function openVideo(video, file) {
  const event = await firstOf(video, ["loadeddata", "error"], OPENS_S);
  if (event !== "loadeddata") throw new PageError(await whyNot(file));
  if (!video.videoWidth)
    throw new PageError(`${file.name} holds no picture that this browser can decode; ${await elsewhere(file)}.`);
  // A recording that does not know its end is sought there, and back.
  if (video.duration === Infinity && ((await seek(video, FAR_S)) === null || (await seek(video, 0)) === null))
    throw damaged(file);
  const { duration, videoWidth: width, videoHeight: height } = video;
  if (duration > MAX_SECONDS)
    throw new PageError(
      `${file.name} lasts ${Math.round(duration)} s, over the limit of ${MAX_SECONDS} s; cut it shorter.`,
    );
  if (width * height > MAX_PIXELS)
    throw new PageError(
      `${file.name} is ${width}x${height}, over the limit of ${(MAX_PIXELS / 1e6).toFixed(1)} megapixels; scale it down.`,
    );
  return duration;
}

async function whyNot(file) {
  if (!file.size) return `${file.name} is empty.`;
  return `${file.name} cannot be played by this browser; ${await elsewhere(file)}.`;
}

async function elsewhere(file) {
  const codec = await codecOf(file);
  const what = codec
    ? `it is in ${codec}, which this browser does not decode`
    : "no codec that is known is named in it";
  return `${what}; another browser may, and so does the version that runs on a server`;
}

const damaged = ({ name }) => new PageError(`${name} is damaged; convert it to MP4 and try again.`);

/** Opens a clip once more, as a decoder that failed goes on no longer. */
async function reopen(video) {
  const again = firstOf(video, ["loadeddata", "error"], OPENS_S);
  video.load();
  await again;
}

/** The time from one frame to the next, in seconds, 0 where it cannot be told; it ends where it began. */
async function gapOf(video) {
  const start = timeOf(video);
  for (const step of STEPS_S) {
    if (start + step > video.duration) break;
    const timeS = await seek(video, start + step);
    if (timeS === null) await reopen(video);
    if (timeS === null || timeS > start) return Math.max(timeS - start, 0);
  }
  return 0;
}

/** Shows the frame at a time; when that one itself begins, in seconds, or null where it cannot be read. */
async function seek(video, timeS) {
  const moved = firstOf(video, ["seeked", "error"], OPENS_S);
  const shown = nextFrame(video);
  video.currentTime = timeS;
  if ((await moved) !== "seeked") return null;
  await Promise.race([shown, new Promise((resolve) => setTimeout(resolve, SHOWS_MS))]);
  return timeOf(video);
}

/** Until another frame is shown, which may be a while after the seek is done; never where it is the same one. */
const nextFrame = (video) =>
  new Promise((resolve) =>
    video.requestVideoFrameCallback ? video.requestVideoFrameCallback(resolve) : setTimeout(resolve, SHOWS_MS),
  );

function timeOf(video) {
  if (typeof VideoFrame !== "function") return video.currentTime;
  const frame = new VideoFrame(video);
  const timeS = frame.timestamp / 1e6;
  frame.close();
  return timeS;
}

/** The first of these events; null where none comes in time. */
function firstOf(target, names, seconds) {
  return new Promise((resolve) => {
    const over = new AbortController();
    const end = (name) => {
      over.abort();
      clearTimeout(timer);
      resolve(name);
    };
    const timer = setTimeout(end, seconds * 1000, null);
    for (const name of names) target.addEventListener(name, () => end(name), { signal: over.signal });
  });
}

/** The planes of the frame that is shown, where they are plain ones, else its pixels. */
async function imageOf(video) {
  const { videoWidth: width, videoHeight: height } = video;
  const frame = typeof VideoFrame === "function" ? new VideoFrame(video) : null;
  try {
    if (!frame || !isPlain(frame, width, height)) return pixelsOf(video, width, height);
    const data = new Uint8Array(frame.allocationSize());
    const layout = await frame.copyTo(data);
    return { width, height, format: frame.format, matrix: matrixOf(frame), layout, data };
  } finally {
    frame?.close();
  }
}

let canvas;

/** What a video or a picture shows, as ImageData. */
export function pixelsOf(source, width, height) {
  canvas ??= new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true, alpha: false });
  if (canvas.canvas.width !== width || canvas.canvas.height !== height) Object.assign(canvas.canvas, { width, height });
  canvas.drawImage(source, 0, 0, width, height);
  return canvas.getImageData(0, 0, width, height);
}
