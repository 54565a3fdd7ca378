"""Consumer `unpack` of the stream `service_logs`: puts every log event of CloudWatch Logs' batches into the stream `logs`."""

import gzip
import json
import os
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from random import SystemRandom
from time import sleep
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.kinesis_stream_event import KinesisStreamEvent, KinesisStreamRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

LOGS_STREAM_ARN = os.environ["LOGS_STREAM_ARN"]
MIB = 1024 * 1024

# A record holds at most 10 MiB, and gzip packs zeros a thousandfold: what comes out is bounded before it is read. Log
# text shrinks to a tenth or so, so that no batch of CloudWatch Logs comes near.
MAX_UNPACKED_BYTES = 64 * MIB

# https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html: 500 records and 10 MiB, keys included. Half
# of that is enough: a shard takes 1 MiB/s, so more only waits in memory to be refused and sent again.
MAX_CHUNK_RECORDS = 500
MAX_CHUNK_BYTES = 5 * MIB
MAX_RECORD_BYTES = MIB  # what a stream takes unless its MaxRecordSizeInKiB says more; data and key together
MAX_KEY_CHARACTERS = 256
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html: of log groups and log
# streams; what is longer did not come from CloudWatch Logs, and could not be shortened into a record.
MAX_NAME_CHARACTERS = 512

# A shard's limits are per second: the waits must outlast one to be of use. Six attempts wait 3 to 6 s in all.
ATTEMPTS = 6
FIRST_WAIT_SECONDS = 0.2
LONGEST_WAIT_SECONDS = 3.0
RESERVE_MILLISECONDS = 2000  # left for one more call and the answer: a timeout would deliver the whole batch again

# One vocabulary for all, so that a query need not know who wrote the log: that of Lambda's JSON logs.
# https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
LEVEL_NAMES = {
    "TRACE": ["TRACE", "FINEST", "10"],  # the numbers are those of Node's pino and bunyan
    "DEBUG": ["DEBUG", "FINE", "20"],
    "INFO": ["INFO", "INFORMATION", "NOTICE", "30"],
    "WARN": ["WARN", "WARNING", "40"],
    "ERROR": ["ERROR", "ERR", "SEVERE", "50"],
    "FATAL": ["FATAL", "CRITICAL", "CRIT", "ALERT", "EMERG", "EMERGENCY", "PANIC", "60"],
}
LEVELS = {name: level for level, names in LEVEL_NAMES.items() for name in names}
_WORDS = "|".join(name for name in LEVELS if not name.isdigit())
# Lower case is prose ("no error found") unless it stands where a level does: `[error]`, `level=error`.
LEVEL_IN_TEXT = re.compile(rf"\b({_WORDS})\b|\[(?i:({_WORDS}))\]|\blevel=\"?(?i:({_WORDS}))\b")

logger = Logger()
metrics = Metrics()
jitter = SystemRandom()


class PoisonRecordError(ValueError):
    """A record that no retry can make readable; the text is a reason, never the payload (personal data)."""


@dataclass(frozen=True)
class Entry:
    """One record for the stream `logs`, and the sequence number of the record that it came from."""

    source: str
    key: str
    data: bytes

    @property
    def size(self) -> int:
        """What the limits of Kinesis count: data and partition key."""
        return len(self.data) + len(self.key.encode())


@cache
def kinesis() -> Any:
    """Build the client at the first use; the loop in `put` retries, so the client itself does not."""
    import boto3  # part of the runtime
    from botocore.config import Config

    settings = Config(connect_timeout=2, read_timeout=10, retries={"total_max_attempts": 1})
    return boto3.client("kinesis", config=settings)


# --- from a record to log events


def decompress(data: bytes) -> bytes:
    """Undo gzip, up to the bound."""
    try:
        text = gzip.GzipFile(fileobj=BytesIO(data)).read(MAX_UNPACKED_BYTES + 1)
    except (EOFError, OSError, zlib.error):
        raise PoisonRecordError("not gzip") from None
    if len(text) > MAX_UNPACKED_BYTES:
        raise PoisonRecordError(f"more than {MAX_UNPACKED_BYTES // MIB} MiB unpacked")
    return text


def name_of(fields: dict[str, Any], name: str) -> str:
    """Read a name that CloudWatch Logs gave."""
    value = fields.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_NAME_CHARACTERS:
        raise PoisonRecordError(f"missing or invalid {name}")
    return readable(value)


def readable(text: str) -> str:
    """Replace half surrogate pairs, which JSON can escape but UTF-8 cannot say."""
    return text.encode("utf-8", "replace").decode()


