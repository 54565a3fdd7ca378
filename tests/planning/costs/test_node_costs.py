"""What nodes of a system cost: from their workload and the numbers of their plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from streaming_constructs.facts.prices.price import UnknownRegionError
from streaming_constructs.planning import PipelinePlan, plan
from streaming_constructs.planning.costs.cost_line import CostLine
from streaming_constructs.planning.costs.system_costs import SystemCosts, no_prices, system_costs
from streaming_constructs.spec import PipelineSpec

LOAD = {"records_per_second": 1000, "record_kb": 2, "peak_factor": 2}
KEPT = {"retries": 1, "max_record_age_seconds": 3600, "destination": "sqs"}
VPC = {"vpc_id": "vpc-0123456789abcdef0", "subnet_ids": [f"subnet-0123456789abcdef{number}" for number in range(3)]}
GIB_A_MONTH = 1000 * 2 * 730 * 3600 / 1_048_576
"""What LOAD brings on average."""


def planned(folder: Path, **sections: Any) -> PipelinePlan:
    handler = folder / "handler" / "index.py"
    handler.parent.mkdir(exist_ok=True)
    handler.write_text("def handler(event, context): ...\n")
    file = folder / "pipeline.yaml"
    file.write_text(yaml.safe_dump({"name": "shop", "alarms": False, **sections}))
    return plan(PipelineSpec.load(file))


def costs(folder: Path, **sections: Any) -> SystemCosts:
    return system_costs(planned(folder, **sections))


def lines(folder: Path, node: str, **sections: Any) -> dict[str, CostLine]:
    return {line.what: line for line in costs(folder, **sections).lines if line.node == node}


def usd(found: dict[str, CostLine]) -> dict[str, float | None]:
    return {what: round(line.usd, 2) if line.usd is not None else None for what, line in found.items()}


def consumer(**fields: Any) -> dict[str, Any]:
    return {"kind": "lambda", "from": "clicks", "code": "handler", "on_failure": KEPT, **fields}


# --- streams


def test_a_stream_is_charged_for_its_shards_its_records_and_its_fan_out(tmp_path: Path) -> None:
    stream = {"kind": "kinesis", "shards": 6, "workload": LOAD, "retention_days": 8, "encryption": "customer_managed"}
    consumers = {"a": consumer(enhanced_fan_out=True), "b": consumer()}
    found = lines(tmp_path, "clicks", streams={"clicks": stream}, consumers=consumers)
    assert usd(found) == {
        "shards": 65.70,
        "retention beyond 24 hours": 87.60,
        "enhanced fan-out": 65.70,
        "records written": 36.79,
        "read by enhanced fan-out": round(GIB_A_MONTH * 0.013, 2),
        "retention beyond 7 days": round(GIB_A_MONTH / 730 * 24 * 0.023, 2),
        "KMS key": 1.00,
    }
    assert {what for what, line in found.items() if line.basis == "fixed"} == {
        "shards",
        "retention beyond 24 hours",
        "enhanced fan-out",
        "KMS key",
    }


def test_an_on_demand_stream_is_charged_for_each_reader(tmp_path: Path) -> None:
    stream = {"kind": "kinesis", "mode": "on_demand", "workload": LOAD}
    found = lines(tmp_path, "clicks", streams={"clicks": stream}, consumers={"a": consumer(), "b": consumer()})
    assert usd(found) == {
        "stream": 29.20,
        "written": round(GIB_A_MONTH * 0.08, 2),
        "read": round(2 * GIB_A_MONTH * 0.04, 2),
    }


def test_shard_level_metrics_are_charged(tmp_path: Path) -> None:
    stream = {"kind": "kinesis", "shards": 3, "shard_level_metrics": ["IncomingBytes", "OutgoingBytes"]}
    assert usd(lines(tmp_path, "clicks", streams={"clicks": stream}))["metrics"] == pytest.approx(1.80)


def test_what_is_not_known_is_a_line_that_says_what_is_missing(tmp_path: Path) -> None:
    found = lines(tmp_path, "clicks", streams={"clicks": {"kind": "kinesis", "shards": 2}})
    assert usd(found) == {"shards": 21.90, "records": None}
    assert found["records"].working == "the workload is not known"


def test_of_an_existing_stream_only_what_the_system_adds_is_charged(tmp_path: Path) -> None:
    arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks"
    stream = {"kind": "kinesis", "arn": arn, "shards": 2}
    assert lines(tmp_path, "clicks", streams={"clicks": stream}) == {}
    fan_out = {"a": consumer(enhanced_fan_out=True)}
    assert usd(lines(tmp_path, "clicks", streams={"clicks": stream}, consumers=fan_out)) == {"enhanced fan-out": 21.90}
    unsaid = {"kind": "kinesis", "arn": arn}
    assert usd(lines(tmp_path, "clicks", streams={"clicks": unsaid}, consumers=fan_out)) == {"enhanced fan-out": None}


# --- consumers


def test_a_consumer_is_charged_for_its_batches_and_its_duration_is_not_known(tmp_path: Path) -> None:
    stream = {"kind": "kinesis", "shards": 6, "workload": LOAD}
    found = lines(
        tmp_path, "fraud", streams={"clicks": stream}, consumers={"fraud": consumer(batch_size=100, memory_mb=512)}
    )
    assert found["invocations"].quantity == pytest.approx(10 * 730 * 3600)
    assert usd(found) == {"invocations": 5.26, "duration": None}
    # 26,280,000 invocations × 0.1 s × 0.5 GB × 0.0000133334
    assert "each 100 ms with 512 MB are 17.52 USD in us-east-1" in found["duration"].working


def test_a_consumer_without_a_workload_is_not_reckoned(tmp_path: Path) -> None:
    found = lines(
        tmp_path, "fraud", streams={"clicks": {"kind": "kinesis", "shards": 6}}, consumers={"fraud": consumer()}
    )
    assert usd(found) == {"invocations": None}


# --- deliveries


def test_an_archive_is_charged_by_firehose_and_by_s3(tmp_path: Path) -> None:
    lake = {
        "from": "clicks",
        "to": {"kind": "s3", "format": "json", "partition_by": ["country"], "expire_after_days": 90},
    }
    stream = {"kind": "kinesis", "shards": 6, "workload": LOAD, "schema": "click"}
    schemas = {"click": {"country": "string"}}
    found = lines(tmp_path, "lake", streams={"clicks": stream}, deliveries={"lake": lake}, schemas=schemas)
    assert usd(found)["records"] == round(GIB_A_MONTH * 2.5 * 0.029, 2)  # 2 KiB are charged as 5
    assert usd(found)["partitioning"] == round(GIB_A_MONTH * 0.020, 2)
    assert usd(found)["stored in S3"] == round(GIB_A_MONTH / 730 * 24 * 90 * 0.023, 2)
    assert usd(found)["jq"] is None
    objects = found["objects written to S3"].quantity
    assert found["partitioned objects"].quantity == objects == pytest.approx(GIB_A_MONTH * 1024 / 128)
    assert usd(found)["more objects"] is None


def test_a_conversion_is_charged_beside_the_records(tmp_path: Path) -> None:
    lake = {"from": "clicks", "to": {"kind": "s3", "format": "parquet"}, "transform": {"code": "handler"}}
    stream = {"kind": "kinesis", "shards": 6, "workload": LOAD, "schema": "click"}
    schemas = {"click": {"country": "string"}}
    found = lines(tmp_path, "lake", streams={"clicks": stream}, deliveries={"lake": lake}, schemas=schemas)
    assert usd(found)["conversion"] == round(GIB_A_MONTH * 2.5 * 0.018, 2)
    assert found["invocations"].quantity == pytest.approx(GIB_A_MONTH * 1024)  # batches of 1 MiB
    assert usd(found)["duration"] is None


def test_iceberg_has_a_price_of_its_own(tmp_path: Path) -> None:
    tables = {
        "from": "clicks",
        "to": {"kind": "iceberg", "database": "shop", "table": "clicks", "table_bucket": "shop-tables"},
    }
    stream = {"kind": "kinesis", "shards": 6, "workload": LOAD}
    found = lines(tmp_path, "tables", streams={"clicks": stream}, deliveries={"tables": tables})
    assert usd(found)["records"] == round(GIB_A_MONTH * 0.045, 2)
    assert found["records"].confidence == "medium"


# --- clusters


def topic(cluster: str = "main", **fields: Any) -> dict[str, Any]:
    return {"kind": "kafka", "cluster": cluster, "partitions": 6, "workload": LOAD, "retention_days": 1, **fields}


def test_standard_brokers_are_charged_with_their_volumes(tmp_path: Path) -> None:
    main = {"kind": "msk", "brokers": 3, "instance_type": "kafka.m7g.large", "volume_gb": 500, "vpc": VPC}
    found = usd(lines(tmp_path, "main", clusters={"main": main}, streams={"clicks": topic()}))
    assert found == {"brokers": 446.76, "volumes": 150.00}


def test_tiered_storage_is_charged_once_and_monitoring_is_not_known(tmp_path: Path) -> None:
    main = {
        "kind": "msk",
        "brokers": 3,
        "instance_type": "kafka.m7g.large",
        "volume_gb": 500,
        "vpc": VPC,
        "storage_mode": "tiered",
        "enhanced_monitoring": "per_broker",
    }
    tiered = topic(retention_days=30, local_retention_hours=24)
    found = usd(lines(tmp_path, "main", clusters={"main": main}, streams={"clicks": tiered}))
    assert found["tiered storage"] == round(GIB_A_MONTH / 730 * 24 * 30 * 0.06, 2)
    assert found["metrics"] is None


def test_express_brokers_are_charged_for_what_is_written_and_stored(tmp_path: Path) -> None:
    main = {"kind": "msk_express", "brokers": 3, "instance_type": "express.m7g.large", "vpc": VPC}
    found = usd(lines(tmp_path, "main", clusters={"main": main}, streams={"clicks": topic()}))
    assert found == {
        "brokers": 893.52,
        "written": round(GIB_A_MONTH * 0.01, 2),
        "storage": round(GIB_A_MONTH / 730 * 24 * 0.10, 2),
    }


def test_serverless_is_charged_for_partitions_and_each_reader(tmp_path: Path) -> None:
    main = {"kind": "msk_serverless", "vpc": VPC}
    endless = topic(partitions=2, cleanup_policy="compact")
    endless.pop("retention_days")
    streams = {"clicks": topic(), "latest": endless}
    found = lines(tmp_path, "main", clusters={"main": main}, streams=streams, consumers={"a": consumer()})
    assert usd(found) == {
        "cluster": 547.50,
        "partitions": 8.76,
        "written": round(2 * GIB_A_MONTH * 0.10, 2),
        "read": round(GIB_A_MONTH * 0.05, 2),
        "storage": None,
    }
    assert found["storage"].working == "latest kept without end"


def test_pollers_are_charged_by_their_units(tmp_path: Path) -> None:
    main = {"kind": "msk_serverless", "vpc": VPC}
    consumers = {"a": consumer(pollers={"minimum": 11, "maximum": 20})}
    streams = {"clicks": topic(partitions=24)}
    found = usd(lines(tmp_path, "a", clusters={"main": main}, streams=streams, consumers=consumers))
    assert found["pollers"] == 270.10


# --- the system


def test_alarms_are_charged_by_their_metrics_and_the_dashboard_once(tmp_path: Path) -> None:
    made = planned(
        tmp_path, streams={"clicks": {"kind": "kinesis", "shards": 2}}, alarms={"notify": []}, dashboard=True
    )
    found = {(line.node, line.what): line for line in system_costs(made).lines}
    metrics = sum(1 + len(alarm.metrics) for alarm in made.alarms)
    assert found["clicks", "alarms"].usd == pytest.approx(0.1 * metrics)
    assert found["", "dashboard"].usd == 3.0
    assert found["", "dashboard"].source == "https://aws.amazon.com/cloudwatch/pricing/"


def test_sums_are_those_of_the_lines_and_the_dearest_come_first(tmp_path: Path) -> None:
    streams = {f"s{count}": {"kind": "kinesis", "shards": count, "workload": LOAD} for count in range(6, 12)}
    made = costs(tmp_path, streams=streams)
    assert made.usd == pytest.approx(sum(line.usd or 0 for line in made.lines))
    assert made.fixed_usd == pytest.approx(sum(range(6, 12)) * 10.95)
    assert made.usage_usd == pytest.approx(6 * 36.792)
    assert [round(line.usd or 0, 2) for line in made.drivers] == [120.45, 109.5, 98.55, 87.6, 76.65, 65.7, *[36.79] * 4]
    assert made.drivers[0].node == "s11"
    assert (made.region, made.is_told, made.copied) == ("us-east-1", False, ("2025-11-03", "2025-11-03"))


def test_the_region_of_the_system_is_the_one_of_its_prices(tmp_path: Path) -> None:
    streams = {"clicks": {"kind": "kinesis", "shards": 2}}
    ireland = costs(tmp_path, streams=streams, region="eu-west-1")
    assert (ireland.region, ireland.is_told) == ("eu-west-1", True)
    assert ireland.usd == pytest.approx(2 * 730 * 0.017)
    paulo = costs(tmp_path, streams=streams, region="sa-east-1")
    (shards, _) = paulo.lines
    assert (shards.factor, shards.confidence) == (2.0, "low")


def test_what_a_region_does_not_offer_has_no_number(tmp_path: Path) -> None:
    found = lines(tmp_path, "main", clusters={"main": {"kind": "msk_serverless", "vpc": VPC}}, region="sa-east-1")
    assert found["cluster"].usd is None
    assert found["cluster"].working == "no price of sa-east-1 is known: look whether the service is offered there"


def test_a_region_of_which_nothing_is_known_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownRegionError, match="cn-north-1"):
        costs(tmp_path, streams={"clicks": {"kind": "kinesis", "shards": 2}}, region="cn-north-1")
    finding = no_prices("cn-north-1")
    assert (finding.code, finding.level, finding.path) == ("CMD111", "note", ("region",))


@pytest.mark.parametrize("times", [2, 10])
def test_more_load_never_makes_a_system_cheaper(tmp_path: Path, times: int) -> None:
    def at(factor: float) -> float:
        load = {**LOAD, "records_per_second": 1000 * factor}
        return costs(
            tmp_path,
            streams={"clicks": {"kind": "kinesis", "workload": load, "retention_days": 8}},
            consumers={"fraud": consumer()},
            deliveries={"lake": {"from": "clicks", "to": {"kind": "s3", "format": "json"}}},
        ).usd

    assert at(1) < at(times)
