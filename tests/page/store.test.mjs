import assert from "node:assert/strict";
import { test } from "node:test";

import { allEdits, edits, keepEdits, whenEdited } from "../../workbook/page/store.mjs";

test("all that was changed is found, by its place in a learner's folder", () => {
  keepEdits("m1/a", "today", { "sign.py": "1", "lib/x.py": "2" });
  keepEdits("m1/b", "yesterday", { "old.py": "3" });

  assert.deepEqual(edits("m1/a", "today"), { "sign.py": "1", "lib/x.py": "2" });
  assert.deepEqual(allEdits({ "m1/a": "today", "m1/b": "today", "m2/c": "today" }), {
    "exercises/m1/a/sign.py": "1",
    "exercises/m1/a/lib/x.py": "2",
  });
});

test("another tab's change of these files is heard, and no other", () => {
  let heard = 0;
  /** @type {(event: {key: string}) => void} */
  let tell = () => {};
  globalThis.addEventListener = (_, listener) => (tell = listener);

  whenEdited("m1/a", "today", () => heard++);
  for (const key of ["causeway:progress", "causeway:files:m1/a:yesterday", "files:m1/a:today"]) tell({ key });
  assert.equal(heard, 0);
  tell({ key: "causeway:files:m1/a:today" });
  assert.equal(heard, 1);
});
