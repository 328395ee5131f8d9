// What of a manifest the simulator plays. The rest is taken out before it is applied, and told:
// nothing is left out silently. Knows nothing of the page.
// @ts-check

/** @typedef {Record<string, any>} Plain a mapping out of YAML */
/** @typedef {{objects: Plain[], left: Left[], wrong: string[]}} Played */
/** @typedef {{what: string, where: string[], why: string}} Left */

const MOST = 10; // pods of a Deployment: all of them run in the page
const whole = Number.isInteger;
const text = (/** @type {unknown} */ value) => typeof value === "string";

// What a field may hold, and how that is said. The simulator itself looks at few of them.
/** @type {Record<string, [fits: (value: any) => boolean, expected: string]>} */
const TYPES = {
  boolean: [(value) => typeof value === "boolean", "true or false"],
  string: [text, "text (in quotes)"],
  some: [(value) => text(value) && /\S/.test(value), "text that is not empty"],
  name: [
    (value) => text(value) && /^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/.test(value),
    "a name of lower-case letters, digits, - and dots",
  ],
  strategy: [(value) => ["RollingUpdate", "Recreate"].includes(value), "RollingUpdate or Recreate"],
  integer: [whole, "a whole number"],
  natural: [(value) => whole(value) && value >= 0, "a whole number from 0"],
  positive: [(value) => whole(value) && value > 0, "a whole number from 1"],
  few: [(value) => whole(value) && value <= MOST, `a whole number up to ${MOST}, to fit the page`],
  port: [(value) => whole(value) && value > 0 && value < 65536, "a port from 1 to 65535"],
  target: [(value) => text(value) || TYPES.port[0](value), "a port, or the name of one"],
  share: [
    (value) => /^\d+%$/.test(value) || TYPES.natural[0](value),
    'a whole number from 0, or a share such as "25%"',
  ],
};

const PROBE = {
  httpGet: { path: "string", "port!": "target", host: "string", scheme: "string" },
  tcpSocket: { "port!": "target", host: "string" },
  exec: { command: ["string"] },
  initialDelaySeconds: "natural",
  periodSeconds: "positive",
  timeoutSeconds: "positive",
  successThreshold: "positive",
  failureThreshold: "positive",
  terminationGracePeriodSeconds: "positive",
};
const HOOK = { exec: PROBE.exec, httpGet: PROBE.httpGet, sleep: { "seconds!": "natural" } };
const CONTAINER = {
  "name!": "name",
  "image!": "some",
  imagePullPolicy: "string",
  command: ["string"],
  args: ["string"],
  env: [{ "name!": "string", value: "string" }],
  ports: [{ name: "string", "containerPort!": "port", protocol: "string" }],
  startupProbe: PROBE,
  readinessProbe: PROBE,
  livenessProbe: PROBE,
  lifecycle: { preStop: HOOK, postStart: HOOK },
};
const POD = {
  "containers!": [CONTAINER],
  restartPolicy: "string",
  terminationGracePeriodSeconds: "natural",
};
const BASE = { namespace: "name", labels: "labels", annotations: "labels" };
const METADATA = { "name!": "name", ...BASE };
const TEMPLATE = { metadata: { name: "string", ...BASE }, "spec!": POD };
const EXPRESSION = { "key!": "string", "operator!": "string", values: ["string"] };

// A field that is not here is not played. `!` ends one that must be there.
/** @type {Record<string, Plain>} */
const KINDS = {
  "v1/Namespace": { "metadata!": METADATA },
  "v1/Pod": { "metadata!": METADATA, "spec!": POD },
  "v1/Service": {
    "metadata!": METADATA,
    "spec!": {
      type: "string",
      selector: "labels",
      "ports!": [
        {
          name: "string",
          protocol: "string",
          "port!": "port",
          targetPort: "target",
          nodePort: "port",
        },
      ],
    },
  },
  "apps/v1/Deployment": {
    "metadata!": METADATA,
    "spec!": {
      replicas: "few",
      selector: { matchLabels: "labels", matchExpressions: [EXPRESSION] },
      "template!": TEMPLATE,
      strategy: { type: "strategy", rollingUpdate: { maxSurge: "share", maxUnavailable: "share" } },
      minReadySeconds: "natural",
      progressDeadlineSeconds: "natural",
      revisionHistoryLimit: "natural",
      paused: "boolean",
    },
  },
};

