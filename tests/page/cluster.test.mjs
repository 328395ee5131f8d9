import assert from "node:assert/strict";
import { test } from "node:test";
import { images, parts, play, short, tagged } from "../../workbook/page/cluster-manifest.mjs";
import { endpointRow, eventRow, refusal, requests, status, summary } from "../../workbook/page/cluster-words.mjs";

const LABELS = { app: "causeway" };
const container = (more = {}) => ({ name: "web", image: "causeway:v1", ...more });
const deployment = (spec = {}, web = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "causeway" },
  spec: {
    selector: { matchLabels: LABELS },
    template: { metadata: { labels: LABELS }, spec: { containers: [container(web)] } },
    ...spec,
  },
});
const service = (spec = {}) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "causeway" },
  spec: { selector: LABELS, ports: [{ port: 80, targetPort: "http" }], ...spec },
});

test("what the simulator plays goes through as it was written", () => {
  const probe = { httpGet: { path: "/readyz", port: 8000 }, periodSeconds: 1 };
  const given = [deployment({ replicas: 3 }, { readinessProbe: probe }), service()];

  assert.deepEqual(play(given), { objects: given, left: [], wrong: [] });
});

test("what it lacks is left out and told, with every place", () => {
  const env = [{ name: "A", valueFrom: {} }, { name: "B", valueFrom: {} }];
  const { objects, left, wrong } = play([
    deployment({}, { env, resources: {}, readynessProbe: {} }),
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "margin" } },
    service({ type: "LoadBalancer" }),
  ]);

  assert.deepEqual(wrong, []);
  assert.deepEqual(objects[0].spec.template.spec.containers[0].env, [{ name: "A" }, { name: "B" }]);
  assert.equal(objects[1].spec.type, undefined);
  assert.deepEqual(
    left.map(({ what, where }) => [what, where.length]),
    [["valueFrom", 2], ["resources", 1], ["readynessProbe", 1], ["ConfigMap", 1], ["type: LoadBalancer", 1]],
  );
  assert.match(left[2].why, /misspelt/);
  assert.equal(left[3].where[0], "ConfigMap margin");
});

test("a missing selector is the cluster's to refuse", () => {
  const given = deployment();
  delete given.spec.selector;

  assert.deepEqual(play([given]).wrong, []);
});

for (const [what, given, said] of [
  ["a number", 5, "Found 5, expected an object with apiVersion and kind."],
  ["a list", [1], "Found a list, expected an object with apiVersion and kind."],
  ["no kind", { apiVersion: "v1" }, "Found an object without apiVersion or kind: both are needed, as text."],
  ["no metadata", { ...service(), metadata: null }, "Service without a name: metadata: Required value."],
  ["text for a number", deployment({ replicas: "3" }), 'Deployment causeway: spec.replicas: found "3", expected a whole number up to 10, to fit the page.'],
  ["a mapping for a list", deployment({ template: { spec: { containers: {} } } }), "Deployment causeway: spec.template.spec.containers: found a mapping, expected a list."],
  ["null for a container", deployment({ template: { spec: { containers: [null] } } }), "Deployment causeway: spec.template.spec.containers[0]: found null, expected a mapping."],
  ["no image", deployment({}, { image: undefined }), "Deployment causeway: spec.template.spec.containers[0].image: Required value."],
  ["a label that is no text", service({ selector: { app: 7 } }), "Service causeway: spec.selector.app: found 7, expected text (in quotes)."],
  ["another version", { ...deployment(), apiVersion: "extensions/v1beta1" }, 'no matches for kind "Deployment" in version "extensions/v1beta1". It is in apps/v1.'],
  ["a kind that every object has", { apiVersion: "v1", kind: "constructor" }, "There is no Deployment, Service, Pod or Namespace to apply."],
  ["too many pods", deployment({ replicas: 1000 }), "Deployment causeway: spec.replicas: found 1000, expected a whole number up to 10, to fit the page."],
  ["a probe without a period", deployment({}, { livenessProbe: { periodSeconds: 0 } }), "Deployment causeway: spec.template.spec.containers[0].livenessProbe.periodSeconds: found 0, expected a whole number from 1."],
  ["no ports", service({ ports: [] }), "Service causeway: spec.ports: Required value."],
  ["a port that is none", service({ ports: [{ port: 99999 }] }), "Service causeway: spec.ports[0].port: found 99999, expected a port from 1 to 65535."],
  ["a name that is none", { ...service(), metadata: { name: "A b" } }, 'Service A b: metadata.name: found "A b", expected a name of lower-case letters, digits, - and dots.'],
  ["a share that is none", deployment({ strategy: { rollingUpdate: { maxSurge: "x%" } } }), 'Deployment causeway: spec.strategy.rollingUpdate.maxSurge: found "x%", expected a whole number from 0, or a share such as "25%".'],
  ["a date", deployment({ replicas: new Date(0) }), "Deployment causeway: spec.replicas: found a date, expected a whole number up to 10, to fit the page."],
])
  test(`refused: ${what}`, () => assert.deepEqual(play([given]).wrong, [said]));

test("empty documents are passed over", () => {
  assert.deepEqual(play([null, service(), undefined]).objects, [service()]);
});

