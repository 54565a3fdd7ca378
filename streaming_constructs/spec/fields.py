"""The fields of the language: what each takes, what is so without it, and every place that has it.

Read from the JSON Schema of the models, for `explain` and for the page of the language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from streaming_constructs.spec.examples import example_of, in_yaml
from streaming_constructs.spec.json_schema import json_schema
from streaming_constructs.spec.model import FORMS, SpecModel

Schema = Mapping[str, Any]
Named = Callable[[str], str]
"""How a model is written where a field takes it, by the model's name."""


@dataclass(frozen=True, slots=True)
class LanguageField:
    """A field, in all places where it is the same.

    Attributes:
        name: The field.
        places: Its paths, such as `consumers.NAME.on_failure`; with the kind behind it, where others of the place differ.
        meaning: What it is.
        takes: What it takes, in words.
        left_out: What is so without it; empty where it is required.
        example: A piece to paste; empty where its form says it all.
    """

    name: str
    places: tuple[str, ...]
    meaning: str
    takes: str
    left_out: str
    example: str


def language_fields() -> tuple[LanguageField, ...]:
    """Every field, in the order in which a reader of the language meets it; loads all models."""
    schema = json_schema()
    found: dict[tuple[str, str, str, str], LanguageField] = {}
    for path, name, model, owner in _places(schema, schema["$defs"]):
        value = owner["properties"][name]
        words = takes(value, lambda of: _members(schema["$defs"][of]))
        key = (name, meaning(value), words, left_out(name, owner))
        known = found.get(key)
        if known is None:
            found[key] = LanguageField(name, (path,), *key[1:], _example(name, model, owner))
        elif path not in known.places:
            found[key] = replace(known, places=(*known.places, path))
    return tuple(found.values())


def _places(schema: Schema, models: Schema) -> Iterator[tuple[str, str, str, Schema]]:
    """The path, the name, the model of every field and what describes it, as often as there are paths to it."""

    def below(
        part: Schema, path: str, within: tuple[str, ...], kind: str = ""
    ) -> Iterator[tuple[str, str, str, Schema]]:
        if "$ref" in part:
            model = part["$ref"].rpartition("/")[2]
            if model not in within and model in models:
                yield from below(models[model], path, (*within, model), kind and _kind(models[model]))
            return
        for name, value in part.get("properties", {}).items():
            inner = f"{path}.{name}" if path else name
            yield f"{inner} (kind: {kind})" if kind and name != "kind" else inner, name, within[-1], part
            yield from below(value, inner, within)
        for union in ("anyOf", "oneOf"):
            kinds = [member for member in part.get(union, ()) if "$ref" in member]
            for member in part.get(union, ()):
                yield from below(member, path, within, "one of several" if len(kinds) > 1 else "")
        if isinstance(part.get("items"), Mapping):
            yield from below(part["items"], f"{path}[]", within)
        for value in (*part.get("patternProperties", {}).values(), part.get("additionalProperties")):
            if isinstance(value, Mapping):
                yield from below(value, f"{path}.NAME", within)

    yield from below(schema, "", ("PipelineSpec",))


def _members(model: Schema) -> str:
    """A model by its kind, else by its fields."""
    kind = _kind(model)
    return f"{{kind: {kind}, …}}" if kind else f"{{{', '.join(model.get('properties', ()))}}}"


def _kind(model: Schema) -> str:
    return str(model.get("properties", {}).get("kind", {}).get("const", ""))


def _example(name: str, model: str, owner: Schema) -> str:
    """A piece that is valid in that place; a default is the best one."""
    value = owner["properties"][name]
    if value.get("default") not in (None, [], {}, "") and not isinstance(value["default"], dict):
        return f"{name}: {in_yaml(_without_empty(value['default']))}"
    numbers = [part for part in (value, *value.get("anyOf", ())) if part.get("type") in {"integer", "number"}]
    if numbers:
        return f"{name}: {in_yaml(numbers[0].get('minimum', 1) or 1)}"
    field = _models()[model].model_fields if model in _models() else {}
    annotation = next((info for key, info in field.items() if name in (key, info.validation_alias)), None)
    piece = example_of(annotation.rebuild_annotation(), name) if annotation is not None else None
    return "" if piece in (None, "NAME", ["NAME"], {}, [], {"NAME": "NAME"}) else f"{name}: {in_yaml(piece)}"


def _without_empty(value: Any) -> Any:
    """A default as people write it: what is empty in it is left out."""
    if isinstance(value, Mapping):
        return {key: _without_empty(inner) for key, inner in value.items() if inner not in (None, [], {})}
    return [_without_empty(inner) for inner in value] if isinstance(value, list) else value


def _models() -> dict[str, type[SpecModel]]:
    found: dict[str, type[SpecModel]] = {}
    waiting: list[type[SpecModel]] = [SpecModel]
    while waiting:
        model = waiting.pop()
        found[model.__name__] = model
        waiting += model.__subclasses__()
    return found


def meaning(value: Schema) -> str:
    """What a field is.

    Args:
        value: The part of the JSON Schema that describes it.
    """
    return str(value["description"]).partition(" Left out: ")[0]


def left_out(field: str, model: Schema) -> str:
    """What is so without a field; empty where it is required.

    Args:
        field: The field.
        model: The part of the JSON Schema that describes its model.
    """
    if field in model.get("required", ()):
        return ""
    return str(model["properties"][field]["description"]).partition(" Left out: ")[2].rstrip(".")


def takes(value: Schema, named: Named) -> str:
    """What a field takes, in words.

    Args:
        value: The part of the JSON Schema that describes it.
        named: How a model is written.
    """
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return "any value" if name == "JsonValue" else named(name)
    for union in ("anyOf", "oneOf"):
        if union in value:
            members = (takes(member, named) for member in value[union] if member.get("type") != "null")
            return " or ".join(dict.fromkeys(members))
    choices = [value["const"]] if "const" in value else value.get("enum", [])
    if choices:
        return ", ".join(f"`{choice}`" for choice in choices)
    kind = value.get("type")
    if kind == "array":
        most = f", {value['maxItems']} at most" if "maxItems" in value else ""
        return f"list of {takes(value['items'], named)}{most}"
    if kind == "object":
        return _mapping(value, named)
    return {"string": _text, "boolean": _boolean}.get(str(kind), _number)(value)


def _mapping(value: Schema, named: Named) -> str:
    inner = [*value.get("patternProperties", {}).values()]
    if isinstance(value.get("additionalProperties"), dict):
        inner.append(value["additionalProperties"])
    if not inner:
        return "mapping"
    told = inner[0].get("description", "").rstrip(".")
    return f"by name: {told[:1].lower() + told[1:] if told else takes(inner[0], named)}"


def _boolean(_: Schema) -> str:
    return "`true`, `false`"


def _text(value: Schema) -> str:
    if value.get("format") == "date-time":
        return "moment with its time zone"
    return FORMS.get(value.get("pattern", ""), "text")


def _number(value: Schema) -> str:
    kind = "whole number" if value["type"] == "integer" else "number"
    limits = [
        f"{sign} {value[key]:,g}" if isinstance(value[key], float) else f"{sign} {value[key]}"
        for key, sign in (("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"))
        if key in value
    ]
    return f"{kind} {', '.join(limits)}".strip()


def steps(path: str) -> tuple[str, ...]:
    """The fields of a path, without names of nodes and places in lists.

    Args:
        path: Such as `consumers.NAME.on_failure` or `consumers.fraud.filters[0]`.
    """
    return tuple(step for step in re.sub(r"\[\d*\]| .*", "", path).split(".") if step != "NAME")
