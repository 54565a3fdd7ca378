"""The handler of the consumer `paid`, judged by its answer, its notifications, its logs and its metrics."""

import base64
import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming_constructs import PipelineSpec
from streaming_constructs.local import EventSourceMapping, KafkaRecord, kafka_records, simulate_event_source

PATTERN = Path(__file__).resolve().parent.parent
ARN = "arn:aws:sns:eu-west-1:123456789012:paid-orders"
TOPIC = "shop.public.orders"
PERSONAL = "DE89370400440532013000"  # stands for personal data: it must not reach the handler's own logs
CONTEXT = SimpleNamespace(
    function_name="shop-paid",
    memory_limit_in_mb=256,
    invoked_function_arn="arn:aws:lambda:eu-west-1:123456789012:function:shop-paid",
    aws_request_id="00000000-0000-4000-8000-000000000000",
)


class ServiceError(Exception):
    """An error as botocore raises it, with a text that quotes what was sent."""

    def __init__(self) -> None:
        super().__init__(f"1 validation error detected: Value '{PERSONAL}' at 'message'")
        self.response = {"Error": {"Code": "InvalidParameter"}}


class FakeSns:
    """Publish as the service answers it."""

    def __init__(self) -> None:
        self.sent: list[dict[str, str]] = []
        self.error: Exception | None = None

    def publish(self, **message: str) -> dict[str, str]:
        if self.error is not None:
            raise self.error
        self.sent.append(message)
        return {"MessageId": "1"}

    @property
    def orders(self) -> list[int]:
        return [json.loads(message["Message"])["order_id"] for message in self.sent]


class Stdout:
    """What standard output is at each moment: it is not yet captured while fixtures are made."""

    def write(self, text: str) -> None:
        sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


@pytest.fixture
def index() -> Iterator[ModuleType]:
    """The handler, whose logger writes to what `capsys` reads."""
    spec = importlib.util.spec_from_file_location("paid_index", PATTERN / "handlers" / "paid" / "index.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PAID_ORDERS_TOPIC_ARN", ARN)
        patch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        patch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Shop")
        patch.setenv("POWERTOOLS_SERVICE_NAME", "paid")
        spec.loader.exec_module(module)
        module.fake = FakeSns()  # type: ignore[attr-defined]
        patch.setattr(module, "sns", lambda: module.fake)
        patch.setattr(module.logger.registered_handler, "stream", Stdout())
        yield module


def order(**changes: Any) -> dict[str, Any]:
    """The row of an order."""
    return {"id": 7, "customer_id": 1, "status": "paid", "total": "12.00", "updated_at": 1768469400000000, **changes}


def change(after: Any, before: Any = None, op: str = "u") -> bytes:
    """A change as Debezium writes it, and as Lambda decodes it."""
    return json.dumps({"before": before, "after": after, "source": {"table": "orders"}, "op": op}).encode()


def event(*values: bytes | None) -> dict[str, Any]:
    """The event of records of one partition."""
    records = [
        {
            "topic": TOPIC,
            "partition": 2,
            "offset": offset,
            "timestamp": 1768469400000,
            "timestampType": "CREATE_TIME",
            "key": base64.b64encode(b'{"id":7}').decode(),
            "headers": [],
            **({} if value is None else {"value": base64.b64encode(value).decode()}),
        }
        for offset, value in enumerate(values, start=40)
    ]
    return {"eventSource": "aws:kafka", "records": {f"{TOPIC}-2": records}}


def failures(*offsets: int) -> dict[str, Any]:
    return {"batchItemFailures": [{"itemIdentifier": {"partition": f"{TOPIC}-2", "offset": one}} for one in offsets]}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (order(status="new"), order(), True),
        (None, order(), True),
        (order(), order(total="13.00"), False),
        (order(), order(status="shipped"), False),
        (None, order(status="new"), False),
    ],
    ids=["became paid", "came paid", "was paid", "shipped", "new"],
)
def test_an_order_that_became_paid_is_told_of(index: Any, before: Any, after: Any, told: bool) -> None:
    assert index.handler(event(change(after, before)), CONTEXT) == failures()
    assert index.fake.orders == ([7] if told else [])


def test_who_listens_is_told_which_order_and_how_much(index: Any) -> None:
    index.handler(event(change(order())), CONTEXT)
    assert index.fake.sent == [
        {"TopicArn": ARN, "Subject": "Order 7 is paid", "Message": '{"order_id": 7, "total": "12.00"}'}
    ]


