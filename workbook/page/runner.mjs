// The page's side of the checks: one worker, a spare for when it runs away, and words for a person.
// It knows nothing of the document: whoever shows a verdict imports it.
// @ts-check

/** @typedef {{file: string, transfer: number, bytes: number}} File */
/**
 * @typedef {object} Manifest
 * @property {{folder: string, info: object, transfer: number, bytes: number}} core
 * @property {Record<string, File>} packs
 * @property {Record<string, File>} exercises
 */
/**
 * @typedef {object} Exercise
 * @property {string} id
 * @property {string[]} missing what a browser lacks: such an exercise runs locally
 * @property {string[]} packs
 * @property {Record<string, string>} start
 * @property {Record<string, string>} reference
 */
/** @typedef {{verdict: any, document: string, questions: Record<string, string[]>}} Answer */
/** @typedef {(text: string, part: number) => void} Progress told in words, and as a part of one */

export const LIMIT = 60; // seconds of grading, by default
const FULL = 150e6; // bytes from which a worker is replaced by the spare: mypy leaves 2 MB a check behind
/** How Chromium, the worker itself, Firefox and Safari say that a file could not be had. */
const UNREACHED = /failed to fetch|not fetched|networkerror|error loading|load failed|importing a mod/i;

/** What a person can do something about. */
export class Trouble extends Error {}

/**
 * Say how far loading has come.
 * @param {number} done
 * @param {number} all
 */
export function words(done, all) {
  const [some, total] = [done, all].map((bytes) => (bytes / 1e6).toFixed(1));
  return done < all
    ? `Fetching Python and the tools: ${some} of ${total} MB`
    : "Starting Python and the tools";
}

/**
 * Say what a worker must have loaded for *exercise*, with whole addresses.
 * @param {Manifest} manifest
 * @param {Pick<Exercise, "packs">} exercise
 * @param {string} base
 */
export function plan(manifest, exercise, base) {
  const core = { ...manifest.core, folder: new URL(manifest.core.folder, base).href };
  const packs = exercise.packs.map((name) => {
    const { file, ...sizes } = manifest.packs[name];
    return { name, url: new URL(file, base).href, ...sizes };
  });
  return { core, packs };
}

/**
 * Say in plain words why there is no verdict.
 * @param {string} reason
 */
export function explain(reason) {
  if (UNREACHED.test(reason)) {
    return "Python could not be fetched. Are you online? Check again when you are.";
  }
  if (/MemoryError|out of memory|allocation failed/i.test(reason)) {
    return "Your code asked for more memory than the page has. What does it keep, and for how long?";
  }
  return `The check itself broke, which is not your fault. ${reason}`;
}

/** A worker, which may be ended while it is at something. */
class Python {
  /** Whether it was ended, or has grown so that it should be. */
  over = false;
  /** @type {(why: Trouble) => void} */
  #reject = () => {};
  /** @type {Promise<never>} */
  #ended = new Promise((_, reject) => (this.#reject = reject));

  constructor() {
    this.#ended.catch(() => {}); // nobody need be waiting
    this.worker = new Worker(new URL("worker.mjs", import.meta.url), { type: "module" });
    this.worker.onerror = ({ message }) => this.end(explain(message || "not fetched"));
  }

