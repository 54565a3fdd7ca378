"""The page of what topics and brokers take on each kind of cluster, from `facts`."""

from __future__ import annotations

from collections.abc import Iterable

import yaml

from streaming_constructs.facts import kafka, msk
from streaming_constructs.facts.kafka import Config
from streaming_constructs.facts.kafka_stricter import STRICTER, Stricter
from streaming_constructs.planning.clusters.broker_cluster import planned_properties
from streaming_constructs.spec.clusters.msk import MskClusterSpec
from streaming_constructs.spec.clusters.msk_express import MskExpressClusterSpec
from streaming_constructs.spec.clusters.msk_serverless import UNKNOWN_TO_SERVERLESS
from streaming_constructs.spec.codes import TOPICS
from streaming_constructs.spec.kafka_configs import taken
from streaming_constructs.spec.streams.fields_of_configs import FIELDS_OF_CONFIGS

GUIDE = "https://docs.aws.amazon.com/msk/latest/developerguide"
INTRODUCTION = """\
# What Kafka takes on Amazon MSK

A topic, or a broker, is told less on MSK than on Apache Kafka, and on each kind of cluster something else. What is not
taken is refused by `validate`, before anything is deployed: by MSK's rules, by Kafka's, and by some of ours, which [stand
at the end](#refused-although-apache-kafka-takes-it). Values are Kafka's: plain numbers, without units, `true` or `false`,
words as they are written here. Blanks around them are taken off."""
TOPICS_TEXT = f"""\
## Configurations of a topic

What the language has a field for is said there, in the unit of its name; all else under `configs`. *Default* is that of
Kafka 3.9. A topic is always told `cleanup.policy`, `retention.ms` and, on Standard brokers, `min.insync.replicas`, which is
one less than there are replicas unless the spec says otherwise. On Express brokers and on serverless clusters a topic has 3
replicas.

Sources: [Kafka](https://kafka.apache.org/documentation/#topicconfigs) for values and defaults, [Standard
brokers]({GUIDE}/msk-configuration-properties.html#msk-topic-confinguration), [Express
brokers]({GUIDE}/msk-configuration-express-read-write.html), [serverless clusters]({GUIDE}/serverless-config.html), [tiered
storage]({GUIDE}/msk-tiered-storage-guidelines.html)."""
SERVER_TEXT = f"""\
## Properties of brokers

They are `server_properties` of a cluster. What is not here MSK refuses, and all other properties of the configuration with
it. A serverless cluster takes none. *Default* is what MSK says, else that of Kafka 3.9; *said* is what a cluster is told
where its spec says nothing.

Sources: [Kafka](https://kafka.apache.org/documentation/#brokerconfigs) for values and defaults, [MSK's
defaults]({GUIDE}/msk-default-configuration.html), [Standard brokers]({GUIDE}/msk-configuration-properties.html), [Express
brokers]({GUIDE}/msk-configuration-express-read-write.html)."""
SERVERLESS_TEXT = f"""\
## What a serverless cluster is not told

Source: [MSK Serverless]({GUIDE}/serverless.html)."""
STRICTER_TEXT = """\
## Refused although Apache Kafka takes it

Each row is tried: the language refuses it, and a broker of Apache Kafka 3.9 takes it. What else is refused, Kafka refuses
too, or it is beyond the range that [the reference](spec.md#reference) says of a field."""
ENDLESS = {str(kafka.LONG): "2^63 - 1", str(kafka.INT): "2^31 - 1"}
NARROWER = {
    ("msk", "retention.ms"): f"from {msk.TIERED_RETENTION_MILLISECONDS.value:.0f} where it is tiered, or -1",
    ("msk", "segment.bytes"): f"from {msk.TIERED_SEGMENT_BYTES.value:.0f} where it is tiered",
    ("msk", "segment.ms"): f"from {msk.TIERED_SEGMENT_MILLISECONDS.value:.0f} where it is tiered",
    ("msk", "cleanup.policy"): "delete where it is tiered",
    ("msk_express", "max.compaction.lag.ms"): f"from {kafka.EXPRESS_MAX_COMPACTION_LAG_MS}",
    ("msk_serverless", "cleanup.policy"): "when it is created",
    ("msk_serverless", "max.message.bytes"): f"up to {msk.SERVERLESS_MESSAGE_KIB.value * 1024:.0f}",
}
"""Where a kind of cluster takes less than Kafka does."""
TIERED = ("local.retention.bytes", "local.retention.ms", "remote.storage.enable")


