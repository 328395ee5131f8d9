"""Ask helm for the objects of a learner's chart, and look into them: for graders.

What helm said is remembered as long as the files are the same: each check asks again, and to
render takes longer than all else.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest

from workbook.manifests import documents
from workbook.schemas import Finding, mapping, parts
from workbook.submission import Submission

Objects = list[dict[str, Any]]

IMAGE = "image=registry.example.com/causeway@sha256:" + "7" * 64
KEYS = ("TIDE_API_KEY", "WARDEN_PASSWORD", "SESSION_KEY")  # of the Secret
KEPT: dict[tuple[object, ...], tuple[int, str]] = {}


def render(box: Submission, name: str, *values: str) -> Objects:
    """Give the objects that come out for an environment; *values* are set beside its own."""
    words = [word for each in values for word in ("--set", each)]
    code, said = helm(box, "template", name, *words)
    what = " with " + " and ".join(values) if values else ""
    if code != 0:
        pytest.fail(f"helm template fails for {name}{what}.\n{errors(said)}")
    try:
        found = [each for each in documents(said) if isinstance(each, dict)]
    except ValueError as error:
        pytest.fail(f"{name}: what helm renders{what} is not plain YAML: {error}")
    made = [each for each in found if each.get("kind") == "Deployment"]
    if len(made) != 1:
        pytest.fail(f"{name}: {len(made)} Deployments come out, expected one.")
    return found


def helm(box: Submission, command: str, name: str, *words: str) -> tuple[int, str]:
    """Ask helm; give its exit code and what it said, from memory where the files are the same."""
    texts = tuple((box.path / file).read_text(encoding="utf-8") for file in box.files)
    key = (texts, command, name, words)
    if key not in KEPT:
        release = ["causeway"] if command == "template" else []
        done = box.run(
            "helm", command, *release, "chart", "-f", f"chart/values-{name}.yaml", *words
        )
        said = done.stdout if done.returncode == 0 else f"{done.stdout}\n{done.stderr}"
        KEPT[key] = (int(done.returncode), said)
    return KEPT[key]


def errors(said: str) -> str:
    """Give the lines in which helm says what is wrong."""
    lines = [line for line in said.splitlines() if re.match(r"\[(ERROR|WARNING)\]|Error", line)]
    return "\n".join(lines or said.splitlines())[:1500]


def spec(objects: Objects) -> Mapping[str, Any]:
    """Give the spec of the Deployment."""
    return mapping(next(each for each in objects if each.get("kind") == "Deployment"), "spec")


def template(objects: Objects) -> Any:
    return spec(objects).get("template")


def container(objects: Objects) -> Mapping[str, Any]:
    """Give the container that serves."""
    found = [part for _, part in parts(mapping(spec(objects), "template", "spec"), "containers")]
    return next(
        (each for each in found if each.get("name") == "causeway"), found[0] if found else {}
    )


def setting(objects: Objects, name: str) -> Any:
    """Give a variable of the container: its value, or the Secret and the key that it comes from.

    A variable with _FILE behind its name may name a file of a Secret instead.
    """
    made = {str(mapping(each, "metadata").get("name")): mapping(each, "data") for each in objects
            if each.get("kind") == "ConfigMap"}  # fmt: skip
    found = None
    for _, each in parts(container(objects), "envFrom"):
        config = made.get(str(mapping(each, "configMapRef").get("name")), {})
        secret = mapping(each, "secretRef").get("name")
        found = config.get(name, found)
        found = (f"Secret {secret}", name) if secret and name in KEYS else found
    for _, each in parts(container(objects), "env"):
        if each.get("name") == name:
            config, secret = (
                mapping(each, "valueFrom", f"{kind}KeyRef") for kind in ("configMap", "secret")
            )
            kept = made.get(str(config.get("name")), {}).get(str(config.get("key")))
            found = each.get("value", kept)
            found = (f"Secret {secret['name']}", secret.get("key")) if "name" in secret else found
        if each.get("name") == f"{name}_FILE" and found is None:
            found = mounted(objects, str(each.get("value")))
    return found


def mounted(objects: Objects, path: str) -> tuple[str, str] | None:
    """Give the Secret and the key that the container has as the file *path*; None for no such."""
    pod = mapping(spec(objects), "template", "spec")
    secrets = {str(part.get("name")): mapping(part, "secret") for _, part in parts(pod, "volumes")}
    for _, mount in parts(container(objects), "volumeMounts"):
        folder, _, file = path.rpartition("/")
        secret = secrets.get(str(mount.get("name")), {})
        if secret.get("secretName") and str(mount.get("mountPath")).rstrip("/") == folder:
            renamed = {
                str(item.get("path")): str(item.get("key")) for _, item in parts(secret, "items")
            }
            return f"Secret {secret['secretName']}", renamed.get(file, file)
    return None


def lacking(want: Any, have: Any, path: str = "") -> Iterator[str]:
    """Give the paths of what *want* has and *have* has not; parts of a list go by their names."""
    if isinstance(want, list) and isinstance(have, list):
        want, have = (
            {label(part, n): part for n, part in enumerate(each)} for each in (want, have)
        )
    if isinstance(want, dict) and isinstance(have, dict):
        for key, part in want.items():
            yield from lacking(part, have.get(key), f"{path}.{key}".lstrip("."))
    elif want != have and {str(want), str(have)} != {"http", "8000"}:  # a port and its name
        yield path


def label(part: Any, number: int) -> str | int:
    """Name a part of a list: an object by its kind, another by its name, the rest by its place."""
    names = [part.get(key) for key in ("kind", "name")] if isinstance(part, dict) else []
    return next((each for each in names if isinstance(each, str)), number)


def beyond(finding: Finding) -> bool:
    """Whether it is about what is not here: a Secret or a volume of the cluster, a kind added."""
    group = finding.message.partition("/")[0]
    added = "." in group and " " not in group and group != "networking.k8s.io"
    kept = finding.code == "no-such-object" and re.search(r"no Secret|volumes\[", finding.message)
    return bool(kept) or (finding.code == "unknown-kind" and added)


def told(values: object) -> str:
    return ", ".join(map(str, values)) if isinstance(values, tuple) else str(values)


def listed(names: Iterable[str]) -> str:
    names = list(names)
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
