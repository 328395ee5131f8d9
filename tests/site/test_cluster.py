"""The simulated cluster in the chapter on Kubernetes, as a person uses it; for tests/site."""

import gzip
import json
import re

import pytest

from tests.site.test_pages import faults
from workbook.cluster import own

CHAPTER = "course/m5_kubernetes.html"
SECONDS = 60_000  # a rollout waits for probes, pod by pod
READY = re.compile(r": all 3 pods are ready, with ")
NARROW = {"width": 360, "height": 800}
LIBRARY, LIMIT = "cluster-library.mjs", 250_000  # bytes, compressed as a host does it


@pytest.fixture
def page(open_page):
    """The chapter, with its cluster started and nothing on it."""
    page = open_page(CHAPTER)
    press(page, "Start the cluster")
    said(page, "The cluster runs: two nodes")
    return page


@pytest.fixture
def applied(page):
    """The cluster with the manifest shown first, its three pods ready."""
    press(page, "Apply")
    settled(page, READY)
    return page


def press(page, name):
    page.get_by_role("button", name=name, exact=True).press("Enter")


def said(page, text):
    """Wait for *text* in what an action answers."""
    page.locator(".cluster .answer", has_text=text).wait_for(timeout=SECONDS)


def settled(page, text):
    """Wait until the state is announced to be *text*."""
    page.locator(".cluster .state-of-it[role=status]", has_text=text).wait_for(timeout=SECONDS)


def table(page, caption):
    return page.get_by_role("table", name=caption)


def rows(page, caption):
    """Give the cells of a table's rows as text, a button's word aside; all read at one moment."""
    read = "body => [...body.rows].map(row => [...row.cells].map(cell => cell.innerText))"
    found = table(page, caption).locator("tbody").evaluate(read)
    return [[text.removesuffix("Delete").strip() for text in row] for row in found]


def write(page, text):
    """Put *text* into the editor."""
    page.get_by_role("textbox", name="deployment.yaml").focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def manifest(page):
    return json.loads(page.locator(".cluster script").text_content())


def failed(page):
    """Count the requests that failed."""
    return int(re.search(r"(\d+) failed", page.locator(".cluster .counts").inner_text())[1])


def test_nothing_of_it_is_loaded_before_the_start(open_page, public):
    """The simulator comes when it is started, from this site, and is light."""
    page = open_page(CHAPTER)
    page.get_by_role("button", name="Start the cluster").wait_for()
    page.wait_for_load_state("networkidle")
    assert not [url for url in open_page.urls if LIBRARY in url or "editor.mjs" in url]

    press(page, "Start the cluster")
    said(page, "The cluster runs: two nodes")

    assert len([url for url in open_page.urls if url.endswith(LIBRARY)]) == 1
    [bundle] = public.glob(f"_page/scripts-*/{LIBRARY}")
    assert 100_000 < len(gzip.compress(bundle.read_bytes())) < LIMIT


def test_other_pages_load_none_of_it(open_page):
    """A page without a cluster loads nothing that has to do with one."""
    page = open_page("index.html")

    page.wait_for_load_state("networkidle")

    assert not [url for url in open_page.urls if "cluster" in url]


def test_applied_manifest_comes_up(applied):
    """Three pods become ready and stand behind the Service; what was left out is told."""
    pods = rows(applied, "Pods")
    assert [row[1:3] for row in pods] == [["Running", "yes"]] * 3
    assert rows(applied, "ReplicaSets")[0][1:4] == ["1", "3", "3"]
    assert len(rows(applied, "Endpoints")[0][1].split(", ")) == 3
    assert "Scaled up replica set" in table(applied, "Events").inner_text()
    left = applied.locator(".cluster .left-out")
    assert "resources" in left.locator("summary").inner_text()
    left.locator("summary").press("Enter")
    assert "it has no ConfigMaps" in left.inner_text()


def test_deleted_pod_comes_back_and_the_focus_stays(applied):
    """The ReplicaSet makes another pod; who pressed Delete goes on from the table."""
    first = rows(applied, "Pods")[0][0]

    press(applied, f"Delete {first}")

    said(applied, f"Deleted {first}.")
    table(applied, "Pods").get_by_text(first).wait_for(state="detached", timeout=SECONDS)
    settled(applied, READY)
    assert len(rows(applied, "Pods")) == 3
    assert applied.evaluate("document.activeElement.ariaLabel") == "Pods"


def test_scaling_adds_and_removes_pods(applied):
    """The number in the field becomes the number of pods."""
    for wanted in ("5", "1"):
        applied.get_by_label("Replicas", exact=True).fill(wanted)
        applied.get_by_label("Replicas", exact=True).press("Enter")

        settled(applied, "all 5 pods are" if wanted == "5" else "the one pod is")
        table(applied, "Pods").get_by_text("Terminating").first.wait_for(state="detached")
        applied.wait_for_function(
            "n => document.querySelectorAll('.cluster table')[0].tBodies[0].rows.length == n",
            arg=int(wanted), timeout=SECONDS,
        )  # fmt: skip


