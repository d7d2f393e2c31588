import assert from "node:assert";
import test from "node:test";
import { matrixOf, pictureOf } from "../../../../explorer/device/page/colours.js";
import { arrays, assertNear } from "./arrays.mjs";

test("a matrix that the browser guessed counts only where players guess the same", () => {
  const frame = (matrix, width, height) => ({
    colorSpace: { matrix, primaries: matrix, transfer: matrix },
    visibleRect: { width, height },
  });
  assert.strictEqual(matrixOf(frame("smpte170m", 640, 480)), "smpte170m");
  assert.strictEqual(matrixOf(frame("smpte170m", 700, 700)), null);
  assert.strictEqual(matrixOf(frame("bt709", 700, 700)), "bt709");
});

for (const { width, height, planes, image, whole, whole_image } of arrays.colours) {
  const [size, half] = [width * height, width / 2];
  const plane = (offset, stride) => ({ offset, stride });

  test(`a decoder's planes of ${width}x${height} become the server's colours`, () => {
    const layout = [plane(0, width), plane(size, half), plane((size * 5) / 4, half)];
    assertNear(pictureOf({ width, height, format: "I420", layout, data: planes }).data, image, 0);
  });

  test(`and those of ${width}x${height} whose colours lie side by side, too`, () => {
    const data = [...planes.slice(0, size)];
    for (let at = 0; at < size / 4; at++) data.push(planes[size + at], planes[(size * 5) / 4 + at]);
    const layout = [plane(0, width), plane(size, width)];
    assertNear(pictureOf({ width, height, format: "NV12", layout, data }).data, image, 0);
  });

  test(`and those of ${width}x${height} whose colours have all columns and rows, too`, () => {
    const layout = [0, 1, 2].map((at) => plane(at * size, width));
    assertNear(pictureOf({ width, height, format: "I444", layout, data: whole }).data, whole_image, 0);
  });
}
