"""What is wrong with event source mappings of Lambda: what becomes of records that fail, batches that cannot be finished in
time, mappings that are off, and Kafka that is read in the open.
"""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts.event_source import (
    CHECKS_THE_SERVER,
    SIGNS_IN,
    TABLE_STREAM_HOURS,
)
from streaming_constructs.facts.kinesis import RETENTION_HOURS_BY_DEFAULT
from streaming_constructs.facts.lambda_function import FUNCTION_DEFAULTS
from streaming_constructs.review.auditing import audits
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import is_false, is_true, listed, number, shown
from streaming_constructs.review.events.event_sources import (
    MAPPING,
    batch_size,
    destination_of,
    function_of,
    gives_up,
    has_an_end,
    kind_of,
    source_name,
    stream_of,
)
from streaming_constructs.review.meaning import Meaning

_READS_IN_ORDER = ("stream", "kafka")
_LEAST_MILLISECONDS = 5
"""What a record of a full batch has to be left: below that hardly any call that writes somewhere finishes. A bound of ours."""


@audits(MAPPING)
def dropped(template: Template, mapping: Resource) -> Iterator[Meaning]:
    """Records that fail are given up, and go nowhere."""
    if (
        kind_of(template, mapping) in _READS_IN_ORDER
        and gives_up(template, mapping)
        and destination_of(mapping) is None
    ):
        yield Meaning(
            "AUD203",
            f"what fails is given up ({_end(mapping)}) and dropped without a trace: it has no destination",
            "add `DestinationConfig.OnFailure` with a queue, a topic or a bucket; a bucket gets the records too",
        )


def _end(mapping: Resource) -> str:
    retries, age = mapping.at("MaximumRetryAttempts"), mapping.at("MaximumRecordAgeInSeconds")
    ends = [f"after {shown(retries)} retries"] if has_an_end(retries) else []
    return " or ".join([*ends, f"at {shown(age)} s of age"] if has_an_end(age) else ends)


@audits(MAPPING)
def endless(template: Template, mapping: Resource) -> Iterator[Meaning]:
    """Records that fail are tried until they expire."""
    if kind_of(template, mapping) in _READS_IN_ORDER and not gives_up(template, mapping):
        yield Meaning(
            "AUD204",
            "what fails is tried until it expires: one record that never succeeds holds up all behind it in its shard",
            "set `MaximumRetryAttempts`, `MaximumRecordAgeInSeconds` and a destination for what is given up",
        )


@audits(MAPPING)
def whole_batches(template: Template, mapping: Resource) -> Iterator[Meaning]:
    """One record that fails takes its batch along."""
    is_single = batch_size(template, mapping) == 1
    if (
        kind_of(template, mapping) == "stream"
        and not is_single
        and not _may_be(mapping.at("BisectBatchOnFunctionError"))
    ):
        yield Meaning(
            "AUD205",
            "one record that fails takes its whole batch along: a batch is not halved to find it",
            "set `BisectBatchOnFunctionError: true`",
        )


def _may_be(value: object) -> bool:
    """Whether a value says yes, or is known at deployment only."""
    return is_true(value) or isinstance(value, dict)


@audits(MAPPING)
def too_little_time(template: Template, mapping: Resource) -> Iterator[Meaning]:
    """A full batch leaves each of its records next to no time."""
    records, seconds = batch_size(template, mapping), _timeout(template, mapping)
    if not records or seconds is None:
        return
    milliseconds = seconds * 1000 / records
    if milliseconds < _LEAST_MILLISECONDS:
        yield Meaning(
            "AUD206",
            f"a full batch of {records:g} records has {seconds:g} s: {milliseconds:.2g} ms for each; a batch that runs out of "
            "time is tried again as a whole",
            "raise the function's `Timeout`, or lower `BatchSize`",
        )


