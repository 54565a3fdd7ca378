"""What is wrong in one template with Kafka on MSK, MSK Connect, and Flink."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, piece, review_code
from streaming_constructs.spec.codes.review_flink import application, flink, properties
from streaming_constructs.spec.codes.review_kafka_connect import connector
from streaming_constructs.spec.codes.review_msk import brokers, cluster, nodes, policy, topic

_MSK = "https://docs.aws.amazon.com/msk/latest/developerguide"
_FLINK = "https://docs.aws.amazon.com/managed-flink/latest/java"
_KAFKA = "https://kafka.apache.org/documentation"
_IAM = "ClientAuthentication: {Sasl: {Iam: {Enabled: true}}}"
_LOGS = "LoggingInfo: {BrokerLogs: {CloudWatchLogs: {Enabled: true, LogGroup: brokers}}}"


def _alarm(namespace: str, metric: str, dimension: str, value: str) -> str:
    return piece(f"""
            Alarm:
              Type: AWS::CloudWatch::Alarm
              Properties:
                Namespace: {namespace}
                MetricName: {metric}
                Dimensions: [{{Name: {dimension}, Value: {value}}}]
    """)


_DISK_ALARM = _alarm("AWS/Kafka", "KafkaDataLogsDiskUsed", "Cluster Name", "events")
_IDLE_ALARM = _alarm("AWS/Kafka", "NetworkProcessorAvgIdlePercent", "Cluster Name", "events")
_LOG_OPTION = piece("""
            Log:
              Type: AWS::KinesisAnalyticsV2::ApplicationCloudWatchLoggingOption
              Properties:
                ApplicationName: !Ref Counts
                CloudWatchLoggingOption: {LogStreamARN: "arn:aws:logs:eu-west-1:111122223333:log-group:a:log-stream:b"}
