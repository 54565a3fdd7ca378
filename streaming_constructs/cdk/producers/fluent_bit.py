"""Hosts that send their log files by Fluent Bit."""

from __future__ import annotations

from constructs import Construct

from streaming_constructs.cdk.node import Context
from streaming_constructs.cdk.producers.kinesis_agent import HostProducer
from streaming_constructs.planning.producers.kinesis_agent import HostProducerPlan


class FluentBitProducer(HostProducer):
    """What hosts need to send their log files by Fluent Bit: permissions, and a ready configuration.

    Creates an `AWS::IAM::ManagedPolicy` with exactly what it needs; for `runs_on` ec2 and ecs_tasks an `AWS::IAM::Role` with
    it, and for ec2 an `AWS::IAM::InstanceProfile`; and an `AWS::SSM::Parameter` with its configuration. Nothing in it is
    stateful.

    Attributes:
        policy: The policy.
        role: The role that has it, created or brought; None for hosts elsewhere.
        instance_profile: The instance profile of the role, for ec2.
        fluent_bit_configuration: The parameter with its configuration, a YAML file.
    """


def build_node(scope: Construct, plan: HostProducerPlan, context: Context) -> FluentBitProducer:
    """The hosts of a system.

    Args:
        scope: The construct of the system.
        plan: What was asked for.
        context: The system around it.
    """
    (target,) = context.reached(plan.spec.edges(), "to").values()
    return FluentBitProducer(scope, plan.name, spec=plan.spec, target=target)
