"""Tags are on everything that can take them, and on nothing that would be replaced for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from streaming_constructs import (
    KinesisStream,
    KinesisStreamSpec,
    LambdaConsumer,
    LambdaConsumerSpec,
    MskServerlessClusterSpec,
    OnFailure,
    PipelineSpec,
    Reader,
    ServerlessKafkaCluster,
    SqsOnFailure,
    StreamingPipeline,
)
from streaming_constructs.facts.replacement import CREATE_ONLY_PROPERTIES, REPLACED_BY_TAGS
from streaming_constructs.local.aws.resources import RESOURCE_TYPES

CONSUMER = "AWS::Kinesis::StreamConsumer"
SYSTEM = """
name: shop
tags: {team: growth}
schemas: {click: {page: string}}
streams:
  clicks: {kind: kinesis, schema: click, encryption: customer_managed, shards: 1}
consumers:
  fraud:
    kind: lambda
    from: clicks
    code: CODE
    enhanced_fan_out: true
    to: [told, direct]
    on_failure: {destination: s3}
deliveries:
  lake: {from: clicks, to: {kind: s3, format: parquet}}
  direct: {to: {kind: s3}}
  indexed: {from: clicks, to: {kind: opensearch, domain: search}}
stores: {search: {kind: opensearch}}
sns_topics: {told: {kind: sns}}
producers:
  services: {kind: cloudwatch_logs, to: clicks, log_groups: [/app], accept_from: {account_ids: ["444455556666"]}}
  hosts: {kind: kinesis_agent, to: direct, files: [{path: /var/log/app.log}]}
alarms: {notify: [{email: oncall@example.com}]}
dashboard: true
"""


def schema(resource_type: str) -> dict[str, Any]:
    found: dict[str, Any] = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", resource_type).schema
    return found


def is_replaced_by_tags(resource_type: str) -> bool:
    """Whether another tag would replace it, as the schema of its type says."""
    stated = schema(resource_type)
    tagging = stated.get("tagging", {})
    prop = tagging.get("tagProperty", "/properties/Tags").removeprefix("/properties/")
    if not tagging.get("taggable") or prop not in stated["properties"]:
        return False
    return not tagging.get("tagUpdatable", True) or f"/properties/{prop}" in stated.get("createOnlyProperties", ())


@pytest.mark.parametrize("resource_type", sorted(one for one in RESOURCE_TYPES if one.startswith("AWS::")))
def test_a_tag_never_keeps_a_resource_from_being_rehearsed(resource_type: str) -> None:
    stated = schema(resource_type)
    known = RESOURCE_TYPES[resource_type]
    prop = stated.get("tagging", {}).get("tagProperty", "/properties/Tags").removeprefix("/properties/")
    assert prop in known.takes | set(known.recorded) or prop not in stated["properties"]


@pytest.fixture
def spec(tmp_path: Path, code: str) -> PipelineSpec:
    file = tmp_path / "pipeline.yaml"
    file.write_text(SYSTEM.replace("CODE", code))
    return PipelineSpec.load(file)


def test_what_tags_replace_is_what_the_schemas_say() -> None:
    types = {one for one in (*RESOURCE_TYPES, *CREATE_ONLY_PROPERTIES) if one.startswith("AWS::")}
    assert CONSUMER in types
    assert tuple(one for one in sorted(types) if is_replaced_by_tags(one)) == REPLACED_BY_TAGS


def tags(resource: dict[str, Any]) -> Any:
    return resource.get("Properties", {}).get("Tags")


def test_tags_of_spec_stack_and_app_are_kept_off_what_they_would_replace(bench: Any, spec: PipelineSpec) -> None:
    StreamingPipeline(bench.stack, "Pipeline", spec=spec)
    cdk.Tags.of(bench.app).add("cost-centre", "c42")
    cdk.Tags.of(bench.stack).add("owner", "ada")
    resources = bench.template["Resources"].values()
    assert [one["Type"] for one in resources if is_replaced_by_tags(one["Type"])] == [CONSUMER]
    assert tags(next(one for one in resources if one["Type"] == CONSUMER)) is None
    (stream,) = bench.of_type("AWS::Kinesis::Stream").values()
    assert {one["Key"]: one["Value"] for one in tags(stream)} == {
        "cost-centre": "c42",
        "owner": "ada",
        "team": "growth",
    }


def test_tags_of_the_spec_are_on_everything_else_that_takes_them(bench: Any, spec: PipelineSpec) -> None:
    StreamingPipeline(bench.stack, "Pipeline", spec=spec)
    untagged = {
        one["Type"]
        for one in bench.template["Resources"].values()
        if "Tags" in schema(one["Type"])["properties"] and not tags(one)
    }
    assert untagged == {CONSUMER}


def test_a_serverless_cluster_takes_no_tags(bench: Any) -> None:
    ServerlessKafkaCluster(bench.stack, "Main", spec=MskServerlessClusterSpec())
    cdk.Tags.of(bench.app).add("cost-centre", "c42")
    assert "Tags" not in bench.only("AWS::MSK::ServerlessCluster")


def test_a_consumer_that_stands_alone_takes_no_tags_either(bench: Any, code: str) -> None:
    stream = KinesisStream(
        bench.stack, "clicks", spec=KinesisStreamSpec(shards=1), readers=[Reader("Fraud", "enhanced_fan_out")]
    )
    fan_out = LambdaConsumerSpec(
        from_="clicks", code=code, enhanced_fan_out=True, on_failure=OnFailure(destination=SqsOnFailure())
    )
    LambdaConsumer(bench.stack, "Fraud", spec=fan_out, source=stream)
    cdk.Tags.of(bench.app).add("cost-centre", "c42")
    assert set(bench.only(CONSUMER)) == {"ConsumerName", "StreamARN"}
