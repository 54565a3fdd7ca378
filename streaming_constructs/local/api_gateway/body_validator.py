"""The validator of request bodies: a model's own JSON Schema of draft 4, and what is said about a body that it refuses.

The words are those of the validator that API Gateway is known to use; AWS promises none of them.
Source: https://github.com/java-json-tools/json-schema-validator (`validation.properties`), read 2026-11-28
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from jsonschema import Draft4Validator
from jsonschema.exceptions import ValidationError

_MOST_TOLD = 20
_TYPES = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
    type(None): "null",
}


def refusal(model: Mapping[str, Any], body: bytes) -> str:
    """What is wrong with a body; empty where nothing is.

    Args:
        model: The model.
        body: The body of a request.
    """
    try:
        value = read_json(body.decode())
    except (ValueError, RecursionError):
        return "[the body is no JSON]"
    found = list(Draft4Validator(dict(model)).iter_errors(value))
    return f"[{', '.join(_told(found)[:_MOST_TOLD])}]" if found else ""


def read_json(text: str) -> Any:
    """A value of JSON; `NaN` and `Infinity`, which Python reads as well, are none.

    Args:
        text: The text.

    Raises:
        ValueError: If it is no JSON.
    """
    return json.loads(text, parse_constant=_no_json)


def _no_json(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")


def _told(errors: Iterable[ValidationError]) -> list[str]:
    # One error for each property that is missing; the gateway tells those of an object together.
    told = dict[tuple[str, tuple[Any, ...]], str]()
    for error in errors:
        say = _WORDS.get(str(error.validator))
        told.setdefault((str(error.validator), tuple(error.absolute_path)), say(error) if say else error.message)
    return list(told.values())


def _names(names: Iterable[str]) -> str:
    return json.dumps(sorted(names), separators=(",", ":"))


def _required(error: ValidationError) -> str:
    return f"object has missing required properties ({_names(set(error.validator_value) - set(error.instance))})"


def _additional(error: ValidationError) -> str:
    unknown = set(error.instance) - set(error.schema.get("properties", {}))
    return f"object instance has properties which are not allowed by the schema: {_names(unknown)}"


def _type(error: ValidationError) -> str:
    allowed = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    is_a = _TYPES[type(error.instance)]
    return f"instance type ({is_a}) does not match any allowed primitive type (allowed: {_names(allowed)})"


def _length(what: str, least: str) -> Callable[[ValidationError], str]:
    return lambda error: (
        f"string {json.dumps(error.instance[:32])} is too {what} "
        f"(length: {len(error.instance)}, {least}: {error.validator_value})"
    )


def _items(what: str, how: str) -> Callable[[ValidationError], str]:
    return lambda error: (
        f"array is too {what}: must have at {how} {error.validator_value} elements "
        f"but instance has {len(error.instance)} elements"
    )


def _bound(what: str, bound: str) -> Callable[[ValidationError], str]:
    return lambda error: (
        f"numeric instance is {what} than the required {bound} ({bound}: {error.validator_value}, found: {error.instance})"
    )


_WORDS: dict[str, Callable[[ValidationError], str]] = {
    "required": _required,
    "additionalProperties": _additional,
    "type": _type,
    "minLength": _length("short", "required minimum"),
    "maxLength": _length("long", "maximum allowed"),
    "minItems": _items("short", "least"),
    "maxItems": _items("long", "most"),
    "minimum": _bound("lower", "minimum"),
    "maximum": _bound("greater", "maximum"),
}
