"""What CloudFormation's schemas of resource types say: what replaces a resource, which lists are sets, what is default.

They are read from cfn-lint, one file for each type that a template has, without cfn-lint itself.
Source: https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from streaming_constructs.review.comparing.template import Path as PropertyPath
from streaming_constructs.review.problem import ReviewError

_REGION = "us-east-1"
"""Whose schemas are read: it has all types, and what replaces a resource is the same everywhere."""


class Schema:
    """What a type's schema says.

    Args:
        data: The schema; empty for a type without one, of which nothing is known.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        self._sub_schemas: dict[PropertyPath, Mapping[str, Any]] = {}

    @property
    def is_known(self) -> bool:
        """Whether there is a schema."""
        return bool(self._data)

    @cached_property
    def create_only(self) -> tuple[tuple[str, ...], ...]:
        """The paths of properties whose change replaces the resource; `*` stands for each item of a list."""
        return self._paths("createOnlyProperties")

    @cached_property
    def conditional_create_only(self) -> tuple[tuple[str, ...], ...]:
        """The paths of properties some of whose changes replace the resource."""
        return self._paths("conditionalCreateOnlyProperties")

    @cached_property
    def names(self) -> tuple[tuple[str, ...], ...]:
        """The paths of properties that identify the resource."""
        return self._paths("primaryIdentifier")

    def _paths(self, key: str) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(path.removeprefix("/properties/").split("/")) for path in self._data.get(key, ()))

    def default(self, path: PropertyPath) -> Any:
        """What a property is where it is left out, or None where the schema does not say.

        Args:
            path: Its path.
        """
        return self._at(path).get("default")

    def is_set(self, path: PropertyPath) -> bool:
        """Whether the order of a list means nothing.

        Args:
            path: Its path.
        """
        found = self._at(path)
        return found.get("insertionOrder") is False or (
            found.get("uniqueItems") is True and "insertionOrder" not in found
        )

    def _at(self, path: PropertyPath) -> Mapping[str, Any]:
        if path not in self._sub_schemas:
            above = self._at(path[:-1]) if path else self._data
            self._sub_schemas[path] = self._step(above, path[-1]) if path else self._data
        return self._sub_schemas[path]

    def _step(self, schema: Mapping[str, Any], step: str | int) -> Mapping[str, Any]:
        items = schema.get("items")
        if isinstance(items, Mapping) and (isinstance(step, int) or "=" in step):
            return self._followed(items)
        properties = schema.get("properties")
        found = properties.get(step) if isinstance(properties, Mapping) else None
        if found is None:
            patterns = schema.get("patternProperties")
            found = next(iter(patterns.values()), None) if isinstance(patterns, Mapping) else None
        return self._followed(found) if isinstance(found, Mapping) else {}

    def _followed(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        for _ in range(10):
            reference = schema.get("$ref")
            if not isinstance(reference, str):
                break
            found: Any = self._data
            for step in reference.removeprefix("#/").split("/"):
                found = found.get(step, {}) if isinstance(found, Mapping) else {}
            # What is said beside a reference holds too, such as that the order means nothing.
            schema = {**found, **{key: value for key, value in schema.items() if key != "$ref"}}
        return schema


@cache
def schema_of(resource_type: str) -> Schema:
    """The schema of a type.

    Args:
        resource_type: The type, such as `AWS::Kinesis::Stream`.

    Raises:
        ReviewError: If cfn-lint is not installed.
    """
    file = _files().get(resource_type)
    if file is None:
        return Schema({})
    return Schema(json.loads((_folder() / "resources" / f"{file}.json").read_text(encoding="utf-8")))


@cache
def _files() -> Mapping[str, str]:
    files: Mapping[str, str] = json.loads((_folder() / "providers" / f"{_REGION}.json").read_text(encoding="utf-8"))
    return files


@cache
def _folder() -> Path:
    found = find_spec("cfnlint")
    if found is None or not found.submodule_search_locations:
        raise ReviewError(
            "REV905",
            "the schemas of CloudFormation's resource types are not installed",
            help="pip install 'streaming-constructs[review]'",
        )
    return Path(found.submodule_search_locations[0]) / "data" / "schemas"
