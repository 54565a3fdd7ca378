"""Every rule of Firehose that a spec could break: what breaks it, what is said, and the nearest spec that is right.

What the language has no words for stands here too: with the error of who tries, or with what is planned whatever the spec says.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest

from streaming_constructs.facts import firehose
from streaming_constructs.planning import PipelinePlan
from streaming_constructs.planning.deliveries.firehose import BACKUP_BUFFER_MIB, BACKUP_BUFFER_SECONDS, DeliveryPlan
from streaming_constructs.planning.deliveries.processors import Processor, processors
from streaming_constructs.planning.deliveries.s3 import S3DeliveryPlan
from streaming_constructs.planning.glue_table import timestamp_patterns
from streaming_constructs.planning.plan_file import plan_document
from streaming_constructs.spec.finding import Finding, Level
from streaming_constructs.spec.read import open_document

GUIDE = "https://docs.aws.amazon.com/firehose/latest/dev"
API = "https://docs.aws.amazon.com/firehose/latest/APIReference"
BUFFERING = f"{GUIDE}/create-configure-backup.html"
CONVERSION = f"{GUIDE}/enable-record-format-conversion.html"
JSON = f"{GUIDE}/record-format-conversion.html"
PARTITIONING = f"{GUIDE}/dynamic-partitioning.html"
PARTITION_BUFFERS = f"{GUIDE}/buffering.html"
DEAGGREGATION = f"{GUIDE}/dynamic-partitioning-multirecord-deaggergation.html"
CLOUDWATCH_LOGS = f"{GUIDE}/writing-with-cloudwatch-logs.html"
TRANSFORMATION = f"{GUIDE}/data-transformation.html"
QUOTAS = f"{GUIDE}/limits.html"
ENCRYPTION = f"{GUIDE}/encryption.html"
PREFIXES = f"{GUIDE}/s3-prefixes.html"
STREAM = f"{API}/API_CreateDeliveryStream.html"
ARCHIVE = f"{API}/API_ExtendedS3DestinationConfiguration.html"
LARGE_RECORDS = "https://docs.aws.amazon.com/streams/latest/dev/large-records.html"

BASE = """\
name: shop
removal_policy: destroy
schemas:
  click:
    country: string
    at: timestamp
    sizes: array<double>
    #schema
streams:
  clicks:
    kind: kinesis
    schema: click
    workload: {records_per_second: 5000, record_kb: 1}
    #stream
deliveries:
  lake:
    from: clicks
    #delivery
    to:
      kind: s3
      #to
