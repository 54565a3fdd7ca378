"""Checklists: what a spec says passes or fails with its evidence; what no spec says is asked, and never ticked."""

from __future__ import annotations

from itertools import chain
from typing import Any

import pytest

from streaming_constructs.kinds import KINDS
from streaming_constructs.planning import plan
from streaming_constructs.planning.readiness.readiness import CHECKLISTS, Answered, checklist_of, readiness
from streaming_constructs.spec import PipelineSpec

Data = dict[str, Any]
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:f"
SUBNETS = [f"subnet-{number:017x}" for number in range(3)]
VPC = {"vpc_id": "vpc-0123456789abcdef0", "subnet_ids": SUBNETS}
NOTIFY = {"notify": ["oncall@example.com"]}
ASKED_FIRST = ("fail", "confirm", "pass", "not_applicable")


def consumer(**fields: Any) -> Data:
    given_up = {"retries": 5, "destination": "s3", **fields.pop("on_failure", {})}
    return {"kind": "lambda", "from": "clicks", "function_arn": FUNCTION, "on_failure": given_up, **fields}


def answers(**top: Any) -> dict[tuple[str, str], Answered]:
    spec = PipelineSpec.model_validate({"name": "shop", "alarms": NOTIFY, **top})
    return {(each.name, each.item.id): each for each in readiness(plan(spec))}


def answer(node: str, item: str, **top: Any) -> tuple[str, str]:
    """The status of an item, and its evidence."""
    found = answers(**top)[node, item].answer
    return found.status, found.evidence


def stream(item: str, consumers: Data | None = None, producers: Data | None = None, **fields: Any) -> tuple[str, str]:
    streams = {"clicks": {"kind": "kinesis", **fields}}
    return answer("clicks", item, streams=streams, consumers=consumers or {}, producers=producers or {})


def function(item: str, **fields: Any) -> tuple[str, str]:
    streams = {"clicks": {"kind": "kinesis", "shards": 2}}
    return answer("fraud", item, streams=streams, consumers={"fraud": consumer(**fields)})


def load(records: float, kib: float = 1) -> Data:
    return {"workload": {"records_per_second": records, "record_kb": kib}}


def test_shards_are_counted_with_headroom() -> None:
    # 1,600 records/s are 1.6 shards, and 2.08 with 30% beside them.
    assert stream("KI1", shards=3, **load(1600)) == ("pass", "3 shards; the peak load × 1.3 needs 3")
    assert stream("KI1", shards=2, **load(1600)) == ("fail", "2 shards; the peak load × 1.3 needs 3")
    assert stream("KI1", shards=2) == ("confirm", "its workload is not known")
    assert stream("KI1", mode="on_demand")[0] == "not_applicable"


def test_the_fix_is_a_piece_to_paste() -> None:
    found = answers(streams={"clicks": {"kind": "kinesis", "shards": 2, **load(1600)}})["clicks", "KI1"]
    assert (found.answer.fix, found.path) == ("write `shards: 3`", ("streams", "clicks", "shards"))


def test_a_mode_that_nobody_wrote_is_asked() -> None:
    assert stream("KI2", shards=1, mode="provisioned") == ("pass", "`mode: provisioned` is written")
    assert stream("KI2", shards=1) == ("confirm", "nobody wrote a mode; it is provisioned")


def test_readers_that_share_a_shard_are_held_against_what_it_gives() -> None:
    three = {f"r{number}": consumer(function_arn=f"{FUNCTION}{number}") for number in range(3)}
    assert stream("KI3", three, shards=2, **load(1000, 2))[0] == "fail"  # 3 × 1.95 MiB/s of 4
    assert stream("KI3", three, shards=3, **load(1000, 2))[0] == "pass"  # 3 × 1.95 MiB/s of 6
    assert stream("KI3", {"one": consumer()}, shards=1)[0] == "pass"
    assert stream("KI3", shards=1)[0] == "confirm"


def test_growth_and_retention_are_asked_where_nobody_chose() -> None:
    assert stream("KI4", mode="on_demand") == ("pass", "on demand scales by itself")
    assert stream("KI4", shards=1)[0] == "confirm"
    assert stream("KI5", shards=1, retention_hours=24)[0] == "pass"
    assert stream("KI5", shards=1)[0] == "confirm"


def test_producers_that_retry_by_themselves_are_known() -> None:
    agent = {"hosts": {"kind": "kinesis_agent", "to": "clicks", "files": ["/var/log/app/*.json"]}}
    assert stream("KC1", producers=agent, shards=1) == ("pass", "Kinesis Agent does so")
    assert stream("KC4", producers=agent, shards=1) == ("pass", "Kinesis Agent does so")
    assert stream("KC1", shards=1) == ("confirm", "its producers are outside of the system")


