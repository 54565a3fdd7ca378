"""The handler of the consumer `audit`, judged by what Lambda sees of it: its answer, its logs and its metrics."""

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
from streaming_constructs.local import EventSourceMapping, kafka_records, simulate_event_source

PATTERN = Path(__file__).resolve().parent.parent
NAMESPACE = "StreamingConstructs"
SERVICE = "audit"
TOPIC = "orders"
CONTEXT = SimpleNamespace(
    function_name="shop-audit",
    memory_limit_in_mb=256,
    invoked_function_arn="arn:aws:lambda:eu-west-1:123456789012:function:shop-audit",
    aws_request_id="00000000-0000-4000-8000-000000000000",
)
FIRST_OFFSET = 4711

PERSONAL = "DE89370400440532013000"  # stands for personal data: it must not reach any output
LINES = [{"sku": "SKU-1", "quantity": 2, "price_cents": 1990}, {"sku": "SKU-2", "quantity": 1, "price_cents": 20}]
GOOD = {
    "order_id": "ord-000001",
    "customer_id": PERSONAL,
    "currency": "EUR",
    "total_cents": 4000,
    "lines": LINES,
    "event_time": "2026-01-15T09:30:00.000Z",
}


def encode(value: object) -> bytes:
    """Write a value as the producer does."""
    return json.dumps(value).encode()


def order(**changes: object) -> bytes:
    """Write a good order with some fields changed."""
    return encode(GOOD | changes)


def with_line(**changes: object) -> bytes:
    """Write a good order with some fields of its first line changed."""
    return order(lines=[LINES[0] | changes, LINES[1]])


def without(name: str) -> bytes:
    """Write an order that lacks one field."""
    return encode({key: value for key, value in GOOD.items() if key != name})


POISON = {
    "empty": (b"", "not JSON"),
    "not utf-8": (b'{"order_id": "\xff' + PERSONAL.encode() + b'"}', "not UTF-8"),
    "cut off": (order()[:-1], "not JSON"),
    "plain text": (PERSONAL.encode(), "not JSON"),
    "too deep": (b"[" * 200_000, "not JSON"),
    "array": (encode([GOOD]), "not an object"),
    "null": (b"null", "not an object"),
    **{f"no {name}": (without(name), f"missing or invalid {name}") for name in GOOD},
    **{f"null {name}": (order(**{name: None}), f"missing or invalid {name}") for name in GOOD},
    **{f"empty {name}": (order(**{name: ""}), f"missing or invalid {name}") for name in GOOD},
    **{f"null {name} of a line": (with_line(**{name: None}), f"missing or invalid {name}") for name in LINES[0]},
    "half a surrogate pair": (order(order_id="\ud800"), "missing or invalid order_id"),
    "total as text": (order(total_cents="40.00"), "missing or invalid total_cents"),
    "total with a fraction": (order(total_cents=4000.0), "missing or invalid total_cents"),
    "total true": (order(total_cents=True), "missing or invalid total_cents"),
    "negative total": (order(total_cents=-1), "missing or invalid total_cents"),
    "no lines": (order(lines=[]), "missing or invalid lines"),
    "a line that is none": (order(lines=[LINES[0], PERSONAL]), "missing or invalid lines"),
    "negative quantity": (with_line(quantity=-1), "missing or invalid quantity"),
    "time as number": (order(event_time=1768469400), "missing or invalid event_time"),
    "time in words": (order(event_time="yesterday " + PERSONAL), "missing or invalid event_time"),
}


