"""Consumer `alert` of the stream `logs`: counts error events, and tells the topic `log_alerts` which service has them."""

import json
import os
import re
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics, single_metric
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.kinesis_stream_event import KinesisStreamEvent, KinesisStreamRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

LOG_ALERTS_TOPIC_ARN = os.environ["LOG_ALERTS_TOPIC_ARN"]

# An error event has one of these levels, or a message in which ERROR_PATTERNS (a regular expression; empty: none) is
# found, whatever its level: what crashes seldom writes a level.
ERROR_LEVELS = {"ERROR", "FATAL", "CRITICAL"}
ERROR_PATTERNS = re.compile(os.environ.get("ERROR_PATTERNS", "Traceback|OutOfMemory|panic:") or "(?!)")

# One notification per service and pattern in this time; 0 sends one per batch. Kept in memory, so per execution
# environment, which means best effort: there are as many as shards times parallelization factor, and new ones start
# when Lambda likes. More messages than one can come, never fewer. What must be told once needs a table.
QUIET_SECONDS = float(os.environ.get("QUIET_SECONDS", "300"))
if not QUIET_SECONDS >= 0:
    raise ValueError("QUIET_SECONDS must be 0 or more")
QUIET_ENTRIES = 1000  # a bound for the memory: a regular expression can match ever new texts

# https://docs.aws.amazon.com/sns/latest/api/API_Publish.html: a message has up to 262,144 bytes, a subject fewer than 100
# characters, none of them a control character. The numbers below keep the message far within.
SUBJECT_CHARACTERS = 99
SAMPLES = 5
SAMPLE_CHARACTERS = 1000
PATTERNS = 20
LOG_STREAMS = 5
NAME_CHARACTERS = 200
PATTERN_CHARACTERS = 60

RESERVE_MILLISECONDS = 2000  # left for the answer: a timeout would deliver the whole batch again
METRIC = "ErrorEvents"

logger = Logger()
metrics = Metrics()
quiet_until: dict[tuple[str, str], float] = {}


class PoisonRecordError(ValueError):
    """A record that no retry can make readable; the text is a reason, never the payload (personal data)."""


@dataclass(frozen=True)
class LogEvent:
    """What a notification can say of one log event; all but the message may be empty."""

    sequence_number: str
    time: datetime | None
    level: str
    message: str
    service: str
    log_group: str
    log_stream: str


@cache
def sns() -> Any:
    """Build the client at the first use; two attempts, as the stream delivers again what could not be told."""
    import boto3  # part of the runtime
    from botocore.config import Config

    settings = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2})
    return boto3.client("sns", config=settings)


def now() -> float:
    """Seconds of the wall clock: a monotonic one may stand still while Lambda freezes the environment."""
    return time.time()


# --- what is read, and what is an error


def parse(data: bytes, sequence_number: str) -> LogEvent:
    """Read one log event; `from None` keeps the decoders' errors, which can quote the data, out of tracebacks."""
    try:
        fields = json.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise PoisonRecordError("not UTF-8") from None
    except (ValueError, RecursionError):
        raise PoisonRecordError("not JSON") from None
    if not isinstance(fields, dict):
        raise PoisonRecordError("not an object")
    message = fields.get("message")
    if not isinstance(message, str):
        raise PoisonRecordError("missing or invalid message")
    return LogEvent(
        sequence_number=sequence_number,
        time=moment(fields.get("event_time")),
        level=name(fields.get("level")).upper(),
        message=message,
        service=name(fields.get("service")) or "unknown",
        log_group=name(fields.get("log_group")),
        log_stream=name(fields.get("log_stream")),
    )


def name(value: Any) -> str:
    """Write a name in one line of bounded length; what is no text is no name."""
    return " ".join(shorten(value, NAME_CHARACTERS).split()) if isinstance(value, str) else ""


def moment(value: Any) -> datetime | None:
    """Read a time, in UTC where it does not say; an error without a time is one nevertheless."""
    try:
        read = datetime.fromisoformat(value)
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def pattern_of(event: LogEvent) -> str | None:
    """Say what makes the event an error: the text that ERROR_PATTERNS found, else its level; None if nothing does.

    The text comes first, so that OutOfMemory is told although an ERROR of the same service was told a minute ago. A
    regular expression that matches what varies (a number, an id) makes every match a pattern of its own.
    """
    found = ERROR_PATTERNS.search(event.message)
    if found:
        return name(found[0][:PATTERN_CHARACTERS]) or "blank"
    return event.level if event.level in ERROR_LEVELS else None


# --- what is told


def shorten(text: str, characters: int) -> str:
    """Cut a text, and replace what XML has no character for (SQS refuses it) and half surrogate pairs."""
    text = text if len(text) <= characters else f"{text[: characters - 3]}..."
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "?", text)


def plain(text: str) -> str:
    """Write a text in printable ASCII, as subjects and the values of metric dimensions want it."""
    return re.sub(r"[^\x20-\x7e]", "?", text)


def clock(time: datetime | None) -> str:
    """Write a time in UTC."""
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z") if time else "at an unknown time"


