"""The handler of the consumer `alert`, judged by its answer, its notifications, its logs and its metrics."""

import base64
import dataclasses
import importlib.util
import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming_constructs import PipelineSpec
from streaming_constructs.local import EventSourceMapping, kinesis_records, simulate_event_source

PATTERN = Path(__file__).resolve().parent.parent
NAMESPACE = "StreamingConstructs"
ARN = "arn:aws:sns:eu-west-1:123456789012:log-alerts"
FIRST_SEQUENCE = 49590338271490256608559692538361571095921575989136588898
PERSONAL = "DE89370400440532013000"  # stands for personal data: it must not reach the handler's own logs


class Context:
    """What Lambda says of an invocation, with time that each notification takes up."""

    function_name = "logs-alert"
    memory_limit_in_mb = 256
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:logs-alert"
    aws_request_id = "00000000-0000-4000-8000-000000000000"

    def __init__(self, milliseconds: int = 60_000) -> None:
        self.milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds


class ServiceError(Exception):
    """An error as botocore raises it, with a text that quotes what was sent."""

    def __init__(self, code: str) -> None:
        super().__init__(f"1 validation error detected: Value '{PERSONAL}' at 'message'")
        self.response = {"Error": {"Code": code}}


class FakeSns:
    """Publish as the service answers it: a message within the limits is taken, or an error is raised."""

    def __init__(self) -> None:
        self.sent: list[dict[str, str]] = []
        self.errors: dict[str, Exception] = {}

    def publish(self, *, TopicArn: str, Subject: str, Message: str) -> dict[str, str]:  # noqa: N803
        if not (
            TopicArn == ARN
            and 0 < len(Subject) < 100
            and re.fullmatch(r"[!-~][ -~]*", Subject)
            and 0 < len(Message.encode()) <= 262_144
        ):
            pytest.fail("Publish would not take this message")  # no Exception: no handler can swallow it
        for service, error in self.errors.items():
            if Subject.endswith(f": {service}"):
                raise error
        self.sent.append({"Subject": Subject, "Message": Message})
        return {"MessageId": str(len(self.sent))}

    @property
    def subjects(self) -> list[str]:
        """Return the subjects of what was sent."""
        return [message["Subject"] for message in self.sent]


GOOD = {
    "event_time": "2026-01-15T09:30:00.000Z",
    "level": "INFO",
    "message": "hello",
    "service": "orders",
    "host": "ip-10-0-0-7",
    "log_group": "/aws/lambda/orders",
    "log_stream": "2026/01/15/[$LATEST]0123456789abcdef",
    "event_id": "e1",
}


def encode(value: object) -> bytes:
    """Write a value as the producers do."""
    return json.dumps(value).encode()


def log_event(**changes: object) -> bytes:
    """Write a good log event with some fields changed."""
    return encode(GOOD | changes)


def error(**changes: object) -> bytes:
    """Write an error event with some fields changed."""
    return log_event(**{"level": "ERROR", "message": "disk is full"} | changes)


POISON = {
    "empty": (b"", "not JSON"),
    "not utf-8": (b'{"message": "\xff' + PERSONAL.encode() + b'"}', "not UTF-8"),
    "cut off": (log_event(message=PERSONAL)[:-1], "not JSON"),
    "plain text": (PERSONAL.encode(), "not JSON"),
    "too deep": (b"[" * 200_000, "not JSON"),
    "array": (encode([GOOD | {"message": PERSONAL}]), "not an object"),
    "null": (b"null", "not an object"),
    "no message": (encode({"level": "ERROR", "log": PERSONAL}), "missing or invalid message"),
    "null message": (error(message=None), "missing or invalid message"),
    "message as object": (error(message={"text": PERSONAL}), "missing or invalid message"),
}


