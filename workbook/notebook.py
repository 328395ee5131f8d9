"""Run real tools inside a notebook, and show the command, what it said and its exit status.

A bare `!command` hides a failure; `run` never does. Nothing here is left behind: the notebook
works in a temporary copy that goes when its kernel goes.
"""

import atexit
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from IPython.display import display

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 120  # seconds a command may take

# The tools of this interpreter's environment, whether it was activated or not.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
# Equal output everywhere: no colour, one width, one time zone, no plugins found by chance.
STEADY = {
    "COLUMNS": "80",
    "LC_ALL": "C.UTF-8",
    "NO_COLOR": "1",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "TERM": "dumb",
    "TZ": "UTC",
}


# Jupyter asks for colours, which would be stored as control characters; pytest and hypothesis do
# other things where they find that they run in CI.
UNSTEADY = ("BUILD_NUMBER", "CI", "FORCE_COLOR", "GITHUB_ACTIONS", "GITLAB_CI")


def workspace(tree: str | None = None) -> Path:
    """Copy *tree*, a folder of the course, to a temporary folder and work there from now on.

    *tree* is relative to the course, as in `workspace("exercises/my-devops-project")`; without
    one the folder is empty. Returns the folder, which is removed when the kernel ends.
    """
    folder = Path(tempfile.mkdtemp(prefix="causeway-"))
    remove_afterwards(folder)
    if tree:
        leave = shutil.ignore_patterns("__pycache__", ".*_cache")
        shutil.copytree(ROOT / tree, folder, dirs_exist_ok=True, ignore=leave)
    os.chdir(folder)
    return folder


def remove_afterwards(folder: Path) -> None:
    """Remove *folder* when this process ends, also when it is killed, as kernels are.

    A small process waits for the end of its input, which nobody but this process holds open.
    """
    wait = "import shutil, sys; sys.stdin.read(); shutil.rmtree(sys.argv[1], ignore_errors=True)"
    keeper = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-I", "-S", "-c", wait, folder],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    atexit.register(keeper.communicate)  # an orderly end waits until it is done


def run(command: str, *, glue: str | None = None, **environment: str) -> None:
    """Run *command* without a shell; print it, its output and its exit status.

    *environment* is added to the notebook's. *glue* names the output for a chapter, which shows
    it with `{glue:any}`. Paths of the temporary folder are shown relative to it, since its name
    differs from run to run. A command that is not installed is told with what brings it.
    """
    words = shlex.split(command)
    if shutil.which(words[0]) is None:
        raise FileNotFoundError(f"{words[0]} is not installed here. `make tools` brings it.")
    done = subprocess.run(  # noqa: S603 - the notebook's own command, no shell
        words,
        env=steady(**environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=LIMIT,
        check=False,
    )
    said = re.sub(rf"(/private)?{re.escape(os.getcwd())}/?", "", done.stdout).rstrip()
    text = "\n".join(part for part in (f"$ {command}", said, f"[exit {done.returncode}]") if part)
    sys.stdout.write(f"{text}\n")  # at once: Jupyter may part what print writes in two
    if glue:
        keep(glue, text)


def present(*programs: str) -> bool:
    """Tell which of *programs* this machine has, by version, and give whether all of them answer.

    What such a cell says depends on the machine: it alone carries the tag nbval-ignore-output.
    """
    answer = [answers(program) for program in programs]
    print("\n".join(text for _, text in answer), flush=True)
    return all(good for good, _ in answer)


# How a program is asked for its version, where that is not --version; docker's engine, not docker.
ASKED = {"docker": "version --format {{.Server.Version}}", "kubectl": "version --client"}


def answers(program: str) -> tuple[bool, str]:
    """Ask *program* for its version; give whether it answered, and that in a line."""
    if shutil.which(program) is None:
        return False, f"{program}: not here"
    words = [program, *ASKED.get(program, "--version").split()]
    done = subprocess.run(  # noqa: S603 - a program's own version, no shell
        words, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    told = said[0] if done.returncode == 0 and said else "here, but it does not answer"
    return done.returncode == 0, f"{program}: {told}"


def steady(**environment: str) -> dict[str, str]:
    """Give the environment of what a notebook runs, with *environment* added: `run` uses it."""
    inherited = {name: value for name, value in os.environ.items() if name not in UNSTEADY}
    return {**inherited, **STEADY, **environment}


def keep(name: str, text: str) -> None:
    """Store *text* in the notebook as *name*, in the form that myst-nb's glue reads."""
    prefix = "application/papermill.record/"
    display(  # type: ignore[no-untyped-call]  # IPython gives it no types
        {prefix + "text/plain": text},
        metadata={"scrapbook": {"name": name, "mime_prefix": prefix}},
        raw=True,
    )
