// What every page does: mark how far the reader is, keep the page for offline reading, and load
// the workbench, the cluster's and the quizzes' part only where there are some.
// @ts-check

import { button, download, make } from "./dom.mjs";
import { clear, keep, start } from "./offline.mjs";
import { join, read, state, summary, write } from "./progress.mjs";
import { allEdits, change, progress } from "./store.mjs";

/** @typedef {import("./progress.mjs").Course} Course */

const ROOT = new URL("../../", import.meta.url);
const EXERCISE = /^exercises\/(m\d_\w+\/\w+)\/README\.html$/;
const CHAPTER = /^course\/(m\d_\w+)\.html$/;

/** Give the part of an address that a page of this site has. @param {string} href */
const page = (href) => new URL(href).href.split(/[?#]/)[0].slice(ROOT.href.length);

/** @param {Course} course */
function mark(course) {
  const known = progress();
  /** @type {NodeListOf<HTMLAnchorElement>} */
  const links = document.querySelectorAll(".side li a, .toctree-wrapper a");
  for (const link of links) {
    const where = page(link.href);
    const [, id = ""] = EXERCISE.exec(where) ?? [];
    const [, module = ""] = CHAPTER.exec(where) ?? [];
    const keys = Object.keys({ ...known.exercises, ...known.quizzes });
    const begun = keys.some((key) => key.startsWith(`${module}/`));
    const said = id
      ? state(known.exercises[id], course.exercises[id])
      : begun && module && summary(known, course, module).split(",")[0];
    link.querySelector(".state")?.remove();
    const className = id ? `state ${said}` : "state";
    if (said) link.append(make("span", { className }, ` ${said}`));
  }
  const [, module] = CHAPTER.exec(page(location.href)) ?? [];
  const line = document.querySelector("p.so-far") ?? make("p", { className: "so-far" });
  line.textContent = `${summary(known, course, module)}.`;
  if (module) document.querySelector("main h1")?.after(line);
  else document.querySelector(".your-progress")?.prepend(line);
}

/**
 * @param {Element} box
 * @param {Course} course
 */
function tools(box, course) {
  const status = make("p", { role: "status" });
  const say = (/** @type {string} */ text) => (status.textContent = text);
  const chosen = make("input", { type: "file", accept: ".json", hidden: true });
  chosen.onchange = async () => {
    try {
      const theirs = read((await chosen.files?.[0]?.text()) ?? "");
      change((mine) => join(mine, theirs, course));
      say("Imported: of each exercise the better of both is kept.");
    } catch (error) {
      say(/** @type {Error} */ (error).message);
    }
    chosen.value = "";
  };
  const buttons = [
    button("Export progress", () => download("progress.json", new Blob([write(progress())]))),
    button("Export my files", async () => {
      const files = Object.entries(allEdits(course.exercises));
      if (!files.length) return say("You have not changed a file in this browser yet.");
      const { packed } = await import("./archive.mjs");
      download("my-files.zip", packed(files));
      say(`Packed ${files.length} file${files.length === 1 ? "" : "s"} that you changed here.`);
    }),
    button("Import progress", () => chosen.click()),
  ];
  if (box.matches(":not(.files-alone)"))
    buttons.push(
      button("Keep the whole course offline", () => keep(ROOT, say)),
      button("Remove what is kept offline", () => clear().then(say)),
    );
  box.append(make("div", { className: "bar" }, ...buttons), chosen, status);
}

const benches = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".workbench"));
if (benches.length) {
  const { Workbench } = await import("./workbench.mjs");
  for (const box of benches) new Workbench(box, new URL("_page/packs.json", ROOT)).open();
}
/** @type {NodeListOf<HTMLElement>} */
const quizzes = document.querySelectorAll(".quiz[data-quiz]");
if (quizzes.length) {
  const { follow } = await import("./quiz.mjs");
  quizzes.forEach(follow);
}
const diagnosis = /** @type {HTMLElement | null} */ (document.querySelector(".diagnosis"));
if (diagnosis) {
  const { diagnose } = await import("./diagnostic.mjs");
  /** @type {NodeListOf<HTMLElement>} */
  const items = document.querySelectorAll(".quiz[data-item]");
  diagnose(diagnosis, [...items]);
}
const clusters = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".cluster"));
if (clusters.length) {
  const { ClusterBox } = await import("./cluster.mjs");
  clusters.forEach((box) => new ClusterBox(box));
}
const course = await fetch(new URL("_page/course.json", ROOT)).then((response) => response.json());
mark(course);
for (const type of ["progress", "storage"]) addEventListener(type, () => mark(course));
document.querySelectorAll(".your-progress").forEach((box) => tools(box, course));
const record = /** @type {HTMLElement | null} */ (document.querySelector(".record-of-all"));
if (record) {
  const { fill } = await import("./passed.mjs");
  fill(record, course);
}
start(ROOT).catch(() => {}); // without it the page is as good, while there is a network