def kafka_page() -> str:
    """The page."""
    return "\n\n".join(
        [
            INTRODUCTION,
            TOPICS_TEXT,
            _table(
                ("configuration", "in the language", "takes", "default", "msk", "msk_express", "msk_serverless"),
                (_topic_row(name, config) for name, config in kafka.TOPIC_CONFIGS.items()),
            ),
            SERVER_TEXT,
            _table(
                ("property", "takes", "default", "said", "msk", "msk_express"),
                (_server_row(name, config) for name, config in kafka.SERVER_PROPERTIES.items()),
            ),
            SERVERLESS_TEXT,
            _table(("field", "why"), ((f"`{field}`", why) for field, why in UNKNOWN_TO_SERVERLESS.items())),
            STRICTER_TEXT,
            _table(("what", "for example", "whose rule", "why", "code"), map(_stricter_row, STRICTER)),
        ]
    )


def _topic_row(name: str, config: Config) -> tuple[str, ...]:
    field = FIELDS_OF_CONFIGS.get(name)
    return (
        f"`{name}`",
        f"`{_days(field)}`" if field else "`configs`",
        _shown(taken(config)),
        _shown(config.default),
        _on_topics("msk", name, config, is_taken=config.standard),
        _on_topics("msk_express", name, config, is_taken=config.express),
        _on_topics("msk_serverless", name, config, is_taken=config.serverless),
    )


def _days(field: str) -> str:
    return field.replace("_hours", "_days")


def _on_topics(kind: str, name: str, config: Config, *, is_taken: bool) -> str:
    """Whether a topic on a kind of cluster takes a configuration."""
    fixed = kafka.FIXED_ON_TOPICS.get(kind, {}).get(name)
    if fixed is not None:
        return f"fixed: {fixed}"
    if not is_taken:
        return "no"
    limits = [
        *(["with `storage_mode: tiered`"] if name in TIERED else []),
        *([f"from {_version(config.since)}"] if config.since and kind != "msk_serverless" else []),
        *([f"before {_version(config.gone)}"] if config.gone and kind != "msk_serverless" else []),
        *([NARROWER[kind, name]] if (kind, name) in NARROWER else []),
    ]
    return ", ".join(limits) or "yes"


def _version(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _server_row(name: str, config: Config) -> tuple[str, ...]:
    standard, express = (planned_properties(spec) for spec in (MskClusterSpec(), MskExpressClusterSpec()))
    said = dict.fromkeys(properties[name] for properties in (standard, express) if name in properties)
    defaults = dict.fromkeys(
        [
            *([kafka.DEFAULTS_OF_MSK.get(name, config.default)] if config.standard else []),
            *([kafka.DEFAULTS_OF_EXPRESS.get(name, config.default)] if config.express else []),
        ]
    )
    return (
        f"`{name}`",
        _shown(taken(config)),
        "; ".join(_shown(value) for value in defaults if value),
        ", ".join(said),
        _on_brokers(name, is_taken=config.standard),
        _on_brokers(name, is_taken=config.express),
    )


def _on_brokers(name: str, *, is_taken: bool) -> str:
    if is_taken and name in kafka.ZOOKEEPER_PROPERTIES:
        return "with ZooKeeper"
    return "yes" if is_taken else "no"


def _stricter_row(row: Stricter) -> tuple[str, ...]:
    written = {"server_properties": dict(row.written)} if row.is_server else dict(row.written)
    example = yaml.safe_dump(written, default_flow_style=True, width=1000, sort_keys=False).strip()[1:-1]
    page = TOPICS[row.code.rstrip("0123456789")].module
    whose = f"[MSK's]({row.source})" if row.whose == "MSK" else f"ours ([source]({row.source}))"
    return row.what, f"`{example}`", whose, row.why, f"[{row.code}](errors/{page}.md#{row.code.lower()})"


def _shown(text: str) -> str:
    """Numbers that stand for no end, as a reader knows them."""
    for number, name in ENDLESS.items():
        text = text.replace(f"{int(number):,}", name).replace(number, name)
    return text


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    cells = [[cell.replace("|", "\\|") for cell in row] for row in (head, *rows)]
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    return "\n".join([lines[0], "|" + "---|" * len(cells[0]), *lines[1:]])
