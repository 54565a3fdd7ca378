"""What changes of templates mean for topics of Kafka on Amazon MSK, the properties of its brokers, and what copies from it."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, review_code
from streaming_constructs.spec.codes.review_msk import GUIDE, brokers, cluster, replicator, topic

_KAFKA = "https://kafka.apache.org/documentation"

CODES: tuple[Code, ...] = (
    review_code(
        "REV420",
        "danger",
        "data-loss",
        "acknowledged records can be lost with a broker",
        "`min.insync.replicas` is how many brokers have a record before a producer with acks=all is told that it is "
        "there; with an unclean election a replica that lags becomes leader, and what it has not is gone. Nobody is "
        "told.",
        before=brokers("min.insync.replicas=2\\nunclean.leader.election.enable=false"),
        after=brokers("min.insync.replicas=1\\nunclean.leader.election.enable=false"),
        source=f"{_KAFKA}/#topicconfigs_min.insync.replicas",
    ),
    review_code(
        "REV421",
        "danger",
        "retention",
        "records that Kafka keeps today are deleted",
        "Segments older, or larger, than the new limit are deleted within minutes; with compaction, of each key all "
        "records but the last. What a consumer had not read yet is lost to it.",
        before=topic('Configs: "retention.ms=604800000"'),
        after=topic('Configs: "retention.ms=86400000"'),
        source=f"{_KAFKA}/#topicconfigs_retention.ms",
    ),
    review_code(
        "REV422",
        "danger",
        "retention",
        "a topic leaves tiered storage",
        "What is in tiered storage and no longer on the brokers is deleted, or the update is refused. A topic of MSK "
        "leaves tiered storage once, and cannot have it again.",
        before=topic('Configs: "remote.storage.enable=true\\nretention.ms=604800000"'),
        after=topic('Configs: "remote.storage.enable=false\\nretention.ms=604800000"'),
        source=f"{GUIDE}/msk-tiered-storage.html",
    ),
    review_code(
        "REV423",
        "danger",
        "partition",
        "a topic is to have fewer partitions",
        "Kafka takes no partition away, as the records in it would have to go somewhere. The update fails, and what "
        "else it was to change is rolled back.",
        before=topic("PartitionCount: 12"),
        after=topic("PartitionCount: 6"),
        source=f"{GUIDE}/msk-update-topic.html",
    ),
    review_code(
        "REV424",
        "caution",
        "partition",
        "a topic has more partitions",
        "Producers put a key on a partition by its hash and their number: from 12 to 24, half of all keys move. "
        "Records of a key that are still in the old partition may be read after newer ones, and state that is kept by "
        "partition is elsewhere.",
        before=topic("PartitionCount: 12"),
        after=topic("PartitionCount: 24"),
        source=f"{_KAFKA}/#basic_ops_modify_topic",
    ),
    review_code(
        "REV425",
        "danger",
        "position-reset",
        "offsets of groups are kept for a shorter time",
        "A group without members for longer than this loses its offsets. It then starts where `auto.offset.reset` "
        "says: at the end, and skips records, or at the beginning, and reads all again.",
        before=brokers("offsets.retention.minutes=10080"),
        after=brokers("offsets.retention.minutes=1440"),
        source=f"{_KAFKA}/#brokerconfigs_offsets.retention.minutes",
    ),
    review_code(
        "REV426",
        "caution",
        "delivery",
        "writes that Kafka takes today are refused",
        "Producers are answered with an error for records that are too large, or while fewer replicas are in sync "
        "than they have to wait for: with as many as there are replicas, in each restart of a broker.",
        before=topic('Configs: "max.message.bytes=8388608"'),
        after=topic('Configs: "max.message.bytes=1048588"'),
        source=f"{_KAFKA}/#topicconfigs_max.message.bytes",
    ),
    review_code(
        "REV427",
        "caution",
        "none",
        "a property of brokers or of a topic guards less, or makes them work in another way",
        "Topics that come by themselves have the defaults of brokers, timestamps decide what is deleted when, and MSK "
        "refuses a configuration with a property that it does not know.",
        before=brokers("auto.create.topics.enable=false"),
        after=brokers("auto.create.topics.enable=true"),
        source=f"{GUIDE}/msk-configuration-properties.html",
    ),
    review_code(
        "REV428",
        "fine",
        "none",
        "a property of brokers or of a topic guards more, or only tunes them",
        "Nothing that is kept or taken today is lost or refused by it. Some take a restart of each broker, one after "
        "the other.",
        before=topic('Configs: "compression.type=producer"'),
        after=topic('Configs: "compression.type=zstd"'),
        source=f"{GUIDE}/msk-configuration-properties.html",
    ),
    review_code(
        "REV429",
        "danger",
        "iam-widened",
        "topics without an ACL are open to whoever connects",
        "With `allow.everyone.if.no.acl.found=true`, a topic for which nobody wrote an ACL may be read, written and "
        "deleted by each client that signs in with SASL/SCRAM or a certificate, or that need not sign in.",
        before=brokers("allow.everyone.if.no.acl.found=false"),
        after=brokers("allow.everyone.if.no.acl.found=true"),
        source=f"{GUIDE}/msk-acls.html",
    ),
    review_code(
        "REV430",
        "danger",
        "none",
        "configurations of a topic in tiered storage that MSK refuses",
        "A topic in tiered storage has to say how long it keeps records, and that is three days at least. The update "
        "fails, and what else it was to change is rolled back.",
        before=topic("PartitionCount: 12"),
        after=topic('PartitionCount: 12, Configs: "remote.storage.enable=true"'),
        mend=topic('PartitionCount: 12, Configs: "remote.storage.enable=true\\nretention.ms=604800000"'),
        source=f"{GUIDE}/msk-guidelines-tiered-storage-topic-level-config.html",
    ),
    review_code(
        "REV431",
        "fine",
        "retention",
        "records are kept in Kafka for longer, or more of them",
        "What is there now stays for longer; what was deleted does not come back. The volumes of the brokers have to "
        "have room for it.",
        before=topic('Configs: "retention.ms=86400000"'),
        after=topic('Configs: "retention.ms=604800000"'),
        source=f"{_KAFKA}/#topicconfigs_retention.ms",
    ),
    review_code(
        "REV435",
        "danger",
        "data-loss",
        "topics or groups are no longer copied to the other cluster",
        "What is written to them from now on is missing there, while the copy looks as before. Whoever reads it, or "
        "moves to it when the first cluster fails, sees nothing of the gap.",
        before=replicator("TopicsToReplicate: [clicks, orders], TopicNameConfiguration: {Type: IDENTICAL}"),
        after=replicator("TopicsToReplicate: [clicks], TopicNameConfiguration: {Type: IDENTICAL}"),
        source=f"{GUIDE}/msk-replicator.html",
    ),
    review_code(
        "REV436",
        "caution",
        "none",
        "a replicator copies less beside records, or a channel writes elsewhere",
        "Without configurations, ACLs, new topics or offsets of groups, the other cluster can be read, but it cannot "
        "take over as it is.",
        before=replicator("CopyTopicConfigurations: true, TopicsToReplicate: [clicks]"),
        after=replicator("CopyTopicConfigurations: false, TopicsToReplicate: [clicks]"),
        source=f"{GUIDE}/msk-replicator.html",
    ),
    review_code(
        "REV437",
        "fine",
        "none",
        "a replicator copies more, or a channel gathers records for another time",
        "What comes from now on is copied; whether older records are is said by the starting position, which cannot "
        "be changed.",
        before=replicator("TopicsToReplicate: [clicks]"),
        after=replicator("TopicsToReplicate: [clicks, orders]"),
        source=f"{GUIDE}/msk-replicator.html",
    ),
    review_code(
        "REV438",
        "danger",
        "position-reset",
        "a channel from a topic to Amazon S3 is replaced",
        "Almost nothing of a channel can be changed in place. The new one does not know how far the old one had "
        "written: records are written twice, or are missing.",
        before="""
            Archive: {Type: AWS::MSK::Channel, Properties: {ChannelName: archive, ClusterArn: "arn:aws:kafka:::cluster/a/1"}}
        """,
        after="""
            Archive: {Type: AWS::MSK::Channel, Properties: {ChannelName: lake, ClusterArn: "arn:aws:kafka:::cluster/a/1"}}
        """,
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-msk-channel.html",
    ),
    review_code(
        "REV439",
        "caution",
        "none",
        "several things of a cluster are to change at once",
        "Each of them is an operation of its own, and MSK works on one at a time: CloudFormation was seen to refuse "
        "an update with two of them, with nothing changed.",
        before=cluster("NumberOfBrokerNodes: 3, KafkaVersion: 3.8.x"),
        after=cluster("NumberOfBrokerNodes: 6, KafkaVersion: 3.9.x"),
        mend=cluster("NumberOfBrokerNodes: 6, KafkaVersion: 3.8.x"),
        source=f"{GUIDE}/msk-update-broker-type.html",
    ),
)
