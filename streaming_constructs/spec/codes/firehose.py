"""Deliveries by Amazon Data Firehose."""

from __future__ import annotations

from streaming_constructs.facts import athena, firehose, s3
from streaming_constructs.spec.codes.code import Code, piece

_GLUE_NAMES = "https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html"
_FIREHOSE_JSON = "https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html"
_PREFIXES = "https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html"
_LARGE_RECORDS = "https://docs.aws.amazon.com/streams/latest/dev/large-records.html"
_PARTITION_KEYS = "https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-partitioning-keys.html"
_DEAGGREGATION = "https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-multirecord-deaggergation.html"
_FIREHOSE_ENCRYPTION = "https://docs.aws.amazon.com/firehose/latest/dev/encryption.html"
_FIREHOSE_SNOWFLAKE = (
    "https://docs.aws.amazon.com/firehose/latest/APIReference/API_SnowflakeDestinationConfiguration.html"
)
_FIREHOSE_ICEBERG = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "aws-properties-kinesisfirehose-deliverystream-destinationtableconfiguration.html"
)
_FIREHOSE_LOGS = "https://docs.aws.amazon.com/firehose/latest/dev/writing-with-cloudwatch-logs.html"
_FIREHOSE_COPY = "https://docs.aws.amazon.com/firehose/latest/APIReference/API_CopyCommand.html"
_FIREHOSE_ROUTING = "https://docs.aws.amazon.com/firehose/latest/dev/apache-iceberg-format-input-record.html"
_FIREHOSE_ICEBERG_API = (
    "https://docs.aws.amazon.com/firehose/latest/APIReference/API_IcebergDestinationConfiguration.html"
)
_FIREHOSE_ACCESS = "https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html"
_FIREHOSE_MSK = "https://docs.aws.amazon.com/firehose/latest/dev/writing-with-msk.html"
_ARN = "arn:aws:kafka:eu-west-1:111122223333:cluster/main/12345678-1234-1234-1234-123456789012-1"
_CLUSTER = f"kind: msk, multi_vpc: true, arn: '{_ARN}'"
_MUCH = "workload: {records_per_second: 76800, record_kb: 1, peak_factor: 1}"
_KEY = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:audit-AbCdEf"
_ADOPTED = "arn: 'arn:aws:kafka:eu-west-1:111122223333:topic/main/12345678-1234-1234-1234-123456789012-s1/orders'"


def _from_topic(cluster: str = "", to: str = "{kind: s3}", topic: str = "partitions: 6", more: str = "") -> str:
    return (
        f"clusters:\n  main: {{{cluster or _CLUSTER}}}\n"
        f"streams:\n  orders: {{kind: kafka, cluster: main, schema: payment, {topic}}}\n"
        f"deliveries:\n  lake: {{from: orders{more}, to: {to}}}\n"
    )


