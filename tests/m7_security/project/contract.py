"""Answer as schemathesis does, with a few requests an operation: `contract.py run DOCUMENT …`."""

import os
import sys
import urllib.error
import urllib.parse
import urllib.request

import yaml

GOOD = {"date-time": "2026-05-01T08:00:00+01:00", "date": "2026-05-01"}
BAD = ["", "eight", "-1", "\u00e4\u0000", "9" * 400]


def main(words):
    options, plain = [], []
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        takes = name in (
            "--url",
            "-u",
            "--header",
            "-H",
            "--report-junit-path",
            "--max-examples",
            "--phases",
            "--report",
            "--report-dir",
            "--workers",
            "-w",
            "--seed",
            "--checks",
            "-c",
            "--exclude-checks",
            "--mode",
            "-n",
            "--wait-for-schema",
            "--report-json-path",
        )
        options += [(name, value if equals else next(rest, ""))] if takes else []
        plain += [word] if not takes and not word.startswith("-") else []
    document = (plain[1:] if plain[:1] == ["run"] else plain)[:1]
    if not document:
        sys.exit("schemathesis: no document is named")
    text = (urllib.request.urlopen(document[0]).read() if "://" in document[0]
            else open(document[0], "rb").read())  # fmt: skip
    whole = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    url = next((value for name, value in options if name in ("--url", "-u")), None)
    url = url or whole.get("servers", [{}])[0].get("url", "")
    headers = dict(map(str.strip, value.split(":", 1)) for name, value in options
                   if name in ("--header", "-H") and ":" in value)  # fmt: skip
    failures, asked = [], 0
    for path, operations in (whole.get("paths") or {}).items():
        for method, operation in operations.items():
            if method not in ("get", "post", "put", "delete", "patch", "head", "options"):
                continue
            shared = operations.get("parameters", [])
            given = [resolved(whole, each) for each in shared + operation.get("parameters", [])]
            promised = {str(each).upper() for each in operation.get("responses", {})}
            for query in queries([each for each in given if each.get("in") == "query"]):
                address = (
                    url.rstrip("/") + path + ("?" + urllib.parse.urlencode(query)) * bool(query)
                )
                code = ask(method, address, headers)
                asked += 1
                known = {str(code), f"{code // 100}XX", "DEFAULT"} & promised
                if code == 500 or not known:
                    failures.append(f"{method.upper()} {path}: {code}")
    print(f"schemathesis is a stand-in: {asked} requests, {len(failures)} findings.")
    print("\n".join(sorted(set(failures))))
    for name, value in options:
        if name == "--report-junit-path":
            os.makedirs(os.path.dirname(value) or ".", exist_ok=True)
            with open(value, "w", encoding="utf-8") as file:
                file.write(f'<testsuites tests="{asked}" failures="{len(failures)}"/>\n')
    sys.exit(1 if failures or not asked else 0)


def resolved(whole, part):
    while isinstance(part, dict) and "$ref" in part:
        for key in part["$ref"].removeprefix("#/").split("/"):
            whole = whole[key]
        part = whole
    return part


def queries(parameters):
    """Give each set of parameters: none, good ones, and each of them bad once."""
    good = {}
    for each in parameters:
        schema = each.get("schema", {})
        good[each["name"]] = each.get("example", schema.get("example", GOOD.get(
            schema.get("format"), schema.get("minimum", "x"))))  # fmt: skip
    yield {}
    if good:
        yield good
    for name in good:
        for bad in BAD:
            yield {**good, name: bad}


def ask(method, address, headers):
    request = urllib.request.Request(address, method=method.upper(), headers=headers)
    opener = urllib.request.build_opener(Stay)
    try:
        with opener.open(request, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError as error:
        sys.exit(f"schemathesis: {address.partition('?')[0]} does not answer: {error}")


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


main(sys.argv[1:])