def load(**env: str) -> ModuleType:
    """Import the handler by its path, with the environment that its function would have."""
    spec = importlib.util.spec_from_file_location("alert_index", PATTERN / "handlers" / "alert" / "index.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    own = ("LOG_ALERTS_TOPIC_ARN", "ERROR_PATTERNS", "QUIET_SECONDS")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("POWERTOOLS_LOG_LEVEL", "AWS_LAMBDA_LOG_LEVEL", "LOG_LEVEL", *own):
            patch.delenv(name, raising=False)
        patch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        patch.setenv("POWERTOOLS_METRICS_NAMESPACE", NAMESPACE)
        patch.setenv("POWERTOOLS_SERVICE_NAME", "alert")
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
                "partitionKey": "key",
                "sequenceNumber": str(FIRST_SEQUENCE + position),
                "data": base64.b64encode(item).decode(),
                "approximateArrivalTimestamp": 1768469400.0,
            },
            "eventSource": "aws:kinesis",
            "eventVersion": "1.0",
            "eventID": f"shardId-000000000000:{FIRST_SEQUENCE + position}",
            "eventName": "aws:kinesis:record",
            "invokeIdentityArn": "arn:aws:iam::123456789012:role/logs-alert",
            "awsRegion": "eu-west-1",
            "eventSourceARN": "arn:aws:kinesis:eu-west-1:123456789012:stream/logs",
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
    def by_service(self) -> dict[str, float]:
        """Return the sums that CloudWatch would show for the services that log."""
        return {line["log_service"]: sum(line["ErrorEvents"]) for line in self.lines if "log_service" in line}

    @property
    def total(self) -> float:
        """Return the sum that CloudWatch would show for the consumer."""
        return sum(sum(line["ErrorEvents"]) for line in self.lines if "_aws" in line and "log_service" not in line)


class Consumer:
    """One execution environment of the function: its module, its topic and its clock."""

    def __init__(self, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch, **env: str) -> None:
        self.module = load(LOG_ALERTS_TOPIC_ARN=ARN, **env)
        self.sns = FakeSns()
        self.seconds = 1_768_469_400.0
        self.capsys = capsys
        self.patch = patch
        patch.setenv("POWERTOOLS_METRICS_NAMESPACE", NAMESPACE)  # single metrics read it when they are written
        patch.setenv("POWERTOOLS_SERVICE_NAME", "alert")
        for name in ("POWERTOOLS_DEV", "POWERTOOLS_METRICS_DISABLED"):
            patch.delenv(name, raising=False)
        patch.setattr(self.module, "sns", lambda: self.sns)
        patch.setattr(self.module, "now", lambda: self.seconds)

    def __call__(self, *data: bytes, milliseconds: int = 60_000) -> Outcome:
        """Invoke the handler with records and keep what it wrote."""
        self.patch.setattr(self.module.logger.registered_handler, "stream", sys.stdout)
        response = self.module.handler({"Records": stream(*data)}, Context(milliseconds))
        output, errors = self.capsys.readouterr()
        assert errors == ""
        return Outcome(response, output)


Start = Callable[..., Consumer]


