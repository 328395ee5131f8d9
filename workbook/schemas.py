"""Hold Kubernetes' schemas against an object, strictly: a field that they do not know is refused.

They are those of Kubernetes 1.37, which the package kubernetes-validate carries. The page has a
part of them, which `extract` makes; the words are ours, and the same in both places.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

KINDS = {
    "v1": "ConfigMap LimitRange Namespace PersistentVolumeClaim Pod ResourceQuota Secret Service"
    " ServiceAccount",
    "apps/v1": "DaemonSet Deployment ReplicaSet StatefulSet",
    "autoscaling/v2": "HorizontalPodAutoscaler",
    "batch/v1": "CronJob Job",
    "networking.k8s.io/v1": "Ingress NetworkPolicy",
    "policy/v1": "PodDisruptionBudget",
    "rbac.authorization.k8s.io/v1": "Role RoleBinding",
}
PACKAGE = "kubernetes_validate"
SCHEMAS = "kubernetes-json-schema/v1.37.0-local-strict/_definitions.json"
KEYWORDS = ("type", "enum", "required", "items", "additionalProperties", "oneOf")


def is_number(value: object) -> bool:
    """Whether *value* is a finite number: true and false are none."""
    if isinstance(value, float):
        return abs(value) < float("inf")
    return isinstance(value, int) and not isinstance(value, bool)


TYPES: dict[str, tuple[str, Callable[[object], bool]]] = {
    "object": ("a mapping", lambda value: isinstance(value, dict)),
    "array": ("a list", lambda value: isinstance(value, list)),
    "string": ("a string", lambda value: isinstance(value, str)),
    "boolean": ("true or false", lambda value: isinstance(value, bool)),
    "integer": ("a whole number", lambda value: is_number(value) and value == value // 1),  # type: ignore[operator]
    "number": ("a number", is_number),
    "null": ("nothing", lambda value: value is None),
}


@dataclass(frozen=True)
class Finding:
    """Something wrong: its *code*, the object *where* it stands, and what was found there."""

    code: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


def against_schema(document: Any, index: int = 0) -> list[Finding]:
    """Give where *document* differs from the schema of its kind; what no schema knows differs."""
    where = place(document, index)
    if not isinstance(document, dict):
        return [Finding("wrong-type", where, f"the document is {what(document)}, not a mapping")]
    version, kind = document.get("apiVersion"), document.get("kind")
    absent = [key for key in ("apiVersion", "kind") if document.get(key) is None]
    if absent:
        return [Finding("missing-field", where, f"{key} is missing") for key in absent]
    known = schemas()
    name = next((name for name, schema in known.items() if [version, kind] == schema["is"]), None)
    if name is None:
        text = f"{short(version)} has no kind {short(kind)} that this course knows"
        return [Finding("unknown-kind", where, text)]
    misfits = misfits_of(document, {"$ref": name}, "", known)
    return [Finding(code, where, message) for code, message in misfits]


def misfits_of(
    value: Any, schema: Mapping[str, Any], path: str, known: Mapping[str, Any], name: str = ""
) -> Iterator[tuple[str, str]]:
    """Give each difference between *value* and *schema*: JSON Schema, as far as Kubernetes' go."""
    if "$ref" in schema:
        name = schema["$ref"]
        schema = known[name]
    if "oneOf" in schema:
        fitting = [each for each in schema["oneOf"] if not [*misfits_of(value, each, "", known)]]
        wanted = [each for option in schema["oneOf"] for each in option["type"]]
        if len(fitting) != 1:
            yield "wrong-type", f"{path} is {what(value)}, expected {expected(wanted)}"
        return
    wanted = schema.get("type", [])
    wanted = [wanted] if isinstance(wanted, str) else wanted
    if wanted and not any(TYPES[each][1](value) for each in wanted):
        yield (
            "wrong-type",
            f"{path or 'the document'} is {what(value)}, expected {expected(wanted)}",
        )
        return
    if "enum" in schema and value not in schema["enum"]:
        names = ", ".join(map(str, schema["enum"]))
        yield "bad-value", f"{path} is {short(value)}, expected one of {names}"
    if isinstance(value, dict):
        for key in schema.get("required", ()):
            if key not in value:
                yield "missing-field", f"{join(path, key)} is missing"
        for key, part in value.items():
            inner = schema.get("properties", {}).get(key, schema.get("additionalProperties", True))
            if inner is False:
                kind = name.rpartition(".")[2]
                yield "unknown-field", f"{join(path, key)} is no field of {kind}"
            elif inner is not True:
                yield from misfits_of(part, inner, join(path, key), known, name)
    elif isinstance(value, list) and "items" in schema:
        for index, part in enumerate(value):
            yield from misfits_of(part, schema["items"], f"{path}[{index}]", known, name)


