"""The small wheels that lessons and graders install: the same bytes everywhere, and real wheels."""

import hashlib
import subprocess
import sys
import zipfile

from workbook import wheels


def test_wheel_is_the_same_to_the_byte(tmp_path):
    """Its digest is known before it is built: no date, path or compression goes into it."""
    made = wheels.build(tmp_path / "a", "sea-chart", "1.2", ["stars>=2"], "ISLES = 3\n")

    assert made.name == "sea_chart-1.2-py3-none-any.whl"
    assert hashlib.sha256(made.read_bytes()).hexdigest() == (
        "05889882b89bb5c351b0a547a6cefbe35805735dc56da3048578429371c934ad"
    )


def test_table_is_built_as_a_program(tmp_path):
    """A table of packages becomes a folder of wheels, one for each release."""
    table = tmp_path / "index.toml"
    table.write_text('[stars."2.0"]\n[stars."2.2"]\n[moon."1.4"]\nrequires = ["stars>=2"]\n')
    command = [sys.executable, "-m", "workbook.wheels", str(table), "wheels"]

    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)

    made = {path.name.partition("-py3")[0]: path for path in (tmp_path / "wheels").iterdir()}
    assert set(made) == {"stars-2.0", "stars-2.2", "moon-1.4"}
    with zipfile.ZipFile(made["moon-1.4"]) as wheel:
        assert b"Requires-Dist: stars>=2" in wheel.read("moon-1.4.dist-info/METADATA")
        assert wheel.read("moon.py") == b'__version__ = "1.4"\n'
