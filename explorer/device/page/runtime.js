/** onnxruntime-web on the processor: networks opened, and run. */

import { asScript, checked } from "./checked.js";

// (module (func (result v128) (i8x16.splat (i32.const 0)))), which only an engine with SIMD takes
const SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11];
const MOST_THREADS = 4;

/** Whether WebAssembly can work on several numbers at once here. */
export const hasSimd = () => typeof WebAssembly === "object" && WebAssembly.validate(new Uint8Array(SIMD));

/** How many threads the networks run on: one, where the page may not share memory. */
export const threadsHere = () =>
  globalThis.crossOriginIsolated ? Math.min(navigator.hardwareConcurrency || 1, MOST_THREADS) : 1;

/** Opens networks with so many threads: `files` are the runtime's own {name: {path, sha256}}. Throws as `checked`. */
export async function openRuntime(files, threads) {
  const [entry, glue, binary] = await Promise.all(
    ["ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"].map((name) =>
      checked(files[name]),
    ),
  );
  const ort = await import(asScript(entry));
  Object.assign(ort.env.wasm, { wasmBinary: binary, wasmPaths: { mjs: asScript(glue) }, numThreads: threads });
  ort.env.logLevel = "error";

  /** A graph of {path, sha256} files, its weights beside it: (values, dims) -> [{data, dims}], in the graph's order. */
  return async function openNetwork(graphFiles) {
    const [graph, ...weights] = await Promise.all(graphFiles.map(checked));
    const externalData = weights.map((data, index) => ({ path: graphFiles[index + 1].path.split("/").at(-1), data }));
    const session = await ort.InferenceSession.create(graph, { executionProviders: ["wasm"], externalData });
    return async (values, dims) => {
      const type = values instanceof Float32Array ? "float32" : "uint8";
      const outputs = await session.run({ [session.inputNames[0]]: new ort.Tensor(type, values, dims) });
      return session.outputNames.map((name) => outputs[name]);
    };
  };
}
