/** Pictures of what a video decoder gives: its brightness and colour planes made RGB as the server makes them. */

import constants from "./constants.json" with { type: "json" };
import { picture, withoutOpacity } from "./pictures.js";

const { HD_LINES, HD_COLUMNS } = constants.picture;
const WEIGHTS = { bt709: [0.2126, 0.0722], smpte170m: [0.299, 0.114], bt470bg: [0.299, 0.114] }; // of red and blue
const GUESSED_LINES = 720; // below which Chromium takes colours without matrix coefficients for BT.601's
const BITS = 8192; // in which FFmpeg counts the coefficients, each product rounded down

/** Whether a VideoFrame is one that `pictureOf` makes RGB itself: upright, eight bits, of a television's range. */
export function isPlain(frame, width, height) {
  const { format, rotation, flip, visibleRect, colorSpace } = frame;
  const upright = rotation === 0 && !flip && visibleRect?.width === width && visibleRect.height === height;
  const known =
    !colorSpace.fullRange &&
    !/pq|hlg/.test(colorSpace.transfer) &&
    (!colorSpace.matrix || colorSpace.matrix in WEIGHTS);
  return ["I420", "NV12", "I444"].includes(format) && upright && known;
}

/** A VideoFrame's matrix; null where the browser has guessed it of a size that players take for another. */
export function matrixOf({ colorSpace: { matrix, primaries, transfer }, visibleRect: { width, height } }) {
  const guessed = [matrix, primaries, transfer].every((each) => each === "smpte170m") && height < GUESSED_LINES;
  return guessed && isHd(width, height) ? null : matrix;
}

const isHd = (width, height) => height > HD_LINES || width >= HD_COLUMNS;

/** A picture of an ImageData, or of the planes {width, height, format, matrix, layout, data} of a plain VideoFrame. */
export function pictureOf(image) {
  if (!image.format) return withoutOpacity(image);
  const { width, height, format, matrix } = image;
  const guessed = isHd(width, height) ? "bt709" : "smpte170m";
  const weights = coefficients(...WEIGHTS[matrix ?? guessed]);
  return format === "I444" ? ofWholePlanes(image, weights) : ofHalvedPlanes(image, weights);
}

/** Of planes whose colours have half of the picture's columns and rows. */
function ofHalvedPlanes(image, [brightness, redness, greenBlue, greenRed, blueness]) {
  const { width, height, format, layout, data } = image;
  const [luma, blue, red] =
    format === "I420" ? layout : [layout[0], layout[1], { ...layout[1], offset: layout[1].offset + 1 }];
  const step = format === "I420" ? 1 : 2;
  const result = picture(width, height);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++, to += 3) {
      const light = ((data[luma.offset + y * luma.stride + x] * 8 - 128) * brightness) >> 16;
      const u = data[blue.offset + (y >> 1) * blue.stride + (x >> 1) * step] * 8 - 1024;
      const v = data[red.offset + (y >> 1) * red.stride + (x >> 1) * step] * 8 - 1024;
      result.data[to] = clamped(light + ((v * redness) >> 16));
      result.data[to + 1] = clamped(light + ((u * greenBlue) >> 16) + ((v * greenRed) >> 16));
      result.data[to + 2] = clamped(light + ((u * blueness) >> 16));
    }
  return result;
}

/** Of planes whose colours have all of them, for which FFmpeg counts finer. */
function ofWholePlanes({ width, height, layout, data }, [brightness, redness, greenBlue, greenRed, blueness]) {
  const [luma, blue, red] = layout;
  const result = picture(width, height);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++, to += 3) {
      const light = (data[luma.offset + y * luma.stride + x] - 16) * brightness + BITS / 2;
      const u = data[blue.offset + y * blue.stride + x] - 128;
      const v = data[red.offset + y * red.stride + x] - 128;
      result.data[to] = clamped((light + v * redness) >> 13);
      result.data[to + 1] = clamped((light + u * greenBlue + v * greenRed) >> 13);
      result.data[to + 2] = clamped((light + u * blueness) >> 13);
    }
  return result;
}

const clamped = (level) => (level < 0 ? 0 : level > 255 ? 255 : level);

/** What a television's levels count for, of red's and blue's share in the brightness. */
function coefficients(red, blue) {
  const green = 1 - red - blue;
  const whole = (share) => Math.round((share * 255 * BITS) / 224);
  return [
    Math.round((255 / 219) * BITS),
    whole(2 * (1 - red)),
    -whole((2 * (1 - blue) * blue) / green),
    -whole((2 * (1 - red) * red) / green),
    whole(2 * (1 - blue)),
  ];
}
