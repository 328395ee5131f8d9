"""Manifests: the verdicts are those of kubernetes-validate, and what no schema has is found."""

import copy
import functools
import json
import random
from fractions import Fraction

import pytest
from kubernetes_validate import utils

from workbook import manifests, schemas

POD = """
metadata: {labels: {app: a}}
spec:
  securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
  volumes: [{name: table, configMap: {name: tides, items: [{key: t, path: t}]}}]
  initContainers: [{name: first, image: "x:1"}]
  containers:
  - name: a
    image: registry.example/a:1
    env: [{name: K, valueFrom: {secretKeyRef: {name: s, key: k}}}, {name: L, value: "1"}]
    envFrom: [{configMapRef: {name: c}}]
    ports: [{name: http, containerPort: 8000}]
    resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 128Mi}}
    livenessProbe: {httpGet: {path: /livez, port: http}, periodSeconds: 5}
    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
    volumeMounts: [{name: table, mountPath: /data}]
"""
SPECS = {
    "Deployment": "{replicas: 2, selector: {matchLabels: {app: a}}, template: POD,"
    " strategy: {rollingUpdate: {maxSurge: 25%, maxUnavailable: 0}}}",
    "StatefulSet": "{serviceName: a, selector: {matchLabels: {app: a}}, template: POD}",
    "DaemonSet": "{selector: {matchExpressions: [{key: app, operator: Exists}]}, template: POD}",
    "ReplicaSet": "{selector: {matchLabels: {app: a}}, template: POD}",
    "Job": "{backoffLimit: 2, template: POD}",
    "CronJob": "{schedule: '@daily', jobTemplate: {spec: {template: POD}}}",
    "Service": "{selector: {app: a}, ports: [{port: 80, targetPort: http, protocol: TCP}]}",
    "HorizontalPodAutoscaler": "{minReplicas: 2, maxReplicas: 4, scaleTargetRef: {kind: Deployment,"
    " name: a, apiVersion: apps/v1}, metrics: [{type: Resource, resource: {name: cpu, target:"
    " {type: Utilization, averageUtilization: 70}}}]}",
    "PodDisruptionBudget": "{minAvailable: 50%, selector: {matchLabels: {app: a}}}",
    "NetworkPolicy": "{podSelector: {}, policyTypes: [Ingress], ingress: [{from: [{podSelector:"
    " {matchLabels: {app: b}}}], ports: [{port: 8000}]}]}",
    "Ingress": "{rules: [{host: a.example, http: {paths: [{path: /, pathType: Prefix, backend:"
    " {service: {name: a, port: {number: 80}}}}]}}]}",
    "ResourceQuota": "{hard: {requests.cpu: '2', pods: 4, limits.memory: 1.5Gi}}",
    "LimitRange": "{limits: [{type: Container, default: {memory: 128Mi}}]}",
    "PersistentVolumeClaim": "{accessModes: [ReadWriteOnce], resources:"
    " {requests: {storage: 1Gi}}}",
    "Pod": "SPEC",
}  # fmt: skip
ROOTS = {
    "ConfigMap": "{data: {k: v}}",
    "Secret": "{type: Opaque, data: {k: dg==}, stringData: {l: v}}",
    "ServiceAccount": "{automountServiceAccountToken: false}",
    "Role": "{rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]}",
    "RoleBinding": "{roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: a},"
    " subjects: [{kind: ServiceAccount, name: a}]}",
    "Namespace": "{}",
}  # fmt: skip
ODD = (None, "", "x", "128MB", 7, 1.0, 2.5, -1, True, [], {}, ["x"], {"x": 1}, [None])


@functools.cache
def corpus():
    """Give an object of every kind, and those of the course's own files."""
    template = manifests.documents(POD)[0]
    found = []
    for version, kinds in schemas.KINDS.items():
        for kind in kinds.split():
            text = f"{{spec: {SPECS[kind]}}}" if kind in SPECS else ROOTS[kind]
            [each] = json.loads(
                json.dumps(manifests.documents(text))
                .replace('"POD"', json.dumps(template))
                .replace('"SPEC"', json.dumps(template["spec"]))
            )
            found.append({"apiVersion": version, "kind": kind, "metadata": {"name": "a"}, **each})
    return found


def places(value, path=()):
    """Give the path of each value in *value*."""
    yield path
    inner = value.items() if isinstance(value, dict) else ()
    for key, part in enumerate(value) if isinstance(value, list) else inner:
        yield from places(part, (*path, key))


