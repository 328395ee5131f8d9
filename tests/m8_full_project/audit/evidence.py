"""Run every command of commands.txt over the project, as it is and with each repair alone.

`python tests/m8_full_project/audit/evidence.py` runs those that defects.toml declares, and fails
where one says the same before and after; with `--all` it runs every command for every defect
(many minutes: the tools are the real ones), and fails where another one shows it too.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
EXERCISE = ROOT / "exercises" / "m8_full_project" / "audit"
# What differs from run to run: times, durations, places, the order of what was asked at once.
NOISE = re.compile(
    r"generated_at.*|Run started.*|\d+(\.\d+)? ?(ms|s|min)\b|/\S*evidence-\w+|\x1b\[\d*m"
)

ON_A_BRANCH = ("git init -q -b main . && git add -A && git -c user.name=a -c user.email=a@b commit"
               " -qm begin && git checkout -qb topic")  # fmt: skip
QUIET = "--output NONE --log NONE --report NONE --consolecolors off"


def commands():
    """Read the commands by their names: what stands deeper goes on."""
    found = {}
    for line in (EXERCISE / "commands.txt").read_text(encoding="utf-8").splitlines()[3:]:
        if line[:1].strip():
            name, _, command = line.partition(" ")
            found[name] = re.sub(r"\s{3,}\(.*", "", command.strip())
        else:
            found[name] += " " + line.strip()
    return found


def output(name, command, repair=None):
    """Run one command in a copy of the project; give what it said, and its exit code."""
    with tempfile.TemporaryDirectory(prefix="evidence-") as folder:
        project = Path(folder) / "my-devops-project"
        shutil.copytree(EXERCISE / "my-devops-project", project,
                        ignore=shutil.ignore_patterns(".*_cache", "__pycache__"))  # fmt: skip
        if repair:
            file = project / repair["file"]
            text = file.read_text(encoding="utf-8")
            assert text.count(repair["old"]) == 1, f"{repair} does not fit."
            file.write_text(text.replace(repair["old"], repair["new"]), encoding="utf-8")
        line = command.replace("tests", f"{QUIET} tests") if name == "robot" else command
        variables = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": folder,
            "PYTHONPATH": "src", "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "GIT_CONFIG_NOSYSTEM": "1",
        }  # fmt: skip
        done = subprocess.run(
            ["bash", "-c", f"{ON_A_BRANCH} && {line}"], cwd=project, env=variables,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
    words = NOISE.sub("", done.stdout + done.stderr)
    return f"exit {done.returncode}\n" + "\n".join(sorted(words.splitlines()))


def shown(every):
    """Give, for each defect, the commands whose output changes by its repair alone.

    Of the declared ones, or of *every* one. Also give those that are declared.
    """
    known = commands()
    defects = tomllib.loads((HERE / "defects.toml").read_text(encoding="utf-8"))["defect"]
    before = {name: output(name, command) for name, command in known.items()}
    found = {}
    for name, defect in defects.items():
        asked = known if every else defect["commands"]
        found[name] = sorted(
            each for each in asked if output(each, known[each], defect["repair"]) != before[each]
        )
        declared = sorted(defect["commands"])
        print(f"{name:20} {' '.join(found[name])}{'' if found[name] == declared else '   !'}",
              flush=True)  # fmt: skip
    return found, {name: sorted(each["commands"]) for name, each in defects.items()}


if __name__ == "__main__":
    found, declared = shown("--all" in sys.argv)
    sys.exit(found != declared)
