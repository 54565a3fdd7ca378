"""The JSON Schema of the language, with which editors complete and check a spec while it is written.

It knows fields, types, ranges and choices. What needs the whole graph, such as a name that refers to nothing, is for
`streaming-constructs validate` to say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from streaming_constructs.kinds import NODE_SECTIONS

SCHEMA_FILE = Path(__file__).with_name("pipeline.schema.json")
"""The schema as it is committed and installed; reading it needs no pydantic."""

_NAME = "^[a-z][a-z0-9_-]{0,63}$"
_DEFAULTS = {
    "description": "What every node of a section has unless it says otherwise. Left out: nodes have what they say.",
    "type": "object",
}
_ENVIRONMENTS = {
    "description": "Environments, by names of your own, each with what differs in it: fields as above, merged by name; null "
    "takes a node or a field out. Each is a system and a stack of its own. Left out: the file describes one system.",
    "type": "object",
}


def json_schema() -> dict[str, Any]:
    """The schema of what the models say: each part as it is once defaults and differences are merged into it."""
    from streaming_constructs.spec.pipeline import PipelineSpec

    schema = PipelineSpec.model_json_schema(by_alias=True, mode="validation")
    definitions = schema.pop("$defs")
    for part in (schema, *definitions.values()):
        _tidy(part)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "streaming_constructs pipeline",
        "description": schema.pop("description"),
        **schema,
        "properties": {**schema["properties"], "defaults": _DEFAULTS, "environments": _ENVIRONMENTS},
        "$defs": definitions,
    }


def file_schema() -> dict[str, Any]:
    """The schema of a file, where `defaults` and `environments` say parts of nodes, which miss what is said elsewhere."""
    schema = json_schema()
    properties: dict[str, Any] = schema["properties"]
    sections = {name: properties[name] for name in NODE_SECTIONS}
    parts = {f"{_PART}{name}": _part(model) for name, model in schema["$defs"].items() if "properties" in model}
    lenient = {name: _part(section) for name, section in sections.items()}
    differences = {name: _part(field) for name, field in properties.items() if name != "environments"}
    differences["defaults"] = {**_DEFAULTS, **_mapping_of({name: _values(lenient[name]) for name in NODE_SECTIONS})}
    whole = {
        **schema,
        "properties": {
            **properties,
            **lenient,
            "defaults": differences["defaults"],
            "environments": {
                **_ENVIRONMENTS,
                "additionalProperties": False,
                "patternProperties": {_NAME: _or_null({"description": "What differs.", **_mapping_of(differences)})},
            },
        },
        # Without defaults a node says all that it has to say.
        "if": {"not": {"required": ["defaults"]}},
        "then": {"properties": {name: _bare(section) for name, section in sections.items()}},
        "$defs": {},
    }
    return {**whole, "$defs": _reached(whole, {**schema["$defs"], **parts})}


def _reached(part: Any, definitions: Mapping[str, Any]) -> dict[str, Any]:
    """The definitions that a schema refers to, over others too."""
    reached: dict[str, Any] = {}
    waiting = [part]
    while waiting:
        for name in re.findall(r'"#/\$defs/(\w+)"', json.dumps(waiting.pop())):
            if name not in reached:
                reached[name] = definitions[name]
                waiting.append(definitions[name])
    return {name: reached[name] for name in definitions if name in reached}


def json_schema_text() -> str:
    """The schema of a file as it is committed."""
    return json.dumps(file_schema(), indent=2, ensure_ascii=False) + "\n"


_PART = "PartOf"
"""How the name of a definition begins that describes some of a model's fields."""


def _part(schema: Any) -> Any:
    """A schema of what may miss anything: a default, or a difference, in which null takes a field out.

    Items of lists stay whole, as a list takes the place of the one before.
    """
    if "$ref" in schema and not schema["$ref"].endswith("/JsonValue"):
        return {**schema, "$ref": schema["$ref"].replace("#/$defs/", f"#/$defs/{_PART}")}
    result: dict[str, Any] = {}
    for key, value in schema.items():
        if key in {"anyOf", "oneOf"}:
            # Without its kind, a part may be one of several.
            result["anyOf"] = [_part(member) for member in value]
        elif key in {"properties", "patternProperties"}:
            result[key] = {name: _or_null(_part(inner)) for name, inner in value.items()}
        elif key not in {"required", "minProperties", "default", "examples"}:
            result[key] = value
    return result


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema that also takes null."""
    members = schema.get("anyOf", [{key: value for key, value in schema.items() if key != "description"}])
    told = {"description": schema["description"]} if "description" in schema else {}
    return {**told, "anyOf": [*members, *([] if {"type": "null"} in members else [{"type": "null"}])]}


def _mapping_of(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _or_null(field) for name, field in properties.items()},
    }


def _values(section: Mapping[str, Any]) -> dict[str, Any]:
    """What describes the nodes of a section, as one of its defaults."""
    (values,) = section["patternProperties"].values()
    return {"description": "What its nodes have unless they say otherwise. Left out: nothing.", **values}


def _bare(section: Mapping[str, Any]) -> dict[str, Any]:
    return {"patternProperties": section["patternProperties"]}


def _tidy(part: Any) -> None:
    """Takes out what says nothing, and closes what is closed."""
    if isinstance(part, list):
        for item in part:
            _tidy(item)
    if not isinstance(part, dict):
        return
    if isinstance(part.get("title"), str):
        del part["title"]  # pydantic's, made from the name of the field
    part.pop("discriminator", None)  # OpenAPI's; each choice says its kind itself
    if "default" in part and part["default"] is None:
        del part["default"]
    if "patternProperties" in part:
        part["additionalProperties"] = False
    if part.get("type") == "object" and "minLength" in part:
        part["minProperties"] = part.pop("minLength")
    for key, value in part.items():
        for inner in value.values() if key in {"properties", "patternProperties"} else [value]:
            _tidy(inner)
