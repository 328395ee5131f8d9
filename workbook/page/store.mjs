// What stays in this browser: progress, and what a learner wrote. Nothing of it is ever sent.
// @ts-check

import { nothing, read, write } from "./progress.mjs";

/** @typedef {import("./progress.mjs").Progress} Progress */

const PREFIX = "causeway:";
const PROGRESS = "progress";

// Where storage is switched off, the page remembers until it is left.
/** @type {Map<string, string>} */
const memory = new Map();

/** @param {string} key */
function get(key) {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return memory.get(key) ?? null;
  }
}

/**
 * @param {string} key
 * @param {string} value
 */
function set(key, value) {
  try {
    localStorage.setItem(PREFIX + key, value);
  } catch {
    memory.set(key, value);
  }
}

/** Read the progress; a document that cannot be read is set aside, never lost. */
export function progress() {
  const text = get(PROGRESS);
  try {
    return text === null ? nothing() : read(text);
  } catch {
    set(`${PROGRESS}-unreadable-${Date.now()}`, text ?? "");
    set(PROGRESS, write(nothing()));
    return nothing();
  }
}

/**
 * Change the progress, whatever another tab has written meanwhile; the page hears of it.
 * @param {(progress: Progress) => Progress} how
 */
export function change(how) {
  set(PROGRESS, write(how(progress())));
  dispatchEvent(new Event("progress"));
}

/**
 * Give the files that a learner changed, of the exercise as it is today.
 * @param {string} exercise
 * @param {string} start
 * @returns {Record<string, string>}
 */
export const edits = (exercise, start) => JSON.parse(get(place(exercise, start)) ?? "{}");

/**
 * @param {string} exercise
 * @param {string} start
 */
const place = (exercise, start) => `files:${exercise}:${start}`;

/**
 * @param {string} exercise
 * @param {string} start
 * @param {Record<string, string>} files
 */
export const keepEdits = (exercise, start, files) =>
  set(place(exercise, start), JSON.stringify(files));

/**
 * Give all files that a learner changed, by their place in a learner's folder.
 * @param {Record<string, string>} starts of the exercises, by name
 * @returns {Record<string, string>}
 */
export const allEdits = (starts) =>
  Object.fromEntries(
    Object.entries(starts).flatMap(([exercise, start]) =>
      Object.entries(edits(exercise, start)).map(([name, text]) => [
        `exercises/${exercise}/${name}`,
        text,
      ]),
    ),
  );

/**
 * Hear of it when another tab changed the files of an exercise.
 * @param {string} exercise
 * @param {string} start
 * @param {() => void} how
 */
export const whenEdited = (exercise, start, how) =>
  addEventListener("storage", ({ key }) => key === PREFIX + place(exercise, start) && how());
