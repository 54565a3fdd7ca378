"""The handler of the consumer `unpack`, judged by what Lambda and the stream `logs` see of it."""

import base64
import dataclasses
import gzip
import importlib.util
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming_constructs import PipelineSpec
from streaming_constructs.local import EventSourceMapping, kinesis_records, simulate_event_source

PATTERN = Path(__file__).resolve().parent.parent
MIB = 1024 * 1024
NAMESPACE = "StreamingConstructs"
ARN = "arn:aws:kinesis:eu-west-1:123456789012:stream/logs"
FIRST_SEQUENCE = 49590338271490256608559692538361571095921575989136588898
TIME = 1768469400115  # 2026-01-15T09:30:00.115Z
THROTTLED = "ProvisionedThroughputExceededException"
PERSONAL = "DE89370400440532013000"  # stands for personal data: it must not reach any output


class Context:
    """What Lambda says of an invocation, with a clock that only sleeping moves."""

    function_name = "logs-unpack"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:logs-unpack"
    aws_request_id = "00000000-0000-4000-8000-000000000000"

    def __init__(self, milliseconds: float = 60_000) -> None:
        self.milliseconds = milliseconds
        self.waits: list[float] = []

    def get_remaining_time_in_millis(self) -> int:
        return int(self.milliseconds)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.milliseconds -= seconds * 1000


class ServiceError(Exception):
    """An error as botocore raises it, with a text that quotes what was sent."""

    def __init__(self, code: str) -> None:
        super().__init__(f"1 validation error detected: Value '{PERSONAL}' at 'records.1.member.data'")
        self.response = {"Error": {"Code": code}}


Verdict = Callable[[int, dict[str, Any]], str | None]


