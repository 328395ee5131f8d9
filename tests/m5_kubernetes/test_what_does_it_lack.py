"""Grade *What does it lack?*: the schema first, then every name that one object has for another."""

import copy

import pytest

from workbook import manifests
from workbook.relations import namespace
from workbook.schemas import mapping, parts

pytestmark = pytest.mark.needs("kubernetes-validate")
IMAGE = "registry.example/tides/my-python-app"
DIGEST = "sha256:6f1c0bd52c7ab6f9d2d1f0c6f4a29f0a2f7be0f6fd3e2f7c1b6de3a94c95a7e1"
PORT = 8000  # where the application listens
PEAK = manifests.quantity("150Mi")
NODE = {"cpu": manifests.quantity("2"), "memory": manifests.quantity("4Gi")}
KEY, MARGIN = "TIDE_API_KEY", "SAFETY_MARGIN_MIN"
UNREACHED = ("no-such-pods", "no-such-port")
UNRESOLVED = ("no-such-object", "no-such-key")
OPERATED = ("image-latest", "image-no-digest", "bad-image")


@pytest.mark.points(3)
@pytest.mark.hint(
    "Read the message from its path: which object, which field, and what stands there?",
    "What a Deployment needs: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#writing-a-deployment-spec",
)
def test_the_api_server_takes_it(submission, advise):
    """The API server takes every document: fields, types, names, quantities, selectors."""
    found = [each for each in findings(submission)
             if each.code not in (*UNREACHED, *UNRESOLVED, *OPERATED)]  # fmt: skip

    codes = {each.code: each.message for each in reversed(found)}
    advise("selector" in codes.get("missing-field", ""), "How would the Deployment know, among "
           "all pods, which ones are its own?")  # fmt: skip
    advise("selector-mismatch" in codes, "Compare the two letter by letter: would the Deployment "
           "find a pod that it has made itself?")  # fmt: skip
    advise("unknown-field" in codes, "Who would have noticed that name, if the API server had "
           "not, and when?")  # fmt: skip
    advise("bad-quantity" in codes, "Which suffixes does Kubernetes know, and what does a small m "
           "stand for?")  # fmt: skip
    advise("limit-below-request" in codes, "What is kept free for a container that may never use "
           "it?")  # fmt: skip
    kind = codes.get("wrong-type", "")
    advise("expected a string" in kind and ("data." in kind or ".value" in kind), "Of which type "
           "is everything in an environment, and what did YAML make of it?")  # fmt: skip
    assert not found, f"{told(found)} Expected nothing that the API server refuses."
    deployment(submission)


