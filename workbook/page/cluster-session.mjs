// A simulated cluster, what a learner does to it, and the load on it. Knows nothing of the page.
// @ts-check

import { parts, tagged } from "./cluster-manifest.mjs";
import { count } from "./cluster-words.mjs";

/** @typedef {Record<string, any>} Plain an object of the cluster */
/** @typedef {typeof import("./cluster-library.mjs")} Library */

export const RESOURCES = /** @type {const} */ ([
  "deployments",
  "replicasets",
  "pods",
  "services",
  "endpointslices",
  "events",
]);
const SYSTEM = "kube-system";
const STARTING = 1000; // milliseconds that Causeway takes before it listens
const BETWEEN = 50; // milliseconds from one request to the next
const RECENT = 60; // requests that are remembered one by one
const PATHS = ["/v1/crossing", "/v1/tides", "/livez", "/readyz", "/login"];
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
const REVISION = "deployment.kubernetes.io/revision";

/**
 * Make Causeway as a function of the simulator: it answers with its version.
 * @param {Library["BaseImage"]} Base
 * @param {string} image
 * @param {string} version
 */
function causeway(Base, image, version) {
  return class extends Base {
    static imageName = parts(image)[0];
    static imageVersion = parts(image)[1];
    defaultCommand = ["gunicorn"];

    /** @param {any} context @param {readonly string[]} command */
    async exec(context, command) {
      if (!/(^|\/)(gunicorn|python[\d.]*|flask)$/.test(command[0] ?? ""))
        return super.exec(context, command); // a probe's or a hook's command
      await context.sleep(STARTING);
      const [, port = "8000"] = /(?:--bind|-b)[ =]\S*:(\d+)/.exec(command.join(" ")) ?? [];
      /** @param {unknown} _ @param {Plain} request */
      const answer = async (_, request) =>
        PATHS.includes(request.url.pathname)
          ? { status: 200, body: JSON.stringify({ version }) }
          : { status: 404, body: "{}" };
      context.listenHttp(Number(port), answer);
      return context.waitUntilKilled();
    }
  };
}

export class Session {
  /** @type {Record<typeof RESOURCES[number], Map<string, Plain>>} */
  objects = /** @type {any} */ (Object.fromEntries(RESOURCES.map((name) => [name, new Map()])));
  /** @type {import("./cluster-words.mjs").Load & {recent: string[]}} */
  load = { answered: {}, failed: {}, recent: [] };
  /** @type {ReturnType<typeof setInterval> | undefined} */
  sending;
  open = true;
  begun = Date.now();

  /**
   * @param {Library} library
   * @param {string[]} known images that the registry holds, as version v1
   * @param {{changed: () => void, failed: (error: unknown) => void}} on
   */
  constructor({ BaseImage, Cluster }, known, on) {
    this.on = on;
    this.registry = new Map(known.map((image) => [image, "v1"]));
    for (const image of known)
      for (const version of ["v1", "v2"]) this.registry.set(tagged(image, version), version);
    this.cluster = new Cluster({ nodes: 2 });
    for (const [image, version] of this.registry)
      this.cluster.registerImage(/** @type {any} */ (causeway(BaseImage, image, version)));
  }

  /** Start the control plane, and follow all that it holds. */
  async start() {
    await this.cluster.init();
    for (const name of RESOURCES)
      this.cluster.informer(
        name,
        (/** @type {string} */ type, /** @type {Plain} */ object) => {
          const { namespace, name: key } = object.metadata;
          if (namespace === SYSTEM || !this.open) return;
          if (type === "delete") this.objects[name].delete(`${namespace}/${key}`);
          else this.objects[name].set(`${namespace}/${key}`, object);
          this.on.changed();
        },
        { onError: (/** @type {unknown} */ error) => this.open && this.on.failed(error) },
      );
  }

  async close() {
    this.open = false;
    this.stopLoad();
    await this.cluster.close();
  }

  /** The Deployment that the buttons act on: the first by name. @returns {Plain | undefined} */
  get deployment() {
    const names = [...this.objects.deployments.keys()].sort();
    return this.objects.deployments.get(names[0]);
  }

