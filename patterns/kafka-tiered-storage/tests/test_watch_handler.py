"""The handler of the consumer `watch`, judged by what Lambda sees of it: its answer, its logs and its metrics."""

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
SERVICE = "watch"
TOPIC = "readings"
CONTEXT = SimpleNamespace(
    function_name="telemetry-watch",
    memory_limit_in_mb=1024,
    invoked_function_arn="arn:aws:lambda:eu-west-1:123456789012:function:telemetry-watch",
    aws_request_id="00000000-0000-4000-8000-000000000000",
)
FIRST_OFFSET = 4711

SECRET = "an-unlikely-text"  # stands for what a record holds: it must not reach any output
GOOD = {
    "machine_id": "press-01",
    "firmware": "4.2.0",
    "temperature_c": 49.9,
    "vibration_mm_s": [3.0, -4.0, 3.0, -4.0],
    "event_time": "2026-01-15T09:30:00.000Z",
}


def encode(value: object) -> bytes:
    """Write a value as the producer does."""
    return json.dumps(value).encode()


def reading(**changes: object) -> bytes:
    """Write a good reading with some fields changed."""
    return encode(GOOD | changes)


def shaking(machine_id: str) -> bytes:
    """Write the reading of a machine that shakes more than the limit lets it."""
    return reading(machine_id=machine_id, vibration_mm_s=[12.0, -12.0])


def without(name: str) -> bytes:
    """Write a reading that lacks one field."""
    return encode({key: value for key, value in GOOD.items() if key != name})


POISON = {
    "empty": (b"", "not JSON"),
    "not utf-8": (b'{"machine_id": "\xff' + SECRET.encode() + b'"}', "not UTF-8"),
    "cut off": (reading()[:-1], "not JSON"),
    "plain text": (SECRET.encode(), "not JSON"),
    "too deep": (b"[" * 200_000, "not JSON"),
    "array": (encode([GOOD]), "not an object"),
    "null": (b"null", "not an object"),
    **{f"no {name}": (without(name), f"missing or invalid {name}") for name in GOOD},
    **{f"null {name}": (reading(**{name: None}), f"missing or invalid {name}") for name in GOOD},
    **{f"empty {name}": (reading(**{name: ""}), f"missing or invalid {name}") for name in GOOD},
    "half a surrogate pair": (reading(machine_id="\ud800"), "missing or invalid machine_id"),
    "numeric firmware": (reading(firmware=4), "missing or invalid firmware"),
    "temperature in words": (reading(temperature_c="49.9 " + SECRET), "missing or invalid temperature_c"),
    "temperature true": (reading(temperature_c=True), "missing or invalid temperature_c"),
    "temperature NaN": (reading(temperature_c=float("nan")), "missing or invalid temperature_c"),
    "temperature beyond floats": (reading().replace(b"49.9", b"1e999"), "missing or invalid temperature_c"),
    "no samples": (reading(vibration_mm_s=[]), "missing or invalid vibration_mm_s"),
    "a sample missing": (reading(vibration_mm_s=[1.0, None]), "missing or invalid vibration_mm_s"),
    "a sample of which the square is infinite": (reading(vibration_mm_s=[1e200]), "missing or invalid vibration_mm_s"),
    "time as number": (reading(event_time=1768469400), "missing or invalid event_time"),
    "time in words": (reading(event_time="yesterday " + SECRET), "missing or invalid event_time"),
}


