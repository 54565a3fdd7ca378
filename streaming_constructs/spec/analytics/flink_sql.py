"""Applications of Flink that are SQL: queries over streams, without code of one's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, PrivateAttr, Tag

from streaming_constructs.spec.analytics.flink_application import WRITTEN_TO, FlinkApplicationSpec
from streaming_constructs.spec.analytics.sql_tokens import VARIABLE_NAME
from streaming_constructs.spec.model import Bool, Int, PassedToCdk, Short, form
from streaming_constructs.spec.node import Edge, Reader, RecordForm
from streaming_constructs.spec.starting_position import AtTimestamp, position_kind
from streaming_constructs.spec.watermark import Watermark

if TYPE_CHECKING:
    from streaming_constructs.spec.finding import Finding
    from streaming_constructs.spec.pipeline import PipelineSpec

_WRITTEN_AROUND = ("opensearch",)
"""The kinds of store that no connector of Flink SQL writes to."""
SqlText = Annotated[
    str, form(r"^[^\x00]+$", "SQL, or the path of a file with it that ends in .sql", max_length=500_000)
]
VariableName = Annotated[str, form(f"^{VARIABLE_NAME}$", "a name such as gap_minutes")]
VariableValue = Annotated[str, form(r"^[^\x00][^\x00]*$", "a text of 1 to 2048 characters", max_length=2048)]
ConfigKey = Annotated[
    str, form("^[a-z][a-zA-Z0-9.-]{0,254}$", "a key of Flink's configuration such as table.exec.state.ttl")
]
ConnectorPath = Annotated[str, form(r"^[^\x00-\x1f]+$", "a text on one line", max_length=1000)]


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _oldest(value: Any) -> Any:
    return "trim_horizon" if value == "earliest" else value


def _as_text(value: Any) -> Any:
    """A value as Flink writes it, of one that YAML takes for a number or for yes and no."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


ConfigValue = Annotated[str, Short(_as_text, bool, int, float)]
StartingPosition = Annotated[
    Annotated[
        Annotated[Literal["trim_horizon", "latest"], Tag("position")] | Annotated[AtTimestamp, Tag("timestamp")],
        Discriminator(position_kind),
    ],
    Short(_oldest, Literal["earliest"]),
]


class FlinkSqlSpec(FlinkApplicationSpec):
    """Queries of Flink SQL over streams; tables of what it reads and writes are written by the library."""

    references: ClassVar = tuple(
        # What no connector writes to is written to by a delivery, which a system is assembled with.
        replace(reference, kinds=(*WRITTEN_TO, *_WRITTEN_AROUND)) if reference.role == "to" else reference
        for reference in FlinkApplicationSpec.references
    )
    example: ClassVar = {
        "kind": "flink_sql",
        "from": "clicks",
        "to": "per_page",
        "watermark": Watermark.example,
        "sql": "SELECT page, window_start, COUNT(*) AS clicks FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(event_time), "
        "INTERVAL '1' MINUTE)) GROUP BY page, window_start, window_end",
    }

    kind: Literal["flink_sql"] = Field(default="flink_sql", description="Queries of Flink SQL.")
    sql: Annotated[tuple[SqlText, ...], Field(min_length=1), Short(_listed, SqlText)] = Field(
        description="Statements, or the path of a file with them that ends in .sql, or a list of both: INSERT INTO of what "
        "`to` names, views, or one SELECT where `to` is one. Tables of `from` and `to` are there."
    )
    variables: Mapping[Annotated[VariableName, PassedToCdk], VariableValue] = Field(
        default_factory=dict,
        description="What `${name}` stands for in the statements; a change needs no other code. Left out: nothing.",
    )
    watermark: Watermark | None = Field(
        default=None,
        description="The time of the records that it reads, as {field: event_time, delay_seconds: 5}. Left out: as its streams "
        "say; without one there are no windows over the time of records.",
    )
    idle_timeout_seconds: Annotated[Int, Field(ge=0, le=86_400)] = Field(
        default=30,
        description="How long a subtask may have no records until windows no longer wait for it, in seconds; 0: they wait for "
        "ever. Left out: 30.",
    )
    starting_position: StartingPosition = Field(
        default="trim_horizon",
        description="Where reading begins when there is no snapshot: trim_horizon or earliest (the oldest record), latest, or "
        "{at_timestamp: …}. Left out: trim_horizon, nothing is skipped.",
    )
    enhanced_fan_out: Bool = Field(
        default=False,
        description="Whether it reads Kinesis with enhanced fan-out: 2 MB/s of each shard for itself, paid for. Left out: "
        "false.",
    )
    invalid_records: Literal["fail", "skip"] = Field(
        default="fail",
        description="What becomes of records that are not what the schema says: fail (it restarts until they are dealt with, "
        "and loses nothing) or skip (they are lost, and nothing tells). Left out: fail.",
    )
    connectors: tuple[ConnectorPath, ...] = Field(
        default=(),
        description="Paths of jars beside the spec that have the connectors. Left out: those that `streaming-constructs jars` "
        "brought.",
    )
    config: Mapping[ConfigKey, ConfigValue] = Field(
        default_factory=dict,
        description="Further configuration of Flink that SQL may set, such as {table.exec.state.ttl: 1 h}. Left out: none.",
    )

    def readers(self, name: str) -> tuple[Reader, ...]:
        return (Reader(name, "enhanced_fan_out" if self.enhanced_fan_out else "shared", is_flink=True),)

    def record_form(self) -> RecordForm:
        return "json"

    _deliveries: Mapping[str, str] = PrivateAttr(default_factory=dict)

    def edges(self) -> Iterator[Edge]:
        for edge in super().edges():
            yield edge._replace(target=self.sink_of(edge.target)) if edge.role == "to" else edge

    def sink_of(self, target: str) -> str:
        """The node that a table is written to: what `to` names, or the delivery that stands before it.

        Args:
            target: A name in `to`.
        """
        return self._deliveries.get(target, target)

    def written_by(self, deliveries: Mapping[str, str]) -> FlinkSqlSpec:
        """The same application, which writes to stores by way of deliveries; its SQL still names the stores.

        Args:
            deliveries: The names of the deliveries, by those of the stores.
        """
        changed = self.model_copy()
        changed._deliveries = dict(deliveries)  # noqa: SLF001 - its own class
        return changed

    def needs_way_round(self, spec: PipelineSpec) -> bool:
        return any(True for _ in self.stores_without_connector(spec))

    def stores_without_connector(self, spec: PipelineSpec) -> Iterator[tuple[int, str]]:
        """The stores in `to` that no connector of Flink SQL writes to, each with its place there.

        Args:
            spec: The system.
        """
        for place, target in enumerate(self.to):
            if getattr(spec.stores.get(target), "kind", "") in _WRITTEN_AROUND:
                yield place, target

    def graph_findings(self, name: str, spec: PipelineSpec) -> Iterator[Finding]:
        if self.needs_way_round(spec):
            from streaming_constructs.spec.analytics.way_round import name_findings

            yield from name_findings(name, self, spec)