  /**
   * Apply objects one by one, as kubectl does: one that is refused does not stop the others.
   * @param {Plain[]} objects
   * @param {(object: Plain, outcome: string, error?: unknown) => void} tell
   */
  async apply(objects, tell) {
    for (const object of objects) {
      const { namespace = "default", name } = object.metadata;
      const kept = this.objects[/** @type {"pods"} */ (`${object.kind.toLowerCase()}s`)];
      const before = kept?.get(`${namespace}/${name}`);
      try {
        const [after] = await this.cluster.apply(/** @type {any} */ ([object]));
        tell(object, !before ? "created" : same(before, after) ? "unchanged" : "configured");
      } catch (error) {
        tell(object, "refused", error);
      }
    }
  }

  /** @param {Plain} pod */
  async remove({ metadata: { name, namespace } }) {
    await this.cluster.api.corev1.deleteNamespacedPod({ name, namespace });
  }

  /** @param {number} replicas */
  scale(replicas) {
    return this.change((deployment) => (deployment.spec.replicas = replicas));
  }

  /** Roll out the same image with another tag. @param {string} tag */
  setTag(tag) {
    return this.change(({ spec }) => {
      const [container] = spec.template.spec.containers;
      container.image = tagged(container.image, tag);
    });
  }

  /** Go back to the revision before this one. */
  undo() {
    /** @param {Plain} set */
    const number = ({ metadata }) => Number(metadata.annotations?.[REVISION] ?? 0);
    return this.change((deployment) => {
      const [, before] = [...this.objects.replicasets.values()]
        .filter((set) => set.metadata.ownerReferences?.[0]?.uid === deployment.metadata.uid)
        .sort((one, other) => number(other) - number(one));
      if (!before) throw new Error("There is no earlier revision to go back to.");
      deployment.spec.template = structuredClone(before.spec.template);
      delete deployment.spec.template.metadata.labels["pod-template-hash"];
    });
  }

  /**
   * Change the Deployment as it is now, also when a controller writes to it meanwhile.
   * @param {(deployment: Plain) => unknown} how
   */
  async change(how) {
    if (!this.deployment) throw new Error("There is no Deployment yet: apply a manifest first.");
    const { name, namespace } = this.deployment.metadata;
    for (let tries = 0; ; tries++) {
      const body = await this.cluster.api.appsv1.readNamespacedDeployment({ name, namespace });
      how(body);
      // Another apply then compares with what is there, as kubectl does.
      delete body.metadata?.annotations?.[LAST_APPLIED];
      try {
        return await this.cluster.api.appsv1.replaceNamespacedDeployment({ name, namespace, body });
      } catch (error) {
        if (/** @type {Plain} */ (error).code !== 409 || tries > 4) throw error;
      }
    }
  }

  /** Send requests through the Service, steadily, until told to stop. */
  startLoad() {
    if (!this.objects.services.size)
      throw new Error("There is no Service yet: requests need one to go through.");
    this.load = { answered: {}, failed: {}, recent: [] };
    this.sending = setInterval(() => this.request(), BETWEEN);
  }

  stopLoad() {
    clearInterval(this.sending);
    this.sending = undefined;
  }

  async request() {
    const { load } = this;
    const add = (/** @type {"answered" | "failed"} */ how, /** @type {string} */ what) => {
      load[how][what] = (load[how][what] ?? 0) + 1;
      load.recent = [...load.recent, how === "failed" ? "failed" : what].slice(-RECENT);
      this.on.changed();
    };
    try {
      const [service] = this.objects.services.values();
      const { clusterIP, ports } = service.spec;
      const answer = await this.cluster.fetch(`http://${clusterIP}:${ports[0].port}/v1/crossing`);
      if (answer.status === 200) add("answered", JSON.parse(answer.body).version);
      else add("failed", `with ${answer.status}`);
    } catch (error) {
      if (!this.open) return;
      const { code } = /** @type {Plain} */ (error).cause ?? {};
      add("failed", code === "ECONNREFUSED" ? "refused" : "broken off");
    }
  }

  /** Say what the registry holds. */
  holds() {
    const names = [...this.registry.keys()];
    return `Its registry holds ${count(names.length, "image")}: ${names.join(", ")}.`;
  }
}

/** @param {Plain} before @param {Plain} after */
const same = (before, after) =>
  JSON.stringify([before.spec, before.metadata.labels]) ===
  JSON.stringify([after.spec, after.metadata.labels]);