def load(**env: str) -> ModuleType:
    """Import the handler by its path, with the environment that its function would have."""
    spec = importlib.util.spec_from_file_location("watch_index", PATTERN / "handlers" / "watch" / "index.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("VIBRATION_LIMIT", "POWERTOOLS_LOG_LEVEL", "AWS_LAMBDA_LOG_LEVEL", "LOG_LEVEL"):
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
            "key": base64.b64encode(SECRET.encode()).decode(),
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
    def shaking(self) -> list[str]:
        """Return the machines that were logged, in order."""
        return [line["machine_id"] for line in self.logs("Machine shakes")]

    @property
    def metric(self) -> float:
        """Return the sum that CloudWatch would show for the metric."""
        return sum(sum(line["ShakingMachines"]) for line in self.lines if "_aws" in line)


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
    assert dataclasses.asdict(index.parse(reading())) == GOOD | {
        "vibration_mm_s": (3.0, -4.0, 3.0, -4.0),
        "event_time": datetime(2026, 1, 15, 9, 30, tzinfo=UTC),
    }


@pytest.mark.parametrize("changes", [{"temperature_c": -12}, {"vibration_mm_s": [0]}, {"site": "north"}], ids=str)
def test_parse_accepts(index: ModuleType, changes: dict[str, object]) -> None:
    parsed = dataclasses.asdict(index.parse(reading(**changes)))
    assert parsed["temperature_c"] == changes.get("temperature_c", 49.9)
    assert parsed["vibration_mm_s"] == tuple(changes.get("vibration_mm_s", GOOD["vibration_mm_s"]))  # type: ignore[arg-type]
    assert set(parsed) == set(GOOD)


@pytest.mark.parametrize(("data", "reason"), POISON.values(), ids=POISON.keys())
def test_parse_rejects_with_a_reason_that_quotes_nothing(index: ModuleType, data: bytes, reason: str) -> None:
    with pytest.raises(index.PoisonRecordError) as raised:
        index.parse(data)
    assert str(raised.value) == reason
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


@pytest.mark.parametrize(("samples", "measured"), [([5], 5), ([-5, 5], 5), ([3, 4, 3, 4], 12.5**0.5), ([0, 0], 0)])
def test_vibration_is_the_root_mean_square(index: ModuleType, samples: list[float], measured: float) -> None:
    assert index.vibration(index.parse(reading(vibration_mm_s=samples))) == pytest.approx(measured)


# --- what a batch answers


def test_good_batch_has_no_failures_and_a_metric_of_zero(deliver: Deliver) -> None:
    outcome = deliver(partition(0, reading(), reading(vibration_mm_s=[7.1])) | partition(3, reading()))
    assert outcome.failed == []
    assert outcome.metric == 0
    assert [line.keys() >= {"_aws", "ShakingMachines"} for line in outcome.lines] == [True]


@pytest.mark.parametrize(("data", "reason"), POISON.values(), ids=POISON.keys())
def test_poison_is_reported_and_logged_without_its_payload(deliver: Deliver, data: bytes, reason: str) -> None:
    outcome = deliver(partition(2, reading(), data, reading()))
    assert outcome.failed == failures(1, number=2)
    (line,) = outcome.logs("Poison record")
    assert {name: line[name] for name in ("level", "partition", "offset", "reason")} == {
        "level": "WARNING",
        "partition": 2,
        "offset": FIRST_OFFSET + 1,
        "reason": reason,
    }
    assert SECRET not in outcome.output
    assert base64.b64encode(data).decode() not in outcome.output or data == b""


def test_a_record_without_a_value_is_poison(deliver: Deliver) -> None:
    assert deliver(partition(0, reading(), None)).failed == failures(1)


def test_records_of_one_offset_in_several_partitions_are_told_apart(deliver: Deliver) -> None:
    outcome = deliver(partition(0, reading(), b"{") | partition(1, b"{", reading()) | partition(10, reading(), b"{"))
    assert outcome.failed == [*failures(1), *failures(0, number=1), *failures(1, number=10)]


@pytest.mark.parametrize("size", [1, 50])
def test_a_batch_of_poison_alone_is_returned_and_not_raised(deliver: Deliver, size: int) -> None:
    outcome = deliver(partition(0, *[b"{"] * size))
    assert outcome.failed == failures(*range(size))
    assert outcome.metric == 0


def test_records_after_poison_are_judged_in_the_same_delivery(deliver: Deliver) -> None:
    outcome = deliver(partition(0, b"{", shaking("after")))
    assert outcome.failed == failures(0)
    assert outcome.shaking == ["after"]


# --- what a machine that shakes leaves behind


def test_a_shaking_machine_is_logged_and_counted(deliver: Deliver) -> None:
    outcome = deliver(partition(5, reading(), shaking("mill-02")))
    assert outcome.failed == []
    (line,) = outcome.logs("Machine shakes")
    asked = ("level", "service", "function_request_id", "partition", "offset", "machine_id", "vibration_mm_s", "limit")
    assert {name: line[name] for name in asked} == {
        "level": "WARNING",
        "service": SERVICE,
        "function_request_id": CONTEXT.aws_request_id,
        "partition": 5,
        "offset": FIRST_OFFSET + 1,
        "machine_id": "mill-02",
        "vibration_mm_s": 12.0,
        "limit": 7.1,
    }


def test_metric_is_valid_emf(deliver: Deliver) -> None:
    outcome = deliver(partition(0, shaking("a"), reading(), shaking("b")))
    (emf,) = [line for line in outcome.lines if "_aws" in line]
    assert emf["_aws"]["CloudWatchMetrics"] == [
        {
            "Namespace": NAMESPACE,
            "Dimensions": [["service"]],
            "Metrics": [{"Name": "ShakingMachines", "Unit": "Count"}],
        },
    ]
    assert emf["service"] == SERVICE
    assert outcome.metric == 2


def test_the_limit_comes_from_the_environment(deliver: Deliver) -> None:
    module = load(VIBRATION_LIMIT="2")
    outcome = deliver(
        partition(0, reading(vibration_mm_s=[2]), reading(machine_id="above", vibration_mm_s=[2.1])), module=module
    )
    assert outcome.shaking == ["above"]


def test_a_limit_that_is_no_number_stops_the_function_at_its_start() -> None:
    with pytest.raises(ValueError, match="could not convert"):
        load(VIBRATION_LIMIT="seven")


# --- what a redelivery does


def test_a_redelivery_repeats_the_same_judgements(deliver: Deliver) -> None:
    records = partition(0, shaking("before"), b"{", shaking("after"))
    for _ in range(3):
        outcome = deliver(records)
        assert outcome.failed == failures(1)
        assert outcome.shaking == ["before", "after"]
        assert outcome.metric == 2


numbers = st.floats(-1e6, 1e6) | st.integers(-1000, 1000)
good_readings = st.fixed_dictionaries(
    {
        "machine_id": st.text(min_size=1),
        "firmware": st.text(min_size=1),
        "temperature_c": numbers,
        "vibration_mm_s": st.lists(numbers, min_size=1, max_size=5),
        "event_time": st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat),
    }
).map(encode)
poison_records = st.sampled_from([data for data, _ in POISON.values() if len(data) < 1000])
marked_records = st.tuples(st.just(False), good_readings) | st.tuples(st.just(True), poison_records)


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


