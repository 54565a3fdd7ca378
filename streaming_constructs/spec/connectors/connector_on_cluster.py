"""What of a connector does not go with its cluster, and with the topics of the system."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from streaming_constructs.facts import kafka_connect
from streaming_constructs.spec.clusters.cluster import KafkaClusterSpec
from streaming_constructs.spec.examples import in_yaml
from streaming_constructs.spec.finding import Edit, Finding, SpecPath, did_you_mean
from streaming_constructs.spec.kafka_configs import config_text
from streaming_constructs.spec.streams.kafka_encoding import encoding_of

if TYPE_CHECKING:
    from streaming_constructs.spec.connectors.connector import Converter, KafkaConnectorSpec
    from streaming_constructs.spec.pipeline import PipelineSpec
    from streaming_constructs.spec.streams.kafka import Encoding

_TABLE = re.compile(r"[A-Za-z0-9_$-]+(\\?\.[A-Za-z0-9_$-]+)+")
"""A table that is named, and is no pattern of several."""


def placement_findings(spec: KafkaConnectorSpec, cluster: KafkaClusterSpec) -> Iterator[Finding]:
    """What keeps a connector from reaching its cluster; paths are relative to the connector.

    Args:
        spec: The connector.
        cluster: Its cluster.
    """
    if "iam" not in cluster.authentications:
        yield Finding(
            "MSK427",
            "MSK Connect authenticates by IAM alone",
            ("cluster",),
            note=f"the clients of `{spec.cluster}` authenticate by {', '.join(cluster.authentications)}",
            help=f"add it to the cluster: `auth: {in_yaml(['iam', *cluster.authentications])}`",
        )
    if cluster.arn is not None and cluster.vpc is None and spec.vpc is None:
        yield Finding(
            "MSK423",
            "nothing says where the connector stands",
            note=f"`{spec.cluster}` exists, and its subnets are not known",
            help="add `vpc: {subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1], security_group_ids: "
            "[sg-0123456789abcdef0]}`, with a group that the cluster lets in, here or on the cluster",
            edits=(
                Edit(
                    ("vpc",),
                    {"subnet_ids": ["subnet-0123456789abcdef0"], "security_group_ids": ["sg-0123456789abcdef0"]},
                    invented=True,
                ),
            ),
        )


def topic_findings(spec: KafkaConnectorSpec, topics: Mapping[str, str], system: PipelineSpec) -> Iterator[Finding]:
    """Topics of other clusters, converters without a registry, formats without a schema, and tables without a topic.

    Args:
        spec: The connector.
        topics: Its topics: name in Kafka by the name of the node.
        system: The system.
    """
    field = "to" if spec.connects == "source" else "from"
    for name in topics:
        other = getattr(system.streams[name], "cluster", spec.cluster)
        if other != spec.cluster:
            yield Finding(
                "MSK432",
                f"`{name}` is a topic of another cluster",
                (field,),
                note=f"the connector is on `{spec.cluster}`, the topic is in `{other}`; a connector knows one cluster",
                help=f"set `cluster: {other}`, or make a connector for each cluster",
            )
    if spec.value_converter == "registry" and system.schema_registry is None:
        yield Finding(
            "MSK429",
            "the system has no schema registry",
            ("value_converter",),
            note="the converter keeps the schemas of values in it",
            help="add `schema_registry: glue` to the system, or set `value_converter: json`",
            edits=(Edit(("value_converter",), "json"),),
        )
    encodings = {name: encoding_of(name, topic, system) for name, topic in spec.topic_nodes(system).items()}
    yield from _encoding_findings(spec, encodings, field)
    yield from _schemaless_findings(spec, spec.converter(is_encoded="registry" in encodings.values()))
    if spec.class_name in {kafka_connect.DEBEZIUM_POSTGRES, kafka_connect.DEBEZIUM_MYSQL}:
        yield from _table_findings(spec, topics)


def _encoding_findings(spec: KafkaConnectorSpec, encodings: Mapping[str, Encoding], field: str) -> Iterator[Finding]:
    """Topics whose values are written in another way than the connector reads or writes them: it has one converter."""
    own = spec.own_encoding
    if spec.converter(is_encoded=True) is not None and own is None and len(set(encodings.values())) > 1:
        registry, plain = (next(name for name, is_ in encodings.items() if is_ == way) for way in ("registry", "plain"))
        yield Finding(
            "MSK442",
            "the values of its topics are not all written in one way",
            (field,),
            note=f"those of `{registry}` are encoded with the schema registry, those of `{plain}` are not; a connector has one "
            "converter of values",
            help=f"make a connector for each, or say `encoding: registry` of `{plain}` too",
        )
    for name, encoding in encodings.items():
        if own is None or encoding == own:
            continue
        how = {"registry": "encoded with the schema registry", "plain": "plain"}
        yield Finding(
            "MSK442",
            f"the values of `{name}` are {how[encoding]}",
            (("value_converter",) if spec.value_converter is not None else ("config", "value.converter")),
            note=f"the connector {'writes' if spec.connects == 'source' else 'reads'} values that are {how[own]}",
            help=f"take it out, or say `encoding: {own}` of `{name}`",
            edits=(Edit(("value_converter",)),) if spec.value_converter is not None else (),
        )


def _schemaless_findings(spec: KafkaConnectorSpec, converter: Converter | None) -> Iterator[Finding]:
    format_ = config_text(spec.config.get("format.class", ""))
    if format_ in kafka_connect.FORMATS_WITH_SCHEMA and converter in {"json", "string"}:
        yield Finding(
            "MSK429",
            f"{format_.rpartition('.')[2]} writes records with a schema alone",
            ("config", "format.class"),
            note=f"values are read as {converter}, without one; each task of the sink fails on the first",
            help="add `schema_registry: glue` to the system, and let who writes the topics use it; or write `format.class: "
            "io.confluent.connect.s3.format.json.JsonFormat`",
            edits=(Edit(("config", "format.class"), "io.confluent.connect.s3.format.json.JsonFormat"),),
        )


def _table_findings(spec: KafkaConnectorSpec, topics: Mapping[str, str]) -> Iterator[Finding]:
    """Tables whose topics the connector may not write to, and topics that no table fills.

    A topic is called PREFIX.SCHEMA.TABLE, or PREFIX.DATABASE.TABLE of MySQL. Source:
    https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-topic-names, read 2026-11-28
    """
    transforms = (config_text(value) for key, value in spec.config.items() if key.startswith("transforms."))
    if any(value.rpartition(".")[2].startswith(kafka_connect.ROUTERS) for value in transforms):
        return
    prefix, listed = config_text(spec.config.get("topic.prefix", "")), spec.config.get("table.include.list")
    if listed is None:
        return
    tables = [part.strip() for part in config_text(listed).split(",") if part.strip()]
    plain = [table.replace("\\", "") for table in tables if _TABLE.fullmatch(table)]
    path: SpecPath = ("config", "table.include.list")
    for table in plain:
        topic = f"{prefix}.{table}"
        if topic not in topics.values():
            yield Finding(
                "MSK421",
                f"the changes of `{table}` have no topic",
                path,
                note=f"they go to `{topic}`, which is none of `to`: the connector may not write there, and fails",
                help=f"add `{_node_name(table)}: {{kind: kafka, cluster: {spec.cluster}, topic: {topic}, partitions: 6}}` to "
                "`streams`, and name it in `to`; " + did_you_mean(topic, topics.values()),
            )
    if len(plain) == len(tables):
        filled = {f"{prefix}.{table}" for table in plain}
        for name, topic in topics.items():
            if topic not in filled:
                yield Finding(
                    "MSK421",
                    f"no table fills the topic of `{name}`",
                    ("to",),
                    note=f"it is `{topic}`; the tables fill {', '.join(sorted(filled))}",
                    help="add its table to `table.include.list`, or take it out of `to`",
                    level="warning",
                )


def _node_name(table: str) -> str:
    return re.sub(r"[^a-z0-9_-]", "-", table.rpartition(".")[2].lower()).lstrip("-_0123456789") or "changes"
