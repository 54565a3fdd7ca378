"""Apache Kafka on Amazon MSK: clusters; what belongs to them has modules of its own."""

from __future__ import annotations

from streaming_constructs.facts import event_source_kafka, msk
from streaming_constructs.spec.codes.code import Code, piece
from streaming_constructs.spec.codes.msk_connect import CONNECT_CODES
from streaming_constructs.spec.codes.msk_topics import TOPIC_CODES, topic_of

_GUIDE = "https://docs.aws.amazon.com/msk/latest/developerguide"
_CFN = msk.ZONES.source
_CONFIGURATION = f"{_GUIDE}/msk-configuration-properties.html"
_TWO_SUBNETS = "vpc: {vpc_id: vpc-0123456789abcdef0, subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]}"
_ADOPTED = "arn: 'arn:aws:kafka:eu-west-1:111122223333:topic/main/12345678-1234-1234-1234-123456789012-s1/orders'"

_EXISTING = "kind: msk, arn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/main/12345678-1234-1234-1234-123456789012-1'"
_READ_ON_DEMAND = piece("""
    consumers:
      totals: {kind: lambda, from: orders, code: handlers/fraud, pollers: on_demand, on_failure: s3}
    acknowledge:
      totals.LAM559: each record counts, and none is ever bad
""")
_LAKE = "deliveries:\n  lake: {from: orders, to: {kind: s3}}\n"
_PARQUET = "schema_registry: glue\ndeliveries:\n  lake: {from: orders, to: {kind: s3, format: parquet}}\n"
_KNOWN = "acknowledge:\n  main.MSK468: the first deployment may take an hour\n"
_USERS = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_users-AbCdEf"


_PLACE = "vpc: {subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1], security_group_ids: [sg-0123456789abcdef0]}"


def _cluster(fields: str) -> str:
    return f"clusters:\n  main: {{kind: msk, {fields}}}\n"


def _unsafe(worker_config: str) -> str:
    connector = "kind: source, to: orders, plugin: {bucket: my-plugins, key: connector.zip}"
    return (
        topic_of("partitions: 6", f"{_EXISTING}, {_PLACE}")
        + f"connectors:\n  changes: {{cluster: main, {connector}, config: {{connector.class: com.example.MySource}}, "
        f"worker_config: {worker_config}}}\n"
    )


