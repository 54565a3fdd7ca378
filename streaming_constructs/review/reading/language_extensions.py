"""Loops in templates, unrolled: `Fn::ForEach` of the transform `AWS::LanguageExtensions`.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_LOOP = "Fn::ForEach::"
_MOST_COPIES = 10_000
"""Copies of loops in one another that are unrolled: a template has 500 resources at most."""
_MOST_CHARACTERS = 4_000_000
"""Of all copies together, as JSON: a template has a million at most."""


def unrolled(template: Mapping[str, Any]) -> Mapping[str, Any]:
    """A template with a copy of each loop's body for each of its values.

    A loop over what is known at deployment only stays as it is.

    Args:
        template: The template, short forms written out.

    Raises:
        RecursionError: If that is far more than a template may have.
    """
    parameters = template.get("Parameters")
    found: Mapping[str, Any] = _Unroller(parameters if isinstance(parameters, Mapping) else {}).value(template)
    return found


def loops(value: Any) -> Iterator[str]:
    """The names of the loops in a template.

    Args:
        value: The template, or a part of it.
    """
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key.startswith(_LOOP):
                yield key.removeprefix(_LOOP)
            yield from loops(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from loops(inner)


class _Unroller:
    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self._parameters = parameters
        self._copies = self._characters = 0

    def value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.value(inner) for inner in value]
        if not isinstance(value, Mapping):
            return value
        found: dict[str, Any] = {}
        for key, inner in value.items():
            if key.startswith(_LOOP):
                copies = self._copied(inner)
                found.update({key: inner} if copies is None else copies)
            else:
                found[key] = self.value(inner)
        return found

    def _copied(self, loop: Any) -> dict[str, Any] | None:
        """The copies of a loop's body, or None where it cannot be unrolled."""
        match loop:
            case [str() as name, collection, Mapping() as body]:
                values = self._values(collection)
            case _:
                return None
        if values is None:
            return None
        found: dict[str, Any] = {}
        written = json.dumps(body)
        places = written.count("${" + name + "}") + written.count("&{" + name + "}") + written.count(f'"{name}"')
        for each in values:
            self._copies += 1
            self._characters += len(written) + places * len(each)
            if self._copies > _MOST_COPIES or self._characters > _MOST_CHARACTERS:
                raise RecursionError
            found.update(self.value(_filled(body, name, each)))
        return found

    def _values(self, collection: Any) -> list[str] | None:
        match collection:
            case list() as values if all(isinstance(each, (str, int, float)) for each in values):
                return [str(each) for each in values]
            case {"Ref": str() as name}:
                parameter = self._parameters.get(name)
                default = parameter.get("Default") if isinstance(parameter, Mapping) else None
                return [each.strip() for each in default.split(",")] if isinstance(default, str) else None
        return None


def _filled(value: Any, name: str, given: str) -> Any:
    """A body with the value of the loop in place of its name: `${Name}`, `&{Name}` without signs in keys, and `Ref`."""
    if isinstance(value, Mapping):
        if value == {"Ref": name}:
            return given
        return {_text(key, name, given): _filled(inner, name, given) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, name, given) for inner in value]
    return _text(value, name, given) if isinstance(value, str) else value


def _text(text: str, name: str, given: str) -> str:
    if "${" not in text and "&{" not in text:
        return text
    plain = re.sub(r"[^A-Za-z0-9]", "", given)
    return text.replace("${" + name + "}", given).replace("&{" + name + "}", plain)