  /**
   * Give one order, which is answered on a port of its own.
   * @param {object} plan
   * @param {string | null} job
   * @param {(message: any) => void} tell
   * @returns {Promise<string>}
   */
  ask(plan, job, tell = () => {}) {
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise((resolve, reject) => {
      port1.onmessage = ({ data }) => {
        if (this.over) return; // what was on its way when the worker was ended
        tell(data);
        if (data.kind === "done") resolve(data.result);
        if (data.kind === "failed") reject(new Trouble(explain(data.reason)));
        if (data.kind === "failed" || data.memory > FULL) this.end();
      };
    });
    this.worker.postMessage({ plan, job }, [port2]);
    return Promise.race([answer, this.#ended]);
  }

  /** End the worker and whatever it was doing, which rejects with a Trouble that says *why*. */
  end(why = "Python was started anew. Check again.") {
    this.over = true;
    this.worker.terminate();
    this.#reject(new Trouble(why));
  }
}

/** Checks exercises in this page, one after the other. */
export class Runner {
  /** @type {Promise<Manifest> | undefined} */
  #manifest;
  /** @type {Python | undefined} */
  #python;
  /** @type {Python | undefined} */
  #spare;
  /** @type {Promise<unknown>} */
  #before = Promise.resolve();

  /**
   * @param {string | URL} base the address of packs.json
   * @param {{spare?: boolean}} [options] without a *spare* the check after a run-away waits for a start
   */
  constructor(base, { spare = true } = {}) {
    this.base = String(base);
    this.hasSpare = spare;
  }

  /** @param {string | URL} address */
  async #json(address) {
    const response = await fetch(address).catch(() => undefined);
    if (!response?.ok) throw new Trouble(explain("not fetched"));
    return response.json();
  }

  /** @returns {Promise<Manifest>} */
  manifest() {
    this.#manifest ??= this.#json(this.base);
    this.#manifest.catch(() => (this.#manifest = undefined));
    return this.#manifest;
  }

  /**
   * Give all about an exercise: its start, its reference, what the page lacks for it.
   * @param {string} id
   * @returns {Promise<Exercise>}
   */
  async exercise(id) {
    const { exercises } = await this.manifest();
    if (!exercises[id]) throw new Trouble(`There is no exercise ${id} here.`);
    return this.#json(new URL(exercises[id].file, this.base));
  }

  /**
   * Check *files* of an exercise; rejects with a Trouble where there is no verdict.
   * @param {string} id
   * @param {Record<string, string>} files
   * @param {{onProgress?: Progress, limit?: number}} [options] *limit* in seconds of grading
   * @returns {Promise<Answer>}
   */
  check(id, files, options) {
    const answer = this.#before.then(() => this.#check(id, files, options));
    this.#before = answer.catch(() => {});
    return answer;
  }

  /**
   * @param {string} id
   * @param {Record<string, string>} files
   * @param {{onProgress?: Progress, limit?: number}} [options]
   * @returns {Promise<Answer>}
   */
  async #check(id, files, { onProgress = () => {}, limit = LIMIT } = {}) {
    const python = this.#alive(); // before all waiting, so that there is something to cancel
    const [manifest, exercise] = await Promise.all([this.manifest(), this.exercise(id)]);
    const needed = plan(manifest, exercise, this.base);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    try {
      const job = JSON.stringify({ exercise, files });
      const result = await python.ask(needed, job, ({ kind, done, all }) => {
        if (kind === "progress") onProgress(words(done, all), done / all);
        if (kind !== "grading") return;
        onProgress("Checking", 1);
        const told = `Your answer was stopped after ${limit} seconds. Which loop of it never ends?`;
        timer = setTimeout(() => python.end(told), limit * 1000);
      });
      const { verdict, questions } = JSON.parse(result);
      return { verdict: JSON.parse(verdict), document: verdict, questions };
    } finally {
      clearTimeout(timer);
      // Made ready while nobody waits, so that the check after a run-away need not.
      this.#alive();
      if (this.hasSpare) (this.#spare ??= new Python()).ask(needed, null).catch(() => {});
    }
  }

  /** Give the worker that is to be asked: the spare where the other is over, else a new one. */
  #alive() {
    if (this.#python?.over) [this.#python, this.#spare] = [this.#spare, undefined];
    if (this.#spare?.over) this.#spare = undefined;
    return (this.#python = this.#python?.over === false ? this.#python : new Python());
  }

  /** End the check that runs; its promise rejects. */
  cancel() {
    this.#python?.end("The check was cancelled.");
  }
}