#all
"""
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:search-AbCdEf"
REQUIRED = {
    "opensearch": "domain_arn: arn:aws:es:eu-west-1:123456789012:domain/search",
    "opensearch_serverless": "collection_arn: arn:aws:aoss:eu-west-1:123456789012:collection/abc\n"
    "      collection_endpoint: https://abc.eu-west-1.aoss.amazonaws.com",
    "redshift": "jdbc_url: jdbc:redshift://shop.abc.eu-west-1.redshift.amazonaws.com:5439/shop\n"
    f"      secret_arn: {SECRET}\n      table: clicks",
    "splunk": f"endpoint: https://splunk.example.com:8088\n      secret_arn: {SECRET}",
    "http": "endpoint: https://example.com/clicks",
    "snowflake": f"account_url: https://shop.snowflakecomputing.com\n      secret_arn: {SECRET}\n      database: SHOP\n"
    "      schema: PUBLIC\n      table: CLICKS",
    "iceberg": "table_bucket: tables\n      database: shop\n      table: clicks",
}
OTHERS = tuple(REQUIRED)
STREAM_ARN = "arn:aws:kinesis:eu-west-1:123456789012:stream/clicks"


def to(fields: str) -> str:
    """An archive with these fields; they start in line 21."""
    return BASE.replace("#to", fields)


def other(kind: str, fields: str) -> str:
    """Another destination with these fields; they start in line 21."""
    return BASE.replace("kind: s3", f"kind: {kind}").replace("#to", f"{fields}\n      {REQUIRED[kind]}")


def delivery(fields: str, text: str = BASE) -> str:
    """A delivery with these fields; they start in line 18."""
    return text.replace("#delivery", fields)


def direct(fields: str) -> str:
    """A delivery that is written to directly, with these fields; they start in line 18."""
    return delivery(fields).replace("from: clicks", "schema: click")


def stream(fields: str, text: str = BASE) -> str:
    """A stream with these fields; they start in line 14."""
    return text.replace("#stream", fields)


def schema(fields: str, text: str = BASE) -> str:
    """A schema with these fields; they start in line 8."""
    return text.replace("#schema", fields)


def without_schema(text: str) -> str:
    return text.replace("    schema: click\n", "    #\n")


@dataclass(frozen=True)
class Rule:
    """A rule: where AWS states it, a spec that breaks it, what is said and where, and the nearest spec that is right."""

    source: str
    broken: str
    code: str
    path: str
    line: int
    right: str
    level: Level = "error"


def buffer_rules() -> Iterator[tuple[str, Rule]]:
    for kind, mib, seconds in (
        ("s3", 128, 900),
        ("opensearch", 100, 900),
        ("opensearch_serverless", 100, 900),
        ("redshift", 128, 900),
        ("splunk", 5, 60),
        ("http", 64, 900),
        ("snowflake", 128, 900),
        ("iceberg", 128, 900),
    ):
        for field, least, most in (("buffer_mb", 1, mib), ("buffer_seconds", 0, seconds)):
            for refused, taken in ((least - 1, least), (most + 1, most)):
                broken, right = (
                    to(f"{field}: {value}") if kind == "s3" else other(kind, f"{field}: {value}")
                    for value in (refused, taken)
                )
                name = f"3.2 {kind} takes a {field} of {least} to {most}, not {refused}"
                yield name, Rule(BUFFERING, broken, "LNG204", f"deliveries.lake.to.{field}", 21, right)


def retry_rules() -> Iterator[tuple[str, Rule]]:
    for kind in OTHERS:
        for refused, taken in ((-1, 0), (7201, 7200)):
            broken, right = (other(kind, f"retry_seconds: {value}") for value in (refused, taken))
            name = f"3.6 {kind} retries for 0 to 7200 seconds, not {refused}"
            yield (
                name,
                Rule(f"{API}/API_RetryOptions.html", broken, "LNG204", "deliveries.lake.to.retry_seconds", 21, right),
            )


def transform_rules() -> Iterator[tuple[str, Rule]]:
    for field, refused, taken in (
        ("buffer_mb", "0.19", "0.2"),
        ("buffer_mb", "3.01", "3"),
        ("buffer_seconds", "-1", "0"),
        ("buffer_seconds", "901", "900"),
        ("retries", "-1", "0"),
        ("retries", "301", "300"),
    ):
        broken, right = (delivery(f"transform: {{code: handler, {field}: {value}}}") for value in (refused, taken))
        path = f"deliveries.lake.transform.{field}"
        yield (
            f"3.1 a function gets a {field} of {taken}, not {refused}",
            Rule(TRANSFORMATION, broken, "LNG204", path, 18, right),
        )


def expression_rules() -> Iterator[tuple[str, Rule]]:
    for name, write, path, right in (
        ("a prefix", lambda text: to(f"prefix: {text}"), "prefix", "lake/raw"),
        ("an error prefix", lambda text: to(f"error_prefix: {text}"), "error_prefix", "errors"),
        (
            "a source backup",
            lambda text: to(f"source_backup: {{prefix: {text}}}\n      format: parquet"),
            "source_backup.prefix",
            "copies",
        ),
        ("Redshift's staging", lambda text: other("redshift", f"staging: {{prefix: {text}}}"), "staging.prefix", "new"),
        ("a backup", lambda text: other("opensearch", f"backup: {{prefix: {text}}}"), "backup.prefix", "failed"),
    ):
        for expression in (
            "!{timestamp:yyyy}/",
            "!{firehose:error-output-type}/",
            "!{partitionKeyFromQuery:country}/",
            "!{partitionKeyFromLambda:country}/",
        ):
            rule = Rule(PREFIXES, write(f'"{expression}"'), "LNG206", f"deliveries.lake.to.{path}", 21, write(right))
            yield f"3.8 {name} has no expression of your own: {expression}", rule


def many(count: int) -> str:
    return "partition_by: [" + ", ".join(f"f{number}" for number in range(count)) + "]"


def countries(count: int, digits: int = 1) -> str:
    values = ", ".join(f"c{number:0{digits}d}" for number in range(count))
    return f"partition_by: [{{by: country, values: [{values}]}}]"


def flow(records_per_second: int, text: str) -> str:
    """A stream that has so many records of 1 KiB a second, and shards enough; its fields start in line 14."""
    fields = f"arn: {STREAM_ARN}\n    shards: {records_per_second // 500}"
    return stream(fields, text).replace("records_per_second: 5000", f"records_per_second: {records_per_second}")


PARTITIONED = to("partition_by: [country]")
RULES = {
    # --- 3.1 the delivery stream
    "3.1 a source is a Kinesis stream of the system": Rule(
        STREAM,
        BASE.replace("from: clicks", "from: {msk: clicks}"),
        "LNG203",
        "deliveries.lake.from",
        17,
        BASE,
    ),
    "3.1 a delivery is no source": Rule(
        STREAM, BASE.replace("from: clicks", "from: lake"), "GRF303", "deliveries.lake.from", 17, BASE
    ),
    "3.1 a delivery from a stream has no direct source beside it": Rule(
        STREAM,
        delivery("workload: {records_per_second: 1, record_kb: 1}"),
        "LNG404",
        "deliveries.lake.workload",
        18,
        direct("workload: {records_per_second: 1, record_kb: 1}"),
    ),
    "3.1 Elasticsearch is a destination of the past": Rule(
        STREAM,
        BASE.replace("kind: s3", "kind: elasticsearch"),
        "LNG205",
        "deliveries.lake.to.kind",
        20,
        other("opensearch", ""),
    ),
    "3.1 a delivery has one destination, not a list": Rule(
        STREAM, BASE.replace("      kind: s3", "      - kind: s3"), "LNG203", "deliveries.lake.to", 19, BASE
    ),
    "3.1 a delivery has one destination, not two in one": Rule(
        STREAM, to(REQUIRED["opensearch"]), "LNG201", "deliveries.lake.to.domain_arn", 21, other("opensearch", "")
    ),
    "3.1 its name is not chosen: it could never be changed": Rule(
        STREAM, delivery("name: lake"), "LNG201", "deliveries.lake.name", 18, BASE
    ),
    "3.1 the throughput hint informs nobody": Rule(
        f"{API}/API_DirectPutSourceConfiguration.html",
        direct("throughput_hint_mib: 101"),
        "LNG201",
        "deliveries.lake.throughput_hint_mib",
        18,
        direct("workload: {records_per_second: 1, record_kb: 1}"),
    ),
    "3.1 a stream has 50 tags": Rule(
        STREAM,
        BASE.replace("#all", "tags: {" + ", ".join(f"k{number}: v" for number in range(51)) + "}"),
        "LNG204",
        "tags",
        22,
        BASE.replace("#all", "tags: {" + ", ".join(f"k{number}: v" for number in range(50)) + "}"),
    ),
    "3.1 a time zone is named by its place": Rule(
        ARCHIVE, to("time_zone: '+02:00'"), "LNG206", "deliveries.lake.to.time_zone", 21, to("time_zone: Europe/Berlin")
    ),
    "3.8 a time zone is one that there is": Rule(
        ARCHIVE,
        to("time_zone: Mars/Olympus"),
        "FIR733",
        "deliveries.lake.to.time_zone",
        21,
        to("time_zone: Asia/Tokyo"),
    ),
    "3.1 objects have the extension of their format": Rule(
        ARCHIVE, to("file_extension: .txt"), "LNG201", "deliveries.lake.to.file_extension", 21, to("format: json")
    ),
    "3.1 objects are compressed in one of four ways": Rule(
        ARCHIVE,
        to("format: json\n      compression: lzo"),
        "LNG205",
        "deliveries.lake.to.compression",
        22,
        to("format: json\n      compression: hadoop_snappy"),
    ),
    "3.1 processors follow from what is asked for": Rule(
        f"{API}/API_Processor.html", to("processors: []"), "LNG201", "deliveries.lake.to.processors", 21, BASE
    ),
    "3.1 messages are taken out of what is decompressed": Rule(
        CLOUDWATCH_LOGS,
        delivery("extract_log_messages: true"),
        "LNG404",
        "deliveries.lake.extract_log_messages",
        18,
        delivery("extract_log_messages: true\n    decompress_cloudwatch_logs: true"),
    ),
    "3.1 OpenSearch takes one log event in a record": Rule(
        CLOUDWATCH_LOGS,
        delivery("decompress_cloudwatch_logs: true", other("opensearch", "")),
        "FIR732",
        "deliveries.lake.decompress_cloudwatch_logs",
        18,
        delivery("decompress_cloudwatch_logs: true", other("splunk", "")),
    ),
    "3.1 records in one are JSON or have a delimiter": Rule(
        DEAGGREGATION,
        delivery("deaggregate: xml", PARTITIONED),
        "LNG205",
        "deliveries.lake.deaggregate",
        18,
        delivery("deaggregate: json", PARTITIONED),
    ),
    "3.1 a delimiter is given": Rule(
        DEAGGREGATION,
        delivery("deaggregate: {}", PARTITIONED),
        "LNG202",
        "deliveries.lake.deaggregate",
        18,
        delivery("deaggregate: {delimiter: '|'}", PARTITIONED),
    ),
    **dict(transform_rules()),
    # --- 3.2 buffering hints
    **dict(buffer_rules()),
    "3.2 Datadog takes 4 MiB": Rule(
        BUFFERING,
        other("http", "buffer_mb: 5").replace("example.com", "aws-kinesis-http-intake.logs.datadoghq.eu"),
        "FIR721",
        "deliveries.lake.to.buffer_mb",
        21,
        other("http", "buffer_mb: 4").replace("example.com", "aws-kinesis-http-intake.logs.datadoghq.eu"),
    ),
    "3.2 MongoDB takes 16 MiB": Rule(
        BUFFERING,
        other("http", "buffer_mb: 17").replace("example.com", "eu-west-1.aws.webhooks.mongodb-realm.com"),
        "FIR721",
        "deliveries.lake.to.buffer_mb",
        21,
        other("http", "buffer_mb: 16").replace("example.com", "eu-west-1.aws.webhooks.mongodb-realm.com"),
    ),
    "3.2 a source backup cannot do without buffering": Rule(
        f"{GUIDE}/buffering-hints.html",
        to("format: parquet\n      source_backup: {buffer_seconds: 0}"),
        "LNG201",
        "deliveries.lake.to.source_backup.buffer_seconds",
        22,
        to("format: parquet\n      source_backup: {}"),
    ),
    "3.2 a backup cannot do without buffering": Rule(
        f"{GUIDE}/buffering-hints.html",
        other("splunk", "backup: {buffer_seconds: 0}"),
        "LNG201",
        "deliveries.lake.to.backup.buffer_seconds",
        21,
        other("splunk", "backup: {}"),
    ),
    "3.2 partitions cannot do without buffering": Rule(
        PARTITION_BUFFERS,
        to("partition_by: [country]\n      buffer_seconds: 0"),
        "FIR703",
        "deliveries.lake.to.buffer_seconds",
        22,
        to("partition_by: [day(arrival)]\n      buffer_seconds: 0"),
    ),
    # --- 3.3 conversion
    **{
        f"3.3 only S3 converts, not {kind}": Rule(
            CONVERSION, other(kind, "format: parquet"), "LNG201", "deliveries.lake.to.format", 21, to("format: parquet")
        )
        for kind in OTHERS
    },
    **{
        f"3.3 conversion to {kind} has a buffer of 64 MiB": Rule(
            CONVERSION,
            to(f"format: {kind}\n      buffer_mb: 63"),
            "FIR702",
            "deliveries.lake.to.buffer_mb",
            22,
            to(f"format: {kind}\n      buffer_mb: 64"),
        )
        for kind in ("parquet", "orc")
    },
    "3.3 conversion of partitions has a buffer of 64 MiB": Rule(
        CONVERSION,
        to("format: parquet\n      partition_by: [country]\n      buffer_mb: 63"),
        "FIR702",
        "deliveries.lake.to.buffer_mb",
        23,
        to("format: parquet\n      partition_by: [country]\n      buffer_mb: 64"),
    ),
    "3.3 no settings of another format": Rule(
        CONVERSION,
        to("format: parquet\n      stripe_mb: 64"),
        "LNG404",
        "deliveries.lake.to.stripe_mb",
        22,
        to("format: orc\n      stripe_mb: 64"),
    ),
    "3.3 no newlines where there are no lines": Rule(
        CONVERSION,
        to("format: orc\n      newline: true"),
        "LNG404",
        "deliveries.lake.to.newline",
        22,
        to("format: json\n      newline: true"),
    ),
    "3.3 Parquet is not compressed as an archive of JSON": Rule(
        f"{API}/API_ParquetSerDe.html",
        to("format: parquet\n      compression: zip"),
        "LNG205",
        "deliveries.lake.to.compression",
        22,
        to("format: parquet\n      compression: none"),
    ),
    "3.3 ORC knows zlib, not gzip": Rule(
        f"{API}/API_OrcSerDe.html",
        to("format: orc\n      compression: gzip"),
        "LNG205",
        "deliveries.lake.to.compression",
        22,
        to("format: orc\n      compression: zlib"),
    ),
    "3.3 a row group of Parquet has 64 MiB": Rule(
        f"{API}/API_ParquetSerDe.html",
        to("format: parquet\n      block_mb: 63"),
        "LNG204",
        "deliveries.lake.to.block_mb",
        22,
        to("format: parquet\n      block_mb: 64"),
    ),
    "3.3 a stripe of ORC has 8 MiB": Rule(
        f"{API}/API_OrcSerDe.html",
        to("format: orc\n      stripe_mb: 7"),
        "LNG204",
        "deliveries.lake.to.stripe_mb",
        22,
        to("format: orc\n      stripe_mb: 8"),
    ),
    "3.3 the table has a schema": Rule(
        CONVERSION,
        without_schema(to("format: parquet")),
        "FIR701",
        "deliveries.lake.to.format",
        21,
        without_schema(to("format: json")),
    ),
    "3.3 a bloom filter is of a column": Rule(
        f"{API}/API_OrcSerDe.html",
        to("format: orc\n      bloom_filter_columns: [country, land]"),
        "FIR704",
        "deliveries.lake.to.bloom_filter_columns[1]",
        22,
        to("format: orc\n      bloom_filter_columns: [country, COUNTRY]"),
    ),
    "3.3 patterns of times are those of Joda, not of strftime": Rule(
        f"{API}/API_HiveJsonSerDe.html",
        schema("seen: {type: timestamp, timestamp_format: '%d/%m/%Y'}", to("format: parquet")),
        "LNG206",
        "schemas.click.seen.timestamp_format",
        8,
        schema("seen: {type: timestamp, timestamp_format: dd/MM/yyyy}", to("format: parquet")),
    ),
    "3.3 the SerDe of patterns has no mapping of keys": Rule(
        f"{API}/API_HiveJsonSerDe.html",
        schema(
            "seen: {type: timestamp, timestamp_format: dd/MM/yyyy}\n    agent: {type: string, json_key: user-agent}",
            to("format: parquet"),
        ),
        "FIR717",
        "deliveries.lake.to.format",
        22,
        schema(
            "seen: {type: timestamp, timestamp_format: epoch_millis}\n    agent: {type: string, json_key: user-agent}",
            to("format: parquet"),
        ),
    ),
    "3.3 the SerDe of patterns reads milliseconds, not seconds": Rule(
        JSON,
        schema(
            "seen: {type: timestamp, timestamp_format: dd/MM/yyyy}\n"
            "    left: {type: timestamp, timestamp_format: epoch_seconds}",
            to("format: orc"),
        ),
        "FIR717",
        "deliveries.lake.to.format",
        22,
        schema(
            "seen: {type: timestamp, timestamp_format: dd/MM/yyyy}\n"
            "    left: {type: timestamp, timestamp_format: epoch_millis}",
            to("format: orc"),
        ),
    ),
    "3.3 a form of time is for a timestamp": Rule(
        JSON,
        schema("seen: {type: bigint, timestamp_format: epoch_millis}"),
        "SCH209",
        "schemas.click.seen.timestamp_format",
        8,
        schema("seen: {type: timestamp, timestamp_format: epoch_millis}"),
    ),
    "3.3 a key is read into one column": Rule(
        f"{API}/API_OpenXJsonSerDe.html",
        schema("land: {type: string, json_key: Country}"),
        "SCH210",
        "schemas.click.land.json_key",
        8,
        schema("land: {type: string, json_key: Land}"),
    ),
    # --- 3.4 dynamic partitioning
    **{
        f"3.4 only S3 has partitions, not {kind}": Rule(
            PARTITIONING,
            other(kind, "partition_by: [country]"),
            "LNG201",
            "deliveries.lake.to.partition_by",
            21,
            PARTITIONED,
        )
        for kind in OTHERS
    },
    "3.4 partitions have a buffer of 64 MiB": Rule(
        PARTITION_BUFFERS,
        to("partition_by: [country]\n      buffer_mb: 63"),
        "FIR703",
        "deliveries.lake.to.buffer_mb",
        22,
        to("partition_by: [country]\n      buffer_mb: 64"),
    ),
    "3.4 partitions have a buffer of 60 seconds": Rule(
        PARTITION_BUFFERS,
        to("partition_by: [hour(at)]\n      buffer_seconds: 59"),
        "FIR703",
        "deliveries.lake.to.buffer_seconds",
        22,
        to("partition_by: [hour(at)]\n      buffer_seconds: 60"),
    ),
    # Of 50 keys no name is so short that the prefix is not too long first.
    "3.4 there are 50 keys": Rule(
        PARTITIONING,
        without_schema(to(many(51))),
        "FIR716",
        "deliveries.lake.to.partition_by",
        21,
        without_schema(to(many(26))),
    ),
    "3.4 there are 500 active partitions": Rule(
        QUOTAS,
        to(countries(499)),
        "FIR727",
        "deliveries.lake.to.partition_by",
        21,
        to(countries(498)),
        "warning",
    ),
    "3.4 a partition takes 1 GB a second": Rule(
        QUOTAS,
        flow(1_024_001, to("partition_by: [day(at)]")),
        "FIR730",
        "deliveries.lake.to.partition_by",
        22,
        flow(1_024_000, to("partition_by: [day(at)]")),
        "warning",
    ),
    "3.4 each of several partitions takes 1 GB a second": Rule(
        QUOTAS,
        flow(3_072_001, to("partition_by: [{by: country, values: [de]}]")),
        "FIR730",
        "deliveries.lake.to.partition_by",
        22,
        flow(3_072_000, to("partition_by: [{by: country, values: [de]}]")),
        "warning",
    ),
    "3.4 folders by arrival have no such limit": Rule(
        QUOTAS,
        flow(1_024_001, to("partition_by: [day(at), day(arrival)]")),
        "FIR730",
        "deliveries.lake.to.partition_by",
        22,
        flow(1_024_001, to("partition_by: [day(arrival)]")),
        "warning",
    ),
    **{
        f"3.4 partitions are tried again for 0 to 7200 seconds, not {refused}": Rule(
            f"{API}/API_RetryOptions.html",
            to(f"partition_by: [country]\n      retry_seconds: {refused}"),
            "LNG204",
            "deliveries.lake.to.retry_seconds",
            22,
            to(f"partition_by: [country]\n      retry_seconds: {taken}"),
        )
        for refused, taken in ((-1, 0), (7201, 7200))
    },
    "3.4 only partitions are tried again for a time": Rule(
        f"{API}/API_DynamicPartitioningConfiguration.html",
        to("retry_seconds: 300"),
        "LNG404",
        "deliveries.lake.to.retry_seconds",
        21,
        to("retry_seconds: 300\n      partition_by: [country]"),
    ),
    "3.4 a partitioned record has 1 MiB": Rule(
        LARGE_RECORDS,
        stream("max_record_kb: 1025", PARTITIONED),
        "FIR708",
        "deliveries.lake.to",
        19,
        stream("max_record_kb: 1024", PARTITIONED),
        "warning",
    ),
    **{
        f"3.4 a record for {kind} has 1 MiB": Rule(
            LARGE_RECORDS,
            stream("max_record_kb: 1025", other(kind, "")),
            "FIR708",
            "deliveries.lake.to",
            19,
            stream("max_record_kb: 1024", other(kind, "")),
            "warning",
        )
        for kind in ("http", "redshift", "snowflake")
    },
    "3.4 a key is a field of the record": Rule(
        PARTITIONING,
        to("partition_by: [day(arrival), land]"),
        "FIR704",
        "deliveries.lake.to.partition_by[1]",
        21,
        to("partition_by: [day(arrival), country]"),
    ),
    "3.4 a key is one value": Rule(
        PARTITIONING, to("partition_by: [sizes]"), "FIR705", "deliveries.lake.to.partition_by[0]", 21, PARTITIONED
    ),
    "3.4 a day is that of a time": Rule(
        PARTITIONING,
        to("partition_by: [day(country)]"),
        "FIR705",
        "deliveries.lake.to.partition_by[0]",
        21,
        to("partition_by: [day(at)]"),
    ),
    "3.4 jq reads no pattern of Joda": Rule(
        PARTITIONING,
        schema("seen: {type: timestamp, timestamp_format: dd/MM/yyyy}", to("partition_by: [day(seen)]")),
        "FIR705",
        "deliveries.lake.to.partition_by[0]",
        21,
        schema("seen: {type: timestamp, timestamp_format: epoch_seconds}", to("partition_by: [day(seen)]")),
    ),
    "3.4 a key is taken out of the record by jq, not by a function": Rule(
        f"{GUIDE}/dynamic-partitioning-partitioning-keys.html",
        to("partition_by: ['partitionKeyFromLambda:country']"),
        "LNG206",
        "deliveries.lake.to.partition_by[0]",
        21,
        PARTITIONED,
    ),
    "3.4 a key is defined once": Rule(
        PARTITIONING,
        to("partition_by: [country, {by: country, values: [de]}]"),
        "LNG406",
        "deliveries.lake.to.partition_by[1]",
        21,
        PARTITIONED,
    ),
    "3.4 records are told apart for partitions": Rule(
        DEAGGREGATION,
        delivery("deaggregate: json"),
        "FIR726",
        "deliveries.lake.deaggregate",
        18,
        delivery("deaggregate: json", PARTITIONED),
    ),
    "3.4 records are told apart in S3 only": Rule(
        DEAGGREGATION,
        delivery("deaggregate: json", other("opensearch", "")),
        "FIR726",
        "deliveries.lake.deaggregate",
        18,
        delivery("deaggregate: json", PARTITIONED),
    ),
    "3.4 an expression has 5120 characters": Rule(
        f"{API}/API_ProcessorParameter.html",
        to(countries(494, digits=6)),
        "FIR715",
        "deliveries.lake.to.partition_by",
        21,
        to(countries(493, digits=6)),
    ),
    "3.4 a partition is no column": Rule(
        "https://docs.aws.amazon.com/athena/latest/ug/partitions.html",
        schema("arrival_day: string"),
        "FIR706",
        "deliveries.lake.to.partition_by[0]",
        19,
        schema("arrival_day: string", to("partition_by: [hour(arrival)]")),
    ),
    # --- 3.5 transformation
    "3.5 Firehose waits 5 minutes": Rule(
        TRANSFORMATION,
        delivery("transform: {code: handler, timeout_seconds: 301}"),
        "LNG204",
        "deliveries.lake.transform.timeout_seconds",
        18,
        delivery("transform: {code: handler, timeout_seconds: 300}"),
    ),
    "3.5 a request has 6 MB, in base64": Rule(
        LARGE_RECORDS,
        stream("max_record_kb: 4609", delivery("transform: {code: handler}")),
        "FIR708",
        "deliveries.lake.to",
        19,
        stream("max_record_kb: 4608", delivery("transform: {code: handler}")),
        "warning",
    ),
    "3.5 each shard has 5 invocations": Rule(
        QUOTAS,
        stream("shards: 6", delivery("transform: {code: handler, reserved_concurrency: 29}")),
        "FIR731",
        "deliveries.lake.transform.reserved_concurrency",
        18,
        stream("shards: 6", delivery("transform: {code: handler, reserved_concurrency: 30}")),
        "warning",
    ),
    "3.5 each shard has 10 invocations for Splunk": Rule(
        QUOTAS,
        stream(
            "shards: 6",
            delivery("transform: {code: handler, reserved_concurrency: 59}", other("splunk", "")),
        ),
        "FIR731",
        "deliveries.lake.transform.reserved_concurrency",
        18,
        stream(
            "shards: 6",
            delivery("transform: {code: handler, reserved_concurrency: 60}", other("splunk", "")),
        ),
        "warning",
    ),
    "3.5 there is a function": Rule(
        TRANSFORMATION,
        delivery("transform: {retries: 1}"),
        "LAM501",
        "deliveries.lake.transform",
        18,
        delivery("transform: {retries: 1, code: handler}"),
    ),
    # --- 3.6 quotas
    "3.6 a record that is put has 1000 KiB": Rule(
        QUOTAS,
        direct("workload: {records_per_second: 0.1, record_kb: 1000.1}"),
        "FIR709",
        "deliveries.lake.workload.record_kb",
        18,
        direct("workload: {records_per_second: 0.1, record_kb: 1000}"),
    ),
    "3.6 a delivery is put 1 MiB a second": Rule(
        QUOTAS,
        direct("workload: {records_per_second: 1025, record_kb: 1}"),
        "FIR718",
        "deliveries.lake.workload",
        18,
        direct("workload: {records_per_second: 1024, record_kb: 1}"),
        "warning",
    ),
    "3.6 a delivery is put 100000 records a second": Rule(
        QUOTAS,
        direct("workload: {records_per_second: 100001, record_kb: 0.001}"),
        "FIR718",
        "deliveries.lake.workload",
        18,
        direct("workload: {records_per_second: 100000, record_kb: 0.001}"),
        "warning",
    ),
    **dict(retry_rules()),
    **{
        f"3.6 Splunk acknowledges in 180 to 600 seconds, not {refused}": Rule(
            f"{API}/API_SplunkDestinationConfiguration.html",
            other("splunk", f"ack_timeout_seconds: {refused}"),
            "LNG204",
            "deliveries.lake.to.ack_timeout_seconds",
            21,
            other("splunk", f"ack_timeout_seconds: {taken}"),
        )
        for refused, taken in ((179, 180), (601, 600))
    },
    # --- 3.8 encryption and prefixes
    "3.8 what comes from a stream is encrypted there": Rule(
        ENCRYPTION,
        delivery("encryption: aws_owned"),
        "FIR710",
        "deliveries.lake.encryption",
        18,
        direct("encryption: aws_owned"),
    ),
    "3.8 a key is owned by AWS or managed by the customer": Rule(
        f"{API}/API_DeliveryStreamEncryptionConfigurationInput.html",
        direct("encryption: aws_managed"),
        "LNG205",
        "deliveries.lake.encryption",
        18,
        direct("encryption: customer_managed"),
    ),
    "3.8 a key is named by its ARN": Rule(
        f"{API}/API_DeliveryStreamEncryptionConfigurationInput.html",
        direct("encryption: {kind: customer_managed, kms_key_arn: alias/clicks}"),
        "LNG206",
        "deliveries.lake.encryption.kms_key_arn",
        18,
        direct("encryption: {kind: customer_managed, kms_key_arn: 'arn:aws:kms:eu-west-1:123456789012:key/1-2'}"),
    ),
    **dict(expression_rules()),
    "3.8 there is an error prefix whenever there are expressions": Rule(
        PREFIXES, to("error_prefix: ''"), "LNG206", "deliveries.lake.to.error_prefix", 21, to("error_prefix: e")
    ),
    "3.8 a path has 512 characters when it is filled in": Rule(
        PREFIXES,
        without_schema(to(f"prefix: {'p' * 199}\n      partition_by: [{'a' * 150}, {'b' * 151}]")),
        "FIR715",
        "deliveries.lake.to.prefix",
        21,
        without_schema(to(f"prefix: {'p' * 199}\n      partition_by: [{'a' * 150}, {'b' * 150}]")),
    ),
    "3.8 a path has 1024 characters as it is written": Rule(
        ARCHIVE,
        without_schema(to(many(27))),
        "FIR715",
        "deliveries.lake.to.prefix",
        19,
        without_schema(to(many(26))),
    ),
    "3.8 errors are no part of the table": Rule(
        PREFIXES,
        to("error_prefix: lake/errors"),
        "FIR707",
        "deliveries.lake.to.error_prefix",
        21,
        to("error_prefix: lake-errors"),
    ),
    "3.8 copies are no part of the table": Rule(
        PREFIXES,
        to("format: parquet\n      source_backup: {prefix: lake}"),
        "FIR707",
        "deliveries.lake.to.source_backup",
        22,
        to("format: parquet\n      source_backup: {prefix: copies}"),
    ),
    "3.8 the first day is in the calendar": Rule(
        "https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html",
        to("partitions_since: '2025-02-29'"),
        "LNG206",
        "deliveries.lake.to.partitions_since",
        21,
        to("partitions_since: '2024-02-29'"),
    ),
}

Read = Callable[[str], tuple[PipelinePlan | None, list[Finding]]]
Judge = Callable[[str], list[Finding]]
Planned = Callable[[str], DeliveryPlan]


@pytest.fixture(scope="module")
def read_text(tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Reads a text as a file, beside the code that it names: the plan, if there is one, and everything that is found."""
    folder = tmp_path_factory.mktemp("spec")
    (folder / "handler").mkdir()
    (folder / "handler" / "index.py").touch()

    def run(text: str) -> tuple[PipelinePlan | None, list[Finding]]:
        file = folder / "pipeline.yaml"
        file.write_text(text, encoding="utf-8")
        return plan_document(open_document(file))

    return run


