// The workbench of an exercise's page: its files in editors, Check, hints, and the reference.
// What it stands on is in the page already: the files in tabs, and the list of checks.
// @ts-check

import { packed } from "./archive.mjs";
import { ask as confirm, button, download, make } from "./dom.mjs";
import { structuredPatch } from "./libraries.mjs";
import { hinted, remember, state } from "./progress.mjs";
import { Runner } from "./runner.mjs";
import { change, edits, keepEdits, progress, whenEdited } from "./store.mjs";
import { firstOpen, messages, nextHint, sentence, spans, WORDS } from "./verdict.mjs";

/** @typedef {import("./verdict.mjs").Verdict} Verdict */
/** @typedef {Record<string, string>} Files */

const style = new URL("workbench.css", import.meta.url).href;
document.head.append(make("link", { rel: "stylesheet", href: style }));

// Pygments' names for the lines of a difference.
/** @type {Record<string, string>} */
const KINDS = { "+": "gi", "-": "gd", "…": "gu" };

export class Workbench {
  /** @type {Verdict | undefined} */
  verdict;
  /** @type {Record<string, string[]>} */
  questions = {};
  // What puts another text into the editor of a file.
  /** @type {Record<string, (text: string) => void>} */
  editors = {};
  checkButton = button("Check", () => this.check());
  stop = button("Stop", () => this.runner.cancel());
  status = make("p", { role: "status", className: "status" });
  loading = make("p", { hidden: true, ariaHidden: "true" });
  hint = make("div", { role: "status", className: "hint" });
  reference = make("section", { hidden: true, ariaLabel: "The reference" });
  checks = [...document.querySelectorAll(".checks > li")];

  /**
   * @param {HTMLElement} box holds the start as JSON; its data name the exercise
   * @param {URL} packs the address of packs.json
   */
  constructor(box, packs) {
    const { exercise = "", start = "", folder = "" } = box.dataset;
    this.exercise = exercise;
    this.digest = start;
    this.folder = folder;
    this.runner = new Runner(packs);
    /** @type {Files} */
    this.start = JSON.parse(box.querySelector("script")?.text ?? "{}");
    /** @type {Files} */
    this.files = { ...this.start, ...edits(exercise, start) };
    this.stop.hidden = true;
    const keys = "Ctrl+Enter checks. Tab leaves the editor; Ctrl+] and Ctrl+[ indent a line.";
    const others = [
      button("Hint", () => this.showHint()),
      button("Reset", () => this.reset()),
      button("Show the reference", () => this.showReference()),
      button("Download my files", () => this.download()),
    ];
    const bar = make("div", { className: "bar" }, this.checkButton, this.stop, ...others);
    const below = [this.status, this.loading, this.hint, this.reference];
    box.append(make("p", { className: "keys" }, keys), bar, ...below);
    const known = progress().exercises[exercise];
    const before = state(known, start);
    if (before === "passed") this.say("You passed this exercise before.");
    if (before === "not yet")
      this.say(`When you last checked: not yet, ${known.points} of ${known.of} points.`);
    if (before === "check again")
      this.say("This exercise has changed since you did it: check again.");
  }

  /** Put an editor in the place of each file; a plain one where the better cannot be had. */
  async open() {
    const edit = await import("./editor.mjs").then((editor) => editor.edit, () => plain);
    const places = document.querySelectorAll(".sd-tab-content");
    for (const [n, name] of Object.keys(this.start).entries()) {
      const place = /** @type {HTMLElement} */ (places[n]);
      place.replaceChildren();
      place.classList.add("highlight");
      this.editors[name] = edit(place, name, this.files[name], {
        changed: (text) => this.changed(name, text),
        check: () => this.check(),
      });
    }
    whenEdited(this.exercise, this.digest, () => this.follow());
  }

  /** Show what another tab made of the files: the next save here would undo it. */
  follow() {
    const now = { ...this.start, ...edits(this.exercise, this.digest) };
    for (const [name, text] of Object.entries(now)) {
      if (this.files[name] === text) continue;
      this.files[name] = text; // before the editor tells of it: that is no change of ours
      this.editors[name](text);
    }
  }

  /**
   * @param {string} name
   * @param {string} text
   */
  changed(name, text) {
    if (this.files[name] === text) return;
    this.files[name] = text;
    const mine = Object.entries(this.files).filter(([file, now]) => now !== this.start[file]);
    keepEdits(this.exercise, this.digest, Object.fromEntries(mine));
  }

