"""What a consumer did so far: its counts, as the report of a rehearsal tells them."""

from __future__ import annotations

from dataclasses import dataclass, field

from streaming_constructs.local.consumer_report import ConsumerReport, PoisonRecord
from streaming_constructs.local.event_source.batch_processor import BatchOutcome
from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.invocation_record import DiscardedRecords
from streaming_constructs.local.event_source.response_fault import response_fault
from streaming_constructs.local.lambda_function.function_journal import FunctionJournal
from streaming_constructs.local.shown_records import ShownRecords, shown_data


@dataclass(slots=True)
class ConsumerCounts:
    """What happened so far, under the names of the report.

    Attributes:
        records: Records that were read.
        handled: Records that the function took.
        filtered: Records that the filters let pass.
        batches: Batches that were read.
        invocations: Invocations of the function.
        failed: Those that failed, or returned failures.
        retries: Those that tried a batch, or a part of it, again.
        bisections: Times that a batch was divided.
        isolated: Records that were given up and are known at the destination.
        expired: Records that were given up without a destination.
        undelivered: Records that were given up, and that the destination did not take.
        lost_windows: Tumbling windows whose last state the function did not take.
        destination_error: Why the destination did not take what was given up.
        poison: The first of the isolated records.
        journal: What the function wrote, and how it failed.
    """

    records: int = 0
    handled: int = 0
    filtered: int = 0
    batches: int = 0
    invocations: int = 0
    failed: int = 0
    retries: int = 0
    bisections: int = 0
    isolated: int = 0
    expired: int = 0
    undelivered: int = 0
    lost_windows: int = 0
    destination_error: str = ""
    poison: ShownRecords[PoisonRecord] = field(default_factory=ShownRecords)
    journal: FunctionJournal = field(default_factory=FunctionJournal)

    def add_outcome(self, outcome: BatchOutcome, mapping: EventSourceMapping) -> None:
        """Counts a batch that is done with, but for what was given up of it.

        Args:
            outcome: What became of it.
            mapping: The settings.
        """
        self.handled += len(outcome.handled)
        self.invocations += len(outcome.invocations)
        self.lost_windows += outcome.lost_window is not None
        for invocation in outcome.invocations:
            self.failed += invocation.result != "success"
            self.retries += invocation.attempt > 1
            self.bisections += invocation.is_bisected
            fault = response_fault(invocation, mapping)
            if fault:
                self.journal.record_response(fault, invocation.response.payload)

    def add_isolated(self, discarded: DiscardedRecords, destination: str) -> None:
        """Counts records that were given up, and are known at their destination.

        Args:
            discarded: The records.
            destination: The ARN of the destination.
        """
        self.isolated += len(discarded.records)
        for record in discarded.records:
            said = PoisonRecord(
                shard_id=record.shard_id,
                sequence_number=str(record.sequence_number),
                partition_key=record.partition_key,
                data=shown_data(record.data),
                condition=discarded.condition,
                destination=destination,
            )
            self.poison.add(record, said)

    def report(self, name: str, source: str, destination: str, not_run: str) -> ConsumerReport:
        """What happened so far, for the report.

        Args:
            name: What people call the consumer.
            source: What people call its stream.
            destination: The ARN of where given-up records go.
            not_run: Why the function cannot be run, if it cannot.
        """
        discarded = self.isolated + self.expired + self.undelivered
        return ConsumerReport(
            name=name,
            source=source,
            records=self.records,
            handled=self.handled,
            filtered=self.filtered,
            batches=self.batches,
            invocations=self.invocations,
            failed_invocations=self.failed,
            retries=self.retries,
            bisections=self.bisections,
            isolated=self.isolated,
            expired=self.expired,
            undelivered=self.undelivered,
            waiting=self.records - self.handled - self.filtered - discarded,
            failures=self.journal.failures,
            lost_windows=self.lost_windows,
            destination=destination,
            destination_error=self.destination_error,
            poison=self.poison.said,
            not_run=not_run,
            log=self.journal.log,
        )