def read(data: bytes) -> list[dict[str, str]]:
    """Read the log events of one record, all or none; `from None` keeps the decoders' errors, which quote, out."""
    try:
        batch = json.loads(decompress(data).decode("utf-8"))
    except UnicodeDecodeError:
        raise PoisonRecordError("not UTF-8") from None
    except PoisonRecordError:
        raise
    except (ValueError, RecursionError):
        raise PoisonRecordError("not JSON") from None
    if not isinstance(batch, dict):
        raise PoisonRecordError("not an object")
    kind = batch.get("messageType")
    if kind == "CONTROL_MESSAGE":  # CloudWatch Logs asks whether the stream can be reached
        return []
    if kind != "DATA_MESSAGE":
        raise PoisonRecordError("missing or invalid messageType")
    log_group, log_stream = name_of(batch, "logGroup"), name_of(batch, "logStream")
    log_events = batch.get("logEvents")
    if not isinstance(log_events, list) or not all(isinstance(log_event, dict) for log_event in log_events):
        raise PoisonRecordError("missing or invalid logEvents")
    return [log_event(item, log_group, log_stream) for item in log_events]


def log_event(item: dict[str, Any], log_group: str, log_stream: str) -> dict[str, str]:
    """Bring one log event of CloudWatch Logs into the shape of the schema `log_event`."""
    text = item.get("message")
    if not isinstance(text, str):
        raise PoisonRecordError("missing or invalid message")
    fields = structure(text)
    message = fields.get("message")
    message = message if isinstance(message, str) and message else text
    return {
        "event_time": event_time(item.get("timestamp")),
        "level": level(fields, message),
        "message": readable(message),
        "service": label(fields, "service") or log_group.rstrip("/").rpartition("/")[2] or log_group,
        "host": label(fields, "host") or label(fields, "hostname"),  # not the log stream: often no host, never lost
        "log_group": log_group,
        "log_stream": log_stream,
        "event_id": name_of(item, "id"),
    }


def structure(text: str) -> dict[str, Any]:
    """Read the fields of a structured message; any other text has none."""
    if not text.lstrip().startswith("{"):
        return {}
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


def label(fields: dict[str, Any], name: str) -> str:
    """Read a short text of a structured message; what is long or no text is no name of anything."""
    value = fields.get(name)
    return readable(value) if isinstance(value, str) and len(value) <= 256 else ""


def level(fields: dict[str, Any], message: str) -> str:
    """Find the level: the field that says it, else the first word in the message that does, else INFO."""
    for name in ("level", "levelname", "severity"):
        known = LEVELS.get(str(fields.get(name)).upper())
        if known:
            return known
    found = LEVEL_IN_TEXT.search(message)
    return LEVELS[found[found.lastindex or 0].upper()] if found else "INFO"


def event_time(timestamp: Any) -> str:
    """Write milliseconds since 1970 as ISO 8601 in UTC; in whole numbers, as a float would lose milliseconds."""
    if type(timestamp) is not int:
        raise PoisonRecordError("missing or invalid timestamp")
    seconds, milliseconds = divmod(timestamp, 1000)
    try:
        moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=milliseconds * 1000)
    except (OverflowError, ValueError, OSError):
        raise PoisonRecordError("missing or invalid timestamp") from None
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


# --- from log events to records of `logs`


# The log stream is the key, so that the lines of one writer lie in one shard, in order but for what Kinesis refused and
# took later: whoever reads a shard sees a stack trace together. There are many log streams (one per Lambda environment,
# task or host), so the load spreads. Its log group is part of it, or else a host that writes to ten log groups under
# its own name would be one hot key. A single log stream above 1000 records/s or 1 MiB/s stays hot: it is slowed down by
# the waits of `put`, not lost, and more shards do not help it. Who does not care for order takes the event_id as key.
def partition_key(event: dict[str, str]) -> str:
    """Name the writer of the event; the end of a name that is too long, as that tells log streams apart."""
    return f"{event['log_group']}:{event['log_stream']}"[-MAX_KEY_CHARACTERS:]


def entry(source: str, event: dict[str, str]) -> Entry:
    """Write one record, its message shortened, and marked so, when it is longer than a stream takes."""
    whole = Entry(source, partition_key(event), encode(event))
    if whole.size <= MAX_RECORD_BYTES:
        return whole
    # Escapes make bytes out of all proportion to characters, so the place to cut is searched for, not computed.
    message = event["message"]
    fits, too_long = 0, len(message)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if shortened(whole, event, middle).size <= MAX_RECORD_BYTES:
            fits = middle
        else:
            too_long = middle
    logger.warning("Message shortened", sequence_number=source, event_id=event["event_id"], characters=len(message))
    metrics.add_metric(name="LogEventsShortened", unit=MetricUnit.Count, value=1)
    return shortened(whole, event, fits)