@pytest.fixture(scope="module")
def judge(read_text: Read) -> Judge:
    """Errors and warnings of a text; notes, such as that objects are small, are no rules."""
    return lambda text: [one for one in read_text(text)[1] if one.level != "note"]


@pytest.fixture(scope="module")
def planned(read_text: Read) -> Planned:
    """The plan of the delivery of a text."""

    def run(text: str) -> DeliveryPlan:
        planned, findings = read_text(text)
        assert planned is not None, findings
        return planned.deliveries["lake"]

    return run


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_what_breaks_a_rule_is_one_finding_at_its_place(judge: Judge, rule: Rule) -> None:
    found = [(one.code, one.dotted_path, one.line, one.level) for one in judge(rule.broken)]
    assert found == [(rule.code, rule.path, rule.line, rule.level)]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_nearest_that_is_right_is_fine(judge: Judge, rule: Rule) -> None:
    assert judge(rule.right) == []


SMALL = [  # a note, not a rule: queries like larger objects
    (to("buffer_seconds: 10"), "deliveries.lake.to.buffer_seconds", 21),
    (to("buffer_mb: 8"), "deliveries.lake.to", 19),
    (BASE.replace("records_per_second: 5000", "records_per_second: 1"), "deliveries.lake.to", 19),
]


@pytest.mark.parametrize(("text", "path", "line"), SMALL, ids=["time", "size", "load"])
def test_small_objects_are_noted(read_text: Read, text: str, path: str, line: int) -> None:
    assert [(one.code, one.level, one.dotted_path, one.line) for one in read_text(text)[1]] == [
        ("FIR719", "note", path, line)
    ]
    assert read_text(BASE)[1] == []


