"""A rehearsal: an embedded AWS, a system deployed to it, records put through it, and what came out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from botocore.exceptions import ClientError

from streaming_constructs.local.aws import import_moto  # noqa: F401 - first, so that moto is imported as it has to be
from streaming_constructs.local.aws.api import Aws, is_machine_failure
from streaming_constructs.local.aws.cloudformation import Deployed
from streaming_constructs.local.aws.deployment import deploy, stacks_of
from streaming_constructs.local.aws.embedded_aws import EmbeddedAws
from streaming_constructs.local.aws.type_names import KAFKA_CLUSTERS
from streaming_constructs.local.construct_names import construct_names
from streaming_constructs.local.engine import Engine
from streaming_constructs.local.event_targets import EventTarget, choose_target, entry_names, event_targets, key_fields
from streaming_constructs.local.events import Event, read_events
from streaming_constructs.local.kafka.embedded_msk import EmbeddedMsk
from streaming_constructs.local.kafka.embedded_topic import topic_arn
from streaming_constructs.local.kafka.planned_topic import PlannedTopic
from streaming_constructs.local.kafka.topic_keeper import MemoryKeeper, TopicKeeper
from streaming_constructs.local.managed_flink.flink_runner import FlinkRunner
from streaming_constructs.local.managed_flink.job_runner import JobRunner
from streaming_constructs.local.producer import PutResult, put
from streaming_constructs.local.refusal import Refusal
from streaming_constructs.local.rehearsal_report import Report
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.pipeline import PipelineSpec
from streaming_constructs.spec.target_variables import BOOTSTRAP_SERVERS, target_variable

if TYPE_CHECKING:
    from streaming_constructs.local.athena.duckdb_query import QueryResult


class Rehearsal:
    """Everything that a rehearsal needs, for as long as a `with` lasts; then nothing of it is left.

    One in a process at a time: the embedded AWS is the process's.

    Attributes:
        embedded: The AWS.
        engine: What runs in it.
    """

    embedded: EmbeddedAws
    engine: Engine

    def __init__(
        self,
        *,
        port: int = 0,
        speed: float = 1.0,
        routes: Mapping[str, Callable[[dict[str, Any]], Any]] | None = None,
        topic_keeper: Callable[[], TopicKeeper] = MemoryKeeper,
        job_runner: Callable[[Aws], JobRunner] = FlinkRunner,
    ) -> None:
        """Starts nothing yet.

        Args:
            port: The port of the AWS, on loopback. 0: any that is free.
            speed: How many seconds pass in it in one of the wall's.
            routes: What is answered beside AWS's API, by path. Left out: nothing.
            topic_keeper: Gives who keeps topics of Kafka; asked when there is a first cluster. Left out: this process.
            job_runner: Gives what runs the jobs of Flink; asked when the first application is started. Left out: a Flink on
                this machine, if there is one.
        """
        self._job_runner = job_runner
        self._port, self._speed, self._routes, self._topic_keeper = port, speed, routes, topic_keeper
        self._key_fields: dict[str, str] = {}
        self._stream_keys: dict[str, str] = {}
        self._entries: frozenset[str] = frozenset()
        self._open = ExitStack()
        self._put = self._refused = 0
        self._put_stopped = ""
        self._refusals: list[Refusal] = []
        self._into: dict[str, None] = {}

    def __enter__(self) -> Self:
        """Starts.

        Raises:
            SpecError: If an endpoint in the environment is another machine's, or credentials in it look real.
        """
        with ExitStack() as opening:
            embedded = EmbeddedAws(
                port=self._port,
                speed=self._speed,
                routes=self._routes,
                topic_keeper=self._topic_keeper,
                job_runner=self._job_runner,
            )
            self.embedded = opening.enter_context(embedded)
            self.engine = opening.enter_context(Engine(self.embedded))
            self.embedded.name_of = self.engine.name_of
            self._open = opening.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @property
    def msk(self) -> EmbeddedMsk:
        """The clusters of Kafka."""
        assert self.embedded.aws.msk is not None  # it is the AWS of this process
        return self.embedded.aws.msk

    def deploy(self, assembly: Path, topics: Sequence[PlannedTopic] = ()) -> None:
        """Deploys all stacks of a cloud assembly.

        Args:
            assembly: Its folder.
            topics: What the system says of its topics of Kafka that no template does. Left out: nothing.

        Raises:
            SpecError: If CloudFormation refuses, or something that it takes cannot be run.
        """
        try:
            for stack in stacks_of(assembly):
                self.name(stack.name, construct_names(stack.metadata))
                deploy(self.embedded.aws, stack)
            self.plan_topics(topics)
            self.engine.refresh()
        except (OSError, ClientError) as error:
            if isinstance(error, ClientError) and not is_machine_failure(error):
                raise
            raise SpecError([Finding("LOC955", "this machine cannot hold the stack", note=str(error))]) from None
        if self.engine.problems:
            said = [
                Finding("LOC955", f"{name} cannot be run here", note=why) for name, why in self.engine.problems.items()
            ]
            raise SpecError(said)

    def name(self, stack: str, names: Mapping[str, str]) -> None:
        """Says what people call the resources of a stack.

        Args:
            stack: The stack.
            names: Names, by logical id.
        """
        self.engine.names |= {(stack, logical_id): name for logical_id, name in names.items()}

    def expect_events(self, entries: Iterable[str], keys: Mapping[str, str]) -> None:
        """Says where events go that name no place, and by what those are keyed that name no key.

        Args:
            entries: The names of streams, topics or deliveries: one, or none if that cannot be told.
            keys: The key in the JSON of a record, by the name of its stream.
        """
        self._entries, self._stream_keys = frozenset(entries), dict(keys)

    def plan_topics(self, topics: Sequence[PlannedTopic]) -> None:
        """Creates the topics that a client would, because they are no resources of CloudFormation; and learns what keys are.

        Args:
            topics: What the system says of its topics.

        Raises:
            SpecError: If Kafka refuses one.
        """
        for planned in topics:
            cluster = planned.cluster_arn or self._cluster_arn(planned.cluster)
            arn = topic_arn(cluster, planned.topic)
            self._key_fields[arn] = planned.key_field
            if planned.is_resource or any(topic.arn == arn for topic in self.msk.topics()):
                continue
            try:
                self.msk.create_topic(cluster, planned.topic, planned.partitions, planned.configs)
            except ValueError as error:
                message = f"the topic {planned.stream} cannot be created here"
                raise SpecError([Finding("LOC955", message, note=str(error))]) from None
            self.engine.client_topics[arn] = planned.stream

    def _cluster_arn(self, name: str) -> str:
        """The ARN of a cluster that a stack has."""
        return next((one.physical_id for one in self._clusters() if self.engine.name_of(one) == name), "")

    def _clusters(self) -> Iterator[Deployed]:
        """The clusters that stacks have."""
        return (one for one in self.embedded.cloudformation.deployed() if one.type in KAFKA_CLUSTERS)

    def client_variables(self) -> dict[str, str]:
        """The environment variables by which a client of Kafka finds the brokers, and is let in; none: there is no broker.

        The brokers of the cluster `main` are in `MAIN_BOOTSTRAP_SERVERS`.
        """
        keeper = self.msk.keeper
        if keeper is None or not keeper.client_variables:
            return {}
        names = {cluster.physical_id: self.engine.name_of(cluster) for cluster in self._clusters()}
        brokers = {
            target_variable(names.get(arn) or arn.split("/")[1], BOOTSTRAP_SERVERS): self.msk.bootstrap_servers(arn)
            for arn in self.msk.clusters()
        }
        return {name: value for name, value in brokers.items() if name.isidentifier()} | dict(keeper.client_variables)

    def targets(self) -> list[EventTarget]:
        """Where events can go: streams, topics of Kafka, and deliveries that read none."""
        name_of = self.engine.topic_name
        topics = [
            EventTarget("topic", name_of(topic.arn), topic.arn, self._key_fields.get(topic.arn, ""))
            for topic in self.msk.topics()
        ]
        targets = [*event_targets(self.embedded.cloudformation.deployed(), self.engine.name_of), *topics]
        apis = self.embedded.api_entries()
        return [
            replace(
                target,
                is_entry=target.name in self._entries,
                key_field=target.key_field or self._stream_keys.get(target.name, ""),
                api=apis.get(target.physical_id),
            )
            for target in targets
        ]

    def target(self, name: str | None = None, spec: PipelineSpec | None = None) -> EventTarget:
        """Where events go.

        Args:
            name: The name of a stream or a delivery. Left out: the only one, or the one by which records come into the system.
            spec: The system, which tells by which they do. Left out: what was said before counts.

        Raises:
            SpecError: If there is none of that name, or several without one.
        """
        if spec is not None:
            self.expect_events(entry_names(spec), key_fields(spec))
        return choose_target(self.targets(), name)

    def put(
        self,
        events: Path | Iterable[Event],
        target: EventTarget | None = None,
        *,
        rate: float | None = None,
        progress: Callable[[PutResult], object] | None = None,
    ) -> PutResult:
        """Puts events, by the API.

        Args:
            events: A file of events, or events.
            target: Where those go that name no place themselves. Left out: the only stream or delivery there is.
            rate: Records a second. Left out: as many as are taken.
            progress: Called after each request. Left out: nobody is told.

        Raises:
            SpecError: If the file cannot be read, or there are several places where they could go.
        """
        read = read_events(events) if isinstance(events, Path) else events

        def place(name: str) -> EventTarget:
            return self.target(name) if name else target or self.target()

        done = put(self.embedded.aws, place, read, rate=rate, progress=progress, topics=self.msk)
        self._into |= done.into
        self.engine.wake()
        self._put += done.records
        self._refused += done.refused
        self._refusals += done.refusals
        self._put_stopped = done.stopped or self._put_stopped
        return done

    def drain(self, seconds: float | None = None) -> bool:
        """Waits until every record came out somewhere; time in which all only wait is skipped.

        Args:
            seconds: How long at most, by the wall's clock. Left out: as long as it takes.

        Returns:
            Whether every record did.
        """
        return self.engine.drain(seconds)

    def close_windows(self) -> bool:
        """Ends the jobs of Flink as if no event came any more; what their windows give then is on its way, and drained next.

        On AWS windows that are open at the end of a stream stay open, until an event of a later time comes.

        Returns:
            Whether there are any jobs.
        """
        return self.engine.close_windows()

    def report(self) -> Report:
        """What came out where so far."""
        report = self.engine.report(self._put, self._refused, tuple(self._into))
        report = replace(report, refusals=tuple(self._refusals))
        if self._put_stopped:
            report = replace(report, stopped=report.stopped | {"put": self._put_stopped})
        return report

    def query(self, sql: str) -> QueryResult:
        """Answers SQL over what was archived.

        Args:
            sql: The query, in the dialect of DuckDB; tables have the names of the catalog.

        Raises:
            SpecError: If it cannot be answered.
        """
        from streaming_constructs.local.athena.duckdb_query import (
            query,  # a database engine, that most rehearsals do not ask
        )

        return query(self.embedded.aws, sql)
