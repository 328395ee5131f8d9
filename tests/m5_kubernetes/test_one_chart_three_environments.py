"""Grade *One chart, three environments*: helm renders it, with its values, others, and a change."""

import base64
import re
from pathlib import Path

import pytest

from workbook import charts
from workbook.manifests import documents, findings
from workbook.schemas import mapping

pytestmark = pytest.mark.needs("helm", "kubernetes-validate")

DATA = Path(__file__).with_name("one_chart_three_environments")
RUNNING = documents((DATA / "production.yaml").read_text(encoding="utf-8"))
AGREED = {  # replicas, SAFETY_MARGIN_MIN, the memory that the container may take
    "dev": (1, "0", "128Mi"),
    "staging": (2, "15", "192Mi"),
    "production": (3, "15", "192Mi"),
}
ALIKE = ("replicas=4", "safetyMarginMin=20", "memoryLimit=256Mi")
SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "causeway"},
          "data": {"TIDE_API_KEY": "eA=="}}  # fmt: skip
KEYS = ("tide-live-0000-not-a-real-key", "tide-dev-0000-not-a-real-key")
# Each stands in the Deployment of production, wherever a chart keeps it.
MARKS = ("readyz", "allowPrivilegeEscalation")
PLACES = 12  # in which a mark is looked for


@pytest.mark.points(2)
@pytest.mark.hint(
    "What does helm template say, with each of the three files of values?",
    "Charts: https://helm.sh/docs/chart_template_guide/getting_started/",
)
def test_each_environment_renders(submission, advise):
    """helm lint finds nothing, and what comes out for each environment is valid and complete."""
    code, said = charts.helm(submission, "lint", "production", "--strict")
    advise(code, "Which template does Helm name, and what did that line become?")
    assert code == 0, f"helm lint --strict fails for production.\n{charts.errors(said)}"
    for name in AGREED:
        found = findings(charts.render(submission, name), [SECRET])
        wrong = [each for each in found if not charts.beyond(each)]
        advise(wrong, "It is YAML. Would a cluster take it, and would it find what it refers to?")
        assert not wrong, f"{name}: {wrong[0]}. Expected objects that a cluster takes."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Render two environments into two files. What does diff say of them?",
    "How values are merged: https://helm.sh/docs/chart_template_guide/values_files/",
)
def test_environments_differ_in_what_was_agreed(submission, advise):
    """Replicas, margin and memory are as agreed; with equal values the three are equal."""
    for name, agreed in AGREED.items():
        objects = charts.render(submission, name)
        memory = mapping(charts.container(objects), "resources", "limits").get("memory")
        margin = charts.setting(objects, "SAFETY_MARGIN_MIN")
        found = (charts.spec(objects).get("replicas", 1), margin, memory)
        advise(found != agreed, "Which file has the last word on that value, and what does it say?")
        assert found == agreed, f"{name} has {charts.told(found)}, expected {charts.told(agreed)}."
    same = {name: charts.render(submission, name, *ALIKE) for name in AGREED}
    pairs = [(same[name], same["production"]) for name in ("dev", "staging")]
    apart = sorted(
        {
            path
            for one, other in pairs
            for path in (*charts.lacking(one, other), *charts.lacking(other, one))
        }
    )

    names = [path for path in apart if path.endswith("metadata.name")]
    advise(names, "In which namespace does it run? What else has to know its name now?")
    advise("Probe" in str(apart), "On which day did staging last tell you what production will do?")
    advise(apart, "Who decided that this differs, and where is it written?")
    assert not apart, (
        f"With equal values they still differ in {charts.listed(apart)}. Expected no more."
    )


@pytest.mark.points(2)
@pytest.mark.hint("Render production from the start and from your chart. What did you lose?")
def test_production_keeps_what_it_has(submission, advise):
    """What guards production today guards it tomorrow: probes, limits, privileges, its rollout."""
    objects = charts.render(submission, "production")
    # The configuration and the selector have checks of their own.
    elsewhere = re.compile(r"ConfigMap|.*(envFrom|metadata|spec\.selector)")
    lost = [path for path in charts.lacking(RUNNING, objects) if not elsewhere.match(path)]

    advise(lost, "Equal in all three. Equal to what was found wanting, or to what works?")
    assert not lost, f"Production loses {charts.listed(lost)}. Expected it as it runs today."


