// The page of what was passed: fill in what this browser knows, and print it.
// @ts-check

import { button, make } from "./dom.mjs";
import { summary } from "./progress.mjs";
import { dated, standing } from "./record.mjs";
import { progress } from "./store.mjs";

/**
 * @param {HTMLElement} box where the page says from when it is, and is printed
 * @param {import("./progress.mjs").Course} course
 */
export function fill(box, course) {
  const day = make("p");
  box.replaceChildren(day, make("div", { className: "bar" }, button("Print", () => print())));
  const refresh = () => {
    const known = progress();
    day.textContent = `As this browser knew it on ${dated(new Date())}.`;
    /** @type {NodeListOf<HTMLElement>} */
    const places = document.querySelectorAll(".state-of");
    for (const place of places) {
      const { exercise = "", start = "" } = place.dataset;
      const { said, points } = standing(known, exercise, start);
      place.textContent = said;
      place.className = `state-of ${said}`;
      const counted = place.closest("tr")?.querySelector(".points-of");
      if (counted) counted.textContent = points;
    }
    /** @type {NodeListOf<HTMLElement>} */
    const modules = document.querySelectorAll("[data-module]");
    for (const line of modules)
      line.textContent = `${summary(known, course, line.dataset.module)}.`;
  };
  for (const type of ["progress", "storage"]) addEventListener(type, refresh);
  refresh();
}