# --- what cannot be said: so it is planned, whatever the spec says

ARCHIVES = {
    "plain": BASE,
    "hour": to("partition_by: [hour(arrival)]"),
    "value": PARTITIONED,
    "values": to("partition_by: [{by: country, values: [de, fr]}, month(arrival)]"),
    "time": to("partition_by: [month(at)]\n      error_prefix: broken/clicks/"),
    "all": to("partition_by: [day(at), country, hour(arrival)]\n      format: parquet\n      prefix: raw/clicks"),
}


def archive(delivery: DeliveryPlan) -> S3DeliveryPlan:
    assert isinstance(delivery, S3DeliveryPlan)
    return delivery


archives = pytest.mark.parametrize("text", ARCHIVES.values(), ids=ARCHIVES)


@archives
def test_the_error_prefix_is_always_there_and_names_the_kind_of_error(planned: Planned, text: str) -> None:
    folders = archive(planned(text)).folders
    assert folders.error_prefix.count("!{firehose:error-output-type}") == 1
    assert "partitionKeyFrom" not in folders.error_prefix


@archives
def test_the_prefix_has_no_kind_of_error_and_ends_as_a_folder(planned: Planned, text: str) -> None:
    folders = archive(planned(text)).folders
    assert "!{firehose:" not in folders.prefix
    assert folders.prefix.endswith("/")


