"""Say whether a wheel is the one that was built: `python verify.py WHEEL PROVENANCE`.

Exit code 0 says yes, any other no. In the folder that it runs in stand the public key of the
builder, signer.pub, and what is expected of a release, expected.toml.
"""

import base64
import hashlib
import json
import sys
import tomllib
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_public_key

IN_TOTO = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
PROVENANCE = "https://slsa.dev/provenance/v1"


def signed_payload(envelope, key):
    """Give the payload, once a signature of *key* over its kind and content has been found."""
    kind, body = envelope["payloadType"], base64.b64decode(envelope["payload"])
    signed = b"DSSEv1 %d %b %d %b" % (len(kind.encode()), kind.encode(), len(body), body)
    for mark in envelope["signatures"]:
        try:
            key.verify(base64.b64decode(mark["sig"]), signed)
        except InvalidSignature:
            continue
        # Only what was signed is read from here on, and only as what it was signed as.
        if kind != IN_TOTO:
            raise ValueError(f"the payload is {kind}")
        return json.loads(body)
    raise ValueError("no signature is the builder's")


def verify(wheel, provenance):
    """Raise an exception unless the provenance says of this wheel what is expected."""
    expected = tomllib.loads(Path("expected.toml").read_text(encoding="utf-8"))
    key = load_pem_public_key(Path("signer.pub").read_bytes())
    statement = signed_payload(json.loads(Path(provenance).read_text(encoding="utf-8")), key)
    if (statement["_type"], statement["predicateType"]) != (STATEMENT, PROVENANCE):
        raise ValueError("the statement is no provenance")
    digest = hashlib.sha256(Path(wheel).read_bytes()).hexdigest()
    if digest not in [each["digest"].get("sha256") for each in statement["subject"]]:
        raise ValueError("it is about another file")
    build = statement["predicate"]["buildDefinition"]
    if not statement["predicate"]["runDetails"]["builder"]["id"].startswith(expected["builder"]):
        raise ValueError("somebody else built it")
    # A tag can be moved, a commit cannot.
    sources = [
        each["uri"].removeprefix("git+").partition("@")[0]
        for each in build["resolvedDependencies"]
        if each["digest"].get("gitCommit") == expected["commit"]
    ]
    if expected["source"] not in sources:
        raise ValueError("it was built from something else")


if __name__ == "__main__":
    try:
        verify(*sys.argv[1:])
    except Exception as error:  # whatever is odd about it: it was not verified
        sys.exit(f"{sys.argv[1]} is not verified: {error}.")
    print(f"{sys.argv[1]} is verified.")
