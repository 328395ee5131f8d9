import assert from "node:assert/strict";
import { test } from "node:test";

import { KINDS, account, answer, beginAnew, better, enter, sort, tell } from "../../workbook/page/diagnosis.mjs";
import { join, nothing, read, write } from "../../workbook/page/progress.mjs";

const item = (name) => ({ name, digest: "today", choices: 3, right: 2 });
const ITEMS = ["a", "b", "c", "d", "e"].map(item);
const [A] = ITEMS;
const GUESS = 0, THINK = 1, SURE = 2;
const given = (...answers) =>
  answers.reduce((before, [choice, sure], at) => enter(before, ITEMS[at], { choice, sure }), nothing());

test("an answer has two parts, which come one by one, and survives being written", () => {
  let progress = enter(nothing(), A, { sure: SURE });
  progress = enter(progress, A, { choice: 1 });

  assert.deepEqual(answer(read(write(progress)), A), { item: "today", choice: 1, sure: SURE });
  assert.deepEqual(nothing().diagnostic, undefined);
});

for (const [what, entry] of [
  ["another item's text", { item: "yesterday", choice: 1, sure: 1, told: true }],
  ["a choice that there is none of", { item: "today", choice: 3, sure: 7 }],
  ["words for numbers", { item: "today", choice: "1", sure: "sure", told: true }],
  ["told without an answer", { item: "today", told: true }],
  ["no map", 7],
])
  test(`an answer with ${what} is none`, () => {
    assert.deepEqual(answer({ ...nothing(), diagnostic: { a: entry } }, A), { item: "today" });
  });

for (const diagnostic of [null, 3, "text", []])
  test(`${JSON.stringify(diagnostic)} in the place of all answers is none`, () => {
    const progress = { ...nothing(), diagnostic };

    assert.deepEqual(answer(progress, A), { item: "today" });
    assert.deepEqual(answer(enter(progress, A, { choice: 2 }), A), { item: "today", choice: 2 });
  });

test("sure and wrong comes first, then wrong by how sure, then what was guessed right", () => {
  const progress = given([0, GUESS], [2, GUESS], [1, SURE], [2, THINK], [0, THINK]);

  const sorted = sort(tell(progress, ITEMS), ITEMS);

  assert.deepEqual(Object.keys(sorted), KINDS);
  assert.deepEqual(
    Object.values(sorted).map((kind) => kind.map((each) => each.name).join("")),
    ["c", "ea", "b", "d"],
  );
});

test("nothing is sorted before it was told, and half an answer never", () => {
  const progress = enter(given([0, SURE]), ITEMS[1], { choice: 1 });

  assert.deepEqual(Object.values(sort(progress, ITEMS)).flat(), []);
  assert.deepEqual(Object.values(sort(tell(progress, ITEMS), ITEMS)).flat(), [A]);
});

test("an item that has changed is asked again, the others stay told", () => {
  const progress = tell(given([0, SURE], [2, SURE]), ITEMS);

  const changed = [{ ...A, digest: "tomorrow" }, ITEMS[1]];

  assert.deepEqual(sort(progress, changed).known, [ITEMS[1]]);
  assert.equal(account(progress, changed), "1 of 2 questions answered.");
});

test("the account says what is still lacking", () => {
  assert.equal(account(nothing(), ITEMS), "0 of 5 questions answered.");
  const half = enter(given([0, SURE]), ITEMS[1], { choice: 1 });
  assert.equal(account(half, ITEMS), "1 of 5 questions answered; question 2 lacks a choice, or how sure you are.");
  const more = enter(half, ITEMS[2], { sure: 1 });
  assert.equal(account(more, ITEMS), "1 of 5 questions answered; questions 2, 3 lack a choice, or how sure you are.");
});

test("beginning anew forgets the answers, and nothing else", () => {
  const progress = { ...given([0, SURE]), note: "kept" };

  assert.deepEqual(beginAnew(progress), { ...nothing(), note: "kept" });
  assert.equal(progress.diagnostic.a.choice, 0);
});

test("joining keeps the answers of whoever was told more, or mine", () => {
  const begun = given([0, SURE], [1, SURE], [2, SURE]);
  const told = tell(given([2, SURE]), ITEMS);
  const course = { exercises: {}, quizzes: {} };

  assert.deepEqual(join(begun, told, course).diagnostic, told.diagnostic);
  assert.deepEqual(join(told, begun, course).diagnostic, told.diagnostic);
  assert.deepEqual(join(begun, nothing(), course).diagnostic, begun.diagnostic);
  assert.deepEqual(join(nothing(), nothing(), course), nothing());
  assert.equal(better(undefined, undefined), undefined);
  assert.deepEqual(better(begun.diagnostic, { a: null, b: 4 }), begun.diagnostic);
});
