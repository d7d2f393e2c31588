/** Mean grey levels of rectangles of a picture, from sums over everything above and to the left. */

export class IntegralImage {
  /** A picture with three channels; its scaled copies and pieces are planar (3, h, w). */
  constructor({ width, height, data }) {
    Object.assign(this, { width, height });
    const stride = width + 1;
    this.plane = stride * (height + 1);
    this.sums = new Int32Array(3 * this.plane); // differences survive a wrap
    for (let channel = 0; channel < 3; channel++)
      for (let y = 0; y < height; y++) {
        let row = 0;
        const above = channel * this.plane + y * stride;
        for (let x = 0; x < width; x++) {
          row += data[(y * width + x) * 3 + channel];
          this.sums[above + stride + x + 1] = this.sums[above + x + 1] + row;
        }
      }
  }

  /** The picture at that size, (3, height, width) float32. */
  resized(height, width) {
    return this.#pieces([0, 0, this.width, this.height], height, width, new Float32Array(3 * height * width), 0);
  }

  /** What lies in squares of whole pixels inside of it, (N, 3, side, side) float32. */
  cut(squares, side) {
    const pieces = new Float32Array(squares.length * 3 * side * side);
    squares.forEach((square, index) => this.#pieces(square, side, side, pieces, index * 3 * side * side));
    return pieces;
  }

  #pieces([x0, y0, x1, y1], height, width, into, start) {
    const [left, right] = edges(x1 - x0, width, x0);
    const [top, bottom] = edges(y1 - y0, height, y0);
    const [sums, stride] = [this.sums, this.width + 1];
    for (let channel = 0, to = start; channel < 3; channel++)
      for (let y = 0; y < height; y++) {
        const [upper, lower] = [channel * this.plane + top[y] * stride, channel * this.plane + bottom[y] * stride];
        for (let x = 0; x < width; x++, to++) {
          const sum =
            (sums[lower + right[x]] - sums[upper + right[x]] - sums[lower + left[x]] + sums[upper + left[x]]) | 0;
          into[to] = sum / ((bottom[y] - top[y]) * (right[x] - left[x]));
        }
      }
    return into;
  }
}

/** Where `parts` equal pieces of `length` pixels begin and end, rounded outwards, from `start` on. */
function edges(length, parts, start) {
  const pieces = Array.from({ length: parts }, (_, piece) => piece);
  return [
    Int32Array.from(pieces, (piece) => start + Math.floor((piece * length) / parts)),
    Int32Array.from(pieces, (piece) => start + Math.ceil(((piece + 1) * length) / parts)),
  ];
}
