"""A connector with its numbers: workers, tasks, what it is told, and what of it stays when it is replaced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from streaming_constructs.facts import kafka_connect
from streaming_constructs.planning.node import Neighbours, Summary
from streaming_constructs.planning.numbers import counted
from streaming_constructs.planning.streams.kafka import TopicPlan
from streaming_constructs.spec.clusters.cluster import KafkaClusterSpec
from streaming_constructs.spec.connectors.connector import Converter, KafkaConnectorSpec
from streaming_constructs.spec.connectors.sink import SinkConnectorSpec
from streaming_constructs.spec.connectors.source import SourceConnectorSpec
from streaming_constructs.spec.kafka_configs import config_text, number_of
from streaming_constructs.spec.schema_registry import GlueSchemaRegistrySpec
from streaming_constructs.spec.streams.kafka_encoding import has_encoded_topics
from streaming_constructs.spec.streams.kafka_keys import reads_json_keys

if TYPE_CHECKING:
    from streaming_constructs.planning.alarm import AlarmPlan
    from streaming_constructs.planning.costs.charge import Charge
    from streaming_constructs.planning.dashboard import Graph
    from streaming_constructs.spec.finding import Finding
    from streaming_constructs.spec.kept import State


@dataclass(frozen=True, slots=True)
class ConnectorPlan:
    """A connector with its numbers.

    Attributes:
        name: The name of its node.
        spec: What was asked for.
        cluster: The cluster that it is on, as the spec describes it.
        topics: Its topics: name in Kafka by the name of the node.
        partitions: Partitions of what a sink reads; None where that is not known, and of a source.
        registry: The schema registry of the system, if it has one.
        converter: How values are written; None where the configuration names a converter.
        uses_registry: Whether its workers look into the registry.
        has_json_keys: Whether its workers write or read keys as JSON, and not as text.
        working: How its numbers came about, line by line.
        retention_hours: How long the topics keep records that a sink reads, the least of them; None of a source.
        max_lag_seconds: What the system calls late, if it says so.
        directory: The folder that the path of its plugin is relative to; None where it stands alone.
    """

    name: str
    spec: KafkaConnectorSpec
    cluster: KafkaClusterSpec
    topics: Mapping[str, str]
    partitions: int | None
    registry: GlueSchemaRegistrySpec | None
    converter: Converter | None
    uses_registry: bool
    has_json_keys: bool
    working: tuple[str, ...]
    retention_hours: int | None = None
    max_lag_seconds: int | None = None
    directory: Path | None = None

    def alarms(self) -> Iterator[AlarmPlan]:
        from streaming_constructs.planning.connectors.connector_alarms import connector_alarms

        yield from connector_alarms(self)

    def findings(self) -> Iterator[Finding]:
        from streaming_constructs.planning.connectors.connector_findings import connector_findings

        for finding in connector_findings(self):
            yield finding.below("connectors", self.name)

    def state(self) -> State | None:
        from streaming_constructs.planning.connectors.connector_kept import connector_state

        return connector_state(self)

    def costs(self) -> Iterator[Charge]:
        from streaming_constructs.planning.connectors.connector_costs import connector_costs

        yield from connector_costs(self)

    def graphs(self) -> tuple[Graph, ...]:
        from streaming_constructs.planning.connectors.connector_graphs import connector_graphs

        return connector_graphs(self)

    def heading(self) -> str:
        return f"{self.spec.connects} on {self.spec.cluster}, {self._size()}"

    def summary(self) -> Summary:
        direction = "writes to" if self.spec.connects == "source" else "reads"
        return Summary(
            noun="connector",
            title=f"Kafka Connect {self.spec.connects}, {self._size()}",
            lines=(
                f"on the cluster {self.spec.cluster}, {direction} {', '.join(self.topics.values())}",
                f"class {self.spec.class_name}",
            ),
            why=self.working,
            values={
                "kind": self.spec.connects,
                "cluster": self.spec.cluster,
                "class": self.spec.class_name,
                "topics": list(self.topics.values()),
                "mcu": self.spec.capacity.mcu,
                "min_workers": self.spec.capacity.least,
                "max_workers": self.spec.capacity.most,
                "expected_tasks": self.expected_tasks,
                "working": list(self.working),
            },
        )

    def _size(self) -> str:
        capacity = self.spec.capacity
        if not capacity.scales:
            return f"{counted(capacity.least, 'worker')} x {counted(capacity.mcu, 'MCU')}"
        return f"{capacity.least} to {counted(capacity.most, 'worker')} x {counted(capacity.mcu, 'MCU')}"

    @property
    def expected_tasks(self) -> int:
        """The tasks that run at least while all is well."""
        asked = number_of(self.spec.config, "tasks.max")
        if (
            self.spec.class_name in kafka_connect.ONE_TASK
            or self.spec.capacity.scales
            or asked is None
            or self.spec.known is None
        ):
            return 1
        # A sink has no more tasks than partitions, and other sources decide for themselves.
        return max(1, min(asked, self.partitions)) if self.partitions is not None else 1

    def converter_properties(self, region: str, registry: str) -> dict[str, str]:
        """The properties of the workers' converters.

        Args:
            region: The region of the registry.
            registry: The name of the registry.
        """
        said = {"key.converter": kafka_connect.STRING_CONVERTER}
        if self.has_json_keys:
            said = {"key.converter": kafka_connect.JSON_CONVERTER, "key.converter.schemas.enable": "false"}
        match self.converter:
            case "registry":
                assert self.registry is not None
                of_format = kafka_connect.REGISTRY_CONVERTER_PROPERTIES[self.registry.data_format]
                said |= {
                    "value.converter": kafka_connect.REGISTRY_CONVERTERS[self.registry.data_format],
                    "value.converter.region": region,
                    "value.converter.registry.name": registry,
                    "value.converter.schemaAutoRegistrationEnabled": str(self.spec.connects == "source").lower(),
                    "value.converter.compatibility": self.registry.compatibility.upper(),
                    **{f"value.converter.{key}": value for key, value in of_format.items()},
                }
            case "string":
                said |= {"value.converter": kafka_connect.STRING_CONVERTER}
            case "json" | None:
                # Workers always have one; what the configuration names takes its place.
                said |= {"value.converter": kafka_connect.JSON_CONVERTER, "value.converter.schemas.enable": "false"}
        return said

    def worker_properties(self, *, region: str, registry: str, offset_topic: str) -> dict[str, str]:
        """What its workers are told, sorted.

        Args:
            region: The region of the stack.
            registry: The name of the schema registry; empty where there is none.
            offset_topic: The topic in which a source keeps where it is.
        """
        said = self.converter_properties(region, registry)
        if isinstance(self.spec, SourceConnectorSpec):
            said["offset.storage.topic"] = offset_topic
        if self.spec.secret_arn is not None:
            provider = f"config.providers.{kafka_connect.SECRETS_PROVIDER}"
            said |= {
                "config.providers": kafka_connect.SECRETS_PROVIDER,
                f"{provider}.class": kafka_connect.SECRETS_PROVIDER_CLASS,
                f"{provider}.param.region": self.spec.secret_arn.split(":")[3],
            }
        said |= {key: config_text(value) for key, value in self.spec.worker_config.items()}
        return dict(sorted(said.items()))

    def configuration(self, *, brokers: str, group: str, bucket: str = "", region: str = "") -> dict[str, str]:
        """What the connector is told, sorted.

        Args:
            brokers: Where its cluster is found.
            group: The group that it is a member of, if it is a sink.
            bucket: The bucket that was created for it. Left out: there is none.
            region: Where that is.
        """
        spec, said = self.spec, dict[str, str]()
        if isinstance(spec, SinkConnectorSpec):
            said["topics"] = ",".join(self.topics.values())
            if spec.kafka_connect_version == kafka_connect.VERSION_WITH_OVERRIDES:
                said["consumer.override.group.id"] = group
        said |= kafka_connect.FILLED_IN.get(spec.class_name, {})
        if bucket:
            said |= {kafka_connect.S3_BUCKET: bucket, kafka_connect.S3_REGION: region}
        known = spec.known
        if known is not None and spec.secret_arn is not None:
            said |= {key: secret_reference(spec.secret_arn, part) for key, part in known.from_secret.items()}
        if spec.class_name == kafka_connect.DEBEZIUM_MYSQL:
            said |= self._history(brokers)
        if isinstance(spec, SourceConnectorSpec) and set(self.own_topics) - {self.history_topic}:
            said |= kafka_connect.TOPIC_CREATION
        if isinstance(spec, SinkConnectorSpec) and self.writes:
            said |= kafka_connect.DEAD_LETTER_CREATION
        said |= {key: config_text(value) for key, value in spec.config.items()}
        return dict(sorted(said.items()))

    @property
    def history_topic(self) -> str:
        """The topic in which Debezium for MySQL keeps the schemas of tables; empty for all else."""
        if self.spec.class_name != kafka_connect.DEBEZIUM_MYSQL:
            return ""
        default = f"{kafka_connect.INTERNAL_TOPICS}history_{config_text(self.spec.config.get('topic.prefix', ''))}"
        return config_text(self.spec.config.get(kafka_connect.HISTORY_TOPIC, default))

    @property
    def history_group(self) -> str:
        """The group as a member of which Debezium for MySQL reads that topic when it starts again; empty for all else."""
        if self.spec.class_name != kafka_connect.DEBEZIUM_MYSQL:
            return ""
        config, ending = self.spec.config, kafka_connect.HISTORY_GROUP_ENDING
        name = config.get(kafka_connect.HISTORY_NAME, f"{config_text(config.get('topic.prefix', ''))}{ending}")
        return config_text(config.get(kafka_connect.HISTORY_GROUP, name))

    @property
    def own_topics(self) -> tuple[str, ...]:
        """Topics beside those of its edges, which it makes itself, as its configuration says."""
        spec, prefix = self.spec, config_text(self.spec.config.get("topic.prefix", ""))
        found = [self.history_topic, config_text(spec.config.get(kafka_connect.DEAD_LETTER_TOPIC, ""))]
        if (
            spec.class_name in kafka_connect.ONE_TASK
            and (number_of(spec.config, kafka_connect.HEARTBEAT_INTERVAL) or 0) > 0
        ):
            heartbeat = spec.config.get(kafka_connect.HEARTBEAT_PREFIX, kafka_connect.HEARTBEAT_PREFIX_DEFAULT)
            found.append(f"{config_text(heartbeat)}.{prefix}")
        if spec.class_name == kafka_connect.DEBEZIUM_MYSQL:
            changes = config_text(spec.config.get(kafka_connect.SCHEMA_CHANGES, True))
            found.append(prefix if changes.lower() == "true" else "")
        return tuple(dict.fromkeys(topic for topic in found if topic and topic not in self.topics.values()))

    @property
    def writes(self) -> bool:
        """Whether it writes to topics of its cluster: each source does, and a sink with one for what it fails on."""
        return isinstance(self.spec, SourceConnectorSpec) or kafka_connect.DEAD_LETTER_TOPIC in self.spec.config

    def _history(self, brokers: str) -> dict[str, str]:
        clients = {
            f"schema.history.internal.{client}.{key}": value
            for client in ("consumer", "producer")
            for key, value in kafka_connect.HISTORY_CLIENT.items()
        }
        return {kafka_connect.HISTORY_TOPIC: self.history_topic, kafka_connect.HISTORY_BROKERS: brokers, **clients}


def secret_reference(secret_arn: str, key: str) -> str:
    """How a configuration refers to a part of a secret.

    Args:
        secret_arn: The whole ARN of the secret; its colons would end the reference, so it is URL-encoded.
        key: The part.
    """
    return f"${{{kafka_connect.SECRETS_PROVIDER}:{quote(secret_arn, safe='')}:{key}}}"


def plan_node(name: str, spec: KafkaConnectorSpec, neighbours: Neighbours) -> ConnectorPlan:
    """Gives a connector of a system its numbers.

    Args:
        name: The name of its node.
        spec: What was asked for.
        neighbours: What it reads.
    """
    system = neighbours.system
    assert system is not None
    cluster = system.clusters[spec.cluster]
    assert isinstance(cluster, KafkaClusterSpec)
    reads = [source for source in neighbours.sources.values() if isinstance(source, TopicPlan)]
    planned = plan_connector(name, spec, cluster, spec.topics(system), reads, system.schema_registry)
    is_encoded = has_encoded_topics(spec, system)
    return replace(
        planned,
        converter=spec.converter(is_encoded=is_encoded),
        uses_registry=spec.uses_registry(is_encoded=is_encoded),
        has_json_keys=spec.connects == "source" or reads_json_keys(spec, system),
        directory=system.directory,
        max_lag_seconds=neighbours.max_lag_seconds,
    )


def plan_connector(
    name: str,
    spec: KafkaConnectorSpec,
    cluster: KafkaClusterSpec,
    topics: Mapping[str, str],
    reads: list[TopicPlan] | None = None,
    registry: GlueSchemaRegistrySpec | None = None,
) -> ConnectorPlan:
    """Gives a connector its numbers.

    Args:
        name: The name of its node.
        spec: What was asked for.
        cluster: The cluster that it is on.
        topics: Its topics: name in Kafka by the name of the node.
        reads: The topics of a sink, with their numbers.
        registry: The schema registry, if there is one that values are encoded with.
    """
    counts = [topic.partitions for topic in reads or ()]
    known = [count for count in counts if count is not None]
    partitions = sum(known) if counts and len(known) == len(counts) else None
    is_encoded = registry is not None
    converter, uses_registry = spec.converter(is_encoded=is_encoded), spec.uses_registry(is_encoded=is_encoded)
    # What others write to its topics is not known here: any key can be read as text.
    has_json_keys = spec.connects == "source"
    planned = ConnectorPlan(
        name, spec, cluster, topics, partitions, registry, converter, uses_registry, has_json_keys, ()
    )
    capacity = spec.capacity
    size = f"{capacity.least} x {counted(capacity.mcu, 'MCU')} of 1 vCPU and 4 GiB"
    if capacity.scales:
        size += f", up to {capacity.most} above {capacity.scale_out_cpu_percent} % of their processors"
    tasks = f"{counted(planned.expected_tasks, 'task')} at least while all is well"
    hours = min((topic.retention_hours for topic in reads or ()), default=None)
    return replace(planned, working=(f"workers: {size}", tasks), retention_hours=hours)