  /** @param {string} text */
  say(text) {
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  async check() {
    if (!this.stop.hidden) return;
    const files = { ...this.files };
    this.stop.hidden = false;
    this.checkButton.ariaDisabled = "true";
    this.hint.replaceChildren();
    this.status.className = "status";
    this.say("Checking …");
    try {
      const onProgress = (/** @type {string} */ text) => this.wait(text);
      const answer = await this.runner.check(this.exercise, files, { onProgress });
      this.show(answer.verdict, answer.questions);
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
    } finally {
      if (document.activeElement === this.stop) this.checkButton.focus();
      this.checkButton.ariaDisabled = null;
      this.loading.hidden = this.stop.hidden = true;
    }
  }

  /** Show each step of *text*; announce it once, without its figures. @param {string} text */
  wait(text) {
    this.loading.hidden = false;
    this.loading.textContent = text;
    this.say(`${text.replace(/:.*/, "")} …`);
  }

  /**
   * @param {Verdict} verdict
   * @param {Record<string, string[]>} questions
   */
  show(verdict, questions) {
    Object.assign(this, { verdict, questions });
    const open = firstOpen(verdict);
    const work = verdict.outcome === "not_yet" && open ? ` First: ${open.title}` : "";
    this.say(sentence(verdict) + work);
    this.status.className = `status ${verdict.outcome}`;
    const told = messages(verdict);
    for (const [n, { outcome, detail }] of verdict.checks.entries()) {
      const said = make("div", { className: "said" });
      if (told[n]) said.append(make("p", {}, told[n]));
      if (detail && outcome !== "passed") {
        const words = make("pre", { tabIndex: 0 }, detail);
        said.append(make("details", {}, make("summary", {}, "In detail"), words));
      }
      const item = this.checks[n];
      item.querySelectorAll(".said, .outcome").forEach((old) => old.remove());
      item.className = outcome;
      const mark = make("strong", { className: "outcome" }, WORDS[outcome]);
      (item.querySelector("p") ?? item).prepend(mark, " ");
      item.append(said);
    }
    change((known) => remember(known, verdict));
    this.ask(0);
  }

  showHint() {
    if (!this.verdict) return this.say("Check first: a hint answers what the check found.");
    if (this.verdict.outcome === "passed") return this.say("Passed: there is nothing to hint at.");
    const before = this.hint.textContent;
    if (!this.ask(1))
      this.say("There is no hint for that: mend what the check says, then check again.");
    else if (this.hint.textContent === before) this.say("That is the last hint there is for this.");
  }

  /** Show a hint of the check to work on; false where there is none. @param {0 | 1} step */
  ask(step) {
    const shown = progress().exercises[this.exercise]?.hints ?? {};
    const hint = this.verdict && nextHint(this.verdict, this.questions, shown, step);
    if (!hint) return false;
    change((known) => hinted(known, this.exercise, hint.check, hint.number));
    const text = spans(hint.text).map(({ kind, text }) =>
      kind ? make(/** @type {"a"} */ (kind), kind === "a" ? { href: text } : {}, text) : text,
    );
    const head = make("strong", {}, `hint ${hint.number} of ${hint.of}: `);
    this.hint.replaceChildren(make("p", {}, head, ...text));
    return true;
  }

  async reset() {
    const changed = Object.keys(this.start).filter((name) => this.files[name] !== this.start[name]);
    if (!changed.length) return this.say("The files are as they were handed out.");
    if (!(await confirm(`Put ${changed.join(" and ")} back as handed out?`, "Reset"))) return;
    for (const name of changed) this.editors[name](this.start[name]);
    this.say("The files are as they were handed out. Ctrl+Z in an editor brings yours back.");
  }

  async showReference() {
    const passed = state(progress().exercises[this.exercise], this.digest) === "passed";
    const question = "This exercise is not passed yet. Show its reference?";
    if (!passed && !(await confirm(question, "Show the reference"))) return;
    try {
      const { reference } = await this.runner.exercise(this.exercise);
      const beside = passed ? this.files : this.start;
      const changed = Object.entries(reference).filter(([name, text]) => beside[name] !== text);
      const heading = passed ? "From yours to the reference" : "The reference";
      const parts = changed.flatMap(([name, text]) => [
        make("p", { className: "code-block-caption" }, name),
        listing(passed ? (this.files[name] ?? "") : undefined, text),
      ]);
      const same = make("p", {}, "Your files are the reference, to the letter.");
      const head = make("h3", { tabIndex: -1 }, heading);
      this.reference.replaceChildren(head, ...(parts.length ? parts : [same]));
      this.reference.hidden = false;
      head.focus();
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
    }
  }

  download() {
    /** @type {[string, string][]} */
    const files = Object.entries(this.files).map(([name, text]) => [`${this.folder}/${name}`, text]);
    download(`${this.exercise.replace("/", "-")}.zip`, packed(files));
  }
}

/**
 * Show *text*, or what changed in it since *before*, in Pygments' colours.
 * @param {string | undefined} before
 * @param {string} text
 */
function listing(before, text) {
  const shown = make("pre", { tabIndex: 0 });
  if (before === undefined) shown.append(text);
  else
    for (const { oldStart, lines } of structuredPatch("", "", before, text).hunks)
      for (const line of oldStart > 1 ? ["…", ...lines] : lines)
        shown.append(make("span", { className: KINDS[line[0]] ?? "" }, line), "\n");
  return make("div", { className: "highlight" }, shown);
}

/** @type {typeof import("./editor.mjs").edit} */
function plain(parent, name, text, on) {
  const area = make("textarea", { value: text, ariaLabel: name, spellcheck: false, rows: 20 });
  area.oninput = () => on.changed(area.value);
  parent.append(area);
  return (fresh) => {
    area.value = fresh;
    on.changed(fresh);
  };
}
