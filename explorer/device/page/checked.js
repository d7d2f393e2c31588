/** Files fetched, and used only where they are the ones that device.json names. */

import { PageError } from "./errors.js";

/** The bytes of {path, sha256}; the browser compares them itself. Throws a PageError. */
export async function checked({ path, sha256 }) {
  const address = new URL(path, import.meta.url);
  const own = address.origin === new URL(import.meta.url).origin;
  if (own) address.searchParams.set("v", sha256.slice(0, 16)); // kept by browsers for as long as it is this file
  try {
    return await (await fetch(address, { integrity: `sha256-${base64(sha256)}`, credentials: "omit" })).arrayBuffer();
  } catch {
    throw new PageError(await reason(address, path));
  }
}

/** An address under which the bytes can be imported as a script. */
export const asScript = (bytes) => URL.createObjectURL(new Blob([bytes], { type: "text/javascript" }));

/** Why a file did not come: the browser tells a page the same of a lost network and of a wrong sum. */
async function reason(address, path) {
  const response = await fetch(address, { credentials: "omit" }).catch(() => null);
  if (!response) return `${path} cannot be fetched; look at the network and try again.`;
  if (!response.ok) return `${path} is not there (${response.status}); tell whoever runs this page.`;
  return `${path} is not the file that was published: its sha256 is another; nothing of it was used.`;
}

function base64(hexadecimal) {
  return btoa(hexadecimal.replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16))));
}
