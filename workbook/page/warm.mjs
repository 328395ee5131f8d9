// Prepare the packs with Pyodide itself, under Node: `node warm.mjs PYODIDE SITE CACHE MYPY`.
// Byte code of the right version halves a tool's import; mypy's cache of the standard library
// holds the paths and times that the files have in the page.
// @ts-check
import process from "node:process";
import { pathToFileURL } from "node:url";

const [, , core, site, cache, mypy] = process.argv;
const { loadPyodide } = await import(pathToFileURL(`${core}/pyodide.mjs`).href);
const python = await loadPyodide({ env: { HOME: "/home/pyodide", PYTHONHASHSEED: "0" } });
for (const [folder, path] of Object.entries({ "/site": site, "/cache": cache })) {
  python.FS.mkdirTree(folder);
  python.mountNodeFS(folder, path);
}
python.globals.set("told", mypy);
python.runPython(`
import compileall, json, os, pathlib, py_compile, shutil, sys

packages = next(entry for entry in sys.path if entry.endswith("/site-packages"))
sys.dont_write_bytecode = True
for pack in sorted(os.listdir("/site")):
    for legacy in (True, False):  # beside the source, which may then go, and in __pycache__
        compileall.compile_dir(
            f"/site/{pack}", ddir=packages, quiet=2, force=True, legacy=legacy,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
    shutil.copytree(f"/site/{pack}", packages, dirs_exist_ok=True)

from mypy import api

told = json.loads(told)
for kind, flags in {"strict": ["--strict"], "plain": []}.items():
    folder = pathlib.Path("/warm") / kind
    folder.mkdir(parents=True)
    os.chdir(folder)
    pathlib.Path("warm.py").write_text(told["text"])
    out, err, code = api.run([*told["flags"], "--cache-dir", f"/cache/{kind}", *flags, "warm.py"])
    if code > 1:  # findings do not matter here; that it could not read does
        raise SystemExit(f"{out}{err}")
`);
process.exit(0);