class FakeKinesis:
    """PutRecords as the service answers it: some records taken and some refused, or an error for all of them."""

    def __init__(self, verdict: Verdict = lambda *_: None) -> None:
        self.verdict = verdict
        self.calls: list[list[dict[str, Any]]] = []
        self.taken: list[dict[str, Any]] = []

    def put_records(self, *, StreamARN: str, Records: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        sizes = [len(record["Data"]) + len(record["PartitionKey"].encode()) for record in Records]
        if not (
            StreamARN == ARN
            and 1 <= len(Records) <= 500
            and max(sizes) <= MIB
            and sum(sizes) <= 10 * MIB
            and all(record.keys() == {"Data", "PartitionKey"} for record in Records)
            and all(1 <= len(record["PartitionKey"]) <= 256 for record in Records)
        ):
            pytest.fail("PutRecords would not take this request")  # no Exception: no handler can swallow it
        self.calls.append(Records)
        results = []
        for record in Records:
            code = self.verdict(len(self.calls), record)
            if code:
                results.append({"ErrorCode": code, "ErrorMessage": f"Rate exceeded for {PERSONAL}"})
            else:
                self.taken.append(record)
                results.append({"SequenceNumber": str(len(self.taken)), "ShardId": "shardId-000000000000"})
        return {
            "FailedRecordCount": sum("ErrorCode" in result for result in results),
            "Records": results,
            "EncryptionType": "KMS",
        }

    @property
    def events(self) -> list[dict[str, str]]:
        """Return the log events that are in the stream."""
        return [json.loads(record["Data"]) for record in self.taken]

    @property
    def ids(self) -> list[str]:
        """Return the ids of the log events that are in the stream."""
        return [event["event_id"] for event in self.events]


def log_event(event_id: str = "e1", message: object = "hello", timestamp: object = TIME) -> dict[str, object]:
    """Build one log event as CloudWatch Logs does."""
    return {"id": event_id, "timestamp": timestamp, "message": message}


def batch(*log_events: object, **changes: object) -> dict[str, object]:
    """Build what a subscription sends, with some fields changed."""
    return {
        "messageType": "DATA_MESSAGE",
        "owner": "123456789012",
        "logGroup": "/aws/lambda/orders",
        "logStream": "2026/01/15/[$LATEST]0123456789abcdef",
        "subscriptionFilters": ["logs"],
        "logEvents": list(log_events),
    } | changes


def pack(value: object) -> bytes:
    """Write a value as CloudWatch Logs puts it into a stream."""
    return gzip.compress(json.dumps(value).encode(), compresslevel=1)


def without(name: str, fields: dict[str, object]) -> dict[str, object]:
    """Copy fields but one."""
    return {key: value for key, value in fields.items() if key != name}


CONTROL = pack(
    {
        "messageType": "CONTROL_MESSAGE",
        "owner": "CloudwatchLogs",
        "logGroup": "",
        "logStream": "",
        "subscriptionFilters": [],
        "logEvents": [{"id": "", "timestamp": TIME, "message": "CWL CONTROL MESSAGE: Checking health of destination"}],
    }
)
GOOD = batch(log_event("good", PERSONAL))
POISON = {
    "empty": (b"", "not JSON"),  # gzip of nothing is nothing
    "not compressed": (json.dumps(GOOD).encode(), "not gzip"),
    "plain text": (PERSONAL.encode(), "not gzip"),
    "cut off": (pack(GOOD)[:-9], "not gzip"),
    "wrong checksum": (pack(GOOD)[:-8] + bytes(8), "not gzip"),
    "damaged inside": (gzip.compress(b"a" * 100, mtime=0)[:12] + b"\xff" * 20, "not gzip"),
    "garbage behind": (pack(GOOD) + b"garbage", "not gzip"),
    "not utf-8": (gzip.compress(b'{"messageType": "\xff' + PERSONAL.encode() + b'"}'), "not UTF-8"),
    "no json": (gzip.compress(PERSONAL.encode()), "not JSON"),
    "too deep": (gzip.compress(b"[" * 200_000), "not JSON"),
    "array": (pack([GOOD]), "not an object"),
    "text": (pack(PERSONAL), "not an object"),
    "no messageType": (pack(without("messageType", GOOD)), "missing or invalid messageType"),
    "other messageType": (pack(GOOD | {"messageType": PERSONAL}), "missing or invalid messageType"),
    "messageType as list": (pack(GOOD | {"messageType": [1]}), "missing or invalid messageType"),
    **{
        f"{case} {name}": (pack(GOOD | {name: value}), f"missing or invalid {name}")
        for name in ("logGroup", "logStream")
        for case, value in {"null": None, "empty": "", "numeric": 7, "endless": "x" * 513}.items()
    },
    "no logGroup": (pack(without("logGroup", GOOD)), "missing or invalid logGroup"),
    "no logEvents": (pack(without("logEvents", GOOD)), "missing or invalid logEvents"),
    "logEvents as object": (pack(GOOD | {"logEvents": {"id": PERSONAL}}), "missing or invalid logEvents"),
    "log event as text": (pack(batch(log_event(), PERSONAL)), "missing or invalid logEvents"),
    "no id": (pack(batch(without("id", log_event()))), "missing or invalid id"),
    "empty id": (pack(batch(log_event(""))), "missing or invalid id"),
    "no timestamp": (pack(batch(without("timestamp", log_event()))), "missing or invalid timestamp"),
    "timestamp as text": (pack(batch(log_event(timestamp="1768469400115"))), "missing or invalid timestamp"),
    "timestamp true": (pack(batch(log_event(timestamp=True))), "missing or invalid timestamp"),
    "timestamp beyond years": (pack(batch(log_event(timestamp=10**17))), "missing or invalid timestamp"),
    "timestamp beyond all": (pack(batch(log_event(timestamp=10**40))), "missing or invalid timestamp"),
    "no message": (pack(batch(without("message", log_event()))), "missing or invalid message"),
    "message as object": (pack(batch(log_event(message={"a": PERSONAL}))), "missing or invalid message"),
    "bad event after good": (pack(batch(log_event(), log_event("e2", None))), "missing or invalid message"),
}


def load(**env: str) -> ModuleType:
    """Import the handler by its path, with the environment that its function would have."""
    spec = importlib.util.spec_from_file_location("unpack_index", PATTERN / "handlers" / "unpack" / "index.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("POWERTOOLS_LOG_LEVEL", "AWS_LAMBDA_LOG_LEVEL", "LOG_LEVEL", "LOGS_STREAM_ARN"):
            patch.delenv(name, raising=False)
        patch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        patch.setenv("POWERTOOLS_METRICS_NAMESPACE", NAMESPACE)
        patch.setenv("POWERTOOLS_SERVICE_NAME", "unpack")
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
                "partitionKey": "0123456789abcdef0123456789abcdef",
                "sequenceNumber": str(FIRST_SEQUENCE + position),
                "data": base64.b64encode(item).decode(),
                "approximateArrivalTimestamp": 1768469400.0,
            },
            "eventSource": "aws:kinesis",
            "eventVersion": "1.0",
            "eventID": f"shardId-000000000000:{FIRST_SEQUENCE + position}",
            "eventName": "aws:kinesis:record",
            "invokeIdentityArn": "arn:aws:iam::123456789012:role/logs-unpack",
            "awsRegion": "eu-west-1",
            "eventSourceARN": "arn:aws:kinesis:eu-west-1:123456789012:stream/service_logs",
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
    context: Context

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Every line is JSON, log or EMF."""
        return [json.loads(line) for line in self.output.splitlines()]

    def logs(self, message: str) -> list[dict[str, Any]]:
        """Return the log lines with this message."""
        return [line for line in self.lines if line.get("message") == message]

    def metric(self, name: str) -> float:
        """Return the sum that CloudWatch would show for a metric."""
        return sum(sum(line[name]) for line in self.lines if "_aws" in line and name in line)


Deliver = Callable[..., Outcome]


@pytest.fixture(scope="module")
def index() -> Iterator[ModuleType]:
    """Return the handler's module."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("POWERTOOLS_DEV", "POWERTOOLS_METRICS_DISABLED"):  # read at every invocation
            patch.delenv(name, raising=False)
        yield load(LOGS_STREAM_ARN=ARN)


def run(index: ModuleType, client: FakeKinesis, context: Context, *data: bytes) -> dict[str, Any]:
    """Invoke the handler with a client and a clock of the test's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "kinesis", lambda: client)
        patch.setattr(index, "sleep", context.sleep)
        response: dict[str, Any] = index.handler({"Records": stream(*data)}, context)
    return response


@pytest.fixture
def deliver(index: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Deliver:
    """Return a function that invokes the handler with records and keeps what it wrote."""

    def invoke(client: FakeKinesis, *data: bytes, milliseconds: float = 60_000) -> Outcome:
        monkeypatch.setattr(index.logger.registered_handler, "stream", sys.stdout)
        context = Context(milliseconds)
        response = run(index, client, context, *data)
        output, errors = capsys.readouterr()
        assert errors == ""
        return Outcome(response, output, context)

    return invoke


# --- the shape of a log event


def test_a_text_event_becomes_a_log_event(deliver: Deliver) -> None:
    client = FakeKinesis()
    outcome = deliver(client, pack(batch(log_event("3195310660696698", "[ERROR] disk is full\n"))))
    assert outcome.response == failures()
    assert client.events == [
        {
            "event_time": "2026-01-15T09:30:00.115Z",
            "level": "ERROR",
            "message": "[ERROR] disk is full\n",
            "service": "orders",
            "host": "",
            "log_group": "/aws/lambda/orders",
            "log_stream": "2026/01/15/[$LATEST]0123456789abcdef",
            "event_id": "3195310660696698",
        }
    ]


def test_a_structured_event_gives_its_own_fields(deliver: Deliver) -> None:
    client = FakeKinesis()
    fields = {"level": "warning", "message": "retrying", "service": "checkout", "host": "ip-10-0-0-7", "order": 7}
    deliver(client, pack(batch(log_event("e1", json.dumps(fields)))))
    assert client.events == [
        {
            "event_time": "2026-01-15T09:30:00.115Z",
            "level": "WARN",
            "message": "retrying",
            "service": "checkout",
            "host": "ip-10-0-0-7",
            "log_group": "/aws/lambda/orders",
            "log_stream": "2026/01/15/[$LATEST]0123456789abcdef",
            "event_id": "e1",
        }
    ]


def only(index: ModuleType, text: str, log_group: str = "/aws/lambda/orders") -> dict[str, str]:
    """Read one log event with this text."""
    (event,) = index.read(pack(batch(log_event(message=text), logGroup=log_group)))
    assert isinstance(event, dict)
    return event


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("hello", "INFO"),
        ("", "INFO"),
        ("TRACE a", "TRACE"),
        ("2026-01-15 DEBUG a", "DEBUG"),
        ("INFO no ERROR was found", "INFO"),
        ("WARN: a", "WARN"),
        ("WARNING:root:a", "WARN"),
        ("a ERROR b", "ERROR"),
        ("SEVERE a", "ERROR"),
        ("a FATAL b", "FATAL"),
        ("CRITICAL:root:a", "FATAL"),
        ("2026/01/15 09:30:00 [error] 7#7: open() failed", "ERROR"),
        ("[warn] a", "WARN"),
        ("time=09:30 level=error msg=a", "ERROR"),
        ('level="warning" msg=a', "WARN"),
        ("no error was found", "INFO"),
        ("Errors: 0", "INFO"),
        ("TERROR", "INFO"),
        ("HTTP_ERROR_COUNT 0", "INFO"),
        ('{"level": "error"}', "ERROR"),
        ('{"level": "ERROR", "message": "INFO"}', "ERROR"),
        ('{"levelname": "CRITICAL"}', "FATAL"),
        ('{"severity": "Warning"}', "WARN"),
        ('{"level": 50, "msg": "a"}', "ERROR"),
        ('{"level": 30, "msg": "ERROR"}', "INFO"),
        ('{"level": "audit", "severity": "ERROR"}', "ERROR"),
        ('{"level": "audit", "message": "FATAL a"}', "FATAL"),
        ('{"level": null, "message": "a"}', "INFO"),
        ('{"level": {"name": "ERROR"}, "message": "a"}', "INFO"),
        (' {"level": "error"} ', "ERROR"),
        ('{"level": "error"', "INFO"),
        ('["level", "error"]', "INFO"),
    ],
)
def test_the_level_is_that_of_the_message(index: ModuleType, text: str, level: str) -> None:
    assert only(index, text)["level"] == level


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\tb\nc", "a\tb\nc"),
        ('{"message": "inner", "a": 1}', "inner"),
        ('{"a": 1}', '{"a": 1}'),
        ('{"message": "", "a": 1}', '{"message": "", "a": 1}'),
        ('{"message": {"a": 1}}', '{"message": {"a": 1}}'),
        ('{"message": 7}', '{"message": 7}'),
        ('{"message": "cut', '{"message": "cut'),
        ("{" * 5000, "{" * 5000),
        ('{"a":' * 200_000, '{"a":' * 200_000),
        ("Grüße 💶", "Grüße 💶"),
        ("half \ud800 a pair", "half ? a pair"),
        ('{"message": "half \\ud800 a pair"}', "half ? a pair"),
    ],
    ids=range(12),
)
def test_the_message_is_the_field_or_the_whole_text(index: ModuleType, text: str, message: str) -> None:
    assert only(index, text)["message"] == message


@pytest.mark.parametrize(
    ("text", "log_group", "service"),
    [
        ("a", "/aws/lambda/orders", "orders"),
        ("a", "orders", "orders"),
        ("a", "/ecs/shop/web/", "web"),
        ("a", "/", "/"),
        ('{"service": "checkout"}', "/aws/lambda/orders", "checkout"),
        ('{"service": ""}', "/aws/lambda/orders", "orders"),
        ('{"service": 7}', "/aws/lambda/orders", "orders"),
        (json.dumps({"service": "x" * 256}), "/aws/lambda/orders", "x" * 256),
        (json.dumps({"service": "x" * 257}), "/aws/lambda/orders", "orders"),
        ('{"service": "a\\ud800"}', "/aws/lambda/orders", "a?"),
    ],
    ids=range(10),
)
def test_the_service_is_the_field_or_the_end_of_the_log_group(
    index: ModuleType, text: str, log_group: str, service: str
) -> None:
    assert only(index, text, log_group)["service"] == service


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("a", ""),
        ('{"host": "h1", "hostname": "h2"}', "h1"),
        ('{"hostname": "h2"}', "h2"),
        ('{"host": {"name": "h1"}}', ""),
    ],
)
def test_the_host_is_what_the_message_says_and_never_a_guess(index: ModuleType, text: str, host: str) -> None:
    assert only(index, text)["host"] == host


@pytest.mark.parametrize(
    ("timestamp", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1, "1970-01-01T00:00:00.001Z"),
        (TIME, "2026-01-15T09:30:00.115Z"),
        (1768469400000, "2026-01-15T09:30:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (253402300799999, "9999-12-31T23:59:59.999Z"),
    ],
)
def test_the_time_is_written_in_utc_with_milliseconds(index: ModuleType, timestamp: int, text: str) -> None:
    assert index.event_time(timestamp) == text


@given(timestamp=st.integers(min_value=0, max_value=253402300799999))
@settings(deadline=None, database=None)
def test_the_time_loses_nothing(index: ModuleType, timestamp: int) -> None:
    read = datetime.fromisoformat(index.event_time(timestamp))
    seconds, milliseconds = divmod(timestamp, 1000)
    assert read == datetime.fromtimestamp(seconds, UTC).replace(microsecond=milliseconds * 1000)


def test_control_messages_are_skipped(deliver: Deliver) -> None:
    client = FakeKinesis()
    outcome = deliver(client, CONTROL, pack(batch(log_event("e1"))), CONTROL)
    assert outcome.response == failures()
    assert client.ids == ["e1"]


def test_a_batch_without_events_makes_no_request(deliver: Deliver) -> None:
    client = FakeKinesis()
    assert deliver(client, CONTROL, pack(batch())).response == failures()
    assert client.calls == []


# --- poison


@pytest.mark.parametrize(("data", "reason"), POISON.values(), ids=POISON.keys())
def test_poison_is_reported_and_logged_without_its_payload(deliver: Deliver, data: bytes, reason: str) -> None:
    client = FakeKinesis()
    outcome = deliver(client, pack(batch(log_event("before"))), data, pack(batch(log_event("after"))))
    assert outcome.response == failures(1)
    assert client.ids == ["before", "after"]
    (line,) = outcome.logs("Poison record")
    assert (line["level"], line["sequence_number"], line["reason"]) == ("WARNING", str(FIRST_SEQUENCE + 1), reason)
    assert PERSONAL not in outcome.output
    assert base64.b64encode(data).decode() not in outcome.output or data == b""


@pytest.mark.parametrize("size", [1, 2, 50])
def test_a_batch_of_poison_alone_is_returned_and_not_raised(deliver: Deliver, size: int) -> None:
    outcome = deliver(FakeKinesis(), *[b"{"] * size)
    assert outcome.response == failures(*range(size))
    assert outcome.metric("LogEventsPut") == 0


def test_what_unpacks_to_more_than_the_bound_is_poison(index: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "MAX_UNPACKED_BYTES", MIB)
    text = json.dumps(batch(log_event("e1", "x" * 100)))
    assert len(index.read(gzip.compress(text.ljust(MIB).encode()))) == 1
    with pytest.raises(index.PoisonRecordError, match=r"^more than 1 MiB unpacked$"):
        index.read(gzip.compress(text.ljust(MIB + 1).encode()))


def test_a_bomb_is_not_unpacked_beyond_the_bound(index: ModuleType) -> None:
    bomb = gzip.compress(bytes(100 * MIB))
    read = index.gzip.GzipFile.read
    sizes = []

    class Watched(gzip.GzipFile):
        def read(self, size: int | None = -1) -> bytes:
            text: bytes = read(self, size)
            sizes.append(len(text))
            return text

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index.gzip, "GzipFile", Watched)
        with pytest.raises(index.PoisonRecordError, match=r"^more than 64 MiB unpacked$"):
            index.read(bomb)
    assert sizes == [64 * MIB + 1]


# --- keys


def test_the_key_is_the_log_stream_in_its_log_group(deliver: Deliver) -> None:
    client = FakeKinesis()
    same = [batch(log_event(str(n)), logGroup="/app/a", logStream="i-1") for n in range(2)]
    other = batch(log_event(), logGroup="/app/b", logStream="i-1")
    deliver(client, *[pack(item) for item in (*same, other)])
    assert [record["PartitionKey"] for record in client.taken] == ["/app/a:i-1", "/app/a:i-1", "/app/b:i-1"]


def test_a_key_that_is_too_long_keeps_what_tells_log_streams_apart(deliver: Deliver) -> None:
    client = FakeKinesis()
    streams = [f"{'s' * 500}-{n}" for n in range(3)]
    deliver(client, *[pack(batch(log_event(), logStream=name)) for name in streams])
    keys = [record["PartitionKey"] for record in client.taken]
    assert [len(key) for key in keys] == [256] * 3
    assert [key[-2:] for key in keys] == ["-0", "-1", "-2"]


# --- records that are too long


@pytest.mark.parametrize(
    "character", ["x", "ü", "💶", '"', "\\", "\n", "\x00"], ids=["x", "ue", "euro", "quote", "backslash", "lf", "nul"]
)
def test_a_message_that_is_too_long_is_cut_marked_and_told(deliver: Deliver, character: str) -> None:
    client = FakeKinesis()
    message = character * (MIB + 1)
    outcome = deliver(client, pack(batch(log_event("long", message), log_event("next"))))
    assert outcome.response == failures()
    assert client.ids == ["long", "next"]
    kept, _, mark = client.events[0]["message"].rpartition(" [shortened from ")
    assert mark == f"{MIB + 1} characters]"
    assert kept == character * len(kept)
    size = len(client.taken[0]["Data"]) + len(client.taken[0]["PartitionKey"])
    assert MIB - 6 < size <= MIB, "as much is kept as fits"
    (line,) = outcome.logs("Message shortened")
    assert (line["event_id"], line["characters"]) == ("long", MIB + 1)
    assert outcome.metric("LogEventsShortened") == 1


def test_a_record_of_exactly_the_limit_is_whole(index: ModuleType) -> None:
    event = only(index, "")
    room = MIB - index.entry("1", event).size
    whole = index.entry("1", event | {"message": "x" * room})
    assert whole.size == MIB
    assert json.loads(whole.data)["message"] == "x" * room
    longer = index.entry("1", event | {"message": "x" * (room + 1)})
    assert json.loads(longer.data)["message"].endswith(f"x [shortened from {room + 1} characters]")


# --- chunks


@settings(max_examples=60, deadline=None, database=None)
@given(
    sizes=st.lists(st.tuples(st.integers(0, MIB), st.integers(1, 40)), max_size=40),
    key=st.text(alphabet="aü💶", min_size=1, max_size=256),
)
def test_chunks_keep_the_limits_the_order_and_everything(
    index: ModuleType, sizes: list[tuple[int, int]], key: str
) -> None:
    items = [
        index.Entry("1", key, bytes(max(0, size - len(key.encode()))))
        for size, repeats in sizes
        for _ in range(repeats if size > 10_000 else repeats * 30)
    ]
    chunks = list(index.chunks(items))
    assert [item for chunk in chunks for item in chunk] == items
    for chunk in chunks:
        assert 1 <= len(chunk) <= 500
        assert sum(len(item.data) + len(item.key.encode()) for item in chunk) <= 5 * MIB
    for chunk, following in pairwise(chunks):
        full = len(chunk) == 500 or sum(item.size for item in chunk) + following[0].size > 5 * MIB
        assert full, "no request is smaller than it has to be"


def test_events_of_many_records_share_a_request(deliver: Deliver) -> None:
    client = FakeKinesis()
    outcome = deliver(client, *[pack(batch(log_event(str(n)))) for n in range(40)])
    assert [len(call) for call in client.calls] == [40]
    assert outcome.metric("LogEventsPut") == 40


def test_a_large_batch_is_put_in_order_in_requests_of_500(deliver: Deliver) -> None:
    client = FakeKinesis()
    deliver(client, pack(batch(*[log_event(str(n)) for n in range(1201)])))
    assert [len(call) for call in client.calls] == [500, 500, 201]
    assert client.ids == [str(n) for n in range(1201)]


# --- refusals


def test_only_refused_events_are_put_again(deliver: Deliver) -> None:
    client = FakeKinesis(lambda call, record: THROTTLED if call == 1 and b'"e2"' in record["Data"] else None)
    outcome = deliver(client, pack(batch(*[log_event(f"e{n}") for n in (1, 2, 3)])))
    assert outcome.response == failures()
    assert client.ids == ["e1", "e3", "e2"]
    assert [len(call) for call in client.calls] == [3, 1]
    (line,) = outcome.logs("Log events refused")
    assert (line["attempt"], line["reasons"]) == (1, {THROTTLED: 1})
    assert outcome.metric("LogEventsPut") == 3


def test_internal_failures_are_put_again_too(deliver: Deliver) -> None:
    client = FakeKinesis(lambda call, _: "InternalFailure" if call < 3 else None)
    assert deliver(client, pack(batch(log_event()))).response == failures()
    assert client.ids == ["e1"]


def test_waits_grow_with_jitter_and_end(deliver: Deliver) -> None:
    client = FakeKinesis(lambda *_: THROTTLED)
    outcome = deliver(client, pack(batch(log_event())))
    assert outcome.response == failures(0)
    assert len(client.calls) == 6
    longest = [0.2, 0.4, 0.8, 1.6, 3.0]
    assert all(most / 2 <= wait <= most for wait, most in zip(outcome.context.waits, longest, strict=True))
    assert len({wait / most for wait, most in zip(outcome.context.waits, longest, strict=True)}) > 1
    (line,) = outcome.logs("Log events not put")
    assert (line["level"], line["reason"], line["log_events"]) == ("ERROR", "refused by the stream", 1)
    assert PERSONAL not in outcome.output


def test_waits_end_before_the_function_does(deliver: Deliver) -> None:
    client = FakeKinesis(lambda *_: THROTTLED)
    outcome = deliver(client, pack(batch(log_event())), milliseconds=2700)
    assert outcome.response == failures(0)
    assert 2 <= len(client.calls) <= 4
    assert outcome.context.milliseconds >= 2000


def test_a_short_timeout_leaves_one_attempt(deliver: Deliver) -> None:
    client = FakeKinesis()
    assert deliver(client, pack(batch(log_event())), milliseconds=1000).response == failures()
    assert client.ids == ["e1"]


def test_what_time_does_not_allow_is_reported(deliver: Deliver) -> None:
    client = FakeKinesis()
    records = [pack(batch(*[log_event(f"{n}-{m}") for m in range(500)])) for n in range(3)]
    outcome = deliver(client, *records, milliseconds=1000)
    assert outcome.response == failures(1, 2)
    assert len(client.ids) == 500
    assert outcome.logs("Log events not put")[0]["reason"] == "no time left"
    assert outcome.metric("LogEventsPut") == 500


def test_a_refusal_reports_its_record_and_what_follows_and_stops(deliver: Deliver) -> None:
    client = FakeKinesis(lambda _, record: THROTTLED if b'"1-7"' in record["Data"] else None)
    records = [pack(batch(*[log_event(f"{n}-{m}") for m in range(300)])) for n in range(5)]
    outcome = deliver(client, *records)
    assert outcome.response == failures(1, 2, 3, 4)
    assert len(client.ids) == 499
    assert len(set(client.ids)) == 499
    assert outcome.logs("Log events not put")[0]["sequence_number"] == str(FIRST_SEQUENCE + 1)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ServiceError(THROTTLED), THROTTLED),
        (ServiceError("AccessDeniedException"), "AccessDeniedException"),
        (OSError(PERSONAL), "OSError"),
    ],
    ids=["throttled", "denied", "no connection"],
)
def test_an_error_of_the_request_is_a_refusal_of_all(deliver: Deliver, error: Exception, reason: str) -> None:
    def fail(call: int, record: dict[str, Any]) -> str | None:
        raise error

    client = FakeKinesis(fail)
    outcome = deliver(client, pack(batch(log_event("a"), log_event("b"))), pack(batch(log_event("c"))))
    assert outcome.response == failures(0, 1)
    assert len(client.calls) == 6
    assert outcome.logs("Log events refused")[0]["reasons"] == {reason: 3}
    assert PERSONAL not in outcome.output


def test_an_error_that_passes_leaves_no_trace_in_the_answer(deliver: Deliver) -> None:
    def fail_once(call: int, record: dict[str, Any]) -> str | None:
        if call == 1:
            raise ServiceError("KMSThrottlingException")
        return None

    client = FakeKinesis(fail_once)
    assert deliver(client, pack(batch(log_event("a")))).response == failures()
    assert client.ids == ["a"]


def test_redelivery_repeats_events_under_the_same_id(deliver: Deliver) -> None:
    records = [pack(batch(log_event("a"))), b"{", pack(batch(log_event("b")))]
    client = FakeKinesis()
    first = deliver(client, *records)
    again = deliver(client, *records)
    assert first.response == again.response == failures(1)
    assert client.ids == ["a", "b", "a", "b"]
    assert client.events[:2] == client.events[2:]


def test_what_cannot_be_read_alone_is_kept_as_the_spec_says(index: ModuleType) -> None:
    client = FakeKinesis()

    def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
        data = [base64.b64decode(record["kinesis"]["data"]) for record in event["Records"]]
        numbers = [record["kinesis"]["sequenceNumber"] for record in event["Records"]]
        response = run(index, client, Context(), *data)
        reported = [int(item["itemIdentifier"]) - FIRST_SEQUENCE for item in response["batchItemFailures"]]
        return {"batchItemFailures": [{"itemIdentifier": numbers[position]} for position in reported]}

    records = [pack(batch(log_event("a"))), b"{", pack(batch(log_event("b")))]
    simulation = simulate_event_source(handler, kinesis_records(records, first=0), mapping("unpack"))
    assert [record.data for failure in simulation.failures for record in failure.records] == [b"{"]
    assert [record.sequence_number for record in simulation.handled] == [0, 2]
    assert set(client.ids) == {"a", "b"}


counts = st.integers(min_value=0, max_value=700)
kinds = st.one_of(
    counts.map(lambda count: ("data", count)),
    st.integers(min_value=0, max_value=3).map(lambda count: ("data", count)),
    st.sampled_from([("poison", 0), ("control", 0)]),
)


@settings(max_examples=60, deadline=None, database=None)
@given(
    records=st.lists(kinds, min_size=1, max_size=8),
    refuse=st.lists(st.sampled_from([None, None, None, THROTTLED, "InternalFailure"]), min_size=1, max_size=50),
    broken_calls=st.sets(st.integers(min_value=1, max_value=12)),
    milliseconds=st.sampled_from([500, 2500, 60_000]),
)
def test_every_event_is_put_exactly_once_or_its_record_is_reported(
    index: ModuleType,
    records: list[tuple[str, int]],
    refuse: list[str | None],
    broken_calls: set[int],
    milliseconds: float,
) -> None:
    turn = iter(range(10**9))

    def verdict(call: int, record: dict[str, Any]) -> str | None:
        if call in broken_calls:
            raise ServiceError("InternalFailure")
        return refuse[next(turn) % len(refuse)]

    expected = [[f"{n}-{m}" for m in range(count)] for n, (_, count) in enumerate(records)]
    others = {"poison": b"{", "control": CONTROL}
    client = FakeKinesis(verdict)
    response = run(
        index,
        client,
        Context(milliseconds),
        *[
            others.get(kind) or pack(batch(*map(log_event, ids)))
            for (kind, _), ids in zip(records, expected, strict=True)
        ],
    )
    reported = {int(item["itemIdentifier"]) - FIRST_SEQUENCE for item in response["batchItemFailures"]}
    put = Counter(client.ids)
    assert set(put.values()) <= {1}, "none twice in one invocation"
    for position, ((kind, _), ids) in enumerate(zip(records, expected, strict=True)):
        assert position in reported or kind != "poison"
        assert position in reported or all(put[event_id] == 1 for event_id in ids)
    lowest = min(
        (
            n
            for n, ((kind, _), ids) in enumerate(zip(records, expected, strict=True))
            if kind == "poison" or not put.keys() >= set(ids)
        ),
        default=None,
    )
    assert min(reported, default=None) == lowest, "nothing comes back without need"
    assert response == failures(*sorted(reported))


# --- metrics and start


def test_metrics_are_valid_emf_and_there_without_events(deliver: Deliver) -> None:
    outcome = deliver(FakeKinesis(), CONTROL)
    (emf,) = [line for line in outcome.lines if "_aws" in line]
    assert emf["_aws"]["CloudWatchMetrics"] == [
        {
            "Namespace": NAMESPACE,
            "Dimensions": [["service"]],
            "Metrics": [{"Name": "LogEventsPut", "Unit": "Count"}],
        },
    ]
    assert emf["service"] == "unpack"
    assert outcome.metric("LogEventsPut") == 0


def test_a_function_without_a_stream_stops_at_its_start() -> None:
    with pytest.raises(KeyError, match="LOGS_STREAM_ARN"):
        load()


def test_the_client_is_built_once_and_leaves_retries_to_the_handler(monkeypatch: pytest.MonkeyPatch) -> None:
    module = load(LOGS_STREAM_ARN=ARN)
    built = []

    def client(name: str, config: dict[str, Any]) -> object:
        built.append((name, config))
        return object()

    monkeypatch.setitem(sys.modules, "boto3", fake_module("boto3", client=client))
    monkeypatch.setitem(sys.modules, "botocore", fake_module("botocore"))
    monkeypatch.setitem(sys.modules, "botocore.config", fake_module("botocore.config", Config=dict))
    assert module.kinesis() is module.kinesis()
    assert built == [
        ("kinesis", {"connect_timeout": 2, "read_timeout": 10, "retries": {"total_max_attempts": 1}}),
    ]


def fake_module(name: str, **names: object) -> ModuleType:
    """Build a module that stands for one of the runtime's."""
    module = ModuleType(name)
    vars(module).update(names)
    return module
