# What follows workbook/pipeline.py in the learner's process: play one pipeline over one change.
# FILE is the pipeline, CHANGES the commits of a merge request, FIRST what tells which jobs matter.
import ctypes
import glob
import json
import os
import shutil
import signal
import subprocess
import sys

# What a job starts can neither read nor write what this process has open, and dies with it.
ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: also of what went its own way
EVENT, SECONDS = "merge request", 60
LAST = re.compile(r"\b(buildah|docker|podman|nerdctl|kaniko|kubectl|helm upgrade)\b|/executor\b")
BIN = os.path.dirname(sys.executable)
JOBS = _jobs(FILE, [])
SHOWN, WHOLE = 150_000, 400_000  # characters of one kept file, and of all


def git(*words):
    us = ["-c", "user.name=Warden", "-c", "user.email=warden@causeway.example"]
    told = subprocess.run(["git", *us, *words], check=True, capture_output=True, text=True)
    return told.stdout.strip()


def commit():
    """Make the merge request; give the commits that it begins and ends with."""
    git("init", "-q", "-b", "main", "--template=")
    git("add", "--all")
    git("commit", "-q", "-m", "Before")
    base = git("rev-parse", "HEAD")
    git("update-ref", "refs/remotes/origin/main", base)
    git("checkout", "-q", "-b", "spring-tide")
    for number, files in enumerate(CHANGES):
        for name, text in files.items():
            os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
            with open(name, "w", encoding="utf-8") as file:
                file.write(text)
        git("add", "--all")
        git("commit", "-q", "-m", f"Change {number}")
    git("repack", "-adq")  # each job gets a copy: of few files, then
    return base, git("rev-parse", "HEAD")


