"""The function that does with a cluster of Kafka what CloudFormation cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct, IDependable

from streaming_constructs.cdk.acknowledge import acknowledge, acknowledge_no_vpc
from streaming_constructs.cdk.custom_resource import acknowledge_answering, custom_resource
from streaming_constructs.cdk.function_code import code_asset
from streaming_constructs.cdk.iam_policy import Permissions, document_of, joined, managed_policy
from streaming_constructs.cdk.log_group import create_log_group
from streaming_constructs.facts import permissions
from streaming_constructs.planning.clusters.cluster_tasks import (
    TASK_ANSWER_SECONDS,
    TASK_LOG_RETENTION_DAYS,
    TASK_MEMORY_MIB,
    TASK_SECONDS,
    connectivity_waits,
)
from streaming_constructs.spec.clusters.cluster import Authentication
from streaming_constructs.spec.removal_policy import RemovalPolicy

CODE = Path(__file__).parents[2] / "runtime" / "kafka_cluster"
WORDS = {"iam": "Iam", "sasl_scram": "SaslScram", "mtls": "Mtls"}


class ClusterTasks(Construct):
    """A function that asks a cluster for its brokers, switches its private connectivity on, and looks at its secrets.

    Creates an `AWS::Lambda::Function` with its `AWS::Logs::LogGroup`, `AWS::IAM::Role` and `AWS::IAM::ManagedPolicy`; it may do
    what it is asked for, with this cluster alone. A cluster has it once somebody asks for any of that. It talks to MSK, not to
    brokers, so it stands in no VPC.

    Attributes:
        function: The function.
    """

    function: lambda_.Function

    def __init__(
        self, scope: Construct, construct_id: str, *, cluster_arn: str, removal_policy: RemovalPolicy = "retain"
    ) -> None:
        """Creates the function.

        Args:
            scope: The cluster.
            construct_id: Its id there.
            cluster_arn: The ARN of the cluster.
            removal_policy: retain keeps its log when it leaves the stack, destroy destroys it.
        """
        super().__init__(scope, construct_id)
        self._scope, self._cluster_arn = scope, cluster_arn
        self._asked: dict[str, cdk.CfnCustomResource] = {}
        log_group = create_log_group(
            self,
            "Logs",
            retention_days=TASK_LOG_RETENTION_DAYS,
            removal_policy=removal_policy,
            reason="it says what was asked of MSK, and holds no records",
        )
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self._needed: Permissions = {log_group.log_group_arn: permissions.LAMBDA_WRITES_LOGS}
        self._policy = managed_policy(
            self, "Lets the function write its log, and ask MSK for what the stack asks it", [role], self._needed
        )
        self.function = lambda_.Function(
            self,
            "Function",
            description=f"Does with the Kafka cluster {scope.node.id} what CloudFormation cannot",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            handler="index.handler",
            code=code_asset(self, CODE.absolute()),
            memory_size=TASK_MEMORY_MIB,
            timeout=cdk.Duration.seconds(TASK_SECONDS),
            log_group=log_group,
            role=role,
        )
        self.function.node.add_dependency(self._policy)
        acknowledge_answering(self.function, "each resource that a deployment changes")
        acknowledge_no_vpc(self.function, "It talks to the API of MSK and to CloudFormation, and to nothing in a VPC")

    def bootstrap_brokers(self, authentication: Authentication) -> str:
        """The brokers that take clients with a way to authenticate, sorted, `host:port` by `,`: known once they are there.

        Creates an `AWS::CloudFormation::CustomResource`, one for each way, whoever asks first. It asks MSK when it is created,
        and never again for the same cluster.

        Args:
            authentication: How clients authenticate.
        """
        name = f"BootstrapBrokers{WORDS[authentication]}"
        if name not in self._asked:
            self._may(self._cluster_arn, permissions.FIND_KAFKA_BROKERS)
            self._asked[name] = self._ask(name, "BootstrapBrokers", {"Authentication": authentication})
        return self._asked[name].get_att("Brokers").to_string()

    def connectivity(
        self, authentications: Sequence[Authentication], brokers: int, after: IDependable
    ) -> cdk.CfnCustomResource:
        """Switches private connectivity on, and gives what waits until all brokers have it.

        Creates several `AWS::CloudFormation::CustomResource`, each of which waits for as long as a function runs. They stay in
        the stack, and are done at once while connectivity is on.

        Args:
            authentications: For which ways to authenticate.
            brokers: How many brokers are restarted for it.
            after: What is created before: meanwhile MSK takes no other change of the cluster, nor topics.
        """
        self._may(self._cluster_arn, permissions.SWITCH_KAFKA_CONNECTIVITY)
        self._may("*", permissions.SEE_KAFKA_NETWORK)
        acknowledge(
            self._policy,
            "MSK looks at subnets and route tables for who switches connectivity on, and these actions know no resources",
            "AwsSolutions-IAM5[Resource::*]",
        )
        waits = connectivity_waits(brokers)
        previous: cdk.CfnCustomResource | None = None
        for number in range(1, waits + 1):
            wait = self._ask(
                f"Connectivity{number}",
                "Connectivity",
                {"Authentications": list(authentications), "Last": "true" if number == waits else "false"},
            )
            wait.node.add_dependency(after if previous is None else previous)
            previous = wait
        assert previous is not None
        return previous

    def scram_secrets(self, secret_arns: Sequence[str], association: cdk.CfnResource) -> None:
        """Fails the deployment where secrets were not associated, which CloudFormation does not see.

        Creates an `AWS::CloudFormation::CustomResource`.

        Args:
            secret_arns: The secrets.
            association: What associates them.
        """
        self._may(self._cluster_arn, permissions.LIST_KAFKA_SECRETS)
        check = self._ask("ScramSecretsCheck", "ScramSecrets", {"SecretArns": list(secret_arns)})
        check.node.add_dependency(association)

    def _may(self, resource: str, actions: Sequence[str]) -> None:
        # All of it anew, as one: in the same order, whoever asks for what first.
        self._needed = joined(self._needed, {resource: actions})
        cast("iam.CfnManagedPolicy", self._policy.node.default_child).policy_document = document_of(self._needed)

    def _ask(self, construct_id: str, task: str, properties: Mapping[str, Any]) -> cdk.CfnCustomResource:
        # Below the cluster: what is asked for has the same logical id, whoever asks first.
        resource = custom_resource(
            self._scope,
            construct_id,
            function=self.function,
            answer_seconds=TASK_ANSWER_SECONDS,
            properties={"Task": task, "ClusterArn": self._cluster_arn, **properties},
        )
        resource.node.add_dependency(self)
        return resource
