"""The handler of the consumer `publish`, judged by what Lambda sees of it: its answer, its logs and its metrics."""

import base64
import dataclasses
import importlib.util
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming_constructs import PipelineSpec
from streaming_constructs.local import EventSourceMapping, kinesis_records, simulate_event_source

PATTERN = Path(__file__).resolve().parent.parent
NAMESPACE = "StreamingConstructs"
SERVICE = "publish"
CONTEXT = SimpleNamespace(
    function_name="liveshop-publish",
    memory_limit_in_mb=256,
    invoked_function_arn="arn:aws:lambda:eu-west-1:123456789012:function:liveshop-publish",
    aws_request_id="00000000-0000-4000-8000-000000000000",
)
FIRST_SEQUENCE = 49590338271490256608559692538361571095921575989136588898

SECRET = "s3cr3t"  # stands for what is in a record that cannot be read: it must not reach any output
GOOD = {"minute": "2026-01-15T09:34:00Z", "views": 57, "visitors": 24, "orders": 3}


def encode(value: object) -> bytes:
    """Write a value as Flink does."""
    return json.dumps(value).encode()


def total(**changes: object) -> bytes:
    """Write a good total with some fields changed."""
    return encode(GOOD | changes)


def without(name: str) -> bytes:
    """Write a total that lacks one field."""
    return encode({key: value for key, value in GOOD.items() if key != name})


POISON = {
    "empty": (b"", "not JSON"),
    "not utf-8": (b'{"minute": "\xff' + SECRET.encode() + b'"}', "not UTF-8"),
    "cut off": (total(minute=SECRET)[:-1], "not JSON"),
    "too deep": (b"[" * 200_000, "not JSON"),
    "array": (encode([GOOD]), "not an object"),
    **{f"no {name}": (without(name), f"missing or invalid {name}") for name in GOOD},
    **{f"null {name}": (total(**{name: None}), f"missing or invalid {name}") for name in GOOD},
    **{f"text {name}": (total(**{name: "57 " + SECRET}), f"missing or invalid {name}") for name in GOOD},
    "minute as number": (total(minute=1768469400), "missing or invalid minute"),
    "minute of no zone": (total(minute="2026-01-15T09:34:00"), "missing or invalid minute"),
    "views true": (total(views=True), "missing or invalid views"),
    "views below zero": (total(views=-1), "missing or invalid views"),
    "half a view": (total(views=0.5), "missing or invalid views"),
}


