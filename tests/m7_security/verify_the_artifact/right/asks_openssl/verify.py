"""Say whether a wheel is the one that was built, with the program openssl."""

import binascii
import hashlib
import json
import subprocess
import sys
import tempfile
import tomllib


def no(reason):
    print("refused:", reason)
    raise SystemExit(3)


with open("expected.toml", "rb") as file:
    want = tomllib.load(file)
try:
    with open(sys.argv[2]) as file:
        dsse = json.load(file)
    kind, body = dsse["payloadType"], binascii.a2b_base64(dsse["payload"])
    marks = [binascii.a2b_base64(each["sig"]) for each in dsse["signatures"]]
except (ValueError, KeyError, TypeError):
    no("this is no envelope")

with tempfile.TemporaryDirectory() as folder:
    pae = f"DSSEv1 {len(kind)} {kind} {len(body)} ".encode() + body
    with open(f"{folder}/pae", "wb") as file:
        file.write(pae)
    for mark in marks:
        with open(f"{folder}/sig", "wb") as file:
            file.write(mark)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "signer.pub", "-rawin"]
        command += ["-in", f"{folder}/pae", "-sigfile", f"{folder}/sig"]
        if subprocess.run(command, capture_output=True).returncode == 0:
            break
    else:
        no("nobody whom we know has signed it")

if kind != "application/vnd.in-toto+json":
    no("it is no statement")
match json.loads(body):
    case {
        "_type": "https://in-toto.io/Statement/v1",
        "predicateType": "https://slsa.dev/provenance/v1",
        "subject": [*subjects],
        "predicate": {
            "buildDefinition": {
                "externalParameters": {"workflow": {"repository": repository}},
                "resolvedDependencies": [{"uri": uri, "digest": {"gitCommit": commit}}, *_],
            },
            "runDetails": {"builder": {"id": builder}},
        },
    }:
        with open(sys.argv[1], "rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if not any(each["digest"].get("sha256") == digest for each in subjects):
            no("another file")
        if (builder, repository, commit) != (want["builder"], want["source"], want["commit"]):
            no("another build")
        if not uri.startswith(f"git+{want['source']}@"):
            no("another repository")
    case _:
        no("it is no provenance")
