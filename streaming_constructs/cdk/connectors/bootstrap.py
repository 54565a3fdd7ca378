"""Where the brokers of a cluster are found: no attribute of the resource says it, so MSK is asked when it is created."""

from __future__ import annotations

from typing import cast

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import custom_resources as cr
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge
from streaming_constructs.cdk.clusters.msk import KafkaCluster
from streaming_constructs.cdk.clusters.msk_serverless import ServerlessKafkaCluster

_ID = "IamBootstrapBrokers"
_ANSWER = "BootstrapBrokerStringSaslIam"
"""Source: https://docs.aws.amazon.com/msk/1.0/apireference/clusters-clusterarn-bootstrap-brokers.html, read 2026-11-28"""


def bootstrap_brokers(cluster: KafkaCluster | ServerlessKafkaCluster) -> str:
    """The brokers that clients with IAM begin with, as one text.

    MSK names them in changing order, and for connectors the text is create-only; so it is asked once, and not again until the
    cluster is another.

    Args:
        cluster: The cluster.
    """
    found = cluster.node.try_find_child(_ID)
    if found is not None:
        return cast("cr.AwsCustomResource", found).get_response_field(_ANSWER)
    asked = cr.AwsCustomResource(
        cluster,
        _ID,
        resource_type="Custom::MskBootstrapBrokers",
        on_update=cr.AwsSdkCall(
            service="Kafka",
            action="GetBootstrapBrokers",
            parameters={"ClusterArn": cluster.arn},
            physical_resource_id=cr.PhysicalResourceId.of(f"{cluster.arn}/iam"),
            output_paths=[_ANSWER],
        ),
        install_latest_aws_sdk=False,
        policy=cr.AwsCustomResourcePolicy.from_statements(
            [iam.PolicyStatement(actions=["kafka:GetBootstrapBrokers"], resources=[cluster.arn])]
        ),
    )
    acknowledge(
        asked,
        "CDK makes the policy of the one call",
        "NIST.800.53.R5-IAMNoInlinePolicy",
        "HIPAA.Security-IAMNoInlinePolicy",
        "PCI.DSS.321-IAMNoInlinePolicy",
    )
    provider = f"AWS{cr.AwsCustomResource.PROVIDER_FUNCTION_UUID.replace('-', '')}"
    acknowledge(
        cast("Construct", Stack.of(asked).node.find_child(provider)),
        "CDK makes this function; it is called by CloudFormation alone, once, and a call that fails fails the deployment",
        "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]",
        "Serverless-LambdaDefaultMemorySize",
        "Serverless-LambdaDLQ",
        "Serverless-LambdaTracing",
        *(
            f"{pack}-Lambda{rule}"
            for pack in ("NIST.800.53.R5", "HIPAA.Security", "PCI.DSS.321")
            for rule in ("Concurrency", "DLQ", "InsideVPC")
        ),
    )
    return asked.get_response_field(_ANSWER)
