"""The JSON Schema of the language, with which editors complete and check a spec while it is written.

It knows fields, types, ranges and choices. What needs the whole graph, such as a name that refers to nothing, is for
`streaming-constructs validate` to say.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SCHEMA_FILE = Path(__file__).with_name("pipeline.schema.json")
"""The schema as it is committed and installed; reading it needs no pydantic."""

_ENVIRONMENTS = {
    "description": "The systems that the file describes, by names of your own, such as dev and prod; each is a stack. Under a "
    "name stands what differs in it: fields as above, merged into them by name; null takes one out. Left out: the file is one "
    "system.",
    "type": "object",
    "additionalProperties": {"anyOf": [{"type": "object"}, {"type": "null"}]},
}


def json_schema() -> dict[str, Any]:
    """The schema of a whole file, generated from the models."""
    from streaming_constructs.spec.environments import NAME
    from streaming_constructs.spec.pipeline import PipelineSpec

    environments = {**_ENVIRONMENTS, "propertyNames": {"pattern": f"^{NAME.pattern}$"}}
    schema = PipelineSpec.model_json_schema(by_alias=True, mode="validation")
    definitions = schema.pop("$defs")
    for part in (schema, *definitions.values()):
        _tidy(part)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "streaming_constructs pipeline",
        "description": schema.pop("description"),
        **schema,
        "properties": {**schema["properties"], "environments": environments},
        "$defs": definitions,
    }


def json_schema_text() -> str:
    """The schema as it is committed."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


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
