"""Answer as pip-audit and Safety do, out of a database of one record: `audit.py PROGRAM …`."""

import json
import re
import sys

HOLES = {("pyyaml", "5.3.1"): ("PYSEC-2021-142", "5.4")}


def given(words, *names):
    """Give the values of an option, in each of the ways to write it."""
    for number, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name in names:
            yield value if equals else "".join(words[number + 1 : number + 2])


def main(program, *words):
    files = list(given(words, "-r", "--requirement", "--requirements", "--file"))
    found, ignored = [], {*given(words, "--ignore-vuln", "--ignore", "-i")}
    for name in files:
        try:
            with open(name, encoding="utf-8") as file:
                text = file.read()
        except OSError:
            sys.exit(f"{program}: {name} cannot be read")
        found += re.findall(r"(?im)^([a-z0-9][\w.-]*)==([\w.+!]+)", text)
    vulns = {pair: [HOLES[pair]] if pair in HOLES and HOLES[pair][0] not in ignored else []
             for pair in [(name.lower(), version) for name, version in found]}  # fmt: skip
    report = {"dependencies": [
        {"name": name, "version": version, "vulns": [
            {"id": hole, "fix_versions": [fixed], "aliases": [], "description": "full_load"}
            for hole, fixed in holes]}
        for (name, version), holes in vulns.items()], "fixes": []}  # fmt: skip
    lines = [f"{name} {version} {hole} {fixed}" for (name, version), holes in vulns.items()
             for hole, fixed in holes]  # fmt: skip
    kinds = {*given(words, "-f", "--format"), *given(words, "--output")} | {*words}
    said = json.dumps(report) if {"json", "--json"} & kinds else "\n".join(lines)
    targets = [*given(words, "-o", "--save-json")]
    targets += [each for each in given(words, "--output") if program == "pip-audit"]
    for target in targets:
        with open(target, "w", encoding="utf-8") as file:
            file.write(json.dumps(report) if "--save-json" in "".join(words) else said)
    if not targets:
        print(said)
    print(f"{program} is a stand-in: {len(lines)} known holes in {len(vulns)} packages.",
          file=sys.stderr)  # fmt: skip
    sys.exit((64 if program == "safety" else 1) if lines else 0)


main(*sys.argv[1:])
