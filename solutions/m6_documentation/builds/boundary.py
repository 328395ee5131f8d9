"""Change what a function does, and see whether the examples in its docstring notice."""

import doctest
import sys
import types
from unittest import mock


def noticed(source: str, name: str, docstring: str, old: str = "", new: str = "") -> bool:
    """Tell whether an example in *docstring* fails once *old* in *source* is *new*.

    *name* is a function's full one, as in `harbour.times.latest_start`. The function of the
    changed source gets the docstring, and doctest runs it; what the examples import is the changed
    module. Raises ValueError where *old* does not stand in the source exactly once.
    """
    if old and source.count(old) != 1:
        raise ValueError(f"Found {old!r} {source.count(old)} times, expected it once.")
    dotted, _, called = name.rpartition(".")
    module = types.ModuleType(dotted)
    exec(source.replace(old, new) if old else source, module.__dict__)  # noqa: S102 - our own
    package = types.ModuleType(dotted.partition(".")[0])
    test = doctest.DocTestParser().get_doctest(docstring, {}, called, None, None)
    runner = doctest.DocTestRunner(verbose=False)
    with mock.patch.dict(sys.modules, {package.__name__: package, dotted: module}):
        runner.run(test, out=lambda text: None)
    return bool(runner.failures)
