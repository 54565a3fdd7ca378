"""Connectors that bring records into topics: a database's changes, by Debezium, or what else a class reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from streaming_constructs.spec.connectors.connector import KafkaConnectorSpec
from streaming_constructs.spec.finding import Edit, Finding
from streaming_constructs.spec.model import NodeNames, form, listed_once
from streaming_constructs.spec.node import Reference
from streaming_constructs.spec.streams.kafka import TopicName

ConnectorName = Annotated[
    str,
    form(
        r"^[A-Za-z0-9_-]{1,128}$",
        "a name of up to 128 letters, digits, `-` and `_`, such as shop-postgres",
        max_length=128,
    ),
]


class SourceConnectorSpec(KafkaConnectorSpec):
    """A connector that writes to topics what it reads elsewhere.

    Where it is, it keeps under its name in a topic that outlives it. So its name stays the same, whatever changes of it.
    """

    references: ClassVar = (
        Reference(("cluster",), "uses", ("clusters",), "cluster"),
        Reference(("to",), "to", ("streams",), "topic", kinds=("kafka",)),
    )
    connects: ClassVar[str] = "source"
    example: ClassVar = {
        "kind": "source",
        "cluster": "main",
        "plugin": {"bucket": "my-plugins", "key": "my-source.zip"},
        "to": "orders",
        "config": {"connector.class": "com.example.MySourceConnector", "tasks.max": 1},
    }

    kind: Literal["source"] = Field(default="source", description="A connector that writes to topics.")
    to: NodeNames = Field(min_length=1, description="The topics that it writes to: one of `streams`, or a list.")
    connector_name: ConnectorName | None = Field(
        default=None,
        description="Name of the connector in MSK Connect, each taken once. A connector goes on where the last one of its name "
        "was that kept its positions in the same `offset_topic`. Left out: one that follows from the node, and stays.",
    )
    offset_topic: TopicName | None = Field(
        default=None,
        description="The topic in which it keeps where it is, under its name; to go on where a connector was that is gone, "
        "give the topic and the `connector_name` of that. It begins with __amazon_msk_connect_. Left out: one that is named "
        "after the connector.",
    )

    def findings(self) -> Iterator[Finding]:
        from streaming_constructs.facts.kafka_connect import INTERNAL_TOPICS

        yield from super().findings()
        yield from listed_once(self, "to")
        if self.offset_topic is not None and not self.offset_topic.startswith(INTERNAL_TOPICS):
            yield Finding(
                "MSK426",
                f"the topic of positions begins with {INTERNAL_TOPICS}",
                ("offset_topic",),
                note=f"it is `{self.offset_topic}`; the connector may use no other topics beside those of `to`",
                help=f"set `offset_topic: {INTERNAL_TOPICS}{self.offset_topic[:200]}`, or take it out",
                edits=(Edit(("offset_topic",)),),
            )
