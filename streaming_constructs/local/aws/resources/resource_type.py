"""A CloudFormation resource type: how one is created, changed and deleted, and what `Ref` and `Fn::GetAtt` give."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from streaming_constructs.local.aws.api import Aws

Properties = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Created:
    """A resource that was created.

    Attributes:
        physical_id: What `Ref` gives.
        attributes: What `Fn::GetAtt` gives, by name.
    """

    physical_id: str
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResourceType:
    """One type of resource.

    A property that is in none of `takes` and `recorded` fails the deployment: nothing is passed over in silence.

    Attributes:
        type: CloudFormation's name of it.
        takes: The properties that have their effect here.
        create: Creates one: called with the API, a name that is free, and the properties.
        delete: Deletes one: called with the API, the physical id, and the properties.
        update: Changes one in place. Left out: a change creates a new one and deletes the old.
        name: The property that names it, or an empty string.
        name_characters: How long a name may be.
        create_only: The properties whose change replaces it all the same.
        recorded: The properties that are kept and shown, and have no effect here, each with the reason.
        record_only: Why nothing stands behind it here, if nothing does.
        why_record_only: The same of one resource, where that depends on its properties; empty: something stands behind it.
        part: What one resource is called among several of its owner. Left out: there is one.
    """

    type: str
    takes: frozenset[str]
    create: Callable[[Aws, str, Properties], Created]
    delete: Callable[[Aws, str, Properties], object]
    update: Callable[[Aws, str, Properties], object] | None = None
    name: str = ""
    name_characters: int = 255
    create_only: frozenset[str] = frozenset()
    recorded: Mapping[str, str] = field(default_factory=dict)
    record_only: str = ""
    why_record_only: Callable[[Properties], str] | None = None
    part: Callable[[Properties], str] = lambda _: ""


def document(value: Any) -> str:
    """A policy as the API takes it: JSON text, where a template has a mapping."""
    return value if isinstance(value, str) else json.dumps(value)


def given(properties: Properties, names: Iterable[str]) -> dict[str, Any]:
    """Those of the properties that are there."""
    return {name: properties[name] for name in names if properties.get(name) is not None}


def tag_map(properties: Properties) -> dict[str, str] | None:
    """A template's list of tags as the mapping that some operations take."""
    return {tag["Key"]: tag["Value"] for tag in properties.get("Tags", ())} or None


def arn(aws: Aws, service: str, resource: str, account_id: str, *, region: bool = True) -> str:
    """The ARN of a resource."""
    return f"arn:aws:{service}:{aws.region if region else ''}:{account_id}:{resource}"


def created_by(change: Callable[[Aws, str, Properties], object]) -> Callable[[Aws, str, Properties], Created]:
    """Creation by the call that changes as well, of what is known by the name that it is given.

    Args:
        change: That call.
    """

    def create(aws: Aws, name: str, properties: Properties) -> Created:
        change(aws, name, properties)
        return Created(name)

    return create


def nothing(aws: Aws, physical_id: str, properties: Properties) -> None:
    """Deletes nothing: what it changed goes with the resource that it changed."""