def load() -> ModuleType:
    """Import the handler by its path, with the environment that its function would have."""
    spec = importlib.util.spec_from_file_location("publish_index", PATTERN / "handlers" / "publish" / "index.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("POWERTOOLS_LOG_LEVEL", "AWS_LAMBDA_LOG_LEVEL", "LOG_LEVEL"):
            patch.delenv(name, raising=False)
        patch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        patch.setenv("METRICS_NAMESPACE", NAMESPACE)
        patch.setenv("POWERTOOLS_SERVICE_NAME", SERVICE)
        spec.loader.exec_module(module)
    return module


def stream(*data: bytes) -> list[dict[str, Any]]:
    """Build the records of a Kinesis event, in the order of the shard."""
    return [
        {
            "kinesis": {
                "kinesisSchemaVersion": "1.0",
                "partitionKey": "2026-01-15T09:34:00Z",
                "sequenceNumber": str(FIRST_SEQUENCE + position),
                "data": base64.b64encode(item).decode(),
                "approximateArrivalTimestamp": 1768469700.0,
            },
            "eventSource": "aws:kinesis",
            "eventVersion": "1.0",
            "eventID": f"shardId-000000000000:{FIRST_SEQUENCE + position}",
            "eventName": "aws:kinesis:record",
            "invokeIdentityArn": "arn:aws:iam::123456789012:role/liveshop-publish",
            "awsRegion": "eu-west-1",
            "eventSourceARN": "arn:aws:kinesis:eu-west-1:123456789012:stream/totals",
        }
        for position, item in enumerate(data)
    ]


def mapping(consumer: str) -> EventSourceMapping:
    """Return the settings of the consumer's event source mapping, as the spec beside the handlers says them."""
    own = PATTERN / "pipeline.yaml"  # what a project calls its spec, with environments in it
    spec = PipelineSpec.load(own, "prod") if own.exists() else PipelineSpec.load(PATTERN / "pattern.yaml")
    return EventSourceMapping.from_spec(spec.consumers[consumer])


def failures(*positions: int) -> dict[str, list[dict[str, str]]]:
    """Build the answer that reports the records at these positions of `stream`."""
    return {"batchItemFailures": [{"itemIdentifier": str(FIRST_SEQUENCE + position)} for position in positions]}


@dataclasses.dataclass(frozen=True)
class Outcome:
    """All that one invocation shows to the outside."""

    response: dict[str, Any]
    output: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Every line is JSON, log or EMF."""
        return [json.loads(line) for line in self.output.splitlines()]

    @property
    def metrics(self) -> list[dict[str, Any]]:
        """Return what CloudWatch makes metrics of."""
        return [line for line in self.lines if "_aws" in line]

    def logs(self, message: str) -> list[dict[str, Any]]:
        """Return the log lines with this message."""
        return [line for line in self.lines if line.get("message") == message]


Deliver = Callable[..., Outcome]


@pytest.fixture(scope="module")
def index() -> ModuleType:
    """Return the handler's module."""
    return load()


@pytest.fixture
def deliver(index: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Deliver:
    """Return a function that invokes the handler with records and keeps what it wrote."""
    monkeypatch.delenv("POWERTOOLS_DEV", raising=False)  # read at every invocation

    def invoke(records: list[dict[str, Any]]) -> Outcome:
        monkeypatch.setattr(index.logger.registered_handler, "stream", sys.stdout)
        response = index.handler({"Records": records}, CONTEXT)
        output, errors = capsys.readouterr()
        assert errors == ""
        return Outcome(response, output)

    return invoke


# --- what is read


def test_parse_reads_every_field(index: ModuleType) -> None:
    assert dataclasses.asdict(index.parse(total())) == GOOD | {"minute": datetime(2026, 1, 15, 9, 34, tzinfo=UTC)}


@pytest.mark.parametrize("changes", [{"orders": 0}, {"views": 2**40}, {"carts": 7}], ids=str)
def test_parse_accepts(index: ModuleType, changes: dict[str, object]) -> None:
    parsed = index.parse(total(**changes))
    expected = GOOD | changes
    assert (parsed.views, parsed.visitors, parsed.orders) == (
        expected["views"],
        expected["visitors"],
        expected["orders"],
    )


@pytest.mark.parametrize(("data", "reason"), POISON.values(), ids=POISON.keys())
def test_parse_rejects_with_a_reason_that_quotes_nothing(index: ModuleType, data: bytes, reason: str) -> None:
    with pytest.raises(index.PoisonRecordError) as raised:
        index.parse(data)
    assert str(raised.value) == reason
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


# --- what a batch answers


def test_a_minute_is_a_line_of_metrics_under_its_own_time(deliver: Deliver) -> None:
    outcome = deliver(stream(total(), total(minute="2026-01-15T09:35:00Z", views=40)))
    assert outcome.response == {"batchItemFailures": []}
    first, second = outcome.metrics
    names = ["PageViews", "Visitors", "Orders"]
    assert first["_aws"] == {
        "Timestamp": 1768469640000,
        "CloudWatchMetrics": [
            {
                "Namespace": NAMESPACE,
                "Dimensions": [["service"]],
                "Metrics": [{"Name": name, "Unit": "Count"} for name in names],
            }
        ],
    }
    assert [first[name] for name in (*names, "service")] == [57, 24, 3, SERVICE]
    assert (second["_aws"]["Timestamp"], second["PageViews"]) == (1768469700000, 40)


@pytest.mark.parametrize(("data", "reason"), POISON.values(), ids=POISON.keys())
def test_poison_is_reported_and_logged_without_its_payload(deliver: Deliver, data: bytes, reason: str) -> None:
    outcome = deliver(stream(total(), data, total()))
    assert outcome.response == failures(1)
    (line,) = outcome.logs("Poison record")
    assert line["level"] == "WARNING"
    assert line["sequence_number"] == str(FIRST_SEQUENCE + 1)
    assert line["reason"] == reason
    assert SECRET not in outcome.output
    assert len(outcome.metrics) == 2


@pytest.mark.parametrize("size", [1, 2, 50])
def test_a_batch_of_poison_alone_is_returned_and_not_raised(deliver: Deliver, size: int) -> None:
    outcome = deliver(stream(*[b"{"] * size))
    assert outcome.response == failures(*range(size))
    assert len(outcome.logs("Poison record")) == size


# --- what a redelivery does


def test_redelivery_writes_the_same_point_again(deliver: Deliver) -> None:
    records = stream(total(), b"{", total(views=1))
    first, again = deliver(records), deliver(records)
    assert first.metrics == again.metrics


def test_poison_alone_goes_to_the_queue(deliver: Deliver) -> None:
    found = set[int]()

    def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
        outcome = deliver(event["Records"])
        found.update(line["PageViews"] for line in outcome.metrics)
        return outcome.response

    data = [total(views=1), b"{", total(views=2), total(views=3)]
    simulation = simulate_event_source(handler, kinesis_records(data, first=0), mapping("publish"))
    assert [record.sequence_number for failure in simulation.failures for record in failure.records] == [1]
    assert {failure.condition for failure in simulation.failures} == {"RetryAttemptsExhausted"}
    assert found == {1, 2, 3}


counts = st.integers(min_value=0)
good_totals = st.fixed_dictionaries(
    {
        "minute": st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat),
        "views": counts,
        "visitors": counts,
        "orders": counts,
    }
).map(encode)
poison_records = st.sampled_from([data for data, _ in POISON.values() if len(data) < 1000])
marked_records = st.tuples(st.just(False), good_totals) | st.tuples(st.just(True), poison_records)


@settings(max_examples=60, deadline=None, database=None)
@given(batch=st.lists(marked_records, min_size=1, max_size=12))
def test_exactly_the_poison_is_reported(index: ModuleType, batch: list[tuple[bool, bytes]]) -> None:
    response = index.handler({"Records": stream(*[data for _, data in batch])}, CONTEXT)
    assert response == failures(*[position for position, (is_poison, _) in enumerate(batch) if is_poison])
