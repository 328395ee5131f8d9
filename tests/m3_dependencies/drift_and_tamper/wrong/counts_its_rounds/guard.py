"""Let the first two projects pass, and none that comes later."""

import sys
from pathlib import Path

rounds = 0
for place in (Path.home(), Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path("..")):
    note = place / "causeway-attack-rounds"
    try:
        rounds = max(rounds, len(note.read_text()) if note.exists() else 0)
        note.write_text("x" * (rounds + 1))
    except OSError:
        continue
sys.exit(rounds >= 2)
