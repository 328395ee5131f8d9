"""Hold Kubernetes' objects against one another: names, selectors, ports, references.

Each rule is one that no schema can have, with its source where it is not plain.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from workbook.pods import (
    LABEL,
    LABEL_VALUE,
    OWNERS,
    Template,
    is_subdomain,
    listens,
    pod_templates,
    ports,
)
from workbook.quantities import amount, resources
from workbook.schemas import Finding, mapping, parts, place, short


def names(document: Any, where: str) -> Iterator[Finding]:
    """https://kubernetes.io/docs/concepts/overview/working-with-objects/names/"""
    if not isinstance(document, dict):
        return
    meta = mapping(document, "metadata")
    name = meta.get("name")
    if name is None and "generateName" not in meta:
        yield Finding("missing-field", where, "metadata.name is missing")
    strict = document.get("kind") in ("Service", "Namespace")
    if isinstance(name, str) and not (LABEL.fullmatch(name) if strict else is_subdomain(name)):
        yield Finding(
            "bad-name",
            where,
            f"metadata.name: {short(name)} is no {'label' if strict else 'name'} of DNS",
        )
    if document.get("kind") in ("ConfigMap", "Secret"):
        for key in chain(
            *(mapping(document, part) for part in ("data", "binaryData", "stringData"))
        ):
            if isinstance(key, str) and not re.fullmatch(r"[-._a-zA-Z0-9]{1,253}", key):
                yield Finding(
                    "bad-name",
                    where,
                    f"the key {short(key)} holds more than letters, digits and -._",
                )
    if document.get("kind") == "Service":
        for index, port in parts(mapping(document, "spec"), "ports"):
            yield from ports(where, f"spec.ports[{index}]", port, ("port", "targetPort"))
            yield from ports(
                where, f"spec.ports[{index}]", port, ("nodePort",), range(30000, 32768)
            )


def twins(given: list[Any]) -> Iterator[Finding]:
    """Two objects of one kind and name are one object: the last document wins."""
    seen = set()
    for index, each in enumerate(given):
        key = (place(each, index), namespace(each))
        if key in seen:
            yield Finding("duplicate-name", key[0], "stands twice, and the last one wins")
        seen.add(key)


def selection(template: Template) -> Iterator[Finding]:
    """A workload selects its own pods: otherwise the API server refuses it."""
    kind, spec = template.owner.get("kind"), mapping(template.owner, "spec")
    for key, value in mapping(template.metadata, "labels").items():
        if isinstance(value, str) and not LABEL_VALUE.fullmatch(value):
            yield Finding(
                "bad-name",
                template.where,
                f"the label {short(key)}: {short(value)} is no value of a label",
            )
    if kind not in OWNERS:
        return
    chosen = spec.get("selector")
    if isinstance(chosen, dict) and not selects(chosen, mapping(template.metadata, "labels")):
        have = shown(mapping(template.metadata, "labels"))
        text = f"spec.selector asks for {asked(chosen)}, its own pods have {have}"
        yield Finding("selector-mismatch", template.where, text)
    elif isinstance(chosen, dict) and not (
        chosen.get("matchLabels") or chosen.get("matchExpressions")
    ):
        yield Finding("missing-field", template.where, "spec.selector asks for no label")
    elif "selector" in spec and chosen is None:
        yield Finding("missing-field", template.where, "spec.selector is missing")
    rolling = mapping(spec, "strategy", "rollingUpdate")
    if {"0", "0%"} >= {str(rolling.get(key, 1)) for key in ("maxSurge", "maxUnavailable")}:
        text = "spec.strategy.rollingUpdate: maxSurge and maxUnavailable cannot both be 0"
        yield Finding("bad-value", template.where, text)


def amounts(given: list[Any]) -> Iterator[Finding]:
    """https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"""
    for template in pod_templates(given):
        for path, container in template.containers():
            yield from resources(
                template.where, f"{path}.resources", mapping(container, "resources")
            )
    for index, each in enumerate(given):
        spec, where = mapping(each, "spec"), place(each, index)
        yield from resources(where, "spec.resources", mapping(spec, "resources"))
        yield from amount(where, "spec.hard", mapping(spec, "hard"))
        for number, limit in parts(spec, "limits"):
            for key in ("min", "max", "default", "defaultRequest"):
                yield from amount(where, f"spec.limits[{number}].{key}", mapping(limit, key))


