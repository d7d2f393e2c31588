/** The levels of an image pyramid laid out on one sheet, so that a network sees them all at once. */

import constants from "./constants.json" with { type: "json" };

export const { CELL, STRIDE, SCALE_FACTOR, WIDTH, STEP } = constants.pyramid;
const GREY = 127.5; // between the levels
const even = (side) => side + (side % 2);

/** {levels: [{scale, height, width, top, left}], height, width} of pictures of that size, the largest level first. */
export function pyramid(height, width, smallest) {
  const sizes = [];
  for (let scale = CELL / smallest; Math.min(height, width) * scale >= CELL; scale *= SCALE_FACTOR)
    sizes.push([scale, Math.trunc(height * scale + 1), Math.trunc(width * scale + 1)]);
  const sheetWidth = Math.max(WIDTH, ...sizes.map(([, , wide]) => even(wide)));
  const shelves = []; // of each its top, its height and how far it is taken
  const tall = () => shelves.reduce((sum, shelf) => sum + shelf.height, 0);
  const levels = sizes.map(([scale, high, wide]) => {
    let shelf = shelves.find((each) => each.height >= even(high) && each.taken + even(wide) <= sheetWidth);
    if (!shelf) shelves.push((shelf = { top: tall(), height: even(high), taken: 0 }));
    const level = { scale, height: high, width: wide, top: shelf.top, left: shelf.taken };
    shelf.taken += even(wide);
    return level;
  });
  return { levels, height: Math.ceil(tall() / STEP) * STEP, width: sheetWidth };
}

/** All levels of an IntegralImage, (3, height, width) float32 grey levels. */
export function sheet({ levels, height, width }, image) {
  const whole = new Float32Array(3 * height * width).fill(GREY);
  for (const level of levels) {
    const values = image.resized(level.height, level.width);
    for (let channel = 0; channel < 3; channel++)
      for (let y = 0; y < even(level.height); y++)
        for (let x = 0; x < even(level.width); x++) {
          const row = channel * level.height + Math.min(y, level.height - 1); // an odd side is continued
          const to = (channel * height + level.top + y) * width + level.left + x;
          whole[to] = values[row * level.width + Math.min(x, level.width - 1)];
        }
  }
  return whole;
}

/** Where in the network's output, (h, w), this level's own cells lie: {top, left, height, width}. */
export function cells(level) {
  const seen = (side) => even(side) / STRIDE - (CELL / STRIDE - 1);
  return { top: level.top / STRIDE, left: level.left / STRIDE, height: seen(level.height), width: seen(level.width) };
}
