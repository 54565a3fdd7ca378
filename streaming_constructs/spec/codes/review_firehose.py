"""What changes of a template mean for Firehose delivery streams."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, review_code

_GUIDE = "https://docs.aws.amazon.com/firehose/latest/dev"
_API = "https://docs.aws.amazon.com/firehose/latest/APIReference"
_TYPE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesisfirehose-deliverystream.html"
_PREFIXES = f"{_GUIDE}/s3-prefixes.html"
_BACKUP = f"{_GUIDE}/data-transformation-source-record-backup.html"
_UPDATE = f"{_API}/API_UpdateDestination.html"
_CONVERSION = f"{_GUIDE}/record-format-conversion.html"


def _s3(*settings: str) -> str:
    """A delivery stream to a bucket, with some settings."""
    lines = "".join(
        f"\n      {line}"
        for line in ("BucketARN: arn:aws:s3:::lake", "RoleARN: arn:aws:iam::111122223333:role/delivery", *settings)
    )
    return (
        "Delivery:\n  Type: AWS::KinesisFirehose::DeliveryStream\n  Properties:\n    "
        f"ExtendedS3DestinationConfiguration:{lines}\n"
    )


def _http(*settings: str) -> str:
    """A delivery stream to an HTTP endpoint, with some settings."""
    lines = "".join(f"\n      {line}" for line in ("EndpointConfiguration: {Url: 'https://example.com/in'}", *settings))
    bucket = "S3Configuration: {BucketARN: arn:aws:s3:::lake, RoleARN: arn:aws:iam::111122223333:role/delivery}"
    return (
        "Delivery:\n  Type: AWS::KinesisFirehose::DeliveryStream\n  Properties:\n    "
        f"HttpEndpointDestinationConfiguration:{lines}\n      {bucket}\n"
    )


_SEARCH = """
    Delivery:
      Type: AWS::KinesisFirehose::DeliveryStream
      Properties:
        AmazonopensearchserviceDestinationConfiguration:
          DomainARN: arn:aws:es:eu-west-1:111122223333:domain/logs
          IndexName: logs
          RoleARN: arn:aws:iam::111122223333:role/delivery
          S3Configuration: {BucketARN: arn:aws:s3:::lake, RoleARN: arn:aws:iam::111122223333:role/delivery}
"""
_TABLE = """Table:
  Type: AWS::Glue::Table
  Properties:
    CatalogId: "111122223333"
    DatabaseName: lake
    TableInput:
      Name: clicks
      StorageDescriptor: {Location: "s3://lake/clicks/"}
