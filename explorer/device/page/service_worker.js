/** Keeps what the page consists of, so that it works without a network after the first visit. */

const KEPT = "device-page";

addEventListener("install", (event) => event.waitUntil(keepPage().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.startsWith("http")) event.respondWith(answer(event.request));
});

/** The page's own files, as device.json names them; what else was fetched in the first visit came before this one. */
async function keepPage() {
  const { page = [] } = await (await fetch("device.json")).json();
  await (await caches.open(KEPT)).addAll(["./", "device.json", ...page]);
}

/** What is asked for by its version, or by its package's, never changes; of the rest the newest, while there is a network. */
async function answer(request) {
  const kept = await caches.open(KEPT);
  const fixed = new URL(request.url).searchParams.has("v") || new URL(request.url).origin !== location.origin;
  const known = await kept.match(request, { ignoreVary: true });
  if (known && fixed) return known;
  try {
    const response = await fetch(request);
    if (response.ok && response.status === 200) {
      if (fixed) await forgetOthers(kept, request.url);
      await kept.put(request, response.clone());
    }
    return response;
  } catch (error) {
    if (known) return known;
    throw error;
  }
}

/** Older versions of the same file go. */
async function forgetOthers(kept, url) {
  const path = ({ origin, pathname }) => origin + pathname;
  for (const request of await kept.keys())
    if (path(new URL(request.url)) === path(new URL(url))) await kept.delete(request);
}
