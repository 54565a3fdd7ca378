"""Whether a rehearsal is green: what in its report says that the system does not work, apart from records that nobody could."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from streaming_constructs.local.application_report import ApplicationReport
from streaming_constructs.local.consumer_report import ConsumerReport
from streaming_constructs.local.delivery_report import DeliveryReport
from streaming_constructs.local.kafka.topic_keeper import NEEDS_BROKER
from streaming_constructs.local.lambda_function.function_failure import FunctionFailure
from streaming_constructs.local.managed_flink.flink_runner import OWN_CODE
from streaming_constructs.local.rehearsal_report import Report
from streaming_constructs.planning.numbers import counted, number

CONNECTOR = "AWS::KafkaConnect::Connector"
_Reader = ConsumerReport | DeliveryReport
_ALLOWANCE = re.compile(r"(\d+|\d*\.\d+(?=%)|\d+\.\d*(?=%))(%?)")


@dataclass(frozen=True, slots=True)
class MaxPoison:
    """How many poison records a rehearsal may have.

    Attributes:
        amount: Records; or percent of the records that came in.
        is_percent: Whether it is percent.
    """

    amount: float
    is_percent: bool

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `10`, a count of records, or `0.5%` of those that came in.

        Args:
            text: What is written.

        Raises:
            ValueError: If it is neither.
        """
        found = _ALLOWANCE.fullmatch(text.strip())
        if not found or (found[2] and float(found[1]) > 100):
            raise ValueError(f"`{text}` is neither a count of records, such as 10, nor a part of them, such as 1%")
        return cls(float(found[1]), bool(found[2]))

    def __str__(self) -> str:
        return f"{number(self.amount)}{'%' if self.is_percent else ''}"

    def allows(self, poison: int, records: int) -> bool:
        """Whether that many are allowed.

        Args:
            poison: Poison records.
            records: Records that came in.
        """
        return poison <= (self.amount * records / 100 if self.is_percent else self.amount)


def faults(report: Report, max_poison: MaxPoison | None = None) -> tuple[str, ...]:
    """Why a rehearsal is red, a sentence for each reason; none: it is green.

    It is when something stopped, records were lost or refused, when a function failed in a way that is not the records', when
    one was not run for want of a broker, and when a reader that got records handled none of them. Records that a handler
    itself refuses, by an exception of its own or by naming them in its response, are what a destination of failures is for:
    they are poison, and as many are allowed as `max_poison` says.

    Args:
        report: What came out where.
        max_poison: How many poison records are allowed. Left out: any number.
    """
    return tuple(_faults(report, max_poison))


def stops(report: Report) -> tuple[str, ...]:
    """What ran and does so no more, a sentence for each.

    Args:
        report: What came out where.
    """
    return tuple(f"{name} has stopped: {why}" for name, why in report.stopped.items())


def _faults(report: Report, max_poison: MaxPoison | None) -> Iterator[str]:
    yield from stops(report)
    yield from map(str, report.refusals)
    if report.lost:
        yield f"{counted(report.lost, 'record')} lost: given up, and known nowhere"
    readers: list[_Reader] = [*report.consumers, *report.deliveries]
    of_readers = [fault for reader in readers for fault in _of_reader(reader)]
    of_readers += [fault for application in report.applications for fault in _of_application(application)]
    yield from of_readers
    has_rows = any(application.rows for application in report.applications)
    is_nothing = report.records_in and not report.waiting and not has_rows and not any(map(_dealt_with, readers))
    if is_nothing and not of_readers and not _is_read_by_connectors_alone(report):
        yield "no record was handled, and none delivered"
    if max_poison is not None and not max_poison.allows(report.poison, report.records_in):
        yield f"{counted(report.poison, 'poison record')} of {report.records_in:,}, where {max_poison} may be"


def _is_read_by_connectors_alone(report: Report) -> bool:
    """Whether nobody reads but connectors, which run nowhere here: what they would have read is where they would read it."""
    has_readers = bool(report.consumers or report.deliveries)
    return not has_readers and any(resource.type == CONNECTOR for resource in report.record_only)


def _of_reader(reader: _Reader) -> Iterator[str]:
    if NEEDS_BROKER in (reader.not_run, getattr(reader, "function_not_run", "")):
        # Unlike another runtime, a broker is there for the asking: what it would have shown is not left out in silence.
        yield f"{reader.name} was not rehearsed: {NEEDS_BROKER}"
    never = reader.never_handled if isinstance(reader, ConsumerReport) else ""
    if never:
        yield f"{reader.name}: the handler {never}"
    elif _got(reader) and not reader.waiting and not _dealt_with(reader):
        did = "handled" if isinstance(reader, ConsumerReport) else "delivered"
        yield f"{reader.name} {did} none of {counted(_got(reader), 'record')}"
    if isinstance(reader, ConsumerReport) and reader.lost_windows:
        yield f"{reader.name}: {counted(reader.lost_windows, 'window')} without the last state"
    for failure in reader.failures:
        if failure.origin != "handler" and not never:
            yield f"{reader.name}: {_told(failure)}"


def _of_application(application: ApplicationReport) -> Iterator[str]:
    name = application.name
    if application.not_run and application.not_run != OWN_CODE:
        # Flink is there for the asking, as a broker is.
        yield f"{name} was not rehearsed: {application.not_run}"
    for failure in application.failures:
        often = "again and again" if application.is_stuck else f"{counted(application.restarts, 'time')}, and went on"
        yield f"{name}: Flink failed {often}: {failure.splitlines()[0]}{_hint(failure)}"
    is_level = not application.is_busy and not application.failures
    if application.sinks and application.records and not application.rows and is_level:
        yield f"{name} read {counted(application.records, 'record')}, and wrote nothing"


def _hint(failure: str) -> str:
    """What helps where Flink cannot read a record, which it says no more of."""
    if "cannot read " not in failure:
        return ""
    return (
        "; a time is a text such as 2026-01-15T08:30:00Z, with a `Z`, where the schema says no other form; "
        "`invalid_records: skip` drops what cannot be read"
    )


def _told(failure: FunctionFailure) -> str:
    if failure.origin == "response":
        return f"{failure.reason} ({counted(failure.count, 'time')})"
    return f"{counted(failure.count, 'invocation')} ended by {failure.type}: {failure.reason}"


def _got(reader: _Reader) -> int:
    """Records that it was to deal with."""
    if isinstance(reader, ConsumerReport):
        return 0 if reader.not_run else reader.records - reader.filtered
    return 0 if reader.function_not_run else reader.records


def _dealt_with(reader: _Reader) -> int:
    return reader.handled if isinstance(reader, ConsumerReport) else reader.delivered + reader.dropped
