"""What changes of a template mean for tables of DynamoDB."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, review_code

_GUIDE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide"
_API = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference"
_CFN = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference"
_TABLE = f"{_CFN}/aws-resource-dynamodb-table.html"
_GLOBAL_TABLE = f"{_CFN}/aws-resource-dynamodb-globaltable.html"


def _table(properties: str) -> str:
    """A table, with properties beside its key."""
    key = (
        "KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}]"
    )
    return f"Orders: {{Type: AWS::DynamoDB::Table, Properties: {{{key}, {properties}}}}}\n"


def _regions(replicas: str) -> str:
    """A table in several regions."""
    key = (
        "KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}]"
    )
    return f"Orders: {{Type: AWS::DynamoDB::GlobalTable, Properties: {{{key}, Replicas: [{replicas}]}}}}\n"


_ON_DEMAND = "BillingMode: PAY_PER_REQUEST"


def _index(name: str, projection: str = "KEYS_ONLY") -> str:
    key = f"KeySchema: [{{AttributeName: {name}, KeyType: HASH}}]"
    return f"{{IndexName: by-{name}, {key}, Projection: {{ProjectionType: {projection}}}}}"


CODES: tuple[Code, ...] = (
    review_code(
        "REV250",
        "danger",
        "data-loss",
        "items of a table begin to expire",
        "From then on DynamoDB deletes each item whose attribute is a time gone by, those that are there today among "
        "them. It writes no copy, and an attribute that happens to hold a small number is a time long ago.",
        before=_table(_ON_DEMAND),
        after=_table(f"{_ON_DEMAND}, TimeToLiveSpecification: {{AttributeName: expires, Enabled: true}}"),
        source=f"{_GUIDE}/TTL.html",
    ),
    review_code(
        "REV251",
        "caution",
        "retention",
        "items of a table no longer expire",
        "What should have gone stays: it is found by queries that counted on its absence, such as those for locks and "
        "sessions, and it is paid for.",
        before=_table(f"{_ON_DEMAND}, TimeToLiveSpecification: {{AttributeName: expires, Enabled: true}}"),
        after=_table(_ON_DEMAND),
        source=f"{_GUIDE}/TTL.html",
    ),
    review_code(
        "REV252",
        "danger",
        "position-reset",
        "the stream of a table's changes ends, or is another one",
        "Another view of the changes is another stream with another ARN, and readers begin anew at it. What they have "
        "not read of the old one, which is there for 24 hours more, is missing behind them.",
        before=_table(f"{_ON_DEMAND}, StreamSpecification: {{StreamViewType: NEW_IMAGE}}"),
        after=_table(f"{_ON_DEMAND}, StreamSpecification: {{StreamViewType: NEW_AND_OLD_IMAGES}}"),
        source=f"{_CFN}/aws-properties-dynamodb-table-streamspecification.html",
    ),
    review_code(
        "REV253",
        "fine",
        "delivery",
        "changes of a table go to one more place",
        "A stream of its own, a Kinesis stream or a replica gets what is written from now on; whoever read the table "
        "before reads it as before.",
        before=_table(_ON_DEMAND),
        after=_table(f"{_ON_DEMAND}, StreamSpecification: {{StreamViewType: NEW_IMAGE}}"),
        source=f"{_GUIDE}/Streams.html",
    ),
    review_code(
        "REV254",
        "caution",
        "data-loss",
        "a table can be restored to fewer points in time, or to none",
        "Nothing of the table is lost today. But after the next wrong deployment or delete nobody can have back what "
        "it was before: AWS gives up the backups that it kept for that.",
        before=_table(f"{_ON_DEMAND}, PointInTimeRecoverySpecification: {{PointInTimeRecoveryEnabled: true}}"),
        after=_table(_ON_DEMAND),
        source=f"{_GUIDE}/PointInTimeRecovery_Howitworks.html",
    ),
    review_code(
        "REV255",
        "caution",
        "removal-policy",
        "nothing refuses to delete a table any more",
        "While deletion is protected, AWS refuses to delete the table, whoever asks: a person, a script or a stack "
        "that replaces it. Without that the next mistake takes all items.",
        before=_table(f"{_ON_DEMAND}, DeletionProtectionEnabled: true"),
        after=_table(_ON_DEMAND),
        source=_TABLE,
    ),
    review_code(
        "REV256",
        "fine",
        "removal-policy",
        "a table is guarded better against loss",
        "It can be restored to more points in time, or AWS refuses to delete it. Whoever wants to delete it has to "
        "take the protection off first.",
        before=_table(_ON_DEMAND),
        after=_table(f"{_ON_DEMAND}, DeletionProtectionEnabled: true"),
        source=_TABLE,
    ),
    review_code(
        "REV257",
        "danger",
        "encryption",
        "what was encrypted with a key of KMS no longer is",
        "The key was a second lock: whoever reads had to be allowed its use, and each use was logged. What is "
        "encrypted with a key of the service at best is open to whoever gets at the service.",
        before=_table(
            f"{_ON_DEMAND}, SSESpecification: {{SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: alias/orders}}"
        ),
        after=_table(f"{_ON_DEMAND}, SSESpecification: {{SSEEnabled: false}}"),
        source=f"{_API}/API_SSESpecification.html",
    ),
    review_code(
        "REV258",
        "caution",
        "encryption",
        "another key or certificate encrypts",
        "Whoever may not use the new key is refused, and what was encrypted with the old one, such as backups, is read "
        "with that alone: it has to stay.",
        before=_table(
            f"{_ON_DEMAND}, SSESpecification: {{SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: alias/orders}}"
        ),
        after=_table(f"{_ON_DEMAND}, SSESpecification: {{SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: alias/shop}}"),
        source=f"{_API}/API_SSESpecification.html",
    ),
    review_code(
        "REV259",
        "fine",
        "encryption",
        "it is encrypted, or better than before",
        "A key of the account encrypts what is kept, or callers have to use a newer TLS. Whoever reads and writes has "
        "to be allowed the key.",
        before=_table(_ON_DEMAND),
        after=_table(
            f"{_ON_DEMAND}, SSESpecification: {{SSEEnabled: true, SSEType: KMS, KMSMasterKeyId: alias/orders}}"
        ),
        source=f"{_API}/API_SSESpecification.html",
    ),
    review_code(
        "REV260",
        "caution",
        "schema",
        "an index of a table is deleted",
        "Its items stay in the table, but each query that names the index fails from then on. To have it again, AWS "
        "reads the whole table, which takes hours where that is large.",
        before=_table(f"{_ON_DEMAND}, GlobalSecondaryIndexes: [{_index('shop')}]"),
        after=_table(_ON_DEMAND),
        source=f"{_GUIDE}/GSI.OnlineOps.html",
    ),
    review_code(
        "REV261",
        "fine",
        "none",
        "an index of a table is created",
        "AWS fills it from the table while that is in use, and queries that name it work once it is full. "
        "CloudFormation does not wait for that.",
        before=_table(_ON_DEMAND),
        after=_table(f"{_ON_DEMAND}, GlobalSecondaryIndexes: [{_index('shop')}]"),
        source=f"{_GUIDE}/GSI.OnlineOps.html",
    ),
    review_code(
        "REV262",
        "danger",
        "schema",
        "indices change in a way that AWS refuses",
        "One update creates or deletes one global index; the key of an index, and what is copied into it, are fixed; "
        "and local indices are created with their table alone. The deployment fails and is rolled back.",
        before=_table(f"{_ON_DEMAND}, GlobalSecondaryIndexes: [{_index('shop')}]"),
        after=_table(f"{_ON_DEMAND}, GlobalSecondaryIndexes: [{_index('shop', 'ALL')}]"),
        source=_TABLE,
    ),
    review_code(
        "REV263",
        "caution",
        "scaling",
        "a table takes less in a second",
        "Reads and writes beyond the capacity are throttled. Callers try again for a while, and then fail; whoever "
        "reads a stream into the table falls behind.",
        before=_table("ProvisionedThroughput: {ReadCapacityUnits: 100, WriteCapacityUnits: 100}"),
        after=_table("ProvisionedThroughput: {ReadCapacityUnits: 100, WriteCapacityUnits: 50}"),
        source=f"{_GUIDE}/provisioned-capacity-mode.html",
    ),
    review_code(
        "REV264",
        "fine",
        "scaling",
        "a table takes more in a second",
        "Reads and writes that were throttled before are taken. Capacity that is bought in advance is paid for, "
        "whether it is used or not.",
        before=_table("ProvisionedThroughput: {ReadCapacityUnits: 100, WriteCapacityUnits: 50}"),
        after=_table("ProvisionedThroughput: {ReadCapacityUnits: 100, WriteCapacityUnits: 100}"),
        source=f"{_GUIDE}/provisioned-capacity-mode.html",
    ),
    review_code(
        "REV265",
        "caution",
        "scaling",
        "the capacity of a table is paid for otherwise",
        "On demand each request is billed and capacity grows with the load; provisioned, what is bought is paid for "
        "and the rest is throttled. A switch in the wrong hour throttles, or costs.",
        before=_table("BillingMode: PROVISIONED, ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}"),
        after=_table(_ON_DEMAND),
        source=f"{_GUIDE}/capacity-mode.html",
    ),
    review_code(
        "REV266",
        "danger",
        "data-loss",
        "a replica of a table is deleted",
        "Whoever reads and writes in that region has no table from then on. Replication takes a while, so what was "
        "written there last may be nowhere else.",
        before=_regions("{Region: eu-west-1}, {Region: us-east-1}"),
        after=_regions("{Region: eu-west-1}"),
        source=_GLOBAL_TABLE,
    ),
    review_code(
        "REV267",
        "danger",
        "delivery",
        "changes of a table no longer go to a Kinesis stream",
        "Whoever reads that stream gets nothing more of the table, without an error, and answers from then on with "
        "what it knew. Changes that were not sent are not sent later.",
        before=_table(f"{_ON_DEMAND}, KinesisStreamSpecification: {{StreamArn: !GetAtt Changes.Arn}}")
        + "Changes: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}\n",
        after=_table(_ON_DEMAND) + "Changes: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}\n",
        source=f"{_GUIDE}/kds.html",
    ),
    review_code(
        "REV268",
        "caution",
        "alarm",
        "less is logged, measured or traced",
        "Nothing works otherwise. But what goes wrong from then on leaves fewer traces: who called, which keys are "
        "throttled, which deliveries failed.",
        before=_table(f"{_ON_DEMAND}, ContributorInsightsSpecification: {{Enabled: true}}"),
        after=_table(_ON_DEMAND),
        source=f"{_GUIDE}/contributorinsights_HowItWorks.html",
    ),
    review_code(
        "REV269",
        "caution",
        "none",
        "a table works otherwise for those who read it",
        "How its regions agree, who may read its stream, or how times are written in it is another: readers that count "
        "on the old way may be refused, or take them for wrong.",
        before=_table(
            f"{_ON_DEMAND}, KinesisStreamSpecification: {{StreamArn: 'arn:aws:kinesis:eu-west-1:111122223333:stream/c', "
            "ApproximateCreationDateTimePrecision: MILLISECOND}"
        ),
        after=_table(
            f"{_ON_DEMAND}, KinesisStreamSpecification: {{StreamArn: 'arn:aws:kinesis:eu-west-1:111122223333:stream/c', "
            "ApproximateCreationDateTimePrecision: MICROSECOND}"
        ),
        source=f"{_CFN}/aws-properties-dynamodb-table-kinesisstreamspecification.html",
    ),
)
