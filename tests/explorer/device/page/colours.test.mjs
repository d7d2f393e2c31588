import test from "node:test";
import { pictureOf } from "../../../../explorer/device/page/colours.js";
import { arrays, assertNear } from "./arrays.mjs";

for (const { width, height, planes, image } of arrays.colours) {
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
}
