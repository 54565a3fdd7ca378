"""AWS Lambda consumers of Kafka topics: pollers, groups, secrets, and topics of what is given up; a part of `LAM`."""

from __future__ import annotations

from streaming_constructs.facts import event_source_kafka
from streaming_constructs.spec.codes.code import Code, piece

_SCRAM = (
    'sasl_scram, scram_secret_arns: ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_users-AbCdEf"]'
)


def _on_kafka(consumer: str, *, auth: str = "iam", more: str = "", encoding: str = "plain") -> str:
    """The base with its stream in Kafka, and with something in its consumer."""
    return piece(
        f"""
        schema_registry: glue
        clusters:
          main: {{kind: msk, brokers: 3, instance_type: kafka.m7g.large, auth: {auth}}}
        streams:
          payments: {{kind: kafka, cluster: main, partitions: 6, encoding: {encoding}}}
          {more}
        consumers:
          fraud: {consumer}
        """
    )


KAFKA_CODES = (
    Code(
        "LAM551",
        "there are always more pollers than there may be",
        "`minimum` pollers are always there, and `maximum` is the most that Lambda adds. It refuses a mapping whose least is "
        "above its most.",
        _on_kafka("{pollers: {minimum: 4, maximum: 2}}"),
        _on_kafka("{pollers: {minimum: 2, maximum: 4}}"),
        source=event_source_kafka.SCALING_SOURCE,
    ),
    Code(
        "LAM552",
        "a function that reads Kafka has no more than 14 minutes for a batch",
        "Lambda takes a timeout of 15 minutes of functions in general, and 14 of those that a mapping of Kafka invokes. With a "
        "longer one the mapping is refused, or its batches are tried again while they are still being processed.",
        _on_kafka("{timeout_seconds: 900, on_failure: {retries: 0}}"),
        _on_kafka("{timeout_seconds: 840, on_failure: {retries: 0}}"),
        source=event_source_kafka.FUNCTION_TIMEOUT_SECONDS.source,
    ),
    Code(
        "LAM553",
        "retries that end, and what goes with them, need provisioned pollers",
        "Pollers on demand try a failed batch until it succeeds or its records expire. How often and how long it is tried, "
        "splitting it, responses with the records that failed, and a topic of Kafka as the destination are for provisioned "
        "pollers alone.",
        _on_kafka("{pollers: on_demand}"),
        _on_kafka("{}"),
        source=event_source_kafka.RETRIES_SOURCE,
    ),
    Code(
        "LAM554",
        "how a consumer authenticates does not fit its cluster",
        "A mapping signs in with the role of the function where the cluster takes IAM, and with a secret where it takes "
        "SASL/SCRAM or mTLS. Lambda never takes a weaker way than it is given, so without one the mapping reads nothing.",
        _on_kafka("{}", auth=_SCRAM),
        _on_kafka(
            '{secret_arn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_users-AbCdEf", '
            'secret_kms_key_arn: "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}',
            auth=_SCRAM,
        ),
        source=event_source_kafka.AUTHENTICATION_SOURCE,
    ),
    Code(
        "LAM555",
        "given-up records cannot go to that topic of Kafka",
        "Lambda writes what it gives up of a topic to another topic of the same cluster, whole and with its key. It refuses "
        "the topic that is read, reaches no other cluster, and does so for consumers of Kafka alone.",
        _on_kafka("{on_failure: {destination: {kind: kafka, topic: payments}}}"),
        _on_kafka(
            "{on_failure: {destination: {kind: kafka, topic: failed}}}",
            more="failed: {kind: kafka, cluster: main, partitions: 3}",
        ),
        source=event_source_kafka.TOPIC_DESTINATION_SOURCE,
    ),
    Code(
        "LAM556",
        "two consumers have one group",
        "Members of a group share the partitions of a topic: each record goes to one of them. Lambda takes the id of a group "
        "of one mapping, and refuses a second one.",
        _on_kafka(
            "{consumer_group: fraud}\n          again: {kind: lambda, from: payments, code: handlers/fraud, "
            "consumer_group: fraud, on_failure: s3}"
        ),
        _on_kafka(
            "{consumer_group: fraud}\n          again: {kind: lambda, from: payments, code: handlers/fraud, "
            "consumer_group: again, on_failure: s3}"
        ),
        source=event_source_kafka.GROUPS_SOURCE,
    ),
    Code(
        "LAM557",
        "more pollers than partitions",
        "A partition is read by one poller at a time, so there are never more pollers than partitions, whatever is asked for.",
        _on_kafka("{pollers: {minimum: 12}}"),
        _on_kafka("{pollers: {minimum: 6}}"),
        source=event_source_kafka.SCALING_SOURCE,
    ),
    Code(
        "LAM558",
        "fewer pollers than the workload needs",
        "A provisioned poller reads 5 MB/s, or keeps 5 invocations busy. What is written beyond that waits, and grows old.",
        piece("""
            clusters:
              main: {kind: msk, brokers: 3, instance_type: kafka.m7g.large}
            streams:
              payments:
                kind: kafka
                cluster: main
                partitions: 6
                workload: {records_per_second: 12000, record_kb: 1}
            consumers:
              fraud: {pollers: {maximum: 2}}
        """),
        piece("""
            clusters:
              main: {kind: msk, brokers: 3, instance_type: kafka.m7g.large}
            streams:
              payments:
                kind: kafka
                cluster: main
                partitions: 6
                workload: {records_per_second: 12000, record_kb: 1}
            consumers:
              fraud: {pollers: {maximum: 3}}
        """),
        source=event_source_kafka.POLLER_MB_PER_SECOND.source,
    ),
    Code(
        "LAM559",
        "one bad record holds its partition until it expires",
        "Pollers on demand try a failed batch again without end: one record that the function never takes holds up all that is "
        "behind it, for as long as Kafka keeps it. Provisioned pollers give it up as `on_failure` says.",
        _on_kafka("{pollers: on_demand, on_failure: {retries: null, max_record_age_seconds: null}}"),
        _on_kafka("{}"),
        source=event_source_kafka.RETRIES_SOURCE,
    ),
    Code(
        "LAM560",
        "records that come while the mapping is created are not read",
        "A mapping begins to poll some minutes after it was created, and stops for up to 90 seconds when it is changed. "
        "`latest` is the end of the topic when it begins, so what came before is never read. A group that exists goes on where "
        "it is.",
        _on_kafka("{starting_position: latest}"),
        _on_kafka("{starting_position: trim_horizon}"),
        source=event_source_kafka.POSITIONS_SOURCE,
    ),
    Code(
        "LAM561",
        "nothing lets a function write to a topic",
        "A function of a system writes to topics with IAM: its role is permitted to. In a cluster without IAM it would be "
        "refused with each record.",
        piece("""
            clusters:
              main:
                kind: msk
                brokers: 3
                instance_type: kafka.m7g.large
                auth: sasl_scram
                scram_secret_arns: ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_users-AbCdEf"]
            streams:
              scores: {kind: kafka, cluster: main, partitions: 3}
            consumers:
              fraud:
                to: scores
                vpc: {vpc_id: vpc-01234567, subnet_ids: [subnet-01234567], security_group_ids: [sg-01234567]}
        """),
        piece("""
            clusters:
              main: {kind: msk, brokers: 3, instance_type: kafka.m7g.large}
            streams:
              scores: {kind: kafka, cluster: main, partitions: 3}
            consumers:
              fraud:
                to: scores
                vpc: {vpc_id: vpc-01234567, subnet_ids: [subnet-01234567], security_group_ids: [sg-01234567]}
        """),
        source="https://docs.aws.amazon.com/msk/latest/developerguide/iam-access-control.html",
    ),
    Code(
        "LAM562",
        "nothing lets a consumer decrypt its secret",
        "Secrets of SASL/SCRAM are encrypted with a customer managed key. Without a permission on it the mapping cannot read "
        "the secret, unless the policy of the key lets the role.",
        _on_kafka(
            '{secret_arn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_users-AbCdEf"}',
            auth=_SCRAM,
        ),
        _on_kafka(
            '{secret_arn: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_users-AbCdEf", '
            'secret_kms_key_arn: "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}',
            auth=_SCRAM,
        ),
        source=event_source_kafka.AUTHENTICATION_SOURCE,
    ),
    Code(
        "LAM563",
        "nothing brings a function to the brokers that it writes to",
        "Lambda reads a topic for the function, from within the network of the cluster. What the function writes itself goes "
        "from where the function is, and brokers are reached from within their VPC alone. A function that writes to topics "
        "stands beside their brokers by itself; of a cluster that exists, something has to say where that is.",
        piece("""
            clusters:
              main: {kind: msk, arn: "arn:aws:kafka:eu-west-1:111122223333:cluster/main/12345678-1234-1234-1234-123456789012-1"}
            streams:
              scores: {kind: kafka, cluster: main, partitions: 3}
            consumers:
              fraud: {to: scores}
        """),
        piece("""
            clusters:
              main:
                kind: msk
                arn: "arn:aws:kafka:eu-west-1:111122223333:cluster/main/12345678-1234-1234-1234-123456789012-1"
                vpc: {vpc_id: vpc-01234567, subnet_ids: [subnet-01234567, subnet-01234568]}
            streams:
              scores: {kind: kafka, cluster: main, partitions: 3}
            consumers:
              fraud: {to: scores}
        """),
        source=event_source_kafka.NETWORK_SOURCE,
    ),
    Code(
        "LAM565",
        "the schema registry needs provisioned pollers",
        "Where the values of a topic are encoded with a schema registry, Lambda decodes them for the function, and "
        "gives up what is not written with a schema. That is for provisioned pollers alone.",
        _on_kafka(
            "{pollers: on_demand, on_failure: {retries: null, max_record_age_seconds: null}}", encoding="registry"
        ),
        _on_kafka("{}", encoding="registry"),
        source=event_source_kafka.REGISTRY_SOURCE,
    ),
    Code(
        "LAM566",
        "a topic has too few partitions for a consumer to keep up at the peak",
        "A partition is read by one provisioned poller, which takes 5 MB/s. What is written beyond that waits until the peak "
        "has gone by. It is a matter of choice: more partitions now, or a lag that passes.",
        piece("""
            clusters:
              main: {kind: msk, brokers: 3, instance_type: kafka.m7g.large}
            streams:
              payments: {kind: kafka, cluster: main, workload: {records_per_second: 12000, record_kb: 1}}
        """),
        piece("""
            clusters:
              main: {kind: msk, brokers: 3, instance_type: kafka.m7g.large}
            streams:
              payments: {kind: kafka, cluster: main, partitions: 3, workload: {records_per_second: 12000, record_kb: 1}}
        """),
        source=event_source_kafka.POLLER_MB_PER_SECOND.source,
    ),
)
