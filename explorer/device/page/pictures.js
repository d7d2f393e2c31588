/** Pictures {width, height, channels, data}, uint8 and row by row, scaled as OpenCV scales them. */

import { rint } from "./numbers.js";

const BITS = 2048; // in which OpenCV counts the weights of neighbouring pixels
const CUBIC = -0.75;

/** An empty one. */
export function picture(width, height, channels = 3) {
  return { width, height, channels, data: new Uint8Array(width * height * channels) };
}

/** A canvas's pixels (RGBA) without their opacity. */
export function withoutOpacity({ width, height, data }) {
  const image = picture(width, height);
  for (let from = 0, to = 0; to < image.data.length; from += 4, to += 3) {
    image.data[to] = data[from];
    image.data[to + 1] = data[from + 1];
    image.data[to + 2] = data[from + 2];
  }
  return image;
}

/** Each pixel the mean of what it stands for (INTER_AREA); where it grows, what lies between two is blended. */
export function averaged(image, width, height) {
  if (image.width === width && image.height === height) return image;
  const [across, down] = [image.width / width, image.height / height];
  if (across < 1 || down < 1)
    return blended(image, taps(image.width, width, linear), taps(image.height, height, linear));
  if (Number.isInteger(across) && Number.isInteger(down)) return meanOfBlocks(image, width, height, across, down);
  return weighted(image, areaTable(image.width, width), areaTable(image.height, height));
}

/** Enlarged by cubic convolution (INTER_CUBIC), as the IPP of OpenCV's own builds for x86 does it: nothing is rounded before. */
export function cubic(image, width, height) {
  const [columns, rows] = [taps(image.width, width, cubicTaps, false), taps(image.height, height, cubicTaps, false)];
  return scaled(image, columns, rows, Float64Array, Float64Array, (sum) => Math.max(rint(sum), 0));
}

/** One channel of float32 values (h, w), enlarged by cubic convolution. */
export function cubicValues(values, fromWidth, fromHeight, width, height) {
  const wide = mixed(
    values,
    fromHeight,
    fromWidth,
    1,
    taps(fromWidth, width, cubicTaps, false),
    new Float32Array(fromHeight * width),
  );
  return stacked(wide, width, taps(fromHeight, height, cubicTaps, false), new Float32Array(height * width));
}

/** What an affine map, [[a, b, c], [d, e, f]] from pixels of the image to those of the square, makes of it. */
export function warped(image, [[a, b, c], [d, e, g]], side) {
  const determinant = a * e - b * d;
  const result = picture(side, side, image.channels);
  const at = (x, y, channel) =>
    x < 0 || y < 0 || x >= image.width || y >= image.height ? 0 : image.data[(y * image.width + x) * 3 + channel];
  for (let v = 0; v < side; v++)
    for (let u = 0; u < side; u++) {
      const x = Math.round((32 * (e * (u - c) - b * (v - g))) / determinant) / 32;
      const y = Math.round((32 * (a * (v - g) - d * (u - c))) / determinant) / 32;
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [right, low] = [x - left, y - top];
      for (let channel = 0; channel < image.channels; channel++) {
        const upper = at(left, top, channel) * (1 - right) + at(left + 1, top, channel) * right;
        const lower = at(left, top + 1, channel) * (1 - right) + at(left + 1, top + 1, channel) * right;
        result.data[(v * side + u) * image.channels + channel] = Math.round(upper * (1 - low) + lower * low);
      }
    }
  return result;
}

/** Grey levels, one channel. */
export function grey(image) {
  const result = picture(image.width, image.height, 1);
  for (let from = 0, to = 0; to < result.data.length; from += 3, to++)
    result.data[to] =
      (image.data[from] * 9798 + image.data[from + 1] * 19235 + image.data[from + 2] * 3735 + 16384) >> 15;
  return result;
}

/** Upside down. */
export function turnedOver(image) {
  const result = picture(image.width, image.height, image.channels);
  const { channels, data } = image;
  for (let from = 0, to = data.length - channels; to >= 0; from += channels, to -= channels)
    for (let channel = 0; channel < channels; channel++) result.data[to + channel] = data[from + channel];
  return result;
}

/** Every `step`th pixel of every `step`th row. */
export function thinned(image, step) {
  const result = picture(Math.ceil(image.width / step), Math.ceil(image.height / step), image.channels);
  let to = 0;
  for (let y = 0; y < image.height; y += step)
    for (let x = 0; x < image.width; x += step)
      for (let channel = 0; channel < image.channels; channel++)
        result.data[to++] = image.data[(y * image.width + x) * image.channels + channel];
  return result;
}

