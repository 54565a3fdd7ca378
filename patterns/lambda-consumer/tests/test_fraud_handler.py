"""The handler of the consumer `fraud`, judged by what Lambda sees of it: its answer, its logs and its metrics."""

import base64
import dataclasses
import importlib.util
import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
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
SERVICE = "fraud"
CONTEXT = SimpleNamespace(
    function_name="payments-fraud",
    memory_limit_in_mb=256,
    invoked_function_arn="arn:aws:lambda:eu-west-1:123456789012:function:payments-fraud",
    aws_request_id="00000000-0000-4000-8000-000000000000",
)
FIRST_SEQUENCE = 49590338271490256608559692538361571095921575989136588898

PERSONAL = "DE89370400440532013000"  # stands for personal data: it must not reach any output
GOOD = {
    "payment_id": "pay-000001",
    "account_id": PERSONAL,
    "amount": 49.9,
    "currency": "EUR",
    "country": "DE",
    "event_time": "2026-01-15T09:30:00.000Z",
}


def encode(value: object) -> bytes:
    """Write a value as the producer does."""
    return json.dumps(value).encode()


def payment(**changes: object) -> bytes:
    """Write a good payment with some fields changed."""
    return encode(GOOD | changes)


def without(name: str) -> bytes:
    """Write a payment that lacks one field."""
    return encode({key: value for key, value in GOOD.items() if key != name})


POISON = {
    "empty": (b"", "not JSON"),
    "not utf-8": (b'{"payment_id": "\xff' + PERSONAL.encode() + b'"}', "not UTF-8"),
    "utf-16": (json.dumps(GOOD).encode("utf-16"), "not UTF-8"),
    "cut off": (payment()[:-1], "not JSON"),
    "plain text": (PERSONAL.encode(), "not JSON"),
    "too deep": (b"[" * 200_000, "not JSON"),
    "array": (encode([GOOD]), "not an object"),
    "string": (encode(PERSONAL), "not an object"),
    "null": (b"null", "not an object"),
    **{f"no {name}": (without(name), f"missing or invalid {name}") for name in GOOD},
    **{f"null {name}": (payment(**{name: None}), f"missing or invalid {name}") for name in GOOD},
    **{f"empty {name}": (payment(**{name: ""}), f"missing or invalid {name}") for name in GOOD},
    "numeric payment_id": (payment(payment_id=1), "missing or invalid payment_id"),
    "half a surrogate pair": (payment(payment_id="\ud800"), "missing or invalid payment_id"),
    "currency name": (payment(currency="Euro"), "missing or invalid currency"),
    "lower-case currency": (payment(currency="eur"), "missing or invalid currency"),
    "amount as text": (payment(amount="49.90"), "missing or invalid amount"),
    "amount true": (payment(amount=True), "missing or invalid amount"),
    "amount zero": (payment(amount=0), "missing or invalid amount"),
    "negative amount": (payment(amount=-0.01), "missing or invalid amount"),
    "amount NaN": (payment(amount=float("nan")), "missing or invalid amount"),
    "amount infinite": (payment(amount=float("inf")), "missing or invalid amount"),
    "amount beyond floats": (payment().replace(b"49.9", b"1e999"), "missing or invalid amount"),
    "time as number": (payment(event_time=1768469400), "missing or invalid event_time"),
    "time in words": (payment(event_time="yesterday " + PERSONAL), "missing or invalid event_time"),
    "no such day": (payment(event_time="2026-02-30T09:30:00Z"), "missing or invalid event_time"),
}


def load(**env: str) -> ModuleType:
    """Import the handler by its path, with the environment that its function would have."""
    spec = importlib.util.spec_from_file_location("fraud_index", PATTERN / "handlers" / "fraud" / "index.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AMOUNT_LIMIT", "POWERTOOLS_LOG_LEVEL", "AWS_LAMBDA_LOG_LEVEL", "LOG_LEVEL"):
            patch.delenv(name, raising=False)
        patch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        patch.setenv("POWERTOOLS_METRICS_NAMESPACE", NAMESPACE)
        patch.setenv("POWERTOOLS_SERVICE_NAME", SERVICE)
        for name, value in env.items():
            patch.setenv(name, value)
        spec.loader.exec_module(module)
    return module


