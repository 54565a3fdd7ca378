"""What planning warns of: each finding at its boundary, on both sides, and what an acknowledgement does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from streaming_constructs.planning import PipelinePlan, plan
from streaming_constructs.spec import PipelineSpec
from streaming_constructs.spec.finding import Finding

Data = dict[str, Any]
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:f"
STREAM_ARN = "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks"
NOTIFY = {"notify": [{"email": "oncall@example.com"}]}


def shards(count: int) -> Data:
    return {"shards": count}


def load(records: float, kib: float = 1.0) -> Data:
    return {"workload": {"records_per_second": records, "record_kb": kib}}


def consumer(*, age: int = 3600, attempts: int = 5, destination: str = "s3", **fields: Any) -> Data:
    function = {} if "code" in fields else {"function_arn": FUNCTION}
    return {
        "kind": "lambda",
        "from": "clicks",
        **function,
        "on_failure": {"retries": attempts, "max_record_age_seconds": age, "destination": destination},
        **fields,
    }


def judged(stream: Data, one: Data | None = None, **top: Any) -> PipelinePlan:
    consumers = top.pop("consumers", {"fraud": one} if one else {})
    data = {"name": "shop", "streams": {"clicks": {"kind": "kinesis", **stream}}, "consumers": consumers}
    return plan(PipelineSpec.model_validate({**data, "alarms": NOTIFY, **top}))


def said(made: PipelinePlan) -> list[tuple[str, str, str]]:
    return [(finding.code, finding.level, finding.dotted_path) for finding in made.findings]


def readers(count: int, *, fan_out: bool = False) -> Data:
    return {
        f"reader{number}": consumer(enhanced_fan_out=fan_out, function_arn=f"{FUNCTION}{number}")
        for number in range(count)
    }


on_demand: Data = {"mode": "on_demand"}


def warm(mib: int) -> Data:
    return {"mode": "on_demand", "warm_throughput_mb_per_second": mib}


SCHEMA = {"schemas": {"click": {"page": "string", "country": "string"}}}
FILTERS = [{"data": {"page": [str(number)]}} for number in range(6)]
OWN = {"code": "handler"}
AGE, ATTEMPTS = "consumers.fraud.on_failure.max_record_age_seconds", "consumers.fraud.on_failure.retries"

BOUNDARIES: dict[str, tuple[PipelinePlan, PipelinePlan, str, str, str]] = {
    # what it is: (still fine, one step too far, code, level, path)
    "shards for records": (
        judged({**shards(3), **load(3000)}),
        judged({**shards(3), **load(3000.01)}),
        "KIN407",
        "warning",
        "streams.clicks.shards",
    ),
    "shards for three readers": (
        judged({**shards(3), **load(100, 20.48)}, consumers=readers(3)),
        judged({**shards(2), **load(100, 20.48)}, consumers=readers(3)),
        "KIN407",
        "warning",
        "streams.clicks.shards",
    ),
    "on-demand quota": (
        judged({**on_demand, **load(204_800)}),
        judged({**on_demand, **load(204_801)}),
        "KIN408",
        "warning",
        "streams.clicks.workload",
    ),
    "shared readers": (
        judged(shards(1), consumers=readers(5)),
        judged(shards(1), consumers=readers(6)),
        "KIN409",
        "warning",
        "streams.clicks",
    ),
    "fan-out readers": (
        judged(shards(1), consumers=readers(20, fan_out=True)),
        judged(shards(1), consumers=readers(21, fan_out=True)),
        "KIN410",
        "error",
        "streams.clicks",
    ),
    "fan-out readers on demand": (
        judged(on_demand, consumers=readers(20, fan_out=True)),
        judged(on_demand, consumers=readers(21, fan_out=True)),
        "KIN410",
        "warning",
        "streams.clicks",
    ),
    "warm throughput": (
        judged({**warm(10), **load(10_240)}),
        judged({**warm(10), **load(10_241)}),
        "KIN411",
        "warning",
        "streams.clicks.warm_throughput_mb_per_second",
    ),
    "quota of shards": (
        judged(shards(1000)),
        judged(shards(1001)),
        "KIN412",
        "warning",
        "streams.clicks.shards",
    ),
    "windows and parallel batches": (
        judged(shards(1), consumer(tumbling_window_seconds=60, parallelization_factor=1)),
        judged(shards(1), consumer(tumbling_window_seconds=60, parallelization_factor=2)),
        "LAM518",
        "error",
        "consumers.fraud.parallelization_factor",
    ),
    "expiry on a stream that does not tell its retention": (
        judged({"kind": "kinesis", "arn": STREAM_ARN}, consumer(age=86_399)),
        judged({"kind": "kinesis", "arn": STREAM_ARN}, consumer(age=86_400)),
        "LAM506",
        "warning",
        AGE,
    ),
    "expiry on a stream that tells it": (
        judged({"kind": "kinesis", "arn": STREAM_ARN, "retention_hours": 24}, consumer(age=86_399)),
        judged({"kind": "kinesis", "arn": STREAM_ARN, "retention_hours": 24}, consumer(age=86_400)),
        "LAM506",
        "error",
        AGE,
    ),
    "expiry": (
        judged(shards(1), consumer(age=86_399)),
        judged(shards(1), consumer(age=86_400)),
        "LAM506",
        "error",
        AGE,
    ),
    "time to read again (sqs)": (
        judged(shards(1), consumer(age=43_200, destination="sqs")),
        judged(shards(1), consumer(age=43_201, destination="sqs")),
        "LAM507",
        "warning",
        AGE,
    ),
    "time to read again (sns)": (
        judged({**shards(1), "retention_hours": 48}, consumer(age=86_400, destination="sns")),
        judged({**shards(1), "retention_hours": 48}, consumer(age=86_401, destination="sns")),
        "LAM507",
        "warning",
        AGE,
    ),
    "slow attempts": (
        judged(shards(1), consumer(age=600, attempts=9, timeout_seconds=60, **OWN)),
        judged(shards(1), consumer(age=599, attempts=9, timeout_seconds=60, **OWN)),
        "LAM509",
        "note",
        ATTEMPTS,
    ),
    "slow attempts behind a window": (
        judged(shards(1), consumer(age=640, attempts=9, batch_window_seconds=40, timeout_seconds=60, **OWN)),
        judged(shards(1), consumer(age=639, attempts=9, batch_window_seconds=40, timeout_seconds=60, **OWN)),
        "LAM509",
        "note",
        ATTEMPTS,
    ),
    "window as long as the age": (
        judged(shards(1), consumer(age=60, batch_window_seconds=59)),
        judged(shards(1), consumer(age=60, batch_window_seconds=60)),
        "LAM525",
        "error",
        "consumers.fraud.batch_window_seconds",
    ),
    "attempt longer than the age": (
        judged(shards(1), consumer(age=60, attempts=0, timeout_seconds=60, **OWN)),
        judged(shards(1), consumer(age=60, attempts=0, timeout_seconds=61, **OWN)),
        "LAM526",
        "warning",
        "consumers.fraud.timeout_seconds",
    ),
    "reserved concurrency": (
        judged(shards(4), consumer(parallelization_factor=3, reserved_concurrency=12, **OWN)),
        judged(shards(4), consumer(parallelization_factor=3, reserved_concurrency=11, **OWN)),
        "LAM510",
        "warning",
        "consumers.fraud.reserved_concurrency",
    ),
    "windows": (
        judged(shards(1), consumer(tumbling_window_seconds=60)),
        judged(on_demand, consumer(tumbling_window_seconds=60)),
        "LAM511",
        "warning",
        "consumers.fraud.tumbling_window_seconds",
    ),
    # 6 MiB in base64 are 4,608 KiB of records.
    "batch of 6 MiB": (
        judged({**shards(10), **load(100, 10)}, consumer(batch_size=460)),
        judged({**shards(10), **load(100, 10)}, consumer(batch_size=461)),
        "LAM512",
        "note",
        "consumers.fraud.batch_size",
    ),
    "filters": (
        judged(shards(1), consumer(filters=FILTERS[:5])),
        judged(shards(1), consumer(filters=FILTERS)),
        "LAM513",
        "note",
        "consumers.fraud.filters",
    ),
    "field in a filter": (
        judged({**shards(1), "schema": "click"}, consumer(filters=[{"data": {"page": ["a"]}}]), **SCHEMA),
        judged({**shards(1), "schema": "click"}, consumer(filters=[{"data": {"pages": ["a"]}}]), **SCHEMA),
        "LAM514",
        "warning",
        "consumers.fraud.filters[0].data.pages",
    ),
    "largest record": (
        judged({**shards(1), "max_record_kb": 4608}, consumer()),
        judged({**shards(1), "max_record_kb": 4609}, consumer()),
        "LAM515",
        "warning",
        "consumers.fraud",
    ),
    "account's concurrency": (
        judged(shards(100), consumer(parallelization_factor=10)),
        judged(shards(143), consumer(parallelization_factor=7)),
        "LAM516",
        "warning",
        "consumers.fraud.parallelization_factor",
    ),
    "alarm to silence": (
        judged(shards(1), alarms={**NOTIFY, "silence": {"clicks.read_throttling": "on purpose"}}),
        judged(shards(1), alarms={**NOTIFY, "silence": {"clicks.read_throtling": "on purpose"}}),
        "ALM601",
        "error",
        "alarms.silence.clicks.read_throtling",
    ),
    "alarm to override": (
        judged(shards(1), consumer(), alarms={**NOTIFY, "override": {"clicks.iterator_age": {"minutes": 1}}}),
        judged(shards(1), alarms={**NOTIFY, "override": {"clicks.iterator_age": {"minutes": 1}}}),
        "ALM601",
        "error",
        "alarms.override.clicks.iterator_age",
    ),
    "nobody told": (
        judged(shards(1), alarms={}, removal_policy="destroy"),
        judged(shards(1), alarms={}, removal_policy="retain"),
        "ALM603",
        "warning",
        "",
    ),
    "nobody told, but alarms changed": (
        judged(shards(1), removal_policy="destroy", alarms={"silence": {"clicks.read_throttling": "on purpose"}}),
        judged(shards(1), alarms={"silence": {"clicks.read_throttling": "on purpose"}}),
        "ALM603",
        "warning",
        "alarms.notify",
    ),
}


@pytest.mark.parametrize(("fine", "broken", "code", "level", "path"), list(BOUNDARIES.values()), ids=list(BOUNDARIES))
def test_a_finding_begins_at_its_boundary(
    fine: PipelinePlan, broken: PipelinePlan, code: str, level: str, path: str
) -> None:
    assert said(fine) == []
    assert said(broken) == [(code, level, path)]


def test_more_shards_than_a_stream_takes_is_an_error() -> None:
    # 1.3 x 76,900 and 1.3 x 77,000 shards, by the records per second.
    assert said(judged(load(76_900_000, 0.5))) == [("KIN412", "warning", "streams.clicks")]
    broken = judged(load(77_000_000, 0.5))
    assert said(broken) == [("KIN412", "error", "streams.clicks")]
    assert finding(broken).message == "more shards than one stream can have"
    assert "quota" not in finding(broken).help


def finding(made: PipelinePlan) -> Finding:
    (one,) = made.findings
    return one


@pytest.mark.parametrize(
    ("boundary", "part"),
    [
        ("shards for records", "3 shards; the peak needs 4 before any headroom"),
        ("on-demand quota", "the peak is 200.001 MiB/s; the quota is 200 MiB/s, and 10,240 MiB/s in us-east-1"),
        ("expiry", "the stream keeps it 24 h = 86,400 s"),
        ("time to read again (sqs)", "sqs keeps their position alone; 12 h after a record is given up"),
        ("slow attempts", "1 + 9 attempts of up to 60 s take up to 600 s; a record is given up at 599 s"),
        (
            "slow attempts behind a window",
            "wait 40 s for its records, and 1 + 9 attempts of up to 60 s take up to 600 s",
        ),
        ("window as long as the age", "waits 60 s for more records; its first one is given up at 60 s"),
        ("reserved concurrency", "4 shards × parallelization factor 3 = 12 batches at once; 11 are reserved"),
        ("batch of 6 MiB", "about 460 records of 10 KiB"),
        ("account's concurrency", "143 shards × parallelization factor 7 = 1,001 batches at once"),
    ],
)
def test_the_note_says_the_numbers(boundary: str, part: str) -> None:
    assert part in finding(BOUNDARIES[boundary][1]).note


@pytest.mark.parametrize(
    ("boundary", "part"),
    [
        ("shards for records", "set `shards` to 4 or more"),
        ("expiry", "set it to 43200, or raise `retention_hours` of the stream"),
        ("reserved concurrency", "set it to 12 or more"),
        ("largest record", "set `max_record_kb` of the stream to 4608 or less"),
        ("field in a filter", "did you mean `page`?"),
        ("alarm to silence", "did you mean `clicks.read_throttling`?"),
        ("nobody told", "alarms: {notify: [oncall@example.com]}"),
    ],
)
def test_the_help_says_the_mend(boundary: str, part: str) -> None:
    assert part in finding(BOUNDARIES[boundary][1]).help


@pytest.mark.parametrize(("count", "level"), [(50, "warning"), (51, "error")])
def test_on_demand_advantage_takes_50_fan_out_readers(count: int, level: str) -> None:
    assert said(judged(on_demand, consumers=readers(count, fan_out=True))) == [("KIN410", level, "streams.clicks")]


def test_s3_keeps_the_records_so_that_their_expiry_does_not_matter() -> None:
    assert said(judged(shards(1), consumer(age=86_399, destination="s3"))) == []


def test_an_existing_functions_timeout_is_not_known() -> None:
    assert said(judged(shards(1), consumer(age=60, attempts=10_000))) == []


def test_one_record_may_fill_a_batch() -> None:
    large = {**shards(10), **load(1, 8000), "max_record_kb": 10_240}
    assert [code for code, _, _ in said(judged(large, consumer(batch_size=1)))] == ["LAM515"]


def test_unknown_shards_are_not_judged() -> None:
    existing = {"arn": "arn:aws:kinesis:eu-west-1:123456789012:stream/s", **load(1_000_000)}
    assert said(judged(existing, consumer(parallelization_factor=10))) == []


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ({"data": {"$or": [{"page": ["a"]}, {"pag": ["b"]}]}}, "data.$or[1].pag"),
        ({"data": {"page": ["a"], "cuntry": ["b"]}}, "data.cuntry"),
        ({"data": {"$or": [{"page": ["a"]}, {"country": ["b"]}]}}, None),
        ({"partitionKey": ["nothing of the record"]}, None),
    ],
)
def test_filters_are_held_against_the_schema(pattern: Data, path: str | None) -> None:
    made = judged({**shards(1), "schema": "click"}, consumer(filters=[pattern]), **SCHEMA)
    assert said(made) == ([("LAM514", "warning", f"consumers.fraud.filters[0].{path}")] if path else [])


@pytest.mark.parametrize(("field", "codes"), [("user-agent", []), ("agent", ["LAM514"]), ("User-Agent", ["LAM514"])])
def test_filters_name_keys_as_records_have_them(field: str, codes: list[str]) -> None:
    schema = {"schemas": {"click": {"agent": {"type": "string", "json_key": "user-agent"}}}}
    made = judged({**shards(1), "schema": "click"}, consumer(filters=[{"data": {field: ["a"]}}]), **schema)
    assert [code for code, _, _ in said(made)] == codes


def test_a_filter_by_fields_is_held_against_the_schema_too() -> None:
    made = judged({**shards(1), "schema": "click"}, consumer(filter={"page": "home", "pag": ["a"]}), **SCHEMA)
    assert said(made) == [("LAM514", "warning", "consumers.fraud.filter.pag")]
    assert finding(made).help == "did you mean `page`?"


def test_without_a_schema_filters_go_unchecked() -> None:
    assert said(judged(shards(1), consumer(filters=[{"data": {"anything": ["a"]}}]))) == []


# --- acknowledgements

TOO_FEW: Data = {**shards(3), **load(3001)}
WINDOWS = consumer(tumbling_window_seconds=60)


def test_an_acknowledged_warning_is_gone_and_others_stay() -> None:
    made = judged(TOO_FEW, consumer(age=80_000, destination="sqs"), acknowledge={"clicks.KIN407": "it is only a test"})
    assert [code for code, _, _ in said(made)] == ["LAM507"]


@pytest.mark.parametrize(
    ("stream", "one", "name"),
    [
        (TOO_FEW, None, "clicks.KIN407"),
        (on_demand, WINDOWS, "fraud.LAM511"),
        (shards(1), consumer(filters=FILTERS), "fraud.LAM513"),
    ],
)
def test_warnings_and_notes_of_nodes_can_be_acknowledged(stream: Data, one: Data | None, name: str) -> None:
    assert said(judged(stream, one, acknowledge={name: "it is only a test"})) == []


@pytest.mark.parametrize("alarms", [{}, {"silence": {"clicks.read_throttling": "on purpose"}}])
def test_that_nobody_is_told_can_be_acknowledged(alarms: Data) -> None:
    assert said(judged(shards(1), alarms=alarms, acknowledge={"alarms.ALM603": "a pager polls them"})) == []


@pytest.mark.parametrize("name", ["clicks.KIN407", "fraud.KIN407", "clicks.KIN408", "acknowledge.LNG604"])
def test_an_acknowledgement_of_nothing_is_a_warning_itself(name: str) -> None:
    made = judged(shards(3), acknowledge={name: "it is only a test"})
    assert said(made) == [("LNG604", "warning", f"acknowledge.{name}")]


def test_errors_cannot_be_acknowledged() -> None:
    made = judged(shards(1), consumer(age=86_400), acknowledge={"fraud.LAM506": "it is only a test"})
    assert said(made) == [("LAM506", "error", AGE), ("LNG604", "warning", "acknowledge.fraud.LAM506")]


# --- where reading begins


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-01-15T23:59:59Z", []),
        ("2026-01-16T00:00:00+02:00", []),
        ("2026-01-16T00:00:00Z", [("LAM531", "error", "consumers.fraud.starting_position.at_timestamp")]),
        ("2999-01-01T00:00:00Z", [("LAM531", "error", "consumers.fraud.starting_position.at_timestamp")]),
    ],
)
def test_reading_begins_at_a_moment_that_has_passed(moment: str, expected: list[Any]) -> None:
    one = consumer(starting_position={"at_timestamp": moment})
    data = {"name": "shop", "streams": {"clicks": {"kind": "kinesis", **shards(1)}}, "consumers": {"fraud": one}}
    spec = PipelineSpec.model_validate({**data, "alarms": NOTIFY})
    assert said(plan(spec, on_day=date(2026, 1, 15))) == expected


@pytest.mark.parametrize(("topic", "codes"), [({}, ["GRF313"]), ({"subscribers": ["a@example.com"]}, [])])
def test_a_topic_that_nobody_is_subscribed_to_is_noted(topic: Data, codes: list[str]) -> None:
    made = judged(shards(1), sns_topics={"alerts": {"kind": "sns", **topic}})
    assert [code for code, _, _ in said(made)] == codes
    assert [level for _, level, _ in said(made)] == ["note"] * len(codes)


@pytest.mark.parametrize(
    ("stream", "code"),
    [(load(900_000, 0.1), "KIN412"), ({**load(300_000), **on_demand}, "KIN408")],
    ids=["shards", "bytes"],
)
def test_a_quota_is_that_of_the_region(stream: Data, code: str) -> None:
    assert said(judged(stream, region="eu-west-1")) == []
    (told,) = judged(stream, region="eu-central-1").findings
    assert (told.code, "in eu-central-1" in told.message) == (code, True)
    (untold,) = judged(stream).findings
    assert (untold.code, "in most regions" in untold.message) == (code, True)
    assert "us-west-2, eu-west-1" in untold.note
