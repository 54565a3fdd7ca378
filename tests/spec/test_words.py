"""Words of other tools, each answered with ours: what is written where, and what a program makes of the help."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings

from streaming_constructs.kinds import KINDS
from streaming_constructs.spec import words
from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.examples import in_yaml
from streaming_constructs.spec.finding import SpecPath, did_you_mean, nearest
from streaming_constructs.spec.model import SpecModel
from streaming_constructs.spec.read import Reading, edited, read_as
from streaming_constructs.spec.section import model_of
from tests.strategies import junk

KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:f"
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:q"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:t"
STREAM = "arn:aws:kinesis:eu-west-1:123456789012:stream/s"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:token-AbCdEf"
SUBNET, GROUP = "subnet-0123456789abcdef0", "sg-0123456789abcdef0"

BASE: Any = {
    "name": "shop",
    "streams": {"clicks": {"kind": "kinesis", "workload": {"records_per_second": 5, "record_kb": 1}}},
    "consumers": {
        "a": {"kind": "lambda", "from": "clicks", "code": ".", "runtime": "java21", "on_failure": {"destination": "s3"}}
    },
    "deliveries": {
        "lake": {"from": "clicks", "to": {"kind": "s3"}},
        "search": {"from": "clicks", "to": {"kind": "opensearch", "domain": "logs"}},
        "splunk": {"from": "clicks", "to": {"kind": "splunk", "endpoint": "https://a.b:8088", "secret_arn": SECRET}},
        "web": {"from": "clicks", "to": {"kind": "http", "endpoint": "https://example.com"}},
    },
    "stores": {"logs": {"kind": "opensearch"}},
    "sns_topics": {"alerts": {"kind": "sns"}},
    "producers": {
        "hosts": {"kind": "kinesis_agent", "to": "clicks", "files": ["/a"]},
        "groups": {"kind": "cloudwatch_logs", "to": "clicks", "log_groups": ["/b"]},
    },
    "apis": {"live": {"kind": "lambda", "function_arn": FUNCTION}},
    "alarms": {},
}
LIVE = ("apis", "live")
CLICKS, A = ("streams", "clicks"), ("consumers", "a")
LAKE, SEARCH, SPLUNK, WEB = (("deliveries", name, "to") for name in ("lake", "search", "splunk", "web"))
OLD = "the field of that place that it takes the place of"

TABLE: list[tuple[SpecPath, str, Any, dict[str, Any]]] = [
    # where, the word, what it says, what that is in ours
    (CLICKS, "shard_count", 4, {"shards": 4}),
    (CLICKS, "ShardCount", 4, {"shards": 4}),
    (CLICKS, "capacity", "on_demand", {"mode": "on_demand"}),
    (CLICKS, "capacity", {"mode": "provisioned", "shards": 2}, {"mode": "provisioned", "shards": 2}),
    (CLICKS, "capacity", 3, {"shards": 3}),
    (CLICKS, "stream_mode", "on_demand", {"mode": "on_demand"}),
    (CLICKS, "retention", 48, {"retention_hours": 48}),
    (CLICKS, "retention_period", 48, {"retention_hours": 48}),
    (CLICKS, "RetentionPeriodHours", 48, {"retention_hours": 48}),
    (CLICKS, "expire_after_days", 7, {"retention_days": 7}),
    (CLICKS, "existing", {"arn": STREAM}, {"arn": STREAM}),
    (CLICKS, "stream_arn", STREAM, {"arn": STREAM}),
    (CLICKS, "kms_key_arn", KEY, {"encryption": {"kms_key_arn": KEY}}),
    (CLICKS, "kms_key_id", KEY, {"encryption": {"kms_key_arn": KEY}}),
    ((*CLICKS, "encryption"), "key_arn", KEY, {"kms_key_arn": KEY}),
    (CLICKS, "stream_name", "prod-clicks", {}),
    (CLICKS, "name", "prod-clicks", {}),
    (CLICKS, "tags", {"a": "b"}, {}),
    (CLICKS, "ordered", True, {}),
    ((*CLICKS, "workload"), "peak", 2, {"peak_factor": 2}),
    ((*CLICKS, "watermark"), "delay", 5, {"delay_seconds": 5}),
    ((*CLICKS, "watermark"), "max_delay", "2 minutes", {"delay_seconds": 120}),
    ((*CLICKS, "watermark"), "out_of_orderness", "INTERVAL '5' SECOND", {"delay_seconds": 5}),
    ((*CLICKS, "watermark"), "lateness", "a while", {"delay_seconds": "a while"}),
    ((*CLICKS, "watermark"), "column", "at", {"field": "at"}),
    (CLICKS, "retention", "7d", {"retention_hours": 168}),
    (CLICKS, "retention", "7 fortnights", {"retention_hours": "7 fortnights"}),
    (LIVE, "authorizer", "AWS_IAM", {"auth": "iam"}),
    (LIVE, "authentication", "basic", {"auth": "basic"}),
    (LIVE, "rate_limit", {"rate": 5}, {"throttle": {"rate": 5}}),
    (LIVE, "rate_limit", 20, {"throttle": {"rate": 20}}),
    (LIVE, "path", "/live", {}),
    ((), "rest_apis", {"live": {"kind": "lambda"}}, {"apis": {"live": {"kind": "lambda"}}}),
    ((), "http_apis", {"live": {"kind": "lambda"}}, {"apis": {"live": {"kind": "lambda"}}}),
    ((), "api_gateway", {"live": {"kind": "lambda"}}, {"apis": {"live": {"kind": "lambda"}}}),
    ((), "api_gateway", {"in": {"to": "clicks"}}, {"producers": {"in": {"to": "clicks"}}}),
    (A, "timeout", "5m", {"timeout_seconds": 300}),
    (A, "memory", "1 GiB", {"memory_mb": 1024}),
    (LAKE, "buffer_interval", "90s", {"buffer_seconds": 90}),
    (A, "memory", 512, {"memory_mb": 512}),
    (A, "memorySize", 512, {"memory_mb": 512}),
    (A, "timeout", 30, {"timeout_seconds": 30}),
    (A, "env", {"STAGE": "dev"}, {"environment": {"STAGE": "dev"}}),
    (A, "variables", {"STAGE": "dev"}, {"environment": {"STAGE": "dev"}}),
    (A, "batchSize", 10, {"batch_size": 10}),
    (A, "BatchSize", 10, {"batch_size": 10}),
    (A, "batch-size", 10, {"batch_size": 10}),
    (A, "maximum_batching_window_in_seconds", 10, {"batch_window_seconds": 10}),
    (A, "MaximumBatchingWindowInSeconds", 10, {"batch_window_seconds": 10}),
    (A, "efo", True, {"enhanced_fan_out": True}),
    (A, "read", "enhanced_fan_out", {"enhanced_fan_out": True}),
    (A, "read", {"shared": True}, {"enhanced_fan_out": False}),
    (A, "concurrency", 5, {"reserved_concurrency": 5}),
    (A, "writes", ["alerts"], {"to": ["alerts"]}),
    (A, "publishes", "alerts", {"to": ["alerts"]}),
    (A, "filter_criteria", {"data": {"a": ["b"]}}, {"filters": [{"data": {"a": ["b"]}}]}),
    (A, "alarms", {"lag": 60}, {"max_lag_seconds": 60}),
    (A, "alarms", False, {}),
    (A, "tags", {"a": "b"}, {}),
    (A, "fifo", True, {}),
    (A, "dlq", QUEUE, {"on_failure": {"destination": QUEUE}}),
    (A, "dead_letter_queue", True, {"on_failure": {"destination": "sqs"}}),
    (A, "retries", 3, {"on_failure": {"destination": "s3", "retries": 3}}),
    (A, "max_age", "1h", {"on_failure": {"destination": "s3", "max_record_age_seconds": 3600}}),
    (A, "bisect_on_error", False, {"on_failure": {"destination": "s3", "bisect": False}}),
    ((*A, "on_failure"), "retry", 3, {"retries": 3}),
    ((*A, "on_failure"), "MaximumRetryAttempts", 3, {"retries": 3}),
    ((*A, "on_failure"), "max_age", "1h", {"max_record_age_seconds": 3600}),
    ((*A, "on_failure"), "bisect_batch_on_function_error", True, {"bisect": True}),
    ((*A, "vpc"), "subnets", SUBNET, {"subnet_ids": [SUBNET]}),
    ((*A, "vpc"), "security_groups", GROUP, {"security_group_ids": [GROUP]}),
    (LAKE, "bucket_name", "my-records", {"bucket": "my-records"}),
    (LAKE, "bucket_arn", "arn:aws:s3:::my-records", {"bucket": "arn:aws:s3:::my-records"}),
    (LAKE, "buffer", {"size_mb": 5, "interval": 60}, {"buffer_mb": 5, "buffer_seconds": 60}),
    (LAKE, "buffering", "small", {"buffer_seconds": 60}),
    (LAKE, "buffer_mib", 5, {"buffer_mb": 5}),
    (LAKE, "expiration_days", 90, {"expire_after_days": 90}),
    (LAKE, "retention_days", 90, {"expire_after_days": 90}),
    (LAKE, "partitions", ["day"], {"partition_by": ["day"]}),
    (
        LAKE,
        "lifecycle",
        [{"transition_days": 30, "storage_class": "GLACIER_IR", "expire_days": 365}],
        {"transitions": [{"after_days": 30, "storage_class": "glacier_ir"}], "expire_after_days": 365},
    ),
    (LAKE, "lifecycle_rules", "some", {"expire_after_days": 365}),
    (SPLUNK, "hec_token", "secret!", {}),
    (SPLUNK, "acknowledgement_seconds", 200, {"ack_timeout_seconds": 200}),
    (WEB, "api_key", {"secret": SECRET}, {"secret_arn": SECRET}),
    (
        ("deliveries", "web"),
        "backup",
        {"mode": "AllData", "bucket": "b-1"},
        {"to": {"backup": {"records": "all", "bucket": "b-1"}}},
    ),
    (("deliveries", "web"), "on_failure", {"retry_seconds": 9}, {"to": {"backup": "failed", "retry_seconds": 9}}),
    (("stores", "logs"), "instance_count", 3, {"instances": 3}),
    (("stores", "logs"), "volume_size", 100, {"volume_gb": 100}),
    (("stores", "logs"), "engine_version", "2.19", {"version": "2.19"}),
    (("stores", "logs"), "retention", 7, {"retention_days": 7}),
    (("sns_topics", "alerts"), "emails", ["a@example.com"], {"subscribers": ["a@example.com"]}),
    (("alarms",), "email", "a@example.com", {"notify": ["a@example.com"]}),
    (("alarms",), "topic_arn", TOPIC, {"notify": [TOPIC]}),
    (("alarms",), "lag", {"threshold_seconds": 60}, {"max_lag_seconds": 60}),
    (("alarms",), "slack", "#oncall", {}),
    (("alarms",), "errors", {"threshold": 5}, {"override": {"errors": {"threshold": 5}}}),
    (
        ("alarms",),
        "throttling",
        {"enabled": False, "reason": "it is bursty"},
        {"silence": {"write_throttling": "it is bursty"}},
    ),
    ((), "environment", "dev", {}),
    ((), "topics", {"more": {"kind": "sns"}}, {"sns_topics": {"more": {"kind": "sns"}}}),
]
RENAMED: list[tuple[SpecPath, str, str, Any]] = [
    # what a place has to have, under another name
    (A, "from", "stream", "clicks"),
    (A, "from", "source", "clicks"),
    (A, "code", "handler_path", "."),
    (("deliveries", "lake"), "to", "target", {"kind": "s3"}),
    (SEARCH, "domain", "store", "logs"),
    (WEB, "endpoint", "url", "https://example.com"),
    (SPLUNK, "secret_arn", "secret", SECRET),
    (("producers", "hosts"), "files", "paths", ["/a"]),
    (("producers", "groups"), "log_groups", "log_group", "/b"),
    ((*CLICKS, "workload"), "records_per_second", "rps", 5),
    ((*CLICKS, "workload"), "record_kb", "record_kib", 1),
    ((), "consumers", "functions", BASE["consumers"]),
]


def with_field(place: SpecPath, word: str, value: Any, *, without: str = "") -> Any:
    """The base with a field put into one of its parts, and one taken out."""
    data = edited(BASE, [])
    part: Any = data
    for step in place:
        part = part.setdefault(step, {})
    part.pop(without, None)
    part[word] = value
    return data


def read(data: Any) -> Reading:
    return read_as(read_document(in_yaml(data), "pipeline.yaml"))


def test_the_base_is_fine() -> None:
    assert read(BASE).findings == ()


@pytest.mark.parametrize(("place", "word", "value", "ours"), TABLE)
def test_a_word_is_answered_and_mended_with_ours(place: SpecPath, word: str, value: Any, ours: dict[str, Any]) -> None:
    data = with_field(place, word, value)
    (finding,) = (finding for finding in read(data).findings if finding.path == (*place, word))
    assert (finding.code, finding.message) == ("LNG201", f"unknown field `{word}`")
    assert finding.help == "take it out" if not ours else finding.help.startswith("write `")
    mended: Any = edited(data, finding.edits)
    for step in place:
        mended = mended[step]
    assert word not in mended
    for field, inner in ours.items():
        there = mended[field]
        assert there == inner or (isinstance(there, dict) and inner.items() <= there.items())


@pytest.mark.parametrize(("place", "field", "word", "value"), RENAMED, ids=lambda part: str(part)[:30])
def test_what_is_there_under_another_name_is_not_missing(place: SpecPath, field: str, word: str, value: Any) -> None:
    data = with_field(place, word, value, without=field)
    (finding,) = read(data).findings
    assert (finding.code, finding.path) == ("LNG201", (*place, word))
    assert f"`{field}: " in finding.help
    assert read(edited(data, finding.edits)).findings == ()


@pytest.mark.parametrize(
    ("place", "word", "value"),
    [
        (LAKE, "mode", "append"),  # a word of Iceberg's destination alone
        (LAKE, "hec_token", "x"),
        (CLICKS, "memory", 5),
        (LAKE, "nothing_known", 5),
        (("sns_topics", "alerts"), "fifo", True),
        (("alarms",), "errors", {"unknown": 5}),
        (("alarms",), "errors", 5),
    ],
)
def test_a_word_that_means_nothing_there_is_only_unknown(place: SpecPath, word: str, value: Any) -> None:
    (finding,) = read(with_field(place, word, value)).findings
    assert (finding.code, finding.note) == ("LNG201", "")
    assert finding.help.startswith(("use one of: ", "did you mean "))


def models() -> Iterator[type[SpecModel]]:
    for row in KINDS:
        model_of(row)
    waiting = [SpecModel]
    while waiting:
        model = waiting.pop()
        waiting += model.__subclasses__()
        yield model


def test_every_word_of_the_tables_has_a_place_where_it_is_answered() -> None:
    importlib.import_module("streaming_constructs.spec.pipeline")
    fields = [{str(field.validation_alias or name) for name, field in model.model_fields.items()} for model in models()]
    values = [5, "x", {"mode": "all"}, ["a"], False]
    tables = {
        "anywhere": words._ANYWHERE,
        **words._BY_SECTION,
        "workload": words._WORKLOAD,
        "watermark": words.WATERMARK_WORDS,
    }
    dead = [
        f"{name}.{word}"
        for name, table in tables.items()
        for word, known in table.items()
        for meaning in (known if isinstance(known, tuple) else (known,))
        if not any(
            {*(path.partition(".")[0] for path in meaning.ours(value, beside)), *meaning.needs} <= there
            for value in values
            for beside in ({}, {"to": {"kind": "s3"}})
            for there in fields
        )
    ]
    assert dead == []


@settings(deadline=None, derandomize=True, database=None, max_examples=200)
@given(value=junk)
def test_any_value_of_a_word_is_answered(value: Any) -> None:
    for table in (words._ANYWHERE, *words._BY_SECTION.values(), words._WORKLOAD, words.WATERMARK_WORDS):
        for known in table.values():
            for meaning in known if isinstance(known, tuple) else (known,):
                assert isinstance(meaning.ours(value, {"to": value, "on_failure": value}), dict)


# --- slips of the pen


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("retention_hour", "retention_hours"),
        ("retenton_hours", "retention_hours"),
        ("shard", "shards"),
        ("workloads", "workload"),
        ("schem", "schema"),
        ("capacity", ""),
        ("x", ""),
        ("", ""),
        ("arrr", ""),
        ("removal", ""),
    ],
)
def test_did_you_mean_speaks_only_when_it_is_close(word: str, meant: str) -> None:
    fields = ["arn", "retention_hours", "retention_days", "shards", "schema", "workload", "removal_policy"]
    assert nearest(word, fields) == meant
    said = did_you_mean(word, fields)
    assert said == (
        f"did you mean `{meant}`?" if meant else "use one of: " + ", ".join(f"`{one}`" for one in sorted(fields))
    )


@pytest.mark.parametrize(
    ("place", "kind", "meant"),
    [
        (CLICKS, "kinesis", "kinesis"),
        (CLICKS, "kinesis_data_stream", "kinesis"),
        (A, "lambda", "lambda"),
        (LAKE, "S3", "s3"),
        (("stores", "logs"), "OpenSearch", "opensearch"),
    ],
)
def test_a_kind_that_is_called_type_is_one_finding(place: SpecPath, kind: str, meant: str) -> None:
    data = with_field(place, "type", kind, without="kind")
    (finding,) = read(data).findings
    assert (finding.code, finding.path) == ("LNG202", place)
    assert finding.help == f"write `kind: {meant}` in place of `type`"
    assert read(edited(data, finding.edits)).findings == ()


@pytest.mark.parametrize(
    ("place", "kind", "meant"),
    [
        (CLICKS, "kinesis-data-streams", "kinesis"),
        (A, "lambda_function", "lambda"),
        (LAKE, "S3", "s3"),
        (SEARCH, "amazon_opensearch", "opensearch"),
    ],
)
def test_a_kind_that_is_called_otherwise_is_known(place: SpecPath, kind: str, meant: str) -> None:
    (finding,) = read(with_field(place, "kind", kind)).findings
    assert (finding.code, finding.help) == ("LNG205", f"did you mean `{meant}`?")


def test_another_number_is_no_slip() -> None:
    assert nearest("python3.9", ["python3.12", "python3.13"]) == ""
    assert nearest("pyhton3.13", ["python3.12", "python3.13"]) == "python3.13"


def test_nothing_to_choose_from_is_no_help() -> None:
    assert did_you_mean("clicks", []) == ""


@pytest.mark.parametrize(("word", "field"), [("topic", "topic_arn"), ("arn", "topic_arn"), ("mail", "email")])
def test_whom_to_tell_by_another_word_is_one_finding(word: str, field: str) -> None:
    target = TOPIC if field == "topic_arn" else "oncall@example.com"
    data = {**BASE, "alarms": {"notify": [{word: target}]}}
    (finding,) = read(data).findings
    assert (finding.code, finding.path) == ("LNG201", ("alarms", "notify", 0, word))
    assert edited(data, finding.edits)["alarms"]["notify"] == [{field: target}]