def test_a_bad_record_must_not_take_its_batch_along() -> None:
    blunt = consumer(partial_batch_responses=False, on_failure={"bisect": False})
    assert stream("KC5", {"fraud": blunt}, shards=1)[0] == "fail"
    assert stream("KC5", {"fraud": consumer(on_failure={"bisect": True})}, shards=1)[0] == "pass"
    assert stream("KC5", shards=1) == ("not_applicable", "no function reads it")


def test_how_many_values_a_key_has_is_never_ticked() -> None:
    assert stream("KC6", shards=4, partition_key="user_id")[0] == "confirm"
    assert stream("KO3", shards=4, partition_key="user_id")[0] == "pass"
    assert stream("KO3", shards=4)[0] == "confirm"


@pytest.mark.parametrize(
    ("alarms", "status", "evidence"),
    [
        (
            NOTIFY,
            "pass",
            "clicks.iterator_age, clicks.write_throttling, clicks.put_records_failures, clicks.incoming_bytes",
        ),
        ({**NOTIFY, "silence": {"clicks.iterator_age": "watched elsewhere"}}, "fail", "no alarm `clicks.iterator_age`"),
        (False, "fail", "the system has no alarms"),
    ],
)
def test_alarms_that_are_needed(alarms: Any, status: str, evidence: str) -> None:
    streams = {"clicks": {"kind": "kinesis", "shards": 1}}
    found = answers(streams=streams, consumers={"fraud": consumer()}, alarms=alarms)
    assert (found["clicks", "KO1"].answer.status, found["clicks", "KO1"].answer.evidence) == (status, evidence)


def test_alarms_that_tell_nobody_fail() -> None:
    streams = {"clicks": {"kind": "kinesis", "shards": 1}}
    assert answer("clicks", "KO7", streams=streams, alarms={})[0] == "fail"
    assert answer("clicks", "KO7", streams=streams)[0] == "pass"


def test_a_missing_dashboard_fails() -> None:
    streams = {"clicks": {"kind": "kinesis", "shards": 1}}
    assert answer("clicks", "KO2", streams=streams, dashboard=False) == ("fail", "the system has none")
    assert answer("clicks", "KO2", streams=streams, dashboard=True)[0] == "pass"


@pytest.mark.parametrize(
    ("actions", "resources", "status"),
    [
        (["dynamodb:PutItem"], ["arn:aws:dynamodb:*:*:table/scores"], "pass"),
        (["dynamodb:Put*"], ["arn:aws:dynamodb:*:*:table/scores"], "confirm"),
        (["dynamodb:PutItem"], ["*"], "confirm"),
    ],
)
def test_a_wide_permission_is_asked(actions: list[str], resources: list[str], status: str) -> None:
    permissions = [{"actions": actions, "resources": resources}]
    assert function("LS1", permissions=permissions, code="handlers/fraud", function_arn=None)[0] == status


def test_where_given_up_records_are() -> None:
    assert function("LC2", on_failure={"destination": "s3"}) == ("pass", "records are kept: s3")
    assert function("LC2", on_failure={"destination": "sqs"})[0] == "confirm"


def test_concurrency_that_is_reserved_has_to_be_enough() -> None:
    code = {"code": "handlers/fraud", "function_arn": None, "parallelization_factor": 2}
    assert function("LI1", reserved_concurrency=4, **code) == ("pass", "4 reserved, for 4 at once")
    assert function("LI1", reserved_concurrency=3, **code) == ("fail", "3 reserved, for 4 at once")
    assert function("LI1", **code)[0] == "confirm"


def test_a_function_has_to_keep_up_with_the_peak() -> None:
    workload = {"records_per_second": 1000, "record_kb": 1, "peak_factor": 3}
    streams: Data = {"clicks": {"kind": "kinesis", "shards": 4, "workload": workload}}
    there = consumer(batch_size=100, parallelization_factor=2)
    code = there | {"code": "handlers/fraud", "function_arn": None, "timeout_seconds": 60}
    pace = "3,000 records/s at the peak leave 2.7 ms for each, 8 batches at once"

    def asked(fraud: Data) -> str:
        return answer("fraud", "LI2", streams=streams, consumers={"fraud": fraud})[1]

    assert asked(code) == f"1 min for 100 records: 600 ms a record; {pace}"
    assert asked(there) == f"the function exists already; {pace}"
    del streams["clicks"]["workload"]
    assert asked(there) == "the function exists already"


def kafka(item: str, node: str = "main", cluster: Data | None = None, **topic: Any) -> tuple[str, str]:
    return answer(
        node,
        item,
        clusters={"main": {"kind": "msk", **(cluster or {})}},
        streams={"orders": {"kind": "kafka", "cluster": "main", **load(1000), **topic}},
    )


