/** device.json: where everything lies and what it has to be; and what this device is. */

import { PageError } from "./errors.js";
import { hasSimd, threadsHere } from "./runtime.js";

/** What is served with the page. Throws a PageError where it is not set up, or this browser is too old for it. */
export async function readDevice() {
  if (!hasSimd())
    throw new PageError(
      "This browser has no WebAssembly SIMD, which the detectors run on; a current Firefox, Chrome, Edge or Safari has it.",
    );
  const response = await fetch(new URL("device.json", import.meta.url), { cache: "no-cache" }).catch(() => null);
  if (!response?.ok)
    throw new PageError(
      "device.json cannot be fetched, which says where the detectors lie; look at the network and reload.",
    );
  const device = await response.json();
  if (device.missing) throw new PageError(device.missing);
  return device;
}

/** Cores, threads and engine, in words. */
export async function deviceFacts() {
  const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
  const threads = threadsHere();
  const cores = navigator.hardwareConcurrency ?? "an unknown number of";
  const engine = `WebAssembly with SIMD, ${threads} thread${threads > 1 ? "s" : ""}`;
  const alone = globalThis.crossOriginIsolated ? "" : " (threads need a page that is isolated)";
  return `This device: ${cores} cores; the detectors run on ${engine}${alone}; WebGPU is ${adapter ? "there, and" : "not there and"} not used.`;
}
