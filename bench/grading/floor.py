"""Grade with nothing around it: a server that has pytest loaded forks for each submission.

The least that tests in pytest can cost. Nothing is confined: the answer runs in the judge's own
process, could give itself any grade and end the server. `floor.py TESTS SUBMISSIONS GRADES`.
"""

import json
import os
import sys
from pathlib import Path

import pytest

from workbook.grading import QUIET


class Points:
    """Count the tests that pass, a point each."""

    found = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.found += report.when == "call" and report.passed


def main(tests: str, submissions: Path, grades: Path) -> None:
    """Grade each folder of *submissions*, and leave a file of its points in *grades*."""
    quiet = [word for name in QUIET for word in ("-p", f"no:{name}")]
    for student in sorted(submissions.iterdir()):
        child = os.fork()
        if child == 0:
            os.chdir(student)
            sys.path.insert(0, str(student))
            points = Points()
            options = [*quiet, "--disable-plugin-autoload", "-c", os.devnull, "--rootdir", "/"]
            options += ["--confcutdir", str(Path(tests).parent)]  # it would list each folder above
            pytest.main([*options, tests], plugins=[points])
            (grades / f"{student.name}.json").write_text(json.dumps(points.found))
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