def load(**env: str) -> ModuleType:
    """Import the handler by its path, with the environment that its function would have."""
    spec = importlib.util.spec_from_file_location("audit_index", PATTERN / "handlers" / "audit" / "index.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("POWERTOOLS_LOG_LEVEL", "AWS_LAMBDA_LOG_LEVEL", "LOG_LEVEL"):
            patch.delenv(name, raising=False)
        patch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        patch.setenv("POWERTOOLS_METRICS_NAMESPACE", NAMESPACE)
        patch.setenv("POWERTOOLS_SERVICE_NAME", SERVICE)
        for name, value in env.items():
            patch.setenv(name, value)
        spec.loader.exec_module(module)
    return module


def partition(number: int, *values: bytes | None) -> dict[str, list[dict[str, Any]]]:
    """Build what an event has of one partition, in its order; None is a record without a value."""
    records = []
    for position, value in enumerate(values):
        record: dict[str, Any] = {
            "topic": TOPIC,
            "partition": number,
            "offset": FIRST_OFFSET + position,
            "timestamp": 1768469400000,
            "timestampType": "CREATE_TIME",
            "key": base64.b64encode(PERSONAL.encode()).decode(),
            "headers": [],
        }
        records.append(record if value is None else record | {"value": base64.b64encode(value).decode()})
    return {f"{TOPIC}-{number}": records}


def failures(*positions: int, number: int = 0) -> list[dict[str, Any]]:
    """Build the items that report the records at these positions of a partition."""
    name = f"{TOPIC}-{number}"
    return [{"itemIdentifier": {"partition": name, "offset": FIRST_OFFSET + position}} for position in positions]


@dataclasses.dataclass(frozen=True)
class Outcome:
    """All that one invocation shows to the outside."""

    failed: list[dict[str, Any]]
    output: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Every line is JSON, log or EMF."""
        return [json.loads(line) for line in self.output.splitlines()]

    def logs(self, message: str) -> list[dict[str, Any]]:
        """Return the log lines with this message."""
        return [line for line in self.lines if line.get("message") == message]

    @property
    def wrong(self) -> list[str]:
        """Return the ids of the orders that were logged, in order."""
        return [line["order_id"] for line in self.logs("Order does not add up")]

    @property
    def metric(self) -> float:
        """Return the sum that CloudWatch would show for the metric."""
        return sum(sum(line["WrongOrders"]) for line in self.lines if "_aws" in line)


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
    """Return a function that invokes the handler with records by partition, and keeps what it wrote."""

    def invoke(records: dict[str, list[dict[str, Any]]], module: ModuleType = index) -> Outcome:
        monkeypatch.setattr(module.logger.registered_handler, "stream", sys.stdout)
        event = {"eventSource": "aws:kafka", "bootstrapServers": "b-1:9098", "records": records}
        response = module.handler(event, CONTEXT)
        output, errors = capsys.readouterr()
        assert errors == ""
        assert set(response) == {"batchItemFailures"}
        return Outcome(response["batchItemFailures"], output)

    return invoke


# --- what is read, and how it is judged


def test_parse_reads_every_field(index: ModuleType) -> None:
    assert dataclasses.asdict(index.parse(order())) == GOOD | {
        "lines": tuple(LINES),
        "event_time": datetime(2026, 1, 15, 9, 30, tzinfo=UTC),
    }


def test_parse_leaves_out_what_it_does_not_know(index: ModuleType) -> None:
    assert index.parse(order(channel="app")) == index.parse(order())


@pytest.mark.parametrize(("data", "reason"), POISON.values(), ids=POISON.keys())
def test_parse_rejects_with_a_reason_that_quotes_nothing(index: ModuleType, data: bytes, reason: str) -> None:
    with pytest.raises(index.PoisonRecordError) as raised:
        index.parse(data)
    assert str(raised.value) == reason
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


@pytest.mark.parametrize(("total", "difference"), [(4000, 0), (4001, 1), (3990, -10), (0, -4000)])
def test_the_total_is_compared_with_the_lines(index: ModuleType, total: int, difference: int) -> None:
    assert index.difference_cents(index.parse(order(total_cents=total))) == difference


# --- what a batch answers


def test_good_batch_has_no_failures_and_a_metric_of_zero(deliver: Deliver) -> None:
    outcome = deliver(partition(0, order(), order(currency="USD")) | partition(3, order()))
    assert outcome.failed == []
    assert outcome.metric == 0
    assert [line.keys() >= {"_aws", "WrongOrders"} for line in outcome.lines] == [True]


@pytest.mark.parametrize(("data", "reason"), POISON.values(), ids=POISON.keys())
def test_poison_is_reported_and_logged_without_its_payload(deliver: Deliver, data: bytes, reason: str) -> None:
    outcome = deliver(partition(2, order(), data, order()))
    assert outcome.failed == failures(1, number=2)
    (line,) = outcome.logs("Poison record")
    assert {name: line[name] for name in ("level", "partition", "offset", "reason")} == {
        "level": "WARNING",
        "partition": 2,
        "offset": FIRST_OFFSET + 1,
        "reason": reason,
    }
    assert PERSONAL not in outcome.output
    assert base64.b64encode(data).decode() not in outcome.output or data == b""


def test_a_record_without_a_value_is_poison(deliver: Deliver) -> None:
    assert deliver(partition(0, order(), None)).failed == failures(1)


def test_records_of_one_offset_in_several_partitions_are_told_apart(deliver: Deliver) -> None:
    outcome = deliver(partition(0, order(), b"{") | partition(1, b"{", order()) | partition(10, order(), b"{"))
    assert outcome.failed == [*failures(1), *failures(0, number=1), *failures(1, number=10)]


@pytest.mark.parametrize("size", [1, 50])
def test_a_batch_of_poison_alone_is_returned_and_not_raised(deliver: Deliver, size: int) -> None:
    outcome = deliver(partition(0, *[b"{"] * size))
    assert outcome.failed == failures(*range(size))
    assert outcome.metric == 0


def test_records_after_poison_are_judged_in_the_same_delivery(deliver: Deliver) -> None:
    outcome = deliver(partition(0, b"{", order(order_id="after", total_cents=1)))
    assert outcome.failed == failures(0)
    assert outcome.wrong == ["after"]


# --- what an order that does not add up leaves behind


def test_a_wrong_order_is_logged_and_counted(deliver: Deliver) -> None:
    outcome = deliver(partition(5, order(), order(order_id="ord-2", total_cents=4100, currency="GBP")))
    assert outcome.failed == []
    (line,) = outcome.logs("Order does not add up")
    asked = (
        "level",
        "service",
        "function_request_id",
        "partition",
        "offset",
        "order_id",
        "difference_cents",
        "currency",
    )
    assert {name: line[name] for name in asked} == {
        "level": "WARNING",
        "service": SERVICE,
        "function_request_id": CONTEXT.aws_request_id,
        "partition": 5,
        "offset": FIRST_OFFSET + 1,
        "order_id": "ord-2",
        "difference_cents": 100,
        "currency": "GBP",
    }
    assert PERSONAL not in outcome.output


def test_metric_is_valid_emf(deliver: Deliver) -> None:
    outcome = deliver(partition(0, order(total_cents=1), order(), order(total_cents=2)))
    (emf,) = [line for line in outcome.lines if "_aws" in line]
    assert emf["_aws"]["CloudWatchMetrics"] == [
        {
            "Namespace": NAMESPACE,
            "Dimensions": [["service"]],
            "Metrics": [{"Name": "WrongOrders", "Unit": "Count"}],
        },
    ]
    assert emf["service"] == SERVICE
    assert outcome.metric == 2


# --- what a redelivery does


def test_a_redelivery_repeats_the_same_judgements(deliver: Deliver) -> None:
    wrong = [order(order_id=name, total_cents=1) for name in ("before", "after")]
    for _ in range(3):
        outcome = deliver(partition(0, wrong[0], b"{", wrong[1]))
        assert outcome.failed == failures(1)
        assert outcome.wrong == ["before", "after"]
        assert outcome.metric == 2


amounts = st.integers(0, 10**12)
good_lines = st.fixed_dictionaries({"sku": st.text(min_size=1), "quantity": amounts, "price_cents": amounts})
good_orders = st.fixed_dictionaries(
    {
        "order_id": st.text(min_size=1),
        "customer_id": st.text(min_size=1),
        "currency": st.sampled_from(["EUR", "USD", "GBP"]),
        "total_cents": amounts,
        "lines": st.lists(good_lines, min_size=1, max_size=3),
        "event_time": st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat),
    }
).map(encode)
poison_records = st.sampled_from([data for data, _ in POISON.values() if len(data) < 1000])
marked_records = st.tuples(st.just(False), good_orders) | st.tuples(st.just(True), poison_records)


@settings(max_examples=60, deadline=None, database=None)
@given(batch=st.lists(marked_records, min_size=1, max_size=12))
def test_exactly_the_poison_is_reported(index: ModuleType, batch: list[tuple[bool, bytes]]) -> None:
    response = index.handler({"records": partition(0, *[data for _, data in batch])}, CONTEXT)
    poison = [position for position, (is_poison, _) in enumerate(batch) if is_poison]
    assert response == {"batchItemFailures": failures(*poison)}


# --- the sample events


@pytest.fixture(scope="module")
def events() -> list[dict[str, Any]]:
    """Return the lines of the sample."""
    return [json.loads(line) for line in (PATTERN / "events.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def sample(events: list[dict[str, Any]]) -> list[bytes]:
    """Return the sample as the values that are put into the topic."""
    return [event["data"].encode() if isinstance(event["data"], str) else encode(event["data"]) for event in events]


SAMPLE_POISON = {63: "not JSON", 151: "missing or invalid lines", 232: "missing or invalid total_cents"}
SAMPLE_WRONG = [f"ord-{number:06d}" for number in (41, 119, 207, 268)]


def mapping() -> EventSourceMapping:
    """Return the settings of the consumer's event source mapping, as the spec beside the handlers says them."""
    own = PATTERN / "pipeline.yaml"  # what a project calls its spec, with environments in it
    spec = PipelineSpec.load(own, "prod") if own.exists() else PipelineSpec.load(PATTERN / "pattern.yaml")
    return EventSourceMapping.from_spec(spec.consumers["audit"], spec.streams[TOPIC])


def test_sample_has_three_poison_records_and_all_others_are_processed(
    deliver: Deliver, index: ModuleType, sample: list[bytes]
) -> None:
    assert len(sample) == 300
    outcome = deliver(partition(0, *sample))
    assert outcome.failed == failures(*SAMPLE_POISON)
    assert [line["reason"] for line in outcome.logs("Poison record")] == list(SAMPLE_POISON.values())
    assert len(index.processor.success_messages) == 297
    assert outcome.wrong == SAMPLE_WRONG


def test_sample_drains_as_the_spec_says_and_poison_alone_is_kept(
    deliver: Deliver, events: list[dict[str, Any]], sample: list[bytes]
) -> None:
    def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
        return {"batchItemFailures": deliver(event["records"]).failed}

    keys = [event["partition_key"].encode() for event in events]
    records = [
        record
        for offset, (key, value) in enumerate(zip(keys, sample, strict=True))
        for record in kafka_records([value], topic=TOPIC, key=key, first=offset)
    ]
    simulation = simulate_event_source(handler, records, mapping())
    given_up = [record.offset for failure in simulation.failures for record in failure.records]
    assert given_up == list(SAMPLE_POISON)
    assert {failure.condition for failure in simulation.failures} == {"RetryAttemptsExhausted"}
    assert len(simulation.handled) == 297
    # What is kept in the bucket is the record itself.
    assert [record.value for failure in simulation.failures for record in failure.records] == [
        sample[offset] for offset in SAMPLE_POISON
    ]


def test_sample_is_a_plausible_topic(events: list[dict[str, Any]]) -> None:
    orders = [event["data"] for event in events if isinstance(event["data"], dict)]
    keys = [event["partition_key"] for event in events if isinstance(event["data"], dict)]
    assert keys == [data["customer_id"] for data in orders]
    assert len(set(keys)) == 39
    times = [datetime.fromisoformat(data["event_time"]) for data in orders]
    assert times == sorted(times)
    assert times[-1] - times[0] < timedelta(minutes=5)