@archives
def test_the_prefix_names_exactly_the_keys_that_the_query_defines(planned: Planned, text: str) -> None:
    delivery = archive(planned(text))
    extraction = {step.type: step.parameters for step in processors(delivery, "", "")}.get("MetadataExtraction", {})
    query = extraction.get("MetadataExtractionQuery", "")
    named = re.findall(r"!\{partitionKeyFromQuery:(\w+)\}", delivery.folders.prefix)
    assert re.findall(r"[{,](\w+):\(", query) == named
    assert "partitionKeyFromLambda" not in delivery.folders.prefix
    assert extraction.get("JsonParsingEngine") == ("JQ-1.6" if named else None)
    assert bool(named) == delivery.to.is_dynamic


BUFFERED = {
    "neither": (BASE, (128, 184)),
    "size": (to("buffer_mb: 64"), (64, 92)),
    "time": (to("buffer_seconds: 120"), (128, 120)),
    "both": (to("buffer_mb: 64\n      buffer_seconds: 120"), (64, 120)),
    "conversion": (to("format: parquet"), (128, 184)),
    # The buffers of partitions are those of the stream, not of each of its shards.
    "values": (to("partition_by: [{by: country, values: [de, fr, it, es]}]"), (128, 105)),
    "time of the record": (to("partition_by: [day(at)]"), (128, 60)),
    "values that are not known": (PARTITIONED, (128, 900)),
    "no load that is known": (direct(""), (128, 300)),
    **{
        kind: (other(kind, ""), hints)
        for kind, hints in {
            "opensearch": (5, 60),
            "opensearch_serverless": (5, 60),
            "redshift": (64, 300),
            "splunk": (5, 60),
            "http": (4, 60),
            "snowflake": (1, 0),
            "iceberg": (64, 300),
        }.items()
    },
}


