"""Hosts that send their log files by the Kinesis Agent, or by Fluent Bit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from aws_cdk import Aws, Names, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge
from streaming_constructs.cdk.edges import edge_permissions
from streaming_constructs.cdk.existing import brought_finding
from streaming_constructs.cdk.iam_policy import Permissions, joined, managed_policy
from streaming_constructs.cdk.node import Context, Output
from streaming_constructs.cdk.producers.target import ProducerTarget, producer_target
from streaming_constructs.cdk.streams.kinesis import KinesisStream
from streaming_constructs.facts import metrics, permissions
from streaming_constructs.planning.producers.kinesis_agent import (
    HostProducerPlan,
    agent_configuration,
    agent_findings,
    fluent_bit_configuration,
)
from streaming_constructs.spec.finding import SpecError
from streaming_constructs.spec.producers.kinesis_agent import HostProducerSpec, KinesisAgentProducerSpec

if TYPE_CHECKING:
    # Firehose is loaded where a system has it.
    from streaming_constructs.cdk.deliveries.firehose import Delivery

_SERVICES = {"ec2": "ec2.amazonaws.com", "ecs_tasks": "ecs-tasks.amazonaws.com"}


class HostProducer(Construct):
    """What hosts need to send their log files: permissions and the configuration of an agent; each agent is a class below.

    Attributes:
        policy: The policy.
        role: The role that has it, created or brought; None for hosts elsewhere.
        instance_profile: The instance profile of the role, for ec2.
        fluent_bit_configuration: The parameter with the configuration of Fluent Bit, a YAML file.
        plan: What was asked for.
        dimensions: None: what a host does not send has no metric.
    """

    policy: iam.ManagedPolicy
    role: iam.IRole | None
    instance_profile: iam.InstanceProfile | None
    fluent_bit_configuration: ssm.CfnParameter
    plan: HostProducerPlan
    dimensions: Mapping[str, str]

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: HostProducerSpec,
        target: KinesisStream | Delivery | kinesis.IStream,
        role: iam.IRole | None = None,
    ) -> None:
        """Creates the policy and the configurations.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there.
            spec: What is asked for.
            target: The stream or the delivery that it writes to.
            role: An existing role to attach the policy to. Left out: as the spec says.

        Raises:
            SpecError: If the spec asks to create what was brought, or cannot be built.
        """
        super().__init__(scope, construct_id)
        written = producer_target(construct_id, target)
        self.plan, self.dimensions = HostProducerPlan(construct_id, spec, written.kind), {}
        findings = list(agent_findings(spec, written.kind))
        if role is not None:
            ignored = [field for field in ("role_arn", "runs_on") if field in spec.model_fields_set]
            findings += [brought_finding(field, "role") for field in ignored]
        if findings:
            raise SpecError([finding.below(construct_id) for finding in findings])
        parameters = self._configurations(spec, written)
        self.instance_profile = None
        self.role = role or self._role(spec)
        self.policy = self._permit(spec, written, parameters)

    def outputs(self) -> Iterator[Output]:
        """Where hosts find the configuration of Fluent Bit."""
        yield Output(
            "FluentBitConfiguration", self.fluent_bit_configuration.ref, "The parameter with its configuration"
        )

    def _configurations(self, spec: HostProducerSpec, written: ProducerTarget) -> list[ssm.CfnParameter]:
        """The parameters with the configuration of the agent; each class creates its own."""
        self.fluent_bit_configuration = self._parameter(
            "FluentBit",
            "fluent-bit.yaml",
            self._fluent_bit_description(),
            fluent_bit_configuration(spec, written.kind, name=written.name, region=written.region),
        )
        return [self.fluent_bit_configuration]

    def _fluent_bit_description(self) -> str:
        return f"Configuration of Fluent Bit of {self.node.id}"

    def _parameter(self, construct_id: str, file: str, description: str, text: str) -> ssm.CfnParameter:
        # A name that begins with the stack's could begin with `aws`, which Systems Manager refuses.
        name = Names.unique_resource_name(self, max_length=256, allowed_special_characters="_-", separator="-")
        return ssm.CfnParameter(
            self,
            construct_id,
            name=f"/streaming-constructs/{name}/{file}",
            type="String",
            description=description,
            value=text,
        )

    def _role(self, spec: HostProducerSpec) -> iam.IRole | None:
        if spec.role_arn is not None:
            return iam.Role.from_role_arn(self, "Role", spec.role_arn)
        if spec.runs_on == "elsewhere":
            return None
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal(_SERVICES[spec.runs_on]))
        if spec.runs_on == "ec2":
            self.instance_profile = iam.InstanceProfile(self, "InstanceProfile", role=role)
        return role

    def _permit(
        self, spec: HostProducerSpec, written: ProducerTarget, parameters: Sequence[ssm.CfnParameter]
    ) -> iam.ManagedPolicy:
        needed: list[Permissions] = [
            edge_permissions(spec.edges(), "agent", {spec.to: written.endpoint}),
            {_parameter_arn(parameter): permissions.READ_PARAMETER for parameter in parameters},
        ]
        policy = managed_policy(
            self,
            "Lets the Kinesis Agent, or Fluent Bit, write records and read its configuration",
            [self.role] if self.role else [],
            joined(*needed),
        )
        if spec.emit_metrics:
            policy.add_statements(
                iam.PolicyStatement(
                    actions=list(permissions.AGENT_WRITES_METRICS),
                    resources=["*"],
                    conditions={"StringEquals": {"cloudwatch:namespace": metrics.AGENT_BYTES.namespace}},
                )
            )
            acknowledge(
                policy,
                "Metrics are no resources that could be named; the condition lets it write to the agent's namespace alone",
                "AwsSolutions-IAM5[Resource::*]",
            )
        return policy


class KinesisAgentProducer(HostProducer):
    """What hosts need to send their log files to a stream or a delivery: permissions, and a ready configuration.

    Creates an `AWS::IAM::ManagedPolicy` with exactly what the agent needs; for `runs_on` ec2 and ecs_tasks an
    `AWS::IAM::Role` with it, and for ec2 an `AWS::IAM::InstanceProfile`; and two `AWS::SSM::Parameter`, one with the
    configuration of the Kinesis Agent, one with that of Fluent Bit as the alternative to it. Nothing in it is stateful.

    On a host, with the name of the parameter from `agent_json.ref` (or from the console):

    ```sh
    aws ssm get-parameter --name NAME --query Parameter.Value --output text > /etc/aws-kinesis/agent.json
    ```

    Lines are sent as they are unless the spec says how they become JSON.

    Example:
        ```python
        hosts = KinesisAgentProducer(
            stack,
            "Hosts",
            spec=KinesisAgentProducerSpec(to="logs", files=(AgentFile(path="/var/log/app/*.json"),)),
            target=logs,
        )
        ```

    Attributes:
        policy: The policy.
        role: The role that has it, created or brought; None for hosts elsewhere.
        instance_profile: The instance profile of the role, for ec2.
        agent_json: The parameter with `/etc/aws-kinesis/agent.json`.
        fluent_bit_configuration: The parameter with the configuration of Fluent Bit, a YAML file.
    """

    agent_json: ssm.CfnParameter

    def outputs(self) -> Iterator[Output]:
        """Where hosts find the configuration of the agent."""
        yield Output("AgentJson", self.agent_json.ref, "The parameter with agent.json")

    def _configurations(self, spec: HostProducerSpec, written: ProducerTarget) -> list[ssm.CfnParameter]:
        agent = agent_configuration(
            spec, written.kind, name=written.name, region=written.region, dns_suffix=Aws.URL_SUFFIX
        )
        self.agent_json = self._parameter(
            "AgentJson",
            "agent.json",
            f"Configuration of the Kinesis Agent of {self.node.id}",
            Stack.of(self).to_json_string(agent, 2),
        )
        return [self.agent_json, *super()._configurations(spec, written)]

    def _fluent_bit_description(self) -> str:
        return f"Configuration of Fluent Bit, in place of the Kinesis Agent of {self.node.id}"


def build_node(scope: Construct, plan: HostProducerPlan, context: Context) -> KinesisAgentProducer:
    """The hosts of a system.

    Args:
        scope: The construct of the system.
        plan: What was asked for.
        context: The system around it.
    """
    (target,) = context.reached(plan.spec.edges(), "to").values()
    return KinesisAgentProducer(scope, plan.name, spec=cast("KinesisAgentProducerSpec", plan.spec), target=target)


def _parameter_arn(parameter: ssm.CfnParameter) -> str:
    # The name begins with the `/` that stands between kind and name.
    return Stack.of(parameter).format_arn(service="ssm", resource=f"parameter{parameter.name}")
