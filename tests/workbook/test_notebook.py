"""What a notebook shows of a tool: the command, what it said, and the exit status, every time."""

import os
import time
from pathlib import Path

import pytest

from workbook import notebook


@pytest.fixture
def there(tmp_path, monkeypatch):
    """A current folder for a notebook to leave."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_workspace_is_a_copy_to_work_in(there):
    """The tree is copied without caches, and becomes the current folder."""
    folder = notebook.workspace("tests/workbook/course/exercises/my-devops-project")

    assert os.getcwd() == os.path.realpath(folder)
    assert sorted(path.name for path in folder.iterdir()) == [
        "README.md", "old.cfg", "requirements.txt"]  # fmt: skip
    assert list(notebook.workspace().iterdir()) == []


def test_run_shows_command_output_and_status(there, capsys):
    """Standard output and error stand in one text, a failure shows its status."""
    code = "import sys; print('dry', flush=True); print('wet', file=sys.stderr); sys.exit(3)"

    notebook.run(f'python -c "{code}"')

    assert capsys.readouterr().out == f'$ python -c "{code}"\ndry\nwet\n[exit 3]\n'


def test_run_leaves_out_the_folders_name(there, capsys):
    """A path that differs from run to run is shown relative."""
    notebook.run('python -c "import os; print(os.getcwd() + os.sep + str(7))"')

    assert capsys.readouterr().out.splitlines()[1:] == ["7", "[exit 0]"]


def test_run_is_steady(there, capsys):
    """No colour, one width, one time zone; what the cell adds comes on top."""
    code = "import os; print([os.environ[k] for k in ('NO_COLOR', 'COLUMNS', 'TZ', 'TIDE')])"

    notebook.run(f'python -c "{code}"', TIDE="high", TZ="XXX5")

    assert "['1', '80', 'XXX5', 'high']" in capsys.readouterr().out


def test_missing_tool_says_what_brings_it(there):
    """A command that is not installed is no empty output."""
    with pytest.raises(FileNotFoundError, match="tide-gauge is not installed here"):
        notebook.run("tide-gauge --now")


def test_glued_output_is_what_was_printed(there, capsys):
    """What a chapter shows is stored under its name, in the form that glue reads."""
    notebook.run("python -c 'print(7)'", glue="seven")

    shown = capsys.readouterr().out
    assert "application/papermill.record/text/plain" in shown
    assert "[exit 0]" in shown


def test_workspace_goes_with_its_process(python, tmp_path):
    """Nothing is left behind when the kernel is killed, as nbval does it."""
    kill = "import os; print(workspace(), flush=True); os.kill(os.getpid(), 9)"
    done = python("timeit", "-n1", "-r1", "-s", "from workbook.notebook import workspace", kill)

    folder = Path(done.stdout.splitlines()[0])
    assert folder.name.startswith("causeway-")
    for _ in range(100):
        if not folder.exists():
            break
        time.sleep(0.1)  # another process removes it
    assert not folder.exists()


def test_present_tells_what_is_here(there, capsys, monkeypatch):
    """Each program is told by its version, or as missing, or as one that does not answer."""
    programs = there / "bin"
    programs.mkdir()
    for name, line in (("helm", "echo v3 of helm"), ("docker", "echo no engine >&2; exit 1")):
        (programs / name).write_text(f"#!/bin/sh\n{line}\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))

    assert notebook.present("helm")
    assert not notebook.present("helm", "docker", "kubectl")

    told = ["helm: v3 of helm"] * 2 + ["docker: here, but it does not answer", "kubectl: not here"]
    assert capsys.readouterr().out.splitlines() == told