@cache
def schemas() -> dict[str, Any]:
    """Give the schemas of the kinds taught, by name; *is* tells whose they are."""
    spec = find_spec(PACKAGE)
    folders = list((spec and spec.submodule_search_locations) or ())
    text = (Path(folders[0]) / SCHEMAS).read_text(encoding="utf-8")
    return extract(json.loads(text)["$defs"])


def extract(full: Mapping[str, Any]) -> dict[str, Any]:
    """Give the part of the definitions *full* that the kinds taught need: no descriptions."""
    kept: dict[str, Any] = {}

    def keep(schema: Any) -> Any:
        if isinstance(schema, list):
            return [keep(each) for each in schema]
        if not isinstance(schema, dict):
            return schema
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            if name not in kept:
                kept[name] = {}  # before its parts: a schema may hold itself
                kept[name] |= keep(full[name]) | {"is": identity(name, full[name])}
            return {"$ref": name}
        small = {key: keep(schema[key]) for key in KEYWORDS if key in schema}
        if "properties" in schema:
            inner = schema["properties"].items()
            small["properties"] = {key: keep(part) for key, part in inner}
        return small

    for name, schema in full.items():
        version, kind = identity(name, schema) or ("", "")
        if kind in KINDS.get(version, "").split():
            keep({"$ref": name})
    return kept


def identity(name: str, schema: Mapping[str, Any]) -> list[str] | None:
    """Give the apiVersion and kind of objects that *schema* describes, None for their parts."""
    if "is" in schema:  # extracted before
        found: list[str] | None = schema["is"]
        return found
    for each in schema.get("x-kubernetes-group-version-kind", ()):
        if name.endswith(f".{each['version']}.{each['kind']}"):
            return ["/".join(filter(None, (each["group"], each["version"]))), each["kind"]]
    return None


def place(document: Any, index: int) -> str:
    """Name an object as kubectl does, Deployment/causeway, or by its place in the file."""
    if not isinstance(document, dict):
        return f"document {index + 1}"
    kind, name = document.get("kind"), mapping(document, "metadata").get("name")
    if not isinstance(kind, str) or not isinstance(name, str):
        return (
            f"{short(kind)} in document {index + 1}"
            if isinstance(kind, str)
            else (f"document {index + 1}")
        )
    return f"{short(kind)}/{short(name)}"


def mapping(value: Any, *keys: str) -> Mapping[str, Any]:
    """Give the mapping at *keys* in *value*; an empty one where there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def parts(value: Any, key: str) -> list[tuple[int, Mapping[str, Any]]]:
    """Give the mappings in the list at *key*, with their places."""
    found = value.get(key) if isinstance(value, dict) else None
    found = found if isinstance(found, list) else []
    return [(index, part) for index, part in enumerate(found) if isinstance(part, dict)]


def join(path: str, key: object) -> str:
    return f"{path}.{short(key)}".lstrip(".")


def what(value: object) -> str:
    """Say of which type *value* is."""
    return next((name for name, fits in TYPES.values() if fits(value)), "no value of JSON")


def expected(types: Iterable[str]) -> str:
    return " or ".join(TYPES[each][0] for each in dict.fromkeys(types) if each != "null")


def short(value: object) -> str:
    """Show a value in a message; what holds others by its type alone."""
    text = str(value) if isinstance(value, str | int | float) else what(value)
    text = " ".join(text.split()) if text.strip() else "an empty string"
    return text if len(text) <= 60 else text[:59] + "…"