for (const [image, name, tag, v2, narrow] of [
  ["causeway", "causeway", "latest", "causeway:v2", "causeway"],
  ["causeway:1.4", "causeway", "1.4", "causeway:v2", "causeway:1.4"],
  ["host:5000/team/causeway", "host:5000/team/causeway", "latest", "host:5000/team/causeway:v2", "causeway"],
  ["host/causeway:1@sha256:abcdef", "host/causeway:1@sha256", "abcdef", "host/causeway:v2", "causeway:1@sha256:abcd…"],
])
  test(`the parts of the image ${image}`, () => {
    assert.deepEqual(parts(image), [name, tag]);
    assert.equal(tagged(image, "v2"), v2);
    assert.equal(short(image), narrow);
  });

test("the registry learns the images of a manifest", () => {
  assert.deepEqual(images([deployment(), service(), 5]), ["causeway:v1"]);
});

const READY = [{ type: "Ready", status: "True" }];
const pod = (image, conditions = READY, state = {}, more = {}) => ({
  metadata: { name: "p", labels: LABELS, ...more },
  spec: { containers: [{ image }] },
  status: { phase: "Running", conditions, containerStatuses: [{ state }] },
});
const waiting = (reason) => ({ waiting: { reason } });

for (const [said, image, replicas, pods] of [
  ["causeway: 0 of 2 pods ready, with causeway:v1.", "causeway:v1", 2, []],
  ["causeway: 1 of 2 pods ready, with causeway:v1.", "causeway:v1", 2, [pod("causeway:v1"), pod("causeway:v1", [])]],
  ["causeway: all 2 pods are ready, with causeway:v1.", "causeway:v1", 2, [pod("causeway:v1"), pod("causeway:v1")]],
  ["causeway: the one pod is ready, with causeway:v1.", "causeway:v1", 1, [pod("causeway:v1"), pod("causeway:v0", READY, {}, { deletionTimestamp: "now" })]],
  ["causeway: rolling out causeway:v2: 1 of 2 pods new and ready, 1 old.", "causeway:v2", 2, [pod("causeway:v1"), pod("causeway:v2")]],
  ["causeway: The rollout stalls: 1 pod cannot pull causeway:v3. 1 old pod answers.", "causeway:v3", 1, [pod("causeway:v1"), pod("causeway:v3", [], waiting("ImagePullBackOff"))]],
  ["causeway: The rollout stalls: 1 pod cannot run causeway:v1. 0 pods answer.", "causeway:v1", 1, [pod("causeway:v1", [], waiting("CrashLoopBackOff"))]],
  ["causeway: scaled to no pods: nobody answers.", "causeway:v1", 0, []],
])
  test(`the state is: ${said}`, () => {
    const now = deployment({ replicas, template: { spec: { containers: [{ image }] } } });
    assert.equal(summary(now, pods), said);
  });

test("another application's pods are not counted", () => {
  const other = pod("redis", READY, {}, { labels: { app: "redis" } });

  assert.match(summary(deployment({ replicas: 1 }), [other]), /0 of 1 pod ready/);
});

test("without a Deployment the sentence says so", () => {
  assert.equal(summary(undefined, []), "The cluster runs. No Deployment is applied.");
});

test("a pod that goes is terminating, whatever else it says", () => {
  assert.equal(status(pod("causeway:v1", READY, {}, { deletionTimestamp: "now" })), "Terminating");
  assert.equal(status({ metadata: {} }), "Pending");
});

test("endpoints are told apart by whether they get requests", () => {
  const end = (address, ready) => ({ addresses: [address], conditions: { ready } });
  const slice = (name, ...endpoints) => ({
    metadata: { namespace: "default", labels: { "kubernetes.io/service-name": name } },
    ports: [{ port: 8000 }],
    endpoints,
  });
  const wanted = { metadata: { name: "causeway", namespace: "default" } };
  const slices = [slice("causeway", end("10.0.0.2", true), end("10.0.0.1", true), end("10.0.0.3", false)), slice("other", end("10.0.0.4", true))];

  assert.deepEqual(endpointRow(wanted, slices), ["causeway", "10.0.0.1:8000, 10.0.0.2:8000", "10.0.0.3:8000"]);
  assert.deepEqual(endpointRow(wanted, []), ["causeway", "none", "none"]);
});

test("requests are counted by version and by failure", () => {
  assert.equal(requests({ answered: {}, failed: {} }), "0 answered, 0 failed");
  assert.equal(requests({ answered: { v2: 3, v1: 1 }, failed: { refused: 2 } }), "4 answered (1 by v1, 3 by v2), 2 failed (2 refused)");
});

test("an event has its second, and how often it came", () => {
  const event = { metadata: {}, lastTimestamp: new Date(5000), involvedObject: { kind: "Pod", name: "p" }, reason: "BackOff", message: "Back-off", count: 2 };

  assert.deepEqual(eventRow(event, 1000), ["4 s", "BackOff", "Pod p", "Back-off (2 times)"]);
});

test("a refusal is told in a line, and in full", () => {
  const body = { code: 422, reason: "Invalid", message: "spec.selector: Required value" };

  assert.equal(refusal({ body }).message, "422 Invalid: spec.selector: Required value");
  assert.deepEqual(JSON.parse(refusal({ body }).whole), body);
  assert.deepEqual(refusal(new Error("line 1\nline 2")), { message: "line 1", whole: "line 1\nline 2" });
  assert.deepEqual(refusal("odd"), { message: "odd", whole: "" });
});
