"""What is wrong in one template with Firehose delivery streams, tables of Glue, buckets and domains of OpenSearch."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, review_code

_FIREHOSE = "https://docs.aws.amazon.com/firehose/latest/dev"
_PROJECTION = "https://docs.aws.amazon.com/athena/latest/ug/partition-projection-setting-up.html"
_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"
_SEARCH = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide"
_LOGGED = "CloudWatchLoggingOptions: {Enabled: true, LogGroupName: /firehose/clicks, LogStreamName: errors}"
_FUNCTION = (
    "ProcessingConfiguration: {Enabled: true, Processors: [{Type: Lambda, Parameters: "
    "[{ParameterName: LambdaArn, ParameterValue: 'arn:aws:lambda:eu-west-1:111122223333:function:clean'}]}]}"
)
_ERRORS = "ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/'"
_DYNAMIC = "DynamicPartitioningConfiguration: {Enabled: true}"
_PARQUET = "org.apache.hadoop.hive.ql.io.parquet"


def _delivery(*settings: str, encrypted: bool = True, role: str = "'arn:aws:iam::111122223333:role/delivery'") -> str:
    lines = "".join(f"\n      {line}" for line in ("BucketARN: 'arn:aws:s3:::lake'", f"RoleARN: {role}", *settings))
    encryption = "\n    DeliveryStreamEncryptionConfigurationInput: {KeyType: AWS_OWNED_CMK}" if encrypted else ""
    return (
        f"Delivery:\n  Type: AWS::KinesisFirehose::DeliveryStream\n  Properties:{encryption}\n"
        f"    ExtendedS3DestinationConfiguration:{lines}\n"
    )


def _transforming(seconds: int) -> str:
    """A delivery stream with a function that may run for some seconds."""
    called = _FUNCTION.replace("'arn:aws:lambda:eu-west-1:111122223333:function:clean'", "!GetAtt Clean.Arn")
    kept = "S3BackupMode: Enabled"
    function = f"Clean: {{Type: AWS::Lambda::Function, Properties: {{Role: cleaner, Timeout: {seconds}}}}}\n"
    return _delivery(_LOGGED, called, kept) + function


def _partitioned(query: str) -> str:
    """A delivery stream with a folder for each shop, and what takes keys out of records."""
    processor = (
        "ProcessingConfiguration: {Enabled: true, Processors: [{Type: MetadataExtraction, Parameters: "
        f"[{{ParameterName: MetadataExtractionQuery, ParameterValue: '{query}'}}, "
        "{ParameterName: JsonParsingEngine, ParameterValue: JQ-1.6}]}]}"
    )
    return _delivery(_LOGGED, _DYNAMIC, _ERRORS, "Prefix: '!{partitionKeyFromQuery:shop}/'", processor)


def _table(serde: str, input_format: str = "", location: str = "clicks", more: str = "") -> str:
    reads = f"\n        InputFormat: {input_format}" if input_format else ""
    return (
        "Table:\n  Type: AWS::Glue::Table\n  Properties:\n    CatalogId: '111122223333'\n    DatabaseName: lake\n"
        f"    TableInput:\n      Name: clicks\n      StorageDescriptor:\n        Location: s3://lake/{location}/{reads}\n"
        f"        SerdeInfo: {{SerializationLibrary: {serde}}}\n{more}"
    )


def _converted(serde: str) -> str:
    conversion = (
        "DataFormatConversionConfiguration: {OutputFormatConfiguration: {Serializer: {ParquetSerDe: {}}}, "
        "SchemaConfiguration: {DatabaseName: lake, TableName: !Ref Table}}"
    )
    return _delivery(_LOGGED, "Prefix: clicks/", conversion) + _table(serde)


def _projected(*parameters: str) -> str:
    lines = "".join(f"        {line}\n" for line in ("projection.enabled: true", *parameters))
    keys = "      PartitionKeys: [{Name: day, Type: string}]\n"
    return _table(f"{_PARQUET}.serde.ParquetHiveSerDe", more=f"{keys}      Parameters:\n{lines}")


def _role(action: str) -> str:
    statement = f"{{Effect: Allow, Action: {action}, Resource: '*'}}"
    return (
        "Role:\n  Type: AWS::IAM::Role\n  Properties:\n    AssumeRolePolicyDocument: {Statement: []}\n"
        f"    Policies: [{{PolicyName: p, PolicyDocument: {{Statement: [{statement}]}}}}]\n"
    )


def _domain(**given: str) -> str:
    parts = {
        "ClusterConfig": "{InstanceCount: 3}",
        "EncryptionAtRestOptions": "{Enabled: true}",
        "NodeToNodeEncryptionOptions": "{Enabled: true}",
        "DomainEndpointOptions": "{EnforceHTTPS: true, TLSSecurityPolicy: Policy-Min-TLS-1-2-PFS-2023-10}",
        **given,
    }
    lines = "".join(f"    {name}: {value}\n" for name, value in parts.items())
    return f"Logs:\n  Type: AWS::OpenSearchService::Domain\n  Properties:\n{lines}"


def _lets_in(principal: str) -> str:
    statement = f"Effect: Allow, Principal: {{AWS: '{principal}'}}, Action: 'es:*', Resource: '*'"
    return _domain(AccessPolicies=f"{{Statement: [{{{statement}}}]}}")


def _serverless(kind: str, name: str, policy: str) -> str:
    properties = f"    Name: logs\n    Type: {name}\n    Policy: '{policy}'\n"
    return f"Rules:\n  Type: AWS::OpenSearchServerless::{kind}\n  Properties:\n{properties}"


def _network(rest: str) -> str:
    rule = '{"ResourceType": "collection", "Resource": ["collection/logs"]}'
    return _serverless("SecurityPolicy", "network", f'[{{"Rules": [{rule}], {rest}}}]')


def _data(permission: str, index: str) -> str:
    rule = f'{{"ResourceType": "index", "Resource": ["index/{index}"], "Permission": ["{permission}"]}}'
    return _serverless(
        "AccessPolicy", "data", f'[{{"Rules": [{rule}], "Principal": ["arn:aws:iam::111122223333:role/search"]}}]'
    )


CODES: tuple[Code, ...] = (
    review_code(
        "AUD300",
        "caution",
        "alarm",
        "errors of delivery are not logged",
        "Without a log nobody sees why records do not arrive: a permission that is missing, a column that does not "
        "fit, a function that fails. Firehose tries again until records are too old.",
        after=_delivery(),
        mend=_delivery(_LOGGED),
        source=f"{_FIREHOSE}/monitoring-with-cloudwatch-logs.html",
    ),
    review_code(
        "AUD301",
        "caution",
        "data-loss",
        "a function makes others of records, and no copy is kept of those that came in",
        "A fault in the function spoils or drops every record that goes through it. Without a copy they cannot be "
        "delivered again when it is found.",
        after=_delivery(_LOGGED, _FUNCTION),
        mend=_delivery(
            _LOGGED, _FUNCTION, "S3BackupMode: Enabled", "S3BackupConfiguration: {BucketARN: 'arn:aws:s3:::raw'}"
        ),
        source=f"{_FIREHOSE}/data-transformation-source-record-backup.html",
    ),
    review_code(
        "AUD302",
        "danger",
        "delivery",
        "a buffer or a compression does not go with conversion or dynamic partitioning",
        "Firehose needs room for a whole row group of Parquet or a stripe of ORC, and a buffer for each folder, and "
        "compresses within the object. It refuses other settings, and the deployment fails.",
        after=_delivery(
            _LOGGED,
            _DYNAMIC,
            _ERRORS,
            "Prefix: '!{partitionKeyFromQuery:shop}/'",
            "BufferingHints: {SizeInMBs: 5, IntervalInSeconds: 60}",
        ),
        mend=_delivery(
            _LOGGED,
            _DYNAMIC,
            _ERRORS,
            "Prefix: '!{partitionKeyFromQuery:shop}/'",
            "BufferingHints: {SizeInMBs: 64, IntervalInSeconds: 60}",
        ),
        source=f"{_FIREHOSE}/enable-record-format-conversion.html",
    ),
    review_code(
        "AUD303",
        "danger",
        "delivery",
        "prefixes of a delivery stream do not go together",
        "A prefix with expressions needs one for errors as well, and keys of records need dynamic partitioning, which "
        "has to name them. Firehose refuses other settings, and the deployment fails.",
        after=_delivery(_LOGGED, "Prefix: 'clicks/!{timestamp:yyyy}/'"),
        mend=_delivery(_LOGGED, "Prefix: 'clicks/!{timestamp:yyyy}/'", _ERRORS),
        source=f"{_FIREHOSE}/s3-prefixes.html",
    ),
    review_code(
        "AUD304",
        "danger",
        "partition",
        "objects are delivered where their table does not look",
        "A table finds objects below its location, in the folders that its projection computes or that its keys name. "
        "What is written elsewhere is missing from every answer, and no query fails.",
        after=_delivery(_LOGGED, "Prefix: raw/") + _table(f"{_PARQUET}.serde.ParquetHiveSerDe"),
        mend=_delivery(_LOGGED, "Prefix: clicks/") + _table(f"{_PARQUET}.serde.ParquetHiveSerDe"),
        source=f"{_FIREHOSE}/s3-prefixes.html",
    ),
    review_code(
        "AUD305",
        "danger",
        "schema",
        "objects are converted to another format than their table reads",
        "Firehose takes columns from the table, and the format from its own setting. When the two differ every query "
        "of the table fails on what was delivered.",
        after=_converted("org.openx.data.jsonserde.JsonSerDe"),
        mend=_converted(f"{_PARQUET}.serde.ParquetHiveSerDe"),
        source=f"{_FIREHOSE}/record-format-conversion.html",
    ),
    review_code(
        "AUD306",
        "danger",
        "encryption",
        "records that wait in a delivery stream are not encrypted",
        "Firehose keeps what it cannot deliver for up to a day. Records that are put into it directly lie there in "
        "the clear, unless it is told to encrypt them.",
        after=_delivery(_LOGGED, encrypted=False),
        mend=_delivery(_LOGGED),
        source=f"{_FIREHOSE}/encryption.html",
    ),
    review_code(
        "AUD307",
        "danger",
        "delivery",
        "the role of a delivery stream may not do what it has to",
        "Firehose reads, converts and writes in the name of its role. Without a permission nothing arrives; it tries "
        "again until records are too old, and then they are lost.",
        after=_delivery(_LOGGED, role="!GetAtt Role.Arn") + _role("'s3:GetObject'"),
        mend=_delivery(_LOGGED, role="!GetAtt Role.Arn") + _role("['s3:GetObject', 's3:PutObject']"),
        source=f"{_FIREHOSE}/controlling-access.html",
    ),
    review_code(
        "AUD308",
        "caution",
        "delivery",
        "a function may run for longer than Firehose waits",
        "Firehose waits for five minutes, and calls the function again three times. A batch that takes longer is then "
        "set aside among what failed to be processed, although the function may have done its work.",
        after=_transforming(900),
        mend=_transforming(300),
        source=f"{_FIREHOSE}/data-transformation.html",
    ),
    review_code(
        "AUD309",
        "danger",
        "partition",
        "the keys of a prefix are not those that are taken out of records",
        "Each key in the prefix has to come out of a record, by the query or by a function, and each key of the query "
        "has to stand in the prefix. Firehose refuses other settings, and the deployment fails.",
        after=_partitioned("{customer: .customer}"),
        mend=_partitioned("{shop: .shop.id}"),
        source=f"{_FIREHOSE}/dynamic-partitioning-partitioning-keys.html",
    ),
    review_code(
        "AUD320",
        "danger",
        "partition",
        "a projection does not cover each partition key",
        "Athena computes the values of every partition key, and their folders. A key of which nothing says how, or "
        "for which the template of folders has no place, makes every query of the table fail.",
        after=_projected("projection.month.type: date"),
        mend=_projected("projection.day.type: date", "projection.day.range: '2026-01-01,NOW'"),
        source=_PROJECTION,
    ),
    review_code(
        "AUD321",
        "danger",
        "schema",
        "the input format and the SerDe of a table are of two formats",
        "The one finds records in an object, and the other columns in a record. Of two formats neither understands "
        "the other, and every query of the table fails.",
        after=_table("org.openx.data.jsonserde.JsonSerDe", f"{_PARQUET}.MapredParquetInputFormat"),
        mend=_table(f"{_PARQUET}.serde.ParquetHiveSerDe", f"{_PARQUET}.MapredParquetInputFormat"),
        source="https://docs.aws.amazon.com/athena/latest/ug/serde-reference.html",
    ),
    review_code(
        "AUD322",
        "caution",
        "schema",
        "every new version of a schema is taken",
        "The registry is there to refuse a version that readers, or older messages, do not fit. With `NONE` that is "
        "found when they fail.",
        after="""
            Schema:
              Type: AWS::Glue::Schema
              Properties: {Name: clicks, DataFormat: AVRO, SchemaDefinition: '"string"', Compatibility: NONE}
        """,
        mend="""
            Schema:
              Type: AWS::Glue::Schema
              Properties: {Name: clicks, DataFormat: AVRO, SchemaDefinition: '"string"', Compatibility: BACKWARD}
        """,
        source="https://docs.aws.amazon.com/glue/latest/dg/schema-registry.html",
    ),
    review_code(
        "AUD340",
        "danger",
        "public-access",
        "public access to a bucket is not blocked",
        "The block holds whatever a policy or an access control list says, and is on for new buckets unless a "
        "template turns it off. Without it one statement is enough to let everybody read.",
        after="""
            Lake:
              Type: AWS::S3::Bucket
              Properties:
                PublicAccessBlockConfiguration:
                  {BlockPublicAcls: true, BlockPublicPolicy: false, IgnorePublicAcls: true, RestrictPublicBuckets: false}
        """,
        mend="""
            Lake:
              Type: AWS::S3::Bucket
              Properties:
                PublicAccessBlockConfiguration:
                  {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}
        """,
        source=f"{_S3}/access-control-block-public-access.html",
    ),
    review_code(
        "AUD341",
        "danger",
        "public-access",
        "the access control list of a bucket lets everybody in",
        "`PublicRead`, `PublicReadWrite` and `AuthenticatedRead` let anybody in the world, or anybody with an account "
        "of AWS, list the bucket, and with the second write to it.",
        after="""
            Lake: {Type: AWS::S3::Bucket, Properties: {AccessControl: PublicRead}}
        """,
        mend="""
            Lake: {Type: AWS::S3::Bucket}
        """,
        source=f"{_S3}/acl-overview.html",
    ),
    review_code(
        "AUD360",
        "danger",
        "encryption",
        "data of a domain is in the clear, at rest or on its way",
        "A domain encrypts nothing unless it is told to: documents lie on volumes, travel between nodes and come from "
        "callers in the clear. Encryption at rest and between nodes cannot be turned off again.",
        after=_domain(EncryptionAtRestOptions="{Enabled: false}"),
        mend=_domain(),
        source=f"{_SEARCH}/encryption-at-rest.html",
    ),
    review_code(
        "AUD361",
        "caution",
        "encryption",
        "callers of a domain may use TLS 1.0",
        "TLS 1.0 and 1.1 have known faults, and are what a domain takes unless a policy says otherwise.",
        after=_domain(DomainEndpointOptions="{EnforceHTTPS: true}"),
        mend=_domain(),
        source="https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DomainEndpointOptions.html",
    ),
    review_code(
        "AUD362",
        "danger",
        "public-access",
        "a domain is open to the world",
        "Everybody who finds its address may read and delete every document, with no account and no condition.",
        after=_lets_in("*"),
        mend=_lets_in("arn:aws:iam::111122223333:role/search"),
        source=f"{_SEARCH}/ac.html",
    ),
    review_code(
        "AUD363",
        "caution",
        "scaling",
        "the failure of one node stops a domain",
        "A single data node has no replica of what it holds, and an even number of masters, or fewer than three, has "
        "no majority when one is gone.",
        after=_domain(ClusterConfig="{InstanceCount: 1}"),
        mend=_domain(),
        source=f"{_SEARCH}/bp.html",
    ),
    review_code(
        "AUD364",
        "danger",
        "public-access",
        "a collection is reached from the internet",
        "The data access policy is then the one guard that is left: whoever gets hold of a role that it names reads "
        "from anywhere.",
        after=_network('"AllowFromPublic": true'),
        mend=_network('"AllowFromPublic": false, "SourceVPCEs": ["vpce-1"]'),
        source=f"{_SEARCH}/serverless-network.html",
    ),
    review_code(
        "AUD365",
        "danger",
        "iam-widened",
        "a data access policy permits everything on all collections",
        "Whoever it names may read and delete the documents of every collection of the account, also of those that "
        "come later.",
        after=_data("aoss:*", "*/*"),
        mend=_data("aoss:ReadDocument", "logs/*"),
        source=f"{_SEARCH}/serverless-data-access.html",
    ),
)