/** @type {Record<string, string>} */
const WHY = {
  ConfigMap: "it has no ConfigMaps; in a cluster a pod waits for one that it names",
  Secret: "it has no Secrets; in a cluster a pod waits for one that it names",
  PodDisruptionBudget: "none of its nodes is ever drained",
  NetworkPolicy: "every pod reaches every other",
  HorizontalPodAutoscaler: "it measures no load, so it scales nothing by it",
  ResourceQuota: "it counts no resources",
  LimitRange: "it counts no resources",
  ServiceAccount: "its pods have no identity",
  Ingress: "nothing leads into it but this page",
  HTTPRoute: "nothing leads into it but this page",
  Gateway: "nothing leads into it but this page",
  resources: "it counts no CPU and no memory: no node is full, and nothing is killed for its size",
  volumes: "it has no volumes",
  volumeMounts: "it has no volumes",
  valueFrom: "it has no ConfigMaps and Secrets to take values from",
  envFrom: "it has no ConfigMaps and Secrets to take values from",
  initContainers: "it has no init containers",
  securityContext: "its containers are functions in this page, without users and privileges",
  topologySpreadConstraints: "its scheduler looks at no topology",
  affinity: "its scheduler looks at no topology",
  nodeSelector: "its scheduler looks at no topology",
  tolerations: "its nodes have no taints",
  serviceAccountName: "its pods have no identity",
  automountServiceAccountToken: "its pods have no identity",
  grpc: "it probes over HTTP, TCP and commands alone",
};
const UNKNOWN = "it does not know it, and a real cluster refuses a name that is misspelt";

/**
 * Sort what was written into what is played, what is left out and what is wrong.
 * @param {unknown[]} documents
 * @returns {Played}
 */
export function play(documents) {
  /** @type {Played} */
  const result = { objects: [], left: [], wrong: [] };
  for (const document of documents.filter((each) => each !== null && each !== undefined)) {
    if (!isPlain(document)) {
      result.wrong.push(`Found ${named(document)}, expected an object with apiVersion and kind.`);
      continue;
    }
    const { apiVersion, kind } = document;
    if (typeof apiVersion !== "string" || typeof kind !== "string") {
      result.wrong.push("Found an object without apiVersion or kind: both are needed, as text.");
      continue;
    }
    const name = `${kind} ${String(document.metadata?.name ?? "without a name")}`;
    const fields = Object.hasOwn(KINDS, `${apiVersion}/${kind}`) && KINDS[`${apiVersion}/${kind}`];
    const elsewhere = Object.keys(KINDS).find((key) => key.endsWith(`/${kind}`));
    if (fields) {
      const { status, ...written } = document;
      const known = { apiVersion: "string", kind: "string", ...fields };
      const object = take(written, known, "", name, result);
      if (kind === "Service") clusterOnly(object, name, result);
      result.objects.push(object);
    } else if (elsewhere) {
      const version = elsewhere.slice(0, -kind.length - 1);
      const found = `no matches for kind "${kind}" in version "${apiVersion}"`;
      result.wrong.push(`${found}. It is in ${version}.`);
    } else leave(result, kind, name, Object.hasOwn(WHY, kind) ? WHY[kind] : UNKNOWN);
  }
  if (!result.objects.length && !result.wrong.length)
    result.wrong.push("There is no Deployment, Service, Pod or Namespace to apply.");
  return result;
}

/**
 * Take what is played of *value*, by its *type* out of the table above.
 * @param {any} value
 * @param {any} type
 * @param {string} path
 * @param {string} name of the whole object
 * @param {Played} result
 * @returns {any}
 */
