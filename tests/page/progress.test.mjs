import assert from "node:assert/strict";
import { test } from "node:test";

import { answered, hinted, join, nothing, read, remember, state, summary, write } from "../../workbook/page/progress.mjs";

const PASSED = { start: "today", files: "f", outcome: "passed", points: 3, of: 3 };
const OPEN = { start: "today", files: "f", outcome: "not_yet", points: 1, of: 3 };
const COURSE = { exercises: { "m1/a": "today", "m1/b": "today", "m2/c": "today" }, quizzes: { "m1/q": "today" } };
const of = (exercises, quizzes = {}) => ({ ...nothing(), exercises, quizzes });

test("a document survives being written and read, with what other releases put into it", () => {
  const progress = { ...of({ "m1/a": PASSED }, {}), note: "kept" };

  assert.deepEqual(read(write(progress)), progress);
});

for (const text of ["", "[]", "null", "{}", '{"schema": 2, "exercises": {}}', '{"schema": 1, "exercises": []}',
  '{"schema": 1, "exercises": {"m1/a": 3}}', '{"schema": 1, "exercises": {"m1/a": {"hints": 2}}}'])
  test(`${text || "nothing"} is no progress document`, () => {
    assert.throws(() => read(text), /^Error: This file is not/);
  });

test("a verdict is remembered beside the hints that were shown", () => {
  const before = hinted(nothing(), "m1/a", "test_x", 2);

  const after = remember(before, { ...OPEN, exercise: "m1/a", checks: [] });

  assert.deepEqual(after.exercises["m1/a"], { ...OPEN, hints: { test_x: 2 } });
  assert.deepEqual(before.exercises["m1/a"], { hints: { test_x: 2 } });
});

test("a hint shown again does not count back", () => {
  const twice = hinted(hinted(nothing(), "m1/a", "test_x", 2), "m1/a", "test_x", 1);

  assert.deepEqual(twice.exercises["m1/a"].hints, { test_x: 2 });
});

test("a quiz counts its tries until the right one, and anew when it has changed", () => {
  let progress = answered(nothing(), "m1/q", "today", false);
  progress = answered(progress, "m1/q", "today", true);
  progress = answered(progress, "m1/q", "today", false);

  assert.deepEqual(progress.quizzes["m1/q"], { quiz: "today", outcome: "passed", tries: 2 });
  assert.equal(answered(progress, "m1/q", "tomorrow", false).quizzes["m1/q"].tries, 1);
});

for (const [entry, said] of [
  [undefined, ""], [{ hints: { test_x: 1 } }, ""], [PASSED, "passed"], [OPEN, "not yet"],
  [{ ...PASSED, start: "yesterday" }, "check again"],
])
  test(`${JSON.stringify(entry)} is said as "${said}"`, () => {
    assert.equal(state(entry, "today"), said);
  });

const OLD = { ...PASSED, start: "yesterday", points: 9 };
for (const [what, mine, theirs, kept] of [
  ["what only I have", PASSED, undefined, PASSED],
  ["what only they have", undefined, OPEN, OPEN],
  ["a pass over points", { ...OPEN, points: 3 }, { ...PASSED, points: 2 }, { ...PASSED, points: 2 }],
  ["today's exercise over a changed one", OPEN, OLD, OPEN],
  ["more points", OPEN, { ...OPEN, points: 2 }, { ...OPEN, points: 2 }],
  ["mine of two equal ones", { ...OPEN, files: "mine" }, OPEN, { ...OPEN, files: "mine" }],
  ["a verdict over hints alone", { hints: { x: 1 } }, OPEN, { ...OPEN, hints: { x: 1 } }],
  ["the hints of both", { ...OPEN, hints: { x: 1, y: 2 } }, { ...OPEN, hints: { x: 3 } }, { ...OPEN, hints: { x: 3, y: 2 } }],
])
  test(`joining keeps ${what}`, () => {
    const entries = (each) => of(each ? { "m1/a": each } : {});

    assert.deepEqual(join(entries(mine), entries(theirs), COURSE).exercises, { "m1/a": kept });
  });

test("joining keeps the answered quiz, and exercises that the course no longer has", () => {
  const right = { quiz: "today", outcome: "passed", tries: 3 };
  const wrong = { quiz: "today", outcome: "not_yet", tries: 1 };

  const both = join(of({ "m9/gone": OPEN }, { "m1/q": wrong }), of({}, { "m1/q": right }), COURSE);

  assert.deepEqual(both, of({ "m9/gone": OPEN }, { "m1/q": right }));
});

test("a summary counts a module's exercises and questions, or the whole course's", () => {
  const progress = of({ "m1/a": PASSED, "m1/b": OLD }, { "m1/q": { quiz: "today", outcome: "passed", tries: 1 } });

  assert.equal(summary(progress, COURSE, "m1"), "1 of 2 exercises passed, 1 to check again, 1 of 1 questions answered");
  assert.equal(summary(progress, COURSE, "m2"), "0 of 1 exercises passed");
  assert.equal(summary(nothing(), COURSE), "0 of 3 exercises passed, 0 of 1 questions answered");
});
