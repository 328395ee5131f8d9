// The cluster in a chapter's page: a manifest in an editor, a simulator that it is applied to, and
// what becomes of it. Nothing of the simulator is loaded before the learner starts it.
// @ts-check

import { button, make } from "./dom.mjs";
import { images, play } from "./cluster-manifest.mjs";
import { Session } from "./cluster-session.mjs";
import * as words from "./cluster-words.mjs";
import { edits } from "./store.mjs";

/** @typedef {import("./cluster-words.mjs").Plain} Plain */
/** @typedef {{key: string, cells: string[]}} Row */

const REDRAW = 100; // milliseconds: changes come in bursts
const SETTLED = 800; // a sentence is announced when it has held so long
const EVENTS = 40; // the latest that are shown
const BROKEN = "v3"; // a tag that nobody ever pushed
const DEEPEST = 100; // brackets in brackets: no manifest needs a tenth of it
const MARKS = { ready: "✓", waiting: "…", stuck: "✗", leaving: "↓" };

const style = new URL("cluster.css", import.meta.url).href;
document.head.append(make("link", { rel: "stylesheet", href: style }));

export class ClusterBox {
  /** @type {import("./cluster-session.mjs").Library | undefined} */
  library;
  /** @type {Session | undefined} */
  session;
  text = "";
  /** @type {(text: string) => void} */
  write = () => {};
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  drawing;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  settling;
  sentence = "";
  resetting = false;

  startButton = button("Start the cluster", () => this.start());
  applyButton = button("Apply", () => this.apply());
  loadButton = button("Send requests", () => this.toggleLoad());
  answer = make("div", { role: "status", className: "answer" });
  left = make("div", { className: "left-out" });
  state = make("p", { role: "status", className: "state-of-it" });
  strip = make("p", { className: "pods-strip", ariaHidden: "true" });
  counts = make("p", { className: "counts" });
  recent = make("p", { className: "requests-strip", ariaHidden: "true" });
  replicas = make("input", { type: "number", min: "0", max: "10", value: "3", required: true });
  tables = {
    pods: new Table("Pods", ["Name", "Status", "Ready", "Restarts", "Image"]),
    sets: new Table("ReplicaSets", ["Name", "Revision", "Wanted", "Ready", "Image"]),
    endpoints: new Table("Endpoints", ["Service", "Get requests", "Get none"]),
    events: new Table("Events, the latest first", ["At", "Reason", "Object", "Message"]),
  };

  /** @param {HTMLElement} box holds the finished manifest as JSON; its data name the exercise */
  constructor(box) {
    const { name = "", exercise = "", start = "", file = "" } = box.dataset;
    this.box = box;
    this.name = name;
    this.finished = JSON.parse(box.querySelector("script")?.text ?? '""');
    this.mine = exercise ? edits(exercise, start)[file] : undefined;
    this.startButton.className = this.applyButton.className = "first";
    this.bar = make("div", { className: "bar" }, this.startButton);
    box.append(this.bar, this.answer);
    if (this.mine) this.say("Your manifest of the exercise is in this browser: it comes first.");
  }

  /** @param {...(Node | string)} parts */
  say(...parts) {
    const line = (/** @type {Node | string} */ each) =>
      typeof each === "string" ? make("p", {}, each) : each;
    this.answer.replaceChildren(...parts.map(line));
  }

  /** Say what went wrong, in full. @param {unknown} error @param {string} [head] */
  refuse(error, head = "") {
    const { message, whole } = words.refusal(error);
    /** @type {HTMLElement[]} */
    const parts = [make("p", { className: "refused" }, head, message)];
    if (whole) parts.push(make("pre", { tabIndex: 0, ariaLabel: "The answer in full" }, whole));
    this.say(...parts);
  }

  /**
   * Do what was asked, and say it when it fails.
   * @param {() => unknown} what
   * @param {string} [said]
   */
  async act(what, said) {
    try {
      await what();
      if (said) this.say(said);
    } catch (error) {
      this.refuse(error);
    }
  }

  async start() {
    if (this.startButton.ariaDisabled) return;
    this.startButton.ariaDisabled = "true";
    this.say("Loading the simulator …");
    try {
      const [library, { edit }] = await Promise.all([
        import("./cluster-library.mjs"),
        import("./editor.mjs"),
      ]);
      this.library = library;
      await this.fresh();
      this.furnish(edit);
      this.say(`The cluster runs: two nodes, nothing on them yet. ${this.session?.holds()}`);
      this.draw();
    } catch (error) {
      this.startButton.ariaDisabled = null;
      this.refuse(error, "The simulator did not start: ");
    }
  }

  /** Start a cluster with nothing on it, in the place of the one that was. */
  async fresh() {
    if (!this.library) return;
    await this.session?.close();
    const known = [this.mine, this.finished].flatMap((text) => {
      try {
        return text ? images(this.parse(text)) : [];
      } catch {
        return []; // told when it is applied
      }
    });
    this.session = new Session(this.library, known.length ? [...new Set(known)] : ["causeway:v1"], {
      changed: () => (this.drawing ??= setTimeout(() => this.draw(), REDRAW)),
      failed: (error) => this.refuse(error, "The simulator failed: "),
    });
    await this.session.start();
  }

