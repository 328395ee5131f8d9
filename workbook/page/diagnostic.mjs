// The diagnostic: what is a list with answers folded away becomes questions with two choices each,
// what happens and how sure the reader is; at the end it leads to lessons.
// @ts-check

import { KINDS, WORDS, account, answer, beginAnew, enter, sort, tell } from "./diagnosis.mjs";
import { ask, button, make } from "./dom.mjs";
import { change, progress } from "./store.mjs";

/** @typedef {import("./diagnosis.mjs").Item & {box: HTMLElement, form: HTMLElement, at: number}} Shown */

const HEADS = {
  [KINDS[0]]: "You were sure, and something else happened: begin here",
  [KINDS[1]]: "It went otherwise than you thought",
  [KINDS[2]]: "You guessed right",
  [KINDS[3]]: "You knew",
};
const CHOICES = ".quiz-choice, .leads";

/** @param {HTMLElement} box */
const choicesOf = (box) => [...box.querySelectorAll(".quiz-choice")];

/**
 * Make a group of radio buttons; the legend says of which question it is.
 * @param {string} legend
 * @param {string} name
 * @param {(string | Node[])[]} labels
 * @param {(place: number) => void} choose
 */
function group(legend, name, labels, choose) {
  const rows = labels.map((label, place) => {
    const input = make("input", { type: "radio", name, value: String(place) });
    input.onchange = () => choose(place);
    return make("label", {}, input, make("span", {}, ...label));
  });
  return make("fieldset", {}, make("legend", {}, legend), ...rows);
}

/**
 * Read an item off the page, and put its form there.
 * @param {HTMLElement} box
 * @param {number} at
 * @param {number} all
 */
function show(box, at, all) {
  const choices = choicesOf(box);
  const { item: name = "", digest = "" } = box.dataset;
  const right = choices.findIndex((each) => each.classList.contains("right"));
  const form = make("div", { className: "asks" });
  /** @type {Shown} */
  const item = { name, digest, right, choices: choices.length, box, form, at };
  const labels = choices.map((each) =>
    [.../** @type {Element} */ (each.querySelector("summary")).childNodes].map((node) =>
      node.cloneNode(true),
    ),
  );
  const which = `Question ${at + 1} of ${all}`;
  form.append(
    group(`${which}: what happens?`, `${name}-choice`, labels, (choice) =>
      change((before) => enter(before, item, { choice })),
    ),
    group(`How sure are you of question ${at + 1}?`, `${name}-sure`, WORDS, (sure) =>
      change((before) => enter(before, item, { sure })),
    ),
  );
  choices[0].before(form);
  return item;
}

/** Show of *item* either what is asked, or what was told. @param {Shown} item */
function update(item) {
  const { choice, sure, told = false } = answer(progress(), item);
  item.form.hidden = told;
  for (const each of item.box.querySelectorAll(CHOICES))
    /** @type {HTMLElement} */ (each).hidden = !told;
  const [choices, sures] = item.form.querySelectorAll("fieldset");
  choices.querySelectorAll("input").forEach((each, place) => (each.checked = place === choice));
  sures.querySelectorAll("input").forEach((each, place) => (each.checked = place === sure));
  choicesOf(item.box).forEach((each, place) => {
    each.querySelector(".yours")?.remove();
    const details = /** @type {HTMLDetailsElement} */ (each.querySelector("details"));
    const mine = told && place === choice;
    if (told && !item.box.dataset.opened) details.open = mine || place === item.right;
    const words = ` (your choice: ${WORDS[sure ?? 0]})`;
    if (mine) details.querySelector("summary")?.append(make("span", { className: "yours" }, words));
  });
  if (told) item.box.dataset.opened = "yes";
  else delete item.box.dataset.opened;
}

/**
 * Write an entry of the result: the lesson and its module, then where it was run, and the question.
 * @param {Shown} item
 */
function entry({ box, at }) {
  const leads = [.../** @type {HTMLElement} */ (box.querySelector(".leads")).querySelectorAll("a")];
  const [lesson, run] = leads.map((each) => make("a", { href: each.href }, each.textContent ?? ""));
  const module = box.closest("section")?.querySelector("h2")?.firstChild?.textContent ?? "";
  const back = make("a", { href: `#${box.id}` }, `question ${at + 1}`);
  const said = make("span", { className: "from" }, "It was run in ", run, ": ", back, ".");
  return make("li", {}, make("strong", {}, lesson), `, in ${module}. `, said);
}

/**
 * @param {HTMLElement} end where the result is shown
 * @param {HTMLElement[]} boxes
 */
export function diagnose(end, boxes) {
  const items = boxes.map((box, at) => show(box, at, boxes.length));
  const status = make("p", { role: "status" });
  const result = make("div", { className: "result" });
  const above = make("p", { className: "told-before" });

  const lists = () => {
    const sorted = sort(progress(), items);
    return KINDS.filter((kind) => sorted[kind].length).flatMap((kind) => [
      make("h3", { tabIndex: -1 }, `${HEADS[kind]} (${sorted[kind].length})`),
      make("ul", {}, ...sorted[kind].map(entry)),
    ]);
  };
  const look = button("Show where to begin", () => {
    change((before) => tell(before, items));
    const first = /** @type {HTMLElement | null} */ (result.querySelector("h3"));
    if (first) first.focus();
    else status.textContent = "Answer a question first: what happens, and how sure you are.";
  });
  const anew = button("Begin anew", async () => {
    if (!(await ask("Forget all your answers to these questions?", "Begin anew"))) return;
    change(beginAnew);
    boxes[0].querySelector("input")?.focus();
  });

  const refresh = () => {
    items.forEach(update);
    status.textContent = account(progress(), items);
    const found = lists();
    if (result.textContent !== found.map((each) => each.textContent).join(""))
      result.replaceChildren(...found);
    above.textContent = "";
    if (found.length)
      above.append("You have been here: ", make("a", { href: "#where-to-begin" }, "where to begin"), ".");
    look.hidden = items.every((item) => answer(progress(), item).told);
    anew.hidden = items.every((item) => {
      const { choice, sure } = answer(progress(), item);
      return choice === undefined && sure === undefined;
    });
  };
  end.append(status, make("div", { className: "bar" }, look, anew), result);
  document.querySelector("main h1")?.after(above);
  for (const type of ["progress", "storage"]) addEventListener(type, refresh);
  refresh();
}
