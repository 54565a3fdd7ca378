"""What a system keeps in its schema registry, and what of a change the registry would refuse."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.glue_types import ArrayType, GlueTypeNode, MapType, StructType, parse_type
from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.schema_registry import GlueSchemaRegistrySpec
from streaming_constructs.spec.schemas import RecordField
from streaming_constructs.spec.streams.kafka import KafkaTopicSpec
from streaming_constructs.spec.streams.kafka_encoding import encoding_of

Define = Callable[[str, Mapping[str, RecordField]], dict[str, Any]]
Problems = Callable[[Any, Any], Iterator[str]]


def _format(registry: GlueSchemaRegistrySpec) -> tuple[Define, Problems]:
    """How schemas are written in the format of a registry, and compared; loads that format alone."""
    if registry.data_format == "avro":
        from streaming_constructs.planning.schema_registry.avro import avro_definition, avro_problems

        return avro_definition, avro_problems
    from streaming_constructs.planning.schema_registry.json_schema import json_definition, json_problems

    return json_definition, json_problems


def definition(registry: GlueSchemaRegistrySpec, name: str, schema: Mapping[str, RecordField]) -> str:
    """The text of a schema as the registry keeps it.

    Args:
        registry: The registry, which says in which format.
        name: The name of the schema.
        schema: Its fields.
    """
    define, _ = _format(registry)
    return json.dumps(define(name, schema), separators=(",", ":"))


def incompatibilities(
    registry: GlueSchemaRegistrySpec,
    name: str,
    before: Mapping[str, RecordField],
    after: Mapping[str, RecordField],
) -> list[str]:
    """Why the registry refuses a schema after an earlier version of it; nothing where it takes it.

    Of the compatibilities with all versions, the earlier one alone is looked at.

    Args:
        registry: The registry, which says what has to be compatible.
        name: The name of the schema.
        before: The earlier version.
        after: That of now.
    """
    define, problems = _format(registry)
    old, new = define(name, before), define(name, after)
    if old == new:
        return []
    mode = registry.compatibility.removesuffix("_all")
    if mode == "disabled":
        return ["it takes no new version"]
    found = []
    if mode in {"backward", "full"}:
        found += [f"{problem}, of what was written before" for problem in problems(new, old)]
    if mode in {"forward", "full"}:
        found += [f"{problem}, by who still has the earlier version" for problem in problems(old, new)]
    return found


def registry_findings(spec: PipelineSpec) -> Iterator[Finding]:
    """Schemas that the registry of a system cannot have.

    Args:
        spec: The system.
    """
    registry = spec.schema_registry
    if registry is None:
        return
    if not spec.schemas and not _is_used(spec):
        yield Finding(
            "LNG404",
            "`schema_registry` has no effect here",
            ("schema_registry",),
            note="there are no `schemas` to register, and no topic whose values are encoded with it",
            help="add `schemas: {order: {order_id: string, amount: double}}`, or take it out",
            edits=(Edit(("schema_registry",)),),
        )
    for name, schema in spec.schemas.items():
        for key, field in schema.items():
            if _has_other_keys(parse_type(field.type)):
                yield Finding(
                    "SCH221",
                    f"keys of a map are texts in {'Avro' if registry.data_format == 'avro' else 'JSON'}",
                    ("schemas", name, key),
                    note=f"the type is `{field.type[:80]}`; the schema registry has no schema for it",
                    help=f"write `{key}: map<string,…>`, with keys as texts, or a list of structs",
                )


def _is_used(spec: PipelineSpec) -> bool:
    """Whether producers of topics use it, which register schemas of their own, such as a connector."""
    topics = {name: node for name, node in spec.streams.items() if isinstance(node, KafkaTopicSpec)}
    return any(encoding_of(name, topic, spec) == "registry" for name, topic in topics.items())


def _has_other_keys(node: GlueTypeNode) -> bool:
    match node:
        case ArrayType(element):
            return _has_other_keys(element)
        case MapType(key, value):
            return key.name != "string" or _has_other_keys(value)
        case StructType(members):
            return any(_has_other_keys(member) for _, member in members)
        case _:
            return False


def registry_changes(before: PipelineSpec, after: PipelineSpec) -> Iterator[Finding]:
    """What AWS refuses, or loses, of a change of the registry and its schemas.

    Args:
        before: The earlier version of the system.
        after: That of now.
    """
    was, now = before.schema_registry, after.schema_registry
    if was is None:
        return
    if now is None:
        yield Finding(
            "EVO974",
            "the schema registry is gone",
            ("schema_registry",),
            note="retained, it stays in the account; destroyed, clients cannot read what was written with its schemas",
            help="put it back: `schema_registry: glue`",
            level="error" if before.removal_policy == "destroy" and was.arn is None else "warning",
        )
        return
    names = [one.registry_name(_system(spec)) for one, spec in ((was, before), (now, after))]
    if names[0] != names[1]:
        yield Finding(
            "EVO973",
            f"the schema registry was `{names[0]}` and is `{names[1]}`",
            ("schema_registry",),
            note="the other one has none of the versions that records were written with, and clients look in it by its name",
            help=f"put it back: `schema_registry: {{kind: glue, name: {names[0]}}}`",
            edits=(Edit(("schema_registry", "name"), names[0]),),
        )
        return
    if was.data_format != now.data_format:
        yield Finding(
            "EVO971",
            f"the data format of the schemas was {was.data_format} and is {now.data_format}",
            ("schema_registry", "data_format"),
            note="a schema cannot change it, and another of the same name is refused while the first is there",
            help=f"put it back: `data_format: {was.data_format}`; or make a registry of another name",
            edits=(Edit(("schema_registry", "data_format"), was.data_format),),
        )
        return
    for name, schema in before.schemas.items():
        if name not in after.schemas:
            continue
        problems = incompatibilities(now, name, schema, after.schemas[name])
        if problems:
            yield Finding(
                "SCH220",
                f"the schema registry refuses this version of `{name}`",
                ("schemas", name),
                note=f"its compatibility is {now.compatibility}: {'; '.join(problems[:3])}",
                help="put back what was there, and add fields at the end",
            )


def _system(spec: PipelineSpec) -> str:
    return system_name(spec.name, spec.environment)


def system_name(name: str, environment: str) -> str:
    """How a system is called where its environments stand side by side.

    Args:
        name: Its name.
        environment: Which of its environments it is; empty where it has none.
    """
    return f"{name}-{environment}" if environment else name
