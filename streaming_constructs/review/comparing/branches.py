"""The values of parameters that decide over a template: a change may be in the branch that is deployed elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.review.reading.read_template import Source

MOST = 12
"""How many other values are looked at. There may be many of them; these are the ones that templates compare with."""
REGION = "AWS::Region"
_ANY_REGION = "us-east-1"


def assumed(*sources: Source) -> Mapping[str, Any]:
    """What is taken for granted beside the defaults of parameters: a region, and of a parameter without a default the first of
    the values that it decides by.

    Args:
        sources: The templates.
    """
    values = _deciding(sources)
    defaults = _defaults(sources)
    return {
        REGION: _ANY_REGION,
        **{name: each[0] for name, each in values.items() if each and defaults.get(name) is None},
    }


def branches(*sources: Source) -> Iterator[Mapping[str, Any]]:
    """Values beside those that are assumed, one parameter at a time, each of which decides over something.

    Args:
        sources: The templates.
    """
    base, defaults, told = assumed(*sources), _defaults(sources), 0
    for name, values in _deciding(sources).items():
        for value in values:
            if str(value) not in (str(defaults.get(name)), str(base.get(name))):
                if told == MOST:
                    return
                told += 1
                yield {**base, name: value}


def _defaults(sources: tuple[Source, ...]) -> Mapping[str, Any]:
    return {
        name: parameter.get("Default")
        for source in sources
        for name, parameter in _mapping(source.data.get("Parameters")).items()
        if isinstance(parameter, Mapping)
    }


def _deciding(sources: tuple[Source, ...]) -> Mapping[str, list[Any]]:
    """By parameter the values that a condition compares it with, or that a mapping has a row for; the region by rows alone."""
    found: dict[str, dict[str, Any]] = {}
    for source in sources:
        parameters = _mapping(source.data.get("Parameters"))
        mappings = _mapping(source.data.get("Mappings"))
        looked_up = list(_looked_up(source.data, mappings)) if mappings else []
        by_rows = {name for name, _ in looked_up}
        for name, value in [*_compared(source.data.get("Conditions")), *looked_up]:
            if name == REGION and name in by_rows:
                found.setdefault(name, {})[str(value)] = value
            elif name in parameters:
                allowed = parameters[name].get("AllowedValues") if isinstance(parameters[name], Mapping) else None
                candidates = allowed if isinstance(allowed, list) else [value]
                found.setdefault(name, {}).update({str(each): each for each in candidates})
                # What is compared with one value is otherwise with any other; a mapping has no row for that.
                if allowed is None and name not in by_rows:
                    found[name].setdefault("other", "other")
    return {name: list(values.values()) for name, values in found.items()}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


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
