"""Connectors that take records out of topics: to S3, to a database, or wherever a class writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from streaming_constructs.facts.kafka_connect import S3_BUCKET, S3_SINK
from streaming_constructs.spec.connectors.connector import KafkaConnectorSpec
from streaming_constructs.spec.finding import Edit, Finding, SpecPath
from streaming_constructs.spec.kafka_configs import config_text
from streaming_constructs.spec.model import NodeNames
from streaming_constructs.spec.node import BucketFolder, Reference


class SinkConnectorSpec(KafkaConnectorSpec):
    """A connector that reads topics and writes elsewhere. Its group stays the same when it is replaced."""

    references: ClassVar = (
        Reference(("cluster",), "uses", ("clusters",), "cluster"),
        Reference(("from",), "from", ("streams",), "topic", kinds=("kafka",)),
    )
    connects: ClassVar[str] = "sink"
    example: ClassVar = {
        "kind": "sink",
        "cluster": "main",
        "plugin": {"bucket": "my-plugins", "key": "my-sink.zip"},
        "from": "orders",
        "config": {"connector.class": "com.example.MySinkConnector", "tasks.max": 1},
    }

    kind: Literal["sink"] = Field(default="sink", description="A connector that reads topics.")
    from_: NodeNames = Field(
        min_length=1,
        validation_alias="from",
        serialization_alias="from",
        description="The topics that it reads: one of `streams`, or a list.",
    )

    def findings(self) -> Iterator[Finding]:
        yield from super().findings()
        for position, source in enumerate(self.from_):
            if source in self.from_[:position]:
                yield Finding(
                    "LNG406",
                    "an item of `from` is listed twice",
                    ("from", position),
                    note=f"it is the same as item {self.from_.index(source)}, counted from 0",
                    help="take one out",
                    edits=(Edit(("from", position)),),
                )
        if "topics" in self.config:
            yield Finding(
                "MSK425",
                "`topics` is said by `from`",
                ("config", "topics"),
                note="a topic that only the configuration names would be read without permission",
                help="take it out, and name the nodes of the topics in `from`",
                edits=(Edit(("config", "topics")),),
            )

    def bucket_folders(self, name: str) -> Iterator[BucketFolder]:
        bucket = config_text(self.config.get(S3_BUCKET, ""))
        if self.class_name == S3_SINK and bucket:
            folder = config_text(self.config.get("topics.dir", "topics")).strip("/")
            # Below it each topic has a folder of its own, so two sinks of different topics do not meet.
            for source in self.from_:
                yield BucketFolder(("config", S3_BUCKET), bucket, f"{folder}/{source}/")

    def adopted(self, name: str) -> Iterator[tuple[SpecPath, str]]:
        # One bucket, however many topics lie in it.
        yield from dict.fromkeys((place.path, f"s3://{place.bucket}") for place in self.bucket_folders(name))
