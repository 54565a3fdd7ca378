"""A Flink of one runtime of Managed Service for Apache Flink, on this machine."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from streaming_constructs.local.class_data import archive_flags
from streaming_constructs.local.flink.flink_error import FlinkError
from streaming_constructs.local.flink.flink_jars import FLINK_OF_RUNTIME, found_flink
from streaming_constructs.local.flink.flink_job import FlinkJob
from streaming_constructs.local.flink.flink_process import END_SECONDS, FlinkProcess
from streaming_constructs.local.flink.patience import ANSWER_SECONDS
from streaming_constructs.local.flink.sql_document import SqlDocument
from streaming_constructs.local.flink.stand_ins import beside_real_connectors
from streaming_constructs.local.java import find_java

_HERE = Path(__file__).parent
RUNNER_JAR = _HERE.parents[1] / "runtime" / "flink_sql_runner" / "flink-sql-runner.jar"
"""What runs the statements in the cloud; the same classes render them here."""
DEFAULT_RUNTIME = "FLINK-2_3"
HEAP_MEGABYTES = 768
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "access-key", "AWS_SESSION_TOKEN": "token"}
_PROPERTY = "streamingconstructs.aws."

Given = SqlDocument | Path | Sequence[str]


@dataclass(frozen=True, slots=True)
class FlinkRun:
    """What a run gave.

    Attributes:
        rows: The rows of each sink table. Those of a sink that takes changes (`upsert-kafka`, `dynamodb`) are pairs of `+` or
            `-` and the row, in their order; all others are sorted, as parallel queries give them in no order.
        records_in: How many events each source gave.
        late_records_dropped: How many records each operator dropped as they came after its watermark; those of more than none.
    """

    rows: Mapping[str, list[Any]]
    records_in: Mapping[str, int]
    late_records_dropped: Mapping[str, int]


class LocalFlink:
    """A Flink: a process of Java that plans statements, runs them on given events, and runs jobs until they are stopped.

    It is a context manager; the process ends with it, and with this process, however that ends. Sources and sinks of the kinds
    `kinesis`, `firehose` and `dynamodb` are stand-ins that talk to `endpoint`, with the options of the real ones; other
    connectors are the real ones, from `connectors`.

    Attributes:
        runtime: The runtime, as AWS names it.
        folder: A folder of its own, which is gone when it ends; checkpoints go there where nothing else is said.
    """

    def __init__(
        self,
        runtime: str = DEFAULT_RUNTIME,
        *,
        connectors: Sequence[Path] = (),
        endpoint: str = "",
        credentials: Mapping[str, str] | None = None,
        heap_megabytes: int = HEAP_MEGABYTES,
        jvm_flags: Sequence[str] | None = None,
    ) -> None:
        """Starts nothing yet.

        Args:
            runtime: The runtime, as AWS names it: `FLINK-2_3`, `FLINK-2_2` or `FLINK-1_20`.
            connectors: Jars of real connectors, such as Kafka's; those of AWS take the place of our stand-ins.
            endpoint: Where AWS is, such as `EmbeddedAws.aws.endpoint_url`; on loopback. Empty: jobs that read or write streams,
                tables and delivery streams cannot be started, but planned.
            credentials: What that AWS asks of its callers, such as `EmbeddedAws.environment`: `AWS_ACCESS_KEY_ID` and
                `AWS_SESSION_TOKEN` of it are used.
            heap_megabytes: The most that the heap of Java takes.
            jvm_flags: More flags of its virtual machine. Left out: those that make it start faster, if `streaming-constructs
                jars` has prepared that.

        Raises:
            ValueError: If there is no such runtime.
        """
        if runtime not in FLINK_OF_RUNTIME:
            message = f"there is no runtime {runtime}; there are {', '.join(FLINK_OF_RUNTIME)}"
            raise ValueError(message)
        self.runtime = runtime
        self.folder = Path()
        self._connectors = tuple(connectors)
        self._properties = {f"{_PROPERTY}endpoint": endpoint} if endpoint else {}
        for name, value in (credentials or {}).items():
            if name in _CREDENTIALS:
                self._properties[_PROPERTY + _CREDENTIALS[name]] = value
        self._heap_megabytes, self._jvm_flags = heap_megabytes, jvm_flags
        self._process: FlinkProcess | None = None

    def __enter__(self) -> Self:
        """Starts the process of Java.

        Raises:
            SpecError: If there is no Java, or the jars of Flink are not there.
        """
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends it and all jobs."""
        self.stop()

    def start(self) -> None:
        """Starts the process of Java.

        Raises:
            SpecError: If there is no Java, or the jars of Flink are not there.
            FlinkGoneError: If the process ends at once.
        """
        java, jars, own = find_java(), found_flink(self.runtime), own_jars(self.runtime)
        flags = archive_flags(java, jars, own) if self._jvm_flags is None else self._jvm_flags
        self.folder = Path(tempfile.mkdtemp(prefix="flink-"))
        try:
            ours = (beside_real_connectors(jar, self._connectors, self.folder) for jar in own)
            # Connectors come last: an archive of class data fits what begins with what it was made of.
            class_path = (*ours, *jars.files, *self._connectors)
            self._process = FlinkProcess(java, class_path, self.folder, self._heap_megabytes, flags)
            # Not by the command line, which other users of the machine can read.
            self._ask("hello", properties=self._properties)
        except BaseException:
            self.stop()
            shutil.rmtree(self.folder, ignore_errors=True)  # also where the process did not come to be
            raise

    def stop(self, seconds: float = END_SECONDS) -> None:
        """Ends the process of Java and all jobs; may be called again.

        Args:
            seconds: How long it has to end by itself.
        """
        if self._process is not None:
            self._process.end(seconds)
            shutil.rmtree(self.folder, ignore_errors=True)

    def kill(self) -> None:
        """Ends the process of Java at once, as a machine that fails does; checkpoints are left until `stop`."""
        if self._process is not None:
            self._process.kill()

    @property
    def pid(self) -> int:
        """The id of its process; 0 before it was started."""
        return 0 if self._process is None else self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether its process runs."""
        return self._process is not None and self._process.is_alive

    def start_job(
        self,
        jar: Given,
        variables: Mapping[str, str],
        *,
        parallelism: int = 1,
        checkpoint_seconds: float = 60.0,
        restore: Path | None = None,
        checkpoints: Path | None = None,
    ) -> FlinkJob:
        """Starts a job that runs until it is stopped: the statements of a jar as they are, no connector swapped.

        A job that fails is started anew after a second, from its last checkpoint, as often as it takes.

        Args:
            jar: The deployed jar, which has `statements.json`; or its statements.
            variables: The property group `sql.variables`.
            parallelism: How many subtasks each operator has.
            checkpoint_seconds: The time between two checkpoints.
            restore: A savepoint, or a folder that the checkpoints of another job went to. Left out: it starts without state.
            checkpoints: The folder that checkpoints go to. Left out: one in `folder`.

        Raises:
            FlinkError: If Flink refuses a statement or the job.
            FileNotFoundError: If there is nothing to restore from.
        """
        given: dict[str, Any] = {"restore": str(restorable(restore))} if restore else {}
        said = self._ask(
            "start",
            document=SqlDocument.of(jar).as_json(),
            variables=dict(variables),
            parallelism=parallelism,
            checkpoint_milliseconds=round(checkpoint_seconds * 1000),
            checkpoints=(checkpoints or self.folder / "checkpoints").absolute().as_uri(),
            **given,
        )
        return FlinkJob(said["job"], self._ask)

    def parse(self, given: Given, variables: Mapping[str, str] | None = None) -> list[FlinkError]:
        """What is wrong with the syntax of each statement, by Flink's own parser; it knows no tables.

        Args:
            given: A deployed jar, or its statements.
            variables: What `${name}` stands for in them.

        Raises:
            FlinkError: If a variable has no value.
        """
        document = SqlDocument.of(given).as_json()
        return [
            FlinkError(each)
            for each in self._ask("parse", document=document, variables=dict(variables or {}))["errors"]
        ]

    def validate(self, given: Given, variables: Mapping[str, str] | None = None) -> tuple[str, ...]:
        """Plans all statements, as the start of the application would, and asks connectors that are there for their judgement.

        Args:
            given: A deployed jar, or its statements.
            variables: What `${name}` stands for in them.

        Returns:
            The tables whose connector is not there, so that their options were not judged.

        Raises:
            FlinkError: What Flink says of the first that it refuses.
        """
        document = SqlDocument.of(given).as_json()
        return tuple(self._ask("validate", document=document, variables=dict(variables or {}))["without_connector"])

    def run(
        self, given: Given, variables: Mapping[str, str], events: Mapping[str, Iterable[Mapping[str, Any] | str]]
    ) -> FlinkRun:
        """Runs all statements on given events, to their end, in one subtask.

        Every source has the events that it is given, in that order, and every sink keeps its rows; their columns, watermarks,
        keys and formats are those of the statements. Columns of metadata are given as fields of an event. At the end of the
        events all windows close.

        Args:
            given: A deployed jar, or its statements.
            variables: What `${name}` stands for in them.
            events: The events of each source table; a text is what comes as it is.

        Raises:
            FlinkError: If Flink refuses a statement, the job fails, or a window goes by the time of processing, which events
                that end never close.
        """
        said = self._ask(
            "run",
            seconds=threading.TIMEOUT_MAX,  # as long as the job takes
            document=SqlDocument.of(given).as_json(),
            variables=dict(variables),
            events={table: [_text(event) for event in each] for table, each in events.items()},
        )
        metrics = said["metrics"]
        rows = {name: _rows(table) for name, table in said["tables"].items()}
        return FlinkRun(rows, metrics["records_in"], metrics["late_records_dropped"])

    def _ask(self, verb: str, seconds: float = ANSWER_SECONDS, **given: Any) -> Mapping[str, Any]:
        if self._process is None:
            raise FlinkError({"causes": ["Flink is not started: use it as a context manager"]})
        return self._process.ask(verb, seconds, **given)


def own_jars(runtime: str) -> tuple[Path, ...]:
    """What of this package is on the class path, before the jars of Flink.

    Args:
        runtime: The runtime, as AWS names it.
    """
    major = FLINK_OF_RUNTIME[runtime].partition(".")[0]
    return RUNNER_JAR, _HERE / f"flink-{major}-local.jar"


def restorable(path: Path) -> Path:
    """What a job can be restored from: a savepoint or checkpoint, or the newest in a folder of them.

    Args:
        path: It, or the folder.

    Raises:
        FileNotFoundError: If there is none.
    """
    found = [each.parent for each in path.rglob("_metadata")]
    if not found:
        message = f"there is no savepoint and no complete checkpoint in `{path}`"
        raise FileNotFoundError(message)
    return max(found, key=lambda each: (each / "_metadata").stat().st_mtime_ns)


def _text(event: Mapping[str, Any] | str) -> str:
    return event if isinstance(event, str) else json.dumps(event)


def _rows(table: Mapping[str, Any]) -> list[Any]:
    rows = [(sign, json.loads(row)) for sign, row in table["rows"]]
    return (
        rows if table["changes"] else sorted((row for _, row in rows), key=lambda row: json.dumps(row, sort_keys=True))
    )
