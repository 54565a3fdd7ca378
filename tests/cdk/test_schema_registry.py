"""The schema registry: what is in it, and what a new version of a schema leaves alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from streaming_constructs.cdk import SchemaRegistry, StreamingPipeline
from streaming_constructs.spec import GlueSchemaRegistrySpec
from tests.cdk.kafka_systems import system

REGISTRY, SCHEMA, VERSION = (f"AWS::Glue::{name}" for name in ("Registry", "Schema", "SchemaVersion"))
ORDER = {
    "type": "record",
    "name": "order",
    "fields": [
        {"name": "id", "type": ["null", "long"], "default": None},
        {
            "name": "total",
            "type": ["null", {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}],
            "default": None,
        },
        {"name": "at", "type": ["null", {"type": "long", "logicalType": "timestamp-millis"}], "default": None},
    ],
}


def built(bench: Any, changes: dict[str, Any] | None = None) -> StreamingPipeline:
    return StreamingPipeline(bench.stack, "Pipeline", spec=system(changes))


def test_each_schema_has_its_definition_as_a_version(bench: Any) -> None:
    built(bench)
    registry, schema = bench.only_id(REGISTRY), bench.only_id(SCHEMA)
    assert bench.only(REGISTRY)["Name"] == "shop"
    assert bench.only(SCHEMA) == {
        "Compatibility": "BACKWARD",
        "DataFormat": "AVRO",
        "Name": "order",
        "Registry": {"Arn": {"Fn::GetAtt": [registry, "Arn"]}},
    }
    version = bench.only(VERSION)
    assert version["Schema"] == {"SchemaArn": {"Fn::GetAtt": [schema, "Arn"]}}
    assert json.loads(version["SchemaDefinition"]) == ORDER


def test_a_new_version_changes_the_version_alone_and_keeps_the_earlier(benches: Callable[..., Any]) -> None:
    before, after = benches(), benches()
    built(before)
    built(after, {"schemas.order": {"id": "bigint", "total": "decimal(12,2)", "at": "timestamp", "note": "string"}})
    assert before.of_type(SCHEMA) == after.of_type(SCHEMA)
    assert list(before.of_type(VERSION)) == list(after.of_type(VERSION))
    ((_, resource),) = after.of_type(VERSION).items()
    assert (resource["UpdateReplacePolicy"], resource["DeletionPolicy"]) == ("Retain", "Retain")
    assert [field["name"] for field in json.loads(resource["Properties"]["SchemaDefinition"])["fields"]][-1] == "note"


@pytest.mark.parametrize(("policy", "expected"), [("retain", "Retain"), ("destroy", "Delete")])
def test_registry_and_schemas_stay_unless_the_system_is_disposable(bench: Any, policy: str, expected: str) -> None:
    built(bench, {"removal_policy": policy})
    for resource_type in (REGISTRY, SCHEMA):
        (resource,) = bench.of_type(resource_type).values()
        assert resource["DeletionPolicy"] == expected
    (version,) = bench.of_type(VERSION).values()
    assert version["DeletionPolicy"] == "Retain"


def test_an_existing_registry_gets_the_schemas(bench: Any) -> None:
    arn = "arn:aws:glue:eu-west-1:111122223333:registry/company"
    pipeline = built(bench, {"schema_registry": {"kind": "glue", "arn": arn, "data_format": "json_schema"}})
    assert bench.of_type(REGISTRY) == {}
    assert bench.only(SCHEMA)["Registry"] == {"Arn": arn}
    assert bench.only(SCHEMA)["DataFormat"] == "JSON"
    assert pipeline.schema_registry is not None
    assert pipeline.schema_registry.arn == arn
    assert pipeline.schema_registry.registry_name == "company"


def test_a_system_without_one_has_none(bench: Any) -> None:
    pipeline = built(bench, {"schema_registry": None, "connectors.lake": None})
    assert pipeline.schema_registry is None
    assert bench.of_type(REGISTRY) == {}


def test_standing_alone_a_schema_is_written_as_types_by_column(bench: Any) -> None:
    SchemaRegistry(
        bench.stack, "Registry", spec=GlueSchemaRegistrySpec(), name="company", schemas={"order": {"id": "bigint"}}
    )
    fields = [{"name": "id", "type": ["null", "long"], "default": None}]
    assert json.loads(bench.only(VERSION)["SchemaDefinition"])["fields"] == fields
    assert bench.only(REGISTRY)["Name"] == "company"
