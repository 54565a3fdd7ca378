"""Which alarms a delivery has, with which metric and threshold, and when."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from streaming_constructs import PipelineSpec
from streaming_constructs.facts import firehose, metrics
from streaming_constructs.planning import plan
from streaming_constructs.planning.alarm import AlarmPlan
from streaming_constructs.planning.dashboard import Graph, dashboard_rows
from streaming_constructs.planning.deliveries.firehose import DeliveryPlan, plan_delivery, plan_node
from streaming_constructs.planning.deliveries.firehose_alarms import backup_metric
from streaming_constructs.planning.node import Neighbours
from streaming_constructs.planning.streams.kinesis import StreamPlan, plan_stream
from streaming_constructs.spec.deliveries.firehose import DeliverySpec
from streaming_constructs.spec.schemas import record_schema
from streaming_constructs.spec.streams.kinesis import KinesisStreamSpec

S3 = {"kind": "s3"}
SECRET = {"secret_arn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:out-AbCdEf"}
SEARCH = {"kind": "opensearch", "domain_arn": "arn:aws:es:eu-west-1:123456789012:domain/search"}
SERVERLESS = {
    "kind": "opensearch_serverless",
    "collection_arn": "arn:aws:aoss:eu-west-1:123456789012:collection/abc",
    "collection_endpoint": "https://abc.eu-west-1.aoss.amazonaws.com",
}
SPLUNK = {"kind": "splunk", "endpoint": "https://splunk.example.com:8088", **SECRET}
SNOWFLAKE = {
    "kind": "snowflake",
    "account_url": "https://shop.snowflakecomputing.com",
    "database": "SHOP",
    "schema": "PUBLIC",
    "table": "CLICKS",
    **SECRET,
}
ICEBERG = {
    "kind": "iceberg",
    "table_bucket": "tables",
    "database": "shop",
    "table": "clicks",
}
REDSHIFT = {
    "kind": "redshift",
    "jdbc_url": "jdbc:redshift://shop.abc.eu-west-1.redshift.amazonaws.com:5439/shop",
    "secret_arn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:redshift-AbCdEf",
    "table": "clicks",
}
HTTP = {"kind": "http", "endpoint": "https://example.com/clicks"}
TRANSFORM = {"function_arn": "arn:aws:lambda:eu-west-1:123456789012:function:mend"}
KEY = {"kind": "customer_managed"}


def clicks(**more: Any) -> StreamPlan:
    return plan_stream("clicks", KinesisStreamSpec.model_validate({"mode": "on_demand", **more}))


def delivery(to: Any = S3, stream: StreamPlan | None = None, **more: Any) -> DeliveryPlan:
    source = {"from": "clicks"} if stream is not None else {}
    spec = DeliverySpec.model_validate({**source, "to": to, **more})
    return plan_delivery("lake", spec, stream, record_schema({"country": "string"}))


def alarms(planned: DeliveryPlan, *, own_key: bool = False) -> dict[str, AlarmPlan]:
    return {alarm.kind: alarm for alarm in replace(planned, own_key=own_key).alarms()}


def numbers(alarm: AlarmPlan) -> tuple[str, str, float, int, bool]:
    return alarm.metric.name, alarm.metric.statistic, alarm.threshold, alarm.minutes, alarm.below


BASE = {"freshness", "delivery_success"}
DIRECT = BASE | {"throttled_records"}
FED = BASE | {"source_lag", "throttled_reads"}


@pytest.mark.parametrize(
    ("planned", "kinds"),
    [
        (delivery(), DIRECT),
        (delivery(stream=clicks()), FED),
        (delivery({**S3, "format": "parquet"}), DIRECT | {"failed_conversion"}),
        (delivery({**S3, "format": "orc"}), DIRECT | {"failed_conversion"}),
        (delivery({**S3, "partition_by": ["country"]}), DIRECT | {"partitions_exceeded"}),
        (delivery({**S3, "format": "parquet", "source_backup": {}}), DIRECT | {"failed_conversion", "backup_failures"}),
        (delivery(transform=TRANSFORM), DIRECT | {"transform_failures"}),
        (delivery(decompress_cloudwatch_logs=True), DIRECT | {"failed_decompression"}),
        (delivery(SEARCH, clicks()), FED | {"refused_records", "access_denied", "backup_failures"}),
        (delivery(SERVERLESS), DIRECT | {"refused_records", "access_denied", "backup_failures"}),
        (delivery(SPLUNK), DIRECT | {"backup_failures"}),
        # Neither publishes a metric of its backup.
        (delivery(HTTP), DIRECT),
        (delivery(ICEBERG), DIRECT | {"refused_records"}),
        (delivery(REDSHIFT), DIRECT | {"staging_failures"}),
    ],
)
def test_delivery_has_the_alarms_of_what_it_does(planned: DeliveryPlan, kinds: set[str]) -> None:
    assert set(alarms(planned)) == kinds
    assert set(alarms(planned, own_key=True)) == kinds | {"key_denied"}


ALL = delivery(
    {**S3, "format": "parquet", "partition_by": ["country"], "source_backup": {}, "buffer_seconds": 900},
    clicks(retention_hours=36),
    transform=TRANSFORM,
    decompress_cloudwatch_logs=True,
)


@pytest.mark.parametrize(
    ("planned", "kind", "expected"),
    [
        (ALL, "freshness", ("DeliveryToS3.DataFreshness", "Maximum", 1920, 5, False)),
        (ALL, "delivery_success", ("DeliveryToS3.Success", "Average", 1, 5, True)),
        # an hour in ms, which is less than half of 36 h
        (ALL, "source_lag", ("KinesisMillisBehindLatest", "Maximum", 3_600_000, 5, False)),
        (ALL, "throttled_reads", ("ThrottledGetRecords", "Sum", 0, 5, False)),
        (ALL, "transform_failures", ("ExecuteProcessing.Success", "Average", 1, 5, True)),
        (ALL, "failed_decompression", ("OutputDecompressedRecords.Failed", "Sum", 0, 1, False)),
        (ALL, "failed_conversion", ("FailedConversion.Records", "Sum", 0, 1, False)),
        (ALL, "partitions_exceeded", ("PartitionCountExceeded", "Maximum", 0, 1, False)),
        (ALL, "backup_failures", ("BackupToS3.Success", "Average", 1, 5, True)),
        (ALL, "key_denied", ("KMSKeyAccessDenied", "Sum", 0, 1, False)),
        (delivery(), "throttled_records", ("ThrottledRecords", "Sum", 0, 5, False)),
        (delivery(SEARCH), "freshness", ("DeliveryToAmazonOpenSearchService.DataFreshness", "Maximum", 900, 5, False)),
        (
            delivery(SEARCH),
            "refused_records",
            ("DeliveryToAmazonOpenSearchService.DeliveryRejected", "Maximum", 0, 1, False),
        ),
        (delivery(SEARCH), "access_denied", ("DeliveryToAmazonOpenSearchService.AuthFailure", "Maximum", 0, 1, False)),
        (delivery(SEARCH), "backup_failures", ("DeliveryToS3.Success", "Average", 1, 5, True)),
        (delivery(HTTP), "delivery_success", ("DeliveryToHttpEndpoint.Success", "Minimum", 1, 5, True)),
    ],
)
def test_alarm_has_its_metric_and_threshold(planned: DeliveryPlan, kind: str, expected: tuple[Any, ...]) -> None:
    alarm = alarms(planned, own_key=True)[kind]
    assert numbers(alarm) == expected
    assert (alarm.node, alarm.metric.namespace, alarm.metric.dimensions) == (
        "lake",
        "AWS/Firehose",
        ("DeliveryStreamName",),
    )


@pytest.mark.parametrize(
    ("seconds", "threshold", "working"),
    [
        (0, 900, "2 buffers of 0 s are 0 s; AWS starts at 900 s"),
        (449, 900, "2 buffers of 449 s are 898 s; AWS starts at 900 s"),
        (450, 900, "2 buffers of 450 s"),
        (451, 902, "2 buffers of 451 s"),
        (900, 1800, "2 buffers of 900 s"),
    ],
)
def test_freshness_follows_from_the_buffer(seconds: int, threshold: float, working: str) -> None:
    alarm = alarms(delivery({**S3, "buffer_seconds": seconds}))["freshness"]
    assert (alarm.threshold, alarm.working) == (threshold, working)


def test_lag_of_a_stream_of_which_nothing_is_known_is_that_of_a_day() -> None:
    planned = plan_delivery("lake", DeliverySpec.model_validate({"from": "clicks", "to": S3}))
    assert alarms(planned)["source_lag"].working.endswith("of the retention of 24 h would be 43,200 s")


@pytest.mark.parametrize(("own", "system", "seconds"), [(300, None, 300), (300, 600, 300), (None, 600, 600)])
def test_late_is_what_the_delivery_or_the_system_calls_late(own: int | None, system: int | None, seconds: int) -> None:
    planned = replace(delivery(stream=clicks(), max_lag_seconds=own), max_lag_seconds=system)
    assert alarms(planned)["source_lag"].threshold == seconds * 1000


@pytest.mark.parametrize(
    ("to", "name"),
    [
        ({**S3, "format": "parquet", "source_backup": {}}, "BackupToS3.Success"),
        (SEARCH, "DeliveryToS3.Success"),
        ({**SEARCH, "backup": "all"}, "DeliveryToS3.Success"),
        (SPLUNK, "DeliveryToS3.Success"),
        ({**SPLUNK, "backup": "all"}, "BackupToS3.Success"),
        (SNOWFLAKE, "DeliveryToS3.Success"),
        ({**SNOWFLAKE, "backup": "all"}, "BackupToS3.Success"),
        (REDSHIFT, "DeliveryToS3.Success"),
        (S3, None),
        (HTTP, None),
        (ICEBERG, None),
    ],
)
def test_what_is_beside_the_destination_is_watched_by_the_metric_that_counts_it(to: Any, name: str | None) -> None:
    metric = backup_metric(delivery(to))
    assert (metric.name if metric else None) == name


def test_freshness_counts_the_batch_of_a_function_as_a_buffer() -> None:
    planned = delivery({**S3, "buffer_seconds": 600}, transform={**TRANSFORM, "buffer_seconds": 300})
    assert alarms(planned)["freshness"].working == "2 times 900 s, the buffer of 600 s and that before the function"


@pytest.mark.parametrize(
    ("spec", "stream", "own"),
    [
        ({"to": S3}, None, False),
        ({"to": S3, "encryption": "aws_owned"}, None, False),
        ({"to": S3, "encryption": KEY}, None, True),
        ({"to": S3}, clicks(), False),
        ({"to": S3}, clicks(encryption=KEY), True),
        # Firehose tells of the key of its source alone.
        ({"to": {**S3, "encryption": KEY}}, clicks(), False),
    ],
)
def test_key_that_is_watched_is_that_of_the_source(spec: Any, stream: StreamPlan | None, own: bool) -> None:
    source = {"from": "clicks"} if stream is not None else {}
    neighbours = Neighbours(sources={"clicks": stream} if stream is not None else {})
    planned = plan_node("lake", DeliverySpec.model_validate({**source, **spec}), neighbours)
    assert ("key_denied" in {alarm.kind for alarm in planned.alarms()}) is own


@pytest.mark.parametrize("kind", ["freshness", "key_denied"])
def test_action_says_who_keeps_what_is_not_delivered(kind: str) -> None:
    fed, put = alarms(delivery(stream=clicks()), own_key=True), alarms(delivery(), own_key=True)
    assert fed[kind].action.endswith("; the stream keeps what is not delivered until retention ends")
    assert put[kind].action.endswith("; Firehose keeps what is not delivered for 24 h")


def graphs(planned: DeliveryPlan) -> dict[str, Graph]:
    (row,) = dashboard_rows([planned], list(planned.alarms()))
    return {graph.title: graph for graph in row.graphs}


def test_row_of_a_delivery_shows_what_is_late_and_what_failed_with_the_alarms_lines() -> None:
    (row,) = dashboard_rows([ALL], list(ALL.alarms()))
    assert (row.node, row.heading) == ("lake", "## lake\nreads clicks, writes to s3 every 128 MiB or 900 s")
    assert row.graphs == (
        Graph("Age of the oldest record, in seconds", (firehose.S3.freshness,), (("lake.freshness", 1920.0),)),
        Graph("Behind the stream", (metrics.DELIVERY_SOURCE_LAG,), (("lake.source_lag", 3_600_000),)),
        Graph(
            "Share of writes that succeed",
            (firehose.S3.success, metrics.TRANSFORM_SUCCESS, metrics.BACKUP_SUCCESS),
            (("lake.delivery_success", 1), ("lake.backup_failures", 1), ("lake.transform_failures", 1)),
        ),
        Graph(
            "Throttled and failed",
            (
                metrics.DELIVERY_THROTTLED_READS,
                metrics.FAILED_CONVERSION_RECORDS,
                metrics.FAILED_DECOMPRESSION_RECORDS,
                metrics.PARTITION_COUNT_EXCEEDED,
            ),
        ),
    )


def test_row_of_direct_put_shows_what_is_refused_and_no_lag() -> None:
    (row,) = dashboard_rows([delivery()], [])
    assert row.heading == "## lake\ntakes records directly, writes to s3 every 128 MiB or 300 s"
    assert [graph.title for graph in row.graphs] == [
        "Age of the oldest record, in seconds",
        "Share of writes that succeed",
        "Throttled and failed",
    ]
    assert row.graphs[-1].metrics == (metrics.DELIVERY_THROTTLED_RECORDS,)


def test_row_of_search_shows_refusals_and_the_backup() -> None:
    shown = graphs(delivery(SEARCH))
    assert shown["Share of writes that succeed"].metrics == (
        firehose.OPENSEARCH.success,
        firehose.S3.success,
    )
    assert shown["Throttled and failed"].metrics == (metrics.DELIVERY_THROTTLED_RECORDS, firehose.OPENSEARCH.refused)
    assert shown["Also watched"].metrics == (firehose.OPENSEARCH.unauthorized,)


@pytest.mark.parametrize("planned", [ALL, *map(delivery, (S3, SEARCH, SERVERLESS, SPLUNK, HTTP, ICEBERG, REDSHIFT))])
def test_whatever_is_watched_is_shown_once(planned: DeliveryPlan) -> None:
    watched = list(replace(planned, own_key=True).alarms())
    (row,) = dashboard_rows([planned], watched)
    shown = [metric for graph in row.graphs for metric in graph.metrics]
    assert {alarm.metric for alarm in watched} <= set(shown)
    assert len(shown) == len(set(shown))


def test_what_is_watched_elsewhere_is_not_shown_here() -> None:
    other = plan_delivery("other", DeliverySpec.model_validate({"to": SEARCH}))
    (row, _) = dashboard_rows([delivery(), other], [*delivery().alarms(), *other.alarms()])
    assert row.graphs[-1].metrics == (metrics.DELIVERY_THROTTLED_RECORDS,)


@pytest.mark.parametrize(("threshold", "found"), [(659, True), (660, False)])
def test_a_threshold_below_the_buffer_is_always_on(threshold: int, found: bool) -> None:
    spec = {
        "name": "shop",
        "removal_policy": "destroy",
        "deliveries": {"lake": {"to": {**S3, "buffer_seconds": 600}, "transform": {**TRANSFORM, "buffer_seconds": 60}}},
        "alarms": {"override": {"lake.freshness": {"threshold": threshold}}},
    }
    told = [(one.code, one.dotted_path) for one in plan(PipelineSpec.model_validate(spec)).findings]
    assert told == ([("ALM608", "alarms.override.lake.freshness.threshold")] if found else [])
