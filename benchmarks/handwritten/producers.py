"""What writes logs into streams: agents on hosts, and CloudWatch Logs."""

from __future__ import annotations

import json
from collections.abc import Sequence

from aws_cdk import ArnFormat, Aws, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_logs as logs
from aws_cdk import aws_ssm as ssm
from constructs import Construct

FLUENT_BIT = """\
# Fluent Bit in place of the Kinesis Agent: the same files to the same place.
service:
  flush: 60
parsers:
- name: record_0
  format: json
pipeline:
  inputs:
  - name: tail
    tag: file.0
    path: {path}
    read_from_head: false
    db: /var/lib/fluent-bit-0.db
    buffer_max_size: 1M
    skip_long_lines: true
    key: message
  filters:
  - name: parser
    match: file.0
    key_name: message
    parser: record_0
  outputs:
  - name: kinesis_streams
    stream: {stream}
    match: '*'
    region: {region}
    retry_limit: no_limits
"""


class Hosts(Construct):
    """A role for hosts that run the Kinesis Agent or Fluent Bit, and a configuration of each."""

    def __init__(self, scope: Construct, construct_id: str, *, stream: kinesis.Stream, path: str) -> None:
        super().__init__(scope, construct_id)
        agent = {
            "cloudwatch.emitMetrics": False,
            "kinesis.endpoint": f"kinesis.{Aws.REGION}.{Aws.URL_SUFFIX}",
            "flows": [
                {
                    "filePattern": path,
                    "kinesisStream": stream.stream_name,
                    "initialPosition": "END_OF_FILE",
                    "maxBufferAgeMillis": 60000,
                    "partitionKeyOption": "RANDOM",
                }
            ],
        }
        fluent_bit = FLUENT_BIT.format(path=path, stream=stream.stream_name, region=Aws.REGION)
        parameters = [
            ssm.StringParameter(
                self,
                "AgentJson",
                parameter_name="/logs/hosts/agent.json",
                description="Configuration of the Kinesis Agent",
                string_value=json.dumps(agent, indent=2),
            ),
            ssm.StringParameter(
                self,
                "FluentBit",
                parameter_name="/logs/hosts/fluent-bit.yaml",
                description="Configuration of Fluent Bit",
                string_value=fluent_bit,
            ),
        ]
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
        iam.InstanceProfile(self, "InstanceProfile", role=role)
        iam.ManagedPolicy(
            self,
            "Permissions",
            description="Lets hosts write records and read their configuration",
            roles=[role],
            statements=[
                iam.PolicyStatement(actions=["kinesis:PutRecords"], resources=[stream.stream_arn]),
                iam.PolicyStatement(
                    actions=["ssm:GetParameter"], resources=[parameter.parameter_arn for parameter in parameters]
                ),
            ],
        )


class LogSubscription(Construct):
    """All log groups of the account into a stream, but for those of the system itself."""

    def __init__(
        self, scope: Construct, construct_id: str, *, stream: kinesis.Stream, but_for: Sequence[logs.LogGroup]
    ) -> None:
        super().__init__(scope, construct_id)
        any_log = Stack.of(self).format_arn(service="logs", resource="*", arn_format=ArnFormat.NO_RESOURCE_NAME)
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "logs.amazonaws.com", conditions={"StringLike": {"aws:SourceArn": any_log}}
            ),
        )
        permissions = iam.ManagedPolicy(
            self,
            "Permissions",
            description="Lets CloudWatch Logs write the log events that are subscribed",
            roles=[role],
            statements=[iam.PolicyStatement(actions=["kinesis:PutRecord"], resources=[stream.stream_arn])],
        )
        excluded = ", ".join(f'"{log_group.log_group_name}"' for log_group in but_for)
        policy = logs.CfnAccountPolicy(
            self,
            "AccountPolicy",
            policy_name="service-logs",
            policy_type="SUBSCRIPTION_FILTER_POLICY",
            scope="ALL",
            selection_criteria=f"LogGroupName NOT IN [{excluded}]",
            policy_document=json.dumps(
                {
                    "DestinationArn": stream.stream_arn,
                    "RoleArn": role.role_arn,
                    "FilterPattern": "",
                    "Distribution": "ByLogStream",
                }
            ),
        )
        policy.node.add_dependency(permissions)
