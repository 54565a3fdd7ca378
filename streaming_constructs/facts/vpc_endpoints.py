"""VPC endpoints: by which a subnet without a way to the internet reaches services of AWS, and what has to reach which."""

from __future__ import annotations

from typing import NamedTuple

INTERFACE_SOURCE = "https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html"
GATEWAY_SOURCE = "https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html"


class VpcEndpoint(NamedTuple):
    """The endpoint of a service.

    Attributes:
        name: How the name of its service ends, behind `com.amazonaws.REGION.`.
        source: The page that lists it.
        is_gateway: Whether it is a route of the subnets, at no charge, and no network interface in them.
    """

    name: str
    source: str = INTERFACE_SOURCE
    is_gateway: bool = False


VPC_ENDPOINTS = {
    "athena": VpcEndpoint("athena"),
    "cloudwatch": VpcEndpoint("monitoring"),
    "dynamodb": VpcEndpoint("dynamodb", GATEWAY_SOURCE, is_gateway=True),
    "events": VpcEndpoint("events"),
    "firehose": VpcEndpoint("kinesis-firehose"),
    "glue": VpcEndpoint("glue"),
    "kinesis": VpcEndpoint("kinesis-streams"),
    "lambda": VpcEndpoint("lambda"),
    "rds-data": VpcEndpoint("rds-data"),
    "s3": VpcEndpoint("s3", GATEWAY_SOURCE, is_gateway=True),
    "secretsmanager": VpcEndpoint("secretsmanager"),
    "sns": VpcEndpoint("sns"),
    "sqs": VpcEndpoint("sqs"),
    "ssm": VpcEndpoint("ssm"),
    "states": VpcEndpoint("states"),
    "sts": VpcEndpoint("sts"),
}
"""Endpoints by what the actions of their service begin with in IAM; read 2026-11-28.

Workers of MSK Connect, and functions in a VPC, reach all that they use from the subnets that they stand in, and resolve names
as their VPC does. Sources: https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-internet-access.html and
https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-dns-config-dhcp.html

KMS has none here: S3, SQS, SNS and Secrets Manager ask it themselves for who may use a key. Nor have CloudWatch Logs: Lambda
and MSK Connect deliver logs by themselves.
"""

NEED_NONE = frozenset({"ec2", "kafka-cluster", "kms", "logs"})
"""What actions begin with that are not called from there: network interfaces are Lambda's, topics are in the VPC, and keys and
logs as above."""

APPLICATIONS_MAY_REACH = ("s3",)
"""What is there for an application of Managed Flink in a VPC that is created, whatever it reads and writes.

An application in a VPC has no other way out than that of the VPC. Whether Managed Flink fetches the code, keeps state and
delivers logs by it, or by ways of its own, AWS does not say. S3 has the code and the state, and its endpoint costs nothing.
Source: https://docs.aws.amazon.com/managed-flink/latest/java/vpc-internet.html, read 2026-11-28
"""

HTTPS_PORT = 443
"""Where the network interfaces of endpoints are reached.

Source: https://docs.aws.amazon.com/lambda/latest/dg/with-msk-cluster-network.html, read 2026-11-28
"""

POLLERS_ON_DEMAND_REACH = ("lambda", "sts")
"""What the pollers of a topic reach from the subnets of its cluster, where Lambda adds them by itself: they invoke the function
from there. For provisioned pollers Lambda makes these connections.

Source: https://docs.aws.amazon.com/lambda/latest/dg/with-msk-cluster-network.html, read 2026-11-28
"""
POLLERS_WITH_A_SECRET_REACH = ("secretsmanager",)
"""What they reach beside that, where they authenticate with a secret. Source: the same."""
DESTINATIONS_REACHED = ("s3", "sns", "sqs")
"""Destinations of given-up batches that have to be reached from the VPC of the cluster. AWS asks for their endpoints whatever
the mode of the pollers; a topic of the cluster needs none.

Source: https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html, read 2026-11-28
"""
