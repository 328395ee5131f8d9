"""Make releases to try verify.py on: `python release.py FOLDER`.

Each case gets a folder with a wheel, its provenance.json, the builder's public key signer.pub and
expected.toml. The keys are made up anew each time, and sign nothing but what stands there.
"""

import base64
import hashlib
import json
import secrets
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

STATEMENT = "https://in-toto.io/Statement/v1"
PROVENANCE = "https://slsa.dev/provenance/v1"
IN_TOTO = "application/vnd.in-toto+json"


def pae(kind: str, body: bytes) -> bytes:
    """Give what a signature of DSSE is made over: the kind of the payload, and the payload."""
    name = kind.encode()
    return b"DSSEv1 %d %b %d %b" % (len(name), name, len(body), body)


@dataclass(frozen=True)
class Release:
    """A wheel that a builder made, and what the builder says about it."""

    name: str
    wheel: bytes
    builder: str
    source: str
    ref: str
    commit: str
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    def statement(self) -> dict:
        """Say in SLSA's words who built which file from what."""
        source = {"uri": f"git+{self.source}@{self.ref}", "digest": {"gitCommit": self.commit}}
        workflow = {"repository": self.source, "ref": self.ref, "path": ".gitlab-ci.yml"}
        return {
            "_type": STATEMENT,
            "subject": [{"name": self.name, "digest": {"sha256": sha256(self.wheel)}}],
            "predicateType": PROVENANCE,
            "predicate": {
                "buildDefinition": {
                    "buildType": "https://builder.example/wheel/v1",
                    "externalParameters": {"workflow": workflow},
                    "resolvedDependencies": [source],
                },
                "runDetails": {"builder": {"id": self.builder}},
            },
        }

    def expected(self) -> str:
        """Write what whoever installs the wheel knows from elsewhere."""
        known = {"builder": self.builder, "source": self.source, "commit": self.commit}
        return "".join(f'{name} = "{value}"\n' for name, value in known.items())

    def public(self) -> bytes:
        """Give the public key, in PEM."""
        return self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def made_up() -> Release:
    """Make up a release that nobody has seen before."""
    number = secrets.randbelow(90) + 10
    return Release(
        name=f"causeway-{number}.{secrets.randbelow(10)}-py3-none-any.whl",
        wheel=secrets.token_bytes(64),
        builder=f"https://builder.example/runners/{secrets.token_hex(4)}",
        source=f"https://git.example/{secrets.token_hex(4)}/causeway",
        ref=f"refs/tags/v{number}",
        commit=secrets.token_hex(20),
    )


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def envelope(statement: object, *keys: Ed25519PrivateKey, kind: str = IN_TOTO, bare: bool = False):
    """Wrap a statement in an envelope of DSSE; *bare* signs the payload without its kind."""
    body = json.dumps(statement).encode()
    signed = body if bare else pae(kind, body)
    marks = [{"keyid": secrets.token_hex(4), "sig": as_text(key.sign(signed))} for key in keys]
    return {"payloadType": kind, "payload": as_text(body), "signatures": marks}


def as_text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def lay_out(folder: Path, release: Release, provenance: object) -> None:
    """Write one case: the wheel, and all that verify.py has to go by."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / release.name).write_bytes(release.wheel)
    (folder / "signer.pub").write_bytes(release.public())
    (folder / "expected.toml").write_text(release.expected())
    (folder / "provenance.json").write_text(json.dumps(provenance))


def cases() -> dict[str, tuple[Release, object]]:
    """Make some cases; think of more yourself."""
    release = made_up()
    honest = envelope(release.statement(), release.key)
    stranger = Ed25519PrivateKey.generate()
    return {
        "honest": (release, honest),
        "tampered": (replace(release, wheel=release.wheel + b"!"), honest),
        "unsigned": (release, honest | {"signatures": []}),
        "stranger": (release, envelope(release.statement(), stranger)),
    }


if __name__ == "__main__":
    for name, (release, provenance) in cases().items():
        lay_out(Path(sys.argv[1]) / name, release, provenance)
        print(f"{name}: python verify.py {release.name} provenance.json")
