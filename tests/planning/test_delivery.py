"""How deliveries buffer and what comes out, worked by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming_constructs.planning.deliveries.firehose import (
    DeliveryPlan,
    plan_delivery,
)
from streaming_constructs.planning.deliveries.s3 import S3DeliveryPlan, backup_in_archive
from streaming_constructs.planning.streams.kinesis import StreamPlan, plan_stream
from streaming_constructs.spec.deliveries.firehose import DeliverySpec
from streaming_constructs.spec.deliveries.s3 import S3Destination
from streaming_constructs.spec.node import Reader
from streaming_constructs.spec.schemas import record_schema
from streaming_constructs.spec.streams.kinesis import KinesisStreamSpec
from streaming_constructs.spec.workload import Workload

SCHEMA = record_schema({"country": "string", "device": "string", "at": "timestamp"})
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:search-AbCdEf"


def stream(per_second: float | None = None, kib: float = 1, **more: Any) -> StreamPlan:
    workload = {} if per_second is None else {"workload": {"records_per_second": per_second, "record_kb": kib}}
    return plan_stream("clicks", KinesisStreamSpec.model_validate({**workload, **more}), [Reader("lake")])


def planned_archive(spec: DeliverySpec, source: StreamPlan | None = None) -> S3DeliveryPlan:
    planned = plan_delivery("lake", spec, source, SCHEMA)
    assert isinstance(planned, S3DeliveryPlan)
    return planned


def archive(source: StreamPlan, **to: Any) -> S3DeliveryPlan:
    return planned_archive(DeliverySpec.model_validate({"from": "clicks", "to": {"kind": "s3", **to}}), source)


def direct(per_second: float | None = None, kib: float = 1, **to: Any) -> S3DeliveryPlan:
    workload = None if per_second is None else Workload(records_per_second=per_second, record_kb=kib)
    spec = DeliverySpec(to=S3Destination.model_validate({"kind": "s3", **to}), workload=workload)
    return planned_archive(spec)


SPLUNK = {"kind": "splunk", "endpoint": "https://splunk.example.com:8088", "secret_arn": SECRET}


def elsewhere(kind: str, **more: Any) -> DeliveryPlan:
    to = {
        "opensearch": {"domain_arn": "arn:aws:es:eu-west-1:123456789012:domain/search"},
        "splunk": {"endpoint": "https://splunk.example.com:8088", "secret_arn": SECRET},
        "http": {"endpoint": "https://example.com/clicks"},
    }[kind]
    return plan_delivery("out", DeliverySpec.model_validate({"to": {"kind": kind, **to, **more}}))


VALUES = [{"by": "country", "values": ["de", "fr", "it"]}, {"by": "device", "values": ["phone", "desk"]}]


@pytest.mark.parametrize(
    ("planned", "buffer", "objects", "line"),
    [
        pytest.param(
            # 500 x 2 / 1024 = 0.977 MiB/s; x 1.3 = 1.27, so 2 shards: 128 / 0.488 = 262.144 s; 86400 / 262.144 = 329.6
            archive(stream(500, 2)),
            (128, 263),
            (128, 262.144, 660),
            "0.977 MiB/s ÷ 2 shards fills it in 262.144 s → written out after 263 s at the latest",
            id="a stream of two shards",
        ),
        pytest.param(
            # 10 / 1024 = 0.0098 MiB/s, in 900 s 8.789 MiB
            direct(10),
            (128, 900),
            (8.7890625, 900, 96),
            "0.01 MiB/s fills it in 13,107.2 s, more than the longest of 900 s → written out after 900 s at the latest",
            id="a trickle",
        ),
        pytest.param(
            # 97.656 MiB/s: 128 / 97.656 = 1.31072 s; 86400 / 1.31072 = 65917.97
            direct(100_000),
            (128, 60),
            (128, 1.31072, 65_918),
            "97.656 MiB/s fills it in 1.311 s → written out after 60 s at the latest",
            id="a flood",
        ),
        pytest.param(
            # On demand takes 4 MiB/s, so it has 4 shards: 1.953 / 4 = 0.488 MiB/s
            archive(stream(2000, mode="on_demand")),
            (128, 263),
            (128, 262.144, 1320),
            "1.953 MiB/s ÷ 4 shards fills it in 262.144 s → written out after 263 s at the latest",
            id="on demand",
        ),
        pytest.param(
            # An existing stream of unknown shards counts as one: 128 / 1 = 128 s; 86400 / 128 = 675
            archive(stream(1024, arn="arn:aws:kinesis:eu-west-1:123456789012:stream/clicks")),
            (128, 128),
            (128, 128, 675),
            "1 MiB/s fills it in 128 s → written out after 128 s at the latest",
            id="shards unknown",
        ),
        pytest.param(
            # 6 MiB/s over 3 x 2 folders: 1 MiB/s each, whatever the number of shards
            archive(stream(6144, shards=12), partition_by=VALUES),
            (128, 128),
            (128, 128, 4050),
            "6 MiB/s ÷ 6 folders of values fills it in 128 s → written out after 128 s at the latest",
            id="folders of values",
        ),
        pytest.param(
            archive(stream(1024, shards=12), partition_by=["hour(at)"]),
            (128, 128),
            (128, 128, 675),
            "1 MiB/s fills it in 128 s → written out after 128 s at the latest",
            id="a time of the record",
        ),
        pytest.param(
            # 12 shards of 2/3 MiB/s: 64 / (2/3) = 96 s; 900 a day from each
            archive(stream(8192, shards=12), buffer_mb=64),
            (64, 96),
            (64, 96, 10_800),
            "8 MiB/s ÷ 12 shards fills it in 96 s → written out after 96 s at the latest",
            id="size given",
        ),
        pytest.param(
            # 0.977 MiB/s / 2 shards x 120 s = 58.594 MiB; 720 a day from each
            archive(stream(500, 2), buffer_seconds=120),
            (128, 120),
            (58.59375, 120, 1440),
            "written out after 120 s at the latest, as given",
            id="age given",
        ),
        pytest.param(
            # Without a buffer Firehose still gathers for 5 s
            direct(1024, buffer_seconds=0),
            (128, 0),
            (5, 5, 17_280),
            "written out after 0 s at the latest, as given",
            id="no buffer",
        ),
    ],
)
def test_buffer_is_as_large_and_as_patient_as_its_load_wants(
    planned: S3DeliveryPlan, buffer: tuple[int, int], objects: tuple[float, float, int], line: str
) -> None:
    made = planned.objects
    assert made is not None
    assert (planned.buffer_mb, planned.buffer_seconds) == buffer
    assert (made.mib, made.seconds, made.per_day) == objects
    assert planned.working[1] == line


@pytest.mark.parametrize(
    ("planned", "seconds", "why"),
    [
        (direct(), 300, "the workload is not known"),
        (archive(stream(mode="on_demand")), 300, "the workload is not known"),
        (direct(1024, partition_by=["country"]), 900, "how many values divide the flow is not known"),
        (
            archive(stream(1024), partition_by=["day(at)", "country"]),
            900,
            "how many values divide the flow is not known",
        ),
        (direct(partition_by=["country"]), 900, "the workload is not known"),
        (direct(1024, partition_by=[VALUES[0], "device"]), 900, "how many values divide the flow is not known"),
    ],
)
def test_nothing_is_said_of_objects_when_the_load_of_a_buffer_is_not_known(
    planned: S3DeliveryPlan, seconds: int, why: str
) -> None:
    assert (planned.buffer_mb, planned.buffer_seconds, planned.objects) == (128, seconds, None)
    assert planned.working == (
        "buffer of 128 MiB, the largest: queries like objects of 128 MiB",
        f"written out after {seconds} s at the latest: {why}",
    )


def test_working_ends_with_what_comes_out() -> None:
    first, _, last = archive(stream(500, 2), buffer_mb=100, buffer_seconds=120).working
    assert first == "buffer of 100 MiB, as given"
    assert last == "objects: 58.594 MiB of records in 120 s, about 1,440 a day"


@pytest.mark.parametrize(
    ("planned", "buffer", "line"),
    [
        (elsewhere("opensearch"), (5, 60), "a request of 5 MiB, or of what came in 60 s"),
        (
            elsewhere("opensearch", buffer_mb=20, buffer_seconds=120),
            (20, 120),
            "a request of 20 MiB, or of what came in 120 s",
        ),
        # Datadog takes the least of those that are behind an HTTP endpoint.
        (elsewhere("http"), (4, 60), "a request of 4 MiB, or of what came in 60 s"),
        (elsewhere("http", buffer_mb=64), (64, 60), "a request of 64 MiB, or of what came in 60 s"),
    ],
)
def test_other_destinations_get_the_buffer_of_the_spec(
    planned: DeliveryPlan, buffer: tuple[int, int], line: str
) -> None:
    assert (planned.buffer_mb, planned.buffer_seconds, planned.working) == (*buffer, (line,))
    assert not isinstance(planned, S3DeliveryPlan)


def test_delivery_of_a_stream_has_the_workload_of_its_stream() -> None:
    planned = archive(stream(500, 2))
    assert planned.workload == Workload(records_per_second=500, record_kb=2)
    assert (planned.is_direct, direct(3).is_direct) == (False, True)


rates = st.floats(0.01, 1e6, allow_nan=False).map(lambda rate: round(rate, 3)).filter(lambda rate: rate > 0)
sizes = st.floats(0.01, 1000, allow_nan=False).map(lambda size: round(size, 3)).filter(lambda size: size > 0)
partitions = st.sampled_from([["day(arrival)"], ["hour(at)"], VALUES, ["country"]])


@settings(max_examples=200)
@given(rates, sizes, st.integers(1, 200) | st.none(), partitions, st.sampled_from(["json", "parquet", "orc"]))
def test_every_workload_has_a_buffer_that_firehose_takes(
    rate: float, kib: float, shards: int | None, by: Any, form: str
) -> None:
    capacity: Any = {"mode": "on_demand"} if shards is None else {"shards": shards}
    planned = archive(stream(rate, kib, **capacity), partition_by=by, format=form)
    assert 60 <= planned.buffer_seconds <= 900
    # Enough for conversion and for dynamic partitioning, which take no less than 64 MiB.
    assert 64 <= planned.buffer_mb <= 128


@settings(max_examples=200)
@given(rates, sizes, st.integers(1, 128) | st.none(), st.integers(0, 900) | st.none())
def test_objects_are_what_the_buffer_and_the_load_make(
    rate: float, kib: float, mib: int | None, seconds: int | None
) -> None:
    planned = direct(rate, kib, buffer_mb=mib, buffer_seconds=seconds)
    made = planned.objects
    assert made is not None
    flow = rate * kib / 1024
    assert made.mib <= planned.buffer_mb * (1 + 1e-9)
    assert made.seconds <= max(planned.buffer_seconds, 5)
    # Either the buffer is full, or its time is over.
    assert math.isclose(made.mib, planned.buffer_mb) or made.seconds == max(planned.buffer_seconds, 5)
    assert math.isclose(made.mib, flow * made.seconds, rel_tol=1e-9)
    assert made.per_day - 1 < 86_400 / made.seconds * (1 + 1e-9)
    assert made.per_day >= 86_400 / made.seconds * (1 - 1e-9)


@pytest.mark.parametrize(
    ("planned", "table", "database"),
    [
        (direct(), True, True),
        (direct(format="parquet"), True, True),
        (direct(format="orc", database="lake"), True, False),
        (direct(compression="zip"), False, False),
        (direct(newline=False), False, False),
        (plan_delivery("lake", DeliverySpec(to=S3Destination())), False, False),
        (elsewhere("opensearch"), False, False),
    ],
)
def test_table_stands_over_archives_of_records_with_a_schema(
    planned: DeliveryPlan, table: bool, database: bool
) -> None:
    assert (planned.has_table, planned.needs_database) == (table, database)


@pytest.mark.parametrize(
    ("spec", "names"),
    [
        ({"to": {"kind": "s3"}}, ["lake"]),
        ({"to": {"kind": "s3", "format": "parquet", "source_backup": {}}}, ["lake", "lake.backup"]),
        ({"to": SPLUNK}, ["lake"]),
        ({"to": {**SPLUNK, "backup": "all"}}, ["lake", "lake.backup"]),
    ],
)
def test_stream_is_read_once_more_for_a_backup_of_all_records(spec: Any, names: list[str]) -> None:
    readers = DeliverySpec.model_validate({"from": "clicks", **spec}).readers("lake")
    assert [(reader.name, reader.read) for reader in readers] == [(name, "shared") for name in names]


BUCKET = "arn:aws:s3:::records"


@pytest.mark.parametrize(
    ("to", "shared"),
    [
        ({}, False),
        ({"source_backup": {}}, True),
        ({"source_backup": {"prefix": "source"}}, True),
        ({"bucket": BUCKET, "source_backup": {}}, True),
        ({"bucket": BUCKET, "source_backup": {"bucket": BUCKET}}, True),
        ({"bucket": BUCKET, "source_backup": {"bucket": "arn:aws:s3:::copies"}}, False),
        ({"bucket": BUCKET, "source_backup": {"expire_after_days": 7}}, False),
        ({"source_backup": {"encryption": "customer_managed"}}, False),
        ({"source_backup": {"bucket": BUCKET}}, False),
    ],
)
def test_source_backup_is_in_the_bucket_of_the_archive_unless_something_is_said_of_another(
    to: dict[str, Any], shared: bool
) -> None:
    assert backup_in_archive(S3Destination.model_validate({"kind": "s3", **to})) is shared
