"""What changes of templates mean for connectors on MSK Connect."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, piece, review_code

_GUIDE = "https://docs.aws.amazon.com/msk/latest/developerguide"
_OFFSETS = f"{_GUIDE}/msk-connect-manage-connector-offsets.html"
_CONNECT = "https://kafka.apache.org/documentation/#connectconfigs"
_SINK = "https://kafka.apache.org/documentation/#sinkconnectorconfigs"


def connector(settings: str, more: str = "") -> str:
    """A connector with some settings."""
    return piece(f"""
            Lake:
              Type: AWS::KafkaConnect::Connector
              Properties: {{ConnectorName: lake, {more}ConnectorConfiguration: {{{settings}}}}}
    """)


def _workers(version: str) -> str:
    return connector("topics: clicks, consumer.override.group.id: lake", f"KafkaConnectVersion: {version}, ")


CODES: tuple[Code, ...] = (
    review_code(
        "REV440",
        "danger",
        "position-reset",
        "a connector is replaced, and the new one does not know how far the old one was",
        "All but its capacity, its settings and its tags replaces a connector. A sink goes on from the offsets of its "
        "group, which has the connector's name; a source from a topic of offsets that a new one makes anew, unless "
        "its workers name one.",
        before="""
            Shop:
              Type: AWS::KafkaConnect::Connector
              Properties: {ConnectorName: shop, ConnectorConfiguration: {topic.prefix: shop}}
        """,
        after="""
            Shop:
              Type: AWS::KafkaConnect::Connector
              Properties: {ConnectorName: shop-2, ConnectorConfiguration: {topic.prefix: shop}}
        """,
        source=_OFFSETS,
    ),
    review_code(
        "REV441",
        "caution",
        "replacement",
        "a connector is replaced, and the new one goes on where the old one was",
        "Its group, or its topic of offsets, has a name of its own that the new one has too. While both are there "
        "records may be handled twice, and two connectors cannot have one name.",
        before=_workers("2.7.1"),
        after=_workers("3.7.x"),
        source=_OFFSETS,
    ),
    review_code(
        "REV442",
        "caution",
        "scaling",
        "a connector runs on less, or in fewer tasks",
        "The same load is carried by less. A connector that falls behind for longer than the retention of its topics "
        "loses records.",
        before=connector("topics: clicks", "Capacity: {ProvisionedCapacity: {McuCount: 2, WorkerCount: 2}}, "),
        after=connector("topics: clicks", "Capacity: {ProvisionedCapacity: {McuCount: 1, WorkerCount: 2}}, "),
        source=f"{_GUIDE}/msk-connect-capacity.html",
    ),
    review_code(
        "REV443",
        "fine",
        "scaling",
        "a connector runs on more, or in more tasks",
        "Its tasks are spread over more workers, after a restart of all of them. It costs what its MSK Connect Units "
        "cost.",
        before=connector('tasks.max: "2", topics: clicks'),
        after=connector('tasks.max: "4", topics: clicks'),
        source=f"{_GUIDE}/msk-connect-capacity.html",
    ),
    review_code(
        "REV444",
        "danger",
        "data-loss",
        "a connector no longer reads some topics or tables",
        "What is written to them from now on is missing where it went to, while all that is there looks as before. "
        "Once their retention is over, it cannot be fetched later.",
        before=connector('topics: "clicks,orders"'),
        after=connector("topics: clicks"),
        source=f"{_SINK}_topics",
    ),
    review_code(
        "REV445",
        "danger",
        "delivery",
        "records that a connector fails on are dropped without a trace",
        "With `errors.tolerance=all` a connector goes on after a record that it cannot read or write. Without a topic "
        "for them such records are gone; the offsets say that they were handled.",
        before=connector("topics: clicks, errors.tolerance: none"),
        after=connector("topics: clicks, errors.tolerance: all"),
        mend=connector("topics: clicks, errors.tolerance: all, errors.deadletterqueue.topic.name: failed"),
        source=f"{_CONNECT}_errors.tolerance",
    ),
    review_code(
        "REV446",
        "caution",
        "delivery",
        "records that a connector fails on are handled less carefully",
        "They go to another topic, are tried for a shorter time, or are not seen in the log: nothing is lost at once, "
        "but it is found later.",
        before=connector("topics: clicks, errors.tolerance: none, errors.deadletterqueue.topic.name: failed"),
        after=connector("topics: clicks, errors.tolerance: all, errors.deadletterqueue.topic.name: failed"),
        source=f"{_SINK}_errors.deadletterqueue.topic.name",
    ),
    review_code(
        "REV447",
        "danger",
        "position-reset",
        "a setting by which a connector knows its position is another",
        "The group of a sink, and the prefix, the slot and the class of a source, are what its offsets are kept "
        "under. With another it starts anew: it reads all again, or skips what came meanwhile.",
        before=connector("topics: clicks, consumer.override.group.id: lake"),
        after=connector("topics: clicks, consumer.override.group.id: lake-2"),
        source=_OFFSETS,
    ),
    review_code(
        "REV448",
        "danger",
        "schema",
        "a connector writes files of another format beside those that are there",
        "A table reads all files below its prefix in one format. Those of the other one fail, or are read as nonsense.",
        before=connector("topics: clicks, format.class: io.confluent.connect.s3.format.json.JsonFormat"),
        after=connector("topics: clicks, format.class: io.confluent.connect.s3.format.parquet.ParquetFormat"),
        source="https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html",
    ),
    review_code(
        "REV449",
        "caution",
        "schema",
        "what a connector writes looks otherwise, or lies in another place",
        "Converters, transformations and partitioners decide what records look like and where they are found. What "
        "reads them has to know both the old and the new.",
        before=connector("topics: clicks, topics.dir: raw"),
        after=connector("topics: clicks, topics.dir: lake"),
        source=f"{_CONNECT}_value.converter",
    ),
    review_code(
        "REV450",
        "danger",
        "encryption",
        "a secret stands in a template in plain text",
        "Templates, the descriptions of connectors and applications, and often their logs, are read by more people "
        "than the database behind the secret. It also stays in each version of the stack.",
        before=connector('topics: clicks, database.password: "${secretsmanager:shop:password}"'),
        after=connector("topics: clicks, database.password: hunter2"),
        source=f"{_GUIDE}/msk-connect-config-provider.html",
    ),
    review_code(
        "REV451",
        "caution",
        "none",
        "a setting of a connector is another, and what it means is for its class",
        "Each class of connectors has settings of its own. They are changed in place, and all tasks are restarted "
        "with them.",
        before=connector("topics: clicks, hello: world"),
        after=connector("topics: clicks, hello: moon"),
        source=f"{_GUIDE}/msk-connect-connectors.html",
    ),
    review_code(
        "REV452",
        "fine",
        "none",
        "a setting of a connector guards more, reads more, or only tunes it",
        "Sizes of batches and intervals change when records are handled, not which. All tasks are restarted with them.",
        before=connector('topics: clicks, flush.size: "1000"'),
        after=connector('topics: clicks, flush.size: "10000"'),
        source=f"{_GUIDE}/msk-connect-connectors.html",
    ),
)