@pytest.fixture
def start(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Start:
    """Return a function that starts a consumer with an environment."""
    return lambda **env: Consumer(capsys, monkeypatch, **env)


@pytest.fixture
def consumer(start: Start) -> Consumer:
    """Return a consumer with the default settings."""
    return start()


# --- what is an error


@pytest.mark.parametrize(
    ("changes", "pattern"),
    [
        ({"level": "ERROR"}, "ERROR"),
        ({"level": "error"}, "ERROR"),
        ({"level": "FATAL"}, "FATAL"),
        ({"level": "CRITICAL"}, "CRITICAL"),
        ({"message": "Traceback (most recent call last):\n  File"}, "Traceback"),
        ({"message": "java.lang.OutOfMemoryError: Java heap space"}, "OutOfMemory"),
        ({"message": "panic: runtime error"}, "panic:"),
        ({"level": "ERROR", "message": "a\nTraceback"}, "Traceback"),
        ({"level": None, "message": "Traceback"}, "Traceback"),
        ({"level": "INFO"}, None),
        ({"level": "WARN"}, None),
        ({"level": "INFO", "message": "ERROR"}, None),
        ({"level": "ERRORS"}, None),
        ({"level": 50}, None),
        ({"level": None}, None),
        ({"message": "do not panic"}, None),
    ],
    ids=str,
)
def test_an_error_has_a_level_or_a_pattern_in_its_message(
    consumer: Consumer, changes: dict[str, object], pattern: str | None
) -> None:
    outcome = consumer(log_event(**changes))
    assert outcome.response == failures()
    assert outcome.total == (pattern is not None)
    said = [message["Message"].splitlines()[2] for message in consumer.sns.sent]
    assert said == ([f"Patterns: {pattern} (1)"] if pattern else [])


def test_patterns_come_from_the_environment(start: Start) -> None:
    consumer = start(ERROR_PATTERNS=r"timed out after|(?i:deadlock)")
    outcome = consumer(
        log_event(message="Task timed out after 3.00 seconds"),
        log_event(message="DeadLock found", service="db"),
        log_event(message="Traceback", service="web"),
        log_event(level="FATAL", service="disk"),
    )
    assert outcome.by_service == {"orders": 1, "db": 1, "disk": 1}


def test_without_patterns_levels_alone_count(start: Start) -> None:
    consumer = start(ERROR_PATTERNS="")
    assert consumer(log_event(message="Traceback"), error(service="db")).by_service == {"db": 1}


def test_what_a_pattern_matched_is_told_in_one_short_line(start: Start) -> None:
    consumer = start(ERROR_PATTERNS=r"(?s)begin.*end")
    consumer(log_event(message=f"begin\n\x00{'x' * 500}end"))
    line = consumer.sns.sent[0]["Message"].splitlines()[2]
    assert line == f"Patterns: begin ?{'x' * 53} (1)"


# --- what is told


def test_the_message_says_how_many_since_when_and_where_to_look(consumer: Consumer) -> None:
    outcome = consumer(
        error(message="disk is full", event_time="2026-01-15T09:30:01.500Z"),
        log_event(),
        log_event(message="Traceback\n  File", event_time="2026-01-15T10:29:59+01:00", log_stream="other"),
        error(message="disk is still full", event_time="2026-01-15T09:30:03.000Z"),
        log_event(service="web"),
    )
    assert outcome.response == failures()
    assert consumer.sns.sent == [
        {
            "Subject": "3 error events: orders",
            "Message": "3 error events of orders\n"
            "Time: 2026-01-15T09:29:59.000Z to 2026-01-15T09:30:03.000Z\n"
            "Patterns: ERROR (2), Traceback (1)\n"
            "Log groups and streams:\n"
            "  /aws/lambda/orders 2026/01/15/[$LATEST]0123456789abcdef\n"
            "  /aws/lambda/orders other\n"
            "Samples:\n"
            "  2026-01-15T09:30:01.500Z ERROR disk is full\n"
            "  2026-01-15T09:29:59.000Z INFO Traceback\n"
            "  File\n"
            "  2026-01-15T09:30:03.000Z ERROR disk is still full",
        }
    ]


def test_each_service_has_its_own_message(consumer: Consumer) -> None:
    outcome = consumer(error(), error(service="web"), error(), error(service="db"))
    assert consumer.sns.subjects == ["2 error events: orders", "1 error event: web", "1 error event: db"]
    assert outcome.by_service == {"orders": 2, "web": 1, "db": 1}
    assert outcome.total == 4


def test_a_bare_message_is_told_too(consumer: Consumer) -> None:
    consumer(encode({"message": "panic: x", "event_time": 7, "service": " ", "log_group": ["a"]}))
    assert consumer.sns.sent == [
        {
            "Subject": "1 error event: unknown",
            "Message": "1 error event of unknown\nTime: at an unknown time\nPatterns: panic: (1)\n"
            "Log groups and streams:\n  unknown\nSamples:\n  at an unknown time  panic: x",
        }
    ]


def test_the_first_of_each_pattern_is_a_sample_before_others_are(consumer: Consumer) -> None:
    many = [error(message=f"disk {number}") for number in range(50)]
    consumer(*many, log_event(message="OutOfMemory"), log_event(message="panic: x"))
    _, samples = consumer.sns.sent[0]["Message"].split("Samples:\n")
    said = [line.split(maxsplit=2)[2] for line in samples.splitlines()]
    assert said == ["disk 0", "OutOfMemory", "panic: x", "disk 1", "disk 2"]


def test_long_lists_and_texts_are_shortened(consumer: Consumer) -> None:
    consumer(*[error(message="x" * 100_000, log_stream=f"s{number}") for number in range(9)])
    text = consumer.sns.sent[0]["Message"]
    assert "\n  /aws/lambda/orders s4\n  and 4 more\nSamples:\n" in text
    assert text.count(f"{'x' * 997}...") == 5
    assert len(text) < 6000


@pytest.mark.parametrize(
    ("service", "subject"),
    [
        ("größe", "1 error event: gr??e"),
        ("a\r\nb\tc\x00d", "1 error event: a b c?d"),
        ("half \ud800", "1 error event: half ?"),
        ("x" * 300, "1 error event: " + "x" * 84),
    ],
    ids=["umlaut", "control", "surrogate", "long"],
)
def test_subject_and_dimension_are_short_printable_ascii(consumer: Consumer, service: str, subject: str) -> None:
    outcome = consumer(error(service=service))
    assert consumer.sns.subjects == [subject]
    (dimension,) = outcome.by_service
    assert re.fullmatch("[ -~]{1,200}", dimension)


texts = st.text(alphabet=st.characters(), max_size=40) | st.integers(1, 3000).map(lambda length: "\U0010ffff" * length)


@settings(max_examples=60, deadline=None, database=None)
@given(
    events=st.lists(
        st.fixed_dictionaries(
            {"message": texts, "level": st.sampled_from(["ERROR", "FATAL"])},
            optional={name: texts | st.none() for name in ("service", "log_group", "log_stream", "event_time")},
        ),
        min_size=1,
        max_size=60,
    )
)
def test_any_error_can_be_told(events: list[dict[str, Any]]) -> None:
    module = load(LOG_ALERTS_TOPIC_ARN=ARN, ERROR_PATTERNS=".")
    sns = FakeSns()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POWERTOOLS_METRICS_NAMESPACE", NAMESPACE)
        patch.setattr(module, "sns", lambda: sns)
        response = module.handler({"Records": stream(*map(encode, events))}, Context())
    assert response == failures()
    assert sum(int(subject.split()[0]) for subject in sns.subjects) == len(events)


# --- the quiet period


def test_a_pattern_of_a_service_is_told_once_in_the_quiet_period(consumer: Consumer) -> None:
    consumer(error())
    consumer.seconds += 299.9
    assert consumer(error()).total == 1, "counted all the same"
    assert len(consumer.sns.sent) == 1
    consumer.seconds += 0.1
    consumer(error())
    assert len(consumer.sns.sent) == 2


def test_another_pattern_or_service_is_told_at_once(consumer: Consumer) -> None:
    consumer(error())
    consumer(error(), error(message="OutOfMemory"))
    consumer(error(), error(service="web"))
    assert consumer.sns.subjects == ["1 error event: orders", "2 error events: orders", "1 error event: web"]


def test_a_message_starts_the_quiet_period_of_all_that_it_tells(consumer: Consumer) -> None:
    consumer(error())
    consumer.seconds += 200
    consumer(error(), error(message="OutOfMemory"))
    consumer.seconds += 200
    consumer(error())
    assert len(consumer.sns.sent) == 2


def test_quiet_seconds_come_from_the_environment(start: Start) -> None:
    consumer = start(QUIET_SECONDS="10")
    for _ in range(3):
        consumer(error())
        consumer.seconds += 5
    assert len(consumer.sns.sent) == 2


def test_without_quiet_seconds_every_batch_is_told(start: Start) -> None:
    consumer = start(QUIET_SECONDS="0")
    for _ in range(3):
        consumer(error(), error())
    assert consumer.sns.subjects == ["2 error events: orders"] * 3


def test_another_environment_knows_nothing_of_it(start: Start) -> None:
    for _ in range(2):
        consumer = start()
        consumer(error())
        assert len(consumer.sns.sent) == 1


def test_what_is_remembered_is_bounded_and_the_oldest_goes(consumer: Consumer) -> None:
    consumer(*[error(service=f"s{number}") for number in range(1000)])
    consumer(error(service="s0"))
    assert len(consumer.sns.sent) == 1000
    consumer(error(service="s1000"))
    assert len(consumer.module.quiet_until) == 1000
    consumer(error(service="s1"), error(service="s0"))
    assert consumer.sns.subjects[1000:] == ["1 error event: s1000", "1 error event: s0"]


def test_what_was_told_again_is_not_the_oldest(consumer: Consumer) -> None:
    consumer(*[error(service=f"s{number}") for number in range(1000)])
    consumer.seconds += 300
    consumer(error(service="s0"))
    consumer(error(service="new"))
    consumer(error(service="s0"))
    assert consumer.sns.subjects[1000:] == ["1 error event: s0", "1 error event: new"]


# --- failures


@pytest.mark.parametrize(("data", "reason"), POISON.values(), ids=POISON.keys())
def test_poison_is_reported_and_logged_without_its_payload(consumer: Consumer, data: bytes, reason: str) -> None:
    outcome = consumer(error(), data, error())
    assert outcome.response == failures(1)
    assert consumer.sns.subjects == ["2 error events: orders"]
    (line,) = outcome.logs("Poison record")
    assert (line["level"], line["sequence_number"], line["reason"]) == ("WARNING", str(FIRST_SEQUENCE + 1), reason)
    assert PERSONAL not in outcome.output
    assert base64.b64encode(data).decode() not in outcome.output or data == b""


@pytest.mark.parametrize("size", [1, 2, 50])
def test_a_batch_of_poison_alone_is_returned_and_not_raised(consumer: Consumer, size: int) -> None:
    outcome = consumer(*[b"{"] * size)
    assert outcome.response == failures(*range(size))
    assert outcome.total == 0
    assert consumer.sns.sent == []


@pytest.mark.parametrize(
    ("failure", "reason"),
    [(ServiceError("Throttled"), "Throttled"), (OSError(PERSONAL), "OSError")],
    ids=["throttled", "no connection"],
)
def test_records_that_could_not_be_told_are_reported_and_told_later(
    consumer: Consumer, failure: Exception, reason: str
) -> None:
    consumer.sns.errors = {"orders": failure}
    batch = (error(message=PERSONAL), error(service="web"), log_event(), error())
    outcome = consumer(*batch)
    assert outcome.response == failures(0, 3)
    assert consumer.sns.subjects == ["1 error event: web"]
    (line,) = outcome.logs("Notification not sent")
    assert (line["level"], line["log_service"], line["reason"], line["error_events"]) == ("ERROR", "orders", reason, 2)
    assert PERSONAL not in outcome.output

    consumer.sns.errors = {}
    assert consumer(*batch).response == failures()
    assert consumer.sns.subjects == ["1 error event: web", "2 error events: orders"]


def test_failures_are_in_the_order_of_the_shard(consumer: Consumer) -> None:
    consumer.sns.errors = {"orders": ServiceError("Throttled"), "web": ServiceError("Throttled")}
    outcome = consumer(error(service="web"), error(), b"{", error(service="web"))
    assert outcome.response == failures(0, 1, 2, 3)


def test_what_time_does_not_allow_is_reported_but_one_message_is_tried(consumer: Consumer) -> None:
    outcome = consumer(error(), error(service="web"), log_event(), error(service="db"), milliseconds=1999)
    assert consumer.sns.subjects == ["1 error event: orders"]
    assert outcome.response == failures(1, 3)
    assert [line["reason"] for line in outcome.logs("Notification not sent")] == ["no time left"] * 2


def test_a_quiet_pattern_is_no_failure_when_the_topic_is_gone(consumer: Consumer) -> None:
    consumer(error())
    consumer.sns.errors = {"orders": ServiceError("NotFound")}
    assert consumer(error()).response == failures()


# --- metrics and start


def test_metrics_are_valid_emf_and_there_without_errors(consumer: Consumer) -> None:
    (emf,) = [line for line in consumer(log_event()).lines if "_aws" in line]
    assert emf["_aws"]["CloudWatchMetrics"] == [
        {"Namespace": NAMESPACE, "Dimensions": [["service"]], "Metrics": [{"Name": "ErrorEvents", "Unit": "Count"}]}
    ]
    assert (emf["service"], emf["ErrorEvents"]) == ("alert", [0.0])


def test_the_metric_of_a_service_has_its_own_dimension(consumer: Consumer) -> None:
    (emf,) = [line for line in consumer(error(), error()).lines if "log_service" in line]
    assert emf["_aws"]["CloudWatchMetrics"] == [
        {
            "Namespace": NAMESPACE,
            "Dimensions": [["log_service", "service"]],
            "Metrics": [{"Name": "ErrorEvents", "Unit": "Count"}],
        }
    ]
    assert (emf["log_service"], emf["ErrorEvents"]) == ("orders", [2.0])


@pytest.mark.parametrize(
    ("env", "message"),
    [
        ({}, "LOG_ALERTS_TOPIC_ARN"),
        ({"LOG_ALERTS_TOPIC_ARN": ARN, "ERROR_PATTERNS": "("}, "unterminated"),
        ({"LOG_ALERTS_TOPIC_ARN": ARN, "QUIET_SECONDS": "long"}, "could not convert"),
        ({"LOG_ALERTS_TOPIC_ARN": ARN, "QUIET_SECONDS": "-1"}, "0 or more"),
        ({"LOG_ALERTS_TOPIC_ARN": ARN, "QUIET_SECONDS": "nan"}, "0 or more"),
    ],
    ids=["no topic", "no regular expression", "no number", "negative", "nan"],
)
def test_wrong_settings_stop_the_function_at_its_start(env: dict[str, str], message: str) -> None:
    with pytest.raises((KeyError, ValueError, re.error), match=message):
        load(**env)


def test_the_client_is_built_once_and_gives_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    module = load(LOG_ALERTS_TOPIC_ARN=ARN)
    built = []

    def client(name: str, config: dict[str, Any]) -> object:
        built.append((name, config))
        return object()

    monkeypatch.setitem(sys.modules, "boto3", fake_module("boto3", client=client))
    monkeypatch.setitem(sys.modules, "botocore", fake_module("botocore"))
    monkeypatch.setitem(sys.modules, "botocore.config", fake_module("botocore.config", Config=dict))
    assert module.sns() is module.sns()
    retries = {"mode": "standard", "total_max_attempts": 2}
    assert built == [("sns", {"connect_timeout": 2, "read_timeout": 5, "retries": retries})]


def fake_module(name: str, **names: object) -> ModuleType:
    """Build a module that stands for one of the runtime's."""
    module = ModuleType(name)
    vars(module).update(names)
    return module


# --- the sample events


@pytest.fixture(scope="module")
def events() -> list[dict[str, Any]]:
    """Return the lines of the sample."""
    return [json.loads(line) for line in (PATTERN / "events.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def sample(events: list[dict[str, Any]]) -> list[bytes]:
    """Return the sample as the payloads that are put into the stream."""
    return [event["data"].encode() if isinstance(event["data"], str) else encode(event["data"]) for event in events]


SAMPLE_POISON = {52: "not JSON", 139: "missing or invalid message", 247: "missing or invalid message"}
SAMPLE_ERRORS = {"orders": 5, "payments": 4, "web": 3}


def test_sample_has_three_poison_records_and_its_errors_are_told(consumer: Consumer, sample: list[bytes]) -> None:
    assert len(sample) == 300
    outcome = consumer(*sample)
    assert outcome.response == failures(*SAMPLE_POISON)
    assert [line["reason"] for line in outcome.logs("Poison record")] == list(SAMPLE_POISON.values())
    assert outcome.by_service == SAMPLE_ERRORS
    assert sorted(consumer.sns.subjects) == sorted(f"{n} error events: {name}" for name, n in SAMPLE_ERRORS.items())


def test_sample_drains_as_the_spec_says_and_poison_alone_goes_to_the_queue(
    consumer: Consumer, sample: list[bytes]
) -> None:
    def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
        # The consumer numbers its records by itself: from its numbers to those of the stream.
        numbers = [record["kinesis"]["sequenceNumber"] for record in event["Records"]]
        response = consumer(*(base64.b64decode(record["kinesis"]["data"]) for record in event["Records"])).response
        reported = [int(item["itemIdentifier"]) - FIRST_SEQUENCE for item in response["batchItemFailures"]]
        return {"batchItemFailures": [{"itemIdentifier": numbers[position]} for position in reported]}

    simulation = simulate_event_source(handler, kinesis_records(sample, first=0), mapping("alert"))
    assert [record.sequence_number for failure in simulation.failures for record in failure.records] == list(
        SAMPLE_POISON
    )
    assert len(simulation.handled) == 297


def test_sample_is_a_plausible_stream(events: list[dict[str, Any]]) -> None:
    good = [event for event in events if isinstance(event["data"], dict) and "message" in event["data"]]
    data = [event["data"] for event in good]
    assert len(data) == 297
    assert {tuple(item) for item in data} == {tuple(GOOD)}, "the fields of the schema log_event, in its order"
    assert [event["partition_key"] for event in good] == [f"{item['log_group']}:{item['log_stream']}" for item in data]
    assert len({item["event_id"] for item in data}) == 297
    assert Counter(item["service"] for item in data).keys() == {"orders", "payments", "web", "search"}
    levels = Counter(item["level"] for item in data)
    assert levels.keys() == {"DEBUG", "INFO", "WARN", "ERROR", "FATAL"}
    assert levels["INFO"] > len(data) / 2
    times = [datetime.fromisoformat(item["event_time"]) for item in data]
    assert times == sorted(times)
    assert times[0].date().isoformat() == "2026-01-15"
    assert times[-1] - times[0] < timedelta(minutes=5)
