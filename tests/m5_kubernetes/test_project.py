"""Grade *Causeway in a cluster*: manifests are held against each other, the chart is rendered."""

import re

import pytest

from workbook import charts
from workbook.manifests import documents, findings, pod_templates, restricted
from workbook.schemas import mapping, parts

pytestmark = pytest.mark.needs("helm", "kubernetes-validate")

MANIFEST, CHART = "deployment.yaml", "chart/Chart.yaml"
ENVIRONMENTS = ("dev", "staging", "production")
WRITTEN = "/tmp"  # noqa: S108 - in the container, which is to mount something there
PATHS = {"readinessProbe": "/readyz", "livenessProbe": "/livez"}


@pytest.mark.points(3)
@pytest.mark.hint(
    "What would the API server say to this file, and who would find the pods?",
    "Deployments: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/",
)
def test_a_cluster_takes_the_manifest(submission, advise):
    """A cluster takes deployment.yaml as it is: a Deployment and a Service that finds its pods."""
    objects = manifest(submission)
    kinds = [str(each.get("kind")) for each in objects]
    absent = [kind for kind in ("Deployment", "Service") if kind not in kinds]
    found = [each for each in findings(objects) if not charts.beyond(each)]
    codes = {each.code for each in found}

    advise("selector-mismatch" in codes, "Whose pods does the Deployment count, and how?")
    advise({"no-such-pods", "no-such-port"} & codes, "Where do requests end that reach it?")
    advise({"image-latest", "image-no-digest"} & codes, "Which build will the second node pull?")
    advise(absent, "Who sends requests to the pods, and by which name?")
    advise(found, "A schema is asked first, then each object about the others. Who says no?")
    assert not found, f"{MANIFEST}, {found[0]}. Expected objects that a cluster takes and runs."
    assert not absent, f"{MANIFEST} has no {charts.listed(absent)}. Expected both."


