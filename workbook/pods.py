"""Look into what pods are made of: names, ports, probes, quantities, images, privileges.

Each rule is one that the API server or a kubelet has and no schema, with its source.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workbook.schemas import Finding, is_number, mapping, parts, place, short

OWNERS = ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")  # whose pods always run
PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
LEAST = {"initialDelaySeconds": 0, "periodSeconds": 1, "timeoutSeconds": 1, "successThreshold": 1,
         "failureThreshold": 1}  # fmt: skip
LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
LABEL_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")

# What Pod Security Standards allow, https://kubernetes.io/docs/concepts/security/pod-security-standards/
VOLUMES = ("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim",
           "projected", "secret")  # fmt: skip
SECCOMP = ("RuntimeDefault", "Localhost")


@dataclass(frozen=True)
class Template:
    """What pods are made of: the *owner* that makes them, and their metadata and spec.

    *where* names the owner, *path* the place of the metadata and the spec in it.
    """

    where: str
    path: str
    owner: Mapping[str, Any]
    metadata: Mapping[str, Any]
    spec: Mapping[str, Any]

    def containers(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Give each container with its path, those that prepare the others first."""
        spec = f"{self.path}.spec".lstrip(".")
        return [
            (f"{spec}.{kind}[{index}]", container)
            for kind in ("initContainers", "containers")
            for index, container in parts(self.spec, kind)
        ]


def pod_templates(given: Iterable[Any]) -> list[Template]:
    """Find what pods are made of, in each document that makes any."""
    found = []
    for index, each in enumerate(given):
        if not isinstance(each, dict) or not isinstance(each.get("kind"), str):
            continue
        kind, path = each["kind"], "spec.template"
        if kind == "Pod":
            path = ""
        elif kind == "CronJob":
            path = "spec.jobTemplate.spec.template"
        elif kind not in ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job"):
            continue
        template = mapping(each, *path.split(".")) if path else each
        meta, spec = mapping(template, "metadata"), mapping(template, "spec")
        found.append(Template(place(each, index), path, each, meta, spec))
    return found


def pod(template: Template) -> Iterator[Finding]:
    """Look at what a pod's parts say of one another."""
    where, spec = template.where, f"{template.path}.spec".lstrip(".")
    volumes = [part.get("name") for _, part in parts(template.spec, "volumes")]
    everything = template.containers()
    if not any(f"{spec}.containers" in path for path, _ in everything):
        yield Finding("missing-field", where, f"{spec}.containers has no container")
    yield from repeated(where, f"{spec}.volumes", volumes)
    yield from repeated(where, f"{spec}.containers", [each.get("name") for _, each in everything])
    always = mapping(template.owner).get("kind") in OWNERS
    if always and template.spec.get("restartPolicy", "Always") != "Always":
        yield Finding("bad-value", where, f"{spec}.restartPolicy can only be Always here")
    for path, container in everything:
        name = container.get("name")
        if isinstance(name, str) and not LABEL.fullmatch(name):
            yield Finding("bad-name", where, f"{path}.name: {short(name)} is no label of DNS")
        listed = [port for _, port in parts(container, "ports")]
        yield from repeated(where, f"{path}.ports", [port.get("name") for port in listed])
        yield from repeated(
            where, f"{path}.env", [each.get("name") for _, each in parts(container, "env")]
        )
        for index, port in enumerate(listed):
            yield from ports(where, f"{path}.ports[{index}]", port, ("containerPort", "hostPort"))
            if isinstance(port.get("name"), str) and not is_port_name(port["name"]):
                yield Finding(
                    "bad-name",
                    where,
                    f"{path}.ports[{index}].name: {short(port['name'])} is no name of a port",
                )
        for index, mount in parts(container, "volumeMounts"):
            if mount.get("name") not in volumes:
                text = (
                    f"{path}.volumeMounts[{index}]: there is no volume {short(mount.get('name'))}"
                )
                yield Finding("no-such-volume", where, text)
        for kind in PROBES:
            if isinstance(container.get(kind), dict):
                yield from probe(where, f"{path}.{kind}", kind, container[kind], container)


def probe(
    where: str, path: str, kind: str, given: Mapping[str, Any], container: Mapping[str, Any]
) -> Iterator[Finding]:
    """https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/"""
    handlers = [
        key for key in ("exec", "grpc", "httpGet", "tcpSocket") if given.get(key) is not None
    ]
    if len(handlers) != 1:
        yield Finding("bad-value", where, f"{path} asks in {len(handlers)} ways, expected one")
    for key, least in (("periodSeconds", 1), ("timeoutSeconds", 1), ("failureThreshold", 1),
                       ("successThreshold", 1), ("initialDelaySeconds", 0)):  # fmt: skip
        if is_number(given.get(key)) and given[key] < least:
            yield Finding(
                "bad-value", where, f"{path}.{key} is {short(given[key])}, expected {least} or more"
            )
    if (
        kind != "readinessProbe"
        and is_number(given.get("successThreshold"))
        and given["successThreshold"] > 1
    ):
        yield Finding("bad-value", where, f"{path}.successThreshold can only be 1")
    for handler in handlers:
        target = mapping(given, handler)
        yield from ports(where, f"{path}.{handler}", target, ("port",))
        if target.get("port") is not None and listens(target["port"], [container]) is False:
            yield Finding(
                "no-such-port",
                where,
                f"{path}.{handler}.port: no port {short(target['port'])} in this container",
            )