def _timeout(template: Template, mapping: Resource) -> float | None:
    """How long the function may run, in seconds, or None where nobody knows."""
    function = function_of(template, mapping.at("FunctionName"))
    if function is None:
        return None
    timeout = function.at("Timeout")
    return number(FUNCTION_DEFAULTS["Timeout"] if timeout is None else timeout)


@audits(MAPPING)
def age_against_retention(template: Template, mapping: Resource) -> Iterator[Meaning]:
    """Records expire before they are given up, so that their destination never gets them."""
    age, hours = number(mapping.at("MaximumRecordAgeInSeconds")), _kept_for(stream_of(template, mapping))
    if age is not None and hours is not None and age > hours * 3600:
        yield Meaning(
            "AUD208",
            f"a record is given up at {age:g} s, and its stream keeps it for {hours:g} h: it expires first, and its "
            "destination gets nothing",
            "set `MaximumRecordAgeInSeconds` below the stream's retention",
        )


def _kept_for(stream: Resource | None) -> float | None:
    if stream is None:
        return None
    if stream.type == "AWS::DynamoDB::Table":
        return TABLE_STREAM_HOURS.value
    if stream.type != "AWS::Kinesis::Stream":
        return None
    hours = stream.at("RetentionPeriodHours")
    return RETENTION_HOURS_BY_DEFAULT.value if hours is None else number(hours)


@audits(MAPPING)
def window_against_age(template: Template, mapping: Resource) -> Iterator[Meaning]:
    """A batch is gathered for longer than its records may be old."""
    window, age = (number(mapping.at(name)) for name in ("MaximumBatchingWindowInSeconds", "MaximumRecordAgeInSeconds"))
    if kind_of(template, mapping) == "stream" and window is not None and age is not None and 0 < age <= window:
        yield Meaning(
            "AUD215",
            f"a batch is gathered for up to {window:g} s, and a record is given up at {age:g} s: on a quiet stream before the "
            "function is called with it",
            "set `MaximumRecordAgeInSeconds` far above `MaximumBatchingWindowInSeconds`",
            path="Properties.MaximumBatchingWindowInSeconds",
        )


@audits(MAPPING, "AWS::Lambda::EventInvokeConfig")
def ordered_destination(template: Template, handing: Resource) -> Iterator[Meaning]:
    """What failed is handed to a FIFO queue or topic."""
    for name in ("OnFailure", "OnSuccess"):
        destination = handing.at("DestinationConfig", name, "Destination")
        target = template.target(destination)
        is_ordered = target is not None and (is_true(target.at("FifoQueue")) or is_true(target.at("FifoTopic")))
        if is_ordered or (isinstance(destination, str) and destination.endswith(".fifo")):
            yield Meaning(
                "AUD216",
                f"its destination {shown(destination)} is FIFO, and Lambda hands over to standard queues and topics alone",
                "use a standard queue or topic",
                path=f"Properties.DestinationConfig.{name}.Destination",
            )


@audits(MAPPING)
def switched_off(template: Template, mapping: Resource) -> Iterator[Meaning]:
    """Nothing is read."""
    if is_false(mapping.at("Enabled")):
        yield Meaning(
            "AUD209",
            f"it is switched off: what is written to {source_name(mapping)} expires unread",
            "take `Enabled: false` out, or the mapping",
        )


@audits(MAPPING)
def in_the_open(template: Template, mapping: Resource) -> Iterator[Meaning]:
    """A cluster of one's own that is read without signing in, and without TLS."""
    if mapping.at("SelfManagedEventSource") is None:
        return
    accesses = listed(mapping.at("SourceAccessConfigurations"))
    kinds = [access.get("Type") if isinstance(access, dict) else access for access in accesses]
    if all(isinstance(kind, str) and kind not in (*SIGNS_IN, CHECKS_THE_SERVER) for kind in kinds):
        yield Meaning(
            "AUD213",
            f"{source_name(mapping)} is read without signing in and without TLS: whoever reaches its brokers reads it",
            "let the cluster ask who is there, and add the secret to `SourceAccessConfigurations`",
        )
