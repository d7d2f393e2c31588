/** The worker as the page calls it. */

import { PageError } from "./errors.js";

export class Client {
  constructor() {
    // Made of a blob, the worker has the page's own security policy, wherever its script comes from.
    const start = `import ${JSON.stringify(new URL("worker.js", import.meta.url).href)};`;
    this.worker = new Worker(URL.createObjectURL(new Blob([start], { type: "text/javascript" })), { type: "module" });
    this.waiting = new Map();
    this.worker.onmessage = ({ data }) => this.#answered(data);
    this.worker.onerror = ({ message }) => {
      for (const { reject } of this.waiting.values())
        reject(new PageError(`This page's worker failed (${message ?? "it did not start"}).`));
      this.waiting.clear();
    };
  }

  /** Calls a method of worker.js; `told` hears of progress. Throws a PageError. */
  call(method, values = [], { transfer = [], told = () => {} } = {}) {
    const id = crypto.getRandomValues(new Uint32Array(2)).join("-");
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, told });
      this.worker.postMessage({ id, method, values }, transfer);
    });
  }

  #answered({ id, result, progress, sentence }) {
    const { resolve, reject, told } = this.waiting.get(id) ?? {};
    if (progress) return told?.(...progress);
    this.waiting.delete(id);
    return sentence ? reject?.(new PageError(sentence)) : resolve?.(result);
  }
}
