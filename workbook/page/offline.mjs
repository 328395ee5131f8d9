// Reading without a network: the service worker keeps what was visited, and on request all of it.
// @ts-check

import { ask } from "./dom.mjs";

/** @typedef {{bytes: number, files: Record<string, [digest: string, bytes: number]>}} List */

const CACHE = "causeway"; // as in sw.mjs
const LIST = "_page/offline.json";
const KEPT = "_page/kept.json"; // the list of what is kept; it stands in the cache alone

/** @param {number} bytes */
export const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/**
 * Name what of a list is not kept yet.
 * @param {List["files"]} now
 * @param {List["files"]} kept
 */
export const missing = (now, kept) =>
  Object.keys(now).filter((path) => kept[path]?.[0] !== now[path][0]);

/** @param {URL} root @returns {Promise<List["files"] | undefined>} */
async function whatIsKept(root) {
  const response = await (await caches.open(CACHE)).match(new URL(KEPT, root));
  return (await response?.json())?.files;
}

/** @param {URL} root @returns {Promise<List>} */
async function today(root) {
  const response = await fetch(new URL(LIST, root), { cache: "reload" });
  if (!response.ok) throw new Error(`${LIST}: ${response.status}`);
  return response.json();
}

/**
 * Start the service worker; keep this page, which came before it did.
 * @param {URL} root
 */
export async function start(root) {
  if (!("serviceWorker" in navigator)) return;
  const first = !navigator.serviceWorker.controller;
  await navigator.serviceWorker.register(new URL("sw.mjs", root));
  if (first) {
    await navigator.serviceWorker.ready;
    const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
    const cache = await caches.open(CACHE);
    for (const url of [location.href, ...loaded].filter((each) => each.startsWith(root.href))) {
      const response = await fetch(url, { cache: "force-cache" });
      if (response.ok) await cache.put(url.replace(/[?#].*/, ""), response);
    }
  } else if (await whatIsKept(root)) await update(root, () => {});
}

/**
 * Fetch what has changed since it was kept, and drop what is gone.
 * @param {URL} root
 * @param {(done: number, all: number) => void} tell in bytes
 */
export async function update(root, tell) {
  const list = await today(root);
  const cache = await caches.open(CACHE);
  const paths = missing(list.files, (await whatIsKept(root)) ?? {});
  const all = paths.reduce((sum, path) => sum + list.files[path][1], 0);
  let done = 0;
  for (const path of paths) {
    await cache.add(new Request(new URL(path, root), { cache: "reload" }));
    tell((done += list.files[path][1]), all);
  }
  const known = new Set(Object.keys(list.files).map((path) => new URL(path, root).href));
  const gone = paths.length ? await cache.keys() : [];
  for (const { url } of gone) if (!known.has(url)) await cache.delete(url);
  await cache.put(new URL(KEPT, root), new Response(JSON.stringify(list)));
}

/**
 * Keep the whole course, the size told first.
 * @param {URL} root
 * @param {(text: string) => void} say
 */
export async function keep(root, say) {
  try {
    const { files } = await today(root);
    const paths = missing(files, (await whatIsKept(root)) ?? {});
    const size = megabytes(paths.reduce((sum, path) => sum + files[path][1], 0));
    if (!paths.length) return say("The whole course is kept already.");
    const question = `Keep the whole course in this browser? That fetches ${size}.`;
    if (!(await ask(question, "Keep it"))) return;
    navigator.storage?.persist?.().catch(() => {}); // Firefox asks, and may wait for ever
    await update(root, (done, all) => say(`Keeping ${megabytes(done)} of ${megabytes(all)}`));
    say("The whole course is kept: you can read and check without a network.");
  } catch {
    say("Not all of it could be fetched. Are you online? What came so far is kept.");
  }
}

/** Remove all that is kept for reading offline; progress and edits stay. */
export async function clear() {
  await caches.delete(CACHE);
  return "Nothing is kept for reading offline any more. Your progress and your files stay.";
}
