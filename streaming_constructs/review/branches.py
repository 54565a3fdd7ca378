"""The values of parameters that decide over a template: a change may be in the branch that is deployed elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.review.read_template import Source

MOST = 12
"""How many other values are looked at. There may be many of them; these are the ones that templates compare with."""


def branches(*sources: Source) -> Iterator[Mapping[str, Any]]:
    """Values of parameters beside their defaults, one parameter at a time, each of which decides over something.

    Args:
        sources: The templates.
    """
    told = 0
    for name, values in _deciding(sources).items():
        for value in values:
            if told == MOST:
                return
            told += 1
            yield {name: value}


def _deciding(sources: tuple[Source, ...]) -> Mapping[str, list[Any]]:
    """By parameter the values, other than its default, that a condition compares it with, or that a mapping has a row for."""
    found: dict[str, dict[str, Any]] = {}
    defaults: dict[str, Any] = {}
    for source in sources:
        parameters = source.data.get("Parameters")
        parameters = parameters if isinstance(parameters, Mapping) else {}
        for name, parameter in parameters.items():
            if isinstance(parameter, Mapping):
                defaults[name] = parameter.get("Default")
        mappings = source.data.get("Mappings")
        for name, value in [
            *_compared(source.data.get("Conditions")),
            *_looked_up(source.data, mappings if isinstance(mappings, Mapping) else {}),
        ]:
            if name in parameters:
                allowed = parameters[name].get("AllowedValues") if isinstance(parameters[name], Mapping) else None
                candidates = allowed if isinstance(allowed, list) else [value]
                found.setdefault(name, {}).update({str(each): each for each in candidates})
                # What is compared with one value is otherwise with any other.
                if allowed is None:
                    found[name].setdefault("other", "other")
    return {
        name: [value for text, value in values.items() if text != str(defaults.get(name))]
        for name, values in found.items()
    }


def _compared(conditions: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(conditions, Mapping):
        for name, value in conditions.items():
            if name == "Fn::Equals" and isinstance(value, list) and len(value) == 2:
                for one, other in (value, value[::-1]):
                    if (
                        isinstance(one, Mapping)
                        and isinstance(one.get("Ref"), str)
                        and isinstance(other, (str, int, float))
                    ):
                        yield one["Ref"], other
            yield from _compared(value)
    elif isinstance(conditions, list):
        for inner in conditions:
            yield from _compared(inner)


def _looked_up(value: Any, mappings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        if len(value) == 1 and "Fn::FindInMap" in value:
            match value["Fn::FindInMap"]:
                case [str() as table, {"Ref": str() as name}, *_] if isinstance(mappings.get(table), Mapping):
                    for row in mappings[table]:
                        yield name, row
        for inner in value.values():
            yield from _looked_up(inner, mappings)
    elif isinstance(value, list):
        for inner in value:
            yield from _looked_up(inner, mappings)