def listed(items: list[str], most: int) -> list[str]:
    """Keep the first items and say how many there are besides."""
    return items if len(items) <= most else [*items[:most], f"and {len(items) - most} more"]


def notification(service: str, errors: list[tuple[str, LogEvent]]) -> dict[str, str]:
    """Write the message about one service: how many, since when, where to look, and the first of each pattern.

    The samples are what the service logged: who may read the topic reads them.
    """
    noun = "error event" if len(errors) == 1 else "error events"
    times = sorted(event.time for _, event in errors if event.time)
    between = f"{clock(times[0])} to {clock(times[-1])}" if times else clock(None)
    counts = Counter(pattern for pattern, _ in errors)
    streams = list(dict.fromkeys(f"{event.log_group} {event.log_stream}".strip() for _, event in errors))
    firsts = dict(reversed(errors))
    samples = sorted(errors, key=lambda error: firsts[error[0]] is not error[1])[:SAMPLES]
    lines = [
        f"{len(errors)} {noun} of {service}",
        f"Time: {between}",
        f"Patterns: {', '.join(listed([f'{pattern} ({count})' for pattern, count in counts.most_common()], PATTERNS))}",
        "Log groups and streams:",
        *(f"  {stream or 'unknown'}" for stream in listed(streams, LOG_STREAMS)),
        "Samples:",
        *(f"  {clock(event.time)} {event.level} {shorten(event.message, SAMPLE_CHARACTERS)}" for _, event in samples),
    ]
    subject = plain(f"{len(errors)} {noun}: {service}")[:SUBJECT_CHARACTERS]
    return {"TopicArn": LOG_ALERTS_TOPIC_ARN, "Subject": subject, "Message": "\n".join(lines)}


def is_due(service: str, errors: list[tuple[str, LogEvent]]) -> bool:
    """Tell whether any of the patterns has not been told of this service in the quiet period."""
    return any(quiet_until.get((service, pattern), 0) <= now() for pattern, _ in errors)


def remember(service: str, errors: list[tuple[str, LogEvent]]) -> None:
    """Start the quiet period of patterns that were told; those whose period is over and the oldest make room."""
    for key in dict.fromkeys((service, pattern) for pattern, _ in errors):
        quiet_until.pop(key, None)
        quiet_until[key] = now() + QUIET_SECONDS
    for key in list(quiet_until)[: max(0, len(quiet_until) - QUIET_ENTRIES)]:
        del quiet_until[key]


def tell(service: str, errors: list[tuple[str, LogEvent]]) -> str:
    """Publish the message about one service; return why it could not be, or nothing."""
    try:
        sns().publish(**notification(service, errors))
    except Exception as error:  # noqa: BLE001 - whatever it is, nobody was told; its text can quote the message
        return getattr(error, "response", {}).get("Error", {}).get("Code") or type(error).__name__
    remember(service, errors)
    return ""


def count(service: str, value: int) -> None:
    """Count the error events of one service; a metric of its own for each, as CloudWatch bills them."""
    with single_metric(name=METRIC, unit=MetricUnit.Count, value=value) as metric:
        metric.add_dimension(name="log_service", value=plain(service))


# --- a batch


def find(records: list[KinesisStreamRecord], failed: set[str]) -> dict[str, list[tuple[str, LogEvent]]]:
    """Find the error events of each service; add the sequence numbers of poison to `failed`."""
    found = defaultdict(list)
    for record in records:
        sequence_number = record.kinesis.sequence_number
        try:
            event = parse(record.kinesis.data_as_bytes(), sequence_number)
        except PoisonRecordError as error:
            logger.warning("Poison record", sequence_number=sequence_number, reason=str(error))
            failed.add(sequence_number)
            continue
        pattern = pattern_of(event)
        if pattern:
            found[event.service].append((pattern, event))
    return found


# A batch is judged as a whole, for one message per service instead of one per event; so the answer is built here and
# not by Powertools' BatchProcessor. Records whose message was not sent are returned, and come back with everything
# after the first of them: what was told meanwhile is in its quiet period and not told again by this environment; the
# metric counts repetitions too. Failures are returned even when every record failed: poison is no error of the function.
@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Judge a batch; return the sequence numbers of the records that could not be read or told of."""
    records = list(KinesisStreamEvent(event).records)
    failed: set[str] = set()
    found = find(records, failed)
    metrics.add_metric(name=METRIC, unit=MetricUnit.Count, value=sum(map(len, found.values())))  # 0: "running"
    for number, (service, errors) in enumerate(found.items()):
        count(service, len(errors))
        if not is_due(service, errors):
            continue
        late = number > 0 and context.get_remaining_time_in_millis() < RESERVE_MILLISECONDS
        reason = "no time left" if late else tell(service, errors)
        if reason:
            logger.error("Notification not sent", log_service=service, reason=reason, error_events=len(errors))
            failed.update(error.sequence_number for _, error in errors)
    sources = [record.kinesis.sequence_number for record in records]
    return {"batchItemFailures": [{"itemIdentifier": source} for source in sources if source in failed]}