""")


def _with_acls(allowed: str) -> str:
    return cluster(
        "ClientAuthentication: {Sasl: {Scram: {Enabled: true}}}, ConfigurationInfo: {Arn: !GetAtt Brokers.Arn, "
        "Revision: !GetAtt Brokers.LatestRevision.Revision}",
    ) + brokers(f"allow.everyone.if.no.acl.found={allowed}\\nunclean.leader.election.enable=false")


def _reader(seconds: int) -> str:
    """A function that reads a topic, and may run for some seconds."""
    return piece(f"""
            Load: {{Type: AWS::Lambda::Function, Properties: {{Role: loader, Timeout: {seconds}}}}}
            Source:
              Type: AWS::Lambda::EventSourceMapping
              Properties:
                FunctionName: !Ref Load
                EventSourceArn: arn:aws:kafka:eu-west-1:111122223333:cluster/events/1
                Topics: [loads]
                StartingPosition: TRIM_HORIZON
                DestinationConfig: {{OnFailure: {{Destination: "arn:aws:sqs:eu-west-1:111122223333:dead"}}}}
    """)


CODES: tuple[Code, ...] = (
    review_code(
        "AUD400",
        "danger",
        "public-access",
        "clients of a cluster need not say who they are",
        "Whoever reaches the port of a broker reads, writes and deletes topics. So it is where `Unauthenticated` is "
        "on, and where no way to sign in is.",
        after=cluster("ClusterName: events"),
        mend=cluster(f"ClusterName: events, {_IAM}"),
        source=f"{_MSK}/msk-update-security.html",
    ),
    review_code(
        "AUD401",
        "danger",
        "encryption",
        "records may travel in plain text to, or between, brokers",
        "With TLS_PLAINTEXT brokers open a port without encryption beside the one with it, and nobody sees which of "
        "the two a client takes. Between brokers, encryption cannot be turned on later.",
        after=cluster("EncryptionInfo: {EncryptionInTransit: {ClientBroker: TLS_PLAINTEXT}}"),
        mend=cluster("EncryptionInfo: {EncryptionInTransit: {ClientBroker: TLS}}"),
        source=f"{_MSK}/msk-encryption.html",
    ),
    review_code(
        "AUD402",
        "danger",
        "public-access",
        "brokers have addresses in the internet",
        "Whoever may sign in can do so from anywhere, and a key that leaked is enough. Private connections serve "
        "clients of other networks.",
        after=nodes("ConnectivityInfo: {PublicAccess: {Type: SERVICE_PROVIDED_EIPS}}"),
        mend=nodes("ConnectivityInfo: {PublicAccess: {Type: DISABLED}}"),
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-msk-cluster-publicaccess.html",
    ),
    review_code(
        "AUD403",
        "caution",
        "alarm",
        "brokers write no logs",
        "Why a broker restarts, a replica falls behind or a client is refused is found in the logs of brokers alone, "
        "and they are not kept unless they are sent somewhere.",
        after=cluster(_IAM),
        mend=cluster(f"{_IAM}, {_LOGS}"),
        source=f"{_MSK}/msk-logging.html",
    ),
    review_code(
        "AUD404",
        "caution",
        "alarm",
        "a cluster without any alarm",
        "Partitions without a leader take no records, and a group that falls behind loses what expires before it is "
        "read. Without an alarm people learn of it from what is missing.",
        after=cluster(_IAM),
        mend=cluster(_IAM) + _DISK_ALARM,
        source=f"{_MSK}/bestpractices.html",
    ),
    review_code(
        "AUD405",
        "caution",
        "scaling",
        "brokers whose processor works on credits",
        "A kafka.t3.small is for development: once its credits are used it is slowed down to a fifth, takes four new "
        "connections a second with IAM, and has no KRaft and no tiered storage.",
        after=nodes("InstanceType: kafka.t3.small"),
        mend=nodes("InstanceType: kafka.m7g.large"),
        source=f"{_MSK}/broker-instance-sizes.html",
    ),
    review_code(
        "AUD406",
        "caution",
        "scaling",
        "disks of brokers that neither grow by themselves nor have an alarm",
        "A broker whose disk is full takes no more records, and restarts do not help. MSK makes volumes larger where "
        "a scalable target says so, each six hours at most.",
        after=nodes("InstanceType: kafka.m7g.large"),
        mend=nodes("InstanceType: kafka.m7g.large") + _DISK_ALARM,
        source=f"{_MSK}/msk-autoexpand.html",
    ),
    review_code(
        "AUD407",
        "danger",
        "data-loss",
        "a replica that lags may become leader",
        "With an unclean election a partition goes on without the records that the new leader has not, although they "
        "were acknowledged. It is MSK's default on brokers without tiered storage: left to it, it is a caution.",
        after=brokers("min.insync.replicas=2\\nunclean.leader.election.enable=true"),
        mend=brokers("min.insync.replicas=2\\nunclean.leader.election.enable=false"),
        source=f"{_MSK}/msk-default-configuration.html",
    ),
    review_code(
        "AUD408",
        "danger",
        "data-loss",
        "records with one copy",
        "What has one replica is lost with the volume of its broker, and cannot be read or written in each restart: "
        "MSK restarts brokers to patch them.",
        after=topic("PartitionCount: 6").replace("ReplicationFactor: 3", "ReplicationFactor: 1"),
        mend=topic("PartitionCount: 6"),
        source=f"{_MSK}/bestpractices.html",
    ),
    review_code(
        "AUD409",
        "caution",
        "data-loss",
        "a write waits for one replica alone",
        "With `min.insync.replicas` at 1 a record is acknowledged while one broker alone has it, although there are to be "
        "copies. It is lost with that broker.",
        after=topic('Configs: "min.insync.replicas=1"'),
        mend=topic('Configs: "min.insync.replicas=2"'),
        source=f"{_KAFKA}/#topicconfigs_min.insync.replicas",
    ),
    review_code(
        "AUD410",
        "danger",
        "none",
        "configurations of a topic in tiered storage that MSK refuses",
        "A topic in tiered storage has to say how long it keeps records, and that is three days at least. The stack "
        "is not created.",
        after=topic('Configs: "remote.storage.enable=true\\nretention.ms=86400000"'),
        mend=topic('Configs: "remote.storage.enable=true\\nretention.ms=604800000"'),
        source=f"{_MSK}/msk-guidelines-tiered-storage-topic-level-config.html",
    ),
    review_code(
        "AUD411",
        "caution",
        "iam-widened",
        "topics without an ACL are open to whoever signs in",
        "Of clients that come by SASL/SCRAM or with a certificate, ACLs of Kafka say what they may do. Where a topic "
        "has none, MSK's default lets each of them read, write and delete it.",
        after=_with_acls("true"),
        mend=_with_acls("false"),
        source=f"{_MSK}/msk-acls.html",
    ),
    review_code(
        "AUD412",
        "danger",
        "public-access",
        "the policy of a cluster lets in everybody",
        "A cluster policy is what lets principals of other accounts in. With `*` and no condition that is each "
        "account of AWS.",
        after=policy('Principal: "*", Action: "kafka-cluster:Connect"'),
        mend=policy('Principal: {AWS: "999988887777"}, Action: "kafka-cluster:Connect"'),
        source=f"{_MSK}/mvpc-cluster-owner-action-policy.html",
    ),
    review_code(
        "AUD413",
        "caution",
        "delivery",
        "a write waits for all replicas",
        "With as many in `min.insync.replicas` as there are replicas, each restart of a broker refuses all writes with "
        "`acks=all`: MSK restarts brokers to patch them, one after the other.",
        after=topic('Configs: "min.insync.replicas=3"'),
        mend=topic('Configs: "min.insync.replicas=2"'),
        source=f"{_MSK}/bestpractices.html",
    ),
    review_code(
        "AUD414",
        "danger",
        "delivery",
        "a function that reads Kafka may run for longer than Lambda takes",
        "Lambda takes functions of 14 minutes at most to read Kafka, and of 15 otherwise. It refuses the mapping, or "
        "tries batches again while they are still being processed.",
        after=_reader(900),
        mend=_reader(840),
        source="https://docs.aws.amazon.com/lambda/latest/dg/with-msk-configure.html",
    ),
    review_code(
        "AUD415",
        "danger",
        "alarm",
        "an alarm watches a metric that its cluster does not publish",
        "Brokers publish few metrics unless the cluster asks for more, each of which costs what a custom metric costs. "
        "An alarm on one that is not published waits for data for ever, and looks as if all were well.",
        after=cluster("ClusterName: events") + _IDLE_ALARM,
        mend=cluster("ClusterName: events, EnhancedMonitoring: PER_BROKER") + _IDLE_ALARM,
        source=f"{_MSK}/metrics-details.html",
    ),
    review_code(
        "AUD430",
        "danger",
        "encryption",
        "a secret of a connector stands in plain text",
        "Templates, and the descriptions and logs of connectors, are read by more people than what is behind the "
        "secret. It also stays in each version of the stack.",
        after=connector("topics: clicks, database.password: hunter2"),
        mend=connector('topics: clicks, database.password: "${secretsmanager:shop:password}"'),
        source=f"{_MSK}/msk-connect-config-provider.html",
    ),
    review_code(
        "AUD431",
        "danger",
        "delivery",
        "records that a connector fails on are dropped without a trace",
        "With `errors.tolerance=all` a connector goes on after a record that it cannot read or write. Without a topic "
        "for them such records are gone; the offsets say that they were handled.",
        after=connector("topics: clicks, errors.tolerance: all"),
        mend=connector("topics: clicks, errors.tolerance: all, errors.deadletterqueue.topic.name: failed"),
        source=f"{_KAFKA}/#sinkconnectorconfigs_errors.deadletterqueue.topic.name",
    ),
    review_code(
        "AUD432",
        "danger",
        "encryption",
        "records between a connector and its cluster travel in plain text",
        "The brokers have a port without encryption for it, which any other client in the network may take as well.",
        after=connector("topics: clicks", "KafkaClusterEncryptionInTransit: {EncryptionType: PLAINTEXT}, "),
        mend=connector("topics: clicks", "KafkaClusterEncryptionInTransit: {EncryptionType: TLS}, "),
        source=f"{_MSK}/msk-connect-connectors.html",
    ),
    review_code(
        "AUD433",
        "danger",
        "public-access",
        "a connector does not say who it is",
        "Its cluster lets in clients without a name: whoever reaches the brokers may do what the connector does, and "
        "more.",
        after=connector("topics: clicks", "KafkaClusterClientAuthentication: {AuthenticationType: NONE}, "),
        mend=connector("topics: clicks", "KafkaClusterClientAuthentication: {AuthenticationType: IAM}, "),
        source=f"{_MSK}/msk-connect-connectors.html",
    ),
    review_code(
        "AUD434",
        "caution",
        "alarm",
        "the workers of a connector write no logs",
        "Why a task failed stands in the logs of workers alone; the connector itself says RUNNING while all of its "
        "tasks have failed.",
        after=connector("topics: clicks"),
        mend=connector(
            "topics: clicks", "LogDelivery: {WorkerLogDelivery: {CloudWatchLogs: {Enabled: true, LogGroup: a}}}, "
        ),
        source=f"{_MSK}/msk-connect-logging.html",
    ),
    review_code(
        "AUD450",
        "danger",
        "data-loss",
        "an application of Flink without snapshots",
        "Each update, scaling and stop ends with its state lost: counts and open windows are empty, and sources start "
        "where their configuration says.",
        after=application("ApplicationSnapshotConfiguration: {SnapshotsEnabled: false}"),
        mend=application("ApplicationSnapshotConfiguration: {SnapshotsEnabled: true}"),
        source=f"{_FLINK}/how-snapshots.html",
    ),
    review_code(
        "AUD451",
        "danger",
        "data-loss",
        "an application of Flink without checkpoints",
        "Flink restarts a job from its last checkpoint. Without one each failure, and each of AWS's maintenances, "
        "begins without state and without positions.",
        after=flink("CheckpointConfiguration", "CheckpointingEnabled: false"),
        mend=flink("CheckpointConfiguration", "CheckpointingEnabled: true"),
        source=f"{_FLINK}/how-fault.html",
    ),
    review_code(
        "AUD452",
        "danger",
        "data-loss",
        "each update of an application loses state",
        "What `RunConfiguration` says holds for each update of the running application, not only for the one that it "
        "was written for: skipping the snapshot loses all state, and leaving out what does not fit loses that without "
        "a word.",
        after=application(
            "ApplicationSnapshotConfiguration: {SnapshotsEnabled: true}",
            more="RunConfiguration: {FlinkRunConfiguration: {AllowNonRestoredState: true}}\n                ",
        ),
        mend=application("ApplicationSnapshotConfiguration: {SnapshotsEnabled: true}"),
        source=f"{_FLINK}/how-snapshots.html",
    ),
    review_code(
        "AUD453",
        "caution",
        "alarm",
        "an application of Flink writes no log",
        "What its code and Flink say before a failure is the one way to find why. Managed Flink writes it to a stream "
        "of logs that a resource of its own names.",
        after=application("EnvironmentProperties: {PropertyGroups: []}"),
        mend=application("EnvironmentProperties: {PropertyGroups: []}") + _LOG_OPTION,
        source=f"{_FLINK}/cloudwatch-logs.html",
    ),
    review_code(
        "AUD454",
        "caution",
        "alarm",
        "an application of Flink without any alarm",
        "A job that fails is restarted again and again while the application says RUNNING. Without an alarm on that "
        "people learn of it from the results that are missing.",
        after=application("EnvironmentProperties: {PropertyGroups: []}"),
        mend=application("EnvironmentProperties: {PropertyGroups: []}")
        + _alarm("AWS/KinesisAnalytics", "downtime", "Application", "!Ref Counts"),
        source=f"{_FLINK}/monitoring-metrics-alarms.html",
    ),
    review_code(
        "AUD455",
        "caution",
        "none",
        "a runtime without support",
        "AWS patches it no more, creates no new applications on it, and stops those that are left after some time.",
        after=application("EnvironmentProperties: {PropertyGroups: []}", "FLINK-1_8"),
        mend=application("EnvironmentProperties: {PropertyGroups: []}", "FLINK-1_20"),
        source=f"{_FLINK}/release-version-list.html",
    ),
    review_code(
        "AUD456",
        "caution",
        "scaling",
        "more subtasks or KPUs than there are without asking",
        "Flink spreads state over 128 subtasks at most unless the code says otherwise from the start, and an "
        "application has 64 KPUs until the quota is raised.",
        after=flink("ParallelismConfiguration", "Parallelism: 256, ParallelismPerKPU: 4"),
        mend=flink("ParallelismConfiguration", "Parallelism: 128, ParallelismPerKPU: 4"),
        source=f"{_FLINK}/how-scaling.html",
    ),
    review_code(
        "AUD457",
        "caution",
        "scaling",
        "a parallelism that does not hold",
        "What stands beside `ConfigurationType: DEFAULT` is left out: the application runs with a parallelism of 1, "
        "and follows the load.",
        after=application(
            "FlinkApplicationConfiguration: {ParallelismConfiguration: {ConfigurationType: DEFAULT, Parallelism: 8}}"
        ),
        mend=flink("ParallelismConfiguration", "Parallelism: 8"),
        source="https://docs.aws.amazon.com/managed-flink/latest/apiv2/API_ParallelismConfiguration.html",
    ),
    review_code(
        "AUD458",
        "danger",
        "encryption",
        "a secret of an application of Flink stands in plain text",
        "Templates, and the description of the application, are read by more people than what is behind the secret. "
        "It also stays in each version of the stack.",
        after=properties("database.password", "hunter2"),
        mend=properties("database.secret.arn", '"arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop"'),
        source=f"{_FLINK}/how-properties.html",
    ),
)
