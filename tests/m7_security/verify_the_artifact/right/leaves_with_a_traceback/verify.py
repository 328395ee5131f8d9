"""Say whether a wheel is the one that was built; whatever is wrong ends in a traceback."""

import hashlib
import json
import sys
import tomllib
from base64 import b64decode
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization


class Refused(Exception):
    pass


def demand(truth, otherwise):
    if not truth:
        raise Refused(otherwise)


def is_signed(key, content, marks):
    for mark in marks:
        with suppress(InvalidSignature):
            key.verify(b64decode(mark.get("sig", "")), content)
            return True
    return False


wheel, document = map(Path, sys.argv[1:])
known = tomllib.loads(Path("expected.toml").read_text())
envelope = json.loads(document.read_text())
demand(envelope["payloadType"] == "application/vnd.in-toto+json", "kind of the payload")
payload = b64decode(envelope["payload"], validate=True)
head = b" ".join([b"DSSEv1", b"28", b"application/vnd.in-toto+json", str(len(payload)).encode()])
public = serialization.load_pem_public_key(Path("signer.pub").read_bytes())
demand(is_signed(public, head + b" " + payload, envelope["signatures"]), "signature")

told = json.loads(payload)
demand(told["_type"].startswith("https://in-toto.io/Statement/"), "statement")
demand(told["predicateType"] == "https://slsa.dev/provenance/v1", "predicate")
mine = {"sha256": hashlib.sha256(wheel.read_bytes()).hexdigest()}
demand(mine in [subject["digest"] for subject in told["subject"]], "subject")
demand(told["predicate"]["runDetails"]["builder"] == {"id": known["builder"]}, "builder")
parts = told["predicate"]["buildDefinition"]["resolvedDependencies"]
commits = {part["uri"].split("@")[0]: part["digest"].get("gitCommit") for part in parts}
demand(commits.get("git+" + known["source"]) == known["commit"], "source")
