/** What Python computed (tests/support/device_arrays.py), and how near to it is near enough. */

import assert from "node:assert";
import { readFileSync } from "node:fs";

export const arrays = JSON.parse(readFileSync(process.env.ARRAYS, "ascii"));

/** Numbers, however nested, that differ by at most `tolerance`. */
export function assertNear(actual, expected, tolerance = 1e-4) {
  const [ours, theirs] = [actual, expected].map((values) => [...values].flat(9));
  assert.strictEqual(ours.length, theirs.length);
  const worst = ours.reduce((most, value, at) => Math.max(most, Math.abs(value - theirs[at])), 0);
  assert.ok(worst <= tolerance, `differs by ${worst}`);
}

/** A network that was asked what it was asked in Python, and says what it said there. */
export function replayed(call, tolerance) {
  return async (values, dims) => {
    assert.deepStrictEqual(dims, call.dims);
    assertNear(
      values.filter((_, at) => at % 97 === 0),
      call.inputs,
      tolerance,
    );
    return call.outputs;
  };
}
