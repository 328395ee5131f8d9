// What a learner passed, as it is shown and printed; out of the progress document alone.
// @ts-check

import { state } from "./progress.mjs";

/** @typedef {import("./progress.mjs").Progress} Progress */

/**
 * Say how an exercise stands, and with how many points; of another text of it the points are not
 * today's, and are left out.
 * @param {Progress} progress
 * @param {string} exercise
 * @param {string} start its digest today
 */
export function standing(progress, exercise, start) {
  const entry = progress.exercises[exercise];
  const known = state(entry, start);
  const kept = ["passed", "not yet", "check again", "broken"].includes(known);
  const points = entry?.points;
  const counts = known !== "check again" && Number.isInteger(points);
  return { said: kept ? known : "not begun", points: kept && counts ? String(points) : "–" };
}

/**
 * Say on which day a page was printed.
 * @param {Date} day
 */
export const dated = (day) =>
  new Intl.DateTimeFormat("en-GB", { dateStyle: "long" }).format(day);