@pytest.mark.points(2)
@pytest.mark.hint(
    "What does the API server say when the selector of a Deployment that is there is another?",
    "Selectors: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector",
)
def test_running_releases_take_the_upgrade(submission, advise):
    """The selector is that of the Deployment which runs, in this release and in the next."""
    running = charts.spec(RUNNING)["selector"]
    chart = submission.read("chart/Chart.yaml")
    newer = re.sub(r"(?m)^((app)?[vV]ersion:\s*).*$", r'\g<1>"7.7.7"', chart)
    for name in AGREED:
        found = charts.spec(charts.render(submission, name)).get("selector")
        advise(found != running, "The Deployment is there already. What may helm upgrade change?")
        assert found == running, f"{name}: spec.selector is {found}, expected {running} as it runs."
    with submission.apart() as box:
        (box.path / "chart/Chart.yaml").write_text(newer, encoding="utf-8")
        later = charts.spec(charts.render(box, "production", charts.IMAGE)).get("selector")
    advise(later != running, "What becomes of the selector when the next release comes?")
    assert later == running, f"With the next release it is {later}, expected {running}."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Who can read your chart, its values, and what helm template prints?",
    "A Secret's key as a variable: https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets-as-environment-variables",
)
def test_the_chart_knows_no_secret(submission, advise):
    """The key is in no file of the chart; the container has it from the Secret of its namespace."""
    texts = {name: submission.read(name) for name in submission.files}
    shapes = {form for key in KEYS for form in (key, base64.b64encode(key.encode()).decode())}
    leaky = sorted(name for name, text in texts.items() if any(each in text for each in shapes))
    advise(leaky, "Who has read access to the repository, and who is to have the key?")
    for name in AGREED:
        objects = charts.render(submission, name)
        made = [each for each in objects if each.get("kind") == "Secret"]
        source = charts.told(charts.setting(objects, "TIDE_API_KEY"))
        advise(not made and source != "None", "What does the container start with, and what when "
               "that is missing?")  # fmt: skip
        advise(made, "Where does the chart have the value from, and who can read it there?")
        advise(made and not leaky, "base64 -d needs no password. What does that keep from whom?")
        assert not leaky, f"The key stands in {charts.listed(leaky)}. Expected it in no file."
        assert not made, f"{name}: the chart makes a Secret. Expected it to use the one there is."
        wanted = "Secret causeway, TIDE_API_KEY"
        assert source == wanted, f"{name}: TIDE_API_KEY comes from {source}, expected {wanted}."


@pytest.mark.points(2)
@pytest.mark.hint(
    "A Deployment makes new pods when its template changes. What in it changes with the margin?",
    "https://helm.sh/docs/howto/charts_tips_and_tricks/#automatically-roll-deployments",
)
def test_another_margin_rolls_the_pods(submission, advise):
    """Another margin changes what pods are made of; as many replicas more, or nothing, does not."""
    now = charts.template(charts.render(submission, "production"))
    margin = charts.render(submission, "production", "safetyMarginMin=33")
    more = charts.template(charts.render(submission, "production", "replicas=5"))
    with submission.apart() as box:
        charts.KEPT.clear()
        again = charts.template(charts.render(box, "production"))

    advise(charts.setting(margin, "SAFETY_MARGIN_MIN") != "33", "Where does that value go to?")
    advise(
        charts.template(margin) == now,
        "The ConfigMap is new. Who tells the pods, which read it once?",
    )
    advise(again != now, "Nothing has changed. Why do all pods go down, at each upgrade?")
    advise(more != now, "Two pods more were asked for. Why does that end the other three?")
    assert charts.setting(margin, "SAFETY_MARGIN_MIN") == "33", (
        "A margin of 33 does not reach the pods."
    )
    assert charts.template(margin) != now, (
        "With another margin the pods' template is the same as before."
    )
    assert again == now, (
        "Rendered twice, the pods' template differs. Expected no change without one."
    )
    assert more == now, "With more replicas the pods' template changes. Expected it to stay."


@pytest.mark.points(2)
@pytest.mark.hint(
    "You repair the readiness probe once more, in one place. Which environments get the repair?",
    "Named templates: https://helm.sh/docs/chart_template_guide/named_templates/",
)
def test_each_thing_is_written_once(submission, advise):
    """What is changed in one place of the chart is changed in every environment."""
    reached = set()
    for number in range(PLACES):
        texts = changed(submission, number)
        if not texts:
            break
        with submission.apart() as box:
            for file, text in texts.items():
                (box.path / file).write_text(text, encoding="utf-8")
            came = {name: str(charts.render(box, name)) for name in AGREED}
        for mark in MARKS:
            shown = [name for name in AGREED if f"{mark}X" in came[name]]
            advise(0 < len(shown) < len(AGREED), "Who repairs the other copies, and on which day?")
            assert len(shown) in (0, len(AGREED)), (
                f"A change of {mark} in one place reaches {charts.listed(shown)} alone."
            )
            reached |= {mark} if shown else set()
    lost = [mark for mark in MARKS if mark not in reached]
    advise(lost, "Where in the chart would you change it?")
    assert not lost, f"No place was found where {charts.listed(lost)} can be changed. Expected one."


def changed(submission, number):
    """Give the files of the chart with each mark changed in its place of this *number*."""
    texts = {file: submission.read(file) for file in submission.files}
    fresh = dict(texts)
    for mark in MARKS:
        places = [(file, n) for file, text in texts.items() for n in range(text.count(mark))]
        if number < len(places):
            file, n = places[number]
            fresh[file] = mark.join(fresh[file].split(mark)[: n + 1]) + f"{mark}X" + mark.join(
                fresh[file].split(mark)[n + 1 :])  # fmt: skip
    return {file: text for file, text in fresh.items() if text != texts[file]}
