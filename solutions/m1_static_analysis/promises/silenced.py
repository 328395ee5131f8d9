import json


def blanket(text: str) -> int:
    return min(json.load(text)["closes"])  # type: ignore


def coded(text: str) -> int:
    return min(json.load(text)["closes"])  # type: ignore[no-any-return]  # checked on arrival