  /**
   * Put the editor, the buttons and the tables in their places.
   * @param {typeof import("./editor.mjs").edit} edit
   */
  furnish(edit) {
    addEventListener("unhandledrejection", ({ reason }) =>
      this.refuse(reason, "The simulator failed: "),
    );
    const place = /** @type {HTMLElement} */ (this.box.querySelector(".highlight"));
    place.replaceChildren();
    this.text = this.mine ?? this.finished;
    this.write = edit(place, this.name, this.text, {
      changed: (text) => (this.text = text),
      check: () => this.apply(),
    });
    const others = [
      button("Reset the cluster", () => this.reset()),
      button("The finished manifest", () => this.write(this.finished)),
    ];
    if (this.mine) others.push(button("My manifest", () => this.write(this.mine ?? "")));
    const hadFocus = document.activeElement === this.startButton;
    this.bar.replaceChildren(this.applyButton, ...others);
    if (hadFocus) this.applyButton.focus();
    const scale = make(
      "form",
      { className: "bar", ariaLabel: "Scale" },
      make("label", {}, "Replicas ", this.replicas),
      make("button", {}, "Scale"),
    );
    scale.onsubmit = (event) => {
      event.preventDefault();
      const wanted = Number(this.replicas.value);
      this.act(() => this.session?.scale(wanted), `Scaled to ${words.count(wanted, "replica")}.`);
    };
    const rollout = [
      this.loadButton,
      button("Roll out v2", () => this.rollOut("v2")),
      button(`Roll out ${BROKEN}, which does not exist`, () => this.rollOut(BROKEN)),
      button("Undo the rollout", () =>
        this.act(() => this.session?.undo(), "Went back to the revision before."),
      ),
    ];
    const load = [this.counts, this.recent];
    const { pods, sets, endpoints, events } = this.tables;
    const tables = [pods, sets, endpoints, events].map(({ box }) => box);
    events.box.classList.add("events");
    const keys = "Ctrl+Enter in the editor applies. Tab leaves the editor.";
    this.bar.before(make("p", { className: "keys" }, keys));
    this.box.append(
      this.left,
      scale,
      make("div", { className: "bar" }, ...rollout),
      ...[this.state, this.strip, ...load, ...tables],
    );
  }

  /** Read the documents of a manifest as kubectl does. @param {string} text @returns {unknown[]} */
  parse(text) {
    let depth = 0;
    for (const [mark] of text.matchAll(/[[{}\]]/g)) {
      depth += "[{".includes(mark) ? 1 : -1;
      if (depth > DEEPEST) throw new Error(`It nests more than ${DEEPEST} deep.`);
    }
    const documents = this.library?.parseAllDocuments(text, { version: "1.1" }) ?? [];
    return [...documents].map((document) => {
      if (document.errors.length) throw document.errors[0];
      return document.toJS();
    });
  }

  async apply() {
    const { session } = this;
    if (!session) return;
    await this.act(async () => {
      const { objects, left, wrong } = play(this.parse(this.text));
      this.showLeft(left);
      const head = make("p", { className: "refused" }, "Refused, and nothing is applied:");
      if (wrong.length) return this.say(head, ...wrong);
      /** @type {HTMLElement[]} */
      const lines = [];
      await session.apply(objects, (object, outcome, error) => {
        const name = `${object.kind} ${object.metadata.name}`;
        if (!error) return lines.push(make("p", {}, `${name}: ${outcome}.`));
        const { message, whole } = words.refusal(error);
        lines.push(make("p", { className: "refused" }, `${name}: refused. ${message}`));
        if (whole) lines.push(make("pre", { tabIndex: 0, ariaLabel: "The answer in full" }, whole));
      });
      if (left.length)
        lines.push(make("p", {}, `${words.count(left.length, "thing")} left out: see below.`));
      this.say(...lines);
    });
  }

  /**
   * Tell what of the manifest was not applied, and why.
   * @param {import("./cluster-manifest.mjs").Left[]} left
   */
  showLeft(left) {
    const items = left.map(({ what, where, why }) =>
      make("li", {}, make("code", {}, what), `: ${why}. `, make("small", {}, where.join("; "))),
    );
    const head = `Left out, and why: ${left.map(({ what }) => what).join(", ")}.`;
    const list = make("details", {}, make("summary", {}, head), make("ul", {}, ...items));
    this.left.replaceChildren(...(left.length ? [list] : []));
  }

  /** @param {string} tag */
  rollOut(tag) {
    return this.act(() => this.session?.setTag(tag), `The Deployment's image is now ${tag}.`);
  }

  toggleLoad() {
    const { session } = this;
    if (!session) return;
    this.act(() => {
      if (!session.sending) {
        session.startLoad();
        this.say("Requests go through the Service, twenty a second.");
      } else {
        session.stopLoad();
        this.say(`Requests: ${words.requests(session.load)}.`);
      }
      this.loadButton.textContent = session.sending ? "Stop the requests" : "Send requests";
      this.draw();
    });
  }