SAMPLE_POISON = {70: "not JSON", 187: "not JSON", 244: "missing or invalid temperature_c"}
SAMPLE_SHAKING = ["press-07", "mill-02", "mill-02", "press-07", "lathe-05"]


def mapping() -> EventSourceMapping:
    """Return the settings of the consumer's event source mapping, as the spec beside the handlers says them."""
    own = PATTERN / "pipeline.yaml"  # what a project calls its spec, with environments in it
    spec = PipelineSpec.load(own, "prod") if own.exists() else PipelineSpec.load(PATTERN / "pattern.yaml")
    return EventSourceMapping.from_spec(spec.consumers["watch"], spec.streams[TOPIC])


def test_sample_has_three_poison_records_and_all_others_are_processed(
    deliver: Deliver, index: ModuleType, sample: list[bytes]
) -> None:
    assert len(sample) == 300
    outcome = deliver(partition(0, *sample))
    assert outcome.failed == failures(*SAMPLE_POISON)
    assert [line["reason"] for line in outcome.logs("Poison record")] == list(SAMPLE_POISON.values())
    assert len(index.processor.success_messages) == 297
    assert outcome.shaking == SAMPLE_SHAKING


def test_sample_drains_as_the_spec_says_and_poison_alone_goes_to_the_dead_letters(
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
    # Dead letters keep their keys, and say where they come from.
    letters = [
        (key, int(letter["KafkaBatchInfo"]["recordInfo"]["offset"])) for key, letter in simulation.topic_messages
    ]
    assert letters == [(keys[offset], offset) for offset in SAMPLE_POISON]


def test_sample_is_a_plausible_topic(events: list[dict[str, Any]]) -> None:
    readings = [event["data"] for event in events if isinstance(event["data"], dict)]
    keys = [event["partition_key"] for event in events if isinstance(event["data"], dict)]
    assert keys == [data["machine_id"] for data in readings]
    assert len(set(keys)) == 24
    times = [datetime.fromisoformat(data["event_time"]) for data in readings]
    assert times == sorted(times)
    assert times[-1] - times[0] < timedelta(minutes=5)