def test_topics_are_asked_with_their_cluster() -> None:
    assert kafka("PC1", min_insync_replicas=2) == ("pass", "orders: 2 of 3")
    assert kafka("PC1", min_insync_replicas=1)[0] == "fail"
    assert kafka("PC3", compression="zstd") == ("pass", "orders: zstd")
    assert kafka("PC3", compression="uncompressed")[0] == "fail"
    assert kafka("PC3")[0] == "confirm"
    assert kafka("PC2", retention_days=3) == ("pass", "orders: for 3 d")
    assert kafka("PC2")[0] == "confirm"


def test_brokers_and_volumes() -> None:
    assert kafka("PI1")[0] == "pass"
    assert kafka("PI1", cluster={"vpc": {**VPC, "subnet_ids": SUBNETS[:2]}, "brokers": 2}, replication_factor=2)[0] == (
        "fail"
    )
    assert kafka("PI4", cluster={"volume_gb": 100, "max_volume_gb": 500}) == (
        "pass",
        "100 GiB each, which grow up to 500 GiB",
    )
    assert kafka("PI4", cluster={"volume_gb": 100})[0] == "confirm"
    assert kafka("PI6", cluster={"storage_mode": "tiered"})[0] == "pass"
    assert kafka("PI6")[0] == "confirm"


def test_a_serverless_cluster_over_its_quota_fails() -> None:
    def serverless(records: int) -> tuple[str, str]:
        return answer(
            "main",
            "SI2",
            clusters={"main": {"kind": "msk_serverless"}},
            streams={"orders": {"kind": "kafka", "cluster": "main", **load(records), "partitions": 100}},
        )

    assert serverless(204_800) == ("pass", "200 MiB/s at the peak, of 200 MiB/s")
    assert serverless(204_801)[0] == "fail"


def test_flink_without_checkpoints_or_snapshots_fails() -> None:
    def flink(item: str, **fields: Any) -> str:
        system = {
            "schemas": {"click": {"user_id": "string", "event_time": "timestamp"}},
            "streams": {
                "clicks": {"kind": "kinesis", "shards": 1, "schema": "click"},
                "views": {"kind": "kinesis", "shards": 1},
            },
            "analytics": {
                "counting": {
                    "kind": "flink_sql",
                    "from": ["clicks"],
                    "to": ["views"],
                    "sql": ["SELECT user_id FROM clicks"],
                    **fields,
                }
            },
        }
        return answer("counting", item, **system)[0]

    assert [flink("AI3"), flink("AI3", checkpointing=False)] == ["pass", "fail"]
    assert [flink("AI4"), flink("AI4", snapshots=False)] == ["pass", "fail"]
    assert [flink("AI2", autoscaling=True), flink("AI2", autoscaling=False)] == ["pass", "confirm"]


def test_every_kind_has_its_checklist_or_none_on_purpose() -> None:
    without = {
        "streams.kafka",  # asked with its cluster
        "replicators.msk",
        "connectors.source",
        "connectors.sink",
        "stores.opensearch",
        "stores.dynamodb",
        "sns_topics.sns",
        "apis.lambda_function",
        "producers.cloudwatch_logs",
        "producers.kinesis_agent",
        "producers.fluent_bit",
        "producers.api_gateway",
    }
    nodes = {kind.module for kind in KINDS if kind.section != "destinations"}
    assert nodes - set(CHECKLISTS) == without
    assert set(CHECKLISTS) <= nodes


def test_ids_are_unique_in_their_checklist_and_have_a_page_of_aws() -> None:
    for name in dict.fromkeys(CHECKLISTS.values()):
        items = checklist_of(name)
        ids = [item.id for item in items]
        assert len(ids) == len(set(ids)), name
        assert {item.source.startswith("https://docs.aws.amazon.com/") for item in items} == {True}, name


def test_the_checklists_of_kinesis_and_msk_are_whole() -> None:
    """Items that AWS has made pointless since are left out: the retention and the in-sync replicas of MSK Serverless."""

    def ids(letter: str, *groups: tuple[str, range]) -> set[str]:
        return set(chain.from_iterable((f"{letter}{group}{number}" for number in numbers) for group, numbers in groups))

    kinesis = ids("K", ("I", range(1, 8)), ("C", range(1, 9)), ("O", range(1, 8)), ("S", range(1, 6)))
    serverless = ids(
        "S", ("I", range(1, 5)), ("C", range(1, 5)), ("D", range(1, 7)), ("O", range(1, 6)), ("S", range(1, 6))
    )
    provisioned = ids(
        "P", ("I", range(1, 7)), ("C", range(1, 6)), ("D", range(1, 7)), ("O", range(1, 9)), ("S", range(1, 8))
    )
    assert {item.id for item in checklist_of("kinesis")} == kinesis
    assert {item.id for item in checklist_of("msk_serverless")} == serverless - {"SI3", "SC2"}
    assert {item.id for item in checklist_of("msk")} == provisioned
