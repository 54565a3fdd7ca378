"""The connectors of Flink SQL that are served for Managed Flink, with their options, as their own documentation names them.

Which jars they are in stands in `facts.flink_connector_jars`.
"""

from __future__ import annotations

from dataclasses import dataclass

from streaming_constructs.facts.fact import Fact

_AWS = "https://github.com/apache/flink-connector-aws/tree/main/docs/content/docs/connectors/table"
_KAFKA = "https://nightlies.apache.org/flink/flink-docs-stable/docs/connectors/table"
_FLINK = "https://nightlies.apache.org/flink/flink-docs-stable/docs/connectors/table"
_READ = "2026-11-28"


@dataclass(frozen=True, slots=True)
class Connector:
    """A connector of Flink SQL.

    Attributes:
        name: What `'connector' = '…'` says.
        options: The options that it takes; those of formats begin with the format's name, and are not among them.
        prefixes: How further options begin that it hands on.
        required: Those that it does not do without.
        is_source: Whether it reads.
        is_sink: Whether it writes.
        takes_updates: Whether a row that was written may be changed later.
        needs_jar: Whether a jar has to have it; Flink has the others itself. Source:
            https://nightlies.apache.org/flink/flink-docs-release-2.2/docs/connectors/table/overview/, read 2026-11-28.
        source: The page that describes it.
        checked: The day that it was read (ISO 8601).
    """

    name: str
    options: frozenset[str]
    prefixes: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    is_source: bool = False
    is_sink: bool = False
    takes_updates: bool = False
    needs_jar: bool = True
    source: str = _FLINK
    checked: str = _READ


_AWS_CLIENT = ("aws.",)
_ASYNC_SINK = frozenset(
    {
        "sink.batch.max-size",
        "sink.requests.max-inflight",
        "sink.requests.max-buffered",
        "sink.flush-buffer.size",
        "sink.flush-buffer.timeout",
        "sink.fail-on-error",
    }
)
_KAFKA_COMMON = frozenset(
    {
        "topic",
        "properties.bootstrap.servers",
        "properties.group.id",
        "key.format",
        "key.fields-prefix",
        "value.format",
        "value.fields-include",
        "sink.parallelism",
        "sink.delivery-guarantee",
        "sink.transactional-id-prefix",
        "sink.transaction-naming-strategy",
        "scan.parallelism",
    }
)

