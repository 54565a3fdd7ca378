"""Amazon Managed Service for Apache Flink: runtimes, capacity, and what code may set."""

from __future__ import annotations

from dataclasses import dataclass

from streaming_constructs.facts.fact import Fact, Range

_READ = "2026-11-28"
_GUIDE = "https://docs.aws.amazon.com/managed-flink/latest/java"


@dataclass(frozen=True, slots=True)
class Runtime:
    """A runtime of Managed Flink that is supported.

    Attributes:
        name: Its name in AWS, such as `FLINK-2_3`.
        flink: The version of Apache Flink that it is.
        java: The version of Java that it runs on.
        python: The version of Python that it runs applications of Python on.
        connectors: How versions of connectors for it end, such as `2.0`.
        source: The page that states it.
        checked: The day the page was read (ISO 8601).
    """

    name: str
    flink: str
    java: int
    python: str
    connectors: str
    source: str
    checked: str = _READ

    @property
    def is_2(self) -> bool:
        """Whether it is a Flink of version 2, with its own metrics, and a list of what code may set."""
        return self.flink.startswith("2.")


RUNTIMES = {
    runtime.name: runtime
    for runtime in (
        Runtime("FLINK-2_3", "2.3.0", 17, "3.12", "2.0", f"{_GUIDE}/flink-2-3.html"),
        Runtime("FLINK-2_2", "2.2.1", 17, "3.12", "2.0", f"{_GUIDE}/flink-2-2.html"),
        Runtime("FLINK-1_20", "1.20.5", 11, "3.11", "1.20", f"{_GUIDE}/release-version-list.html"),
    )
}
"""The runtimes that applications can be written for, the newest first; others are older, or end soon."""

OLDEST_SUPPORTED = (1, 15)
"""The oldest Flink that applications still run on; 1.6 to 1.13, and applications of SQL alone, have ended.

Source: https://docs.aws.amazon.com/managed-flink/latest/java/release-version-list.html, read 2026-11-29
"""

PARALLELISM_PER_KPU = Range(1, 8, "Count", f"{_GUIDE}/how-scaling.html", _READ)
KPUS_OF_AN_APPLICATION = Fact(64, "Count", f"{_GUIDE}/limits.html", _READ)
"""Soft: more are had by asking."""
PARALLELISM = Range(1, 512, "Count", f"{_GUIDE}/how-scaling.html", _READ)
"""Of an application: as many as its KPUs have room for, 64 KPUs with 8 each."""
ORCHESTRATION_KPUS = Fact(1, "Count", f"{_GUIDE}/how-scaling.html", _READ)
"""Charged beside those that the job runs on."""
MAX_PARALLELISM = Fact(128, "Count", f"{_GUIDE}/how-scaling.html", _READ)
"""Of Flink, where the job sets no other: no operator has more subtasks than it, and changing it drops the state."""
CODE_MB = Fact(512, "Megabytes", f"{_GUIDE}/best-practices.html", "2026-11-28")
"""Of a jar or a zip; taken as MiB here, as AWS does not say which it counts."""
CHECKPOINT_INTERVAL = Fact(60_000, "Milliseconds", f"{_GUIDE}/how-fault.html", _READ)
MIN_PAUSE_BETWEEN_CHECKPOINTS = Fact(5_000, "Milliseconds", f"{_GUIDE}/how-fault.html", _READ)
PROPERTY_GROUPS = Range(0, 50, "Count", f"{_GUIDE}/limits.html", _READ)
PROPERTY_CHARACTERS = Range(
    1, 2048, "Count", "https://docs.aws.amazon.com/managed-flink/latest/apiv2/API_PropertyGroup.html", _READ
)
"""Of a key, and of a value: an empty value is refused."""
PROPERTY_GROUP_NAME_CHARACTERS = Range(
    1, 50, "Count", "https://docs.aws.amazon.com/managed-flink/latest/apiv2/API_PropertyGroup.html", _READ
)
"""Letters, digits, `_`, `.` and `-`."""
PROPERTIES_OF_A_GROUP = Range(
    0, 50, "Count", "https://docs.aws.amazon.com/managed-flink/latest/apiv2/API_PropertyGroup.html", _READ
)
SQL_VARIABLES = "sql.variables"
"""The property group that has the values of `${variables}` of SQL."""
APPLICATION_NAME_CHARACTERS = Range(
    1,
    128,
    "Count",
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesisanalyticsv2-application.html",
    _READ,
)
RUNNING_STORAGE_GB_OF_A_KPU = Fact(50, "GB", f"{_GUIDE}/how-resources.html", _READ)
READS_PER_SECOND_OF_A_SHARD = Fact(
    4,
    "Count",
    "https://github.com/apache/flink-connector-aws/blob/main/docs/content/docs/connectors/table/kinesis.md",
    _READ,
)
"""How often the source of Kinesis asks a shard that has nothing new: each 250 ms,
`source.reader.empty-records-fetch-interval`."""
MAINTENANCE_RESTARTS = Fact(1, "Count", f"{_GUIDE}/maintenance.html", _READ)
"""How often the service restarts an application in a maintenance window, for 10 to 30 seconds."""
FAN_OUT_ISSUES = ("FLINK-37648", "FLINK-34071", "FLINK-39540", "FLINK-39660")
"""Known faults of reading with enhanced fan-out: it stands still after a resharding, or deadlocks.

Source: https://docs.aws.amazon.com/managed-flink/latest/java/how-flink-connectors.html
"""
