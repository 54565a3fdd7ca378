"""What Flink SQL writes to without a connector of ours: domains by a delivery, and files; part of the topic `FLK`."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code
from streaming_constructs.spec.codes.flink_sql import PER_PAGE, application

_DOMAIN = "stores:\n  found: {kind: opensearch, schema: count}\n"
_TABLE = "stores:\n  found: {kind: dynamodb, partition_key: page, schema: count}\n"
_FILES = """CREATE TABLE files (page STRING, clicks BIGINT, window_start TIMESTAMP_LTZ(3)) WITH (
  'connector' = 'filesystem', 'path' = 's3a://my-results/counts/', 'format' = 'json'%s);
INSERT INTO files
"""

SINK_CODES = (
    Code(
        "FLK260",
        "a delivery is added that writes to a domain",
        "No connector of Flink SQL for OpenSearch is served. Where `to` names a domain, the system is built with a delivery of "
        "Firehose that the application writes to, under the names of both; the SQL still calls it by the name of the domain. "
        "It is planned, built and watched as every delivery, and paid for by what goes through it. `defaults` are not its own. "
        "Written out under the same name it is yours to change, and stays the delivery that it is.",
        application(edges="from: clicks, to: found", more=_DOMAIN),
        application(
            edges="from: clicks, to: found",
            more=f"{_DOMAIN}deliveries:\n  per_page-to-found: {{from: direct_put, schema: count, to: {{kind: opensearch, "
            "domain: found, index: per_page}}\n",
        ),
        source="https://docs.aws.amazon.com/managed-flink/latest/java/how-flink-connectors.html",
    ),
    Code(
        "FLK261",
        "files that nobody sees for long, or ever",
        "A table of `filesystem` writes to S3 from Flink itself. A file of JSON or CSV is written to for half an hour, and "
        "seen only then; those of Parquet, Avro and ORC end with each checkpoint. Without checkpoints none is ever finished, "
        "which is an error.",
        application(edges="from: clicks", sql=_FILES % "" + PER_PAGE),
        application(
            edges="from: clicks", sql=_FILES % ", 'sink.rolling-policy.rollover-interval' = '1 min'" + PER_PAGE
        ),
        source="https://nightlies.apache.org/flink/flink-docs-stable/docs/connectors/table/filesystem/",
    ),
    Code(
        "FLK268",
        "a record without a key stops the application",
        "An item of DynamoDB has its whole key, and so has a record of a compacted topic. A field that a record lacks is NULL "
        "in Flink: as a key it is refused, and the application fails. It starts again from its last checkpoint, reads the "
        "same record, and fails again.",
        application(edges="from: clicks, to: found", sql=PER_PAGE, more=_TABLE),
        application(
            edges="from: clicks, to: found",
            sql=PER_PAGE.replace("GROUP BY", "WHERE page IS NOT NULL\nGROUP BY"),
            more=_TABLE,
        ),
        source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.CoreComponents.html",
    ),
)