def images(template: Template) -> Iterator[Finding]:
    """https://kubernetes.io/docs/concepts/containers/images/#image-names"""
    for path, container in template.containers():
        image = container.get("image")
        if not isinstance(image, str):
            yield from (
                []
                if image
                else [Finding("missing-field", template.where, f"{path}.image is missing")]
            )
            continue
        tagged, at, digest = image.partition("@")
        _, _, tag = tagged.rpartition("/")[2].partition(":")
        if not re.fullmatch(r"[\w./:-]+", tagged) or (at and not DIGEST.fullmatch(digest)):
            yield Finding(
                "bad-image", template.where, f"{path}.image: {short(image)} is no name of an image"
            )
        elif not at and tag in ("", "latest"):
            yield Finding(
                "image-latest",
                template.where,
                f"{path}.image: {short(image)} is whatever was pushed last",
            )
        elif not at:
            yield Finding(
                "image-no-digest",
                template.where,
                f"{path}.image: {short(image)} has no digest, and a tag can move",
            )


def restricted(template: Template) -> Iterator[Finding]:
    """Hold a pod against the profile *restricted* of the Pod Security Standards."""
    spec, inherited = template.spec, mapping(template.spec, "securityContext")
    path = f"{template.path}.spec".lstrip(".")

    def refuse(where: str, text: str) -> Finding:
        return Finding("not-restricted", template.where, f"{where}{text}")

    for key in ("hostNetwork", "hostPID", "hostIPC"):
        if spec.get(key):
            yield refuse(path, f".{key} is set")
    for index, volume in parts(spec, "volumes"):
        for kind in [key for key in volume if key not in ("name", *VOLUMES)]:
            yield refuse(path, f".volumes[{index}] is of the type {short(kind)}")
    for where, container in template.containers():
        own = mapping(container, "securityContext")
        abilities = mapping(own, "capabilities")
        profile = mapping({**inherited, **own}, "seccompProfile").get("type")
        user = own.get("runAsUser", inherited.get("runAsUser"))
        added = abilities.get("add") or []
        if own.get("privileged"):
            yield refuse(where, " is privileged")
        if own.get("allowPrivilegeEscalation") is not False:
            yield refuse(where, " may gain privileges: allowPrivilegeEscalation is not false")
        if own.get("runAsNonRoot", inherited.get("runAsNonRoot")) is not True:
            yield refuse(where, " may run as root: runAsNonRoot is not true")
        if is_number(user) and user == 0:
            yield refuse(where, " runs as root: runAsUser is 0")
        dropped = abilities.get("drop")
        if not isinstance(dropped, list) or "ALL" not in dropped:
            yield refuse(where, " keeps capabilities: it does not drop ALL")
        if not isinstance(added, list) or [each for each in added if each != "NET_BIND_SERVICE"]:
            yield refuse(where, " adds capabilities")
        if profile not in SECCOMP:
            yield refuse(where, " has no seccompProfile of RuntimeDefault or Localhost")
        for _, port in parts(container, "ports"):
            if port.get("hostPort"):
                yield refuse(where, " takes a port of its node")


def ports(
    where: str, path: str, given: Mapping[str, Any], keys: Iterable[str],
    allowed: range = range(1, 65536),
) -> Iterator[Finding]:  # fmt: skip
    """Look at ports by number, and at those by name."""
    for key in keys:
        port = given.get(key)
        if is_number(port) and port not in allowed:
            text = f"{path}.{key}: {short(port)} is not in {allowed[0]} to {allowed[-1]}"
            yield Finding("bad-port", where, text)
        elif isinstance(port, str) and not is_port_name(port):
            yield Finding("bad-port", where, f"{path}.{key}: {short(port)} is no name of a port")


def is_port_name(name: str) -> bool:
    """https://www.rfc-editor.org/rfc/rfc6335#section-5.1"""
    bare = re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name[:16])
    return bool(bare) and len(name) <= 15 and re.search("[a-z]", name) is not None


def listens(port: object, containers: Iterable[Mapping[str, Any]]) -> bool | None:
    """Whether a container declares *port*, a number or a name; None where none declares any.

    A container may listen on a port that it does not declare; a name must be declared.
    """
    declared = [each for container in containers for _, each in parts(container, "ports")]
    if isinstance(port, str):
        return port in [each.get("name") for each in declared]
    return port in [each.get("containerPort") for each in declared] if declared else None


def repeated(where: str, path: str, names: Iterable[object]) -> Iterator[Finding]:
    """Find names that stand twice in a list."""
    known = [name for name in names if isinstance(name, str)]
    for name in dict.fromkeys(name for name in known if known.count(name) > 1):
        yield Finding("duplicate-name", where, f"{path}: the name {short(name)} stands twice")


def is_subdomain(name: str) -> bool:
    """Whether *name* is made of labels of DNS, as most objects' names are."""
    return len(name) <= 253 and all(LABEL.fullmatch(part) for part in name.split("."))
