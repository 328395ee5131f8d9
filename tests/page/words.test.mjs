import assert from "node:assert/strict";
import { test } from "node:test";

import { diff, folded } from "../../workbook/page/diff.mjs";
import { missing } from "../../workbook/page/offline.mjs";
import { messages, nextHint, sentence, spans } from "../../workbook/page/verdict.mjs";
import { crc32, zip } from "../../workbook/page/zip.mjs";

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

for (const [before, after, rows] of [
  ["", "", []],
  ["a\n", "a\n", [" a"]],
  ["", "a\n", ["+a"]],
  ["a\nb\n", "", ["-a", "-b"]],
  ["a\nb\nc\n", "a\nx\nc\n", [" a", "-b", "+x", " c"]],
  ["a\nb\n", "b\na\n", ["-a", " b", "+a"]],
  ["a\n\nb\n", "a\nb\n", [" a", "-", " b"]],
])
  test(`from ${JSON.stringify(before)} to ${JSON.stringify(after)}`, () => {
    assert.deepEqual(diff(before, after).map(({ mark, text }) => mark + text), rows);
  });

test("long runs of unchanged lines are folded into one mark", () => {
  const same = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";

  const rows = folded(diff(`${same}a\n${same}`, `${same}b\n${same}`)).map(({ mark, text }) => mark + text);

  assert.deepEqual(rows, ["…", " 7", " 8", " 9", "-a", "+b", " 1", " 2", " 3", "…"]);
});

test("the checksum is that of the standard", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
});

test("equal files make equal archives, and the directory names each", async () => {
  const bytes = async () => new Uint8Array(await zip({ "a/ü.py": "x = 1\n", b: "" }).arrayBuffer());

  assert.deepEqual(await bytes(), await bytes());
  assert.equal(new TextDecoder().decode(await bytes()).split("a/ü.py").length, 3);
});

test("what is new or changed is missing, what is gone is not", () => {
  const now = { same: ["1", 9], changed: ["2", 9], fresh: ["3", 9] };

  assert.deepEqual(missing(now, { same: ["1", 9], changed: ["1", 9], gone: ["1", 9] }), ["changed", "fresh"]);
});
