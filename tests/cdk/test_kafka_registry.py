"""A topic whose values are encoded with the schema registry: what readers and writers are told, and what they may."""

from __future__ import annotations

from typing import Any

import cdk_nag
import pytest

from streaming_constructs import PipelineSpec, SpecError, StreamingPipeline
from streaming_constructs.cdk import KafkaCluster, KafkaTopic, LambdaConsumer, SchemaRegistry
from streaming_constructs.spec import (
    GlueSchemaRegistrySpec,
    KafkaTopicSpec,
    LambdaConsumerSpec,
    MskClusterSpec,
    OnFailure,
    S3OnFailure,
)
from tests.cdk.kafka_systems import system as kafka_system
from tests.cdk.test_connector import allowed, of_node

MAPPING = "AWS::Lambda::EventSourceMapping"
CLUSTER_ARN = "arn:aws:kafka:eu-west-1:111122223333:cluster/main/1234abcd-12ab-34cd-56ef-1234567890ab-1"
REGISTRY_ARN = "arn:aws:glue:eu-west-1:111122223333:registry/company"


def system(code: str, **consumer: Any) -> PipelineSpec:
    data = {
        "name": "shop",
        "alarms": {"notify": ["oncall@example.com"]},
        "schema_registry": {"kind": "glue", "arn": REGISTRY_ARN},
        "schemas": {"order": {"id": "bigint"}},
        "clusters": {"main": {"kind": "msk", "arn": CLUSTER_ARN}},
        "streams": {
            "orders": {"kind": "kafka", "cluster": "main", "partitions": 6},
            "refunds": {"kind": "kafka", "cluster": "main", "partitions": 6},
        },
        "consumers": {"fraud": {"kind": "lambda", "from": "orders", "code": code, "on_failure": "s3", **consumer}},
    }
    return PipelineSpec.model_validate(data)


@pytest.mark.parametrize(("given", "expected"), [({}, "JSON"), ({"event_record_format": "source"}, "SOURCE")])
def test_lambda_decodes_values_with_the_registry(bench: Any, code: str, given: Any, expected: str) -> None:
    StreamingPipeline(bench.stack, "Shop", spec=system(code, consumer_group="fraud", **given))
    assert bench.only(MAPPING)["AmazonManagedKafkaEventSourceConfig"] == {
        "ConsumerGroupId": "fraud",
        "SchemaRegistryConfig": {
            "SchemaRegistryURI": REGISTRY_ARN,
            "EventRecordFormat": expected,
            "SchemaValidationConfigs": [{"Attribute": "VALUE"}],
        },
    }


def test_its_role_may_look_into_the_registry_and_ask_for_versions(bench: Any, code: str) -> None:
    StreamingPipeline(bench.stack, "Shop", spec=system(code))
    assert bench.allowed_on(REGISTRY_ARN) == {"glue:GetRegistry"}
    assert "glue:GetSchemaVersion" in bench.allowed_on("*")


def test_a_function_that_writes_may_look_schemas_up_and_registers_none(bench: Any, code: str) -> None:
    spec = system(code, to=["refunds"])
    StreamingPipeline(bench.stack, "Shop", spec=spec)
    assert bench.allowed_on(REGISTRY_ARN) == {"glue:GetRegistry", "glue:GetSchemaByDefinition"}
    actions = {action for one in bench.statements() for action in _listed(one["Action"]) if action.startswith("glue:")}
    assert actions == {"glue:GetRegistry", "glue:GetSchemaByDefinition", "glue:GetSchemaVersion"}


def test_nag_finds_nothing_that_is_not_acknowledged(bench: Any, code: str) -> None:
    pipeline = StreamingPipeline(bench.stack, "Shop", spec=system(code, to=["refunds"]))
    told = cdk_nag.AwsSolutionsChecks(bench.stack).validate_scope(pipeline.consumers["fraud"]).violations
    assert [f"{one.rule_name}: {one.description}" for one in told] == []


def test_a_plain_topic_of_such_a_system_has_none_of_it(bench: Any, code: str) -> None:
    spec = system(code)
    topics = {name: topic.model_copy(update={"encoding": "plain"}) for name, topic in spec.streams.items()}
    StreamingPipeline(bench.stack, "Shop", spec=spec.model_copy(update={"streams": topics}))
    assert "AmazonManagedKafkaEventSourceConfig" not in bench.only(MAPPING)
    assert not any("glue:" in str(one["Action"]) for one in bench.statements())


def test_connectors_ask_for_versions_by_their_ids_alone(bench: Any) -> None:
    StreamingPipeline(bench.stack, "Pipeline", spec=kafka_system())
    for name in ("changes", "lake"):
        assert allowed(bench, name)["*"] == ["glue:GetSchemaVersion"]
    in_registry = [actions for actions in allowed(bench, "changes").values() if "glue:CreateSchema" in actions]
    assert len(in_registry) == 2
    assert not any("glue:GetSchemaVersion" in actions for actions in in_registry)


def test_connectors_of_plain_topics_know_no_registry(bench: Any) -> None:
    changes = {
        "streams.orders.encoding": "plain",
        "connectors.lake.config.format~class": "io.confluent.connect.s3.format.json.JsonFormat",
    }
    StreamingPipeline(bench.stack, "Pipeline", spec=kafka_system(changes))
    for name in ("changes", "lake"):
        assert "*" not in allowed(bench, name)
        assert of_node(bench, "AWS::KafkaConnect::Connector", name)


def _topic(bench: Any, *, encoding: Any = None, registry: bool = True) -> KafkaTopic:
    cluster = KafkaCluster(bench.stack, "Main", spec=MskClusterSpec(arn=CLUSTER_ARN))
    brought = SchemaRegistry(
        bench.stack, "Registry", spec=GlueSchemaRegistrySpec(arn=REGISTRY_ARN), name="shop", schemas={}
    )
    spec = KafkaTopicSpec(cluster="main", partitions=6, encoding=encoding)
    return KafkaTopic(bench.stack, "Orders", spec=spec, cluster=cluster, registry=brought if registry else None)


def test_constructs_that_stand_alone_take_the_registry_of_the_topic(bench: Any, code: str) -> None:
    spec = LambdaConsumerSpec(from_="orders", code=code, on_failure=OnFailure(destination=S3OnFailure()))
    LambdaConsumer(bench.stack, "Fraud", spec=spec, source=_topic(bench))
    config = bench.only(MAPPING)["AmazonManagedKafkaEventSourceConfig"]["SchemaRegistryConfig"]
    assert config["SchemaRegistryURI"] == REGISTRY_ARN
    assert bench.allowed_on(REGISTRY_ARN) == {"glue:GetRegistry"}


@pytest.mark.parametrize(
    ("encoding", "registry", "expected"), [("registry", False, "MSK440"), ("plain", True, "LNG404")]
)
def test_a_topic_and_the_registry_that_is_brought_agree(
    bench: Any, encoding: str, registry: bool, expected: str
) -> None:
    with pytest.raises(SpecError) as refused:
        _topic(bench, encoding=encoding, registry=registry)
    assert [finding.code for finding in refused.value.findings] == [expected]


def _listed(actions: Any) -> list[str]:
    return actions if isinstance(actions, list) else [actions]
