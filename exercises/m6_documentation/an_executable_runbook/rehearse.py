"""Rehearse runbook.md on a service that never was: `python rehearse.py crash`."""

import json
import re
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from workbook.intake import parse
from workbook.standin import Answers, serving

SCENARIOS = {
    "good": "the harbour has a new table",
    "crash": "the harbour's table is one that no pod can read",
    "expired": "the harbour's table has expired as well",
    "page": "the harbour answers 503, with a page that says so",
}
PROGRAMS = ("kubectl", "curl", "sleep")
VALUED = {
    "-f", "-o", "-n", "-l", "-p", "-c", "--filename", "--output", "--namespace", "--selector",
    "--patch", "--type", "--timeout", "--tail", "--replicas", "--for", "--from-file", "--revision",
    "--to-revision", "--field-manager", "--patch-file", "--grace-period", "--context", "--since",
}  # fmt: skip
OF_CURL = {"-o", "-H", "-w", "-m", "-X", "--output", "--header", "--write-out", "--max-time",
           "--request", "--retry", "--retry-delay", "--connect-timeout"}  # fmt: skip
LONG = {"-f": "--filename", "-o": "--output", "-p": "--patch"}
OK, FAILED = 0, 1
PATIENCE = 150  # calls until somebody ends a block that asks for ever


def table(days, height=3):
    """Write a tide table that is good for so many *days* from now."""
    start = datetime.now(UTC).replace(microsecond=0)
    form = "%Y-%m-%dT%H:%M:%SZ"
    opens, expires = start - timedelta(hours=1), start + timedelta(days=days)
    window = f"{{opens: {opens:{form}}, closes: {opens + timedelta(hours=height):{form}}}}"
    return f"expires: {expires:{form}}\nwindows:\n  - {window}\n"


