"""In the learner's process: the examples of a docstring, and which of them fail on some code."""

import ast
import doctest

CLOCKS = {"now", "today", "utcnow", "time", "time_ns"}


def parsed(text):
    return doctest.DocTestParser().get_doctest(text, {}, "can_cross", None, 0)


def run(code, text):
    """Give the examples of *text*, and those that do not come out as written on *code*."""
    return [examples(text), failures(code, text)]


def examples(text):
    """List the examples, with what makes one worthless before it is run."""
    return [
        {
            "source": each.source.strip()[:200],
            "skipped": bool(each.options.get(doctest.SKIP)),
            "clock": asks_the_clock(each.source),
        }
        for each in parsed(text).examples
    ]


def asks_the_clock(source):
    """Whether something is called that answers differently each time."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return False
    calls = [node.func for node in nodes if isinstance(node, ast.Call)]
    return any(getattr(each, "attr", None) in CLOCKS for each in calls)


def failures(code, text):
    """List the examples that do not come out as written where *text* stands on *code*."""
    names = {"__name__": "crossing"}
    exec(compile(code, "crossing.py", "exec"), names)
    found = []

    class Runner(doctest.DocTestRunner):
        def report_failure(self, out, test, example, got):
            found.append(told(example, f"gave {got.strip() or 'nothing'}"))

        def report_unexpected_exception(self, out, test, example, exc_info):
            found.append(told(example, f"raised {exc_info[0].__name__}", str(exc_info[1])))

    test = parsed(text)
    test.globs = names
    Runner(verbose=False).run(test, out=lambda text: None)
    return found


def told(example, gave, said=""):
    wanted = example.exc_msg or example.want or "nothing"
    words = {"source": example.source, "wanted": wanted, "gave": gave, "said": said}
    return {key: " ".join(text.split())[:200] for key, text in words.items()}
