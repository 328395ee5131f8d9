import assert from "node:assert/strict";
import { test } from "node:test";
import { missing } from "../../workbook/page/offline.mjs";
import { messages, nextHint, sentence, spans } from "../../workbook/page/verdict.mjs";

const check = (id, outcome, message = "") => ({ id, title: id, outcome, points: Number(outcome === "passed"), of: 1, message, detail: "" });
const verdict = (outcome, ...checks) => ({ outcome, checks, points: checks.filter((each) => each.points).length, of: checks.length });
const NOT_YET = verdict("not_yet", check("a", "passed"), check("b", "not_yet", "No."), check("c", "not_yet", "No."));

for (const [said, given] of [
  ["Passed: 1 of 1 points.", verdict("passed", check("a", "passed"))],
  ["Not yet: 1 of 3 points, 1 of 3 checks passed.", NOT_YET],
  ["Broken: the check itself failed, which is not your fault.", verdict("broken", check("a", "broken"))],
])
  test(`a verdict says: ${said}`, () => assert.equal(sentence(given), said));

test("one message that explains several checks is shown once", () => {
  assert.deepEqual(messages(NOT_YET), ["", "No.", ""]);
});

for (const [shown, number] of [[{}, 1], [{ b: 1 }, 2], [{ b: 2 }, 2], [{ c: 1 }, 1]])
  test(`after ${JSON.stringify(shown)} comes hint ${number} of the first open check`, () => {
    const hint = nextHint(NOT_YET, { b: ["one?", "two?"], c: ["three?"] }, shown);

    assert.deepEqual(hint, { check: "b", number, of: 2, text: ["one?", "two?"][number - 1] });
  });

for (const [shown, number] of [[{}, 1], [{ b: 1 }, 1], [{ b: 2 }, 2]])
  test(`after another check with ${JSON.stringify(shown)} hint ${number} stands there again`, () => {
    const hint = nextHint(NOT_YET, { b: ["one?", "two?"] }, shown, 0);

    assert.equal(hint.number, number);
  });

test("without a question there is no hint", () => {
  assert.equal(nextHint(NOT_YET, {}, {}), undefined);
  assert.equal(nextHint(verdict("passed", check("a", "passed")), { a: ["one?"] }, {}), undefined);
});

for (const [text, parts] of [
  ["plain", [["", "plain"]]],
  ["who reads *0 minutes*?", [["", "who reads "], ["em", "0 minutes"], ["", "?"]]],
  ["`a * b` of 2 * 3", [["code", "a * b"], ["", " of 2 * 3"]]],
  ["See https://x.org/a_b.html.", [["", "See "], ["a", "https://x.org/a_b.html"], ["", "."]]],
])
  test(`the spans of ${text}`, () => {
    assert.deepEqual(spans(text).map(({ kind, text }) => [kind, text]), parts);
  });

test("what is new or changed is missing, what is gone is not", () => {
  const now = { same: ["1", 9], changed: ["2", 9], fresh: ["3", 9] };

  assert.deepEqual(missing(now, { same: ["1", 9], changed: ["1", 9], gone: ["1", 9] }), ["changed", "fresh"]);
});
