"""A REST API of API Gateway in front of a stream or a delivery: how many requests it lets through, and what they look like."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from streaming_constructs.facts import api_gateway, firehose, kinesis
from streaming_constructs.planning.node import Neighbours, Summary
from streaming_constructs.planning.numbers import counted, number
from streaming_constructs.planning.producers.api_gateway_model import KeyField, batch_model, key_field, record_model
from streaming_constructs.planning.streams.kinesis import StreamPlan, plan_stream
from streaming_constructs.spec import graph
from streaming_constructs.spec.producers.api_gateway import BATCH, ApiGatewayProducerSpec

if TYPE_CHECKING:
    from streaming_constructs.planning.alarm import AlarmPlan
    from streaming_constructs.planning.costs.charge import Charge
    from streaming_constructs.planning.dashboard import Graph
    from streaming_constructs.planning.producers.kinesis_agent import Kind
    from streaming_constructs.spec.finding import Finding
    from streaming_constructs.spec.kept import State
    from streaming_constructs.spec.pipeline import PipelineSpec
    from streaming_constructs.spec.schemas import RecordField
    from streaming_constructs.spec.streams.kinesis import KinesisStreamSpec

STAGE = "v1"
"""The one stage: the first part of the path of every request."""


@dataclass(frozen=True, slots=True)
class ApiGatewayProducerPlan:
    """An API with its numbers.

    Attributes:
        name: The producer's name.
        spec: What was asked for.
        stream: The stream that it writes to; None where that is a delivery, or a live stream of which nothing is known.
        schema: The fields of its records, if they are known.
        is_to_delivery: Whether it writes to a delivery.
        rate: Requests per second that it lets through; None: as many as the account has.
        burst: Requests that it lets through at once; None as well.
        working: How these came about.
        system: The system; None where it stands alone.
    """

    name: str
    spec: ApiGatewayProducerSpec
    stream: StreamPlan | None
    schema: Mapping[str, RecordField] | None
    is_to_delivery: bool
    rate: float | None
    burst: int | None
    working: tuple[str, ...]
    system: PipelineSpec | None = None

    @property
    def kind(self) -> Kind:
        """What it writes to."""
        return "delivery" if self.is_to_delivery else "stream"

    @property
    def key_name(self) -> str | None:
        """The field that is the partition key, as the schema calls it; None: each record has a key of its own."""
        if self.is_to_delivery:
            return None
        return self.spec.partition_key or (self.stream.spec.partition_key if self.stream else None)

    @property
    def key(self) -> KeyField | None:
        """The same, as it is in the JSON of a record."""
        name = self.key_name
        known = name is not None and (self.schema is None or name in self.schema)
        return key_field(self.schema, name) if name is not None and known else None

    @property
    def most_records(self) -> int:
        """How many records a batch may have."""
        most = firehose.PUT_RECORD_BATCH_RECORDS.value if self.is_to_delivery else kinesis.PUT_RECORDS_RECORDS.maximum
        return int(most)

    @property
    def record_model(self) -> dict[str, Any]:
        """What the body of a request with one record has to be, in JSON Schema."""
        return record_model(self.schema, self.key)

    @property
    def batch_model(self) -> dict[str, Any]:
        """The same of a request with several."""
        return batch_model(self.schema, self.key, self.most_records)

    @property
    def batch_path(self) -> str:
        """The path of several records."""
        return f"{self.spec.path}/{BATCH}"

    @property
    def limit(self) -> float:
        """How many requests per second get through at most: by its throttle, and by the quota of a new account."""
        quota = self.account_rate
        return quota if self.rate is None else min(self.rate, quota)

    @property
    def account_rate(self) -> float:
        """Requests per second of all APIs of a new account."""
        return api_gateway.account_limits(self.system.region if self.system is not None else None)[0]

    @property
    def account_burst(self) -> int:
        """Requests at once of all APIs of a new account."""
        return api_gateway.account_limits(self.system.region if self.system is not None else None)[1]

    def alarms(self) -> Iterator[AlarmPlan]:
        from streaming_constructs.planning.producers.api_gateway_alarms import api_alarms

        yield from api_alarms(self.name)

    def findings(self) -> Iterator[Finding]:
        from streaming_constructs.planning.producers.api_gateway_findings import api_findings

        yield from (finding.below("producers", self.name) for finding in api_findings(self))

    def state(self) -> State | None:
        from streaming_constructs.planning.producers.api_gateway_kept import api_state

        return api_state(self)

    def costs(self) -> Iterator[Charge]:
        from streaming_constructs.planning.producers.api_gateway_costs import api_costs

        yield from api_costs(self)

    def graphs(self) -> tuple[Graph, ...]:
        from streaming_constructs.planning.producers.api_gateway_alarms import api_graphs

        return api_graphs()

    def heading(self) -> str:
        return f"{self.spec.method} {self.spec.path}, {self._throttle()}"

    def summary(self) -> Summary:
        called = {"iam": "signed requests", "api_key": "requests with the API key", "none": "requests of everybody"}
        return Summary(
            noun="producer",
            title=f"API Gateway, {self.spec.method} {self.spec.path}, writes to {self.spec.to}",
            lines=(
                f"takes {called[self.spec.auth]}, {self._throttle()}",
                f"a record in a request to {self.spec.path}, up to {self.most_records:,} in one to {self.batch_path}",
                *((f"keyed by {self.key_name}",) if self.key_name else ()),
            ),
            why=self.working,
            values={
                "kind": self.spec.kind,
                "to": self.spec.to,
                "path": self.spec.path,
                "batch_path": self.batch_path,
                "method": self.spec.method,
                "auth": self.spec.auth,
                "partition_key": self.key_name,
                "rate": self.rate,
                "burst": self.burst,
                "working": list(self.working),
            },
        )

    def _throttle(self) -> str:
        if self.rate is None:
            return "as many as the account lets through"
        return f"{number(self.rate)} requests/s"


def plan_node(name: str, spec: ApiGatewayProducerSpec, neighbours: Neighbours) -> ApiGatewayProducerPlan:
    """Gives an API of a system its numbers.

    Args:
        name: The producer's name.
        spec: What was asked for.
        neighbours: The system around it.
    """
    system = neighbours.system
    if system is None or spec.to in system.deliveries:
        delivery = system.deliveries[spec.to] if system is not None else None
        named = delivery.record_schema if delivery is not None else None
        schema = system.schemas[named] if system is not None and named else None
        return plan_api(name, spec, None, schema, is_to_delivery=delivery is not None, system=system)
    stream = cast("KinesisStreamSpec", system.streams[spec.to])  # its reference takes no other kind
    readers = [
        reader
        for _, other, node in graph.neighbours(system, spec.to)
        if spec.to in node.sources()
        for reader in node.readers(other)
    ]
    schema = system.schemas[stream.record_schema] if stream.record_schema else None
    return plan_api(name, spec, plan_stream(spec.to, stream, readers), schema, system=system)


def plan_api(
    name: str,
    spec: ApiGatewayProducerSpec,
    stream: StreamPlan | None,
    schema: Mapping[str, RecordField] | None = None,
    *,
    is_to_delivery: bool = False,
    system: PipelineSpec | None = None,
) -> ApiGatewayProducerPlan:
    """Gives an API its numbers.

    Args:
        name: The producer's name.
        spec: What was asked for.
        stream: The stream that it writes to. None: a delivery, or a live stream of which nothing is known.
        schema: The fields of its records. Left out: nothing is known of them.
        is_to_delivery: Whether it writes to a delivery.
        system: The system. Left out: it stands alone.
    """
    rate, burst, working = _throttle(
        spec, stream, *api_gateway.account_limits(system.region if system is not None else None)
    )
    return ApiGatewayProducerPlan(name, spec, stream, schema, is_to_delivery, rate, burst, working, system)


def _throttle(
    spec: ApiGatewayProducerSpec, stream: StreamPlan | None, most: float, most_at_once: int
) -> tuple[float | None, int | None, tuple[str, ...]]:
    given = spec.throttle
    if given is not None:
        burst = given.burst if given.burst is not None else _second(given.rate, most_at_once)
        said = "" if given.burst is not None else f"; at once {burst:,}, those of a second"
        return given.rate, burst, (f"{number(given.rate)} requests/s, as `throttle` says{said}",)
    # What an on-demand stream takes grows with its traffic: a throttle would keep it from growing.
    if stream is None or stream.shards is None or stream.write_records_per_second is None:
        return None, None, ("as many requests/s as the account lets through: the target says no number",)
    takes = float(stream.write_records_per_second)
    rate = min(takes, most)
    shards = counted(stream.shards, "shard")
    working = f"{number(rate)} requests/s: the {shards} of {stream.name} take {number(takes)} records/s"
    quota = f", and an account lets {number(rate)} through" if rate < takes else ""
    return rate, _second(rate, most_at_once), (f"{working}{quota}",)


def _second(rate: float, most: int) -> int:
    return min(max(1, math.ceil(rate)), most)