def lay_out(folder):
    """Put the stand-ins there."""
    os.makedirs(folder)
    for names, text in STANDINS.items():
        text = text.replace("@PYTHON@", sys.executable).replace("@HERE@", folder)
        first, *others = [os.path.join(folder, name) for name in names.split()]
        with open(first, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\n{text.strip()}\n")
        os.chmod(first, 0o755)
        for other in others:
            os.symlink(first, other)


def expanded(value, known):
    return re.sub(r"\$(?:(\w+)|\{(\w+)\})", lambda m: known.get(m[1] or m[2], ""), value)


def run(job, box, known):
    """Run a job's script as a runner does; give its exit code and the end of its log."""
    script = "\n".join(["set -eo pipefail", *map(str, job["script"])])
    with open(f"{box}.log", "w+b") as log:
        process = subprocess.Popen(
            ["bash", "-c", script], cwd=box, env=known, stdin=subprocess.DEVNULL, stdout=log,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            code = process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            code = 1
        end()
        log.seek(max(0, log.tell() - 600))
        return code, log.read(600).decode("utf-8", "replace")


def end():
    """End what the job has left behind."""
    for _ in range(50):
        with open(f"/proc/self/task/{os.getpid()}/children") as file:
            left = [int(each) for each in file.read().split()]
        if not left:
            return
        for each in left:
            try:
                os.kill(each, signal.SIGKILL)
                os.waitpid(each, 0)
            except (ProcessLookupError, ChildProcessError):
                pass


def artifacts(told, known):
    """Name what a job keeps: its paths, and its reports."""
    found = [(each, True) for each in told.get("paths", [])]
    for each in told.get("reports", {}).values():
        for path in each if isinstance(each, list) else [each]:
            path = path.get("path") if isinstance(path, dict) else path
            found += [(path, False)] if isinstance(path, str) else []
    return [(expanded(path, known), handed_on) for path, handed_on in found]


def keep(name, box, known, code):
    """Keep a job's artifacts where later jobs find them; give the text of each."""
    told = JOBS[re.sub(r" \d+/\d+$", "", name)].get("artifacts") or {}  # parallel has copies
    if told.get("when", "on_success") not in ("always", "on_failure" if code else "on_success"):
        return {}
    texts = {}
    for pattern, handed_on in artifacts(told, known):
        inside = os.path.relpath(os.path.join(box, pattern), box)
        for path in glob.glob(os.path.join(box, inside), recursive=True):
            folders = [path, *glob.glob(f"{path}/**", recursive=True)]
            for file in folders if os.path.isdir(path) else [path]:
                place = os.path.relpath(file, box)
                if place.startswith("..") or os.path.islink(file) or not os.path.isfile(file):
                    continue
                if handed_on:
                    target = os.path.join("../kept", name, place)
                    os.makedirs(os.path.dirname(target), exist_ok=True)
                    shutil.copyfile(file, target)
                with open(file, encoding="utf-8", errors="replace") as content:
                    texts[place] = brief(content.read(20 * SHOWN))[:SHOWN]
    return texts


def brief(text):
    """Give of an SBOM what it names, of anything else all."""
    try:
        found = json.loads(text)
        named = [{key: str(each[key]) for key in ("name", "version")}
                 for each in found["components"]]  # fmt: skip
        return json.dumps({"bomFormat": found["bomFormat"], "components": named})
    except (ValueError, KeyError, TypeError, RecursionError):
        return text


def main():
    base, head = commit()
    given = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "CI_COMMIT_SHA": head,
             "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": head, "CI_COMMIT_BEFORE_SHA": base}  # fmt: skip
    if told := refusal(FILE, EVENT, given):
        return {"refusal": told}
    jobs = plan(FILE, EVENT, given)
    every = [job["name"] for job in jobs]
    last = [job["name"] for job in jobs if job["action"] == "start"
            and (job["environment"] or LAST.search("\n".join(map(str, job["script"]))))]  # fmt: skip
    standins = os.path.abspath("../standins")
    lay_out(standins)
    os.makedirs("../work")
    codes, kept, logs, runs = {}, {}, {}, {}

    def so_far():
        failing = tuple(name for name in codes if codes[name])
        if failing not in runs:
            runs[failing] = play(FILE, EVENT, failing, every, variables=given)
        return runs[failing]

    def stopped(found):
        began = [name for name in last if found["jobs"][name]["start"] is not None]
        return found["status"] == "failed" and not began

    def matters(job):
        return not FIRST or re.search(FIRST, "\n".join(map(str, job["script"])))

    # What waits for a stage in which something is built comes too late to stop that.
    stages, late = list(dict.fromkeys(job["stage"] for job in jobs)), set()
    first = min((stages.index(job["stage"]) for job in jobs if job["name"] in last), default=99)
    for job in _in_order(jobs):
        by_stage = job["needs"] is None and stages.index(job["stage"]) >= first
        late |= {job["name"]} if by_stage or late & set(job["needs"] or ()) else set()
    whole = so_far()["jobs"]
    heads = {job["name"] for job in jobs if matters(job)}
    heads |= {far for name in heads for far in whole[name]["artifacts"]}
    order = sorted(_in_order(jobs), key=lambda job: job["name"] not in heads)
    for number, job in enumerate(order):
        name, found = job["name"], so_far()
        if FIRST and stopped(found) and name not in heads:
            break
        manual = job["when"] == "manual" or job["action"] != "start"
        if name in last or name in late or manual or found["jobs"][name]["start"] is None:
            continue
        box = os.path.abspath(f"../work/{number}")
        subprocess.run(["cp", "-a", ".", box], check=True)
        for other in found["jobs"][name]["artifacts"]:
            if os.path.isdir(f"../kept/{other}"):
                shutil.copytree(f"../kept/{other}", box, dirs_exist_ok=True)
        path = f"{standins}:{BIN}:/usr/bin:/bin"
        known = {**os.environ, **job["variables"], "CI_PROJECT_DIR": box, "PATH": path,
                 "TMPDIR": box + ".tmp"}  # fmt: skip
        os.makedirs(known["TMPDIR"])
        known |= {each: expanded(value, known) for each, value in job["variables"].items()
                  if each not in ("PATH", "CI_PROJECT_DIR")}  # fmt: skip
        codes[name], logs[name] = run(job, box, known)
        kept[name] = keep(name, box, known, codes[name])
    found, room = so_far(), WHOLE
    sizes = sorted((len(text), name, place) for name in kept for place, text in kept[name].items())
    for size, name, place in sizes:
        room -= size
        if room < 0:
            del kept[name][place]
    failed = [name for name in codes if codes[name]]
    return {"refusal": None, "codes": codes, "stopped": stopped(found), "kept": kept, "last": last,
            "warned": [name for name in failed if found["jobs"][name]["status"] == "warning"],
            "logs": {name: logs[name] for name in failed}}  # fmt: skip


print("\n" + json.dumps(main()))
