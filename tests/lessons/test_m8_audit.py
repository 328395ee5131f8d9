"""Audit's evidence: each command shows the defect that it is declared for, by a real run."""

import runpy

from workbook.course import ROOT

EVIDENCE = ROOT / "tests" / "m8_full_project" / "audit" / "evidence.py"


def test_each_declared_command_shows_its_defect():
    found, declared = runpy.run_path(str(EVIDENCE))["shown"](every=False)

    assert found == declared
    assert len(declared) == 15