@pytest.mark.points(3)
@pytest.mark.hint(
    "Follow one request: Service, selector, pod, port. At which step is nobody there?",
    "How a Service finds its pods: https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service",
)
def test_a_request_arrives(submission, advise):
    """A request to the Service on port 80 arrives at the application, on more than one pod."""
    found = [each for each in findings(submission) if each.code in UNREACHED]
    template = deployment(submission)

    services = [each for each in documents(submission) if mapping(each).get("kind") == "Service"
                and mapping(each, "metadata").get("name") == "python-app"]  # fmt: skip
    assert services, "There is no Service python-app. Expected it to lead to the pods."
    asked = [port for _, port in parts(mapping(services[0], "spec"), "ports")
             if port.get("port") == 80]  # fmt: skip
    ends = [number(port.get("targetPort", 80), template) for port in asked]
    replicas = mapping(template.owner, "spec").get("replicas", 1)
    lost = {each.code: each.message for each in reversed(found)}
    advise(
        "no-such-pods" in lost, "Which labels does the selector ask for, and which pod has them?"
    )
    advise("no-such-port" in lost, "Who listens on the port that the Service sends requests to?")
    advise(ends and set(ends) != {PORT}, "Does a container listen where the manifest says, or "
           "where its program does?")  # fmt: skip
    advise(replicas in (1, None), "What does a driver get while the only pod restarts?")
    assert not found, f"{told(found)} Expected the Service to find the pods and their port."
    assert ends, (
        f"The Service has no port 80 but {ports(services[0])}. Expected it to answer there."
    )
    assert set(ends) == {PORT}, f"A request ends at port {ends[0]}. Expected {PORT}."
    several = isinstance(replicas, int) and replicas > 1
    assert several, f"Pods of the Deployment: {replicas!r}. Expected more than one."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which variables does the container see, and which object does each come from?",
    "What a Secret is, and is not: https://kubernetes.io/docs/concepts/configuration/secret/",
)
def test_settings_come_from_where_they_are_kept(submission, advise):
    """The margin comes from the ConfigMap, the key from the Secret that is not in this file."""
    found = [each for each in findings(submission) if each.code in UNRESOLVED]
    template = deployment(submission)

    seen = environment(template, [*documents(submission), *cluster(submission)])
    written = [each for each in documents(submission) if mapping(each).get("kind") == "Secret"]
    key, margin = (seen.get(name, ("", "nowhere")) for name in (KEY, MARGIN))
    advise(written, "Who can read this file, and what does it take to read base64?")
    advise(key[1] in ("the file itself", "ConfigMap/python-app"), "Who can read this file, and "
           "what can they do with what stands there?")  # fmt: skip
    advise(margin[1] == "the file itself", "The margin stands in two places now. Which of them "
           "does the warden change?")  # fmt: skip
    advise(found, "What does a pod do whose variable comes from an object that is not there?")
    assert not written, f"A Secret is written in the file: {len(written)}. Expected none."
    assert not found, f"{told(found)} Expected every name to be there."
    assert margin[1].startswith("ConfigMap/"), f"{MARGIN} comes from {margin[1]}, not a ConfigMap."
    assert margin[0] == "15", f"{MARGIN} is {margin[0]!r}. Expected '15'."
    assert key[1] == "Secret/python-app", f"{KEY} comes from {key[1]}, not Secret/python-app."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Who asks the application how it is, where, and what do they do with the answer?",
    "What each probe is for: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
)
def test_it_is_asked_how_it_is(submission, advise):
    """It gets requests when it is ready for them, and is restarted when it no longer works."""
    template = deployment(submission)

    container = application(template)
    asked = {
        kind: target(container, kind, template) for kind in ("readinessProbe", "livenessProbe")
    }
    wanted = {"readinessProbe": ("/readyz", PORT), "livenessProbe": ("/livez", PORT)}
    advise(asked["readinessProbe"] is None, "When does a pod get its first request, if nobody asks "
           "it whether it is ready?")  # fmt: skip
    advise(asked["livenessProbe"] is None, "The process hangs and does not end. Who notices?")
    advise((asked["livenessProbe"] or "")[0:1] == ("/readyz",), "The tide table is a day old. Does "
           "a restart bring a new one?")  # fmt: skip
    for kind, place in wanted.items():
        assert asked[kind], f"{container.get('name')!r} has no {kind} over HTTP. Expected one."
        assert asked[kind] == place, (
            f"{kind} asks {shown(asked[kind])}. Expected what tells that: see the table."
        )


@pytest.mark.points(2)
@pytest.mark.hint(
    "What was measured, what does the scheduler keep free, and where does the kernel step in?",
    "Requests and limits: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
)
def test_it_has_room_and_an_end_to_it(submission, advise):
    """It asks for the room it needs, fits on a node, and cannot take the whole of it."""
    container = application(deployment(submission))

    limits = amounts(container, "limits")
    requests = limits | amounts(container, "requests")  # what is not asked for is the limit
    absent = [name for name in ("cpu", "memory") if not requests.get(name)]
    large = [name for name in NODE if requests.get(name) and requests[name] > NODE[name]]
    most = limits.get("memory")
    advise(len(absent) == 2, "On which node does the scheduler put a pod that asks for nothing, "
           "and how many more beside it?")  # fmt: skip
    advise(large, "Which node has that much, and what is one whole core called?")
    advise(most is None, "One request leaks memory. What else on the node is killed for it?")
    advise(most is not None and most < PEAK, "What happens to a process at the moment it takes one "
           "byte more than its limit?")  # fmt: skip
    assert not absent, f"Nothing is requested of {' and '.join(absent)}. Expected both."
    assert not large, (
        f"No node has the {' and '.join(large)} that is requested. Expected it to fit."
    )
    assert most, "There is no limit of memory. Expected one."
    assert most >= PEAK, (
        f"The limit of memory is {float(most / 2**20):.1f} MiB. Expected its peak to fit."
    )
    assert most <= NODE["memory"], "The limit of memory is more than a node has. Expected less."


@pytest.mark.points(1)
@pytest.mark.hint(
    "Two nodes pull the image, an hour apart. Do they get the same bytes?",
    "Names, tags and digests: https://kubernetes.io/docs/concepts/containers/images/#image-names",
)
def test_it_runs_what_was_tested(submission, advise):
    """Every pod runs the image that was tested, to the byte."""
    image = application(deployment(submission)).get("image")

    name, _, digest = str(image).partition("@")
    repository = name.rpartition("/")[0] + "/" + name.rpartition("/")[2].partition(":")[0]
    advise(not digest, "Who can push another image under that tag, and which pods get it?")
    assert digest == DIGEST, f"The image is {image!r}. Expected the one that was tested."
    assert repository == IMAGE, f"The image is {image!r}. Expected it from where it was pushed."


