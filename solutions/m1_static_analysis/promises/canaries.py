import json  # canary: unused import
import subprocess
from datetime import datetime


def is_dry(moment: datetime, closes: datetime) -> bool:
    return moment <= closes  # canary: <= for <


def log(line: str, lines: list[str] = []) -> list[str]:  # canary: mutable default
    lines.append(line)
    return lines


def fetch(port: str) -> bytes:
    return subprocess.check_output(f"tide {port}", shell=True)  # canary: shell=True


def sign(closings: list[datetime]) -> str:
    now = datetime.now()  # canary: naive now
    id = next((t for t in closings if is_dry(now, t)), None)  # canary: shadowed builtin
    try:
        return id.isoformat()  # canary: None unchecked
    except:  # canary: bare except
        return clsoed  # canary: undefined name


def lanes():
    return "north south".splitt()  # canary: no such method


def total(widths: list[str]) -> int:
    return sum(widths)  # canary: wrong type


API_KEY = "tide-live-not-a-real-key"  # canary: key in the source
