// The service worker: what was visited stays readable without a network. Stands at the root of the
// site and is a classic script, so that every browser takes it.
// @ts-check

const CACHE = "causeway";
// What has a digest in its name never changes; all else is asked for anew while there is a network.
const LASTING = /\/_page\/.*-[0-9a-f]{12}[./]/;
const SCRIPTS = "/_page/scripts-"; // a page that was kept goes on needing its own

const worker = /** @type {any} */ (self);

const UNKNOWN = `<!doctype html><html lang="en"><title>Offline</title>
<meta name="viewport" content="width=device-width">
<h1>You are offline, and this page was not kept</h1>
<p>Pages that you visited can still be read: go back, or to <a href="${worker.registration.scope}">the
first page</a>, which also keeps the whole course when you are online again.`;

/** A query does not make it another page. @param {string} url */
const plain = (url) => url.replace(/[?#].*/, "");

/** @param {string} url */
const unnumbered = (url) => url.replace(/-[0-9a-f]{12}(?=[./])/, "");

/**
 * Keep a response, and drop what the same file was before.
 * @param {Cache} cache
 * @param {string} url
 * @param {Response} response
 */
async function keep(cache, url, response) {
  await cache.put(url, response);
  if (!LASTING.test(url) || url.includes(SCRIPTS)) return;
  for (const { url: old } of await cache.keys())
    if (old !== url && unnumbered(old) === unnumbered(url)) await cache.delete(old);
}

/** @param {any} event */
async function answer(event) {
  const cache = await caches.open(CACHE);
  const url = plain(event.request.url);
  const known = (await cache.match(url)) ?? (await cache.match(`${url}index.html`));
  if (known && LASTING.test(url)) return known;
  try {
    const response = await fetch(event.request);
    const kept = response.status === 200 && keep(cache, url, response.clone()).catch(() => {});
    event.waitUntil(kept);
    return response;
  } catch {
    const headers = { "Content-Type": "text/html" };
    return known ?? new Response(UNKNOWN, { status: 503, headers });
  }
}

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (/** @type {any} */ event) =>
  event.waitUntil(worker.clients.claim()),
);
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { method, url, cache } = event.request;
  const ours = method === "GET" && url.startsWith(worker.registration.scope);
  if (ours && cache !== "reload") event.respondWith(answer(event));
});
