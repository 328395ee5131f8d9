"""Grade *Put Causeway behind a gate*: what the hooks let through, then what the findings cost."""

import ast
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from workbook import tools

pytestmark = pytest.mark.needs("git", "pre-commit", "radon", "flask")

CONFIG = ".pre-commit-config.yaml"
FORMAT = "what the formatter would change"

# The same functions twice: each with its fault, and with what it should have been. What a hook
# says of both is not about the fault. Other rules may apply to a linter's own file than to yours.
CANARIES = Path(__file__).with_name("project") / "canaries"
CANARY = "src/my_devops_project/canary.py"
# Two files that only a formatter tells apart.
LIST = "src/my_devops_project/canary_list.py"
LISTS = {
    "twins": '"""Widths."""\n\nWIDTHS = [1, 2]\n',
    "faults": '"""Widths."""\n\nWIDTHS = [1,\n          2]\n',
}

FILES = """
from pathlib import Path

def put(files):
    for name, text in files.items():
        Path(name).write_text(text)

def get(names):
    return {name: Path(name).read_text() for name in names}
"""

APP = """
import os, sys
sys.path.insert(0, "src")
os.environ |= {"WARDEN_PASSWORD": "lowtide", "SESSION_KEY": "k", "TIDE_API_KEY": "k"}

def application(table):
    # Once a process: a setting may be read when the module is imported.
    if table:
        with open("judged.yaml", "w") as file:
            file.write(table)
    os.environ["TIDE_TABLE"] = "judged.yaml" if table else "missing.yaml"
    from my_devops_project.main import create_app
    return create_app().test_client()

def ask(client, at=None):
    answer = client.get("/v1/crossing", query_string={"at": at} if at else {})
    return answer.status_code, (answer.get_json(silent=True) or {}).get("open")
"""

IN_MAY = """
client = application('''
expires: 2026-05-03T00:00:00Z
windows:
  - {opens: 2026-05-01T06:10:00Z, closes: 2026-05-01T09:30:00Z}
  - {opens: 2026-05-01T18:36:00Z, closes: 2026-05-01T21:55:00Z}
  - {opens: 2026-05-02T07:01:00Z, closes: 2026-05-02T10:20:00Z}
''')
"""

# Five hours west of Greenwich, in the middle of a window.
ABROAD = """
import time
from datetime import UTC, datetime, timedelta
os.environ["TZ"] = "XXX5"
time.tzset()
now = datetime.now(UTC)
opens, closes, expires = (f"{now + timedelta(hours=h):%Y-%m-%dT%H:%M:%SZ}" for h in (-1, 1, 2))
client = application(f"expires: {expires}\\nwindows:\\n  - {{opens: {opens}, closes: {closes}}}\\n")
"""

# What `radon cc -n C` lists, without the second that its command line takes to load.
RADON = """
from pathlib import Path
from radon.complexity import cc_rank, cc_visit

def ranked_c_or_worse(folder):
    return [
        f"{path}: {block.name}"
        for path in sorted(Path(folder).rglob("*.py"))
        for block in cc_visit(path.read_text())
        if cc_rank(block.complexity) >= "C"
    ]
"""


@pytest.mark.points(1)
@pytest.mark.hint(
    "Which hook fails, and what does its first finding ask for?",
    "Local hooks: https://pre-commit.com/#repository-local-hooks",
)
def test_hooks_pass_on_the_tree(submission, advise):
    """The hooks have nothing to report on your tree: pre-commit run --all-files exits with 0.

    They run without a network, so each must run a tool that is installed already.
    """
    advise(CONFIG not in submission.files, "Who runs the linters when you are in a hurry?")
    assert CONFIG in submission.files, f"There is no {CONFIG}."
    _, fetched = configuration(submission)
    advise(fetched, "Where does this hook get its tool, and what does it do without a network?")
    assert not fetched, f"These hooks are fetched from elsewhere: {', '.join(fetched)}."
    clean = gate(submission).clean

    assert clean.returncode == 0, f"pre-commit run --all-files failed.\n{clean.stdout}"


@pytest.mark.points(3)
@pytest.mark.hint(
    "For each fault named above: which rule of which tool is made for it, and who runs that tool?",
    "Try one yourself: write it into a new module, git add it, and run the hooks.",
)
def test_hooks_stop_each_fault(submission, advise):
    """A new module with a fault in it does not pass the hooks, whichever fault it is.

    Seven faults are tried, and a list that no formatter would leave so.
    """
    stopped = gate(submission).stopped[CANARY]
    missed = [fault for fault in [*functions(), FORMAT] if fault not in stopped]

    advise(
        {"missing annotation", "unchecked none"}.issuperset(missed),
        "How strict is mypy when your hook runs it, and who reads its exit code?",
    )
    advise(
        "time without zone" in missed,
        "Which of your tools knows that a time can lack a zone? Ask each for its list of rules.",
    )
    assert not missed, f"The hooks let through: {', '.join(missed)}."


