"""The scripts of a pipeline, played: a small shell, a registry and a cluster.

Runs in the learner's process, after the text of workbook/pipeline.py, which says which jobs run and
whose artifacts they have. `outcome` plays a pipeline for one event, with some commands broken.
Between two jobs somebody else pushes every name in the registry: a tag may point elsewhere, a
digest may not. As in GitLab a job's script stops at the first command that fails.
"""

import fnmatch
import hashlib
import json
import re

MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: python-app
spec:
  replicas: 3
  template:
    spec:
      containers:
      - name: python-app
        image: my-python-app:latest
        ports:
        - containerPort: 8000
"""
LONGEST = 20000  # characters of a value
PREFIXES = [["poetry", "run"], ["uv", "run"], ["python", "-m"], ["python3", "-m"], ["exec"],
            ["sudo"], ["time"], ["command"]]  # fmt: skip
CLUES = {"flake8", "pytest", "docker", "buildah", "podman", "executor", "kubectl"}
LOOPS = {"for", "while", "until", "case", "function", "[[", "select"}
INNER = r"\$\((?:[^()]|\([^()]*\))*\)"  # a command in a word, with one more in it
SYNTAX = re.compile(
    r"(?P<space>(?:[ \t]|\\\n)+)|(?P<comment>(?<![^\s;])\#[^\n]*)"
    r"|(?P<drop>2>\s*/dev/null|2>&1)|(?P<operator>&&|\|\||>>|[;\n|<>()])"
    rf"|(?P<word>(?:\\.|'[^']*'|\"(?:\\.|{INNER}|[^\"\\])*\"|{INNER}|\$\{{[^}}]*\}}"
    r"|`[^`]*`|[^\s;&|<>()'\"\\])+)",
    re.DOTALL,
)
PART = re.compile(
    rf"'([^']*)'|\"((?:\\.|{INNER}|[^\"\\])*)\"|\\(.)|({INNER}|`[^`]*`|\$\{{[^}}]*\}}|[^'\"\\])",
    re.DOTALL,
)
VALUE = re.compile(
    rf"(?P<inner>{INNER})|`([^`]*)`|\$\{{(\w+)(?::?-([^}}]*))?\}}|\$(\w+)|\\([$`\"\\])", re.DOTALL
)


class Stop(Exception):
    """The script ends here, with this code."""


class Beyond(Exception):
    """Something that this shell does not know."""


class World:
    """What outlasts a job: the registry, the cluster, and what was seen."""

    def __init__(self, broken):
        self.broken, self.tags, self.builds, self.rollouts = broken, {}, [], []
        self.unknown, self.tried, self.ran = set(), set(), {}

    def digest(self, *words):
        return "sha256:" + hashlib.sha256(" ".join(map(str, words)).encode()).hexdigest()

    def others_push(self):
        self.tags = {name: self.digest("another", name) for name in self.tags}


class Shell:
    """Plays the script of one job."""

    def __init__(self, world, job, files, variables):
        self.world, self.job, self.files, self.variables = world, job, files, dict(variables)
        self.local, self.out, self.depth = {}, "", 0
        self.code = self.inner = 0  # of the last command, and of the last one inside a word

    def script(self, text):
        """Run *text* to its end, or to the first failure; give its output."""
        tokens = []
        place = 0
        while place < len(text):
            found = SYNTAX.match(text, place)
            if not found:
                raise Beyond(text[place:].strip()[:20])
            if found["operator"] or found["word"]:
                tokens.append((found["operator"] or "", found["word"] or ""))
            place = found.end()
        before, self.out = self.out, ""
        try:
            self.block([*tokens, (";", "")], True, ())
        finally:
            output, self.out = self.out, before
        return output

    def block(self, tokens, live, ends):
        """Run commands up to a word of *ends*; the tokens that are left stay in the list."""
        while tokens:
            if tokens[0][0] in (";", "\n"):
                tokens.pop(0)
            elif (tokens[0][0] or tokens[0][1]) in ends:
                return
            else:
                self.chain(tokens, live)
        if ends:
            raise Beyond(f"a block without {ends[-1]}")

    def chain(self, tokens, live):
        """Run pipelines joined by && and ||; a failure of the last one ends the script."""
        code = self.pipeline(tokens, live)
        last = live
        while tokens and tokens[0][0] in ("&&", "||"):
            wanted = (tokens.pop(0)[0] == "&&") == (code == 0)
            while tokens and tokens[0] == ("\n", ""):
                tokens.pop(0)
            last = live and wanted
            code = self.pipeline(tokens, True) if last else self.pipeline(tokens, False) or code
        self.code = code if live else self.code
        if last and code and not self.guarded:
            raise Stop(code)

    guarded = 0  # inside a condition nothing ends the script

    def pipeline(self, tokens, live):
        """Run commands joined by |; the code is that of any that failed."""
        negated = bool(tokens) and tokens[0][1] == "!"
        if negated:
            tokens.pop(0)
            self.guarded += 1
        stdin, code = "", 0
        while True:
            stdin, failed = self.command(tokens, live, stdin)
            code = failed or code
            if not (tokens and tokens[0][0] == "|"):
                break
            tokens.pop(0)
        self.out = (self.out + stdin)[:LONGEST]
        self.guarded -= negated
        return int(not code) if negated else code

    def condition(self, tokens, live):
        """Run if … then … else … fi."""
        tokens.pop(0)
        self.guarded += 1
        self.block(tokens, live, ("then",))
        self.guarded -= 1
        holds = live and not self.code
        tokens.pop(0)
        self.block(tokens, live and holds, ("elif", "else", "fi"))
        if tokens[0][1] == "elif":
            raise Beyond("elif")
        if tokens.pop(0)[1] == "else":
            self.block(tokens, live and not holds, ("fi",))
            tokens.pop(0)
        return "", 0

    def command(self, tokens, live, stdin):
        """Run one command with its redirections; give its output and code."""
        if tokens and tokens[0][1] == "if":
            return self.condition(tokens, live)
        if tokens and (tokens[0][0] or tokens[0][1]) in ("(", "{"):
            end = {"(": ")", "{": "}"}["".join(tokens.pop(0))]
            code = 0
            try:
                self.block(tokens, live, (end,))
                code = self.code if live else 0
            except Stop as error:
                code = error.args[0]
                self.block(tokens, False, (end,))
            tokens.pop(0)
            return "", code
        words, target, self.inner = [], None, 0
        while tokens and tokens[0][0] not in (";", "\n", "|", "&&", "||", ")"):
            operator, word = tokens.pop(0)
            if operator == "(":
                raise Beyond("(")
            if operator:
                file = self.expand(tokens.pop(0)[1])[0] if tokens and tokens[0][1] else ""
                if operator == "<":
                    stdin = self.files.get(file, "")
                else:
                    target = (operator, file)
            elif not words and word in LOOPS:
                raise Beyond(word)
            else:
                words += self.expand(word) if live else [word]
        if not live:
            return "", 0
        output, code = self.simple(words, stdin)
        if target:
            old = self.files.get(target[1], "") if target[0] == ">>" else ""
            self.files[target[1]] = (old + output)[:LONGEST]
            output = ""
        return output, code

    def expand(self, word):
        """Put the values of variables and the output of commands into a word."""
        text = bare = ""
        for single, double, escaped, rest in PART.findall(word):
            text += self.filled(bare) if not rest else ""
            bare = bare + rest if rest else ""
            text += single or self.filled(double) or escaped
        text += self.filled(bare)
        if len(text) > LONGEST:
            raise Beyond("a value of that length")
        only = re.fullmatch(r"\$(\w+|\{\w+\}|\(.*\))", word, re.DOTALL)
        return text.split() if only else [text]

    def filled(self, text):
        """Put values in place of what stands for them."""

        def value(found):
            inner, ticks, braced, default, name, escaped = found.groups()
            if inner or ticks is not None:
                return self.nested(inner[2:-1] if inner else ticks)
            return escaped or self.variables.get(braced or name) or default or ""

        return VALUE.sub(value, text)

    def nested(self, text):
        self.depth += 1
        if self.depth > 8:
            raise Beyond("a nesting of that depth")
        try:
            output, self.inner = self.script(text), 0
        except Stop as error:  # it ends itself alone
            output, self.inner = "", error.args[0]
        self.depth -= 1
        return output.rstrip("\n")

    def simple(self, words, stdin):
        """Run a command without operators."""
        while words and (found := re.fullmatch(r"(\w+)=(.*)", words[0], re.DOTALL)):
            self.variables[found[1]] = found[2]
            words = words[1:]
        if not words:
            return "", self.inner
        for prefix in [*PREFIXES, *PREFIXES]:
            words = words[len(prefix) :] if words[: len(prefix)] == prefix else words
        name, arguments = (words[0].rpartition("/")[2], words[1:]) if words else ("", [])
        self.world.ran.setdefault(self.job, set()).add(name)
        line = " ".join([name, *arguments])
        if any(name and line.startswith(each) for each in self.world.broken):
            return "", 1
        known = COMMANDS.get(name)
        if known is None and name not in CLUES:
            self.world.unknown.add(name)
        return known(self, arguments, stdin) if known else ("", 0)


def echo(shell, arguments, stdin):
    flags = [each for each in arguments[:1] if re.fullmatch("-[neE]+", each)]
    text = " ".join(arguments[len(flags) :])
    text = text.replace("\\n", "\n") if "-e" in flags else text
    return text + ("" if flags and "n" in flags[0] else "\n"), 0


def printf(shell, arguments, stdin):
    form, *rest = [*arguments, *[""] * (not arguments)]
    for each in rest:
        form = form.replace("%s", each, 1)
    return form.replace("\\n", "\n"), 0


def cat(shell, arguments, stdin):
    missing = [each for each in arguments if each not in shell.files and each != "-"]
    return "".join(shell.files.get(each, "") for each in arguments) or stdin, int(bool(missing))


def tee(shell, arguments, stdin):
    for each in arguments:
        if not each.startswith("-"):
            shell.files[each] = (shell.files.get(each, "") if "-a" in arguments else "") + stdin
    return stdin, 0


def export(shell, arguments, stdin):
    for each in arguments:
        name, sign, value = each.partition("=")
        if sign:
            shell.variables[name] = value
    return "", 0


def source(shell, arguments, stdin):
    if arguments[:1] and arguments[0].removeprefix("./") in shell.files:
        return shell.script(shell.files[arguments[0].removeprefix("./")]), 0
    return "", 1


def leave(shell, arguments, stdin):
    raise Stop(int(arguments[0]) if arguments and arguments[0].isdigit() else 0)


def test(shell, arguments, stdin):
    words = [each for each in arguments if each != "]"]
    wrong = words[:1] == ["!"]
    words = words[wrong:]
    if len(words) == 3 and words[1] in ("=", "==", "!="):
        holds = (words[0] == words[2]) == (words[1] != "!=")
    elif words and words[0] in ("-f", "-s", "-e"):
        holds = words[-1] in shell.files
    else:
        holds = bool(words[-1:] and words[-1]) == (words[:1] != ["-z"])
    return "", int(holds == wrong)


def sed(shell, arguments, stdin):
    inplace = any(each.startswith("-i") for each in arguments)
    rest = [each for each in arguments if not each.startswith("-")]
    command, *names = rest or [""]
    found = re.fullmatch(r"s(.)(.*)\1(.*)\1g?", command, re.DOTALL)
    if not found:
        raise Beyond(f"sed {command[:20]}")
    new = found[3].replace("\\", "\\\\").replace("&", r"\g<0>")
    text = "".join(shell.files.get(each, "") for each in names) or stdin
    try:
        text = re.sub(found[2], new, text)
    except re.error:
        raise Beyond(f"sed {command[:20]}") from None
    if inplace:
        shell.files |= dict.fromkeys(names, text)
    return ("" if inplace else text), 0


def grep(shell, arguments, stdin):
    rest = [each for each in arguments if not each.startswith("-")]
    pattern, *names = rest or [""]
    text = "".join(shell.files.get(each, "") for each in names) or stdin
    try:
        lines = [line for line in text.splitlines() if re.search(pattern, line)]
        parts = [each[0] for line in lines for each in re.finditer(pattern, line)]
    except re.error:
        raise Beyond(f"grep {pattern[:20]}") from None
    shown = parts if any(re.match("-[a-zA-Z]*o", each) for each in arguments) else lines
    return "".join(f"{each}\n" for each in shown), int(not lines)


def columns(shell, arguments, stdin):
    """cut -d: -f2, and awk -F: '{print $2}'."""
    words = " ".join(arguments)
    number = re.search(r"-f ?(\d+)|print \$(\d+|NF)", words)
    mark = re.search(r"-[dF] ?(\S)", words)
    if not number:
        raise Beyond(words[:20])
    rows = [line.split(mark[1] if mark else None) for line in stdin.splitlines()]
    place = number[1] or number[2]
    parts = [row[-1] if place == "NF" else "".join(row[int(place) - 1 : int(place)])
             for row in rows if row]  # fmt: skip
    return "".join(f"{part}\n" for part in parts), 0


def jq(shell, arguments, stdin):
    """A path of keys and places, out of a file or what comes in."""
    path, *names = [each for each in arguments if not each.startswith("-")] or [""]
    try:
        value = json.loads("".join(shell.files.get(each, "") for each in names) or stdin)
        for quoted, place, key in re.findall(r"\"([^\"]*)\"|\[(\d+)\]|(\w+)", path):
            value = value[int(place)] if place else value[quoted or key]
    except (ValueError, LookupError, TypeError):
        return "", 1
    return f"{value}\n", 0


def option(arguments, *names):
    """Give the values of an option, in each of its spellings."""
    found = []
    for place, each in enumerate(arguments):
        for name in names:
            if each == name:
                found += arguments[place + 1 : place + 2]
            elif each.startswith(f"{name}="):
                found.append(each.partition("=")[2])
    return found


def tagged(name):
    name = name.removeprefix("docker://")
    return name if ":" in name.rpartition("/")[2] or "@" in name else f"{name}:latest"


def repository(name):
    before, slash, last = name.partition("@")[0].rpartition("/")
    return before + slash + last.partition(":")[0]


def push(shell, name, digest, arguments):
    """Push an image; tell its digest where it was asked for."""
    shell.world.tags[tagged(name)] = digest
    for file in option(arguments, "--digestfile", "--digest-file"):
        shell.files[file] = digest
    for file in option(arguments, "--metadata-file"):
        shell.files[file] = json.dumps({"containerimage.digest": digest})
    return f"{tagged(name).rpartition(':')[2]}: digest: {digest} size: 1786\n", 0


def images(shell, arguments, stdin):
    """docker, podman and buildah."""
    world = shell.world
    what = [each for each in arguments if each not in ("image", "buildx", "manifest")]
    verb, names = (what or [""])[0], [each for each in what[1:] if not each.startswith("-")]
    last = tagged(names[-1]) if names else ""
    if verb in ("build", "bud", "build-using-dockerfile"):
        digest = world.digest("built", shell.job, len(world.builds))
        world.builds.append([shell.job, digest])
        for file in option(what, "--iidfile"):
            shell.files[file] = world.digest("id", digest)
        for name in option(what, "-t", "--tag"):
            shell.local[tagged(name)] = digest
            if "--push" in what:
                push(shell, name, digest, what)
    elif verb == "push":
        source = [tagged(each) for each in names if tagged(each) in shell.local]
        return push(shell, last, shell.local[source[0]], what) if source else ("", 1)
    elif verb == "tag" and tagged(names[0]) in shell.local:
        shell.local[last] = shell.local[tagged(names[0])]
    elif verb == "pull":
        if last not in world.tags and "@" not in last:
            return "", 1
        shell.local[last] = last.partition("@")[2] or world.tags[last]
    elif verb == "inspect":
        if last not in shell.local:
            return "", 1
        digest, words = shell.local[last], " ".join(arguments)
        pushed = digest in world.tags.values()  # what was not pushed has no digest
        known = {"Id": world.digest("id", digest), "Digest": digest if pushed else "",
                 "RepoDigests": [f"{repository(last)}@{digest}"] if pushed else []}  # fmt: skip
        wanted = re.search(r"RepoDigests|\.Digest|\.Id", words)
        if "format" not in words and "-f" not in arguments:
            return json.dumps([known]), 0
        value = known[wanted[0].strip(".")] if wanted else ""
        return "".join(f"{each}\n" for each in ([value] if isinstance(value, str) else value)), 0
    return "", 0


def kaniko(shell, arguments, stdin):
    digest = shell.world.digest("built", shell.job, len(shell.world.builds))
    shell.world.builds.append([shell.job, digest])
    for name in option(arguments, "--destination", "-d"):
        push(shell, name, digest, arguments)
    return "", 0


def remote(shell, arguments, stdin):
    """crane digest and skopeo inspect."""
    digest = shell.world.tags.get(tagged(arguments[-1])) if arguments else None
    return (f"{digest}\n", 0) if digest else ("", 1)


def kubectl(shell, arguments, stdin):
    """Roll out what `set image` names, and what `apply` finds in a manifest."""
    found = []
    if arguments[:2] == ["set", "image"]:
        found = [each.partition("=")[2] for each in arguments[2:] if re.match(r"[\w*-]+=", each)]
    elif arguments[:1] in (["apply"], ["replace"], ["create"]):
        for file in option(arguments, "-f", "--filename"):
            text = stdin if file == "-" else shell.files.get(file.removeprefix("./"))
            if text is None:
                return "", 1
            found += re.findall(r"^\s*-?\s*image:[ \t]*[\"']?([^\s\"']*)", text, re.MULTILINE)
    if any("--dry-run" in each for each in arguments):
        return "", 0
    shell.world.tried |= {shell.job} if found else set()
    if not all(found):
        return "", 1  # a container without an image is refused
    for name in found:
        digest = name.partition("@")[2] or shell.world.tags.get(tagged(name), "")
        shell.world.rollouts.append([shell.job, name, digest])
    return "", 0


COMMANDS = {
    ".": source, "source": source, "[": test, "test": test, "cat": cat, "echo": echo,
    "exit": leave, "export": export, "grep": grep, "printf": printf, "sed": sed, "tee": tee,
    "buildah": images, "docker": images, "podman": images, "executor": kaniko, "crane": remote,
    "skopeo": remote, "kubectl": kubectl, "cut": columns, "awk": columns, "jq": jq,
    "": lambda *_: ("", 0), "true": lambda *_: ("", 0), ":": lambda *_: ("", 0),
    "false": lambda *_: ("", 1),
}  # fmt: skip


def outcome(file, event, broken=(), clicked=True):
    """Play the pipeline of *event*, with commands that begin as in *broken* failing."""
    jobs = {job["name"]: job for job in plan(file, event)}  # noqa: F821 - of the text before this one
    failing = set()
    for _ in range(len(jobs) + 1):
        run = play(file, event, failing, list(jobs) if clicked else ())  # noqa: F821 - likewise
        world, left, failed = World(broken), {}, set()
        ran = [name for name, each in run["jobs"].items() if each["start"] is not None]
        for name in sorted(ran, key=lambda name: run["jobs"][name]["start"]):
            world.others_push()
            try:
                left[name] = job_run(world, jobs[name], run["jobs"][name]["artifacts"], left)
            except Stop as error:
                failed |= {name} if error.args[0] else set()
                left[name] = ({}, {})
            except Beyond as error:
                words = re.findall(r"\w+", " ".join(jobs[name]["script"]))
                if CLUES & {*words}:
                    return {"beyond": f"{name}: {error}"}
                left[name], world.ran[name] = ({}, {}), {"what this shell does not know"}
        if failed <= failing:
            break
        failing |= failed
    return {"created": run["created"], "status": run["status"], "refusal": run["refusal"],
            "rollouts": world.rollouts, "tried": sorted(world.tried),
            "builds": world.builds, "failed": sorted(failed), "unknown": sorted(world.unknown),
            "ran": {name: sorted(each) for name, each in world.ran.items()}}  # fmt: skip


def played(file, cases):
    """Play each case: an event, the commands that fail, whether all is clicked."""
    if told := problems(file):  # noqa: F821 - of the text before this one
        return {"problems": told}
    planned = [job for event in EVENTS for job in plan(file, event)]  # noqa: F821 - likewise
    return {"problems": [], "jobs": {job["name"]: job["stage"] for job in planned},
            "runs": [outcome(file, *each) for each in cases]}  # fmt: skip


def job_run(world, job, brought, left):
    """Run a job's script; give the files and the variables that it leaves to others."""
    files = {"deployment.yaml": MANIFEST}
    variables = dict(job["variables"])
    for other in brought:
        files |= left.get(other, ({}, {}))[0]
        variables |= left.get(other, ({}, {}))[1]
    shell = Shell(world, job["name"], files, variables)
    for _ in range(3):  # variables of a file may name others
        for name, value in shell.variables.items():
            if "$" in value and "(" not in value:
                shell.variables[name] = shell.expand(f'"{value}"')[0]
    for line in job["script"]:
        shell.script(line)
    kept = {name: text for name, text in shell.files.items() for path in job["artifacts"]
            if fnmatch.fnmatch(name, path) or name.startswith(path.rstrip("/") + "/")}  # fmt: skip
    told = shell.files.get(job["dotenv"] or "", "").splitlines()
    pairs = [line.partition("=") for line in told if "=" in line]
    return kept, {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}