def test_rollout_under_load_fails_no_request_stalls_and_is_undone(applied):
    """v2 takes over without a failed request; v3 stalls beside it, and undo ends that."""
    press(applied, "Send requests")
    press(applied, "Roll out v2")
    settled(applied, "all 3 pods are ready, with causeway:v2")
    counts = applied.locator(".cluster .counts")
    assert re.search(r"\d+ by v1, \d+ by v2", counts.inner_text())

    press(applied, "Roll out v3, which does not exist")
    settled(applied, "The rollout stalls: 1 pod cannot pull causeway:v3. 3 old pods answer.")
    assert [row[1] in ("ErrImagePull", "ImagePullBackOff") for row in rows(applied, "Pods")
            if row[4] == "causeway:v3"] == [True]  # fmt: skip
    assert "Failed to pull image" in table(applied, "Events").inner_text()

    press(applied, "Undo the rollout")
    settled(applied, "all 3 pods are ready, with causeway:v2")
    press(applied, "Stop the requests")
    said(applied, "Requests: ")
    assert failed(applied) == 0
    assert int(re.search(r"(\d+) by v2", counts.inner_text())[1]) > 100


def test_without_readiness_a_rollout_fails_requests(page):
    """The load counts what fails: pods that get requests before they listen refuse them."""
    text = re.sub(r"( +)(startup|readiness)Probe:.*\n(\1 +.*\n)+", "", manifest(page))
    assert text != manifest(page)
    write(page, text)
    press(page, "Apply")
    settled(page, READY)

    press(page, "Send requests")
    press(page, "Roll out v2")

    page.locator(".cluster .counts", has_text=re.compile("[1-9]\\d* refused")).wait_for(
        timeout=SECONDS
    )


def test_manifest_without_a_selector_is_refused_in_full(page):
    """The answer is the cluster's own, with its code, and the editor keeps the text."""
    text = re.sub(r"  selector:.*\n +matchLabels.*\n", "", manifest(page), count=1)
    write(page, text)

    page.keyboard.press("Control+Enter")

    said(page, "Deployment causeway: refused. 422 Invalid:")
    told = json.loads(page.locator(".cluster .answer pre").inner_text())
    assert told["code"] == 422
    assert "spec.selector: Required value" in told["message"]
    assert rows(page, "Pods") == [["none"]]


def test_what_is_no_manifest_is_told(page):
    """Whatever is written, the answer says what was found, and the cluster goes on."""
    bomb = "a: &a [x]\n" + "".join(f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
                                   for old, new in ("ab", "bc", "cd"))  # fmt: skip
    for text, told in (
        ("", "There is no Deployment, Service, Pod or Namespace to apply."),
        ("a: [1", "Flow sequence"),
        ("- 1", "Found a list"),
        ("kind: 5\napiVersion: v1", "without apiVersion or kind"),
        ("apiVersion: v1\nkind: Pod\nmetadata: {name: one}\nspec: {containers: 7}", "found 7"),
        (bomb, "alias"),
        ("[" * 2_000, "more than 100 deep"),
    ):
        write(page, text)
        press(page, "Apply")
        said(page, told)

    press(page, "The finished manifest")
    press(page, "Apply")
    said(page, "Deployment causeway: created.")


def test_reset_gives_an_empty_cluster(applied):
    """After a reset nothing is there, and the same manifest is created anew."""
    press(applied, "Send requests")

    press(applied, "Reset the cluster")

    said(applied, "A new cluster runs")
    assert rows(applied, "Pods") == [["none"]]
    press(applied, "Apply")
    said(applied, "Deployment causeway: created.")


def test_repaired_manifest_of_the_exercise_comes_first(open_page):
    """What the browser keeps of the exercise comes first; the finished one is a button away."""
    kept = own()
    page = open_page(CHAPTER)
    edits = json.dumps({kept["file"]: "# mine\n"})
    key = f"causeway:files:{kept['exercise']}:{kept['start']}"
    page.evaluate("([key, value]) => localStorage.setItem(key, value)", [key, edits])
    page.reload()

    press(page, "Start the cluster")

    editor = page.get_by_role("textbox", name="deployment.yaml")
    editor.wait_for()
    assert editor.inner_text().strip() == "# mine"
    press(page, "The finished manifest")
    assert "kind: " in editor.inner_text()
    press(page, "My manifest")
    assert editor.inner_text().strip() == "# mine"


def test_cluster_is_driven_by_keyboard_alone(open_page):
    """Tab reaches the start, the editor, Apply and a pod's Delete, in this order, and no trap."""
    page = open_page(CHAPTER, viewport=NARROW)
    page.get_by_role("button", name="Start the cluster").focus()
    page.keyboard.press("Enter")
    said(page, "The cluster runs: two nodes")
    focused = "(it => it.ariaLabel ?? it.textContent)(document.activeElement)"
    assert page.evaluate(focused) == "Apply", "the start became Apply, and keeps the focus"

    page.keyboard.press("Enter")
    settled(page, READY)
    stops = []
    while not stops or not stops[-1].startswith("Delete "):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(focused))
        assert len(stops) < 30, stops
    page.keyboard.press("Enter")

    said(page, "Deleted ")
    wanted = ["Reset the cluster", "Scale", "Send requests", "Undo the rollout", "Pods"]
    assert [stop for stop in stops if stop in wanted] == wanted


def test_running_cluster_is_accessible_and_fits(applied):
    """With pods, a refusal and a stalled rollout shown, axe finds nothing and nothing is wider."""
    press(applied, "Roll out v3, which does not exist")
    settled(applied, "The rollout stalls")
    write(applied, "a: [1")
    press(applied, "Apply")
    said(applied, "Flow sequence")
    applied.locator(".cluster .answer pre").wait_for()

    assert list(faults(applied)) == []


def test_without_scripts_the_manifest_is_text(open_page):
    """Who has no scripts reads the manifest, and that a simulator would run here."""
    page = open_page(CHAPTER, java_script_enabled=False)
    text = page.locator(".cluster").inner_text()

    assert "kind: Deployment" in text
    assert "simulator" in text
    assert "With JavaScript the simulator runs here." in text
