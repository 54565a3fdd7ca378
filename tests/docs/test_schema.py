"""The JSON Schema: every field is described, and specs that are fine are valid."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings

from streaming_constructs.kinds import NODE_SECTIONS
from streaming_constructs.spec.codes import every_code
from streaming_constructs.spec.codes.base import BASE
from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.json_schema import SCHEMA_FILE, file_schema, json_schema
from streaming_constructs.spec.model import FORMS
from streaming_constructs.spec.patterns import list_patterns
from tests.strategies import valid_specs

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).resolve().parents[2] / "docs"
SCHEMA = file_schema()
TYPES = {"string": str, "boolean": bool, "array": list, "object": dict, "null": type(None)}
LIMITS = {
    "minimum": lambda value, limit: value >= limit,
    "exclusiveMinimum": lambda value, limit: value > limit,
    "maximum": lambda value, limit: value <= limit,
    "minLength": lambda value, limit: len(value) >= limit,
    "maxLength": lambda value, limit: len(value) <= limit,
    "minItems": lambda value, limit: len(value) >= limit,
    "maxItems": lambda value, limit: len(value) <= limit,
    "minProperties": lambda value, limit: len(value) >= limit,
    "maxProperties": lambda value, limit: len(value) <= limit,
    "pattern": lambda value, limit: re.search(limit, value),
    "const": lambda value, limit: value == limit,
    "enum": lambda value, limit: value in limit,
}
KNOWN = {
    *LIMITS,
    *("$ref", "$schema", "$defs", "title", "description", "default", "examples", "format", "type"),
    *("if", "then", "not"),
    *(
        "anyOf",
        "oneOf",
        "items",
        "properties",
        "patternProperties",
        "additionalProperties",
        "propertyNames",
        "required",
    ),
}


def has_type(value: Any, name: str) -> bool:
    if name in ("integer", "number"):
        return isinstance(value, int if name == "integer" else (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def kind_of(arm: dict[str, Any]) -> str | None:
    """The kind that an arm of a union is the model of."""
    model = SCHEMA["$defs"].get(arm.get("$ref", "").removeprefix("#/$defs/"), {})
    kind: str | None = model.get("properties", {}).get("kind", {}).get("const")
    return kind


def problems(value: Any, schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """What JSON Schema says is wrong, for the keywords that are used here."""
    assert schema.keys() <= KNOWN, schema.keys() - KNOWN
    if "$ref" in schema:
        yield from problems(value, SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")], path)
    for union in ("anyOf", "oneOf"):
        arms = schema.get(union, ())
        fits = [not list(problems(value, arm, path)) for arm in arms]
        if fits and (not any(fits) if union == "anyOf" else fits.count(True) != 1):
            # As editors do: what says its kind is held against that kind alone.
            meant = [
                arm for arm in arms if isinstance(value, dict) and "kind" in value and value["kind"] == kind_of(arm)
            ]
            yield from problems(value, meant[0], path) if len(meant) == 1 else (f"{path}: {union}",)
    if "not" in schema and not list(problems(value, schema["not"], path)):
        yield f"{path}: not"
    if "if" in schema and not list(problems(value, schema["if"], path)):
        yield from problems(value, schema["then"], path)
    if "type" in schema and not has_type(value, schema["type"]):
        yield f"{path}: not of type {schema['type']}"
        return
    yield from (f"{path}: {key}" for key, holds in LIMITS.items() if key in schema and not holds(value, schema[key]))
    if isinstance(value, list):
        for position, item in enumerate(value):
            yield from problems(item, schema.get("items", {}), f"{path}[{position}]")
    if isinstance(value, dict):
        yield from _problems_of_object(value, schema, path)


def _problems_of_object(value: dict[str, Any], schema: dict[str, Any], path: str) -> Iterator[str]:
    yield from (f"{path}.{name}: missing" for name in schema.get("required", ()) if name not in value)
    for name, inner in value.items():
        parts = [part for pattern, part in schema.get("patternProperties", {}).items() if re.search(pattern, name)]
        parts += [schema["properties"][name]] if name in schema.get("properties", {}) else []
        if not parts and schema.get("additionalProperties") is False:
            yield f"{path}.{name}: unknown"
        elif not parts and isinstance(schema.get("additionalProperties"), dict):
            parts = [schema["additionalProperties"]]
        for part in parts:
            yield from problems(inner, part, f"{path}.{name}")
        yield from problems(name, schema.get("propertyNames", {}), f"{path}.{name}")


def fields() -> Iterator[tuple[str, str, dict[str, Any], bool]]:
    for model, part in {"PipelineSpec": SCHEMA, **SCHEMA["$defs"]}.items():
        for name, field in part.get("properties", {}).items():
            yield model, name, field, name in part.get("required", ())


def test_every_field_says_what_it_is_and_what_is_so_without_it() -> None:
    untold = []
    for model, name, field, required in fields():
        description = field["description"]
        enough = len(description) > 8 and description.endswith(".")
        if not (enough and (required or model.startswith("PartOf") or re.search(r"\. Left out: .+\.$", description))):
            untold.append(f"{model}.{name}: {description}")
    assert untold == []


def test_every_model_says_what_it_is() -> None:
    assert [name for name, part in SCHEMA["$defs"].items() if "properties" in part and not part["description"]] == []


CODES = every_code()


def specs() -> Iterator[tuple[str, str]]:
    """Files that are fine: of the patterns, the cookbook and the guide, and what puts right the example of each code."""
    yield "base", BASE
    yield from ((pattern.name, pattern.spec_path.read_text(encoding="utf-8")) for pattern in list_patterns())
    yield from ((path.name, path.read_text(encoding="utf-8")) for path in (DOCS / "cookbook").glob("*.yaml"))
    pieces = re.findall(
        r"^```yaml\n(.*?)^```$", (DOCS / "guide.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    yield from ((f"guide {position}", piece) for position, piece in enumerate(pieces))
    yield from ((f"mend of {name}", code.file(code.mend)) for name, code in CODES.items() if code.form == "fragment")


def test_specs_that_are_fine_are_valid() -> None:
    found = {name: list(problems(read_document(text, "pipeline.yaml").data, SCHEMA)) for name, text in specs()}
    assert {name: told for name, told in found.items() if told} == {}


@settings(
    max_examples=60, phases=[Phase.generate], derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(data=valid_specs())
def test_whatever_is_generated_is_valid(data: dict[str, Any]) -> None:
    assert list(problems(read_document(yaml.safe_dump(data), "pipeline.yaml").data, SCHEMA)) == []


@pytest.mark.parametrize("code", ["LNG201", "LNG202", "LNG203", "LNG204", "LNG205", "LNG206"])
def test_a_wrong_field_is_not_valid(code: str) -> None:
    assert list(problems(read_document(CODES[code].file(CODES[code].example), "pipeline.yaml").data, SCHEMA)) != []


@pytest.mark.parametrize(
    ("spec", "found"),
    [
        ("{environments: {dev: {tags: {a: b}}, prod: {}}, name: x}", []),
        ("{environments: {dev: null, eu-west_1: }, name: x}", []),
        ("{environments: {Dev: {}}, name: x}", [".environments.Dev: unknown"]),
        ("{environments: {dev: 5}, name: x}", [".environments.dev: anyOf"]),
        ("{environments: {dev: {streams: {a: null, b: {shards: 1, schema: null}}}}, name: x}", []),
        ("{environments: {dev: {streams: {a: {shard: 1}}}}, name: x}", [".environments.dev: anyOf"]),
        ("{environments: {dev: {streams: {a: {shards: 0}}}}, name: x}", [".environments.dev: anyOf"]),
        ("{environments: {dev: {consumers: {a: {on_failure: {retries: 1}}}}}, name: x}", []),
        ("{environments: {dev: {deliveries: {a: {to: {buffer_mb: 5}}}, producers: {b: {to: c}}}}, name: x}", []),
        ("{environments: {dev: {environments: {}}}, name: x}", [".environments.dev: anyOf"]),
        ("{defaults: {consumers: {memory_mb: 512}}, name: x}", []),
        ("{defaults: {consumers: {kind: lambda, from: a}}, consumers: {b: {code: c}}, name: x}", []),
        ("{defaults: {consumers: {on_failure: {retries: 1}}}, name: x}", []),
        ("{defaults: {consumers: {memory: 512}}, name: x}", [".defaults.consumers: anyOf"]),
        ("{defaults: {consumer: {}}, name: x}", [".defaults.consumer: unknown"]),
        ("{consumers: {b: {kind: lambda, code: c, on_failure: s3}}, name: x}", [".consumers.b.from: missing"]),
        # Whether `on_failure` is missing depends on what is read: no schema says so.
        ("{consumers: {b: {kind: lambda, from: a, code: c}}, name: x}", []),
        ("{name: x, streams: {Clicks: {kind: kinesis}}}", [".streams.Clicks: unknown"]),
        ("{name: x, streams: {clicks: {mode: on_demand}}}", [".streams.clicks: oneOf"]),
        ("{name: x, schemas: {click: {}}}", [".schemas.click: minProperties"]),
        ("{streams: {clicks: {kind: kinesis, mode: on_demand}}}", [".name: missing"]),
    ],
)
def test_what_a_file_has_beside_the_models(spec: str, found: list[str]) -> None:
    assert list(problems(read_document(spec, "pipeline.yaml").data, SCHEMA)) == found


def test_shorthands_and_their_long_forms_are_both_valid() -> None:
    for destination in ("s3", "{kind: s3, expire_after_days: 30}"):
        text = BASE.replace("destination: s3", f"destination: {destination}")
        assert list(problems(read_document(text, "pipeline.yaml").data, SCHEMA)) == []


def test_examples_of_parts_are_valid_and_complete() -> None:
    """Editors offer them, and helps paste them."""
    models = {name: part for name, part in json_schema()["$defs"].items() if "examples" in part}
    found = {name: [*problems(one, part)] for name, part in models.items() for one in part["examples"]}
    assert {name: told for name, told in found.items() if told} == {}
    sections = [json_schema()["properties"][section]["patternProperties"] for section in NODE_SECTIONS]
    named = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(sections)))
    assert named - set(models) == set()


def test_a_part_offers_every_field_of_its_model() -> None:
    whole, file = json_schema()["$defs"], SCHEMA["$defs"]
    parts = {name.removeprefix("PartOf"): part for name, part in file.items() if name.startswith("PartOf")}
    assert {"KinesisStreamSpec", "LambdaConsumerSpec", "DeliverySpec", "S3Destination", "OnFailure"} <= set(parts)
    for name, part in parts.items():
        assert list(part["properties"]) == list(whole[name]["properties"])
        described = {field: inner["description"] for field, inner in part["properties"].items()}
        assert described == {field: inner["description"] for field, inner in whole[name]["properties"].items()}
        assert "required" not in part


def test_the_head_names_the_draft_and_the_language() -> None:
    assert list(SCHEMA)[:3] == ["$schema", "title", "description"]
    assert "$id" not in SCHEMA
    assert list(SCHEMA["properties"])[-1] == "environments"
    assert "title" not in SCHEMA["$defs"]["KinesisStreamSpec"]["properties"]["retention_hours"]


def test_every_form_of_a_text_is_said_in_words_too() -> None:
    patterns = set(re.findall(r'"pattern": ("(?:[^"\\]|\\.)*")', SCHEMA_FILE.read_text()))
    assert len(patterns) > 10
    assert {json.loads(pattern) for pattern in patterns} <= set(FORMS)


def test_no_expression_repeats_what_it_does_not_name_hundreds_of_times() -> None:
    """To compile one takes longer than to check a small file: a length beside it says the same at once."""
    repeated = re.compile(r"(\[\^[^\]]*\]|\\[DSW]|(?<!\\)\.)\{\d*,?\d{3,}\}")
    assert [pattern for pattern in FORMS if repeated.search(pattern)] == []
