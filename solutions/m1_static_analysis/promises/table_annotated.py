import json
from pathlib import Path


def closings(file: str) -> list[int]:
    return json.loads(Path(file).read_text(encoding="utf-8"))["closes"]


def first_closing(file: str) -> int:
    return min(closings(file))


if __name__ == "__main__":
    print(repr(first_closing("tides.json")))