@pytest.mark.points(1)
@pytest.mark.hint("Which of your files does each hook read, and which rules does it read them by?")
def test_hooks_see_every_module(submission, advise):
    """What the hooks stop in a new module they stop in each module you have."""
    stopped = gate(submission).stopped
    known = [fault for fault in functions() if fault in stopped[CANARY]]
    hidden = {
        name: ", ".join(fault for fault in known if fault not in stopped[name])
        for name in own_modules(submission)
    }
    lines = [f"{name}: {faults}" for name, faults in hidden.items() if faults]

    advise(lines, "A fault was written into this very file. What kept the hook from seeing it?")
    assert known, "The hooks stop nothing, so they see no module."
    assert not lines, f"The hooks do not see in {'; '.join(lines)}."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Annotate where values enter, from files, requests and the environment. What is left then?",
    "Narrowing: https://mypy.readthedocs.io/en/stable/type_narrowing.html",
)
def test_mypy_strict_is_clean(submission):
    """mypy --strict has nothing to report, whatever a configuration says."""
    result = submission.run("mypy", "--strict", "--config-file=", "src")

    assert result.returncode == 0, result.stdout


@pytest.mark.points(1)
@pytest.mark.hint("Which rule does this comment silence, and what will it silence next year?")
def test_no_comment_silences_everything(submission):
    """Each noqa and each type: ignore names its rule."""
    rules = ["--isolated", "--ignore-noqa", "--select", "PGH003,PGH004"]
    result = submission.run("ruff", "check", *rules, "--output-format", "concise", "src", "tests")

    assert result.returncode == 0, f"A comment silences whatever comes.\n{result.stdout}"


@pytest.mark.points(1)
@pytest.mark.hint("Which questions does this function answer, one after the other?")
def test_functions_stay_simple(submission):
    """No function has more branches than a reader can hold: radon ranks each A or B.

    See them with radon cc -s -n C src.
    """
    assert submission.evaluate("ranked_c_or_worse('src')", setup=RADON) == []


@pytest.mark.points(1)
@pytest.mark.hint("What did the callers of your package use yesterday that is gone today?")
def test_callers_find_what_they_knew(submission, advise):
    """The package still offers create_app, the sign still counts, the warden still gets in."""
    setup = APP + IN_MAY + "import my_devops_project"
    offered = submission.evaluate("hasattr(my_devops_project, 'create_app')", setup=setup)
    advise(offered is False, "Was that import unused, or did other files use it through you?")
    assert offered is True
    answers = submission.evaluate(
        "[ask(client, at) for at in ('2026-05-01T08:00:00+01:00', '2026-05-01T10:30:00+01:00')]",
        setup=APP + IN_MAY,
    )
    assert answers == [(200, True), (200, False)]
    form = "{'username': 'warden', 'password': 'lowtide'}"
    page = submission.evaluate(
        f"'Dashboard' in client.post('/login', data={form}, follow_redirects=True).text",
        setup=APP + IN_MAY,
    )
    assert page is True


@pytest.mark.points(1)
@pytest.mark.hint("Ask about tomorrow, then about today. What does the second answer remember?")
def test_questions_share_nothing(submission):
    """Who asks about tomorrow first still gets the right answer about today."""
    answers = submission.evaluate(
        "[ask(client, at) for at in ('2026-05-02T08:00:00+00:00', '2026-05-01T08:00:00+00:00')]",
        setup=APP + IN_MAY,
    )

    assert answers == [(200, True), (200, True)]


@pytest.mark.points(1)
@pytest.mark.hint(
    "Run it as TZ=XXX5. Whose noon is noon now?",
    "Aware times: https://docs.python.org/3/library/datetime.html#aware-and-naive-objects",
)
def test_now_is_the_same_in_every_time_zone(submission, advise):
    """The road is open now or it is not, wherever the server stands."""
    answer = submission.evaluate("ask(client)", setup=APP + ABROAD)

    advise(answer == (200, False), "Where is the server's noon five hours from that of the table?")
    assert answer == (200, True)


@pytest.mark.points(1)
@pytest.mark.hint("mypy names the line. What can next_window answer there?")
def test_after_the_last_window_is_closed(submission):
    """At half past ten in the evening the road is closed, and the sign does not crash."""
    answer = submission.evaluate("ask(client, '2026-05-01T22:30:00+00:00')", setup=APP + IN_MAY)

    assert answer == (200, False)


@pytest.mark.points(1)
@pytest.mark.hint("Which exceptions did the except catch? Which of them mean that no one can know?")
def test_missing_table_is_told(submission, advise):
    """Without a table the service says that it does not know: 503."""
    codes = submission.evaluate(
        "[client.get(path).status_code for path in ('/readyz', '/v1/crossing')]",
        setup=APP + "client = application(None)",
    )

    advise(200 in codes if type(codes) is list else False, "Who will notice that it is gone?")
    assert codes == [503, 503]


