"""What changes over a version that is deployed: refused, hidden, replaced or lost."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, piece
from streaming_constructs.spec.codes.flink_sql import PER_PAGE, application

_CREATED = piece("""
    deliveries:
      lake: {from: payments, to: {kind: s3, format: parquet}}
""")


def _application(having: str, fields: str = "parallelism: 2") -> str:
    return application(fields, f"{PER_PAGE}\n{having}".strip())


CODES = (
    Code(
        "EVO971",
        "a setting cannot change on what is deployed",
        "The deployment fails, or the setting stays what it was: Firehose takes partitions out of records only where that was "
        "said when the stream was created, switches no backup off, and does not go from OpenSearch to another destination or "
        "back; Kinesis at most doubles or halves its shards in one go; Lambda has one event source mapping of a function and a "
        "stream; a domain never goes back to an older version, and neither into a VPC nor out of one; a source of MSK Connect "
        "with another plugin or other workers is another connector, and its name, under which its positions stand, is taken. "
        "Said by `validate --against`.",
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, format: parquet, partition_by: [day(arrival), country]}}
            schemas:
              payment: {country: string}
        """),
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, format: parquet}}
              lake_2: {from: payments, to: {kind: s3, format: parquet, partition_by: [day(arrival), country]}}
        """),
        source="https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_kinesisfirehose.DynamicPartitioningProps.html",
        earlier=_CREATED,
    ),
    Code(
        "EVO972",
        "what was written is no longer found",
        "What was written stays as it is and where it is. A table looks into the folders of now, and takes everything there "
        "for the format of now; an index is found by its name. After such a change queries miss what is there, or fail on it. "
        "Another delivery beside the first one leaves what is there alone. Another time zone, and folders without a table, are "
        "a warning. Said by `validate --against`.",
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, format: orc}}
        """),
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, format: parquet}}
              lake_orc: {from: payments, to: {kind: s3, format: orc}}
        """),
        source="https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html",
        earlier=_CREATED,
    ),
    Code(
        "EVO973",
        "what holds something is replaced",
        "CloudFormation can change some properties only by making another resource and taking the old one away. The new one is "
        "empty, and begins anew: a delivery or a consumer reads from where a new one reads, a domain has no documents, a topic "
        "no subscribers. Said by `validate --against`.",
        piece("""
            streams:
              refunds: {kind: kinesis, mode: on_demand, schema: payment}
            deliveries:
              lake: {from: refunds, to: {kind: s3}}
        """),
        piece("""
            streams:
              refunds: {kind: kinesis, mode: on_demand, schema: payment}
            deliveries:
              lake: {from: payments, to: {kind: s3}}
              refunds_lake: {from: refunds, to: {kind: s3}}
        """),
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html",
        earlier=piece("""
            streams:
              refunds: {kind: kinesis, mode: on_demand, schema: payment}
            deliveries:
              lake: {from: payments, to: {kind: s3}}
        """),
    ),
    Code(
        "EVO974",
        "what holds something leaves the system",
        "A node that is gone from the file leaves the stack. Retained, its resources stay in the account, where nothing looks "
        "after them, and a node of the same name makes others; destroyed, they are gone with what they hold, and that is an "
        "error. A node that is called otherwise now is one that is gone and a new one. Said by `validate --against`.",
        piece("""
            deliveries: {}
        """),
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, format: parquet}}
        """),
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html",
        earlier=_CREATED,
    ),
    Code(
        "EVO975",
        "what is older is deleted at once",
        "A shorter retention counts for what is there already: Kinesis no longer gives out records that are older, S3 deletes "
        "the objects, and OpenSearch the indices. Readers that are late miss the records. Said by `validate --against`.",
        piece("""
            streams:
              payments: {retention_hours: 24}
        """),
        piece("""
            streams:
              payments: {retention_hours: 96}
        """),
        source="https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html",
        earlier=piece("""
            streams:
              payments: {retention_hours: 72}
        """),
    ),
    Code(
        "EVO976",
        "what was written is under another key",
        "Nothing is encrypted anew: records and objects stay under the key that they were written with. Roles that the system "
        "makes may use the key of now alone, so they fail on what was written before. Where the old key is destroyed with the "
        "change, nobody can read that any more, and it is an error. Said by `validate --against`.",
        piece("""
            streams:
              payments: {encryption: aws_managed}
        """),
        piece("""
            streams:
              payments: {encryption: customer_managed}
        """),
        source="https://docs.aws.amazon.com/streams/latest/dev/getting-started-with-sse.html",
        earlier=piece("""
            streams:
              payments: {encryption: customer_managed}
        """),
    ),
    Code(
        "EVO977",
        "the earlier version is compared by its schemas alone",
        "An earlier version may be in a language that has gone by, or have had errors. Its schemas are read whatever else is "
        "in it; of what it deployed nothing is known then, so nothing is said of what AWS would refuse, or replace. Said by "
        "`validate --against`.",
        "validate pipeline.yaml --against before.yaml, where `before.yaml` has errors of its own",
        "put right what `validate before.yaml` says, and compare again",
        form="elsewhere",
    ),
    Code(
        "EVO978",
        "several parts of a cluster would change at once",
        "MSK changes the brokers, their type, their volumes, the version, the configuration, authentication and monitoring of "
        "a cluster each by an operation of its own, and refuses an update that has two of them; only a new version brings its "
        "configuration along. Said by `validate --against`.",
        piece("""
            clusters:
              main: {kind: msk, brokers: 6, instance_type: kafka.m7g.xlarge, volume_gb: 100}
        """),
        piece("""
            clusters:
              main: {kind: msk, brokers: 6, instance_type: kafka.m7g.large, volume_gb: 100}
        """),
        source="https://docs.aws.amazon.com/msk/1.0/apireference/operations.html",
        earlier=piece("""
            clusters:
              main: {kind: msk, brokers: 3, instance_type: kafka.m7g.large, volume_gb: 100}
        """),
    ),
    Code(
        "EVO979",
        "volumes that grow by themselves are given a size",
        "What a template says of such a volume is what it began with. Any change of it sends that size, and MSK takes none "
        "that is not 10 GiB more than what the volume is by now, nor one within six hours of the last. Said by "
        "`validate --against`.",
        piece("""
            clusters:
              main: {kind: msk, volume_gb: 200, max_volume_gb: 1000}
        """),
        piece("""
            clusters:
              main: {kind: msk, volume_gb: 100, max_volume_gb: 2000}
        """),
        source="https://docs.aws.amazon.com/msk/latest/developerguide/msk-autoexpand.html",
        earlier=piece("""
            clusters:
              main: {kind: msk, volume_gb: 100, max_volume_gb: 1000}
        """),
    ),
    Code(
        "EVO980",
        "brokers are taken away from a cluster",
        "MSK takes away brokers that have no partitions, one from each zone, and refuses the update while they have some. "
        "Functions and connectors go on with the addresses that they were told when the cluster was new; those of brokers that "
        "are gone may be among them. Said by `validate --against`.",
        piece("""
            clusters:
              main: {kind: msk, brokers: 3, instance_type: kafka.m7g.large, volume_gb: 100}
        """),
        piece("""
            clusters:
              main: {kind: msk, brokers: 6, instance_type: kafka.m7g.large, volume_gb: 100}
        """),
        source="https://docs.aws.amazon.com/msk/latest/developerguide/msk-remove-broker.html",
        earlier=piece("""
            clusters:
              main: {kind: msk, brokers: 6, instance_type: kafka.m7g.large, volume_gb: 100}
        """),
    ),
    Code(
        "EVO981",
        "what an application of Flink keeps may fit no more",
        "The state of an application belongs to the operators of its plan, and to the version of Flink that wrote it. Another "
        "query has other operators, and Flink 2 reads the state of Flink 1 without a promise: the update fails and is rolled "
        "back, or the state begins anew. Said by `validate --against`.",
        _application("HAVING COUNT(*) >= 10"),
        _application("HAVING COUNT(*) >= 10", "restore: {allow_non_restored_state: true}"),
        source="https://docs.aws.amazon.com/managed-flink/latest/java/how-snapshots.html",
        earlier=_application(""),
    ),
)