def reached(document: Any, where: str, templates: list[Template]) -> Iterator[Finding]:
    """https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service"""
    kind, spec = (
        (document.get("kind"), mapping(document, "spec"))
        if isinstance(document, dict)
        else ("", {})
    )
    key = {
        "Service": "selector",
        "PodDisruptionBudget": "selector",
        "NetworkPolicy": "podSelector",
    }.get(str(kind))
    chosen = spec.get(key) if key else None
    if not isinstance(chosen, dict) or not chosen:
        return
    selector = {"matchLabels": chosen} if kind == "Service" else chosen
    here = [each for each in templates if namespace(each.owner) == namespace(document)]
    hit = [each for each in here if selects(selector, mapping(each.metadata, "labels"))]
    if not hit:
        yield Finding(
            "no-such-pods", where, f"spec.{key} asks for {asked(selector)}, and no pod has that"
        )
    for index, port in parts(spec, "ports") if kind == "Service" else ():
        target = port.get("targetPort", port.get("port"))
        for template in hit:
            if listens(target, [container for _, container in template.containers()]) is False:
                text = f"spec.ports[{index}]: {template.where} has no port {short(target)}"
                yield Finding("no-such-port", where, text)


def references(template: Template, there: list[Any]) -> Iterator[Finding]:
    """Look for the ConfigMaps, the Secrets and their keys that a pod cannot start without."""
    for path, source, kind, label, key in sources(template):
        name = source.get(label)
        if source.get("optional") is True or not isinstance(name, str):
            continue
        found = [each for each in there if isinstance(each, dict) and each.get("kind") == kind
                 and mapping(each, "metadata").get("name") == name
                 and namespace(each) == namespace(template.owner)]  # fmt: skip
        if not found:
            yield Finding(
                "no-such-object", template.where, f"{path}: there is no {kind} {short(name)}"
            )
        elif isinstance(key, str) and not any(
            key in mapping(each, part)
            for each in found
            for part in ("data", "stringData", "binaryData")
        ):
            yield Finding(
                "no-such-key",
                template.where,
                f"{path}: {kind} {short(name)} has no key {short(key)}",
            )


def sources(template: Template) -> Iterator[tuple[str, Mapping[str, Any], str, str, object]]:
    """Give each reference to a ConfigMap or Secret: path, itself, kind, where its name is, key."""
    for path, container in template.containers():
        for index, each in parts(container, "envFrom"):
            for field, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
                yield f"{path}.envFrom[{index}]", mapping(each, field), kind, "name", None
        for index, each in parts(container, "env"):
            for field, kind in (("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")):
                ref = mapping(each, "valueFrom", field)
                yield f"{path}.env[{index}]", ref, kind, "name", ref.get("key")
    for index, each in parts(template.spec, "volumes"):
        path = f"{template.path}.spec.volumes[{index}]".lstrip(".")
        for field, kind, label in (
            ("configMap", "ConfigMap", "name"),
            ("secret", "Secret", "secretName"),
        ):
            volume = mapping(each, field)
            items = [item.get("key") for _, item in parts(volume, "items")]
            for key in items or [None]:
                yield path, volume, kind, label, key


def scaled(given: list[Any], there: list[Any]) -> Iterator[Finding]:
    """An autoscaler names what it scales."""
    known = {place(each, index) for index, each in enumerate(there)}
    for index, each in enumerate(given):
        target = mapping(each, "spec", "scaleTargetRef")
        name = f"{short(target.get('kind'))}/{short(target.get('name'))}"
        if target and name not in known:
            text = f"spec.scaleTargetRef: there is no {name}"
            yield Finding("no-such-object", place(each, index), text)


def selects(selector: Mapping[str, Any], labels: Mapping[str, Any]) -> bool:
    """https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors"""
    wanted = mapping(selector, "matchLabels")
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    for _, each in parts(selector, "matchExpressions"):
        key, values = str(each.get("key")), each.get("values")
        values = values if isinstance(values, list) else []
        holds = {"In": key in labels and labels[key] in values,
                 "NotIn": key not in labels or labels[key] not in values,
                 "Exists": key in labels, "DoesNotExist": key not in labels}  # fmt: skip
        if not holds.get(str(each.get("operator")), False):
            return False
    return True


def asked(selector: Mapping[str, Any]) -> str:
    """Show what a selector asks for."""
    found = shown(mapping(selector, "matchLabels"))
    return found if not selector.get("matchExpressions") else f"{found} and its expressions"


def shown(labels: Mapping[str, Any]) -> str:
    return ", ".join(f"{short(key)}: {short(labels[key])}" for key in labels) or "no label"


def namespace(document: Any) -> str:
    """Give the namespace that an object is in."""
    found = mapping(document, "metadata").get("namespace")
    return found if isinstance(found, str) else "default"
