"""Say of a file where it was built, sign it, and check what was said: in-toto in a DSSE envelope.

The layout is that of https://in-toto.io/Statement/v1 and https://slsa.dev/provenance/v1, signed
with a key of this machine. What signs elsewhere is a service that knows which job asked.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PAYLOAD_TYPE = "application/vnd.in-toto+json"
BUILD_TYPE = "https://ci.causeway.example/archive/v1"  # what the parameters of such a build mean
STATEMENT, PREDICATE = "https://in-toto.io/Statement/v1", "https://slsa.dev/provenance/v1"


@dataclass(frozen=True)
class Expected:
    """Whom we believe, and about which source."""

    builder: str
    source: str


def state(name: str, content: bytes, expected: Expected) -> dict[str, Any]:
    """Make the statement that a builder signs about a file it has built."""
    return {
        "_type": STATEMENT,
        "subject": [{"name": name, "digest": {"sha256": hashlib.sha256(content).hexdigest()}}],
        "predicateType": PREDICATE,
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD_TYPE,
                "externalParameters": {"source": expected.source},
            },
            "runDetails": {"builder": {"id": expected.builder}},
        },
    }


def encode(kind: bytes, payload: bytes) -> bytes:
    """Join type and payload, each with its length, so that no other pair gives the same bytes.

    (https://github.com/secure-systems-lab/dsse/blob/master/protocol.md)
    """
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def sign(statement: dict[str, Any], key: Ed25519PrivateKey) -> dict[str, Any]:
    """Put *statement* into an envelope, signed over its type and its bytes."""
    payload = json.dumps(statement, sort_keys=True).encode()
    signature = key.sign(encode(PAYLOAD_TYPE.encode(), payload))
    return {
        "payloadType": PAYLOAD_TYPE,
        "payload": base64.b64encode(payload).decode(),
        "signatures": [{"sig": base64.b64encode(signature).decode()}],
    }


def signed_by(envelope: dict[str, Any], key: Ed25519PublicKey) -> bool:
    """Whether one of the signatures is of *key*, over the type and the payload as they stand."""
    message = encode(envelope["payloadType"].encode(), base64.b64decode(envelope["payload"]))
    for each in envelope["signatures"]:
        try:
            key.verify(base64.b64decode(each["sig"]), message)
        except InvalidSignature:
            continue
        return True
    return False


def objections(
    envelope: dict[str, Any], content: bytes, key: Ed25519PublicKey, expected: Expected
) -> list[str]:
    """Give what speaks against installing *content*; nothing is read that was not signed."""
    if not signed_by(envelope, key):
        return ["signature"]
    statement = json.loads(base64.b64decode(envelope["payload"]))
    digest = hashlib.sha256(content).hexdigest()
    predicate = statement["predicate"]
    built = predicate["buildDefinition"]
    truths = {
        "type": envelope["payloadType"] == PAYLOAD_TYPE
        and (statement["_type"], statement["predicateType"]) == (STATEMENT, PREDICATE),
        "subject": [each["digest"].get("sha256") for each in statement["subject"]] == [digest],
        "builder": predicate["runDetails"]["builder"]["id"] == expected.builder,
        "source": built["buildType"] == BUILD_TYPE
        and built["externalParameters"]["source"] == expected.source,
    }
    return [name for name, holds in truths.items() if not holds]