@pytest.mark.parametrize(("text", "hints"), BUFFERED.values(), ids=BUFFERED)
def test_both_buffer_hints_are_always_given(planned: Planned, text: str, hints: tuple[int, int]) -> None:
    delivery = planned(text)
    assert (delivery.buffer_mb, delivery.buffer_seconds) == hints


def test_backups_buffer_within_their_own_limits() -> None:
    assert 1 <= BACKUP_BUFFER_MIB <= 128
    assert 60 <= BACKUP_BUFFER_SECONDS <= 900


EVERYTHING = delivery(
    "decompress_cloudwatch_logs: true\n    extract_log_messages: true\n    deaggregate: {delimiter: '####'}\n"
    "    transform: {code: handler, retries: 5, buffer_mb: 0.5, buffer_seconds: 30}",
    PARTITIONED,
)


def steps(delivery: DeliveryPlan) -> list[Processor]:
    return processors(delivery, "arn:aws:lambda:eu-west-1:123456789012:function:f", "arn:aws:iam::123456789012:role/r")


def test_steps_are_in_the_order_in_which_firehose_takes_them(planned: Planned) -> None:
    types = [step.type for step in steps(planned(EVERYTHING))]
    assert types == [
        "Decompression",
        "CloudWatchLogProcessing",
        "RecordDeAggregation",
        "Lambda",
        "MetadataExtraction",
        "AppendDelimiterToRecord",
    ]
    assert all(
        firehose.PROCESSOR_ORDER.index(one) < firehose.PROCESSOR_ORDER.index(two) for one, two in pairwise(types)
    )


