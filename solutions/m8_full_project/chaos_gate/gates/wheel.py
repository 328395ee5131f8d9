"""Ask the wheel in dist/, and it alone, what it can do."""

import sys
from pathlib import Path

[wheel] = Path("dist").glob("*.whl")
sys.path.insert(0, str(wheel))

# Out of the wheel: src is not on the path.
import causeway  # type: ignore[import-not-found]  # noqa: E402

assert str(wheel) in causeway.__file__, causeway.__file__  # noqa: S101 - a gate
causeway.is_open(causeway.table(), 300)
