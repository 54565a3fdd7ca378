"""The handler of the consumer `notify`, judged by what Lambda sees of it: its answer, its logs and its metrics."""

import base64
import dataclasses
import importlib.util
import json
import sys
from collections.abc import Callable, Iterator
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
SERVICE = "notify"
CONTEXT = SimpleNamespace(
    function_name="storefront-notify",
    memory_limit_in_mb=256,
    invoked_function_arn="arn:aws:lambda:eu-west-1:123456789012:function:storefront-notify",
    aws_request_id="00000000-0000-4000-8000-000000000000",
)
FIRST_SEQUENCE = 49590338271490256608559692538361571095921575989136588898

SECRET = "s3cr3t"  # stands for what is in a record that cannot be read: it must not reach any output
GOOD = {
    "user_id": "crawler-1",
    "window_start": "2026-01-15T09:34:00Z",
    "window_end": "2026-01-15T09:35:00Z",
    "clicks": 16,
}


def encode(value: object) -> bytes:
    """Write a value as Flink does."""
    return json.dumps(value).encode()


def alert(**changes: object) -> bytes:
    """Write a good alert with some fields changed."""
    return encode(GOOD | changes)


def without(name: str) -> bytes:
    """Write an alert that lacks one field."""
    return encode({key: value for key, value in GOOD.items() if key != name})


POISON = {
    "empty": (b"", "not JSON"),
    "not utf-8": (b'{"user_id": "\xff' + SECRET.encode() + b'"}', "not UTF-8"),
    "cut off": (alert(user_id=SECRET)[:-1], "not JSON"),
    "too deep": (b"[" * 200_000, "not JSON"),
    "array": (encode([GOOD]), "not an object"),
    "null": (b"null", "not an object"),
    **{f"no {name}": (without(name), f"missing or invalid {name}") for name in GOOD},
    **{f"null {name}": (alert(**{name: None}), f"missing or invalid {name}") for name in GOOD},
    **{f"empty {name}": (alert(**{name: ""}), f"missing or invalid {name}") for name in GOOD},
    "half a surrogate pair": (alert(user_id="\ud800"), "missing or invalid user_id"),
    "clicks as text": (alert(clicks="16"), "missing or invalid clicks"),
    "clicks true": (alert(clicks=True), "missing or invalid clicks"),
    "no click at all": (alert(clicks=0), "missing or invalid clicks"),
    "time as number": (alert(window_end=1768469400), "missing or invalid window_end"),
    "time in words": (alert(window_start="yesterday " + SECRET), "missing or invalid window_start"),
}