CODES = (
    Code(
        "FIR701",
        "conversion needs a schema",
        "Firehose writes Parquet and ORC with the columns of a Glue table, and the table is made from the schema of the "
        "records. Without one there is nothing to convert to.",
        piece("""
            streams:
              payments: {schema: null}
            deliveries:
              lake: {from: payments, to: {kind: s3, format: parquet}}
        """),
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, format: parquet}}
        """),
        source=_FIREHOSE_JSON,
    ),
    Code(
        "FIR702",
        "the buffer is too small for conversion",
        "Firehose refuses a buffer below 64 MiB when it converts records to Parquet or ORC. Files of columns would be too "
        "small to be worth it.",
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, format: parquet, buffer_mb: 5}}
        """),
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, format: parquet, buffer_mb: 64}}
        """),
        source=firehose.CONVERSION_BUFFER_MIB.source,
    ),
    Code(
        "FIR703",
        "the buffer is too small for partitions that come from the record",
        "With dynamic partitioning each folder has a buffer of its own. Firehose refuses less than 64 MiB or 60 s, because "
        "the objects would be many and tiny.",
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [country], buffer_seconds: 0}}
        """),
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [country], buffer_seconds: 60}}
        """),
        source=firehose.DYNAMIC_PARTITIONING_BUFFER_MIB.source,
    ),
    Code(
        "FIR704",
        "an archive names a field that records do not have",
        "Partitions and bloom filters are made from fields of the schema. Under a misspelt name every record would have no "
        "value, and all of them would go to one folder.",
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [contry]}}
        """),
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [country]}}
        """),
        source=_PARTITION_KEYS,
    ),
    Code(
        "FIR705",
        "a field cannot be made a partition of this sort",
        "Only a time has a month, a day and an hour, and only a simple value names a folder. Firehose would fail to find "
        "the key of every record, and write all of them to the errors.",
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [day(payment_id)]}}
        """),
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [day(arrival)]}}
        """),
        source=_PARTITION_KEYS,
    ),
    Code(
        "FIR706",
        "a field has the name of a partition",
        "A table has each name once, as a column or as a partition. Glue takes both, and then queries fail.",
        piece("""
            schemas:
              payment: {arrival_day: string}
            deliveries:
              lake: {from: payments, to: {kind: s3}}
        """),
        piece("""
            schemas:
              payment: {day_at_shop: {type: string, json_key: arrival_day}}
            deliveries:
              lake: {from: payments, to: {kind: s3}}
        """),
        source="https://docs.aws.amazon.com/athena/latest/ug/partitions.html",
    ),
    Code(
        "FIR707",
        "folders lie in one another",
        "A table reads everything below its folder. Errors, copies, batches that a consumer gave up, or another archive below "
        "it would be read as records of this one, and could not be replayed or deleted by themselves.",
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, prefix: raw, error_prefix: raw/errors}}
        """),
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, prefix: raw, error_prefix: errors/raw}}
        """),
        source="https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html",
    ),
    Code(
        "FIR708",
        "the largest records are not delivered",
        "A stream takes records of up to 10 MiB, but Firehose does not deliver those above 1 MiB to every destination, nor "
        "with partitions that come from the record; and no record above 4.5 MiB passes through a function, which gets it in "
        "base64. They go to the errors.",
        piece("""
            streams:
              payments: {max_record_kb: 4096}
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [country]}}
        """),
        piece("""
            streams:
              payments: {max_record_kb: 4096}
            deliveries:
              lake: {from: payments, to: {kind: s3}}
        """),
        source=_LARGE_RECORDS,
    ),
    Code(
        "FIR709",
        "the average record is larger than Firehose takes directly",
        "Firehose refuses a record above 1,000 KiB that is put into it. Producers would fail on every other record.",
        piece("""
            deliveries:
              lake: {workload: {records_per_second: 0.5, record_kb: 1024}, to: {kind: s3}}
        """),
        piece("""
            deliveries:
              lake: {workload: {records_per_second: 0.5, record_kb: 1000}, to: {kind: s3}}
        """),
        source=firehose.RECORD_KIB.source,
    ),
    Code(
        "FIR710",
        "a delivery from a stream has no encryption of its own",
        "Firehose does not keep what it reads from a stream: the stream does, and encrypts it. CloudFormation fails a "
        "delivery that reads a stream and is told to encrypt.",
        piece("""
            deliveries:
              lake: {from: payments, encryption: customer_managed, to: {kind: s3}}
        """),
        piece("""
            streams:
              payments: {encryption: customer_managed}
            deliveries:
              lake: {from: payments, to: {kind: s3}}
        """),
        source=_FIREHOSE_ENCRYPTION,
    ),
    Code(
        "FIR711",
        "a delivery from a stream takes no records directly",
        "A delivery has one source for good. Firehose refuses what is put into one that reads a stream, so every write of "
        "the function would fail.",
        piece("""
            consumers:
              fraud: {to: [lake]}
            deliveries:
              lake: {from: payments, to: {kind: s3}}
        """),
        piece("""
            consumers:
              fraud: {to: [lake]}
            deliveries:
              lake: {to: {kind: s3}}
        """),
        source="https://docs.aws.amazon.com/firehose/latest/dev/writing-with-kinesis-streams.html",
    ),
    Code(
        "FIR712",
        "objects are too small to be moved to cheaper storage",
        "A lifecycle rule of S3 leaves objects below 128 KiB where they are: they would save less than it costs to move "
        "each. The transitions are there, and change nothing.",
        piece("""
            deliveries:
              lake:
                workload: {records_per_second: 0.05, record_kb: 1}
                to: {kind: s3, transitions: [{after_days: 90, storage_class: glacier_ir}]}
            acknowledge: {lake.FIR719: a few events a day}
        """),
        piece("""
            deliveries:
              lake:
                workload: {records_per_second: 0.05, record_kb: 1}
                to: {kind: s3}
            acknowledge: {lake.FIR719: a few events a day}
        """),
        source=s3.TRANSITION_OBJECT_KIB.source,
    ),
    Code(
        "FIR713",
        "the first day that queries look for has not come",
        "Records whose own time is before `partitions_since` go to the errors, so until that day all of them do. With folders "
        "by arrival they are written, and Athena looks for none of them before that day; then this is a warning.",
        piece("""
            schemas:
              payment: {paid_at: timestamp}
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [day(paid_at)], partitions_since: '2999-01-01'}}
        """),
        piece("""
            schemas:
              payment: {paid_at: timestamp}
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [day(paid_at)], partitions_since: '2026-01-01'}}
        """),
        source="https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html",
    ),
    Code(
        "FIR714",
        "the data of an Iceberg table may lie in this folder",
        "Where the data of a table lies only its catalog knows; most often it is a folder with the names of the database and "
        "the table. What else is written there is no part of the table: nothing reads it, and a clean-up of orphan files "
        "deletes it.",
        piece("""
            deliveries:
              ledger:
                from: payments
                to: {kind: iceberg, database: sales, table: payments, table_bucket: company-lakehouse}
              lake: {from: payments, to: {kind: s3, bucket: company-lakehouse, prefix: sales}}
        """),
        piece("""
            deliveries:
              ledger:
                from: payments
                to: {kind: iceberg, database: sales, table: payments, table_bucket: company-lakehouse}
              lake: {from: payments, to: {kind: s3, bucket: company-lakehouse, prefix: archive/sales}}
        """),
        source="https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-data-optimization.html",
    ),
    Code(
        "FIR715",
        "a path or an expression is longer than Firehose takes",
        "Firehose takes 1,024 characters of prefix, of which 512 may remain when its expressions are filled in, and 5,120 "
        "characters of the expression that finds the keys. With more the stack fails, or records go to the errors.",
        "deliveries:\n  lake:\n    schema: payment\n    to:\n      kind: s3\n      partition_by:\n        - by: country\n"
        "          values: [" + ", ".join(f"city-{number}" for number in range(1001, 1431)) + "]\n",
        piece("""
            deliveries:
              lake: {schema: payment, to: {kind: s3, partition_by: [country]}}
        """),
        source=_PREFIXES,
    ),
    Code(
        "FIR716",
        "more partition keys than Firehose takes",
        "Firehose takes 50 keys from a record. Long before, objects are so many and so small that queries spend their time "
        "on opening them.",
        "deliveries:\n  lake:\n    from: payments\n    to:\n      kind: s3\n      partition_by: ["
        + ", ".join(f"field{number}" for number in range(1, 52))
        + "]\n",
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [country]}}
        """),
        source=firehose.PARTITION_KEYS.source,
    ),
    Code(
        "FIR717",
        "a field cannot be read beside a time in a pattern of its own",
        "Firehose has two readers of JSON. The one that knows patterns of times knows neither keys that are called otherwise "
        "than their column, nor seconds since 1970: such a column would stay empty or wrong.",
        piece("""
            schemas:
              payment:
                paid_at: {type: timestamp, timestamp_format: dd/MM/yyyy HH:mm}
                shop: {type: string, json_key: shop-name}
            deliveries:
              lake: {from: payments, to: {kind: s3, format: parquet}}
        """),
        piece("""
            schemas:
              payment:
                paid_at: {type: timestamp, timestamp_format: dd/MM/yyyy HH:mm}
                shop: string
            deliveries:
              lake: {from: payments, to: {kind: s3, format: parquet}}
        """),
        source=_FIREHOSE_JSON,
    ),
    Code(
        "FIR718",
        "more than a delivery takes directly in most regions",
        "A delivery that is written to directly starts with a quota of 1 MiB/s and 100,000 records/s, five times that in the "
        "largest regions. Firehose raises it while it throttles; until then producers have to retry.",
        piece("""
            deliveries:
              lake: {workload: {records_per_second: 4000, record_kb: 1}, to: {kind: s3}}
        """),
        piece("""
            deliveries:
              lake: {workload: {records_per_second: 1000, record_kb: 1}, to: {kind: s3}}
        """),
        source=firehose.DIRECT_PUT_MIB_PER_SECOND.source,
    ),
    Code(
        "FIR719",
        "objects stay small",
        "A query spends time on opening each object, and S3 charges for each. Athena is at its best with objects of 128 MiB; "
        "a short buffer, many shards or many folders make many small ones.",
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, buffer_seconds: 10}}
        """),
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, buffer_seconds: 300}}
        """),
        source=athena.OBJECT_MIB.source,
    ),
    Code(
        "FIR721",
        "requests are larger than the vendor takes",
        "Firehose sends up to 64 MiB in a request to an HTTP endpoint, but Datadog takes 4 MiB and MongoDB 16 MiB. What is "
        "refused is tried again, and then goes to the backup.",
        piece("""
            deliveries:
              metrics:
                from: payments
                to: {kind: http, endpoint: "https://aws-kinesis-http-intake.logs.datadoghq.com/v1/input", buffer_mb: 16}
        """),
        piece("""
            deliveries:
              metrics:
                from: payments
                to: {kind: http, endpoint: "https://aws-kinesis-http-intake.logs.datadoghq.com/v1/input", buffer_mb: 4}
        """),
        source=firehose.DATADOG_BUFFER_MB.source,
    ),
    Code(
        "FIR722",
        "a column for the record, or its metadata, is missing",
        "Loaded as a variant, the whole record goes into one column of the Snowflake table. Firehose has to be told which "
        "one, and refuses to be created otherwise.",
        piece("""
            deliveries:
              warehouse:
                from: payments
                to:
                  kind: snowflake
                  account_url: https://example.snowflakecomputing.com
                  secret_arn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:snowflake-AbCdEf
                  database: SALES
                  schema: PUBLIC
                  table: PAYMENTS
                  load_as: variant
        """),
        piece("""
            deliveries:
              warehouse:
                from: payments
                to:
                  kind: snowflake
                  account_url: https://example.snowflakecomputing.com
                  secret_arn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:snowflake-AbCdEf
                  database: SALES
                  schema: PUBLIC
                  table: PAYMENTS
                  load_as: variant
                  content_column: RECORD
        """),
        source=_FIREHOSE_SNOWFLAKE,
    ),
    Code(
        "FIR723",
        "a lifecycle that S3 refuses, or that ends before it begins",
        "S3 moves no object to Standard-IA before 30 days, keeps it there for 30 and in a Glacier class for 90 before the same "
        "rule moves it on, and moves it one way: from standard_ia over intelligent_tiering, glacier_ir and glacier to "
        "deep_archive. It refuses any other rule, and the stack fails with it. An object that is deleted before it moves "
        "never moves.",
        piece("""
            deliveries:
              lake:
                from: payments
                to:
                  kind: s3
                  transitions: [{after_days: 90, storage_class: glacier_ir}]
                  expire_after_days: 60
        """),
        piece("""
            deliveries:
              lake:
                from: payments
                to:
                  kind: s3
                  transitions: [{after_days: 90, storage_class: glacier_ir}]
                  expire_after_days: 365
        """),
        source=s3.TRANSITION_DAYS.source,
    ),
    Code(
        "FIR724",
        "the backup would be the archive once more",
        "A source backup keeps records as they were before Firehose changed them. Where nothing changes them it is a second "
        "copy that is paid for, and that AWS cannot switch off again.",
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, source_backup: {}}}
        """),
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, format: parquet, source_backup: {}}}
        """),
        source="https://docs.aws.amazon.com/firehose/latest/APIReference/API_ExtendedS3DestinationConfiguration.html",
    ),
    Code(
        "FIR725",
        "a table that is updated needs the columns that make a row",
        "Firehose finds the row that a record updates or deletes by the table's unique keys. Without them it cannot, and the "
        "records go to the backup.",
        piece("""
            deliveries:
              ledger:
                from: payments
                transform: {function_arn: "arn:aws:lambda:eu-west-1:123456789012:function:ledger"}
                to:
                  kind: iceberg
                  catalog_arn: arn:aws:glue:eu-west-1:123456789012:catalog
                  table_bucket: ledger
                  tables: [{database: sales, table: payments}]
                  append_only: false
        """),
        piece("""
            deliveries:
              ledger:
                from: payments
                transform: {function_arn: "arn:aws:lambda:eu-west-1:123456789012:function:ledger"}
                to:
                  kind: iceberg
                  catalog_arn: arn:aws:glue:eu-west-1:123456789012:catalog
                  table_bucket: ledger
                  tables: [{database: sales, table: payments, unique_keys: [payment_id]}]
                  append_only: false
        """),
        source=_FIREHOSE_ICEBERG,
    ),
    Code(
        "FIR726",
        "records are told apart only for partitions that come from them",
        "Firehose takes several documents in one record apart as a part of dynamic partitioning, which is for S3 alone. "
        "Elsewhere the record would be delivered as it came.",
        piece("""
            deliveries:
              lake: {from: payments, deaggregate: json, to: {kind: s3}}
        """),
        piece("""
            deliveries:
              lake: {from: payments, deaggregate: json, to: {kind: s3, partition_by: [country]}}
        """),
        source=_DEAGGREGATION,
    ),
    Code(
        "FIR727",
        "more folders at once than Firehose writes",
        "A delivery starts with a quota of 500 partitions that are written at the same time. Records that would open another "
        "one go to the errors.",
        "deliveries:\n  lake:\n    schema: payment\n    to:\n      kind: s3\n      partition_by:\n        - by: country\n"
        "          values: [" + ", ".join(f"c{number}" for number in range(1, 500)) + "]\n",
        piece("""
            deliveries:
              lake: {schema: payment, to: {kind: s3, partition_by: [{by: country, values: [AT, CH, DE]}]}}
        """),
        source=firehose.ACTIVE_PARTITIONS.source,
    ),
    Code(
        "FIR728",
        "nothing says which table a record belongs to",
        "Firehose writes each record to the one table that is given. With several tables each record has to say its own, and a "
        "function does that in what it returns. Without one the records cannot be delivered.",
        piece("""
            deliveries:
              ledger:
                from: payments
                to:
                  kind: iceberg
                  catalog_arn: arn:aws:glue:eu-west-1:123456789012:catalog
                  table_bucket: ledger
                  tables: [{database: sales, table: payments}, {database: sales, table: refunds}]
        """),
        piece("""
            deliveries:
              ledger:
                from: payments
                transform: {function_arn: "arn:aws:lambda:eu-west-1:123456789012:function:route"}
                to:
                  kind: iceberg
                  catalog_arn: arn:aws:glue:eu-west-1:123456789012:catalog
                  table_bucket: ledger
                  tables: [{database: sales, table: payments}, {database: sales, table: refunds}]
        """),
        source=_FIREHOSE_ROUTING,
    ),
    Code(
        "FIR729",
        "the COPY command is not told that what it loads is gzipped",
        "Firehose stages objects gzipped, and Redshift reads them as its COPY command says. Without gzip among its options it "
        "takes them for text, and no record is loaded.",
        piece("""
            deliveries:
              warehouse:
                from: payments
                to:
                  kind: redshift
                  jdbc_url: jdbc:redshift://shop.abc123.eu-west-1.redshift.amazonaws.com:5439/shop
                  secret_arn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:redshift-AbCdEf
                  table: payments
                  copy_options: csv
        """),
        piece("""
            deliveries:
              warehouse:
                from: payments
                to:
                  kind: redshift
                  jdbc_url: jdbc:redshift://shop.abc123.eu-west-1.redshift.amazonaws.com:5439/shop
                  secret_arn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:redshift-AbCdEf
                  table: payments
                  copy_options: csv gzip
        """),
        source=_FIREHOSE_COPY,
    ),
    Code(
        "FIR730",
        "more for one partition than Firehose writes",
        "With dynamic partitioning Firehose writes up to 1 GB a second to one partition. Above that records are late, and "
        "those of a stream expire before they are delivered. A time of the record is one partition for all of the flow.",
        piece("""
            schemas:
              payment: {paid_at: timestamp}
            streams:
              payments: {workload: {records_per_second: 2000000, record_kb: 1}, mode: on_demand}
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [hour(paid_at)]}}
            acknowledge: {payments.KIN408: the quota is raised to 4 GiB/s}
        """),
        piece("""
            schemas:
              payment: {paid_at: timestamp}
            streams:
              payments: {workload: {records_per_second: 2000000, record_kb: 1}, mode: on_demand}
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [hour(arrival)]}}
            acknowledge: {payments.KIN408: the quota is raised to 4 GiB/s}
        """),
        source=firehose.PARTITION_MIB_PER_SECOND.source,
    ),
    Code(
        "FIR731",
        "less concurrency than Firehose may ask for",
        "Firehose hands up to 5 batches of each shard to the function at once, and 10 where it writes to Splunk. With fewer "
        "executions reserved Lambda throttles some; after its retries Firehose writes such a batch to the errors, although "
        "nothing is wrong with it.",
        piece("""
            deliveries:
              lake:
                from: payments
                transform: {code: handlers/fraud, reserved_concurrency: 1}
                to: {kind: s3}
        """),
        piece("""
            deliveries:
              lake:
                from: payments
                transform: {code: handlers/fraud, reserved_concurrency: 10}
                to: {kind: s3}
        """),
        source=firehose.S3.transform_concurrency.source,
    ),
    Code(
        "FIR732",
        "several log events cannot be one document",
        "CloudWatch Logs puts many events into one record. OpenSearch takes one document for a record, and refuses one that "
        "holds several, so all of them go to the backup. A function can take them apart and write one record for each.",
        piece("""
            producers:
              services: {kind: cloudwatch_logs, to: search, log_groups: [/shop/checkout]}
            deliveries:
              search:
                decompress_cloudwatch_logs: true
                to: {kind: opensearch, domain_arn: "arn:aws:es:eu-west-1:123456789012:domain/logs"}
        """),
        piece("""
            streams:
              events: {kind: kinesis, mode: on_demand}
              logs: {kind: kinesis, mode: on_demand}
            consumers:
              fraud: {from: logs, to: [events]}
            producers:
              services: {kind: cloudwatch_logs, to: logs, log_groups: [/shop/checkout]}
            deliveries:
              search:
                from: events
                to: {kind: opensearch, domain_arn: "arn:aws:es:eu-west-1:123456789012:domain/logs"}
        """),
        source=_FIREHOSE_LOGS,
    ),
    Code(
        "FIR733",
        "there is no such time zone",
        "Firehose takes the names of the IANA database, and refuses any other when the delivery is created.",
        piece("""
            deliveries:
              lake:
                from: payments
                to: {kind: s3, time_zone: Europe/Belin}
        """),
        piece("""
            deliveries:
              lake:
                from: payments
                to: {kind: s3, time_zone: Europe/Berlin}
        """),
        source="https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html",
    ),
    Code(
        "FIR734",
        "of deliveries to Iceberg tables only failed records are kept",
        "Firehose knows a backup of all records for other destinations. For Iceberg tables it carries out none but that of "
        "records which could not be delivered.",
        piece("""
            deliveries:
              ledger:
                from: payments
                to:
                  kind: iceberg
                  catalog_arn: arn:aws:glue:eu-west-1:123456789012:catalog
                  table_bucket: ledger
                  tables: [{database: sales, table: payments}]
                  backup: {records: all}
        """),
        piece("""
            deliveries:
              ledger:
                from: payments
                to:
                  kind: iceberg
                  catalog_arn: arn:aws:glue:eu-west-1:123456789012:catalog
                  table_bucket: ledger
                  tables: [{database: sales, table: payments}]
              copies: {from: payments, to: {kind: s3}}
        """),
        source=_FIREHOSE_ICEBERG_API,
    ),
    Code(
        "FIR735",
        "the bucket of the tables' data is missing",
        "The Glue catalog knows tables, and their data is in a bucket, on which the delivery needs its permissions. Only S3 "
        "Tables, which has a catalog of its own, keeps the data itself.",
        piece("""
            deliveries:
              ledger:
                from: payments
                to:
                  kind: iceberg
                  catalog_arn: arn:aws:glue:eu-west-1:123456789012:catalog
                  tables: [{database: sales, table: payments}]
        """),
        piece("""
            deliveries:
              ledger:
                from: payments
                to:
                  kind: iceberg
                  catalog_arn: arn:aws:glue:eu-west-1:123456789012:catalog/s3tablescatalog/ledger
                  tables: [{database: sales, table: payments}]
        """),
        source=_FIREHOSE_ACCESS,
    ),
    Code(
        "FIR736",
        "a folder for every record, or for every user",
        "Without `values` each value of the field opens a folder of its own. A delivery starts with a quota of 500 that are "
        "written at the same time; records beyond it go to the errors, and the objects in each folder are tiny.",
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [payment_id]}}
        """),
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [country, day(arrival)]}}
        """),
        source=firehose.ACTIVE_PARTITIONS.source,
    ),
    Code(
        "FIR737",
        "nothing says whether records have the field",
        "Without a schema nothing can be checked: under a misspelt name every record would have no value, and all of them "
        "would go to one folder, or, where it is a time, to the errors.",
        piece("""
            streams:
              payments: {schema: null}
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [country]}}
        """),
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [country]}}
        """),
        source=_PARTITION_KEYS,
    ),
    Code(
        "FIR738",
        "what is no part of a COPY command",
        "Table, columns and options go into the command that Redshift runs, as they are. A `;` ends it, a quote that does not "
        "close swallows the rest, and a second way of access contradicts that of Firehose: no record would be loaded, or "
        "something else would be run.",
        piece("""
            deliveries:
              warehouse:
                from: payments
                to:
                  kind: redshift
                  workgroup: shop
                  database: shop
                  secret_arn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:redshift-AbCdEf
                  table: "payments; drop table payments"
        """),
        piece("""
            deliveries:
              warehouse:
                from: payments
                to:
                  kind: redshift
                  workgroup: shop
                  database: shop
                  secret_arn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:redshift-AbCdEf
                  table: payments
        """),
        source=_FIREHOSE_COPY,
    ),
    Code(
        "FIR739",
        "an endpoint that Firehose cannot reach",
        "Firehose sends to endpoints over the internet. A machine of your own, a private network or an address of a link is "
        "not there: every record would be retried, and go to the backup.",
        piece("""
            deliveries:
              metrics: {from: payments, to: {kind: http, endpoint: "https://10.0.0.1/records"}}
        """),
        piece("""
            deliveries:
              metrics: {from: payments, to: {kind: http, endpoint: "https://records.example.com/v1"}}
        """),
        source=_FIREHOSE_ACCESS,
    ),
    Code(
        "FIR740",
        "two archives would be one table",
        "A table of the Glue catalog has small letters, digits and `_`, so a `-` in a name becomes one. Of two tables with "
        "one name the second fails the stack.",
        piece("""
            deliveries:
              raw-payments: {from: payments, to: {kind: s3}}
              raw_payments: {from: payments, to: {kind: s3}}
        """),
        piece("""
            deliveries:
              raw-payments: {from: payments, to: {kind: s3}}
              payments_for_replay: {from: payments, to: {kind: s3}}
        """),
        source=_GLUE_NAMES,
    ),
    Code(
        "FIR741",
        "a secret stands in the spec as it is",
        "Attributes and addresses are in the template, and whoever may read the stack or the delivery reads them there. A "
        "secret of Secrets Manager is read by the delivery's role alone, and can be changed without a deployment.",
        piece("""
            deliveries:
              metrics:
                from: payments
                to: {kind: http, endpoint: "https://records.example.com/v1", attributes: {api-key: 0123456789abcdef}}
        """),
        piece("""
            deliveries:
              metrics:
                from: payments
                to:
                  kind: http
                  endpoint: https://records.example.com/v1
                  secret_arn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:records-AbCdEf
        """),
        source="https://docs.aws.amazon.com/firehose/latest/dev/using-secrets-manager.html",
    ),
    Code(
        "FIR742",
        "a batch may be retried for longer than its records are kept",
        "Firehose keeps the order of a shard: while it retries a batch, what comes behind it waits. With more tries than the "
        "retention has room for, records that nothing is wrong with expire before they are delivered.",
        piece("""
            deliveries:
              lake:
                from: payments
                transform: {code: handlers/fraud, timeout_seconds: 300, retries: 300}
                to: {kind: s3}
        """),
        piece("""
            deliveries:
              lake:
                from: payments
                transform: {code: handlers/fraud, timeout_seconds: 300, retries: 3}
                to: {kind: s3}
        """),
        source=firehose.TRANSFORM_RETRIES_DEFAULT.source,
    ),
    Code(
        "FIR743",
        "there is a schema, and no table",
        "A table is made over objects that Athena reads: not over zip, and not over JSON without a newline behind each record. "
        "Without one nothing can be queried.",
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, newline: false}}
        """),
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3}}
        """),
        source="https://docs.aws.amazon.com/athena/latest/ug/compression-formats.html",
    ),
    Code(
        "FIR751",
        "topics of Kafka are not delivered to everything",
        "With a topic as its source Firehose writes to S3 and to Iceberg alone, and a stream to anything else is refused. A "
        "function that reads the topic, and puts its records into the delivery directly, takes them anywhere.",
        _from_topic(to=f"{{kind: http, endpoint: 'https://audit.example.com/', secret_arn: '{_KEY}'}}"),
        _from_topic(to="{kind: s3}"),
        source=_FIREHOSE_MSK,
    ),
    Code(
        "FIR752",
        "the cluster does not take IAM, which Firehose comes with",
        "Firehose authenticates to brokers with its role, whatever other clients do; a cluster may take several ways.",
        _from_topic(f"{_CLUSTER}, auth: mtls"),
        _from_topic(f"{_CLUSTER}, auth: [iam, mtls]"),
        source=_FIREHOSE_MSK,
    ),
    Code(
        "FIR753",
        "topics of a serverless cluster are not delivered to Iceberg",
        "Topics of clusters of brokers go to S3 and to Iceberg, those of MSK Serverless to S3 alone.",
        _from_topic(
            "kind: msk_serverless",
            "{kind: iceberg, database: sales, table: orders, table_bucket: company-lakehouse}",
            f"partitions: 6, {_ADOPTED}",
        ),
        _from_topic("kind: msk_serverless", "{kind: s3}", f"partitions: 6, {_ADOPTED}"),
        source=_FIREHOSE_MSK,
    ),
    Code(
        "FIR754",
        "the topic is read more slowly than it is written",
        "Firehose begins with 10 MB/s of each partition. What comes faster stays behind until it expires; AWS raises the quota "
        "on request.",
        _from_topic(_CLUSTER.replace("msk,", "msk_express,"), topic=_MUCH),
        _from_topic(_CLUSTER.replace("msk,", "msk_express,"), topic=f"{_MUCH}, partitions: 8"),
        source=firehose.MSK_PARTITION_MIB_PER_SECOND.source,
    ),
    Code(
        "FIR755",
        "reading cannot begin in the future",
        "A position is that of the first record of a moment; of one that has not come there is none.",
        _from_topic(more=", starting_position: {at_timestamp: 2099-01-01T00:00:00Z}"),
        _from_topic(more=", starting_position: latest"),
        source="https://docs.aws.amazon.com/firehose/latest/APIReference/API_MSKSourceConfiguration.html",
    ),
    Code(
        "FIR756",
        "the topic is not there when Firehose looks for it",
        "Topics of a serverless cluster are created by a client, after the deployment that makes the cluster. A delivery in "
        "the same deployment would be refused, or suspended, for want of its topic.",
        _from_topic("kind: msk_serverless", topic="partitions: 6") + "acknowledge: {orders.MSK495: a job creates it}\n",
        _from_topic("kind: msk_serverless", topic=f"partitions: 6, {_ADOPTED}"),
        source="https://docs.aws.amazon.com/firehose/latest/dev/msk_troubleshooting.html",
    ),
)