def changed(document, path, new):
    """Give a copy of *document* with *new* at *path*; without what is there where new is ()."""
    fresh = copy.deepcopy(document)
    holder = functools.reduce(lambda value, key: value[key], path[:-1], fresh)
    if new == ():
        del holder[path[-1]]
    else:
        holder[path[-1]] = new
    return fresh


def mutants(count):
    """Give *count* objects of the corpus with one thing changed, the same each time."""
    dice = random.Random(5)  # noqa: S311 - a sample, no secret
    spots = [(each, path) for each in corpus() for path in places(each) if path]
    for document, path in dice.choices(spots, k=count):
        yield changed(document, path, dice.choice([(), *ODD]))
        if isinstance(path[-1], str):
            yield changed(document, (*path[:-1], path[-1] + "s"), "surplus")


def is_valid(document):
    """Ask kubernetes-validate, strictly; what it has no kind for is not valid."""
    try:
        utils.validate(document, "1.37", strict=True)
    except (utils.ValidationError, utils.SchemaNotFoundError):
        return False
    return True


def test_verdicts_are_those_of_the_package(monkeypatch):
    """Over objects of each kind and over hundreds of mutants, both say the same."""
    monkeypatch.setattr(utils, "schema_contents", functools.cache(utils.schema_contents))
    verdicts = {True: 0, False: 0}

    for each in [*corpus(), *mutants(150)]:
        if each.get("kind") and each.get("apiVersion"):  # without these it breaks
            found = schemas.against_schema(each)
            known = isinstance(each["kind"], str) and isinstance(each["apiVersion"], str)
            expected = known and is_valid(each)
            assert (not found) == expected, (found, each)
            verdicts[expected] += 1
    assert verdicts[True] > 60
    assert verdicts[False] > 100


def test_each_kind_of_the_corpus_is_sound():
    """No object of the corpus has a finding, beside what it refers to."""
    found = manifests.findings(corpus())

    assert {each.code for each in found} <= {"no-such-object", "image-no-digest", "no-such-key"}


def test_page_has_a_part_that_says_the_same(monkeypatch):
    """The part that the page has is small, is its own extract, and gives the same findings."""
    part = schemas.schemas()
    before = [manifests.findings([each]) for each in mutants(60)]

    monkeypatch.setattr(schemas, "schemas", lambda: json.loads(json.dumps(part, sort_keys=True)))

    assert schemas.extract(part) == part
    assert len(json.dumps(part)) < 150_000
    assert [manifests.findings([each]) for each in mutants(60)] == before


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("128Mi", 128 * 1024**2), ("0.5", Fraction(1, 2)), ("100m", Fraction(1, 10)), ("1e3", 1000),
        ("1E", 10**18), ("1.5Gi", 3 * 1024**3 // 2), (".5", Fraction(1, 2)), ("+2k", 2000), (2, 2),
        (0.25, Fraction(1, 4)), ("12e-1", Fraction(6, 5)), ("-1", -1), ("5.", 5),
        *((none, None) for none in ("128MB", "1 Gi", "", "Mi", "1e999999", "1_0", "½", "0x1", "1K",
                                    None, True, [], {}, float("nan"), float("inf"), "9" * 99)),
    ],
)  # fmt: skip
def test_quantity_is_read_as_kubernetes_does(text, expected):
    """A quantity is a number with a suffix that Kubernetes knows, and nothing else is one."""
    assert manifests.quantity(text) == expected


BASE = f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{name: a}}
spec:
  selector: {{matchLabels: {{app: a}}}}
  template: POD
