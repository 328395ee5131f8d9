// What a verdict says to a person, without the page that shows it.
// @ts-check

/**
 * @typedef {object} Check
 * @property {string} id
 * @property {string} title
 * @property {"passed" | "not_yet" | "broken"} outcome
 * @property {number} points
 * @property {number} of
 * @property {string} message
 * @property {string} detail
 */
/**
 * @typedef {object} Verdict
 * @property {Check["outcome"]} outcome
 * @property {number} points
 * @property {number} of
 * @property {Check[]} checks
 */

export const WORDS = { passed: "Passed", not_yet: "Not yet", broken: "Broken" };

/**
 * Give the first check that is not passed: the one to work on.
 * @param {Verdict} verdict
 */
export const firstOpen = ({ checks }) => checks.find(({ outcome }) => outcome !== "passed");

/**
 * Say a verdict in a sentence or two.
 * @param {Verdict} verdict
 */
export function sentence(verdict) {
  const passed = verdict.checks.filter(({ outcome }) => outcome === "passed").length;
  const total = `${verdict.points} of ${verdict.of} points`;
  if (verdict.outcome === "passed") return `Passed: ${total}.`;
  if (verdict.outcome === "broken")
    return "Broken: the check itself failed, which is not your fault.";
  return `Not yet: ${total}, ${passed} of ${verdict.checks.length} checks passed.`;
}

/**
 * Give each check's message once: one fact about the files may explain every check.
 * @param {Verdict} verdict
 */
export function messages({ checks }) {
  const all = checks.map(({ message }) => message);
  return all.map((message, n) => (all.indexOf(message) === n ? message : ""));
}

/**
 * Choose a hint of the check to work on: the next, or by a *step* of 0 the one shown last.
 * The last one comes again after itself, and the first before any.
 * @param {Verdict} verdict
 * @param {Record<string, string[]>} questions
 * @param {Record<string, number>} shown how many of each check were shown before
 * @param {0 | 1} [step]
 */
export function nextHint(verdict, questions, shown, step = 1) {
  const check = firstOpen(verdict);
  const asked = questions[check?.id ?? ""] ?? [];
  if (!check || !asked.length) return undefined;
  const number = Math.min(Math.max((shown[check.id] ?? 0) + step, 1), asked.length);
  return { check: check.id, number, of: asked.length, text: asked[number - 1] };
}

/**
 * Split a hint into what is said, *stressed*, `typed`, and addresses.
 * @param {string} text
 * @returns {{kind: "" | "em" | "code" | "a", text: string}[]}
 */
export function spans(text) {
  return text
    .split(/(\*[^*\s][^*]*\*|`[^`]+`|https?:\/\/\S*[^\s.,;:?!)])/)
    .filter(Boolean)
    .map((part) => {
      if (/^\*.+\*$/.test(part)) return { kind: "em", text: part.slice(1, -1) };
      if (/^`.+`$/.test(part)) return { kind: "code", text: part.slice(1, -1) };
      return { kind: /^https?:/.test(part) ? "a" : "", text: part };
    });
}
