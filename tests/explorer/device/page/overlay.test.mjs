import test from "node:test";
import { evidenceOverlay } from "../../../../explorer/device/page/overlay.js";
import { arrays, assertNear } from "./arrays.mjs";

test("evidence colours a face as in Python", () => {
  const { crop, evidence, overlay } = arrays.overlay;
  assertNear(evidenceOverlay(crop, { data: evidence, width: 5, height: 5 }).data, overlay, 3);
});
