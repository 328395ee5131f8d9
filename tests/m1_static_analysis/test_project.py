"""Grade *Put Causeway behind a gate*: what the hooks let through, then what the findings cost."""

import ast
import json
import re
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from workbook import tools
from workbook.submission import NotGradable, short

pytestmark = pytest.mark.needs("sh", "git", "pre-commit", "radon", "flask")

CONFIG = ".pre-commit-config.yaml"
FORMAT = "what the formatter would change"

# The same functions twice: each with its fault, and its twin, what it should have been. What a hook
# says of both is not about the fault. Other rules may apply to a linter's own file than to yours.
CANARIES = Path(__file__).with_name("project") / "canaries.py"
CANARY = "src/my_devops_project/canary.py"
# Two files that only a formatter tells apart.
LISTS = {
    "src/my_devops_project/canary_list.py": '"""Widths."""\n\nWIDTHS = [1,\n          2]\n',
    "src/my_devops_project/twin_list.py": '"""Widths."""\n\nWIDTHS = [1, 2]\n',
}

FILES = """
from pathlib import Path

def put(files):
    for name, text in files.items():
        Path(name).write_text(text)

def get(names):
    return {name: Path(name).read_text() for name in names}
"""

# One process for all questions. Each has modules of its own: one may read a setting when it is
# imported, and one may keep what it was asked before.
ASKING = """
import os, sys, time
from datetime import UTC, datetime, timedelta
sys.path.insert(0, "src")
os.environ |= {"WARDEN_PASSWORD": "lowtide", "SESSION_KEY": "k", "TIDE_API_KEY": "k"}
os.environ["TIDE_TABLE"] = "judged.yaml"
IN_MAY = '''
expires: 2026-05-03T00:00:00Z
windows:
  - {opens: 2026-05-01T06:10:00Z, closes: 2026-05-01T09:30:00Z}
  - {opens: 2026-05-01T18:36:00Z, closes: 2026-05-01T21:55:00Z}
  - {opens: 2026-05-02T07:01:00Z, closes: 2026-05-02T10:20:00Z}
'''

def serve(table):
    with open("judged.yaml", "w") as file:
        file.write(table)
    for name in [each for each in sys.modules if each.split(".")[0] == "my_devops_project"]:
        del sys.modules[name]
    from my_devops_project.main import create_app
    return create_app

def ask(client, at=None):
    answer = client.get("/v1/crossing", query_string={"at": at} if at else {})
    return answer.status_code, (answer.get_json(silent=True) or {}).get("open")

def ask_in_may(*times):
    client = serve(IN_MAY)().test_client()
    return [ask(client, at) for at in times]

def offers_create_app():
    serve(IN_MAY)
    import my_devops_project
    return hasattr(my_devops_project, "create_app")

def lets_the_warden_in():
    form = {"username": "warden", "password": "lowtide"}
    page = serve(IN_MAY)().test_client().post("/login", data=form, follow_redirects=True)
    return "Dashboard" in page.text

def ask_without_a_table():
    os.environ["TIDE_TABLE"] = "missing.yaml"
    client = serve(IN_MAY)().test_client()
    return [client.get(path).status_code for path in ("/readyz", "/v1/crossing")]

# Five hours west of Greenwich, in the middle of a window.
def ask_abroad():
    os.environ |= {"TIDE_TABLE": "judged.yaml", "TZ": "XXX5"}
    time.tzset()
    now = datetime.now(UTC)
    opens, closes, expires = (f"{now + timedelta(hours=h):%Y-%m-%dT%H:%M:%SZ}" for h in (-1, 1, 2))
    window = f"{{opens: {opens}, closes: {closes}}}"
    return ask(serve(f"expires: {expires}\\nwindows:\\n  - {window}\\n")().test_client())

def answer(question, *given):
    try:
        return question(*given)
    except (Exception, SystemExit) as error:
        return f"{type(error).__name__}: {error}"

serve(IN_MAY)  # what cannot even be imported stops here
"""

ABROAD = "now, on a server five hours west"
NO_TABLE = "/readyz and /v1/crossing without a table"
# By what a learner reads of each. Where one changes the process for good it is among the last.
QUESTIONS = {
    "is create_app in the package": "offers_create_app",
    "is the Dashboard there for warden with lowtide": "lets_the_warden_in",
    "at 08:00+01:00, then at 10:30+01:00": (
        "ask_in_may, '2026-05-01T08:00:00+01:00', '2026-05-01T10:30:00+01:00'"
    ),
    "at 08:00 tomorrow, then at 08:00 today": (
        "ask_in_may, '2026-05-02T08:00:00+00:00', '2026-05-01T08:00:00+00:00'"
    ),
    "at 22:30": "ask_in_may, '2026-05-01T22:30:00+00:00'",
    NO_TABLE: "ask_without_a_table",
    ABROAD: "ask_abroad",
}

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
    offered = answers(submission)["is create_app in the package"]
    advise(offered is False, "Was that import unused, or did other files use it through you?")
    expect(submission, "is create_app in the package", True)
    expect(submission, "at 08:00+01:00, then at 10:30+01:00", [(200, True), (200, False)])
    expect(submission, "is the Dashboard there for warden with lowtide", True)


@pytest.mark.points(1)
@pytest.mark.hint("Ask about tomorrow, then about today. What does the second answer remember?")
def test_questions_share_nothing(submission):
    """Who asks about tomorrow first still gets the right answer about today."""
    expect(submission, "at 08:00 tomorrow, then at 08:00 today", [(200, True), (200, True)])