def stream(*data: bytes) -> list[dict[str, Any]]:
    """Build the records of a Kinesis event, in the order of the shard."""
    return [
        {
            "kinesis": {
                "kinesisSchemaVersion": "1.0",
                "partitionKey": PERSONAL,
                "sequenceNumber": str(FIRST_SEQUENCE + position),
                "data": base64.b64encode(item).decode(),
                "approximateArrivalTimestamp": 1768469400.0,
            },
            "eventSource": "aws:kinesis",
            "eventVersion": "1.0",
            "eventID": f"shardId-000000000000:{FIRST_SEQUENCE + position}",
            "eventName": "aws:kinesis:record",
            "invokeIdentityArn": "arn:aws:iam::123456789012:role/payments-fraud",
            "awsRegion": "eu-west-1",
            "eventSourceARN": "arn:aws:kinesis:eu-west-1:123456789012:stream/payments",
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
    def suspicious(self) -> list[str]:
        """Return the payment ids that were logged as suspicious, in order."""
        return [line["payment_id"] for line in self.logs("Suspicious payment")]

    @property
    def metric(self) -> float:
        """Return the sum that CloudWatch would show for the metric."""
        return sum(sum(line["SuspiciousPayments"]) for line in self.lines if "_aws" in line)


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

    def invoke(records: list[dict[str, Any]], module: ModuleType = index) -> Outcome:
        monkeypatch.setattr(module.logger.registered_handler, "stream", sys.stdout)
        response = module.handler({"Records": records}, CONTEXT)
        output, errors = capsys.readouterr()
        assert errors == ""
        return Outcome(response, output)

    return invoke


# --- what is read, and how it is judged


def test_parse_reads_every_field(index: ModuleType) -> None:
    assert dataclasses.asdict(index.parse(payment())) == GOOD | {
        "event_time": datetime(2026, 1, 15, 9, 30, tzinfo=UTC),
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 1},
        {"amount": 0.01},
        {"amount": 10**400},
        {"currency": "USD"},
        {"event_time": "2026-01-15T10:30:00+01:00"},
        {"payment_id": "Zahlung ü 💶"},
        {"channel": "app"},
    ],
    ids=str,
)
def test_parse_accepts(index: ModuleType, changes: dict[str, object]) -> None:
    parsed = dataclasses.asdict(index.parse(payment(**changes)))
    expected = {key: value for key, value in (GOOD | changes).items() if key in GOOD}
    assert parsed == expected | {"event_time": datetime.fromisoformat(str(expected["event_time"]))}


@pytest.mark.parametrize(("data", "reason"), POISON.values(), ids=POISON.keys())
def test_parse_rejects_with_a_reason_that_quotes_nothing(index: ModuleType, data: bytes, reason: str) -> None:
    with pytest.raises(index.PoisonRecordError) as raised:
        index.parse(data)
    assert isinstance(raised.value, ValueError)
    assert str(raised.value) == reason
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


@pytest.mark.parametrize(("amount", "suspicious"), [(99.99, False), (100, False), (100.01, True), (10**400, True)])
def test_only_an_amount_above_the_limit_is_suspicious(index: ModuleType, amount: float, suspicious: bool) -> None:
    assert index.is_suspicious(index.parse(payment(amount=amount)), 100.0) is suspicious


# --- what a batch answers


def test_good_batch_has_no_failures_and_a_metric_of_zero(deliver: Deliver) -> None:
    outcome = deliver(stream(payment(), payment(amount=10000), payment(currency="USD")))
    assert outcome.response == {"batchItemFailures": []}
    assert outcome.metric == 0
    assert [line.keys() >= {"_aws", "SuspiciousPayments"} for line in outcome.lines] == [True]


@pytest.mark.parametrize(("data", "reason"), POISON.values(), ids=POISON.keys())
def test_poison_is_reported_and_logged_without_its_payload(deliver: Deliver, data: bytes, reason: str) -> None:
    outcome = deliver(stream(payment(), data, payment()))
    assert outcome.response == failures(1)
    (line,) = outcome.logs("Poison record")
    assert line["level"] == "WARNING"
    assert line["sequence_number"] == str(FIRST_SEQUENCE + 1)
    assert line["reason"] == reason
    assert PERSONAL not in outcome.output
    assert base64.b64encode(data).decode() not in outcome.output or data == b""


