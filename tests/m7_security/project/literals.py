"""Look for secrets in what was handed in: in the code, in manifests, in the pipeline."""

import ast
import re

import pytest

from workbook.manifests import documents

NAMES = ("TIDE_API_KEY", "WARDEN_PASSWORD", "SESSION_KEY")
SECRET_NAME = re.compile(r"(?i)(^|_)(api_?key|(secret|session)(_key)?|password|passwd|token)$")
HANDED_OUT = re.compile(r"tide-live-[\w-]{4,}")


def in_code(submission):
    """Name the secrets in src: a text bound to a name like that, or what stands in for one."""
    for name in sorted(each for each in submission.files if each.startswith("src/")):
        text = submission.read(name)
        if HANDED_OUT.search(text):
            yield f"{name} holds a key that begins with tide-live"
        if not name.endswith(".py"):
            continue
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            pytest.fail(f"{name} is not Python.")
        for node in ast.walk(tree):
            for what, value in bound(node):
                if is_secret(what, value):
                    kind = (
                        "a default of" if isinstance(node, ast.Call | ast.BoolOp) else "a text as"
                    )
                    yield f"{name}, line {node.lineno}: {kind} {what}"


def bound(node):
    """Give names and the values that a node of the syntax tree binds to them."""
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from ((last_name(each), node.value) for each in targets)
    if isinstance(node, ast.Call):
        yield from ((each.arg, each.value) for each in node.keywords)
        if len(node.args) > 1:
            yield last_name(node.args[0]), node.args[1]
    if isinstance(node, ast.Dict):
        yield from (
            (last_name(key), value) for key, value in zip(node.keys, node.values, strict=True)
        )
    if isinstance(node, ast.BoolOp):
        yield from ((last_name(part), node.values[-1]) for call in node.values[:-1]
                    for part in ast.walk(call))  # fmt: skip


def last_name(node):
    """Give what a node is called: a name, an attribute, or the text that stands there."""
    if isinstance(node, ast.Subscript):
        node = node.slice
    named = getattr(node, "id", None) or getattr(node, "attr", None)
    return str(named or getattr(node, "value", "") if node else "")


def is_secret(name, value):
    text = value.value if isinstance(value, ast.Constant) else None
    if not (isinstance(text, str) and SECRET_NAME.search(name or "")):
        return False
    return (
        bool(re.fullmatch(r"\S{4,}", text))
        and not re.fullmatch(r"[A-Z][A-Z0-9_]+|/.*", text)
        and (text.lower() != name.lower())
    )


def in_configuration(submission):
    """Name the secrets in manifests, values and the pipeline."""
    for name in sorted(each for each in submission.files if each.endswith((".yaml", ".yml"))):
        text = submission.read(name)
        if HANDED_OUT.search(text):
            yield f"{name} holds a key that begins with tide-live"
        if "/templates/" in name:
            continue
        try:
            found = documents(text)
        except ValueError:
            pytest.fail(f"{name} is not plain YAML.")
        for each in found:
            if isinstance(each, dict) and each.get("kind") == "Secret":
                yield f"{name} holds a Secret"
            yield from (f"{name} holds {what}" for what in literal(each))


def literal(value, depth=0):
    """Name the settings of secrets that are literal texts."""
    if isinstance(value, list) and depth < 40:
        for each in value:
            yield from literal(each, depth + 1)
    if isinstance(value, dict) and depth < 40:
        pairs = [*value.items(), (value.get("name"), value.get("value"))]
        for key, part in pairs:
            plain = part.get("value") if isinstance(part, dict) else part
            if str(key).upper().replace("-", "_") in NAMES and re.match(r"[^$/]", str(plain or "")):
                yield str(key)
            else:
                yield from literal(part, depth + 1) if isinstance(part, dict | list) else ()