function meanOfBlocks(image, width, height, across, down) {
  const { channels, data } = image;
  const result = picture(width, height, channels);
  const count = across * down;
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let row = y * down; row < (y + 1) * down; row++) {
          const start = (row * image.width + x * across) * channels + channel;
          for (let at = start; at < start + across * channels; at += channels) sum += data[at];
        }
        result.data[to++] =
          across === 2 && down === 2 ? (sum + 2) >> 2 : rint(Math.fround(sum * Math.fround(1 / count)));
      }
  return result;
}

/** Of each of `to` equal pieces of `from` pixels: the pixels in it, and the share of the piece that each fills. */
function areaTable(from, to) {
  const scale = from / to;
  return asTable(to, (piece) => {
    const [start, end] = [piece * scale, piece * scale + scale];
    const size = Math.min(scale, from - start);
    const last = Math.min(Math.floor(end), from - 1);
    const first = Math.min(Math.ceil(start), last);
    const shares = first - start > 1e-3 ? [[first - 1, (first - start) / size]] : [];
    for (let at = first; at < last; at++) shares.push([at, 1 / size]);
    if (end - last > 1e-3) shares.push([last, Math.min(end - last, 1, size) / size]);
    return shares.map(([at, share]) => [at, Math.fround(share)]);
  });
}

/** Of each of `to` pixels the ones of `from` that it is made of, with their weights, whole ones of BITS. */
function taps(from, to, weigh, whole = true) {
  return asTable(to, (place) =>
    weigh(place, from / to).map(([at, weight]) => [
      Math.min(Math.max(at, 0), from - 1),
      whole ? rint(weight * BITS) : weight,
    ]),
  );
}

/** The [pixel, weight] of each place one after the other; those of place i lie from starts[i] to starts[i + 1]. */
function asTable(places, of) {
  const rows = Array.from({ length: places }, (_, place) => of(place));
  const starts = new Int32Array(places + 1);
  rows.forEach((row, place) => (starts[place + 1] = starts[place] + row.length));
  const flat = rows.flat();
  return {
    places,
    starts,
    pixels: Int32Array.from(flat, ([at]) => at),
    weights: Float64Array.from(flat, ([, weight]) => weight),
  };
}

/** As INTER_AREA blends where a picture grows. */
function linear(place, scale) {
  const first = Math.floor(place * scale);
  const share = Math.fround(place + 1 - (first + 1) / scale);
  const right = share <= 0 ? 0 : share - Math.floor(share);
  return [
    [first, 1 - right],
    [first + 1, right],
  ];
}

function cubicTaps(place, scale) {
  const centre = (place + 0.5) * scale - 0.5;
  const [first, t] = [Math.floor(centre), centre - Math.floor(centre)];
  const far = (x) => ((CUBIC * x - 5 * CUBIC) * x + 8 * CUBIC) * x - 4 * CUBIC;
  const near = (x) => ((CUBIC + 2) * x - (CUBIC + 3)) * x * x + 1;
  const weights = [far(t + 1), near(t), near(1 - t)];
  return [...weights, 1 - weights[0] - weights[1] - weights[2]].map((weight, tap) => [first - 1 + tap, weight]);
}

/** Each row's pixels mixed by a table, into (rows, places, channels). */
function mixed(data, rows, width, channels, { places, starts, pixels, weights }, into) {
  for (let row = 0, to = 0; row < rows; row++)
    for (let place = 0; place < places; place++)
      for (let channel = 0; channel < channels; channel++, to++) {
        let sum = 0;
        for (let tap = starts[place]; tap < starts[place + 1]; tap++)
          sum += data[(row * width + pixels[tap]) * channels + channel] * weights[tap];
        into[to] = sum;
      }
  return into;
}

/** Rows of so many values mixed by a table, into (places, values). */
function stacked(rows, length, { places, starts, pixels, weights }, into) {
  const sums = new Float64Array(length);
  for (let place = 0; place < places; place++) {
    sums.fill(0);
    for (let tap = starts[place]; tap < starts[place + 1]; tap++)
      for (let at = 0, from = pixels[tap] * length; at < length; at++, from++) sums[at] += rows[from] * weights[tap];
    into.set(sums, place * length);
  }
  return into;
}

const weighted = (image, columns, rows) => scaled(image, columns, rows, Float32Array, Float32Array, rint);

const blended = (image, columns, rows) =>
  scaled(image, columns, rows, Int32Array, Float64Array, (sum) => Math.max(Math.floor(sum / BITS ** 2 + 0.5), 0));

/** Mixed along the rows into `Between`, then along the columns into `Sums`, of which `level` makes whole levels. */
function scaled({ width, height, channels, data }, columns, rows, Between, Sums, level) {
  const length = columns.places * channels;
  const wide = mixed(data, height, width, channels, columns, new Between(height * length));
  const values = stacked(wide, length, rows, new Sums(rows.places * length));
  const result = picture(columns.places, rows.places, channels);
  for (let at = 0; at < values.length; at++) result.data[at] = Math.min(level(values[at]), 255);
  return result;
}
