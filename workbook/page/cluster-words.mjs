// What the cluster's objects say, in rows and sentences. Knows nothing of the page.
// @ts-check

import { short } from "./cluster-manifest.mjs";

/** @typedef {Record<string, any>} Plain an object of the cluster */
/** @typedef {{answered: Record<string, number>, failed: Record<string, number>}} Load */

const CANNOT_PULL = ["ErrImagePull", "ImagePullBackOff", "InvalidImageName"];
const CANNOT_RUN = ["CrashLoopBackOff", "RunContainerError", "CreateContainerError"];

/** @param {number} count @param {string} noun */
export const count = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** @param {Plain} pod @returns {Plain | undefined} */
const container = (pod) => pod.status?.containerStatuses?.[0];

/** @param {Plain} pod */
const image = (pod) => String(pod.spec?.containers?.[0]?.image ?? "");

/** Whether a pod answers requests. @param {Plain} pod */
export const ready = (pod) =>
  !pod.metadata.deletionTimestamp &&
  (pod.status?.conditions ?? []).some(
    (/** @type {Plain} */ each) => each.type === "Ready" && each.status === "True",
  );

/** Say how a pod is, as `kubectl get pods` does. @param {Plain} pod @returns {string} */
export function status(pod) {
  if (pod.metadata.deletionTimestamp) return "Terminating";
  const { waiting, terminated } = container(pod)?.state ?? {};
  return waiting?.reason ?? terminated?.reason ?? pod.status?.phase ?? "Pending";
}

/** @param {Iterable<Plain>} objects by age, then by name */
export const sorted = (objects) =>
  [...objects].sort((one, other) => key(one).localeCompare(key(other)));
/** @param {Plain} object */
const key = ({ metadata }) =>
  `${metadata.creationTimestamp?.toISOString?.() ?? metadata.creationTimestamp} ${metadata.name}`;

/** @param {Plain} pod */
export const podRow = (pod) => [
  pod.metadata.name,
  status(pod),
  ready(pod) ? "yes" : "no",
  String(container(pod)?.restartCount ?? 0),
  short(image(pod)),
];

/** @param {Plain} set */
export const setRow = (set) => [
  set.metadata.name,
  set.metadata.annotations?.["deployment.kubernetes.io/revision"] ?? "",
  String(set.spec?.replicas ?? 0),
  String(set.status?.readyReplicas ?? 0),
  short(image(set.spec?.template ?? set)),
];

/**
 * The addresses behind a Service: those that get requests, and those that do not.
 * @param {Plain} service
 * @param {Iterable<Plain>} slices
 */
export function endpointRow(service, slices) {
  const { name, namespace } = service.metadata;
  const mine = [...slices].filter(
    ({ metadata }) =>
      metadata.namespace === namespace && metadata.labels?.["kubernetes.io/service-name"] === name,
  );
  const addresses = mine.flatMap(({ endpoints, ports }) =>
    (endpoints ?? []).map((/** @type {Plain} */ each) => ({
      ready: each.conditions?.ready === true,
      text: `${each.addresses?.[0]}:${ports?.[0]?.port ?? "no such port"}`,
    })),
  );
  const list = (/** @type {boolean} */ wanted) =>
    addresses
      .filter((each) => each.ready === wanted)
      .map(({ text }) => text)
      .sort()
      .join(", ") || "none";
  return [name, list(true), list(false)];
}

/** @param {Plain} event @param {number} start of the cluster, in milliseconds */
export const eventRow = (event, start) => [
  `${Math.max(0, Math.round((when(event) - start) / 1000))} s`,
  event.reason ?? "",
  `${event.involvedObject?.kind} ${event.involvedObject?.name}`,
  (event.message ?? "").replace(/(@\w+:\w{4})\w+/g, "$1…") +
    (event.count > 1 ? ` (${event.count} times)` : ""),
];

/** @param {Plain} event */
export const when = (event) =>
  new Date(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp).getTime();

/**
 * Say in a sentence how a Deployment is.
 * @param {Plain | undefined} deployment
 * @param {Iterable<Plain>} pods
 */
export function summary(deployment, pods) {
  if (!deployment) return "The cluster runs. No Deployment is applied.";
  const { spec, status: told = {}, metadata } = deployment;
  const wanted = spec.replicas ?? 1;
  const latest = image(spec.template);
  const mine = [...pods].filter((pod) => selects(spec.selector, pod.metadata.labels ?? {}));
  const answering = mine.filter(ready);
  const old = answering.filter((pod) => image(pod) !== latest).length;
  const stuck = mine.filter((pod) => [...CANNOT_PULL, ...CANNOT_RUN].includes(status(pod)));
  const head = `${metadata.name}:`;
  if (stuck.length) {
    const why = CANNOT_PULL.includes(status(stuck[0])) ? "cannot pull" : "cannot run";
    const late = (told.conditions ?? []).some(
      (/** @type {Plain} */ each) => each.reason === "ProgressDeadlineExceeded",
    );
    const number = old || answering.length;
    const rest = `${count(number, old ? "old pod" : "pod")} answer${number === 1 ? "s" : ""}`;
    const which = image(stuck[0]) === latest ? "The rollout stalls" : "Something is left";
    const what = `${count(stuck.length, "pod")} ${why} ${short(image(stuck[0]))}`;
    return `${head} ${which}: ${what}. ${rest}.${late ? " Its deadline has passed." : ""}`;
  }
  if (wanted === 0 && !answering.length) return `${head} scaled to no pods: nobody answers.`;
  const fresh = answering.length - old;
  const part = `${fresh} of ${count(wanted, "pod")}`;
  if (old) return `${head} rolling out ${short(latest)}: ${part} new and ready, ${old} old.`;
  const all = wanted === 1 ? "the one pod is" : `all ${wanted} pods are`;
  return `${head} ${fresh === wanted ? all : part} ready, with ${short(latest)}.`;
}

/** @param {Plain} selector @param {Record<string, string>} labels */
const selects = (selector, labels) =>
  Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value);

/**
 * Say what became of the requests.
 * @param {Load} load
 */
export function requests({ answered, failed }) {
  const list = (/** @type {Record<string, number>} */ counts) => Object.entries(counts).sort();
  const all = (/** @type {Record<string, number>} */ counts) =>
    Object.values(counts).reduce((sum, each) => sum + each, 0);
  const by = list(answered).map(([version, times]) => `${times} by ${version}`).join(", ");
  const why = list(failed).map(([reason, times]) => `${times} ${reason}`).join(", ");
  return `${all(answered)} answered${by && ` (${by})`}, ${all(failed)} failed${why && ` (${why})`}`;
}

/**
 * Give what a refusal says: its first line, and all of it.
 * @param {any} error
 * @returns {{message: string, whole: string}}
 */
export function refusal(error) {
  const body = error?.body;
  if (body && typeof body === "object" && typeof body.message === "string")
    return {
      message: `${body.code} ${body.reason}: ${body.message}`,
      whole: JSON.stringify(body, null, 2),
    };
  const text = String(error?.message ?? error);
  const [message] = text.split("\n");
  return { message, whole: text === message ? "" : text };
}
