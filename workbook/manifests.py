"""Check Kubernetes manifests: what the API server refuses, and what it takes and never works.

`schemas` knows each object's fields, `pods` what a pod is made of, `relations` what objects say of
one another. None of them raises, whatever stands in a document.
"""

import copy
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain, islice
from typing import Any

import yaml
from yaml.constructor import ConstructorError

from workbook import relations
from workbook.intake import KEPT, compose, showable
from workbook.pods import Template, images, pod, pod_templates, restricted
from workbook.quantities import quantity
from workbook.schemas import Finding, against_schema, place
from workbook.submission import NotGradable, Submission
from workbook.values import DEPTH

__all__ = [
    "Finding", "Template", "deployment", "documents", "findings", "pod_templates", "quantity",
    "read", "restricted",
]  # fmt: skip
MOST = 200  # findings: nobody reads more


def read(submission: Submission, name: str) -> list[Any]:
    """Read the documents of the file *name* of a submission."""
    try:
        return documents(submission.read(name))
    except ValueError as error:
        raise NotGradable(f"{name}, {error}.") from None


def deployment(given: Iterable[Any]) -> Template:
    """Give the pods of the one Deployment among the documents *given*."""
    found = [each for each in pod_templates(given) if each.owner["kind"] == "Deployment"]
    if len(found) != 1:
        raise NotGradable(f"There are {len(found)} Deployments. Expected one.")
    return found[0]


def documents(text: str) -> list[Any]:
    """Read the documents of a YAML file as kubectl does; raises ValueError with what is wrong."""
    return copy.deepcopy(load(text))


@lru_cache(KEPT)
def load(text: str) -> list[Any]:
    """Read them once, for others to copy."""
    try:
        compose(text)
        found = [each for each in yaml.load_all(text, Loader) if each is not None]
        showable(found, DEPTH)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        foreign = isinstance(error, ConstructorError)  # its words are Python's, and change
        what = "a value that JSON does not have" if foreign else error.problem
        raise ValueError(f"line {line}: {what}") from None
    except (yaml.YAMLError, RecursionError, LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"this cannot be read: {type(error).__name__}") from None
    return found


class Loader(yaml.SafeLoader):
    """Reads YAML as Kubernetes does: a date is a string, and no key may stand twice."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own way
        first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            same = (key.tag, str(key.value))
            if same in seen:
                text = f"{key.value} stands twice in one mapping"
                raise yaml.MarkedYAMLError(problem=text, problem_mark=key.start_mark)
            seen.add(same)
        return super().construct_mapping(node, deep)


def findings(given: Iterable[Any], cluster: Iterable[Any] = ()) -> list[Finding]:
    """Give what is wrong with the documents *given*: what is refused, then what does not work.

    *cluster* holds objects that are there already: they may be referred to, and are not judged.
    """
    given = list(given)
    everything = [*given, *cluster]
    templates = pod_templates(given)
    placed = [(one, place(one, index)) for index, one in enumerate(given)]
    rules = (
        (against_schema(one, index) for index, one in enumerate(given)),
        (relations.names(one, where) for one, where in placed),
        [relations.twins(given)],
        (pod(each) for each in templates),
        (relations.selection(each) for each in templates),
        [relations.amounts(given)],
        (relations.reached(one, where, pod_templates(everything)) for one, where in placed),
        (relations.references(each, everything) for each in templates),
        [relations.scaled(given, everything)],
        (images(each) for each in templates),
    )
    found = chain.from_iterable(chain.from_iterable(rules))
    return list(islice(found, MOST))