CONNECTORS = {
    connector.name: connector
    for connector in (
        Connector(
            "kinesis",
            frozenset(
                {
                    "stream.arn",
                    "format",
                    "source.init.position",
                    "source.init.timestamp",
                    "source.init.timestamp.format",
                    "source.shard.discovery.interval",
                    "source.shard.get-records.max-record-count",
                    "source.reader.type",
                    "source.reader.empty-records-fetch-interval",
                    "source.efo.consumer.name",
                    "source.efo.lifecycle",
                    "source.efo.subscription.timeout",
                    "source.efo.deregister.timeout",
                    "source.efo.describe.retry-strategy.attempts.max",
                    "source.efo.describe.retry-strategy.delay.min",
                    "source.efo.describe.retry-strategy.delay.max",
                    "source.shard-assigner",
                    "source.uniform-shard-assigner",
                    "sink.partitioner",
                    "sink.partitioner-field-delimiter",
                    "sink.http-client.max-concurrency",
                    "sink.http-client.read-timeout",
                    "sink.http-client.protocol.version",
                    *_ASYNC_SINK,
                }
            ),
            prefixes=(*_AWS_CLIENT, "sink.producer.", "sink.http-client."),
            required=("stream.arn", "aws.region", "format"),
            is_source=True,
            is_sink=True,
            source=f"{_AWS}/kinesis.md",
        ),
        Connector(
            "firehose",
            frozenset({"delivery-stream", "format", *_ASYNC_SINK}),
            prefixes=(*_AWS_CLIENT, "sink.http-client."),
            required=("delivery-stream", "aws.region", "format"),
            is_sink=True,
            source=f"{_AWS}/firehose.md",
        ),
        Connector(
            "dynamodb",
            frozenset({"table-name", "sink.ignore-nulls", *_ASYNC_SINK}),
            prefixes=(*_AWS_CLIENT, "sink.http-client."),
            required=("table-name", "aws.region"),
            is_sink=True,
            takes_updates=True,
            source=f"{_AWS}/dynamodb.md",
        ),
        Connector(
            "kafka",
            _KAFKA_COMMON
            | {
                "topic-pattern",
                "format",
                "key.fields",
                "scan.startup.mode",
                "scan.startup.specific-offsets",
                "scan.startup.timestamp-millis",
                "scan.bounded.mode",
                "scan.bounded.specific-offsets",
                "scan.bounded.timestamp-millis",
                "scan.topic-partition-discovery.interval",
                "scan.watermark.emit.strategy",
                "scan.watermark.emit.on-event.gap",
                "scan.watermark.idle-timeout",
                "scan.watermark.alignment.group",
                "scan.watermark.alignment.max-drift",
                "scan.watermark.alignment.update-interval",
                "sink.partitioner",
            },
            prefixes=("properties.",),
            required=("topic", "properties.bootstrap.servers"),
            is_source=True,
            is_sink=True,
            source=f"{_KAFKA}/kafka/",
        ),
        Connector(
            "upsert-kafka",
            _KAFKA_COMMON
            | {
                "sink.buffer-flush.max-rows",
                "sink.buffer-flush.interval",
                "scan.bounded.mode",
                "scan.bounded.specific-offsets",
                "scan.bounded.timestamp-millis",
            },
            prefixes=("properties.",),
            required=("topic", "properties.bootstrap.servers", "key.format", "value.format"),
            is_source=True,
            is_sink=True,
            takes_updates=True,
            source=f"{_KAFKA}/upsert-kafka/",
        ),
        Connector(
            "filesystem",
            frozenset(
                {"path", "format", "source.monitor-interval", "source.path.regex-pattern", "source.report-statistics"}
            ),
            prefixes=("sink.", "auto-compaction", "compaction.", "partition."),
            required=("path", "format"),
            is_source=True,
            is_sink=True,
            needs_jar=False,
            source=f"{_FLINK}/filesystem/",
        ),
        Connector(
            "datagen",
            frozenset({"rows-per-second", "number-of-rows", "scan.parallelism"}),
            prefixes=("fields.",),
            is_source=True,
            needs_jar=False,
            source=f"{_FLINK}/datagen/",
        ),
        Connector(
            "print",
            frozenset({"print-identifier", "standard-error", "sink.parallelism"}),
            is_sink=True,
            takes_updates=True,
            needs_jar=False,
            source=f"{_FLINK}/print/",
        ),
        Connector(
            "blackhole",
            frozenset(),
            is_sink=True,
            takes_updates=True,
            needs_jar=False,
            source=f"{_FLINK}/blackhole/",
        ),
    )
}
"""Every connector that the library knows, by name."""

FORMATS_OF_JARS = ("avro", "orc", "parquet")
"""Those of the formats that Flink does not have itself.

Source: https://nightlies.apache.org/flink/flink-docs-stable/docs/connectors/table/formats/overview/, read 2026-11-28
"""
FILE_ROLLOVER = Fact(
    30,
    "Minutes",
    "https://github.com/apache/flink/blob/release-2.3/docs/content/docs/connectors/table/filesystem.md",
    _READ,
)
"""How long `filesystem` writes to a file of rows, such as JSON, unless `sink.rolling-policy.rollover-interval` says otherwise;
nobody sees it before. Of Parquet, Avro and ORC, and with `auto-compaction`, each checkpoint ends a file."""
FORMATS = ("json", "csv", "raw", "avro", "debezium-json", "canal-json", "maxwell-json", "ogg-json", "parquet", "orc")
"""Formats; their options begin with their names."""

DEAD_OPTIONS = {
    "stream": "stream.arn",
    "scan.stream.initpos": "source.init.position",
    "scan.stream.initpos-timestamp": "source.init.timestamp",
    "scan.stream.initpos-timestamp-format": "source.init.timestamp.format",
    "scan.stream.recordpublisher": "source.reader.type",
    "scan.stream.efo.consumername": "source.efo.consumer.name",
    "scan.stream.efo.registration": "source.efo.lifecycle",
    "scan.shard.discovery.intervalmillis": "source.shard.discovery.interval",
    "scan.shard.getrecords.maxrecordcount": "source.shard.get-records.max-record-count",
}
"""What options of `kinesis` were called before its version 5, and what they are now."""

IAM_OPTIONS = {
    "properties.security.protocol": "SASL_SSL",
    "properties.sasl.mechanism": "AWS_MSK_IAM",
    "properties.sasl.jaas.config": "software.amazon.msk.auth.iam.IAMLoginModule required;",
    "properties.sasl.client.callback.handler.class": "software.amazon.msk.auth.iam.IAMClientCallbackHandler",
}
"""How a client of Kafka says who it is with IAM.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/configure-clients-for-iam-access-control.html
"""
MAP_KEY = "STRING"
"""The one type of the keys of maps that Flink's JSON has."""
