"""A table's numbers: what is written to it, its capacity and alarms; and keys, expiry and loads that will not work out."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs import PipelineSpec
from streaming_constructs.planning import AlarmPlan, plan
from streaming_constructs.planning.stores.dynamodb import TablePlan, plan_table, write_units
from streaming_constructs.planning.stores.dynamodb_cost_findings import on_demand_usd, provisioned_usd
from streaming_constructs.spec import DynamoDbTableSpec

ARN = "arn:aws:dynamodb:eu-west-1:111122223333:table/scores"
SCHEMA = {
    "user_id": "string",
    "at": "timestamp",
    "seconds": {"type": "timestamp", "timestamp_format": "epoch_seconds"},
    "millis": {"type": "timestamp", "timestamp_format": "epoch_millis"},
    "day": "date",
    "number": "bigint",
    "price": "decimal(10,2)",
    "blob": "binary",
    "valid": "boolean",
    "tags": "array<string>",
    "named": {"type": "string", "json_key": "user-name"},
}
WRITER = {"kind": "lambda", "from": "clicks", "to": "scores", "code": "handlers/score", "on_failure": "sqs"}


def planned(system: Any = None, **table: Any) -> TablePlan:
    """A table of a system, of which a function may make one item of each of 900 records/s of 2.5 KiB."""
    spec = {
        "name": "shop",
        "alarms": False,
        "schemas": {"score": SCHEMA},
        "streams": {
            "clicks": {
                "kind": "kinesis",
                "shards": 9,
                "workload": {"records_per_second": 900, "record_kb": 2.5, "peak_factor": 2},
            }
        },
        "stores": {"scores": {"kind": "dynamodb", "partition_key": "user_id", **table}},
        **(system or {}),
    }
    made = plan(PipelineSpec.model_validate(spec)).stores["scores"]
    assert isinstance(made, TablePlan)
    return made


def said(system: Any = None, **table: Any) -> list[tuple[str, str, str]]:
    return [(one.code, one.level, one.dotted_path) for one in planned(system, **table).findings()]


def alarms(made: TablePlan) -> dict[str, AlarmPlan]:
    return {alarm.key.partition(".")[2]: alarm for alarm in made.alarms()}


# --- what is written


@pytest.mark.parametrize(("kb", "units"), [(0.01, 1), (1, 1), (1.001, 2), (400, 400)])
def test_an_item_takes_a_unit_for_each_kib_that_is_begun(kb: float, units: int) -> None:
    assert write_units(kb) == units


def test_what_is_written_follows_from_the_workload_of_the_table() -> None:
    made = planned(workload={"records_per_second": 100, "record_kb": 1.5, "peak_factor": 3})
    assert made.written is not None
    assert (made.written.average, made.written.peak, made.written.is_told) == (200, 600, True)
    assert made.working == (
        "300 items/s of 1.5 KiB at the peak, 2 units each = 600 write units/s",
        "on demand: capacity follows the requests",
    )


def test_of_functions_it_is_at_most_what_they_read() -> None:
    made = planned({"consumers": {"one": WRITER, "two": WRITER}})
    assert made.written is not None
    assert (made.written.average, made.written.peak, made.written.is_told) == (5400, 10_800, False)
    assert made.working[0].startswith("if each record of clicks becomes an item: 1,800 items/s of 2.5 KiB")


def test_a_writer_that_nothing_is_known_of_leaves_it_unknown() -> None:
    streams = {"clicks": {"kind": "kinesis", "shards": 1}}
    assert planned({"streams": streams, "consumers": {"one": WRITER}}).written is None
    assert planned().written is None


# --- capacity and alarms


def test_a_derived_capacity_leaves_room_above_the_peak() -> None:
    made = planned(billing="provisioned", read_capacity=5, workload={"records_per_second": 70, "record_kb": 1})
    assert made.write_capacity is not None
    assert (made.write_capacity.minimum, made.write_capacity.maximum) == (100, 100)
    assert made.heading() == "100 write units/s and 5 read units/s, keyed by user_id"


def test_capacity_is_alarmed_at_80_percent_of_the_most_that_it_grows_to() -> None:
    made = planned(billing="provisioned", read_capacity=10, write_capacity={"minimum": 5, "maximum": 100})
    found = alarms(made)
    # 80 % of 100 units/s, and of 10, in a minute
    assert (found["write_capacity"].threshold, found["read_capacity"].threshold) == (4800, 480)
    assert found["write_capacity"].metric.dimensions == ("TableName",)


def test_on_demand_only_what_was_throttled_and_failed_is_alarmed() -> None:
    found = alarms(planned())
    assert sorted(found) == [
        "read_throttling",
        "system_errors.BatchWriteItem",
        "system_errors.PutItem",
        "system_errors.UpdateItem",
        "write_throttling",
    ]
    assert {(one.threshold, one.minutes, one.inclusive) for one in found.values()} == {(0, 5, False)}
    assert found["system_errors.PutItem"].dimensions == {"Operation": "PutItem"}


def test_an_existing_table_has_the_alarms_of_what_is_said_of_it() -> None:
    assert "write_capacity" not in alarms(planned(arn=ARN, billing="provisioned"))
    assert "write_capacity" in alarms(planned(arn=ARN, billing="provisioned", write_capacity=10))


def test_a_table_is_protected_where_it_is_kept_unless_it_says_otherwise() -> None:
    assert planned().is_protected
    assert not planned(removal_policy="destroy").is_protected
    assert not planned({"removal_policy": "destroy"}).is_protected
    assert planned({"removal_policy": "destroy"}, removal_policy="retain").is_protected
    assert not planned(deletion_protection=False).is_protected


def test_what_expires_has_a_graph() -> None:
    assert len(planned(ttl="expires_at").graphs()) == len(planned().graphs()) + 1


# --- keys and expiry


@pytest.mark.parametrize(
    ("name", "type_", "code"),
    [
        ("user_id", "string", None),
        ("user-name", "string", None),
        ("named", "string", None),
        ("at", "string", None),
        ("day", "string", None),
        ("number", "number", None),
        ("price", "number", None),
        ("seconds", "number", None),
        ("millis", "number", None),
        ("blob", "binary", None),
        ("user", "string", "DDB842"),
        ("user_id", "number", "DDB843"),
        ("at", "number", "DDB843"),
        ("number", "string", "DDB843"),
        ("blob", "string", "DDB843"),
        ("valid", "string", "DDB843"),
        ("tags", "string", "DDB843"),
    ],
)
def test_a_key_is_a_field_of_its_schema_with_a_type_that_fits(name: str, type_: str, code: str | None) -> None:
    key = {"name": name, "type": type_}
    assert said(schema="score", partition_key=key) == ([(code, "error", "stores.scores.partition_key")] if code else [])
    assert said(partition_key=key) == []
    other = "number" if name == "user_id" else "user_id"
    first = {"name": other, "type": "number" if other == "number" else "string"}
    found = said(schema="score", partition_key=first, sort_key=key)
    assert found == ([(code, "error", "stores.scores.sort_key")] if code else [])


@pytest.mark.parametrize(
    ("ttl", "is_fine"),
    [
        ("number", True),
        ("seconds", True),
        ("price", True),
        ("at", False),
        ("millis", False),
        ("user_id", False),
        ("expires_at", False),
    ],
)
def test_items_expire_by_a_number_of_seconds_alone(ttl: str, is_fine: object) -> None:
    assert said(schema="score", ttl=ttl) == ([] if is_fine else [("DDB844", "warning", "stores.scores.ttl")])
    assert said(ttl=ttl) == []


@pytest.mark.parametrize(
    ("ttl", "help_"),
    [
        ("second", "did you mean `seconds`?"),
        # One letter from `user_id`, which is no number.
        (
            "user_ids",
            "add `user_ids: bigint` to the schema, and let its writers set it to a number of seconds since 1970",
        ),
    ],
)
def test_a_field_that_expires_items_is_not_told_to_be_a_text(ttl: str, help_: str) -> None:
    (finding,) = planned(schema="score", ttl=ttl).findings()
    assert finding.help == help_


# --- loads


@pytest.mark.parametrize(
    ("partition_key", "rate", "expected"),
    [
        ("day", 1001, [("DDB848", "warning", "stores.scores.partition_key")]),
        ("window_start", 1001, [("DDB848", "warning", "stores.scores.partition_key")]),
        ("day", 1000, []),
        ("user_id", 1001, []),
    ],
)
def test_a_time_as_the_key_takes_what_one_partition_takes(partition_key: str, rate: int, expected: Any) -> None:
    table = {"partition_key": partition_key, "workload": {"records_per_second": rate, "record_kb": 1}}
    assert said(**table, billing="provisioned", read_capacity=5) == expected


def test_of_what_writers_read_a_hot_key_is_a_note() -> None:
    codes = said({"consumers": {"one": WRITER}}, partition_key="window_start")
    assert ("DDB848", "note", "stores.scores.partition_key") in codes


@pytest.mark.parametrize(
    ("rate", "more", "expected"),
    [
        (1000, {}, []),
        (1001, {}, [("DDB849", "warning", "stores.scores")]),
        (1001, {"warm_write_units": 4003}, [("DDB849", "warning", "stores.scores.warm_write_units")]),
        (1001, {"warm_write_units": 4004}, []),
        (1001, {"billing": "provisioned", "read_capacity": 5}, []),
        (1001, {"arn": ARN}, []),
        (10_001, {"arn": ARN}, [("DDB849", "warning", "stores.scores.workload")]),
    ],
)
def test_a_table_takes_at_once_what_is_warm(rate: int, more: Any, expected: Any) -> None:
    # four times as much at the peak, so that capacity for it would cost more than requests
    assert said(workload={"records_per_second": rate, "record_kb": 1, "peak_factor": 4}, **more) == expected


@pytest.mark.parametrize(("capacity", "is_fine"), [(499, False), (500, True), ({"minimum": 1, "maximum": 500}, True)])
def test_a_capacity_below_the_workload_is_told(capacity: Any, is_fine: object) -> None:
    table = {"billing": "provisioned", "read_capacity": 5, "workload": {"records_per_second": 500, "record_kb": 1}}
    assert said(**table, write_capacity=capacity) == (
        [] if is_fine else [("DDB851", "warning", "stores.scores.write_capacity")]
    )


def test_protection_of_a_table_that_is_to_go_is_told() -> None:
    assert said({"removal_policy": "destroy"}, deletion_protection=True) == [
        ("DDB850", "warning", "stores.scores.deletion_protection")
    ]
    assert said(deletion_protection=True) == []


# --- cost


def test_a_month_of_writes_costs_what_the_list_says() -> None:
    made = plan_table(
        "scores",
        DynamoDbTableSpec.model_validate(
            {"partition_key": "id", "workload": {"records_per_second": 1000, "record_kb": 1}}
        ),
    )
    assert made.written is not None
    # 1,000 units/s x 2,628,000 s = 2,628 million x 0.625; 1,000 / 70 % x 730 h x 0.00065
    assert on_demand_usd(made.written) == pytest.approx(1642.5)
    assert provisioned_usd(made.written) == pytest.approx(677.86, abs=0.01)


@pytest.mark.parametrize(
    ("rate", "peak_factor", "is_told"), [(1000, 1, True), (400, 1, False), (1000, 1.3, False), (10_000, 1.2, True)]
)
def test_a_steady_load_on_demand_is_told_where_it_costs_far_more(
    rate: int, peak_factor: float, is_told: object
) -> None:
    workload = {"records_per_second": rate, "record_kb": 1, "peak_factor": peak_factor}
    codes = [code for code, _, _ in said(workload=workload, warm_write_units=40_000)]
    assert codes == (["DDB852"] if is_told else [])