POISON = {
    "no JSON": (PERSONAL.encode(), "not JSON"),
    "a text": (json.dumps(PERSONAL).encode(), "missing after"),
    "no row": (change(None), "missing after"),
    "no id": (change(order(id=None)), "missing or invalid id"),
    "a truth as id": (change(order(id=True)), "missing or invalid id"),
    "no status": (change(order(status=None)), "missing or invalid status or total"),
    "a number as total": (change(order(total=12.0)), "missing or invalid status or total"),
}


@pytest.mark.parametrize(("value", "reason"), POISON.values(), ids=POISON)
def test_what_cannot_be_read_is_returned_and_never_logged(
    index: Any, capsys: pytest.CaptureFixture[str], value: bytes, reason: str
) -> None:
    assert index.handler(event(change(order()), value, change(order(id=8))), CONTEXT) == failures(41)
    assert index.fake.orders == [7, 8]
    output = capsys.readouterr().out
    (line,) = [one for one in map(json.loads, output.splitlines()) if one.get("message") == "Poison record"]
    assert (line["reason"], line["partition"], line["offset"]) == (reason, f"{TOPIC}-2", 41)
    assert PERSONAL not in output


def test_a_row_that_is_gone_is_passed_over(index: Any) -> None:
    assert index.handler(event(None), CONTEXT) == failures()
    assert index.fake.orders == []


def test_what_could_not_be_told_comes_again(index: Any, capsys: pytest.CaptureFixture[str]) -> None:
    index.fake.error = ServiceError()
    assert index.handler(event(change(order()), change(order(status="new"))), CONTEXT) == failures(40)
    output = capsys.readouterr().out
    assert "InvalidParameter" in output
    assert PERSONAL not in output
    index.fake.error = None
    assert index.handler(event(change(order())), CONTEXT) == failures()
    assert index.fake.orders == [7]


def test_the_metric_counts_what_was_told(index: Any, capsys: pytest.CaptureFixture[str]) -> None:
    index.handler(event(change(order()), change(order(id=8)), change(order(status="new"))), CONTEXT)
    (emf,) = [line for line in map(json.loads, capsys.readouterr().out.splitlines()) if "_aws" in line]
    assert sum(emf["PaidOrders"]) == 2


values = st.one_of(
    st.sampled_from([value for value, _ in POISON.values()]).map(lambda value: (True, value)),
    st.sampled_from([change(order()), change(order(status="new")), change(order(), order())]).map(
        lambda value: (False, value)
    ),
)


def test_exactly_the_poison_is_returned(index: Any) -> None:
    @settings(max_examples=40, deadline=None, database=None)
    @given(st.lists(values, min_size=1, max_size=8))
    def judged(batch: list[tuple[bool, bytes]]) -> None:
        bad = [offset for offset, (is_poison, _) in enumerate(batch, start=40) if is_poison]
        assert index.handler(event(*(value for _, value in batch)), CONTEXT) == failures(*bad)

    judged()


def sample() -> list[KafkaRecord]:
    """The changes of orders in the sample, all in one partition."""
    lines = map(json.loads, (PATTERN / "events.jsonl").read_text(encoding="utf-8").splitlines())
    return kafka_records([line["data"] for line in lines if line["into"] == "orders"], topic=TOPIC)


def test_sample_drains_as_the_spec_says_and_poison_alone_is_given_up(index: Any) -> None:
    spec = PipelineSpec.load(PATTERN / "pattern.yaml")
    topic = spec.streams["orders"].model_copy(update={"encoding": "registry"})  # as its system has it
    mapping = EventSourceMapping.from_spec(spec.consumers["paid"], topic)
    simulation = simulate_event_source(lambda event, _: index.handler(event, CONTEXT), sample(), mapping)
    given_up = {failure.condition: [record.data for record in failure.records] for failure in simulation.failures}
    assert sorted(given_up) == ["DESERIALIZATION_ERROR", "RetryAttemptsExhausted"]
    assert given_up["DESERIALIZATION_ERROR"] == [b"id=31;status=paid"]
    assert len(simulation.filtered) == 29
    assert len(set(index.fake.orders)) == 70


def test_sample_is_what_debezium_writes() -> None:
    lines = [json.loads(line) for line in (PATTERN / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    changes = [line for line in lines if isinstance(line["data"], dict)]
    for line in changes:
        data = line["data"]
        row = data["after"] or data["before"]
        assert json.loads(line["partition_key"]) == {"id": row["id"]}
        assert data["source"]["table"] == line["into"]
        assert (data["after"] is None) == (data["op"] == "d")
    assert {line["data"]["op"] for line in changes} == {"c", "u", "d", "r"}
    positions = [line["data"]["source"]["lsn"] for line in changes]
    assert positions[:209] == sorted(positions[:209])
