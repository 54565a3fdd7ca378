"""What an option cannot do, whatever it costs: quotas and properties of services, each with its page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from streaming_constructs.facts import events, firehose, kinesis, msk, sqs
from streaming_constructs.planning.advice.answers import NEEDS, Answers
from streaming_constructs.planning.advice.options import BROKERS, KINESIS, WITHOUT_KAFKA
from streaming_constructs.planning.advice.reading import fan_out_readers
from streaming_constructs.planning.numbers import duration, exact, number
from streaming_constructs.planning.streams.kinesis_quotas import on_demand_quota

DEFAULT_REGION = "us-east-1"
"""By whose quotas and prices it is judged where no region is said."""

_MSK = "https://docs.aws.amazon.com/msk/latest/developerguide"
_KAFKA = f"{_MSK}/what-is-msk.html"
_SERVERLESS = f"{_MSK}/serverless.html"
_SERVERLESS_CONFIG = f"{_MSK}/serverless-config.html"
_IAM_OF_KINESIS = "https://docs.aws.amazon.com/streams/latest/dev/controlling-access.html"
_QUEUES = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide"
_FIREHOSE_SOURCES = "https://docs.aws.amazon.com/firehose/latest/dev/basic-write.html"
_FIREHOSE = "https://docs.aws.amazon.com/firehose/latest/dev/what-is-this-service.html"
_EVENTS = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus.html"


class Reason(NamedTuple):
    """Why an option is out.

    Attributes:
        id: The constraint's id, such as `H2`.
        text: What it runs into, in numbers where there are some.
        source: AWS's page.
    """

    id: str
    text: str
    source: str


class Constraint(NamedTuple):
    """A hard constraint.

    Attributes:
        id: Its id.
        options: The options that it is about.
        problem: What answers run into; empty where they do not.
        source: AWS's page.
    """

    id: str
    options: tuple[str, ...]
    problem: Callable[[Answers], str]
    source: str


def reasons(option: str, answers: Answers) -> tuple[Reason, ...]:
    """Why an option is out, by what is known before it has a size; nothing where it is not.

    Args:
        option: Its name.
        answers: The answers.
    """
    return tuple(_reasons(option, answers))


def _reasons(option: str, answers: Answers) -> Iterator[Reason]:
    for constraint in CONSTRAINTS:
        if option in constraint.options and (text := constraint.problem(answers)):
            yield Reason(constraint.id, text, constraint.source)


def region_of(answers: Answers) -> str:
    """The region that it is judged by.

    Args:
        answers: The answers.
    """
    return answers.region or DEFAULT_REGION


def _other_than_kafka(said: Answers) -> str:
    needed = [NEEDS[need] for need in said.needs]
    if said.protocol == "kafka":
        needed.insert(0, "Kafka's protocol")
    return f"it is not Kafka, and asked for is {', '.join(needed)}" if needed else ""


def _above(value: float, most: float, what: str, unit: str) -> str:
    """What is said where a value is above a limit."""
    return f"{what} {number(value)} {unit}; it takes {number(most)}" if value > most else ""


def _record(most_kib: float) -> Callable[[Answers], str]:
    return lambda said: _above(said.largest_kib, most_kib, "the largest record has", "KiB")


def _mostly_large(said: Answers) -> str:
    share = number(kinesis.LARGE_RECORD_SHARE.value * 100)
    rule = f"records above {number(kinesis.MAX_RECORD_KIB.minimum)} KiB are for {share} % of them"
    return (
        f"a record has {number(said.kib)} KiB on average; {rule}" if said.kib > kinesis.MAX_RECORD_KIB.minimum else ""
    )


def _kept(most_hours: float) -> Callable[[Answers], str]:
    def problem(said: Answers) -> str:
        if said.hours <= most_hours:
            return ""
        wanted = "without end" if said.keeps_for_ever else f"for {duration(said.hours * 3600)}"
        return f"records are kept {wanted}; it keeps them for {duration(most_hours * 3600)} at most"

    return problem


def _other_login(said: Answers) -> str:
    return f"clients authenticate by {said.auth}; it knows IAM alone" if said.auth != "iam" else ""


def _needs_of(*needs: str) -> Callable[[Answers], str]:
    def problem(said: Answers) -> str:
        found = [NEEDS[need] for need in said.needs if need in needs]
        return f"it has no {', and no '.join(found)}" if found else ""

    return problem


def _key(mib: float, records: float | None = None) -> Callable[[Answers], str]:
    """A key whose records are in order is in one shard or partition."""

    def problem(said: Answers) -> str:
        if said.key_mib > exact(mib):
            return f"one key writes {number(said.key_mib)} MiB/s in order; a part of it takes {number(mib)} MiB/s"
        of_key = said.busiest_key_records_per_second or 0
        if records is not None and of_key > records:
            return f"one key writes {number(of_key)} records/s in order; a part of it takes {number(records)}"
        return ""

    return problem


def _too_late(least_ms: float, how: str) -> Callable[[Answers], str]:
    def problem(said: Answers) -> str:
        if said.latency_ms is None or said.latency_ms >= least_ms:
            return ""
        return f"a reader has a record after {number(least_ms)} ms {how}; {number(said.latency_ms)} ms is asked for"

    return problem


def _on_demand_peak(said: Answers) -> str:
    most = on_demand_quota(region_of(said))
    return _above(float(said.peak.mib), most.value, f"in {region_of(said)} the peak is", "MiB/s")


def _fan_out(most: float, *, on_demand: bool) -> Callable[[Answers], str]:
    return lambda said: _above(fan_out_readers(said, on_demand=on_demand), most, "enhanced fan-out is for", "readers")


def _serverless_reads(said: Answers) -> str:
    read = float(said.peak.mib * said.all_readers)
    return _above(read, msk.SERVERLESS_EGRESS_MIB_PER_SECOND.value, "at the peak readers take", "MiB/s")


def _serverless_key(said: Answers) -> str:
    return _key(msk.SERVERLESS_PARTITION_INGRESS_MIB_PER_SECOND.value)(said)


def _no_login_of_firehose(said: Answers) -> str:
    return "a delivery reads it, and Firehose authenticates by IAM" if said.delivers and said.auth != "iam" else ""


def _tiers(said: Answers) -> str:
    if "tiered_storage" not in said.needs:
        return ""
    least = msk.TIERED_RETENTION_MILLISECONDS.value / 3_600_000
    if "compaction" in said.needs:
        return "tiered topics cannot be compacted"
    return f"tiered topics keep records for {duration(least * 3600)} at least" if said.hours < least else ""


def _code_reads(said: Answers) -> str:
    readers = said.applications
    if readers:
        return f"it delivers to stores alone, and {number(readers)} application{'s' * (readers > 1)} would read it"
    return "" if said.delivers else "it delivers to stores alone"


def _many_read(said: Answers) -> str:
    count = said.all_readers
    return f"a message goes to one reader, and {number(count)} are to have it" if count > 1 else ""


def _lands_in_a_store(said: Answers) -> str:
    return "records are to land in a store, and no delivery of Firehose reads a queue" if said.delivers else ""


def _fifo_rate(said: Answers) -> str:
    if said.ordering == "none":
        return ""
    region, batch = region_of(said), sqs.BATCH_MESSAGES.value
    requests = sqs.FIFO_REQUESTS_PER_SECOND.get(region, sqs.FIFO_REQUESTS_PER_SECOND_ELSEWHERE.value)
    return _above(float(said.peak.records), requests * batch, f"in {region} the peak is", "messages/s in order")


def _fifo_group(said: Answers) -> str:
    most = sqs.FIFO_REQUESTS_PER_SECOND_OF_GROUP.value * sqs.BATCH_MESSAGES.value
    return _above(said.busiest_key_records_per_second or 0, most, "one key has", "messages/s in order")


def _invocations(said: Answers) -> str:
    region = region_of(said)
    most = events.INVOCATIONS_PER_SECOND.get(region, events.INVOCATIONS_PER_SECOND_ELSEWHERE.value)
    asked = float(said.peak.records) * max(1, said.all_readers)
    return _above(asked, most, f"in {region} targets are invoked", "times a second")


def _not_again(said: Answers) -> str:
    return "records are read again; it has none once they are read" if said.replay else ""


def _no_order(said: Answers) -> str:
    return "records of a key stay in order; it promises no order" if said.ordering != "none" else ""


CONSTRAINTS = (
    Constraint("H1", WITHOUT_KAFKA, _other_than_kafka, _KAFKA),
    Constraint("H2", KINESIS, _record(kinesis.MAX_RECORD_KIB.maximum), kinesis.MAX_RECORD_KIB.source),
    Constraint("H2", KINESIS, _mostly_large, kinesis.LARGE_RECORD_SHARE.source),
    Constraint("H2", ("msk_serverless",), _record(msk.SERVERLESS_MESSAGE_KIB.value), msk.SERVERLESS_MESSAGE_KIB.source),
    Constraint("H2", ("firehose",), _record(firehose.RECORD_KIB.value), firehose.RECORD_KIB.source),
    Constraint("H2", ("sqs",), _record(sqs.MESSAGE_KIB_MOST.value), sqs.MESSAGE_KIB_MOST.source),
    Constraint("H2", ("eventbridge",), _record(events.EVENT_KIB_MOST.value), events.EVENT_KIB_MOST.source),
    Constraint(
        "H3",
        ("msk_serverless",),
        lambda said: _above(float(said.peak.mib), msk.SERVERLESS_INGRESS_MIB_PER_SECOND.value, "the peak is", "MiB/s"),
        msk.SERVERLESS_INGRESS_MIB_PER_SECOND.source,
    ),
    Constraint("H3", ("msk_serverless",), _serverless_reads, msk.SERVERLESS_EGRESS_MIB_PER_SECOND.source),
    Constraint(
        "H3",
        ("msk_serverless",),
        lambda said: _above(said.all_readers, msk.SERVERLESS_GROUPS.value, "it is read by", "groups"),
        msk.SERVERLESS_GROUPS.source,
    ),
    Constraint("H4", KINESIS, _other_login, _IAM_OF_KINESIS),
    Constraint("H4", ("msk_serverless",), _other_login, _SERVERLESS),
    Constraint("H4", ("sqs",), _other_login, f"{_QUEUES}/sqs-authentication-and-access-control.html"),
    Constraint(
        "H4", ("firehose",), _other_login, "https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html"
    ),
    Constraint("H4", ("eventbridge",), _other_login, f"{_EVENTS.rpartition('/')[0]}/eb-manage-iam-access.html"),
    Constraint("H4", BROKERS, _no_login_of_firehose, firehose.MSK_RECORD_MIB.source),
    Constraint(
        "H5", ("msk_serverless",), _needs_of("broker_settings", "replication", "prometheus"), _SERVERLESS_CONFIG
    ),
    Constraint("H6", ("msk_serverless",), _needs_of("tiered_storage"), _SERVERLESS),
    Constraint(
        "H6",
        ("msk_express",),
        _needs_of("tiered_storage", "replication"),
        msk.EXPRESS_REPLICATION_FACTOR.source,
    ),
    Constraint("H6", ("msk",), _tiers, msk.TIERED_RETENTION_MILLISECONDS.source),
    Constraint("H8", KINESIS, _kept(kinesis.RETENTION_HOURS.maximum), kinesis.RETENTION_HOURS.source),
    Constraint("H8", ("sqs",), _kept(sqs.RETENTION_SECONDS_MOST.value / 3600), sqs.RETENTION_SECONDS_MOST.source),
    Constraint(
        "H8",
        ("firehose",),
        _kept(firehose.DIRECT_PUT_RETENTION_HOURS.value),
        firehose.DIRECT_PUT_RETENTION_HOURS.source,
    ),
    Constraint(
        "H9",
        KINESIS,
        _key(kinesis.SHARD_WRITE_MIB_PER_SECOND.value, kinesis.SHARD_WRITE_RECORDS_PER_SECOND.value),
        kinesis.SHARD_WRITE_MIB_PER_SECOND.source,
    ),
    Constraint("H9", ("msk_serverless",), _serverless_key, msk.SERVERLESS_PARTITION_INGRESS_MIB_PER_SECOND.source),
    Constraint(
        "H9",
        ("msk_express",),
        _key(msk.EXPRESS_PARTITION_MIB_PER_SECOND.value),
        msk.EXPRESS_PARTITION_MIB_PER_SECOND.source,
    ),
    Constraint("H9", ("sqs",), _fifo_group, sqs.FIFO_REQUESTS_PER_SECOND_OF_GROUP.source),
    Constraint(
        "H10",
        KINESIS,
        _too_late(kinesis.FAN_OUT_DELAY_MILLISECONDS.value, "on average, with enhanced fan-out"),
        kinesis.FAN_OUT_DELAY_MILLISECONDS.source,
    ),
    Constraint(
        "H10",
        ("firehose",),
        _too_late(firehose.ZERO_BUFFERING_SECONDS.value * 1000, "without a buffer"),
        firehose.ZERO_BUFFERING_SECONDS.source,
    ),
    Constraint("H11", ("firehose",), _code_reads, _FIREHOSE),
    Constraint("H11", ("sqs",), _many_read, f"{_QUEUES}/sqs-basic-architecture.html"),
    Constraint("H11", ("sqs",), _lands_in_a_store, _FIREHOSE_SOURCES),
    Constraint(
        "H11",
        ("kinesis_provisioned",),
        _fan_out(kinesis.FAN_OUT_CONSUMERS.value, on_demand=False),
        kinesis.FAN_OUT_CONSUMERS.source,
    ),
    Constraint(
        "H11",
        ("kinesis_on_demand",),
        _fan_out(kinesis.FAN_OUT_CONSUMERS.value, on_demand=True),
        kinesis.FAN_OUT_CONSUMERS.source,
    ),
    Constraint(
        "H11",
        ("kinesis_advantage",),
        _fan_out(kinesis.FAN_OUT_CONSUMERS_ON_DEMAND_ADVANTAGE.value, on_demand=True),
        kinesis.FAN_OUT_CONSUMERS_ON_DEMAND_ADVANTAGE.source,
    ),
    Constraint("H12", ("firehose", "sqs"), _not_again, f"{_QUEUES}/sqs-basic-architecture.html"),
    Constraint("H13", ("firehose",), _no_order, _FIREHOSE),
    Constraint("H13", ("eventbridge",), _no_order, _EVENTS),
    Constraint(
        "H14", ("kinesis_on_demand", "kinesis_advantage"), _on_demand_peak, kinesis.ON_DEMAND_PEAK_MULTIPLE.source
    ),
    Constraint("H14", ("sqs",), _fifo_rate, sqs.FIFO_REQUESTS_PER_SECOND_ELSEWHERE.source),
    Constraint("H14", ("eventbridge",), _invocations, events.INVOCATIONS_PER_SECOND_ELSEWHERE.source),
)
"""All of them. `H1` to `H9` are those that guides name; quotas that AWS raises on demand are as an account begins with them."""