def shortened(whole: Entry, event: dict[str, str], characters: int) -> Entry:
    """Keep the first characters of the message."""
    message = f"{event['message'][:characters]} [shortened from {len(event['message'])} characters]"
    return Entry(whole.source, whole.key, encode(event | {"message": message}))


def encode(event: dict[str, str]) -> bytes:
    """Write one log event as the other producers of `logs` do: JSON in UTF-8."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def entries(records: Iterable[KinesisStreamRecord], failed: set[str]) -> Iterator[Entry]:
    """Yield what is to be put, one source record in memory at a time; add the sequence numbers of poison to `failed`."""
    for record in records:
        source = record.kinesis.sequence_number
        try:
            events = read(record.kinesis.data_as_bytes())
        except PoisonRecordError as error:
            logger.warning("Poison record", sequence_number=source, reason=str(error))
            failed.add(source)
            continue
        for event in events:
            yield entry(source, event)


def chunks(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Group entries, in order, into requests within the limits; few events of many records share one request."""
    chunk: list[Entry] = []
    size = 0
    for item in entries:
        if chunk and (len(chunk) == MAX_CHUNK_RECORDS or size + item.size > MAX_CHUNK_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(item)
        size += item.size
    if chunk:
        yield chunk


def put(chunk: list[Entry], milliseconds_left: Callable[[], int]) -> list[Entry]:
    """Put one chunk, again what was refused while time remains; return what was not put, in order."""
    for attempt in range(ATTEMPTS):
        if attempt:
            wait = min(FIRST_WAIT_SECONDS * 2 ** (attempt - 1), LONGEST_WAIT_SECONDS) * jitter.uniform(0.5, 1)
            if milliseconds_left() < wait * 1000 + RESERVE_MILLISECONDS:
                break
            sleep(wait)
        chunk, reasons = put_once(chunk)
        if not chunk:
            break
        logger.warning("Log events refused", attempt=attempt + 1, reasons=reasons)
    return chunk


def put_once(chunk: list[Entry]) -> tuple[list[Entry], dict[str, int]]:
    """Call PutRecords, which can take some records and refuse others; return the refused ones and why."""
    records = [{"Data": item.data, "PartitionKey": item.key} for item in chunk]
    try:
        response = kinesis().put_records(StreamARN=LOGS_STREAM_ARN, Records=records)
    except Exception as error:  # noqa: BLE001 - whatever it is, nothing was put; its text can quote the records
        code = getattr(error, "response", {}).get("Error", {}).get("Code")
        return chunk, {code or type(error).__name__: len(chunk)}
    results = [result.get("ErrorCode") for result in response["Records"]]
    refused = [item for item, reason in zip(chunk, results, strict=True) if reason]
    return refused, dict(Counter(reason for reason in results if reason))


# At least once: Lambda checkpoints at the LOWEST sequence number returned and delivers everything from there on again.
# Events that were put already are put again then, with the same event_id; the archive and the search tell them by it.
# Poison does not stop the batch: it comes back until its attempts are used up, and what stands behind it should not
# wait. Refusal by the stream does: what is behind would come back anyway, and putting it twice is load that a throttled
# stream does not need. The answer is built here, and not by Powertools' BatchProcessor, since one request carries
# events of many records. Failures are returned even when every record failed: poison is no error of the function.
@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Unpack a batch; return the sequence numbers of the records that could not be read or put."""
    records = list(KinesisStreamEvent(event).records)
    sources = [record.kinesis.sequence_number for record in records]
    failed: set[str] = set()
    count = 0
    for number, chunk in enumerate(chunks(entries(records, failed))):
        late = number > 0 and context.get_remaining_time_in_millis() < RESERVE_MILLISECONDS
        left = chunk if late else put(chunk, context.get_remaining_time_in_millis)
        count += len(chunk) - len(left)
        if left:
            first = sources.index(left[0].source)
            failed.update(sources[first:])
            reason = "no time left" if late else "refused by the stream"
            logger.error("Log events not put", sequence_number=sources[first], reason=reason, log_events=len(left))
            break
    metrics.add_metric(name="LogEventsPut", unit=MetricUnit.Count, value=count)  # no data means "not running"
    return {"batchItemFailures": [{"itemIdentifier": source} for source in sources if source in failed]}
