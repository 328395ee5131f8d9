// What a reader answered in the diagnostic, and which lessons follow from it.
// The answers stand in the progress document, under `diagnostic`, by item; an item that has
// changed since is as if it had never been answered. Functions leave the old document as it was.
// @ts-check

/** @typedef {import("./progress.mjs").Progress} Progress */
/** @typedef {{name: string, digest: string, choices: number, right: number}} Item */
/** @typedef {{item: string, choice?: number, sure?: number, told?: boolean}} Answer */

// From least to most; an answer keeps the place of its word in this list.
export const WORDS = ["a guess", "I think so", "I am sure"];
const SURE = WORDS.length - 1;

// What comes first is what a reader has most to gain from.
export const KINDS = ["sure and wrong", "wrong", "guessed", "known"];

/** @param {unknown} value @param {number} below */
const isPlace = (value, below) =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) < below;

/**
 * Give the answer to *item*, as far as there is one; an imported document may hold anything.
 * @param {Progress} progress
 * @param {Item} item
 * @returns {Answer}
 */
export function answer(progress, item) {
  const found = /** @type {any} */ (progress.diagnostic)?.[item.name];
  const given = /** @type {Answer} */ ({ item: item.digest });
  if (found?.item !== item.digest) return given;
  if (isPlace(found.choice, item.choices)) given.choice = found.choice;
  if (isPlace(found.sure, WORDS.length)) given.sure = found.sure;
  if (found.told === true && isWhole(given)) given.told = true;
  return given;
}

/**
 * Whether an answer has both its parts: a choice, and how sure.
 * @param {Answer} answer
 */
export const isWhole = ({ choice, sure }) => choice !== undefined && sure !== undefined;

/**
 * Enter a part of an answer: the choice, or how sure the reader is.
 * @param {Progress} progress
 * @param {Item} item
 * @param {{choice?: number, sure?: number, told?: boolean}} part
 * @returns {Progress}
 */
export function enter(progress, item, part) {
  const diagnostic = { ...progress.diagnostic, [item.name]: { ...answer(progress, item), ...part } };
  return { ...progress, diagnostic };
}

/**
 * Tell the outcome of every whole answer.
 * @param {Progress} progress
 * @param {Item[]} items
 */
export function tell(progress, items) {
  const whole = items.filter((item) => isWhole(answer(progress, item)));
  return whole.reduce((before, item) => enter(before, item, { told: true }), progress);
}

/** Forget every answer. @param {Progress} progress @returns {Progress} */
export function beginAnew({ diagnostic, ...rest }) {
  return rest;
}

/**
 * Sort the items that were told into KINDS; within *wrong* the surer ones come first.
 * @template {Item} Kind
 * @param {Progress} progress
 * @param {Kind[]} items
 * @returns {Record<string, Kind[]>}
 */
export function sort(progress, items) {
  /** @type {Record<string, Kind[]>} */
  const sorted = Object.fromEntries(KINDS.map((kind) => [kind, []]));
  const sure = (/** @type {Kind} */ item) => answer(progress, item).sure ?? 0;
  for (const item of items) {
    const { choice, told } = answer(progress, item);
    const right = choice === item.right;
    const kind = right ? Number(sure(item) > 0) + 2 : Number(sure(item) < SURE);
    if (told) sorted[KINDS[kind]].push(item);
  }
  sorted.wrong.sort((a, b) => sure(b) - sure(a));
  return sorted;
}

/**
 * Say how far the reader is: to be told, and to be read aloud.
 * @param {Progress} progress
 * @param {Item[]} items
 */
export function account(progress, items) {
  const whole = items.filter((item) => isWhole(answer(progress, item))).length;
  const half = items.flatMap((item, at) => {
    const given = answer(progress, item);
    return !isWhole(given) && (given.choice ?? given.sure) !== undefined ? [at + 1] : [];
  });
  const which = half.length === 1 ? `question ${half[0]} lacks` : `questions ${half.join(", ")} lack`;
  const rest = half.length ? `; ${which} a choice, or how sure you are` : "";
  return `${whole} of ${items.length} questions answered${rest}.`;
}

/**
 * Of two documents' answers keep those of the one in which more was told, or mine.
 * @param {Progress["diagnostic"]} mine
 * @param {Progress["diagnostic"]} theirs
 */
export function better(mine, theirs) {
  const told = (/** @type {any} */ all) =>
    Object.values(all ?? {}).filter((each) => /** @type {any} */ (each)?.told === true).length;
  return told(theirs) > told(mine) || !mine ? theirs : mine;
}