function take(value, type, path, name, result) {
  const at = path ? `${name}: ${path}` : name;
  const wrong = (/** @type {string} */ expected) =>
    void result.wrong.push(`${at}: found ${named(value)}, expected ${expected}.`);
  if (Array.isArray(type)) {
    if (!Array.isArray(value)) return wrong("a list");
    return value.map((each, n) => take(each, type[0], `${path}[${n}]`, name, result));
  }
  if (Object.hasOwn(TYPES, type)) {
    const [fits, expected] = TYPES[type];
    return fits(value) ? value : wrong(expected);
  }
  if (!isPlain(value)) return wrong("a mapping");
  if (type === "labels") {
    const odd = Object.keys(value).find((key) => typeof value[key] !== "string");
    if (odd === undefined) return value;
    return take(value[odd], "string", `${path}.${odd}`, name, result);
  }
  for (const [key, of] of Object.entries(type)) {
    const [field, needed] = [key.replace("!", ""), key.endsWith("!")];
    const there = Array.isArray(of) ? value[field]?.length !== 0 : true;
    if (needed && (!there || (value[field] ?? null) === null))
      result.wrong.push(`${name}: ${path ? `${path}.` : ""}${field}: Required value.`);
  }
  /** @type {Plain} */
  const taken = {};
  for (const [key, item] of Object.entries(value)) {
    const where = path ? `${path}.${key}` : key;
    const [, of] = Object.entries(type).find(([each]) => each.replace("!", "") === key) ?? [];
    if ((item ?? null) === null) continue; // as if it were not written
    if (of) taken[key] = take(item, of, where, name, result);
    else leave(result, key, `${name}: ${where}`, Object.hasOwn(WHY, key) ? WHY[key] : UNKNOWN);
  }
  return taken;
}

/**
 * Play a Service of another type inside the cluster alone.
 * @param {Plain} service
 * @param {string} name
 * @param {Played} result
 */
function clusterOnly(service, name, result) {
  const type = service.spec?.type;
  if (type === undefined || type === "ClusterIP" || type === "NodePort") return;
  delete service.spec.type;
  const why = "it has no load balancer and no outer names: played as ClusterIP";
  leave(result, `type: ${type}`, name, why);
}

/**
 * @param {Played} result
 * @param {string} what
 * @param {string} where
 * @param {string} why
 */
function leave({ left }, what, where, why) {
  const known = left.find((each) => each.what === what && each.why === why);
  if (known) known.where.push(where);
  else left.push({ what, where: [where], why });
}

/** @param {unknown} value @returns {value is Plain} */
const isPlain = (value) =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** Name what was found, shortly. @param {unknown} value */
function named(value) {
  if (Array.isArray(value)) return "a list";
  if (value instanceof Date) return "a date";
  if (typeof value === "object" && value !== null) return "a mapping";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/**
 * Name the image that each Deployment and Pod among *documents* begins with.
 * @param {unknown[]} documents
 * @returns {string[]}
 */
export const images = (documents) =>
  play(documents)
    .objects.map((object) => (object.spec?.template ?? object).spec?.containers?.[0]?.image)
    .filter((image) => typeof image === "string");

/**
 * Give the name and the tag of an image as the simulator's registry keeps them.
 * @param {string} image
 * @returns {[name: string, tag: string]}
 */
export function parts(image) {
  const colon = image.lastIndexOf(":");
  if (colon > image.lastIndexOf("/")) return [image.slice(0, colon), image.slice(colon + 1)];
  return [image, "latest"];
}

/**
 * Give the same image with another tag.
 * @param {string} image
 * @param {string} tag
 */
export const tagged = (image, tag) => `${parts(image.replace(/@.*/s, ""))[0]}:${tag}`;

/**
 * Shorten an image for a narrow column: no registry, a digest's beginning.
 * @param {string} image
 */
export const short = (image) =>
  image.replace(/^.*\//s, "").replace(/(@\w+:\w{4})\w+/, "$1…");