"""
_PARQUET = (
    "DataFormatConversionConfiguration: {OutputFormatConfiguration: {Serializer: {ParquetSerDe: {}}}, "
    "SchemaConfiguration: {DatabaseName: lake, TableName: %s}}"
)

CODES: tuple[Code, ...] = (
    review_code(
        "REV300",
        "danger",
        "replacement",
        "a delivery stream is replaced, and begins to read anew",
        "Its source and its name cannot be changed in place. What the old one has taken and not delivered is deleted "
        "with it; the new one reads a Kinesis stream from its newest record on, so that what comes meanwhile is "
        "skipped.",
        before="""
            Delivery:
              Type: AWS::KinesisFirehose::DeliveryStream
              Properties:
                DeliveryStreamType: KinesisStreamAsSource
                KinesisStreamSourceConfiguration:
                  KinesisStreamARN: arn:aws:kinesis:eu-west-1:111122223333:stream/clicks
                  RoleARN: arn:aws:iam::111122223333:role/delivery
        """,
        after="""
            Delivery:
              Type: AWS::KinesisFirehose::DeliveryStream
              Properties:
                DeliveryStreamType: KinesisStreamAsSource
                KinesisStreamSourceConfiguration:
                  KinesisStreamARN: arn:aws:kinesis:eu-west-1:111122223333:stream/orders
                  RoleARN: arn:aws:iam::111122223333:role/delivery
        """,
        source=_TYPE,
    ),
    review_code(
        "REV301",
        "danger",
        "delivery",
        "the backup of a delivery stream cannot be changed like this",
        "Firehose turns a backup of all records on, but refuses to turn it off for S3, Redshift and Splunk; for "
        "OpenSearch it refuses to change it at all. The deployment fails and is rolled back.",
        before=_s3("S3BackupMode: Enabled"),
        after=_s3("S3BackupMode: Disabled"),
        source=_BACKUP,
    ),
    review_code(
        "REV302",
        "danger",
        "delivery",
        "a delivery stream cannot be switched between OpenSearch and another destination",
        "UpdateDestination takes another OpenSearch domain for an OpenSearch domain, and nothing else; nor does it "
        "take one in place of anything else. The deployment fails and is rolled back.",
        before=_SEARCH,
        after=_http(),
        source=_UPDATE,
    ),
    review_code(
        "REV303",
        "caution",
        "delivery",
        "a delivery stream delivers to another kind of destination",
        "What was delivered stays where it is, and nothing is added to it any more. Whoever reads there sees no new "
        "records, and is not told.",
        before=_s3(),
        after=_http(),
        source=_UPDATE,
    ),
    review_code(
        "REV304",
        "caution",
        "delivery",
        "the destination of a delivery stream makes something else of a record",
        "How a record becomes a row, a document or a request is decided by these settings: from now on others arrive "
        "than before, beside those that are there.",
        before=_http("RequestConfiguration: {ContentEncoding: NONE}"),
        after=_http("RequestConfiguration: {ContentEncoding: GZIP}"),
        source=_TYPE,
    ),
    review_code(
        "REV305",
        "caution",
        "delivery",
        "a delivery stream keeps copies of fewer records",
        "Copies of all records were kept in a bucket; now only those are that the destination did not take. What "
        "arrived wrongly cannot be delivered again from them.",
        before=_http("S3BackupMode: AllData"),
        after=_http("S3BackupMode: FailedDataOnly"),
        source=f"{_API}/API_HttpEndpointDestinationConfiguration.html",
    ),
    review_code(
        "REV306",
        "fine",
        "delivery",
        "a delivery stream keeps copies of all records",
        "What a function or a destination makes of records can be compared with what came in, and delivered again. "
        "The copies cost storage, and for S3, Redshift and Splunk cannot be turned off again.",
        before=_s3(),
        after=_s3("S3BackupMode: Enabled", "S3BackupConfiguration: {BucketARN: arn:aws:s3:::copies}"),
        source=_BACKUP,
    ),
    review_code(
        "REV307",
        "caution",
        "delivery",
        "errors of delivery are logged no more",
        "Without a log nobody sees why records did not arrive: a permission that is missing, a column that does not "
        "fit, a function that fails. Firehose tries again until records are too old.",
        before=_s3("CloudWatchLoggingOptions: {Enabled: true, LogGroupName: /firehose/clicks, LogStreamName: errors}"),
        after=_s3("CloudWatchLoggingOptions: {Enabled: false, LogGroupName: /firehose/clicks, LogStreamName: errors}"),
        source=f"{_GUIDE}/monitoring-with-cloudwatch-logs.html",
    ),
    review_code(
        "REV308",
        "fine",
        "delivery",
        "errors of delivery are logged",
        "The log says for each delivery that failed what the destination answered, so that it can be put right before "
        "records are too old to be delivered.",
        before=_s3(),
        after=_s3("CloudWatchLoggingOptions: {Enabled: true, LogGroupName: /firehose/clicks, LogStreamName: errors}"),
        source=f"{_GUIDE}/monitoring-with-cloudwatch-logs.html",
    ),
    review_code(
        "REV309",
        "danger",
        "partition",
        "objects are delivered where their table does not look",
        "A table finds objects below its location, in the folders that its projection computes. What is written "
        "elsewhere is missing from every answer, and no query fails.",
        before=_s3("Prefix: clicks/") + _TABLE,
        after=_s3("Prefix: raw/clicks/") + _TABLE,
        source=_PREFIXES,
    ),
    review_code(
        "REV310",
        "caution",
        "partition",
        "objects are delivered under another prefix",
        "No table of the template looks there, so nobody can say who reads it: a table, a crawler or a notification "
        "with the earlier prefix sees no new objects.",
        before=_s3("Prefix: clicks/"),
        after=_s3("Prefix: raw/clicks/"),
        source=_PREFIXES,
    ),
    review_code(
        "REV311",
        "caution",
        "delivery",
        "records are delivered elsewhere",
        "What was delivered stays where it is, and nothing is added to it any more. Whoever reads there sees no new "
        "records; the role needs permissions for the new place.",
        before=_s3(),
        after=_s3().replace("s3:::lake", "s3:::lake-v2"),
        source=_UPDATE,
    ),
    review_code(
        "REV312",
        "caution",
        "delivery",
        "what could not be delivered is written elsewhere",
        "Whoever looks for failed records, or delivers them again, looks under the earlier prefix and finds none. "
        "Without a prefix of their own they lie among the good ones.",
        before=_s3("ErrorOutputPrefix: failed/"),
        after=_s3("ErrorOutputPrefix: errors/"),
        source=_PREFIXES,
    ),
    review_code(
        "REV313",
        "fine",
        "delivery",
        "what could not be delivered has a prefix of its own",
        "Failed records no longer lie among the good ones, so that no table reads them, and somebody finds them who "
        "wants to deliver them again.",
        before=_s3(),
        after=_s3("ErrorOutputPrefix: failed/"),
        source=_PREFIXES,
    ),
    review_code(
        "REV314",
        "danger",
        "schema",
        "objects of another format are delivered beside those that are there",
        "A table has one format: Parquet, ORC or JSON. Of a folder with two it reads one and fails on the other, or "
        "answers from a part of it alone.",
        before=_s3(),
        after=_s3(_PARQUET % "clicks"),
        source=_CONVERSION,
    ),
    review_code(
        "REV315",
        "caution",
        "schema",
        "records are converted by another table, or read otherwise before",
        "Columns and types of the objects follow the table that is named. Records that do not fit it go to the error "
        "prefix, and are missing from the table.",
        before=_s3(_PARQUET % "clicks"),
        after=_s3(_PARQUET % "clicks_v2"),
        source=_CONVERSION,
    ),
    review_code(
        "REV316",
        "danger",
        "partition",
        "dynamic partitioning is switched on or off",
        "It is decided when a delivery stream is made: turned on later, Firehose refuses it. Turned off, folders that "
        "stand for values in records get no new objects.",
        before=_s3(),
        after=_s3("DynamicPartitioningConfiguration: {Enabled: true}"),
        source="https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_kinesisfirehose.DynamicPartitioningProps.html",
    ),
    review_code(
        "REV317",
        "caution",
        "delivery",
        "delivery is tried again for a shorter time",
        "When the destination does not answer for longer than that, records go to the backup bucket, and nobody "
        "delivers them from there unless somebody does it by hand.",
        before=_http("RetryOptions: {DurationInSeconds: 3600}"),
        after=_http("RetryOptions: {DurationInSeconds: 60}"),
        source=f"{_API}/API_HttpEndpointRetryOptions.html",
    ),
    review_code(
        "REV318",
        "fine",
        "delivery",
        "delivery is tried again for a longer time",
        "A destination that does not answer for a while loses nothing: fewer records go to the backup bucket, from "
        "which they would have to be delivered by hand.",
        before=_http("RetryOptions: {DurationInSeconds: 60}"),
        after=_http("RetryOptions: {DurationInSeconds: 3600}"),
        source=f"{_API}/API_HttpEndpointRetryOptions.html",
    ),
    review_code(
        "REV319",
        "fine",
        "delivery",
        "records are delivered in other portions, or written with other settings",
        "The size and the age of a portion decide how late records arrive and how large objects are. Readers find "
        "every object as they did before.",
        before=_s3("BufferingHints: {SizeInMBs: 64, IntervalInSeconds: 300}"),
        after=_s3("BufferingHints: {SizeInMBs: 128, IntervalInSeconds: 300}"),
        source=f"{_GUIDE}/buffering-hints.html",
    ),
    review_code(
        "REV320",
        "caution",
        "delivery",
        "objects are compressed, named or dated otherwise",
        "Readers tell by the end of a name how an object is compressed. Another compression, ending or time zone "
        "makes objects of two kinds in one place, and some readers know one of them.",
        before=_s3("CompressionFormat: GZIP"),
        after=_s3("CompressionFormat: Snappy"),
        source=f"{_GUIDE}/s3-object-name.html",
    ),
    review_code(
        "REV321",
        "caution",
        "delivery",
        "records are processed otherwise before they are delivered",
        "A function, a query or a delimiter decides what a record looks like when it arrives. From now on others "
        "arrive than before, beside those that are there.",
        before=_s3("ProcessingConfiguration: {Enabled: true, Processors: [{Type: AppendDelimiterToRecord}]}"),
        after=_s3(),
        source=f"{_GUIDE}/data-transformation.html",
    ),
    review_code(
        "REV322",
        "danger",
        "encryption",
        "records or objects of a delivery stream are encrypted no more with a key",
        "Encryption of records that wait in the delivery stream is off, or objects follow the default of their "
        "bucket: no key's policy says any more who may read them.",
        before=_s3(
            "EncryptionConfiguration: {KMSEncryptionConfig: {AWSKMSKeyARN: 'arn:aws:kms:eu-west-1:111122223333:key/a'}}"
        ),
        after=_s3("EncryptionConfiguration: {NoEncryptionConfig: NoEncryption}"),
        source=f"{_GUIDE}/encryption.html",
    ),
    review_code(
        "REV323",
        "caution",
        "encryption",
        "a delivery stream encrypts with another key",
        "What was written stays under the earlier key, which has to be kept as long as it. Firehose's role and all "
        "readers need the new one.",
        before=_s3(
            "EncryptionConfiguration: {KMSEncryptionConfig: {AWSKMSKeyARN: 'arn:aws:kms:eu-west-1:111122223333:key/a'}}"
        ),
        after=_s3(
            "EncryptionConfiguration: {KMSEncryptionConfig: {AWSKMSKeyARN: 'arn:aws:kms:eu-west-1:111122223333:key/b'}}"
        ),
        source=f"{_GUIDE}/encryption.html",
    ),
    review_code(
        "REV324",
        "fine",
        "encryption",
        "a delivery stream encrypts with a key",
        "Who may read what is written from now on is said by the policy of the key as well. What is there stays as it "
        "is until it is written again.",
        before=_s3(),
        after=_s3(
            "EncryptionConfiguration: {KMSEncryptionConfig: {AWSKMSKeyARN: 'arn:aws:kms:eu-west-1:111122223333:key/a'}}"
        ),
        source=f"{_GUIDE}/encryption.html",
    ),
    review_code(
        "REV325",
        "caution",
        "delivery",
        "a delivery stream acts in the name of another role or user",
        "If the other one may not read the source, or write to the destination, nothing arrives: Firehose tries again "
        "until records are too old.",
        before=_s3(),
        after=_s3().replace("role/delivery", "role/other"),
        source=f"{_GUIDE}/controlling-access.html",
    ),
)
