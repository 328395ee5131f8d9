// One Python with the course's engine in it. It is told {plan, job}: what to have loaded, and the
// exercise and files to grade, or null when it is only to be ready. On the port that came with that
// it tells *progress* in bytes, *grading* when all is loaded, then *done* or *failed*.
// @ts-check

/** @typedef {{folder: string, info: object, transfer: number, bytes: number}} Core */
/** @typedef {{name: string, url: string, transfer: number, bytes: number}} Pack */
/** @typedef {{plan: {core: Core, packs: Pack[]}, job: string | null}} Order */

/** @type {Promise<any> | undefined} */
let python;
/** @type {Map<string, Promise<void>>} */
const loaded = new Map();
/** Bytes of transfer that have arrived, and those that were asked for. */
const transfer = { done: 0, all: 0 };
/** @type {MessagePort} who asked last */
let port;

const fetchAsIs = self.fetch.bind(self);

/**
 * Fetch, and count what arrives. Sizes are those of the transfer, while a body arrives unpacked.
 * @param {RequestInfo | URL} address
 * @param {RequestInit} [options]
 */
self.fetch = async (address, options) => {
  const response = await fetchAsIs(address, options);
  if (!response.ok || !response.body) throw new Error(`Not fetched: ${response.status}`);
  const counter = new TransformStream({
    transform(chunk, controller) {
      transfer.done += chunk.byteLength * share;
      port.postMessage({ kind: "progress", ...transfer });
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(counter), response);
};
/** How many bytes of transfer a byte of a body stands for. */
let share = 1;

/** @param {Core} core */
async function boot(core) {
  transfer.all += core.transfer;
  share = core.transfer / core.bytes;
  const { loadPyodide } = await import(`${core.folder}pyodide.mjs`);
  const py = await loadPyodide({
    indexURL: core.folder,
    lockFileContents: { info: core.info, packages: {} },
    env: { HOME: "/home/pyodide", PYTHONHASHSEED: "0" },
    stdout: () => {},
    stderr: () => {},
  });
  share = 1;
  py.runPython("import sys; sys.path.append('/course')");
  return py;
}

/** @param {Pack} pack */
async function unpack(pack) {
  transfer.all += pack.transfer;
  const content = await (await self.fetch(pack.url)).arrayBuffer();
  const [first, second] = new Uint8Array(content, 0, 2);
  // A server may have undone the compression on the way.
  const format = first === 0x1f && second === 0x8b ? "gztar" : "tar";
  (await python).unpackArchive(content, format, { extractDir: "/" });
}

/** @param {Order["plan"]} plan */
async function load({ core, packs }) {
  python ??= boot(core);
  const fresh = packs.filter(({ name }) => !loaded.has(name));
  for (const pack of fresh) loaded.set(pack.name, unpack(pack));
  const py = await python;
  performance.mark("booted");
  await Promise.all(packs.map(({ name }) => loaded.get(name)));
  performance.mark("unpacked");
  py.runPython("import importlib; importlib.invalidate_caches()");
  const engine = py.pyimport("workbook.page.engine");
  const names = py.toPy(fresh.map(({ name }) => name).filter((name) => name !== "course"));
  engine.prepare(names);
  names.destroy();
  performance.mark("imported");
  return engine;
}

self.onmessage = async ({ data, ports: [asked] }) => {
  const { plan, job } = /** @type {Order} */ (data);
  port = asked;
  try {
    const engine = await load(plan);
    asked.postMessage({ kind: "grading" });
    const result = job === null ? null : engine.grade(job);
    engine.destroy();
    const memory = (await python)._module.HEAPU8.length;
    performance.mark("graded", { detail: memory });
    asked.postMessage({ kind: "done", result, memory });
  } catch (error) {
    asked.postMessage({ kind: "failed", reason: String(error).slice(-2000) });
  }
};
