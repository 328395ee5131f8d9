// The progress document: the same that `workbook` keeps in .workbook/progress.json (schema 1).
// Functions give a new document and leave the old one as it was.
// @ts-check

import { better } from "./diagnosis.mjs";

/**
 * @typedef {object} Entry
 * @property {string} [start] its digest, and below that of the files
 * @property {string} [files]
 * @property {string} [outcome]
 * @property {number} [points]
 * @property {number} [of]
 * @property {Record<string, number>} [hints] how many of a check's were shown
 */
/** @typedef {{quiz: string, outcome: string, tries: number}} Answered */
/**
 * @typedef {object} Progress
 * @property {1} schema
 * @property {Record<string, Entry>} exercises
 * @property {Record<string, Answered>} quizzes
 * @property {Record<string, import("./diagnosis.mjs").Answer>} [diagnostic]
 */
// Today's digests, by name.
/** @typedef {Record<"exercises" | "quizzes", Record<string, string>>} Course */

/** @returns {Progress} */
export const nothing = () => ({ schema: 1, exercises: {}, quizzes: {} });

/** @param {unknown} value */
const isMap = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Read a progress document; throws an Error that a person can act on.
 * @param {string} text
 * @returns {Progress}
 */
export function read(text) {
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    throw new Error("This file is not JSON. Choose the progress.json that was exported.");
  }
  const parts = [found?.exercises, found?.quizzes ?? {}];
  const entries = parts.flatMap((part) => (isMap(part) ? Object.values(part) : [null]));
  const fits = entries.every((entry) => isMap(entry) && isMap(entry.hints ?? {}));
  if (found?.schema === 1 && fits) return { ...nothing(), ...found };
  throw new Error("This file is not a progress document of this course (schema 1).");
}

/** @param {Progress} progress */
export const write = (progress) => `${JSON.stringify(progress, null, 1)}\n`;

/**
 * Enter a verdict; the hints already shown stay.
 * @param {Progress} progress
 * @param {any} verdict
 */
export function remember(progress, { exercise, start, files, outcome, points, of }) {
  const entry = { ...progress.exercises[exercise], start, files, outcome, points, of };
  return { ...progress, exercises: { ...progress.exercises, [exercise]: entry } };
}

/**
 * Enter that the hint *number* of a check was shown.
 * @param {Progress} progress
 * @param {string} exercise
 * @param {string} check
 * @param {number} number
 */
export function hinted(progress, exercise, check, number) {
  const entry = progress.exercises[exercise];
  const hints = { ...entry?.hints, [check]: Math.max(number, entry?.hints?.[check] ?? 0) };
  return { ...progress, exercises: { ...progress.exercises, [exercise]: { ...entry, hints } } };
}

/**
 * Enter a choice in a quiz; what was answered stays answered.
 * @param {Progress} progress
 * @param {string} name
 * @param {string} quiz the digest
 * @param {boolean} right
 */
export function answered(progress, name, quiz, right) {
  const before = progress.quizzes[name]?.quiz === quiz ? progress.quizzes[name] : undefined;
  if (before?.outcome === "passed") return progress;
  const entry = { quiz, outcome: right ? "passed" : "not_yet", tries: (before?.tries ?? 0) + 1 };
  return { ...progress, quizzes: { ...progress.quizzes, [name]: entry } };
}

/**
 * Give *passed*, *not yet*, *check again* (the exercise has changed) or nothing.
 * @param {Entry | undefined} entry
 * @param {string} start
 */
export function state(entry, start) {
  if (!entry?.outcome) return "";
  return entry.start === start ? entry.outcome.replace("_", " ") : "check again";
}

/**
 * Join two documents: of each entry the one that counts today, then the better one, then mine.
 * @param {Progress} mine
 * @param {Progress} theirs
 * @param {Course} course
 * @returns {Progress}
 */
export function join(mine, theirs, course) {
  /** @type {(entry: any, today: string) => number} */
  const worth = (entry, today) =>
    Number((entry.start ?? entry.quiz) === today) * 4e6 +
    Number(entry.outcome === "passed") * 2e6 +
    Number("outcome" in entry) * 1e6 +
    (entry.points ?? 0);
  /** @type {(kind: "exercises" | "quizzes", key: string) => any} */
  const joined = (kind, key) => {
    const [a, b] = [mine[kind][key] ?? theirs[kind][key], theirs[kind][key] ?? mine[kind][key]];
    const better = worth(b, course[kind][key]) > worth(a, course[kind][key]) ? b : a;
    const hints = { .../** @type {any} */ (a).hints };
    for (const [check, number] of Object.entries(/** @type {any} */ (b).hints ?? {}))
      hints[check] = Math.max(Number(number), hints[check] ?? 0);
    return kind === "exercises" && Object.keys(hints).length ? { ...better, hints } : better;
  };
  const all = (/** @type {"exercises" | "quizzes"} */ kind) =>
    Object.fromEntries(
      Object.keys({ ...mine[kind], ...theirs[kind] }).map((key) => [key, joined(kind, key)]),
    );
  const diagnostic = better(mine.diagnostic, theirs.diagnostic);
  const rest = { ...theirs, ...mine, ...(diagnostic && { diagnostic }) };
  return { ...rest, exercises: all("exercises"), quizzes: all("quizzes") };
}

/**
 * Say how far somebody is, in the whole course or in one module.
 * @param {Progress} progress
 * @param {Course} course
 * @param {string} [module]
 */
export function summary(progress, course, module = "") {
  const within = (/** @type {[string, string]} */ [key]) => key.startsWith(module && `${module}/`);
  const exercises = Object.entries(course.exercises).filter(within);
  const states = exercises.map(([id, start]) => state(progress.exercises[id], start));
  const quizzes = Object.entries(course.quizzes).filter(within);
  const right = quizzes.filter(([name, digest]) => {
    const entry = progress.quizzes[name];
    return entry?.quiz === digest && entry.outcome === "passed";
  });
  const count = (/** @type {string} */ what) => states.filter((each) => each === what).length;
  const again = count("check again");
  return [
    `${count("passed")} of ${exercises.length} exercises passed`,
    ...(again ? [`${again} to check again`] : []),
    ...(quizzes.length ? [`${right.length} of ${quizzes.length} questions answered`] : []),
  ].join(", ");
}
