"""What changes mean: the registry of rules, each beside its service in `meanings`.

There are three kinds of rules: one that `means` a property is told its value before and after; one is told of a resource that
goes, comes, is replaced or renamed; and one looks at both templates as a whole. All yield `Meaning`s; how grave one is, and
what it is about, stands with its code in the catalogue, unless the situation decides.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.replacement import Replacement, covers
from streaming_constructs.review.comparing.template import Path, Resource, dotted_path
from streaming_constructs.review.grade import About, Grade

ANY = ""
"""In place of a type: of every type that has no rule of its own."""
MODULES = (
    "kinesis",
    "event_source_mapping",
    "event_source_failures",
    "queue_readers",
    "lambda_function",
    "lambda_asynchronous",
    "application_auto_scaling",
    "dynamodb",
    "queues_and_topics",
    "topics",
    "api_gateway",
    "api_gateway_domains",
    "api_gateway_stages",
    "api_gateway_documents",
    "firehose",
    "glue",
    "s3",
    "opensearch",
    "athena",
    "rds",
    "ecs",
    "msk",
    "msk_access",
    "msk_topic",
    "msk_replicator",
    "kafka_connect",
    "kafka_connect_settings",
    "flink",
    "flink_code",
    "alarms",
    "composite_alarms",
    "monitoring",
    "logs",
    "events",
    "pipes",
    "iam",
    "iam_trust",
    "kms",
    "security_groups",
    "network",
    "public_access",
    "own_access",
    "function_urls",
    "secrets",
    "any_resource",
    "template_sections",
    "template_size",
)
"""The modules of `meanings`: one for each service, or for what several have in common."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a rule has to say.

    Attributes:
        code: The code, such as `REV201`.
        message: What happens when this is deployed, in one line that stands alone; it names values, not the resource.
        help: What to do instead, or how to do it safely. Empty: nothing has to be done.
        grade: How grave it is. Left out: as the catalogue says.
        about: What it is about. Left out: as the catalogue says.
        path: Where in the resource, where it is not the property that the rule is about.
        resource: The resource, where it is not the one that the rule was told of.
    """

    code: str
    message: str
    help: str = ""
    grade: Grade | None = None
    about: About | None = None
    path: str = ""
    resource: Resource | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A property that is not what it was.

    Attributes:
        pair: Both templates.
        old_resource: The resource as it is.
        new_resource: The resource as it would be.
        path: Where the property stands; steps such as `Key=team` are items of a list.
        old: Its value; None where it was left out.
        new: Its value; None where it is left out.
    """

    pair: Pair
    old_resource: Resource
    new_resource: Resource
    path: Path
    old: Any
    new: Any

    @property
    def name(self) -> str:
        """The path as people write it."""
        return dotted_path(self.path)


Meanings = Iterable[Meaning]
PropertyRule = Callable[[Changed], Meanings]
ResourceRule = Callable[[Pair, Resource], Meanings]
ReplacementRule = Callable[[Pair, Replacement], Meanings]
RenameRule = Callable[[Pair, Resource, Resource], Meanings]
WholeRule = Callable[[Pair], Meanings]


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules.

    Attributes:
        properties: By type, and then by the path of a property, in which `*` stands for any item; what stands beside the
            properties begins with an `@`, as in `@DeletionPolicy`.
        removed: Of resources that go, by type.
        added: Of resources that come, by type.
        replaced: Of resources that a deployment replaces, by type.
        renamed: Of resources that have another logical id, by type.
        whole: Of both templates.
        unknown: The one rule for properties that no other rule is about.
    """

    properties: dict[str, dict[tuple[str, ...], PropertyRule]]
    removed: dict[str, ResourceRule]
    added: dict[str, ResourceRule]
    replaced: dict[str, ReplacementRule]
    renamed: dict[str, RenameRule]
    whole: list[WholeRule]
    unknown: list[PropertyRule]


_RULES = Rules({}, {}, {}, {}, {}, [], [])


def means(resource_type: str, *paths: str) -> Callable[[PropertyRule], PropertyRule]:
    """Registers a rule for properties, with all that is below them that has no rule of its own.

    It is called once for each property that differs. What it yields is all that is said of the difference: nothing, where it
    means nothing.

    Args:
        resource_type: The type, or `ANY`.
        paths: The properties, such as `StreamEncryption.KeyId`; `*` stands for an item of a list, or for any name.
    """

    def register(rule: PropertyRule) -> PropertyRule:
        for path in paths:
            _RULES.properties.setdefault(resource_type, {})[tuple(path.split("."))] = rule
        return rule

    return register


def when_removed(*resource_types: str) -> Callable[[ResourceRule], ResourceRule]:
    """Registers a rule for resources that are there no more, with no successor; it is all that is said of them.

    Args:
        resource_types: The types, or `ANY`.
    """
    return _registered_in(_RULES.removed, resource_types)


def when_added(*resource_types: str) -> Callable[[ResourceRule], ResourceRule]:
    """Registers a rule for resources that are new, with no predecessor; it is all that is said of them.

    Args:
        resource_types: The types, or `ANY`.
    """
    return _registered_in(_RULES.added, resource_types)


def when_replaced(*resource_types: str) -> Callable[[ReplacementRule], ReplacementRule]:
    """Registers a rule for resources that a deployment replaces; it is all that is said of that.

    Args:
        resource_types: The types, or `ANY`.
    """
    return _registered_in(_RULES.replaced, resource_types)


def when_renamed(*resource_types: str) -> Callable[[RenameRule], RenameRule]:
    """Registers a rule for resources whose logical id is another, told the old and the new one; it is all that is said of that.

    Args:
        resource_types: The types, or `ANY`.
    """
    return _registered_in(_RULES.renamed, resource_types)


_Rule = TypeVar("_Rule")


def _registered_in(table: dict[str, _Rule], resource_types: tuple[str, ...]) -> Callable[[_Rule], _Rule]:
    def register(rule: _Rule) -> _Rule:
        table.update(dict.fromkeys(resource_types, rule))
        return rule

    return register


def of_the_whole(rule: WholeRule) -> WholeRule:
    """Registers a rule that looks at both templates; each of its meanings names its resource."""
    _RULES.whole.append(rule)
    return rule


def of_the_unknown(rule: PropertyRule) -> PropertyRule:
    """Registers the rule for properties that no other rule is about."""
    _RULES.unknown[:] = [rule]
    return rule


@cache
def rules() -> Rules:
    """All rules; loads their modules."""
    for name in MODULES:
        importlib.import_module(f"streaming_constructs.review.meanings.{name}")
    return _RULES


def rule_of(table: Mapping[tuple[str, ...], PropertyRule], path: Path) -> tuple[PropertyRule | None, Path]:
    """The rule for a value, and the property that it is about: the most exact one.

    Args:
        table: The rules of a type.
        path: The path of the value.
    """
    fitting = [pattern for pattern in table if covers(pattern, path)]
    if not fitting:
        return None, path
    exact = max(fitting, key=lambda pattern: (len(pattern), -pattern.count("*")))
    return table[exact], path[: len(exact)]