  async reset() {
    if (this.resetting) return;
    this.resetting = true;
    this.loadButton.textContent = "Send requests";
    this.left.replaceChildren();
    await this.act(() => this.fresh(), "A new cluster runs, with nothing on it.");
    this.resetting = false;
    this.draw();
  }

  draw() {
    clearTimeout(this.drawing);
    this.drawing = undefined;
    const { session } = this;
    if (!session) return;
    const { pods, replicasets, services, endpointslices, events } = session.objects;
    const all = words.sorted(pods.values());
    this.tables.pods.show(
      all.map((pod) => ({ key: pod.metadata.uid, cells: words.podRow(pod) })),
      ({ key, cells }) => {
        const remove = button("Delete", () => {
          const pod = all.find(({ metadata }) => metadata.uid === key);
          if (pod) this.act(() => session.remove(pod), `Deleted ${cells[0]}.`);
        });
        remove.ariaLabel = `Delete ${cells[0]}`;
        return remove;
      },
    );
    this.tables.sets.show(
      words
        .sorted(replicasets.values())
        .map((each) => ({ key: each.metadata.uid, cells: words.setRow(each) })),
    );
    this.tables.endpoints.show(
      words.sorted(services.values()).map((each) => ({
        key: each.metadata.uid,
        cells: words.endpointRow(each, endpointslices.values()),
      })),
    );
    const latest = [...events.values()].sort((one, other) => words.when(other) - words.when(one));
    this.tables.events.show(
      latest.slice(0, EVENTS).map((each) => ({
        key: each.metadata.uid ?? each.metadata.name,
        cells: words.eventRow(each, session.begun),
      })),
    );
    this.strip.replaceChildren(...all.map((pod) => this.chip(pod)));
    const sent = session.load.recent.length > 0 || session.sending;
    this.counts.textContent = sent ? `Requests: ${words.requests(session.load)}.` : "";
    const strokes = session.load.recent.map((each) => make("i", { className: each }));
    this.recent.replaceChildren(...strokes);
    this.tell(words.summary(session.deployment, all));
  }

  /** A small picture of a pod: its version, and how it is. @param {Plain} pod */
  chip(pod) {
    const image = pod.spec?.containers?.[0]?.image ?? "";
    const version = this.session?.registry.get(image) ?? image.replace(/^.*[:/]/s, "").slice(0, 8);
    const said = words.status(pod);
    const how = words.ready(pod)
      ? "ready"
      : said === "Terminating"
        ? "leaving"
        : /Err|BackOff|Error/.test(said)
          ? "stuck"
          : "waiting";
    return make("span", { className: `${how} ${version}` }, `${MARKS[how]} ${version}`);
  }

  /** Announce a sentence when it has held for a while. @param {string} sentence */
  tell(sentence) {
    if (sentence === this.sentence) return;
    this.sentence = sentence;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => (this.state.textContent = this.sentence), SETTLED);
  }
}

/** A table with a caption, whose rows keep their place and their focus while they change. */
class Table {
  /** @type {Map<string, HTMLTableRowElement>} */
  rows = new Map();
  body = make("tbody");

  /** @param {string} caption @param {string[]} heads */
  constructor(caption, heads) {
    this.heads = heads;
    const head = heads.map((text) => make("th", { scope: "col" }, text));
    const top = make("thead", {}, make("tr", {}, ...head));
    const table = make("table", {}, make("caption", {}, caption), top, this.body);
    const scroll = { className: "scroll", role: "group", ariaLabel: caption, tabIndex: 0 };
    this.box = make("div", scroll, table);
    this.show([]);
  }

  /**
   * @param {Row[]} rows
   * @param {(row: Row) => HTMLButtonElement} [act] makes the button of a new row
   */
  show(rows, act) {
    const kept = new Map();
    for (const row of rows) {
      const old = this.rows.get(row.key);
      const line = old ?? make("tr", {}, ...row.cells.map(() => make("td", {}, make("span"))));
      row.cells.forEach((text, n) => {
        const cell = /** @type {HTMLElement} */ (line.cells[n].firstElementChild);
        if (cell.textContent !== text) cell.textContent = text;
      });
      if (!old && act) line.cells[0].append(" ", act(row));
      kept.set(row.key, line);
    }
    const none = make("tr", {}, make("td", { colSpan: this.heads.length }, "none"));
    const wanted = rows.length ? [...kept.values()] : [none];
    const focused = document.activeElement;
    for (const line of [...this.body.rows]) if (!wanted.includes(line)) line.remove();
    wanted.forEach((line, n) => {
      if (this.body.rows[n] !== line) this.body.insertBefore(line, this.body.rows[n] ?? null);
    });
    this.rows = kept;
    // Who deleted a pod stands in its row: when it goes, they go on from the table.
    if (focused && focused !== document.body && !focused.isConnected) this.box.focus();
  }
}