def test_all_kinds_of_poison_are_reported_in_one_batch(deliver: Deliver) -> None:
    good_and_poison = [item for data, _ in POISON.values() for item in (payment(), data)]
    outcome = deliver(stream(*good_and_poison))
    assert outcome.response == failures(*range(1, len(good_and_poison), 2))
    assert [line["reason"] for line in outcome.logs("Poison record")] == [reason for _, reason in POISON.values()]


@pytest.mark.parametrize("size", [1, 2, 50])
def test_a_batch_of_poison_alone_is_returned_and_not_raised(deliver: Deliver, size: int) -> None:
    outcome = deliver(stream(*[b"{"] * size))
    assert outcome.response == failures(*range(size))
    assert len(outcome.logs("Poison record")) == size
    assert outcome.metric == 0


def test_records_after_poison_are_judged_in_the_same_delivery(deliver: Deliver) -> None:
    outcome = deliver(stream(b"{", payment(payment_id="after", amount=10001)))
    assert outcome.response == failures(0)
    assert outcome.suspicious == ["after"]


# --- what a suspicious payment leaves behind


def test_suspicious_payment_is_logged_and_counted(deliver: Deliver) -> None:
    outcome = deliver(stream(payment(), payment(payment_id="pay-big", amount=10000.01, currency="USD")))
    assert outcome.response == {"batchItemFailures": []}
    (line,) = outcome.logs("Suspicious payment")
    assert {key: line[key] for key in ("level", "service", "function_request_id")} == {
        "level": "WARNING",
        "service": SERVICE,
        "function_request_id": CONTEXT.aws_request_id,
    }
    assert {key: line[key] for key in ("sequence_number", "payment_id", "amount", "currency", "limit")} == {
        "sequence_number": str(FIRST_SEQUENCE + 1),
        "payment_id": "pay-big",
        "amount": 10000.01,
        "currency": "USD",
        "limit": 10000.0,
    }
    assert PERSONAL not in outcome.output


def test_metric_is_valid_emf(deliver: Deliver) -> None:
    outcome = deliver(stream(payment(amount=20000), payment(), payment(amount=30000)))
    (emf,) = [line for line in outcome.lines if "_aws" in line]
    assert emf["_aws"]["CloudWatchMetrics"] == [
        {
            "Namespace": NAMESPACE,
            "Dimensions": [["service"]],
            "Metrics": [{"Name": "SuspiciousPayments", "Unit": "Count"}],
        },
    ]
    assert emf["service"] == SERVICE
    assert outcome.metric == 2


def test_every_suspicious_payment_counts_beyond_the_values_of_one_emf_line(deliver: Deliver) -> None:
    outcome = deliver(stream(*[payment(amount=20000)] * 250))
    assert outcome.metric == len(outcome.suspicious) == 250


def test_the_limit_comes_from_the_environment(deliver: Deliver) -> None:
    module = load(AMOUNT_LIMIT="500")
    outcome = deliver(
        stream(payment(payment_id="at", amount=500), payment(payment_id="above", amount=500.5)), module=module
    )
    assert outcome.suspicious == ["above"]
    assert outcome.logs("Suspicious payment")[0]["limit"] == 500.0


def test_a_limit_that_is_no_number_stops_the_function_at_its_start() -> None:
    with pytest.raises(ValueError, match="could not convert"):
        load(AMOUNT_LIMIT="ten thousand")


# --- what a redelivery does


def test_redelivery_from_the_lowest_failure_repeats_the_same_judgements(deliver: Deliver) -> None:
    records = stream(
        payment(payment_id="before", amount=20000),
        b"{",
        payment(payment_id="between", amount=20000),
        payment(amount=-1),
        payment(payment_id="after", amount=20000),
    )
    first = deliver(records)
    assert first.response == failures(1, 3)
    assert first.suspicious == ["before", "between", "after"]

    lowest = min(int(item["itemIdentifier"]) for item in first.response["batchItemFailures"])
    rest = [record for record in records if int(record["kinesis"]["sequenceNumber"]) >= lowest]
    for _ in range(3):
        again = deliver(rest)
        assert again.response == first.response
        assert again.suspicious == ["between", "after"]
        assert again.metric == 2