@pytest.mark.points(3)
@pytest.mark.hint(
    "A pod hangs. A table runs out. A pod eats its node. Who notices, and what do they do?",
    "Probes: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/",
    "Requests and limits: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
)
def test_pods_are_watched_and_bounded(submission, advise):
    """Each pod is asked whether it is ready and alive, asks for what it needs, and has a limit."""
    advise(CHART not in submission.files, "Who keeps the other two environments like this one?")
    for where, objects in both(submission):
        container = charts.container(objects)
        asked = {kind: probed(container, kind) for kind in PATHS}
        replicas = charts.spec(objects).get("replicas", 1)
        has = {kind: mapping(container, "resources", kind) for kind in ("requests", "limits")}
        lacking = [f"{kind}.{name}" for kind, name in
                   (("requests", "cpu"), ("requests", "memory"), ("limits", "memory"))
                   if name not in has[kind]]  # fmt: skip

        advise(asked["livenessProbe"] == ("/readyz", 8000), "The table runs out at midnight. What "
               "does a restart bring?")  # fmt: skip
        advise(asked["readinessProbe"] == ("/livez", 8000), "It is alive, and its table is of last "
               "month. What do drivers get?")  # fmt: skip
        advise(None in asked.values(), "Who takes a pod out of service that only answers errors?")
        advise(lacking, "Where does the scheduler put a pod that asks for nothing? Who ends it?")
        advise(replicas in (0, 1), "The node is drained at noon. Who answers drivers meanwhile?")
        for kind, path in PATHS.items():
            assert asked[kind] == (path, 8000), (
                f"{where}: {kind} asks {shown(asked[kind])}, expected {path} on port 8000."
            )
        assert not lacking, f"{where}: the container has no {charts.listed(lacking)}. Expected all."
        assert replicas not in (0, 1), f"{where} has {replicas} replica, expected two or more."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Somebody finds a hole in what Causeway serves. What may they do from inside the container?",
    "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
)
def test_pods_may_do_no_more_than_serve(submission, advise):
    """The pods keep to the profile restricted, and can still write where gunicorn does."""
    for where, objects in both(submission):
        found = [each for one in pod_templates(objects) for each in restricted(one)]
        container = charts.container(objects)
        closed = mapping(container, "securityContext").get("readOnlyRootFilesystem") is True
        mounts = [mount.get("mountPath") for _, mount in parts(container, "volumeMounts")]
        stuck = closed and not [each for each in mounts if str(each).rstrip("/") == WRITTEN]

        advise(found, "Which rights does a program need that listens on a port above 1024?")
        advise(stuck, "Where do gunicorn's workers show that they are alive?")
        assert not found, f"{where}, {found[0]}. Expected the profile restricted."
        assert not stuck, f"{where}: the root file system is read-only, and /tmp is no volume."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Take your files and nothing else. Can somebody log in as the warden with them?",
    "Secrets: https://kubernetes.io/docs/concepts/configuration/secret/",
)
def test_settings_come_from_where_they_belong(submission, advise):
    """The margin is in the manifests; the three keys come from a Secret that is in none of them."""
    for where, objects in both(submission):
        secrets = [each for each in objects if each.get("kind") == "Secret"]
        margin = charts.setting(objects, "SAFETY_MARGIN_MIN")
        given = {name: charts.setting(objects, name) for name in charts.KEYS}
        open_ones = [name for name, value in given.items() if isinstance(value, str)]
        absent = [name for name, value in given.items() if value is None]

        advise(secrets, "Who can read that file, and what does base64 -d ask them for?")
        advise(open_ones, "Who can read that file, and who is to have the key?")
        advise(absent, "What does Causeway do without it? Does anybody notice?")
        advise(margin is None, "What is the margin when nobody says one?")
        assert not secrets, f"{where} makes a Secret. Expected it to use one that is there."
        assert not open_ones, f"{where} holds {charts.listed(open_ones)} itself. Expected a Secret."
        assert not absent, f"{where} does not set {charts.listed(absent)}. Expected all three."
        good = isinstance(margin, str) and re.fullmatch("[0-9]{1,4}", margin)
        assert good, f"{where}: SAFETY_MARGIN_MIN is {charts.told(margin)}, expected minutes."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Which of the three does helm template render, and what does it say of the others?",
    "Charts: https://helm.sh/docs/topics/charts/",
)
def test_chart_serves_three_environments(submission, advise):
    """helm lints the chart, renders it for each environment, and a cluster takes what comes out."""
    has_chart(submission, advise)
    absent = [name for name in ENVIRONMENTS if f"chart/values-{name}.yaml" not in submission.files]
    advise(absent, "What does the pipeline say to Helm for that environment?")
    assert not absent, f"There is no file of values for {charts.listed(absent)}. Expected three."
    code, said = charts.helm(submission, "lint", "production", "--strict")
    advise(code, "Which template does Helm name, and what did that line become?")
    assert code == 0, f"helm lint --strict fails for production.\n{charts.errors(said)}"
    for name in ENVIRONMENTS:
        objects = charts.render(submission, name, charts.IMAGE)
        found = [each for each in findings(objects) if not charts.beyond(each)]
        image = charts.container(objects).get("image")
        advise(found, "It is YAML. Would a cluster take it, and would it find what it refers to?")
        advise(f"image={image}" != charts.IMAGE, "The pipeline built one image. Which one runs?")
        assert not found, f"{name}: {found[0]}. Expected objects that a cluster takes and runs."
        assert f"image={image}" == charts.IMAGE, (
            f"{name}: with another image the container still has {str(image)[:60]}."
        )


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which part of a Deployment makes new pods when it changes, and which can never change?",
    "https://helm.sh/docs/howto/charts_tips_and_tricks/#automatically-roll-deployments",
)
def test_upgrades_roll_what_has_changed(submission, advise):
    """Another margin rolls the pods, more replicas do not, and no release changes the selector."""
    has_chart(submission, advise)
    now = charts.render(submission, "production")
    margin = charts.render(submission, "production", "safetyMarginMin=33")
    more = charts.render(submission, "production", "replicas=7")
    text = submission.read(CHART)
    with submission.apart() as box:
        newer = re.sub(r"(?m)^((app)?[vV]ersion:\s*).*$", r'\g<1>"7.7.7"', text)
        (box.path / CHART).write_text(newer, encoding="utf-8")
        later = charts.spec(charts.render(box, "production", charts.IMAGE)).get("selector")

    came = charts.setting(margin, "SAFETY_MARGIN_MIN"), charts.spec(more).get("replicas")
    selector = charts.spec(now).get("selector")
    rolled = charts.template(margin) != charts.template(now)
    advise(came != ("33", 7), "The pipeline sets a value. Which template reads it?")
    advise(not rolled, "The ConfigMap is new. Who tells the pods, which read it once?")
    advise(later != selector, "The Deployment is there already. What may helm upgrade change?")
    assert came == ("33", 7), (
        f"With safetyMarginMin=33 and replicas=7, {charts.told(came)} come out."
    )
    assert rolled, "With another margin the pods' template is the same as before."
    assert charts.template(more) == charts.template(now), (
        "With more replicas the pods' template changes. Expected it to stay."
    )
    assert later == selector, f"With the next release the selector is {later}, was {selector}."


