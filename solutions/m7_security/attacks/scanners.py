"""Run the dynamic tools against an address of this machine, and give what they found in order."""

import json
import os
import shutil
import subprocess
from pathlib import Path

CONTRACT = Path(__file__).with_name("contract.yaml")


def schemathesis(
    address: str, key: str, folder: Path, contract: Path = CONTRACT, only: str = ""
) -> list[str]:
    """Hold the desk at *address* against *contract*, or *only* one path; give the findings.

    Each is a line. *folder* takes the tool's report. What it says of times, addresses and the
    order in which it found things is left out.
    """
    report = folder / "schemathesis.json"
    command = [
        "schemathesis", "run", str(contract), "--url", address, "--no-color",
        "--header", f"X-Api-Key: {key}", "--phases", "coverage,fuzzing", "--max-examples", "20",
        "--generation-deterministic", "--continue-on-failure", "--report-json-path", str(report),
    ]  # fmt: skip
    command += ["--include-path", only] if only else []
    ask(command, folder, expected=(0, 1))
    found = json.loads(report.read_text("utf-8"))
    return sorted(
        f"{operation:18}{failure['title']}"
        for failure in found["failures"]
        for operation in failure["operations"]
    )


def wapiti(address: str, folder: Path) -> list[str]:
    """Let wapiti follow the links from *address* on and attack what it meets."""
    report = folder / "wapiti.json"
    command = [
        "wapiti", "--url", f"{address}/", "--module", "sql,xss,file", "--scope", "folder",
        "--store-session", str(folder / "session"), "--store-config", str(folder / "config"),
        "--dns-endpoint", "localhost", "--endpoint", "http://127.0.0.1:9/",  # or it asks outside
        "--flush-session", "--no-bugreport", "--verbose", "0",
        "--format", "json", "--output", str(report),
    ]  # fmt: skip
    ask(command, folder, expected=(0,))
    found = json.loads(report.read_text("utf-8"))
    return sorted(
        {
            f"{each['method'] + ' ' + each['path']:18}{kind}"
            for kinds in (found["vulnerabilities"], found["anomalies"])
            for kind, several in kinds.items()
            for each in several
        }
    )


def ask(command: list[str], folder: Path, expected: tuple[int, ...]) -> None:
    """Run a scanner with *folder* as its home. Raises RuntimeError where it did not do its work."""
    if shutil.which(command[0]) is None:
        raise FileNotFoundError(f"{command[0]} is not installed here. `make tools` brings it.")
    done = subprocess.run(  # noqa: S603 - the lesson's own command, no shell
        command,
        cwd=folder,
        env={**os.environ, "HOME": str(folder), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode not in expected:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}:\n{done.stdout[-2000:]}")
