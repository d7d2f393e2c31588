import test from "node:test";
import { logOdds } from "../../../../explorer/device/page/second_look.js";
import { arrays, assertNear, replayed } from "./arrays.mjs";

test("a face is looked at from the same sides, and as surely one", async () => {
  const { context, calls, odds } = arrays.second_look;
  assertNear(await logOdds([context], replayed(calls[0], 3 / 128)), odds, 1e-2);
});