---
apiVersion: v1
kind: Service
metadata: {{name: a}}
spec: {{selector: {{app: a}}, ports: [{{port: 80, targetPort: http}}]}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: c}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: tides}}
data: {{t: x}}
---
apiVersion: v1
kind: Secret
metadata: {{name: s}}
stringData: {{k: v}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: a}}
spec: {{maxReplicas: 4, scaleTargetRef: {{kind: Deployment, name: a}}}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{name: a}}
spec: {SPECS["PodDisruptionBudget"]}
""".replace("template: POD", "template:" + POD.replace("\n", "\n    "))  # fmt: skip
IMAGE = f"registry.example/a:1@sha256:{'0' * 64}"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("{matchLabels: {app: a}}\n", "{matchLabels: {app: b}}\n", "selector-mismatch"),
        ("selector: {matchLabels: {app: a}}\n", "selector: {}\n", "missing-field"),
        ("selector: {app: a}, ports", "selector: {app: b}, ports", "no-such-pods"),
        ("targetPort: http", "targetPort: 8080", "no-such-port"),
        ("targetPort: http", "targetPort: web", "no-such-port"),
        ("path: /livez, port: http", "path: /livez, port: web", "no-such-port"),
        ("containerPort: 8000", "containerPort: 99999", "bad-port"),
        ("containerPort: 8000", "containerPort: 0", "bad-port"),
        ("{name: http, ", "{name: the_http, ", "bad-name"),
        ("name: a\n        image", "name: Container_A\n        image", "bad-name"),
        ("{name: a}\nspec: {maxR", "{name: A_1}\nspec: {maxR", "bad-name"),
        ("memory: 128Mi", "memory: 128MB", "bad-quantity"),
        ("memory: 128Mi", "memory: 128m", "bad-quantity"),
        ("memory: 128Mi", "memory: 32Mi", "limit-below-request"),
        ("{name: first,", "{name: a,", "duplicate-name"),
        ("ConfigMap\nmetadata: {name: tides}", "ConfigMap\nmetadata: {name: c}", "duplicate-name"),
        ("configMapRef: {name: c}", "configMapRef: {name: d}", "no-such-object"),
        ("secretKeyRef: {name: s, key: k}", "secretKeyRef: {name: s, key: q}", "no-such-key"),
        ("items: [{key: t,", "items: [{key: u,", "no-such-key"),
        ("volumeMounts: [{name: table", "volumeMounts: [{name: tables", "no-such-volume"),
        ("kind: Deployment, name: a", "kind: Deployment, name: b", "no-such-object"),
        ("50%, selector: {matchLabels: {app: a}}", "1, selector: {matchLabels: {app: b}}",
         "no-such-pods"),
        ("image: registry.example/a:1", "image: registry.example:5000/a", "image-latest"),
        ("image: registry.example/a:1", "image: a:latest", "image-latest"),
        ("image: registry.example/a:1", "image: a@sha256:12", "bad-image"),
        ("httpGet: {path: /livez, port: http}", "initialDelaySeconds: 1", "bad-value"),
        ("periodSeconds: 5", "periodSeconds: 0", "bad-value"),
        ("periodSeconds: 5", "failiureThreshold: 5", "unknown-field"),
    ],
)  # fmt: skip
def test_fault_between_fields_is_found(old, new, code):
    """Each fault is found, those that no schema has as well; the sound file has none."""
    sound = BASE.replace("registry.example/a:1", IMAGE).replace('"x:1"', IMAGE)
    assert manifests.findings(manifests.documents(sound)) == []

    text = sound.replace(old.replace("registry.example/a:1", IMAGE), new)
    assert text != sound
    found = manifests.findings(manifests.documents(text))

    assert code in {each.code for each in found}, list(map(str, found))


def test_nothing_makes_it_raise():
    """Whatever stands in the documents, the answer is a list of findings."""
    loop = []
    loop.append(loop)
    odd = [*ODD, {1: 2}, {"kind": []}, {"kind": "Pod", "spec": loop}, {(): set()}, b"x", loop]

    for each in odd:
        assert manifests.findings([each])
        for document in corpus():
            for path in [path for path in places(document) if path][::5]:
                manifests.findings([changed(document, path, each)])
    assert manifests.findings([]) == []


def test_profile_restricted_is_held():
    """A pod that drops everything is restricted; each privilege given back is told."""
    [template] = manifests.pod_templates(manifests.documents(BASE))
    told = [str(each) for each in manifests.restricted(template)]

    assert len(told) == 2  # its first container says nothing
    assert all("initContainers[0]" in each for each in told)
    loose = changed(template.owner, ("spec", "template", "spec", "hostNetwork"), True)
    [template] = manifests.pod_templates([loose])
    assert len(list(manifests.restricted(template))) == 3


@pytest.mark.parametrize("text", ["a: 1\na: 2", "a: !!python/object:os.x {}", "a: [", "? [a]\n: b"])
def test_file_that_kubectl_would_not_read_is_explained(text):
    """A key twice, a tag of Python's, a list that never ends: each is told with its line."""
    with pytest.raises(ValueError, match=r"line [12]:"):
        manifests.documents(text)


def test_a_date_is_a_string():
    """Kubernetes reads no dates: what looks like one stays as it was written."""
    assert manifests.documents("a: 2026-05-04\n---\n") == [{"a": "2026-05-04"}]