def test_steps_get_the_parameters_that_firehose_knows(planned: Planned) -> None:
    parameters = {step.type: dict(step.parameters) for step in steps(planned(EVERYTHING))}
    assert parameters["Decompression"] == {"CompressionFormat": "GZIP"}
    assert parameters["CloudWatchLogProcessing"] == {"DataMessageExtraction": "true"}
    assert parameters["Lambda"] == {
        "LambdaArn": "arn:aws:lambda:eu-west-1:123456789012:function:f",
        "RoleArn": "arn:aws:iam::123456789012:role/r",
        "NumberOfRetries": "5",
        "BufferSizeInMBs": "0.5",
        "BufferIntervalInSeconds": "30",
    }


def test_a_delimiter_travels_in_base64(planned: Planned) -> None:
    parameters = {step.type: dict(step.parameters) for step in steps(planned(EVERYTHING))}
    assert parameters["RecordDeAggregation"] == {"SubRecordType": "DELIMITED", "Delimiter": "IyMjIw=="}
    assert b64decode("IyMjIw==") == b"####"


def test_documents_one_after_the_other_need_no_delimiter(planned: Planned) -> None:
    parameters = {
        step.type: dict(step.parameters) for step in steps(planned(delivery("deaggregate: json", PARTITIONED)))
    }
    assert parameters["RecordDeAggregation"] == {"SubRecordType": "JSON"}