def test_nothing_is_kept_between_invocations(deliver: Deliver) -> None:
    deliver(stream(b"{", payment(amount=20000)))
    outcome = deliver(stream(payment()))
    assert outcome.response == {"batchItemFailures": []}
    assert outcome.metric == 0
    assert outcome.suspicious == []


good_payments = st.fixed_dictionaries(
    {
        "payment_id": st.text(min_size=1),
        "account_id": st.text(min_size=1),
        "amount": st.floats(min_value=0, exclude_min=True, allow_infinity=False) | st.integers(min_value=1),
        "currency": st.sampled_from(["EUR", "USD", "GBP"]),
        "country": st.sampled_from(["DE", "FR", "US"]),
        "event_time": st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat),
    }
).map(encode)
poison_records = st.sampled_from([data for data, _ in POISON.values() if len(data) < 1000])
marked_records = st.tuples(st.just(False), good_payments) | st.tuples(st.just(True), poison_records)


@settings(max_examples=60, deadline=None, database=None)
@given(batch=st.lists(marked_records, min_size=1, max_size=12))
def test_exactly_the_poison_is_reported(index: ModuleType, batch: list[tuple[bool, bytes]]) -> None:
    response = index.handler({"Records": stream(*[data for _, data in batch])}, CONTEXT)
    assert response == failures(*[position for position, (is_poison, _) in enumerate(batch) if is_poison])


# --- the sample events


@pytest.fixture(scope="module")
def events() -> list[dict[str, Any]]:
    """Return the lines of the sample."""
    return [json.loads(line) for line in (PATTERN / "events.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def sample(events: list[dict[str, Any]]) -> list[bytes]:
    """Return the sample as the payloads that are put into the stream."""
    return [event["data"].encode() if isinstance(event["data"], str) else encode(event["data"]) for event in events]


SAMPLE_POISON = {47: "not JSON", 150: "missing or invalid currency", 261: "missing or invalid amount"}
SAMPLE_SUSPICIOUS = [f"pay-{number:06d}" for number in (23, 77, 118, 166, 203, 241, 289)]


def test_sample_has_three_poison_records_and_all_others_are_processed(
    deliver: Deliver, index: ModuleType, sample: list[bytes]
) -> None:
    assert len(sample) == 300
    outcome = deliver(stream(*sample))
    assert outcome.response == failures(*SAMPLE_POISON)
    assert [line["reason"] for line in outcome.logs("Poison record")] == list(SAMPLE_POISON.values())
    assert len(index.processor.success_messages) == 297
    assert outcome.suspicious == SAMPLE_SUSPICIOUS
    assert outcome.metric == len(SAMPLE_SUSPICIOUS)


def test_sample_drains_as_the_spec_says_and_poison_alone_goes_to_the_queue(
    deliver: Deliver, sample: list[bytes]
) -> None:
    found = set[str]()

    def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
        outcome = deliver(event["Records"])
        found.update(outcome.suspicious)
        return outcome.response

    simulation = simulate_event_source(handler, kinesis_records(sample, first=0), mapping("fraud"))
    assert [record.sequence_number for failure in simulation.failures for record in failure.records] == list(
        SAMPLE_POISON
    )
    assert {failure.condition for failure in simulation.failures} == {"RetryAttemptsExhausted"}
    assert len(simulation.handled) == 297
    assert found == set(SAMPLE_SUSPICIOUS)


def test_sample_is_a_plausible_stream(events: list[dict[str, Any]]) -> None:
    payments = [event["data"] for event in events if isinstance(event["data"], dict)]
    assert [event["partition_key"] for event in events if isinstance(event["data"], dict)] == [
        data["account_id"] for data in payments
    ]
    assert len({data["account_id"] for data in payments}) == 20
    assert len({data["payment_id"] for data in payments}) == len(payments) == 299
    countries = [data["country"] for data in payments]
    assert countries.count("DE") > len(countries) / 2
    times = [datetime.fromisoformat(data["event_time"]) for data in payments]
    assert times == sorted(times)
    assert times[0].date().isoformat() == "2026-01-15"
    assert times[-1] - times[0] < timedelta(minutes=5)