@dataclass(frozen=True)
class Run:
    """One run of the hooks: its exit code, all it wrote, and what the failed hooks wrote."""

    returncode: int
    stdout: str
    complaints: str


@dataclass(frozen=True)
class Gate:
    """The hooks' word on the tree as it is, and the faults they stop in each module."""

    clean: Run
    stopped: dict[str, set[str]]


GATES = {}  # the last one only: three checks ask about the same files


def gate(submission):
    """Run the hooks over the tree, over good twins in each module and over faults there."""
    files = tuple((name, submission.read(name)) for name in submission.files)
    if files not in GATES:
        GATES.clear()
        GATES[files] = try_hooks(submission.copy())
    return GATES[files]


def try_hooks(box):
    """Run the hooks three times over *box*, and compare what they say of faults and twins."""
    config, _ = configuration(box)
    # Every hook shall speak, even after one that failed. JSON is YAML.
    text = json.dumps(config, default=str).replace('"fail_fast": true', '"fail_fast": false')
    (box.path / CONFIG).write_text(text)
    modules = {name: box.read(name).rstrip() for name in own_modules(box)}
    modules[CANARY] = '"""Canaries."""'
    box.run("git", "init", "--quiet")
    # Where mypy looks first; under other settings than these it reads the standard library anew.
    shutil.copytree(tools.mypy_cache(*tools.MYPY[-1]), box.path / ".mypy_cache")
    clean = run_hooks(box)
    runs, left = {}, {}
    for kind in ("twins", "faults"):
        canaries = (CANARIES / f"{kind}.py").read_text()
        files = {name: f"{text}\n\n\n{canaries}" for name, text in modules.items()}
        files[LIST] = LISTS[kind]
        # In the learner's process: a hook may have put a link where a file was.
        box.evaluate(f"put({files!r})", setup=FILES)
        runs[kind] = run_hooks(box)
        given = box.evaluate(f"get({[*files]!r})", setup=FILES)
        left[kind] = given if isinstance(given, dict) else {}

    def stops(name, fault):
        complaints, gone = [], []
        before = len(modules[name].splitlines()) + 2
        for kind in ("faults", "twins"):
            lines, source = functions(kind)[fault]
            complaints.append(said(runs[kind], name, lines, before))
            gone.append(source not in left[kind].get(name, ""))
        return complaints[0] > complaints[1] or gone == [True, False]

    stopped = {name: {each for each in functions() if stops(name, each)} for name in modules}
    named = [runs[kind].complaints.count(LIST) for kind in ("faults", "twins")]
    kept = [left[kind].get(LIST) == LISTS[kind] for kind in ("faults", "twins")]
    if named[0] > named[1] or kept == [False, True]:
        stopped[CANARY].add(FORMAT)
    return Gate(clean, stopped)


def run_hooks(box):
    """Run all hooks over all files that git would take."""
    box.run("git", "add", "--all")
    result = box.run("pre-commit", "run", "--all-files", "--color", "never")
    # A hook that reports and exits with 0 stops nobody: only what follows "Failed" counts.
    parts = re.split(r"^.*[.)](Passed|Failed|Skipped)$", result.stdout, flags=re.MULTILINE)
    failed = [text for word, text in zip(parts[1::2], parts[2::2], strict=True) if word == "Failed"]
    return Run(int(result.returncode), result.stdout, "\n".join(failed))


def functions(kind="faults"):
    """Give each fault the lines and the source of its function among the faults or the twins."""
    source = (CANARIES / f"{kind}.py").read_text()
    return {
        node.name.removeprefix("canary_").replace("_", " "): (
            range(node.lineno, node.end_lineno + 1),
            ast.get_source_segment(source, node),
        )
        for node in ast.parse(source).body
    }


def said(run, name, lines, before):
    """Count what failed hooks said of *lines* of the canaries, below *before* lines of *name*."""
    found = re.findall(rf"{re.escape(name)}\D{{1,7}}(\d+)", run.complaints)
    return sum(int(line) - before in lines for line in found)


def own_modules(submission):
    """Name the learner's modules; a package's __init__ has rules of its own."""
    return [
        name
        for name in submission.files
        if re.fullmatch(r"src/.+\.py", name) and not name.endswith("__init__.py")
    ]


def configuration(submission):
    """Give the hooks' configuration without what would be fetched, and the names of that."""
    config = submission.yaml(CONFIG) if CONFIG in submission.files else None
    config = config if isinstance(config, dict) else {}
    repos = dictionaries(config.get("repos"))
    here = [each for each in repos if each.get("repo") in ("local", "meta")]
    fetched = [str(each.get("repo")) for each in repos if each not in here]
    fetched += [
        str(hook.get("id"))
        for each in here
        for hook in dictionaries(each.get("hooks"))
        if hook.get("additional_dependencies")
    ]
    return config | {"repos": here}, fetched


def dictionaries(value):
    """Give the dictionaries in *value*, which should be a list of them; pre-commit says if not."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
