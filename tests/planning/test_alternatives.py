"""What streams and clusters could be instead, what that costs, and why it would not do."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs import PipelinePlan, PipelineSpec, plan
from streaming_constructs.planning.costs.system_costs import system_costs
from streaming_constructs.planning.loads.alternatives import Alternative, alternatives
from streaming_constructs.planning.plan_file import load_plan
from streaming_constructs.spec.patterns import find_pattern


def system(**fields: Any) -> PipelinePlan:
    return plan(PipelineSpec.model_validate({"name": "shop", **fields}))


def told(planned: PipelinePlan) -> dict[str, Alternative]:
    return {other.what: other for other in alternatives(planned, system_costs(planned))}


LOAD = {"workload": {"records_per_second": 1024, "record_kb": 1}}


def stream(**fields: Any) -> dict[str, Any]:
    return {"kind": "kinesis", "workload": {"records_per_second": 1024, "record_kb": 1}, **fields}


def test_a_stream_stands_beside_its_other_modes_and_kafka() -> None:
    found = told(system(streams={"clicks": stream()}))
    assert list(found) == [
        "provisioned, 2 shards",
        "on demand",
        "on demand with Advantage",
        "MSK Serverless, 1 partition",
        "Express brokers, 3 x express.m7g.large",
        "Standard brokers, 3 x kafka.m7g.large",
    ]
    gib = 1024 * 2_628_000 / 1_048_576
    assert found["provisioned, 2 shards"].usd == pytest.approx(2 * 730 * 0.015 + 1024 * 2_628_000 * 0.014 / 1e6)
    assert found["on demand"].usd == pytest.approx(730 * 0.04 + gib * 0.08)
    # Nobody reads it, and yet 25 MiB/s are charged both in and out.
    assert found["on demand with Advantage"].usd == pytest.approx(25 * 2_628_000 / 1024 * (0.032 + 0.016))
    assert found["MSK Serverless, 1 partition"].usd == pytest.approx(
        730 * (0.75 + 0.0015) + gib * 0.1 + gib / 730 * 24 * 0.1, rel=0.01
    )


def test_dollars_are_marked_where_a_price_is_not_sure() -> None:
    def marks(region: str) -> set[str]:
        return {other.mark for other in told(system(region=region, streams={"clicks": stream()})).values()}

    assert (marks("us-east-1"), marks("eu-west-3")) == ({""}, {"~"})


def test_the_system_differs_by_what_the_node_does() -> None:
    planned = load_plan(find_pattern("lambda-consumer").spec_path)
    now, *others = told(planned).values()
    assert (now.is_now, now.system_usd) == (True, system_costs(planned).usd)
    assert all(not other.is_now for other in others)
    assert [other.system_usd - system_costs(planned).usd for other in others[:2] if other.system_usd] == pytest.approx(
        [other.usd - now.usd for other in others[:2]]
    )


def test_a_topic_in_place_of_a_stream_is_planned_with_all_that_reads_it() -> None:
    consumer = {"kind": "lambda", "from": "clicks", "code": "handlers", "on_failure": {"destination": "sqs"}}
    found = told(system(streams={"clicks": stream()}, consumers={"fraud": consumer}))
    written = system(
        clusters={"main": {"kind": "msk"}},
        streams={"clicks": {"kind": "kafka", "cluster": "main", "retention_hours": 24, **LOAD}},
        consumers={"fraud": consumer},
    )
    assert found["Standard brokers, 3 x kafka.m7g.large"].system_usd == pytest.approx(system_costs(written).usd)


def test_what_does_not_go_with_a_topic_leaves_no_system_to_plan() -> None:
    found = told(load_plan(find_pattern("lambda-consumer").spec_path))["Standard brokers, 3 x kafka.m7g.large"]
    assert found.system_usd is None
    assert found.why_not == ("`parallelization_factor` has no effect here [LNG404]",)


def test_given_shards_stand_beside_those_that_the_load_needs() -> None:
    found = told(system(streams={"clicks": stream(shards=9)}))
    assert [what for what in found if what.startswith("provisioned")] == [
        "provisioned, 9 shards",
        "provisioned, 2 shards",
    ]


def test_what_a_mode_cannot_do_is_told() -> None:
    load = {"records_per_second": 250_000, "record_kb": 1}
    found = told(system(streams={"clicks": stream(workload=load)}))
    assert found["on demand"].why_not == ("more than an on-demand stream takes in most regions [KIN408]",)
    (serverless,) = (other for what, other in found.items() if what.startswith("MSK Serverless"))
    assert serverless.why_not == ("a serverless cluster carries less than this [MSK470]",)


def test_a_stream_that_a_delivery_alone_reads_may_be_none() -> None:
    lake = {"from": "clicks", "to": {"kind": "s3", "format": "json"}}
    planned = system(streams={"clicks": stream()}, deliveries={"lake": lake})
    found = told(planned)["none: Firehose by direct put"]
    assert found.usd == 0
    assert found.system_usd == pytest.approx(system_costs(planned).usd - told(planned)["provisioned, 2 shards"].usd)
    both = system(streams={"clicks": stream()}, deliveries={"lake": lake, "raw": lake})
    assert "none: Firehose by direct put" not in told(both)


def test_a_cluster_stands_beside_other_kinds_and_other_types() -> None:
    planned = load_plan(find_pattern("kafka-tiered-storage").spec_path)
    found = told(planned)
    assert list(found) == [
        "Standard brokers, 3 x kafka.m7g.large",
        "MSK Serverless",
        "Express brokers, 3 x express.m7g.large",
        "Standard brokers, 3 x kafka.m7g.xlarge",
        "Standard brokers, 3 x kafka.m7g.2xlarge",
        "Standard brokers, 3 x kafka.m7g.4xlarge",
    ]
    assert found["Standard brokers, 3 x kafka.m7g.xlarge"].usd - found[
        "Standard brokers, 3 x kafka.m7g.large"
    ].usd == pytest.approx(3 * 730 * 0.204)
    assert found["MSK Serverless"].notes == ("it does not know enhanced_monitoring, kafka_version, storage_mode",)
    assert "`local_retention_days` cannot be chosen here [MSK489]" in found["MSK Serverless"].why_not


def test_what_exists_or_has_no_load_is_not_compared() -> None:
    arn = "arn:aws:kinesis:us-east-1:111122223333:stream/clicks"
    assert told(system(streams={"clicks": stream(arn=arn, shards=2)})) == {}
    assert told(system(streams={"clicks": {"kind": "kinesis", "shards": 2}})) == {}