class Service:
    """Causeway on a cluster, and the harbour that publishes tables, in *scenario*."""

    def __init__(self, scenario, key, height=3):
        self.scenario, self.key = scenario, key
        self.before = table(-1, height)
        self.config = self.read = self.before  # what the ConfigMap holds, and the pods have read
        self.stuck = False  # whether the newest pods never become ready
        self.outages, self.changes, self.looks, self.calls = 0, 0, 0, 0
        self.strangers = 0  # how often the harbour was asked without its key
        self.published = {
            "good": table(14, height),
            "crash": table(14, height).replace("  -", "\t-"),
            "expired": table(-0.1, height),
            "page": "<h1>503 Service Unavailable</h1>\n",
        }[scenario]

    def __call__(self, asks):
        """Answer a call of one of the programs."""
        found = {key: bytes.fromhex(value).decode() for key, value in asks.form.items()}
        words, texts = (found[key].split("\0") if found[key] else [] for key in ("words", "files"))
        files, written = dict(zip(texts[::2], texts[1::2], strict=True)), {}
        self.calls += 1
        if self.calls > PATIENCE:
            self.calls = 0
            return reply("over", "", "It has asked and asked. Somebody ended this block.\n")
        try:
            verb = {"kubectl": self.kubectl, "curl": self.curl}.get(found["program"], idle)
            code, said = verb(words, files, written)
        except Refused as error:
            code, said = FAILED, f"{error}\n"
        told = (said, "") if code == OK else ("", said)
        return reply(code, *told, *(text for pair in written.items() for text in pair))

    def readable(self, text):
        """Read a table as a pod does; None where it cannot."""
        try:
            found = parse("yaml", text or "")
            zone = found["expires"].tzinfo
            return found if zone and type(found["windows"]) is list else None
        except (KeyError, TypeError, AttributeError, ValueError, yaml.YAMLError):
            return None

    @property
    def is_ready(self):
        found = self.readable(self.read)
        return bool(found) and found["expires"] > datetime.now(UTC)

    @property
    def is_fresh(self):
        """Whether drivers are served by what the harbour publishes, now and after a restart."""
        wanted = self.readable(self.published)
        same = [self.readable(text) == wanted for text in (self.read, self.config)]
        return bool(wanted) and all(same) and self.is_ready and not self.stuck

    @property
    def is_as_before(self):
        before = self.readable(self.before)
        same = [self.readable(text) == before for text in (self.read, self.config)]
        return all(same) and not self.stuck

    def curl(self, words, files, written):
        self.looks += 1
        given, options = parted(curl_words(words), OF_CURL)
        url = next(iter(given), "").removeprefix("http://")
        heads = [each for name, each in options if name in ("-H", "--header")]
        heads = [files.get(each[1:], "") if each.startswith("@") else each for each in heads]
        heads = [line.partition(":") for each in heads for line in each.splitlines()]
        keys = [value.strip() for name, _, value in heads if name.strip().lower() == "x-api-key"]
        if url == "harbour.example/tides":
            status = 503 if self.scenario == "page" else 200
            status, body = (status, self.published) if self.key in keys else (401, "Who are you?\n")
            self.strangers += status == 401
        elif re.fullmatch(r"causeway(:8000)?/readyz", url):
            expired = {"error": "the tide table is missing or expired"}
            status = 200 if self.is_ready else 503
            body = json.dumps({"status": "ready"} if self.is_ready else expired) + "\n"
        elif re.fullmatch(r"causeway(:8000)?/(livez|v1/crossing)", url):
            status = 200 if self.is_ready or url.endswith("livez") else 503
            body = json.dumps({"open": True} if status == 200 else {"error": "expired"}) + "\n"
        else:
            return 6, f"curl: (6) Could not resolve host: {url.partition('/')[0]}\n"
        flags = {name for name, _ in options}
        if status >= 400 and flags & {"-f", "--fail", "--fail-with-body"}:
            return 22, f"curl: (22) The requested URL returned error: {status}\n"
        for name, value in options:
            if name in ("-o", "--output"):
                if value != "/dev/null":
                    written[value] = body
                body = ""
            if name in ("-w", "--write-out"):
                body += value.replace("%{http_code}", str(status)).replace("\\n", "\n")
        return OK, body

    def kubectl(self, words, files, written):
        given, options = parted(words, VALUED)
        options = [(LONG.get(name, name), value) for name, value in options]
        verb, *rest = given or [""]
        kind = (rest or [""])[0].partition("/")[0]
        if verb == "rollout":
            return self.rollout(kind)
        reads = {"get": self.get, "wait": lambda *_: self.rollout("status")}
        shows = (
            "describe",
            "logs",
            "version",
            "top",
            "diff",
            "events",
            "config",
            "auth",
            "explain",
        )
        if verb in reads or verb in shows:
            self.looks += 1
            return reads.get(verb, lambda *_: (OK, "causeway\n"))(kind, dict(options))
        if verb == "create" and kind in ("configmap", "cm"):
            return self.create(options, files)
        if verb in ("apply", "replace", "create"):
            return self.put(dict(options).get("--filename", ""), files, dict(options))
        if verb == "patch" and kind in ("configmap", "cm"):
            text = dict(options).get("--patch") or files.get(dict(options).get("--patch-file"), "")
            return self.put("-", {"-": json.dumps({**configmap(""), **mapping_in(text)})}, {})
        if verb in ("delete", "scale"):
            return self.take_away(verb, kind, dict(options))
        raise Refused(f"This stand-in of kubectl does not know {verb!r}.")

    def get(self, kind, options):
        form = options.get("--output", "")
        if kind in ("configmap", "configmaps", "cm"):
            if self.config is None:
                raise Refused('Error from server (NotFound): configmaps "tides" not found')
            found = configmap(self.config)
            if form.startswith("jsonpath") or form.startswith("go-template"):
                return OK, self.config
            if form in ("yaml", "json"):
                return OK, shown(found, form)
            return OK, "NAME    DATA\ntides   1\n"
        new = 1 if self.stuck else 3
        if form.startswith("jsonpath"):
            return OK, str(new if "updated" in form else 3)
        return OK, f"NAME       READY   UP-TO-DATE\ncauseway   3/3     {new}\n"

    def create(self, options, files):
        source = next((value for name, value in options if name == "--from-file"), "")
        name, equals, path = source.rpartition("=")
        name = name if equals else path.rpartition("/")[2]
        if path not in files:
            raise Refused(f"error: error reading {path}: no such file or directory")
        found = configmap(files[path], name)
        if any(name == "--dry-run" and value != "none" for name, value in options):
            return OK, shown(found, dict(options).get("--output", "yaml"))
        if self.config is not None:
            raise Refused('error: failed to create configmap: configmaps "tides" already exists')
        return self.put("-", {"-": json.dumps(found)}, {})

    def put(self, name, files, options):
        found = mapping_in(files.get(name, ""))
        metadata = found.get("metadata")
        if found.get("kind") != "ConfigMap" or type(metadata) is not dict:
            raise Refused(f"error: no objects passed to apply, or none known here: {name}")
        data = found.get("data")
        text = data.get("tides.yaml") if type(data) is dict else None
        if options.get("--dry-run", "none") != "none":
            return OK, "configmap/tides configured (dry run)\n"
        if metadata.get("name") == "tides":
            self.changes += 1
            self.config = text if type(text) is str else ""
        return OK, f"configmap/{metadata.get('name')} configured\n"

    def take_away(self, verb, kind, options):
        self.changes += 1
        if kind in ("configmap", "configmaps", "cm"):
            self.config = None
        elif verb == "delete" or options.get("--replicas") == "0":
            self.outages += 1
            self.start()
            if self.stuck:
                self.read = self.config
        return OK, f"{kind} {verb}d\n"

    def start(self):
        """Start new pods: the old ones stay until those are ready."""
        self.stuck = self.readable(self.config) is None
        self.read = self.read if self.stuck else self.config

    def rollout(self, what):
        if what in ("status", "history"):
            self.looks += 1
            if what == "status" and self.stuck:
                raise Refused("error: timed out waiting for the condition")
            return OK, 'deployment "causeway" successfully rolled out\n'
        if what not in ("restart", "undo"):
            raise Refused(f"error: unknown command {what!r}")
        self.changes += 1
        if what == "undo" and self.stuck:
            self.stuck = False  # the old pods are still there, and wanted again
        else:
            self.start()
        return OK, f"deployment.apps/causeway {what}\n"


