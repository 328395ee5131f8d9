"""The learner's process: `python -I -m workbook.learner CPU PROCESSES evaluate|run …`.

It lowers its own limits, the processes only where PROCESSES is not 0, then evaluates an expression
over the learner's modules or becomes a tool. The judge starts it, reads what it wrote, and believes
none of it to be more than a value.
"""

import builtins
import errno
import os
import resource
import sys
from _sitebuiltins import Quitter

from workbook import values

# Every check of every answer starts this anew: what costs milliseconds is imported where it serves.

MEMORY = 2 << 30  # bytes of an expression's address space; tools reserve more than they use
FILE = {"evaluate": 16 << 20, "run": 64 << 20}  # bytes of one file
OPEN = {"evaluate": 64, "run": 1024}  # files at a time


def evaluate() -> None:
    """Answer the request on standard input with one line of JSON on standard output."""
    builtins.exit = builtins.quit = Quitter("exit", "Ctrl-D")  # as site
    answer = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # what the learner's code prints is not an answer
    answer.write(reply(sys.stdin.read()) + "\n")
    answer.flush()
    os._exit(0)  # threads and atexit functions of the learner's code have nothing more to say


def reply(request: str) -> str:
    """Answer setup, NUL, expression with bounded JSON: a value, an exception, or a block."""
    setup, _, expression = request.partition("\0")
    sys.path.insert(0, os.getcwd())
    names: dict[str, object] = {"__name__": "setup"}
    try:
        # The grader's own text, in the learner's process: this is what the process is for.
        exec(compile(setup, "<setup>", "exec"), names)  # noqa: S102
    except BaseException as error:  # SystemExit and skips are outcomes too
        found: dict[str, object] = {"blocked": told(error), "detail": last_line(error)}
    else:
        found = outcome(expression, names)
    text = values.written(found)
    if len(text) > values.BYTES:
        return values.written({"raised": "NotPlain", "detail": "a value too large to carry"})
    return text


def outcome(expression: str, names: dict[str, object]) -> dict[str, object]:
    """Evaluate *expression* among *names*: a value, what it raised, or why it could not begin."""
    try:
        value = eval(compile(expression.strip(), "<check>", "eval"), names)  # noqa: S307
        return {"value": values.encode(value)}
    except values.NotPlain as error:
        return {"raised": "NotPlain", "detail": str(error)}
    except BaseException as error:  # SystemExit and skips are outcomes too
        if fact := missing_name(error) or exhausted(error):
            return {"blocked": fact, "detail": last_line(error)}
        return {"raised": type(error).__name__, "detail": last_line(error)}


def told(error: BaseException) -> str:
    """Say in one sentence why the check's preparation failed, with the learner's file and line."""
    if fact := missing_name(error) or exhausted(error):
        return fact
    place, importing = place_in_submission(error)
    if isinstance(error, ModuleNotFoundError):
        what = f"here is no module {error.name} to import."
        return f"{place}: t{what}" if place else f"T{what}"
    if place:
        when = "the file was imported" if importing else "the check was prepared"
        return f"{place}: {type(error).__name__} while {when}."
    return f"Preparing the check with your code raised {type(error).__name__}."


def missing_name(error: BaseException) -> str | None:
    """Tell a name that the learner's module was expected to define and does not."""
    here = os.getcwd()
    if "partially initialized module" in str(error):  # an import in a circle: the name may be there
        return None
    if isinstance(error, ImportError) and not isinstance(error, ModuleNotFoundError):
        file, name = error.path, getattr(error, "name_from", None) or quoted(str(error))
    elif isinstance(error, AttributeError) and type(error.obj) is type(os):
        file, name = getattr(error.obj, "__file__", None), error.name
    else:
        return None
    if not (file and name and file.startswith(here)):
        return None
    missing = f"{os.path.relpath(file, here)} does not define {name}"
    place, _ = place_in_submission(error)
    return f"{place}: {missing}." if place else f"{missing}, which the check asks for."


def exhausted(error: BaseException) -> str | None:
    """Tell a limit that the learner's code ran into."""
    place = place_in_submission(error)[0] or "Your code"
    if isinstance(error, RecursionError):
        return f"{place}: the calls went too deep. Does a function call itself without end?"
    if isinstance(error, MemoryError):
        return f"{place}: this takes more than {MEMORY >> 30} GB of memory."
    if isinstance(error, OSError) and error.errno == errno.EFBIG:
        return f"{place}: this writes more than {FILE['evaluate'] >> 20} MB."
    return None


def quoted(text: str) -> str | None:
    """Take the first quoted name out of an interpreter's message (3.11 has no name_from)."""
    parts = text.split("'")
    return parts[1] if len(parts) > 1 else None


def place_in_submission(error: BaseException) -> tuple[str, bool]:
    """Give *file, line N* of the deepest frame in the learner's files, and if one was imported."""
    here = os.getcwd() + os.sep
    place, importing, frame = "", False, error.__traceback__
    while frame:
        code = frame.tb_frame.f_code
        if code.co_filename.startswith(here):
            place = f"{code.co_filename.removeprefix(here)}, line {frame.tb_lineno}"
            importing = importing or code.co_name == "<module>"
        frame = frame.tb_next
    return place, importing


def last_line(error: BaseException) -> str:
    """Give the interpreter's own words for *error*, at most 500 characters."""
    if not isinstance(error, AttributeError | ImportError | NameError | SyntaxError):
        try:
            return f"{type(error).__name__}: {error}".removesuffix(": ")[:500]
        except Exception:  # a __str__ of the learner's
            return type(error).__name__
    import linecache
    import traceback  # which knows how a name was meant

    linecache.clearcache()
    return traceback.format_exception_only(type(error), error)[-1].strip()[:500]


def run(tool: str, arguments: list[str]) -> None:
    """Become *tool*: a Python module where there is one, else a program on the path."""
    import runpy
    from importlib.util import find_spec

    if find_spec(tool.replace("-", "_")) is None:
        os.execvp(tool, [tool, *arguments])  # noqa: S606 - a list, no shell
    sys.argv = [tool, *arguments]
    runpy.run_module(tool.replace("-", "_"), run_name="__main__", alter_sys=True)


def main() -> None:
    """Lower the limits, forget where the course is, and do what the first argument says."""
    seconds, processes, kind, *rest = sys.argv[1:]
    limits = {"CPU": (int(seconds), int(seconds) + 1), "FSIZE": (FILE[kind],) * 2, "CORE": (0, 0)}
    if kind == "evaluate":
        limits["AS"] = (MEMORY, MEMORY)
    if processes != "0":
        limits |= {"NPROC": (int(processes),) * 2, "NOFILE": (OPEN[kind],) * 2}
    for name, limit in limits.items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), limit)
    course = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path[:] = [entry for entry in sys.path if entry != course]
    if kind == "evaluate":
        evaluate()
    else:
        run(rest[0], rest[1:])


if __name__ == "__main__":
    main()