@pytest.mark.parametrize(
    ("text", "types"),
    [
        (BASE, ["AppendDelimiterToRecord"]),
        (to("format: json\n      newline: false"), []),
        (to("format: parquet"), []),
        (other("opensearch", ""), []),
    ],
    ids=["json", "no newline", "parquet", "search"],
)
def test_only_an_archive_of_json_gets_newlines(planned: Planned, text: str, types: list[str]) -> None:
    assert [step.type for step in steps(planned(text))] == types


ISO = ("yyyy-MM-dd'T'HH:mm:ss.SSSZZ", "yyyy-MM-dd'T'HH:mm:ssZZ")


@pytest.mark.parametrize(
    ("fields", "patterns"),
    [
        ("#", ()),
        ("seen: {type: timestamp, timestamp_format: epoch_millis}", ()),
        ("seen: {type: timestamp, timestamp_format: epoch_seconds}", ()),
        ("seen: {type: timestamp, timestamp_format: dd/MM/yyyy}", (*ISO, "dd/MM/yyyy")),
        (
            "seen: {type: timestamp, timestamp_format: dd/MM/yyyy}\n    up: {type: timestamp, timestamp_format: epoch_millis}",
            (*ISO, "dd/MM/yyyy", "millis"),
        ),
    ],
    ids=["ISO", "milliseconds", "seconds", "a pattern", "a pattern and milliseconds"],
)
def test_only_patterns_of_times_need_the_other_serde(planned: Planned, fields: str, patterns: tuple[str, ...]) -> None:
    delivery = planned(schema(fields, to("format: parquet")))
    assert delivery.schema is not None
    assert timestamp_patterns(delivery.schema) == patterns