def load() -> ModuleType:
    """Import the handler by its path, with the environment that its function would have."""
    spec = importlib.util.spec_from_file_location("notify_index", PATTERN / "handlers" / "notify" / "index.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("POWERTOOLS_LOG_LEVEL", "AWS_LAMBDA_LOG_LEVEL", "LOG_LEVEL"):
            patch.delenv(name, raising=False)
        patch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        patch.setenv("POWERTOOLS_METRICS_NAMESPACE", NAMESPACE)
        patch.setenv("POWERTOOLS_SERVICE_NAME", SERVICE)
        spec.loader.exec_module(module)
    return module


def stream(*data: bytes) -> list[dict[str, Any]]:
    """Build the records of a Kinesis event, in the order of the shard."""
    return [
        {
            "kinesis": {
                "kinesisSchemaVersion": "1.0",
                "partitionKey": "crawler-1",
                "sequenceNumber": str(FIRST_SEQUENCE + position),
                "data": base64.b64encode(item).decode(),
                "approximateArrivalTimestamp": 1768469400.0,
            },
            "eventSource": "aws:kinesis",
            "eventVersion": "1.0",
            "eventID": f"shardId-000000000000:{FIRST_SEQUENCE + position}",
            "eventName": "aws:kinesis:record",
            "invokeIdentityArn": "arn:aws:iam::123456789012:role/storefront-notify",
            "awsRegion": "eu-west-1",
            "eventSourceARN": "arn:aws:kinesis:eu-west-1:123456789012:stream/alerts",
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

    def logs(self, message: str) -> list[dict[str, Any]]:
        """Return the log lines with this message."""
        return [line for line in self.lines if line.get("message") == message]

    @property
    def told(self) -> list[str]:
        """Return the users that were told of, in order."""
        return [line["user_id"] for line in self.logs("Clicks faster than people do")]

    @property
    def metric(self) -> float:
        """Return the sum that CloudWatch would show for the metric."""
        return sum(sum(line["FastVisitors"]) for line in self.lines if "_aws" in line)


Deliver = Callable[..., Outcome]


@pytest.fixture(scope="module")
def index() -> Iterator[ModuleType]:
    """Return the handler's module with the default settings."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("POWERTOOLS_DEV", "POWERTOOLS_METRICS_DISABLED"):  # read at every invocation
            patch.delenv(name, raising=False)
        yield load()


@pytest.fixture
def deliver(index: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Deliver:
    """Return a function that invokes the handler with records and keeps what it wrote."""

    def invoke(records: list[dict[str, Any]]) -> Outcome:
        monkeypatch.setattr(index.logger.registered_handler, "stream", sys.stdout)
        response = index.handler({"Records": records}, CONTEXT)
        output, errors = capsys.readouterr()
        assert errors == ""
        return Outcome(response, output)

    return invoke


# --- what is read


def test_parse_reads_every_field(index: ModuleType) -> None:
    assert dataclasses.asdict(index.parse(alert())) == GOOD | {
        "window_start": datetime(2026, 1, 15, 9, 34, tzinfo=UTC),
        "window_end": datetime(2026, 1, 15, 9, 35, tzinfo=UTC),
    }


@pytest.mark.parametrize("changes", [{"clicks": 1}, {"user_id": "Käufer 💶"}, {"channel": "app"}], ids=str)
def test_parse_accepts(index: ModuleType, changes: dict[str, object]) -> None:
    parsed = index.parse(alert(**changes))
    expected = GOOD | changes
    assert (parsed.user_id, parsed.clicks) == (expected["user_id"], expected["clicks"])


@pytest.mark.parametrize(("data", "reason"), POISON.values(), ids=POISON.keys())
def test_parse_rejects_with_a_reason_that_quotes_nothing(index: ModuleType, data: bytes, reason: str) -> None:
    with pytest.raises(index.PoisonRecordError) as raised:
        index.parse(data)
    assert str(raised.value) == reason
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


# --- what a batch answers


def test_an_alert_is_logged_and_counted(deliver: Deliver) -> None:
    outcome = deliver(stream(alert(), alert(user_id="crawler-2", clicks=11)))
    assert outcome.response == {"batchItemFailures": []}
    assert outcome.metric == 2
    first, second = outcome.logs("Clicks faster than people do")
    assert {key: first[key] for key in ("level", "service", "function_request_id")} == {
        "level": "WARNING",
        "service": SERVICE,
        "function_request_id": CONTEXT.aws_request_id,
    }
    assert {key: second[key] for key in ("sequence_number", "user_id", "clicks", "window_start", "window_end")} == {
        "sequence_number": str(FIRST_SEQUENCE + 1),
        "user_id": "crawler-2",
        "clicks": 11,
        "window_start": "2026-01-15T09:34:00+00:00",
        "window_end": "2026-01-15T09:35:00+00:00",
    }


def test_a_batch_without_alerts_has_a_metric_of_zero(deliver: Deliver) -> None:
    outcome = deliver(stream(b"{"))
    assert [line["FastVisitors"] for line in outcome.lines if "_aws" in line] == [[0]]


def test_metric_is_valid_emf(deliver: Deliver) -> None:
    (emf,) = [line for line in deliver(stream(alert())).lines if "_aws" in line]
    assert emf["_aws"]["CloudWatchMetrics"] == [
        {
            "Namespace": NAMESPACE,
            "Dimensions": [["service"]],
            "Metrics": [{"Name": "FastVisitors", "Unit": "Count"}],
        },
    ]
    assert emf["service"] == SERVICE


@pytest.mark.parametrize(("data", "reason"), POISON.values(), ids=POISON.keys())
def test_poison_is_reported_and_logged_without_its_payload(deliver: Deliver, data: bytes, reason: str) -> None:
    outcome = deliver(stream(alert(), data, alert()))
    assert outcome.response == failures(1)
    (line,) = outcome.logs("Poison record")
    assert line["level"] == "WARNING"
    assert line["sequence_number"] == str(FIRST_SEQUENCE + 1)
    assert line["reason"] == reason
    assert SECRET not in outcome.output
    assert outcome.metric == 2


@pytest.mark.parametrize("size", [1, 2, 50])
def test_a_batch_of_poison_alone_is_returned_and_not_raised(deliver: Deliver, size: int) -> None:
    outcome = deliver(stream(*[b"{"] * size))
    assert outcome.response == failures(*range(size))
    assert len(outcome.logs("Poison record")) == size


# --- what a redelivery does


def test_redelivery_from_the_lowest_failure_tells_the_same_again(deliver: Deliver) -> None:
    records = stream(alert(user_id="before"), b"{", alert(user_id="after"))
    first = deliver(records)
    assert (first.response, first.told) == (failures(1), ["before", "after"])
    again = deliver(records[1:])
    assert (again.response, again.told, again.metric) == (failures(1), ["after"], 1)


def test_poison_alone_goes_to_the_queue(deliver: Deliver) -> None:
    found = set[str]()

    def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
        outcome = deliver(event["Records"])
        found.update(outcome.told)
        return outcome.response

    data = [alert(user_id="one"), b"{", alert(user_id="two"), alert(user_id="three")]
    simulation = simulate_event_source(handler, kinesis_records(data, first=0), mapping("notify"))
    assert [record.sequence_number for failure in simulation.failures for record in failure.records] == [1]
    assert {failure.condition for failure in simulation.failures} == {"RetryAttemptsExhausted"}
    assert found == {"one", "two", "three"}


good_alerts = st.fixed_dictionaries(
    {
        "user_id": st.text(min_size=1),
        "window_start": st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat),
        "window_end": st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat),
        "clicks": st.integers(min_value=1),
    }
).map(encode)
poison_records = st.sampled_from([data for data, _ in POISON.values() if len(data) < 1000])
marked_records = st.tuples(st.just(False), good_alerts) | st.tuples(st.just(True), poison_records)


@settings(max_examples=60, deadline=None, database=None)
@given(batch=st.lists(marked_records, min_size=1, max_size=12))
def test_exactly_the_poison_is_reported(index: ModuleType, batch: list[tuple[bool, bytes]]) -> None:
    response = index.handler({"Records": stream(*[data for _, data in batch])}, CONTEXT)
    assert response == failures(*[position for position, (is_poison, _) in enumerate(batch) if is_poison])