@pytest.mark.points(1)
@pytest.mark.hint(
    "Run it as TZ=XXX5. Whose noon is noon now?",
    "Aware times: https://docs.python.org/3/library/datetime.html#aware-and-naive-objects",
)
def test_now_is_the_same_in_every_time_zone(submission, advise):
    """The road is open now or it is not, wherever the server stands."""
    abroad = answers(submission)[ABROAD]

    advise(abroad == (200, False), "Where is the server's noon five hours from that of the table?")
    expect(submission, ABROAD, (200, True))


@pytest.mark.points(1)
@pytest.mark.hint("mypy names the line. What can next_window answer there?")
def test_after_the_last_window_is_closed(submission):
    """At half past ten in the evening the road is closed, and the sign does not crash."""
    expect(submission, "at 22:30", [(200, False)])


@pytest.mark.points(1)
@pytest.mark.hint("Which exceptions did the except catch? Which of them mean that no one can know?")
def test_missing_table_is_told(submission, advise):
    """Without a table the service says that it does not know: 503."""
    codes = answers(submission)[NO_TABLE]

    advise(200 in codes if type(codes) is list else False, "Who will notice that it is gone?")
    expect(submission, NO_TABLE, [503, 503])


KEPT = {}  # of the last submission only: several checks ask about the same runs


def kept(submission, find):
    """Give what *find* finds, once for the same files."""
    files = tuple((name, submission.read(name)) for name in submission.files)
    if KEPT.get("files") != files:
        KEPT.clear()
        KEPT["files"] = files
    if find not in KEPT:
        KEPT[find] = find(submission)
    return KEPT[find]


def answers(submission):
    """Ask the service all QUESTIONS; give its answers by their names."""
    return kept(submission, ask_all)


def ask_all(submission):
    asked = ", ".join(f"{name!r}: answer({how})" for name, how in QUESTIONS.items())
    given = submission.evaluate(f"{{{asked}}}", setup=ASKING)
    if not isinstance(given, dict) or set(given) != set(QUESTIONS):
        raise NotGradable(f"The service gave no answers, but {short(given)}.")
    return given


def expect(submission, question, expected):
    """Compare the answer to *question* with what it should be."""
    given = answers(submission)[question]
    assert given == expected, f"Asked {question}: {short(given)}, expected {short(expected)}."


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


def gate(submission):
    """Run the hooks over the tree, then over faults and their twins in each module."""
    return kept(submission, try_hooks)


def try_hooks(submission):
    """Run the hooks twice over a copy, and compare what they say of faults and of twins."""
    box = submission.copy()
    config, _ = configuration(box)
    for repo in config["repos"]:
        for hook in dictionaries(repo.get("hooks")) if repo.get("repo") == "local" else []:
            hook["require_serial"] = True  # one process reads all files: half as dear
    # Every hook shall speak, even after one that failed. JSON is YAML.
    text = json.dumps(config, default=str).replace('"fail_fast": true', '"fail_fast": false')
    (box.path / CONFIG).write_text(text)
    modules = {name: box.read(name).rstrip() for name in own_modules(box)}
    modules[CANARY] = '"""Canaries."""'
    # Where mypy looks first; under other settings than these it reads the standard library anew.
    shutil.copytree(tools.mypy_cache(*tools.MYPY[-1]), box.path / ".mypy_cache")
    clean = run_hooks(box)
    canaries = CANARIES.read_text()
    files = LISTS | {name: f"{text}\n\n\n{canaries}" for name, text in modules.items()}
    # In the learner's process: a hook may have put a link where a file was.
    box.evaluate(f"put({files!r})", setup=FILES)
    run = run_hooks(box)
    given = box.evaluate(f"get({[*files]!r})", setup=FILES)
    left = given if isinstance(given, dict) else {}

    def stops(name, fault):
        before = len(modules[name].splitlines()) + 2
        pair = [functions(kind)[fault] for kind in ("canary", "twin")]
        complaints = [said(run, name, lines, before) for lines, _ in pair]
        gone = [source not in left.get(name, "") for _, source in pair]
        return complaints[0] > complaints[1] or gone == [True, False]

    stopped = {name: {each for each in functions() if stops(name, each)} for name in modules}
    named = [run.complaints.count(name) for name in LISTS]
    whole = [left.get(name) == text for name, text in LISTS.items()]
    if named[0] > named[1] or whole == [False, True]:
        stopped[CANARY].add(FORMAT)
    return Gate(clean, stopped)


def run_hooks(box):
    """Run all hooks over all files that git would take."""
    hooks = "pre-commit run --all-files --color never"
    result = box.run("sh", "-c", f"git init --quiet && git add --all && {hooks}")
    # A hook that reports and exits with 0 stops nobody: only what follows "Failed" counts.
    parts = re.split(r"^.*[.)](Passed|Failed|Skipped)$", result.stdout, flags=re.MULTILINE)
    failed = [text for word, text in zip(parts[1::2], parts[2::2], strict=True) if word == "Failed"]
    return Run(int(result.returncode), result.stdout, "\n".join(failed))


@cache
def functions(kind="canary"):
    """Give each fault the lines and the source of its function, or of that function's twin."""
    source = CANARIES.read_text()
    return {
        node.name.removeprefix(f"{kind}_").replace("_", " "): (
            range(node.lineno, node.end_lineno + 1),
            ast.get_source_segment(source, node),
        )
        for node in ast.parse(source).body
        if node.name.startswith(kind)
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