@pytest.mark.points(2)
@pytest.mark.hint("Render production and put it beside deployment.yaml. Which of them is right?")
def test_manifest_and_chart_say_the_same(submission, advise):
    """What production gets from the chart is what deployment.yaml says: containers and replicas."""
    sides = [described(objects) for _, objects in both(submission)]

    one, other = sides
    apart = sorted({*charts.lacking(one, other), *charts.lacking(other, one)})
    advise(apart, "Two files, two answers. Which of them does whoever is on call read?")
    assert not apart, f"They differ in {charts.listed(apart)}. Expected the same."


def manifest(submission):
    """Give the objects of deployment.yaml, of which one is a Deployment."""
    try:
        found = [each for each in documents(submission.read(MANIFEST)) if isinstance(each, dict)]
    except ValueError as error:
        pytest.fail(f"{MANIFEST}: {error}")
    made = [each for each in found if each.get("kind") == "Deployment"]
    assert len(made) == 1, f"{MANIFEST} has {len(made)} Deployments, expected one."
    return found


def both(submission):
    """Give what runs in production without Helm, and with it."""
    yield MANIFEST, manifest(submission)
    assert CHART in submission.files, f"There is no {CHART}. Expected a chart."
    yield "the chart for production", charts.render(submission, "production")


def has_chart(submission, advise):
    advise(CHART not in submission.files, "How does the same manifest come to three environments?")
    assert CHART in submission.files, f"There is no {CHART}. Expected a chart."


def probed(container, kind):
    """Give the path and the port that a probe asks; None where there is no probe over HTTP."""
    asks = mapping(container, kind, "httpGet")
    if not asks:
        return None
    named = {
        str(part.get("name")): part.get("containerPort") for _, part in parts(container, "ports")
    }
    port = asks.get("port")
    return asks.get("path", "/"), named.get(port, port) if isinstance(port, str) else port


def shown(asked):
    return "nothing over HTTP" if asked is None else f"{asked[0]} on port {asked[1]}"


def described(objects):
    """Give what matters of production: how many there are, what they run, with which settings."""
    container = charts.container(objects)
    kept = ("ports", "resources", "securityContext", *PATHS, "startupProbe")
    told = {key: container.get(key) for key in kept}
    told |= {"replicas": charts.spec(objects).get("replicas", 1)}
    margin = charts.setting(objects, "SAFETY_MARGIN_MIN")
    return told | {"SAFETY_MARGIN_MIN": margin}