CODES = (
    *CONNECT_CODES,
    Code(
        "MSK444",
        "values that are encoded with a schema registry are not decoded by Firehose",
        "Such a value begins with 18 bytes that name its schema, and Avro is no JSON. Firehose converts JSON alone, and puts "
        "what it does not convert into files as it is. A sink connector and Lambda decode values.",
        topic_of("partitions: 6, schema: payment, encoding: registry") + _PARQUET + _KNOWN,
        topic_of("partitions: 6, schema: payment, encoding: plain") + _PARQUET + _KNOWN,
        source="https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html",
    ),
    Code(
        "MSK445",
        "records count as written before they are safe",
        "A producer that waits for no broker (`acks` 0), or for one alone (1), goes on while replicas lack the record. What a "
        "broker loses then is lost, though its writer was told that it is there. Kafka's default is to wait for all that are "
        "in sync; connectors and tables of Flink say otherwise in their configuration, functions in their code.",
        _unsafe("{producer.acks: 1}"),
        _unsafe("{producer.acks: all}"),
        source="https://kafka.apache.org/documentation/#producerconfigs_acks",
    ),
    Code(
        "MSK450",
        "the ARN of a cluster is that of another kind",
        "MSK puts a number behind the UUID of a cluster, and an `s` before that of a serverless one. What is said of brokers, "
        "their versions and ways to authenticate, is not true of a serverless cluster, and the other way round.",
        _cluster("arn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/main/12345678-1234-1234-1234-123456789012-s1'"),
        _cluster("arn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/main/12345678-1234-1234-1234-123456789012-1'"),
        source=f"{_GUIDE}/serverless.html",
    ),
    Code(
        "MSK451",
        "brokers have no such version of Kafka",
        "A cluster is created with a version that MSK offers for its kind of brokers, as MSK writes it: `3.9.x.kraft` keeps "
        "its metadata in KRaft, `3.9.x` in ZooKeeper.",
        _cluster('kafka_version: "3.9"'),
        _cluster('kafka_version: "3.9.x.kraft"'),
        source=f"{_GUIDE}/supported-kafka-versions.html",
    ),
    Code(
        "MSK452",
        "a cluster stands in two or three zones",
        "MSK places brokers in one subnet of each of two or three availability zones; Express brokers need three.",
        piece(f"""
            clusters:
              main:
                kind: msk_express
                {_TWO_SUBNETS}
        """),
        piece(f"""
            clusters:
              main:
                kind: msk
                {_TWO_SUBNETS}
        """),
        source=_CFN,
    ),
    Code(
        "MSK453",
        "brokers do not divide evenly among the zones",
        "Each zone has as many brokers as any other, so that one of them can be away; MSK refuses any other number.",
        _cluster("brokers: 4"),
        _cluster("brokers: 6"),
        source=_CFN,
    ),
    Code(
        "MSK454",
        "more brokers than ZooKeeper serves",
        "A cluster whose metadata is kept by ZooKeeper has 30 brokers at most; with KRaft it has 60.",
        _cluster('kafka_version: "3.8.x", brokers: 33'),
        _cluster('kafka_version: "3.9.x.kraft", brokers: 33'),
        source=msk.BROKERS_KRAFT.source,
    ),
    Code(
        "MSK455",
        "a volume cannot grow to less than it is",
        "Volumes of brokers grow, and never shrink; a scaling target below what they are would be refused.",
        _cluster("volume_gb: 500, max_volume_gb: 400"),
        _cluster("volume_gb: 500, max_volume_gb: 2000"),
        source=msk.AUTOSCALING_TARGET_PERCENT.source,
    ),
    Code(
        "MSK456",
        "the type of broker takes no such throughput of its volume",
        "More than 250 MiB/s of a volume can be provisioned for larger brokers alone, each up to what its instance takes.",
        _cluster("instance_type: kafka.m7g.large, volume_throughput_mb_per_second: 300"),
        _cluster("instance_type: kafka.m7g.2xlarge, volume_throughput_mb_per_second: 300"),
        source=msk.VOLUME_MIB_PER_SECOND.source,
    ),
    Code(
        "MSK457",
        "burstable brokers lack this",
        "kafka.t3.small is for trials: it has no KRaft, no tiered storage and no private connections.",
        _cluster('instance_type: kafka.t3.small, kafka_version: "3.9.x.kraft"'),
        _cluster('instance_type: kafka.m7g.large, kafka_version: "3.9.x.kraft"'),
        source=f"{_GUIDE}/broker-instance-sizes.html",
    ),
    Code(
        "MSK458",
        "services are reached from the subnets of a cluster",
        "The pollers of a topic, workers of a connector and functions in the VPC of a cluster call services of AWS from its "
        "subnets. A VPC that is created for the cluster has an endpoint of each service that is reached there. In a VPC that "
        "is given none is created: its subnets need a NAT gateway, or the endpoints.",
        topic_of("partitions: 6", f"kind: msk, {_TWO_SUBNETS}") + _READ_ON_DEMAND,
        topic_of("partitions: 6", "kind: msk") + _READ_ON_DEMAND,
        source=event_source_kafka.NETWORK_SOURCE,
    ),
    Code(
        "MSK459",
        "a service that nothing leads to from the VPC of a cluster",
        "The VPC that is created for a cluster has no way to the internet. It has VPC endpoints of what is reached from there, "
        "of services whose endpoints are known here; calls of others wait until they time out.",
        piece("""
            clusters:
              main: {kind: msk}
            streams:
              scores: {kind: kafka, cluster: main, partitions: 3}
            consumers:
              fraud: {to: scores, permissions: [{actions: ["bedrock:InvokeModel"], resources: ["*"]}]}
        """),
        piece("""
            clusters:
              main: {kind: msk}
            streams:
              scores: {kind: kafka, cluster: main, partitions: 3}
            consumers:
              fraud: {to: scores, permissions: [{actions: ["ssm:GetParameter"], resources: ["*"]}]}
        """),
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html",
    ),
    Code(
        "MSK460",
        "a cluster has a security group of its own",
        "The list of a cluster's security groups is create-only: another list replaces the cluster, and its records are lost. "
        "So a cluster gets one group for good, whose rules change in place.",
        piece("""
            clusters:
              main:
                kind: msk_serverless
                vpc:
                  vpc_id: vpc-0123456789abcdef0
                  subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
                  security_group_ids: [sg-0123456789abcdef0]
        """),
        piece(f"""
            clusters:
              main:
                kind: msk_serverless
                client_security_group_ids: [sg-0123456789abcdef0]
                {_TWO_SUBNETS}
        """),
        source=_CFN,
    ),
    Code(
        "MSK461",
        "other accounts connect by private connections alone",
        "A policy of the cluster lets other accounts make a connection, and multi-VPC connectivity is what they connect to.",
        _cluster('shared_with: ["111122223333"]') + _KNOWN,
        _cluster('shared_with: ["111122223333"], multi_vpc: true') + _KNOWN,
        source=f"{_GUIDE}/aws-access-mult-vpc.html",
    ),
    Code(
        "MSK462",
        "what a way to authenticate needs, or what needs it, is missing",
        "SASL/SCRAM reads its users from secrets; mTLS takes certificates of the authorities that are named.",
        _cluster("auth: mtls"),
        piece("""
            clusters:
              main:
                kind: msk
                auth: mtls
                certificate_authority_arns:
                  - arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/12345678-1234-1234-1234-123456789012
        """),
        source=f"{_GUIDE}/msk-authentication.html",
    ),
    Code(
        "MSK463",
        "a secret that MSK does not take",
        "MSK associates secrets whose names start with AmazonMSK_, under a customer managed key. Others are told of as "
        "unprocessed, while the deployment succeeds.",
        piece("""
            clusters:
              main:
                kind: msk
                auth: sasl_scram
                scram_secret_arns:
                  - arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_ops-AbCdEf
                  - arn:aws:secretsmanager:eu-west-1:111122223333:secret:users-AbCdEf
        """),
        piece("""
            clusters:
              main:
                kind: msk
                auth: sasl_scram
                scram_secret_arns: ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_users-AbCdEf"]
        """),
        source=f"{_GUIDE}/msk-password.html",
    ),
    Code(
        "MSK464",
        "a server property that MSK, or Kafka, refuses",
        "MSK lets some of Kafka's properties be set, others for each kind of brokers; and Kafka takes plain numbers, without "
        "units. A broker ignores what it does not know, and MSK refuses the whole configuration.",
        _cluster("server_properties: {log.retention.ms: 7d}"),
        _cluster("server_properties: {log.retention.ms: 604800000}"),
        source=_CONFIGURATION,
    ),
    Code(
        "MSK465",
        "with one broker away nothing could be written",
        "A writer that asks for all replicas is refused while fewer than `min.insync.replicas` of them are in sync. Where all "
        "of them have to be, one broker that is patched stops all writes. Kafka takes it nevertheless.",
        topic_of("partitions: 6, replication_factor: 3, min_insync_replicas: 3"),
        topic_of("partitions: 6, replication_factor: 3, min_insync_replicas: 2"),
        source=f"{_GUIDE}/bestpractices.html",
    ),
    Code(
        "MSK466",
        "records that were acknowledged can be lost",
        "With unclean elections a replica that lacks records may become leader when none else is there; what it lacks is gone.",
        topic_of("partitions: 6, configs: {unclean.leader.election.enable: true}"),
        topic_of("partitions: 6"),
        source=f"{_GUIDE}/msk-default-configuration.html",
    ),
    Code(
        "MSK467",
        "private connections need ACLs",
        "Clients that authenticate by SASL/SCRAM or mTLS may do what Kafka's ACLs say. MSK switches private connections on for "
        "them where a topic without an ACL lets nobody in, and not, as by default, everybody.",
        _cluster(f"auth: [iam, sasl_scram], scram_secret_arns: ['{_USERS}'], multi_vpc: true") + _KNOWN,
        _cluster(
            f"auth: [iam, sasl_scram], scram_secret_arns: ['{_USERS}'], multi_vpc: true, "
            "server_properties: {allow.everyone.if.no.acl.found: false}"
        )
        + _KNOWN,
        source=f"{_GUIDE}/aws-access-mult-vpc.html",
    ),
    Code(
        "MSK468",
        "private connections are switched on after the cluster is there",
        "MSK refuses to create a cluster with multi-VPC connectivity. A function of the stack switches it on once the cluster "
        "is there, and waits while MSK restarts broker after broker; the policy of the cluster, and deliveries of its topics, "
        "come after that. It stays on when it is taken out of the spec, and the policy goes.",
        _cluster("multi_vpc: true"),
        _cluster("multi_vpc: false"),
        source=f"{_GUIDE}/mvpc-cluster-owner-action-turn-on.html",
    ),
    Code(
        "MSK469",
        "a delivery needs private connections",
        "Firehose reaches brokers privately, over multi-VPC connectivity. It is switched on for a cluster whose topics are "
        "delivered, and cannot be off there.",
        topic_of("partitions: 6", "kind: msk, multi_vpc: false") + _LAKE + _KNOWN,
        topic_of("partitions: 6", "kind: msk") + _LAKE + _KNOWN,
        source=msk.CONNECTIVITY_MINUTES.source,
    ),
    Code(
        "MSK470",
        "a serverless cluster carries less than this",
        "MSK Serverless takes 200 MB/s and gives 400 MB/s, and has 2,400 partitions, of compacted topics 120.",
        topic_of(
            f"{_ADOPTED}, partitions: 90, workload: {{records_per_second: 300000, record_kb: 1}}",
            "kind: msk_serverless",
        ),
        topic_of("workload: {records_per_second: 300000, record_kb: 1}", "kind: msk_express"),
        source=msk.SERVERLESS_INGRESS_MIB_PER_SECOND.source,
    ),
    Code(
        "MSK471",
        "the cluster is too small for its topics",
        "Brokers write each replica of a record to their volumes, and send it to the other replicas and to each reader. What "
        "is planned keeps 40 % free; this would not suffice for the load itself.",
        topic_of(
            "workload: {records_per_second: 100000, record_kb: 1}, retention_hours: 1",
            "kind: msk, instance_type: kafka.m7g.large, brokers: 3",
        ),
        topic_of("workload: {records_per_second: 100000, record_kb: 1}, retention_hours: 1"),
        source=msk.HEADROOM.source,
    ),
    Code(
        "MSK472",
        "support of a version has ended, or ends soon",
        "MSK raises the version of clusters whose support has ended, at a time of its choosing.",
        _cluster('kafka_version: "3.6.0"'),
        _cluster('kafka_version: "3.9.x.kraft"'),
        source=f"{_GUIDE}/version-support.html",
    ),
    Code(
        "MSK473",
        "a version whose metadata is kept by ZooKeeper",
        "3.9 is the last version with ZooKeeper; a cluster with KRaft has twice the brokers, and controllers that AWS runs for "
        "nothing. An existing cluster is migrated by a change of its version.",
        _cluster('kafka_version: "3.9.x"'),
        _cluster('kafka_version: "3.9.x.kraft"'),
        source=f"{_GUIDE}/metadata-management.html",
    ),
    Code(
        "MSK474",
        "burstable brokers in a system that keeps its data",
        "The processor of kafka.t3.small works on credits, and takes four new connections a second.",
        _cluster('instance_type: kafka.t3.small, kafka_version: "3.8.x"'),
        _cluster("instance_type: kafka.m7g.large"),
        source=msk.NEW_CONNECTIONS_PER_SECOND_T3.source,
    ),
    Code(
        "MSK475",
        "nobody gets in with SASL/SCRAM",
        "Users of SASL/SCRAM are in secrets that are associated with the cluster; without one every client is refused.",
        _cluster("auth: [iam, sasl_scram]"),
        _cluster("auth: iam"),
        source=f"{_GUIDE}/msk-password.html",
    ),
    Code(
        "MSK476",
        "a volume may fill faster than it grows",
        "A volume grows by a tenth, or 10 GiB where that is more, and not again for six hours. A broker whose volume is full "
        "stops.",
        topic_of(
            "workload: {records_per_second: 40000, record_kb: 1}, retention_hours: 24",
            "kind: msk, volume_gb: 100, max_volume_gb: 16000",
        ),
        topic_of(
            "workload: {records_per_second: 40000, record_kb: 1}, retention_hours: 24",
            "kind: msk, volume_gb: 9000, max_volume_gb: 16000",
        ),
        source=msk.AUTOSCALING_HOURS.source,
    ),
    Code(
        "MSK477",
        "an existing cluster has to let Firehose in",
        "A cluster that is adopted is never changed. Firehose connects to it privately where IAM is among its ways to "
        "authenticate, multi-VPC connectivity is on for it, and the policy of the cluster lets firehose.amazonaws.com make a "
        "connection.",
        topic_of("partitions: 6", _EXISTING) + _LAKE,
        topic_of("partitions: 6", f"{_EXISTING}, multi_vpc: true") + _LAKE,
        source="https://docs.aws.amazon.com/firehose/latest/dev/writing-with-msk.html",
    ),
    Code(
        "MSK478",
        "brokers were asked for that take no such clients",
        "Each way to authenticate has a port of its own, and a cluster has those of its `auth`. A deployment that asks MSK for "
        "others fails, once the cluster is there.",
        'main = KafkaCluster(stack, "Main", spec=MskClusterSpec(auth=("iam",))); main.bootstrap_brokers("mtls")',
        'main = KafkaCluster(stack, "Main", spec=MskClusterSpec(auth=("iam",))); main.bootstrap_brokers("iam")',
        form="elsewhere",
        source=f"{_GUIDE}/port-info.html",
    ),
    Code(
        "MSK479",
        "a VPC that is created may have zones without brokers",
        "A VPC that is created for a cluster takes the first three zones of the account. In some regions brokers do not stand "
        "in any three of them, and the deployment fails.",
        "region: us-east-1\n" + _cluster("brokers: 3"),
        "region: eu-west-1\n" + _cluster("brokers: 3"),
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-msk-cluster-"
        "brokernodegroupinfo.html",
    ),
    *TOPIC_CODES,
)
