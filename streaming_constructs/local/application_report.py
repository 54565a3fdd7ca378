"""What an application of Flink did with the records of its streams, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ApplicationSource:
    """What an application reads.

    Attributes:
        table: The table that it is in its statements.
        name: The stream or the topic.
        records: Records that were there to read; None: that cannot be told.
        read: Records that it read, without those that it skipped.
        skips_invalid: Whether records that are not what the table says are skipped.
    """

    table: str
    name: str
    records: int | None
    read: int
    skips_invalid: bool = False

    @property
    def unread(self) -> int:
        """Records that were there, and did not come out of it as rows."""
        return max((self.records or 0) - self.read, 0)


@dataclass(frozen=True, slots=True)
class ApplicationSink:
    """What an application writes to.

    Attributes:
        table: The table that it is in its statements.
        name: The stream, topic, delivery stream or table.
        rows: Rows that it wrote.
        at_end: How many of them came when the rehearsal closed the windows that were still open; on AWS those wait for events
            of a later time.
        sample: A few of them, the latest.
    """

    table: str
    name: str
    rows: int
    at_end: int = 0
    sample: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApplicationReport:
    """What an application did.

    Attributes:
        name: What people call it.
        status: How it is, in AWS's words.
        flink: What ran it, such as `Flink 2.3.0`.
        parallelism: How many subtasks each operator has.
        sources: What it reads.
        sinks: What it writes to.
        late_dropped: Records that came after their windows were closed, by the operator that dropped them.
        watermark: The time that windows are closed up to, in milliseconds since 1970; None: there is none yet.
        subtasks_without_watermark: Subtasks that hold it back, because they have had no record.
        restarts: How often Flink started its job anew after a failure.
        checkpoints: Checkpoints that were completed.
        failures: Why it failed, in Flink's words, each once.
        is_stuck: Whether it fails again and again.
        is_busy: Whether it has something left to do.
        windows_closed: Whether windows that were open at the end were closed by the rehearsal.
        not_run: Why it does not run here; empty: it does.
        log: What it wrote to CloudWatch Logs.
    """

    name: str
    status: str
    flink: str = ""
    parallelism: int = 1
    sources: tuple[ApplicationSource, ...] = ()
    sinks: tuple[ApplicationSink, ...] = ()
    late_dropped: dict[str, int] = field(default_factory=dict)
    watermark: int | None = None
    subtasks_without_watermark: int = 0
    restarts: int = 0
    checkpoints: int = 0
    failures: tuple[str, ...] = ()
    is_stuck: bool = False
    is_busy: bool = False
    windows_closed: bool = False
    not_run: str = ""
    log: str = ""

    @property
    def records(self) -> int:
        """Records that it read."""
        return sum(source.read for source in self.sources)

    @property
    def rows(self) -> int:
        """Rows that it wrote."""
        return sum(sink.rows for sink in self.sinks)

    @property
    def late(self) -> int:
        """Records that windows dropped: of several windows over the same stream the one that dropped most tells how many.

        Flink adds records up before a window sees them, so that one may stand for several.
        """
        return max(self.late_dropped.values(), default=0)

    @property
    def waiting(self) -> int:
        """Records that are there, and were not read yet."""
        return sum(source.unread for source in self.sources if not source.skips_invalid) if self.is_busy else 0