def idle(*_):
    return OK, ""


def reply(*parts):
    """Write an answer for stand_in.py: the status, both outputs, files by name and text."""
    return Answers(".".join(str(each).encode().hex() for each in parts), kind="text/plain")


class Refused(Exception):
    """The cluster does not do it: what it says instead."""


def mapping_in(text):
    """Read an object; what is none is an empty one."""
    try:
        found = parse("yaml", text)
    except (ValueError, TypeError, yaml.YAMLError):
        found = None
    return found if type(found) is dict else {}


def configmap(text, name="tides.yaml"):
    head = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "tides"}}
    return {**head, "data": {name: text}}


class Dumper(yaml.SafeDumper):
    """Writes a text of several lines as such."""

    def represent_str(self, text):
        style = "|" if "\n" in text else None
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)


Dumper.add_representer(str, Dumper.represent_str)


def shown(found, form):
    """Write an object in the *form* that was asked for."""
    if form == "json":
        return json.dumps(found) + "\n"
    return yaml.dump(found, Dumper=Dumper, sort_keys=False)


def curl_words(words):
    """Take apart short options that stand together: -fsSo FILE."""
    for word in words:
        if re.fullmatch(r"-[a-zA-Z]{2,}", word):
            yield from (f"-{letter}" for letter in word[1:])
        else:
            yield word


def parted(words, valued):
    """Part *words* into those that stand by themselves, and options with what they say."""
    given, options, rest = [], [], list(words)
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        if not name.startswith("-") or name == "-":
            given.append(f"{name}{equals}{value}")
        elif equals or name not in valued:
            options.append((name, value))
        else:
            options.append((name, rest.pop(0) if rest else ""))
    return given, options


def blocks(text):
    """Give the blocks of sh in their order, and those below a heading *Go back*."""
    steps, back, is_back, fence, block = [], [], 0, "", []
    for line in text.splitlines():
        mark = re.match(r" {0,3}(`{3,}|~{3,})\s*(\w*)", line)
        heading = re.match(r"(#{1,6})\s+(.*?)\s*#*$", line)
        if fence and mark and mark[1].startswith(fence) and not mark[2]:
            if block is not None:
                (back if is_back else steps).append("\n".join(block) + "\n")
            fence = ""
        elif fence and block is not None:
            block.append(line)
        elif mark and not fence:
            fence, block = mark[1], [] if mark[2] in ("sh", "shell", "bash") else None
        elif heading and not fence and (not is_back or len(heading[1]) <= is_back):
            named = re.match(r"go(ing)? back\b", heading[2], re.IGNORECASE)
            is_back = len(heading[1]) if named else 0
    return steps, back


@contextmanager
def on_path(folder, service):
    """Put the stand-ins into *folder*, and let *service* answer them."""
    text = Path(__file__).with_name("stand_in.py").read_text(encoding="utf-8")
    for name in PROGRAMS:
        (folder / name).write_text(f"#!{sys.executable} -IS\n{text}", encoding="utf-8")
        (folder / name).chmod(0o755)
    with serving(service, folder / "desk"):
        yield


def prepare(folder, steps, back, key):
    """Write into *folder* what runs the blocks: run.sh. The way back is for a step that failed."""
    lines = [
        'here=$(cd "$(dirname "$0")" && pwd)',
        f'export PATH="$here:$PATH" TIDE_API_KEY={key}',
        "code=0",
    ]
    for name, found, when in (("step", steps, "="), ("back", back, "!=")):
        for number, block in enumerate(found):
            (folder / f"{name}{number}.sh").write_text(block, encoding="utf-8")
            end = "code=$?" if name == "step" else "exit $code"
            lines.append(
                f'[ $code {when} 0 ] && {{ sh -eu "$here/{name}{number}.sh" </dev/null || {end}; }}'
            )
    (folder / "run.sh").write_text("\n".join([*lines, "exit $code"]) + "\n", encoding="utf-8")


def main():
    scenario = (sys.argv[1:] or ["good"])[0]
    if scenario not in SCENARIOS:
        sys.exit("\n".join(f"{name:8} {what}" for name, what in SCENARIOS.items()))
    service = Service(scenario, "a-key-for-today")
    found = blocks(Path("runbook.md").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as name, on_path(Path(name), service):
        prepare(Path(name), *found, service.key)
        done = subprocess.run(["/bin/sh", f"{name}/run.sh"], cwd=name, check=False)  # noqa: S603 - yours
    print(f"\nThe run ended with {done.returncode}; {SCENARIOS[scenario]}.")
    print("served by the new table" if service.is_fresh else
          "as it was before" if service.is_as_before else "neither new nor as before")  # fmt: skip
    print(f"times that nobody was served: {service.outages}")


if __name__ == "__main__":
    main()
