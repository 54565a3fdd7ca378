"""What sources and sinks have in common: a cluster, a plugin, a capacity and a configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts import kafka_connect
from streaming_constructs.spec.clusters.cluster import KafkaClusterSpec
from streaming_constructs.spec.connectors.capacity import ConnectorCapacity
from streaming_constructs.spec.connectors.plugin import PluginField
from streaming_constructs.spec.finding import Edit, Finding, SpecPath
from streaming_constructs.spec.function import LogRetentionDays
from streaming_constructs.spec.kafka_configs import ConfigValue, config_text
from streaming_constructs.spec.model import NodeName, SecretArn, form
from streaming_constructs.spec.node import NodeSpec, StackShare
from streaming_constructs.spec.plain_secrets import is_secret
from streaming_constructs.spec.section import Section
from streaming_constructs.spec.streams.kafka import Encoding, KafkaTopicSpec

if TYPE_CHECKING:
    from streaming_constructs.spec.permission import Permission
    from streaming_constructs.spec.pipeline import PipelineSpec
    from streaming_constructs.spec.vpc import VpcPlacement
else:
    Permission = Annotated[Any, Section("permission", "Permission")]
    VpcPlacement = Annotated[Any, Section("vpc", "VpcPlacement")]

PropertyKey = Annotated[
    str, form(r"^[A-Za-z0-9_][A-Za-z0-9_.$-]{0,254}$", "a property such as connector.class", max_length=255)
]
Converter = Literal["registry", "json", "string"]
SECRET_REFERENCE = re.compile(rf"\$\{{{kafka_connect.SECRETS_PROVIDER}:")
_EXTERNAL = re.compile(r"\$\{[A-Za-z0-9_-]+:")
"""A value that a provider of configurations fills in."""
OWN_KEYS = {
    "name": "the connector is named after its node",
    "topics.regex": "which topics it reads is said by `from`, and permitted to it",
    "consumer.override.group.id": "its group is its own, and stays the same when it is replaced",
}
"""Keys of a connector's configuration that are never the user's, and why."""


class KafkaConnectorSpec(NodeSpec):
    """A connector on MSK Connect: code of others, by its configuration, in workers of its own."""

    cluster: NodeName = Field(description="The cluster whose topics it reads or writes, one of `clusters`.")
    plugin: PluginField = Field(
        description="Its code: a path beside the spec, `{bucket, key}`, or the ARN of a custom plugin that exists."
    )
    config: Mapping[PropertyKey, ConfigValue] = Field(
        description="Its configuration by the connector's own keys, with connector.class; numbers and booleans may be written "
        "as they are. Secrets are `${secretsManager:NAME:KEY}`. An S3 sink without s3.bucket.name has a bucket created for it."
    )
    capacity: ConnectorCapacity = Field(
        default_factory=ConnectorCapacity,
        description="Its workers: `{mcu: 1, workers: 1}`, or `{mcu: 1, min_workers: 1, max_workers: 4}`. Left out: one worker "
        "of one unit.",
    )
    value_converter: Converter | None = Field(
        default=None,
        description="How values are written in topics: registry (Avro, or as the schema registry of the system says, with "
        "the schema there), json (without a schema) or string. Left out: registry where the values of its topics are encoded "
        "with the registry, else json; or as config says. Keys are JSON of a source, and of a sink whose topics are written by "
        "such sources alone; any other sink reads them as text. A key.converter in config or worker_config says otherwise.",
    )
    secret_arn: SecretArn | None = Field(
        default=None,
        description="Whole ARN of a secret that the configuration refers to; it may be read, and the workers know how. Of a "
        "Debezium connector its `username` and `password` are the database's. Left out: no secret.",
    )
    worker_config: Mapping[PropertyKey, ConfigValue] = Field(
        default_factory=dict,
        description="Further properties of the workers by Kafka's names, such as {producer.compression.type: lz4}, of those "
        "that MSK Connect lets be set. Left out: none.",
    )
    kafka_connect_version: Literal[kafka_connect.CONNECT_VERSIONS] = Field(  # type: ignore[valid-type]
        default=kafka_connect.CONNECT_VERSIONS[0],
        description="Version of Kafka Connect: 3.7.x or 2.7.1. Left out: 3.7.x.",
    )
    vpc: VpcPlacement | None = Field(
        default=None,
        description="Where its workers stand; they reach the cluster, and what else they need, from there. Left out: in the "
        "subnets of the cluster, with a security group of their own that the cluster lets in.",
    )
    permissions: tuple[Permission, ...] = Field(
        default=(), description="What it may do beyond what follows from its configuration. Left out: nothing."
    )
    log_retention_days: LogRetentionDays = Field(
        default=30, description="How long the workers' logs are kept in CloudWatch Logs, in days. Left out: 30."
    )

    connects: ClassVar[str] = ""
    """Whether the class that it names is a source or a sink."""

    def findings(self) -> Iterator[Finding]:
        from streaming_constructs.spec.connectors.connector_class import class_findings
        from streaming_constructs.spec.connectors.worker_properties import worker_findings

        for key, why in OWN_KEYS.items():
            if key in self.config:
                yield _own_key(key, why)
        yield from class_findings(self)
        yield from self._secret_findings()
        yield from worker_findings(self)

    def system_notes(self) -> Iterator[Finding]:
        yield from self._plain_secret_findings()
        if self.capacity.scales and "tasks.max" in self.config:
            yield Finding(
                "MSK430",
                "`tasks.max` is set by MSK Connect where workers follow the load",
                ("config", "tasks.max"),
                note=f"{config_text(self.config['tasks.max'])[:20]} is overridden, in proportion to workers and units",
                help="take it out; `capacity.max_tasks` is the most of them",
            )

    def graph_findings(self, name: str, spec: PipelineSpec) -> Iterator[Finding]:
        from streaming_constructs.spec.connectors.connector_on_cluster import placement_findings, topic_findings

        cluster = spec.clusters[self.cluster]
        assert isinstance(cluster, KafkaClusterSpec)
        yield from placement_findings(self, cluster)
        yield from topic_findings(self, self.topics(spec), spec)

    def stack_share(self) -> StackShare:
        # The role, its policy, the log group, the worker configuration, the security group with its rule, and the connector.
        bucket = 2 if self.creates_bucket else 0  # with its policy
        return StackShare(resources=(8 if self.plugin.arn is None else 7) + bucket, outputs=3 if bucket else 2)

    def topics(self, spec: PipelineSpec) -> Mapping[str, str]:
        """The topics that it reads or writes: name in Kafka by the name of the node.

        Args:
            spec: The system.
        """
        return {name: node.topic_name(name) for name, node in self.topic_nodes(spec).items()}

    def topic_nodes(self, spec: PipelineSpec) -> Mapping[str, KafkaTopicSpec]:
        """The nodes of its topics, by name.

        Args:
            spec: The system.
        """
        nodes = {name: spec.streams[name] for name in (*self.sources(), *self.targets())}
        return {name: node for name, node in nodes.items() if isinstance(node, KafkaTopicSpec)}

    @property
    def class_name(self) -> str:
        """The class of the connector."""
        return config_text(self.config.get("connector.class", ""))

    @property
    def creates_bucket(self) -> bool:
        """Whether a bucket is created that it writes to: an S3 sink has one where its configuration names none."""
        return self.class_name == kafka_connect.S3_SINK and kafka_connect.S3_BUCKET not in self.config

    @property
    def known(self) -> kafka_connect.ConnectorClass | None:
        """What is known of its class."""
        return kafka_connect.CLASSES.get(self.class_name)

    def converter(self, *, is_encoded: bool) -> Converter | None:
        """How values are written; None where the configuration names a converter.

        Args:
            is_encoded: Whether the values of its topics are encoded with a schema registry.
        """
        if self.value_converter is not None:
            return self.value_converter
        if self._configured_converter is not None:
            return None
        return "registry" if is_encoded else "json"

    def uses_registry(self, *, is_encoded: bool) -> bool:
        """Whether its workers look into a schema registry.

        Args:
            is_encoded: Whether the values of its topics are encoded with one.
        """
        return (self.own_encoding or ("registry" if is_encoded else "plain")) == "registry"

    @property
    def own_encoding(self) -> Encoding | None:
        """How it writes or reads values, as it says itself; None where it does not, or names a class that is not known."""
        if self.value_converter is not None:
            return "registry" if self.value_converter == "registry" else "plain"
        named = self._configured_converter or ""
        if named.startswith(kafka_connect.REGISTRY_PACKAGE):
            return "registry"
        return "plain" if named in kafka_connect.PLAIN_CONVERTERS else None

    @property
    def writes_json_keys(self) -> bool:
        """Whether a source writes keys as JSON: it does unless its configuration names another converter."""
        named = self.config.get("key.converter", self.worker_config.get("key.converter"))
        return self.connects == "source" and (named is None or config_text(named) == kafka_connect.JSON_CONVERTER)

    @property
    def _configured_converter(self) -> str | None:
        given = self.config.get("value.converter", self.worker_config.get("value.converter"))
        return None if given is None else config_text(given)

    def _secret_findings(self) -> Iterator[Finding]:
        for key, value in self.config.items():
            if self.secret_arn is None and SECRET_REFERENCE.search(config_text(value)):
                yield Finding(
                    "MSK433",
                    "nothing says which secret may be read",
                    ("config", key),
                    note=f"`{config_text(value)[:60]}` refers to one, and `secret_arn` names none",
                    help='add `secret_arn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:postgres-cdc-AbCdEf"`',
                )

    def _plain_secret_findings(self) -> Iterator[Finding]:
        for part in ("config", "worker_config"):
            for key, value in getattr(self, part).items():
                if _is_plain_secret(key, value):
                    yield Finding(
                        "MSK422",
                        f"`{key}` looks like a secret in plain text",
                        (part, key),
                        note="the spec, the template and the console of MSK Connect show it to whoever may read them",
                        help="keep it in Secrets Manager, name that by `secret_arn`, and write "
                        f"`{key}: ${{{kafka_connect.SECRETS_PROVIDER}:NAME:KEY}}`, with the name of the secret and its key",
                    )


def _is_plain_secret(key: str, value: ConfigValue) -> bool:
    text = config_text(value)
    if _EXTERNAL.search(text) or isinstance(value, bool):
        return False
    # Of `database.ssl.truststore.password` and `connection.password` the last words say what it is.
    return is_secret(key.replace(".", "_"), text) or (
        key.endswith("sasl.jaas.config") and re.search(r"password\s*=", text) is not None
    )


def _own_key(key: str, why: str) -> Finding:
    path: SpecPath = ("config", key)
    return Finding(
        "MSK425", f"`{key}` is not for the configuration", path, note=why, help="take it out", edits=(Edit(path),)
    )