@pytest.mark.points(2)
@pytest.mark.hint(
    "If somebody breaks into the process: what may it do beyond answering on a port?",
    "The profile restricted: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
)
def test_it_has_no_privilege_that_it_does_not_need(submission, advise):
    """It meets the restricted profile of the Pod Security Standards."""
    template = deployment(submission)

    found = list(manifests.restricted(template))
    text = " ".join(each.message for each in found)
    advise("is privileged" in text, "What may a privileged container do on its node?")
    advise("runs as root" in text, "Which user does the image bring, and which one do you choose?")
    advise("RuntimeDefault" in text and len(found) == 1, "Which system calls may it make now?")
    assert not found, f"{told(found)} Expected the restricted profile."


LAST = []  # the last file, and what stands in it: to read it takes longer than all else


def documents(submission):
    text = submission.read("manifest.yaml")
    if text not in [each for each, _ in LAST]:
        LAST[:] = [(text, manifests.read(submission, "manifest.yaml"))]
    return copy.deepcopy(LAST[0][1])


def cluster(submission):
    """Give what is in the namespace already."""
    owners = [each.owner for each in manifests.pod_templates(documents(submission))]
    places = {namespace(each) for each in owners if each.get("kind") == "Deployment"}
    return [{"kind": "Secret", "metadata": {"name": "python-app", "namespace": place},
             "data": {KEY: "***"}} for place in sorted(places)]  # fmt: skip


def findings(submission):
    """Give what is wrong with the manifest, in the cluster where the Secret is."""
    given = documents(submission)
    return manifests.findings(given, cluster(submission))


def deployment(submission):
    return manifests.deployment(documents(submission))


def application(template):
    """Give the container of the application: the one of its image, or else the first."""
    found = [each for _, each in parts(template.spec, "containers")]
    assert found, "The Deployment has no container. Expected one."
    ours = [each for each in found if "my-python-app" in str(each.get("image"))]
    return (ours or found)[0]


def number(port, template):
    """Resolve a port as a Service and a probe do: a name is one of the container's."""
    if isinstance(port, str):
        named = [each.get("containerPort") for _, container in parts(template.spec, "containers")
                 for _, each in parts(container, "ports") if each.get("name") == port]  # fmt: skip
        port = named[0] if named else None
    return port if isinstance(port, int) else None


def target(container, kind, template):
    """Give the path and the port that a probe asks over HTTP."""
    asked = mapping(container, kind).get("httpGet")
    if not isinstance(asked, dict):
        return None
    return asked.get("path", "/"), number(asked.get("port"), template)


def environment(template, objects):
    """Give what the application's container sees: each variable's value and where it comes from."""
    container, seen = application(template), {}
    kept = {(each.get("kind"), mapping(each, "metadata").get("name")): each
            for each in objects if isinstance(each, dict)
            and isinstance(each.get("kind"), str)
            and isinstance(mapping(each, "metadata").get("name"), str)}  # fmt: skip

    def content(kind, name):
        found = kept.get((kind, name)) if isinstance(name, str) else None
        return mapping(found, "stringData") | mapping(found, "data")

    for _, each in parts(container, "envFrom"):
        for field, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
            name = mapping(each, field).get("name")
            for key, value in content(kind, name).items():
                seen[f"{each.get('prefix') or ''}{key}"] = (value, f"{kind}/{name}")
    for _, each in parts(container, "env"):
        if not isinstance(each.get("name"), str):
            continue
        seen[each["name"]] = (each.get("value", ""), "the file itself")
        for field, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
            source = mapping(each, "valueFrom", field)
            if source:
                value = content(kind, source.get("name")).get(str(source.get("key")))
                seen[each["name"]] = (value, f"{kind}/{source.get('name')}")
    return seen


def amounts(container, kind):
    """Give the quantities that can be read."""
    given = mapping(container, "resources", kind)
    return {name: manifests.quantity(given[name]) for name in ("cpu", "memory")
            if manifests.quantity(given.get(name)) is not None}  # fmt: skip


def ports(service):
    return [port.get("port") for _, port in parts(mapping(service, "spec"), "ports")]


def shown(place):
    return f"{place[0]} on port {place[1]}"


def told(found):
    """Say the first findings, on one line each."""
    more = f" And {len(found) - 3} more." if len(found) > 3 else ""
    return ". ".join(str(each) for each in found[:3]) + "." + more
