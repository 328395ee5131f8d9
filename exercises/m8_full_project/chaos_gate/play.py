"""Play the pipeline of main on these files, as they stand: `python play.py`.

Break something first, and see which job stops it. `python play.py stalls` has pods that never get
ready; `python play.py changed` has somebody change the wheel after it was built.
"""

import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from workbook import pipeline

STAGES = ("check", "test", "build", "verify", "staging", "production")
PLAIN = re.compile(r"[\w.*?/-]+")  # of what an artifact's path may be made here
# Stands in for kubectl and its clusters, which keep their old pods until new ones are ready.
KUBECTL = """\
#!/bin/sh
state="$(dirname "$0")/state"
case "$*" in
    *"rollout undo"*) rm -f "$state"; echo "deployment.apps/causeway rolled back" ;;
    *"rollout status"*)
        if [ -e "$state" ] && [ {stalls} = yes ]; then
            echo "error: timed out waiting for the condition" >&2
            exit 1
        fi
        echo "deployment \\"causeway\\" successfully rolled out" ;;
    *apply*)
        if [ {refuses} = yes ]; then
            echo "The Deployment \\"causeway\\" is invalid: spec.template.metadata.labels:" \\
                "selector does not match template labels" >&2
            exit 1
        fi
        case "$*" in *dry-run*) echo "configured (dry run)"; exit 0 ;; esac
        touch "$state"
        echo "deployment.apps/causeway configured" ;;
    *) echo "ok" ;;
esac
"""
# Each job begins with the files of the commit, and with what it receives of the jobs before.
JOB = """\
echo {title}
rm -rf job && cp -R commit job && cd job
{receives}
if (set -e; PATH="$top/bin:$PATH"; {told}exec {within} sh -ec {script}) </dev/null 2>&1; then
    :
else
    {failed}
fi
{keeps}
cd "$top"
"""


def script(jobs, files, *, stalls=False, changed=False, within=""):
    """Give what plays *jobs* in a folder that has the *files* in commit/.

    It ends with 0, or with the number of the first job that failed and may not; from 1 on.
    *within* is what each job is run by, if anything.
    """
    kubectl = KUBECTL.format(stalls=yes(stalls), refuses=yes(refused(files)))
    lines = ['top="$PWD"', "mkdir bin", f"printf %s {shlex.quote(kubectl)} > bin/kubectl",
             "chmod +x bin/kubectl"]  # fmt: skip
    numbers = {job["name"]: number for number, job in enumerate(jobs, 1)}
    for name, number in numbers.items():
        job = jobs[number - 1]
        given = [f"$top/kept{numbers[each]}" for each in job["receives"] if each in numbers]
        receives = [f'if [ -d "{each}" ]; then cp -R "{each}/." .; fi' for each in given]
        if changed and STAGES.index(job["stage"]) > STAGES.index("build"):
            receives.append("for f in $(find . -name '*.whl'); do printf changed >> \"$f\"; done")
        told = sorted((key, value) for key, value in job["variables"].items() if key.isidentifier())
        keeps = [f'for f in {each}; do if [ -e "$f" ]; then'
                 f' mkdir -p "$top/kept{number}/$(dirname "$f")";'
                 f' cp -R "$f" "$top/kept{number}/$(dirname "$f")"; fi; done'
                 for each in job["artifacts"] if PLAIN.fullmatch(each)]  # fmt: skip
        lines.append(JOB.format(
            title=shlex.quote(f"-- {job['stage']}: {name}"),
            receives="\n".join(receives),
            told="".join(f"export {key}={shlex.quote(value)}; " for key, value in told),
            script=shlex.quote("\n".join(job["script"])),
            within=within,
            failed="echo '(it may fail)'" if job["allow_failure"] else f"exit {number}",
            keeps="\n".join(keeps),
        ))  # fmt: skip
    return "\n".join(lines)


def yes(condition):
    return "yes" if condition else "no"


def refused(files):
    """Whether a cluster would refuse the Deployment: its selector does not match its labels."""
    try:
        documents = yaml.safe_load_all(files["deployment.yaml"])
        [found] = [each for each in documents if each["kind"] == "Deployment"]
        selector = found["spec"]["selector"]["matchLabels"]
        return not selector.items() <= found["spec"]["template"]["metadata"]["labels"].items()
    except (yaml.YAMLError, ValueError, KeyError, TypeError, AttributeError):
        return True


def planned(file):
    """Give the jobs of main's pipeline in the order in which they start, every click clicked."""
    made = pipeline.plan(file, "main")
    runs = pipeline.play(file, "main", clicked=[job["name"] for job in made])["jobs"]
    jobs = [{**job, "receives": runs[job["name"]]["artifacts"]} for job in made]
    jobs = [job for job in jobs if runs[job["name"]]["start"] is not None]
    return sorted(jobs, key=lambda job: runs[job["name"]]["start"])


def laid_out(folder, files):
    """Write *files*, by their names, into commit/ below *folder*."""
    for name, content in files.items():
        path = Path(folder, "commit", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def main():
    file = yaml.safe_load(Path(".gitlab-ci.yml").read_text(encoding="utf-8"))
    if told := pipeline.problems(file):
        sys.exit("\n".join(told))
    jobs = planned(file)
    if odd := [job["name"] for job in jobs if job["stage"] not in STAGES]:
        sys.exit(f"{odd[0]} is in none of the stages {', '.join(STAGES)}.")
    files = {path.as_posix(): path.read_bytes() for path in sorted(Path().rglob("*"))
             if path.is_file() and "__pycache__" not in path.parts}  # fmt: skip
    text = script(jobs, files, stalls="stalls" in sys.argv, changed="changed" in sys.argv)
    with tempfile.TemporaryDirectory() as folder:
        laid_out(folder, files)
        python = f"PATH={shlex.quote(str(Path(sys.executable).parent))}:$PATH\n"
        code = subprocess.run(["sh", "-c", python + text], cwd=folder, check=False).returncode
    stopped = jobs[code - 1] if 0 < code <= len(jobs) else None
    print(f"\nStopped in {stopped['stage']}." if stopped else "\nNothing stopped it.")


if __name__ == "__main__":
    main()
