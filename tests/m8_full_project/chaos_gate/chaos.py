"""Ten faults and two clean commits, for the pipelines of learners to tell apart.

Names and values are new in each run, so that no gate can know a commit by its bytes.
"""

import secrets
from dataclasses import dataclass

NEXT = '''
def {name}(windows: Iterable[tuple[int, int]]) -> int:
    """Count the windows of a day."""
    return len(list(windows))
'''
LOCKED = "{name}==2.1.0 \\\n    --hash=sha256:{digest}\n"
LOOP = """\
    for opens, closes in windows:
        if minute >= opens and not minute >= closes:
            return True
    return False
"""
ASSERTS = '''\
"""What the signs promise."""

import causeway.signs


def test_{name}():
    assert callable(causeway.signs.show)
'''
MORE = """\
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}
data:
  SAFETY_MARGIN_MIN: "15"
"""


@dataclass(frozen=True)
class Fault:
    """A fault: of which kind, the stage whose evidence shows it first, what is done, and how."""

    kind: str
    stage: str
    what: str
    forms: tuple = ()  # of (file, text, instead)
    happens: str = ""  # on the way, and not in the commit: an option of play


def word():
    """Give a name that nobody has."""
    return f"tern_{secrets.token_hex(4)}"


def faults():
    """Give the ten."""
    key = f"tide-live-{secrets.token_hex(12)}"
    signs, windows, manifest = "src/causeway/signs.py", "src/causeway/windows.py", "deployment.yaml"
    safe = '    subprocess.run(["signctl", sign, text], check=True)\n'
    shell = f'    subprocess.run(f"signctl {{sign}} {{text}} {word()}", shell=True, check=True)\n'
    show = "def show(sign: str, text: str) -> None:"
    refers = """valueFrom:
                secretKeyRef:
                  name: causeway
                  key: tide-api-key"""
    label, service = "      labels:\n        app: causeway", "  selector:\n    app: causeway"
    return [
        Fault("code", "check", "a name that nobody defined, where no test goes",
              (((signs, safe, f'{safe}    if sign == "{word()}":\n        {word()}(text)\n'),),)),
        Fault("code", "check", "a text that goes through a shell",
              (((signs, safe, shell),),)),
        Fault("keys", "check", "a key in the code, and a key in the manifest",
              (((signs, show, f'{word().upper()} = "{key}"\n\n\n{show}'),),
               ((manifest, refers, f"value: {key}"),))),
        Fault("lock", "check", "a dependency that is not locked, and a bound above the lock",
              ((("pyproject.toml", "]\n\n", f', "{word()}>=2"]\n\n'),),
               (("pyproject.toml", "tidetable>=1.2", "tidetable>=1.3"),))),
        Fault("manifests", "check", "a Deployment, and then a Service, that selects no pod",
              (((manifest, label, f"{label}-{word()}"),),
               ((manifest, service, f"{service}-{word()}"),))),
        Fault("tests", "test", "a window that is still open when it closes",
              (((windows, "minute < closes", "minute <= closes"),),)),
        Fault("docs", "test", "an example in the documentation that is no longer true",
              ((("docs/usage.md", "880", "910"),),)),
        Fault("wheel", "build", "a wheel without its table",
              ((("pyproject.toml", ', "causeway/*.toml"', ""),),)),
        Fault("change", "verify", "a wheel that somebody changed after it was built",
              happens="changed"),
        Fault("rollout", "staging", "pods that never get ready", happens="stalls"),
    ]  # fmt: skip


def clean():
    """Give two commits without a fault: a release with a new dependency, and a tidying up."""
    name, digest = word(), secrets.token_hex(32)
    windows, head = "src/causeway/windows.py", '"""The signs at both ends of the causeway'
    release = (
        ("pyproject.toml", 'version = "1.4.0"', 'version = "1.5.0"'),
        ("pyproject.toml", '"PyYAML>=6.0"', f'"PyYAML>=6.0", "{name}>=2,<3"'),
        ("requirements.txt", "tzdata", LOCKED.format(name=name, digest=digest) + "tzdata"),
        (windows, "\n\ndef is_open", f"\n{NEXT.format(name=name)}\n\ndef is_open"),
        ("tests/test_signs.py", "", ASSERTS.format(name=name)),
    )
    tidy = (
        ("requirements.txt", "PyYAML", "pyyaml"),
        (windows, "    return any(opens <= minute < closes for opens, closes in windows)\n", LOOP),
        ("src/causeway/signs.py", head, f"{head}: {name}, and never shell=True"),
        ("docs/usage.md", "# Asking", "# Asking\n\nA key begins with tide-live-; yours is in the "
                                      f"Secret {name}."),
        ("deployment.yaml", "app: causeway\n", f"app: {name}\n"),
        ("deployment.yaml", f"      labels:\n        app: {name}",
         f"      labels:\n        tier: web\n        app: {name}"),
        ("deployment.yaml", "---\n", MORE.format(name=name) + "---\n"),
    )  # fmt: skip
    return {"a release with a new dependency": release, "a tidying up": tidy}


def after(files, commit):
    """Give *files* after a *commit*."""
    files = dict(files)
    for name, text, instead in commit:
        before = files.get(name, b"").decode()
        assert text in before, f"{name} has no {text!r}"
        files[name] = before.replace(text, instead).encode()
    return files
