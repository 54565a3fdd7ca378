"""Is a function that reads a stream, a topic or a queue ready for production?"""

from __future__ import annotations

from typing import cast

from streaming_constructs.planning.consumers.lambda_function import ConsumerPlan
from streaming_constructs.planning.numbers import counted, duration, number, rounded
from streaming_constructs.planning.readiness.common_items import (
    asks,
    dashboard_item,
    failure_test,
    load_test,
    permissions_item,
    told_item,
    watched,
)
from streaming_constructs.planning.readiness.item import Answer, Asked, Item, confirm, failed, not_applicable, passed
from streaming_constructs.planning.workload import peak_load
from streaming_constructs.spec.consumers.lambda_on_queue import batch_size_of_queue

_MAPPING = "https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html"
_FAILURES = "https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html"
_PARTIAL = "https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html"
_CONCURRENCY = "https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html"
_METRICS = "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"
_IDEMPOTENT = "https://docs.aws.amazon.com/lambda/latest/dg/concepts-event-driven-architectures.html"
_VPC = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html"


def _planned(asked: Asked) -> ConsumerPlan:
    return cast("ConsumerPlan", asked.node)


def _gives_up(asked: Asked) -> Answer:
    consumer = _planned(asked)
    if consumer.kind == "sqs":
        return passed(f"`{consumer.spec.from_}` says when: its own checklist asks", "from")
    if not consumer.gives_up:
        return confirm(
            "pollers on demand try a batch until it succeeds",
            "write `pollers: {minimum: 1}`, or catch every error in its code",
            "pollers",
        )
    policy = consumer.spec.failure_policy
    told = f"given up after retries: {policy.retries:,}, or at an age of {duration(policy.max_record_age_seconds)}"
    return passed(told, "on_failure")


def _kept(asked: Asked) -> Answer:
    consumer = _planned(asked)
    if consumer.kind == "sqs":
        return passed(f"`{consumer.spec.from_}` keeps it, or not: its own checklist asks", "from")
    if not consumer.gives_up:
        return not_applicable("it gives up nothing")
    destination = consumer.spec.failure_policy.destination
    if destination.kind in ("sqs", "sns"):
        return confirm(
            f"{destination.kind.upper()} gets the position of a batch, not its records",
            "say who fetches the records before they expire, or write `on_failure: {destination: s3}`",
            "on_failure",
            "destination",
        )
    return passed(f"records are kept: {destination.kind}", "on_failure", "destination")


def _finds_bad_records(asked: Asked) -> Answer:
    spec = _planned(asked).spec
    if spec.partial_batch_responses:
        return confirm(
            "`partial_batch_responses` is on",
            "does its code name what failed in `batchItemFailures`?",
            "partial_batch_responses",
        )
    if _planned(asked).kind == "sqs":
        return confirm(
            "a failed batch is handed out again as a whole",
            "write `partial_batch_responses: true`, and name what failed",
        )
    if spec.failure_policy.bisect:
        return passed("a failed batch is split, until the bad record is alone", "on_failure", "bisect")
    if _planned(asked).kind == "kafka":
        return confirm("a failed batch is tried as a whole", "let its code catch what a single record throws")
    return failed("a failed batch is tried as a whole", "write `on_failure: {bisect: true}`", "on_failure", "bisect")


def _concurrency(asked: Asked) -> Answer:
    consumer = _planned(asked)
    reserved = consumer.spec.reserved_concurrency
    if consumer.concurrency is None:
        return confirm("how many batches it has at once is not known", "leave the account enough concurrency for it")
    if reserved is None:
        return confirm(
            f"{counted(consumer.concurrency, 'execution')} at once, from the concurrency that the account shares",
            "write `reserved_concurrency`, or look at the account's quota",
            "reserved_concurrency",
        )
    told = f"{reserved:,} reserved, for {consumer.concurrency:,} at once"
    if reserved < consumer.concurrency:
        return failed(told, f"write `reserved_concurrency: {consumer.concurrency}`", "reserved_concurrency")
    return passed(told, "reserved_concurrency")


def _alarms(asked: Asked) -> Answer:
    if _planned(asked).kind == "sqs":
        return watched(asked, ("errors", "throttles"))
    lag = "iterator_age" if _planned(asked).kind == "kinesis" else "offset_lag"
    needed = [lag, "errors", "throttles"]
    if _planned(asked).gives_up:
        needed.append("destination_failures")
    return watched(asked, tuple(needed))


def _timeout(asked: Asked) -> Answer:
    spec, pace = _planned(asked).spec, _pace(_planned(asked))
    if spec.function_arn is not None:
        told = "; ".join(filter(None, ("the function exists already", pace)))
        return confirm(told, "look at its timeout, and measure how long its code takes for a full batch")
    size = batch_size_of_queue(spec) if _planned(asked).kind == "sqs" else spec.batch_size
    each = spec.timeout_seconds / size
    told = f"{duration(spec.timeout_seconds)} for {size:,} records: {each * 1000:,.0f} ms a record"
    return confirm(
        "; ".join(filter(None, (told, pace))), "measure how long its code takes for a full batch", "timeout_seconds"
    )


def _pace(consumer: ConsumerPlan) -> str:
    """How long a record may take where the function is to keep up at the peak: a timeout alone allows far more."""
    source, at_once = consumer.source, consumer.concurrency
    if source is None or source.workload is None or not at_once or consumer.kind == "sqs":
        return ""
    peak = peak_load(source.workload).records
    if not peak:
        return ""
    most = rounded(1000 * at_once / peak)
    return f"{number(peak)} records/s at the peak leave {number(most)} ms for each, {counted(at_once, 'batch')} at once"


def _logs(asked: Asked) -> Answer:
    spec = _planned(asked).spec
    if spec.function_arn is not None:
        return confirm("the function exists already", "give its log group a retention")
    return passed(f"its logs are kept for {counted(spec.log_retention_days, 'day')}", "log_retention_days")


def _network(asked: Asked) -> Answer:
    if _planned(asked).spec.vpc is None:
        return not_applicable("it runs outside of any VPC of yours")
    return confirm("it runs in a VPC", "what it calls has an endpoint there, or a NAT gateway: try it", "vpc")


CHECKLIST = (
    Item("LI1", "Infrastructure", "it has the concurrency that its source asks for", _concurrency, _CONCURRENCY),
    Item("LI2", "Infrastructure", "a full batch is done in time", _timeout, _MAPPING),
    Item("LI3", "Infrastructure", "what it calls is reached from its VPC", _network, _VPC),
    Item("LC1", "Code", "a failed batch is given up some day", _gives_up, _FAILURES),
    Item("LC2", "Code", "what is given up is kept", _kept, _FAILURES),
    Item("LC3", "Code", "a bad record is found", _finds_bad_records, _PARTIAL),
    Item(
        "LC4",
        "Code",
        "it may get a record twice",
        asks("no spec says so", "records come at least once: write what it does so that twice is as once"),
        _IDEMPOTENT,
    ),
    Item("LO1", "Operations", "lag, errors and throttles have alarms", _alarms, _METRICS),
    dashboard_item("LO2"),
    Item("LO3", "Operations", "its logs end some day", _logs, _METRICS),
    failure_test("LO4"),
    load_test("LO5"),
    told_item("LO6"),
    permissions_item("LS1"),
)
