"""Amazon MSK Replicator: limits, metrics' sources and permissions."""

from __future__ import annotations

from streaming_constructs.facts.fact import Fact, Range

_GUIDE = "https://docs.aws.amazon.com/msk/latest/developerguide"
_CFN = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-msk-replicator.html"
_READ = "2026-11-28"

NAME_CHARACTERS = Fact(128, "characters", _CFN, _READ)
"""Letters, digits and `-`; a replicator cannot be renamed, and a name is taken once."""
PATTERNS = Range(1, 100, "patterns", _CFN, _READ)
PATTERN_CHARACTERS = 256
"""Of a regular expression of topics or of groups; of topics 249. Source: `PATTERNS.source`."""
SUBNETS = Range(2, 3, "subnets", _CFN, _READ)
LEAST_BROKERS = Fact(3, "brokers", f"{_GUIDE}/msk-replicator-prepare-clusters.html", _READ)
"""Of the cluster that is read."""
NETWORK_SOURCE = f"{_GUIDE}/msk-replicator-network-reqs.html"
"""Replicators reach both clusters on the port of IAM. A provisioned cluster of another region is read over multi-VPC private
connections, and its policy lets kafka.amazonaws.com make them."""
ROLE_SOURCE = f"{_GUIDE}/security-iam-awsmanpol-AWSMSKReplicatorExecutionRole.html"

ON_CLUSTER = (
    "kafka-cluster:AlterCluster",
    "kafka-cluster:Connect",
    "kafka-cluster:DescribeCluster",
    "kafka-cluster:WriteDataIdempotently",
)
"""What the role of a replicator needs on each of its clusters, of what AWS's own policy has on clusters."""
ON_TOPICS = (
    "kafka-cluster:AlterTopic",
    "kafka-cluster:AlterTopicDynamicConfiguration",
    "kafka-cluster:CreateTopic",
    "kafka-cluster:DescribeTopic",
    "kafka-cluster:DescribeTopicDynamicConfiguration",
    "kafka-cluster:ReadData",
    "kafka-cluster:WriteData",
)
"""What it needs on all topics of both: which it replicates is said by patterns, and it keeps topics of its own."""
ON_GROUPS = ("kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup")
"""What it needs on all groups of both. Source of the three: `ROLE_SOURCE`, read 2026-11-28."""
