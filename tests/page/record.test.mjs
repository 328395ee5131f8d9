import assert from "node:assert/strict";
import { test } from "node:test";

import { nothing } from "../../workbook/page/progress.mjs";
import { dated, standing } from "../../workbook/page/record.mjs";

const PASSED = { start: "today", files: "f", outcome: "passed", points: 6, of: 6 };

for (const [what, entry, said, points] of [
  ["nobody began", undefined, "not begun", "–"],
  ["hints alone were shown", { hints: { test_x: 1 } }, "not begun", "–"],
  ["passed", PASSED, "passed", "6"],
  ["was tried", { ...PASSED, outcome: "not_yet", points: 0 }, "not yet", "0"],
  ["has changed since", { ...PASSED, start: "yesterday" }, "check again", "–"],
  ["our grader broke on", { ...PASSED, outcome: "broken", points: 0 }, "broken", "0"],
  ["a strange document names", { start: "today", outcome: "<b>perfect</b>", points: "9" }, "not begun", "–"],
  ["has strange points", { ...PASSED, points: "many" }, "passed", "–"],
])
  test(`an exercise that ${what} is ${said}, with ${points} points`, () => {
    const progress = { ...nothing(), exercises: entry ? { "m1/a": entry } : {} };

    assert.deepEqual(standing(progress, "m1/a", "today"), { said, points });
  });

test("the day is written out, in the language of the course", () => {
  assert.equal(dated(new Date(2026, 4, 1)), "1 May 2026");
});
