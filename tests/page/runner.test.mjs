// `node --test workbook/page/tests/`: what the runner says and asks for, without a worker.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { Runner, explain, plan, words } from "../../workbook/page/runner.mjs";

test("loading is told in megabytes of what has to come", () => {
  assert.equal(words(1_040_000, 7_500_000), "Fetching Python and the tools: 1.0 of 7.5 MB");
});

test("when all has come, the wait is for the start", () => {
  assert.equal(words(7_500_000, 7_500_000), "Starting Python and the tools");
});

test("a plan has whole addresses, wherever the site stands", () => {
  const manifest = {
    core: { folder: "pyodide-1/", info: {}, bytes: 20, transfer: 10 },
    packs: { base: { file: "base-2.tar.gz", bytes: 4, transfer: 4 } },
    exercises: {},
  };

  const { core, packs } = plan(manifest, { packs: ["base"] }, "https://host/course/_page/packs.json");

  assert.equal(core.folder, "https://host/course/_page/pyodide-1/");
  assert.deepEqual(packs, [
    { name: "base", url: "https://host/course/_page/base-2.tar.gz", bytes: 4, transfer: 4 },
  ]);
});

for (const [reason, told] of [
  ["TypeError: Failed to fetch", /Are you online/],
  ["TypeError: Failed to fetch dynamically imported module: …", /Are you online/],
  ["Error: Not fetched: 404", /Are you online/],
  ["TypeError: NetworkError when attempting to fetch resource.", /Are you online/],
  ["TypeError: Importing a module script failed.", /Are you online/],
  ["PythonError: MemoryError", /more memory than the page has/],
  ["PythonError: ImportError: no such module", /broke, which is not your fault/],
  ["PythonError: KeyError: 'id'", /broke, which is not your fault/],
]) {
  test(`${reason} is told in plain words`, () => assert.match(explain(String(reason)), RegExp(told)));
}

test("after a check was cancelled, nothing more is told of it", async (context) => {
  /** @type {(port: MessagePort) => void} */
  let began;
  const asked = new Promise((resolve) => (began = resolve));
  Object.assign(globalThis, {
    Worker: class {
      postMessage(/** @type {object} */ _, /** @type {MessagePort[]} */ [port]) {
        began(port);
      }
      terminate() {}
    },
    fetch: async (/** @type {string} */ url) =>
      Response.json(
        String(url).endsWith("packs.json")
          ? { core: { folder: "pyodide/" }, packs: {}, exercises: { toll: { file: "toll.json" } } }
          : { packs: [] },
      ),
  });
  const runner = new Runner("https://host/_page/packs.json", { spare: false });
  /** @type {string[]} */
  const told = [];
  const check = runner.check("toll", {}, { onProgress: (text) => told.push(text) });
  const worker = await asked;
  context.after(() => worker.close());
  worker.postMessage({ kind: "progress", done: 1, all: 2 });

  runner.cancel();

  await assert.rejects(check, { message: "The check was cancelled." });
  await new Promise((resolve) => setTimeout(resolve, 50)); // what was sent has come by then
  assert.deepEqual(told, []);
});
