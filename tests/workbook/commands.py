"""The command line over another course: `python commands.py ROOT WORDS…`."""

import sys
from pathlib import Path

from workbook import cli, course, folder, update

for function in (course.find_exercises, course.find_exercise, folder.start, update.update):
    function.__defaults__ = (Path(sys.argv[1]),)
del sys.argv[1]

cli.main()
