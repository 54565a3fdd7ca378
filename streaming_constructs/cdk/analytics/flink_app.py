"""An application of Flink with code of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from aws_cdk import aws_kms as kms
from constructs import Construct

from streaming_constructs.cdk.analytics.alone import plan_alone, tell_of
from streaming_constructs.cdk.analytics.application_code import ApplicationCode
from streaming_constructs.cdk.analytics.application_edges import ApplicationEdges, Source, Target
from streaming_constructs.cdk.analytics.managed_application import Groups, ManagedFlinkApplication, build_application
from streaming_constructs.cdk.existing import brought_finding
from streaming_constructs.cdk.node import Context
from streaming_constructs.planning.analytics.flink_app import FlinkAppPlan
from streaming_constructs.spec.analytics.flink_app import FlinkAppSpec
from streaming_constructs.spec.finding import SpecError
from streaming_constructs.spec.removal_policy import RemovalPolicy


class FlinkApplication(ManagedFlinkApplication):
    """A jar of Java, or a zip of Python, that runs on Amazon Managed Service for Apache Flink.

    Creates an `AWS::KinesisAnalyticsV2::Application` (**stateful**: its snapshots hold the state of its operators, and go with
    it) with a role of exactly what its edges need and a log, a key if the spec asks for one, and a function that starts it
    after each deployment and fails the deployment where it does not run. A file beside the spec is uploaded with the stack.

    The code is told of its edges by groups of properties, each named as its node: `stream.arn` and `aws.region` of a stream,
    `topic`, `bootstrap.servers` and `group.id` of a topic, `delivery.stream` of a delivery, `table.name` of a table; those of
    the spec stand beside them, and win.

    Its name follows from the stack and the id of the construct: its role, its key and what starts it are for this application
    alone, and are there before it. Renaming either makes another application, which begins without state.

    Example:
        ```python
        FlinkApplication(
            stack,
            "Sessions",
            spec=FlinkAppSpec(from_="clicks", code="build/sessions.jar"),
            sources={"clicks": clicks},
        )
        ```
    """

    plan: FlinkAppPlan

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: FlinkAppSpec,
        sources: Mapping[str, Source] | None = None,
        targets: Mapping[str, Target] | None = None,
        encryption_key: kms.IKey | None = None,
        plan: FlinkAppPlan | None = None,
        directory: Path | None = None,
        removal_policy: RemovalPolicy = "retain",
    ) -> None:
        """Creates the application.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there; alarms and dashboards call it by this name.
            spec: What is asked for.
            sources: The streams and topics that it reads, by the names of the spec. Left out: none.
            targets: The streams, topics, deliveries and tables that it writes to, by the names of the spec. Left out: none.
            encryption_key: An existing key for its state. Left out: as the spec says.
            plan: Its numbers, where a system has planned it. Left out: they follow from the spec and what it reads.
            directory: The folder that `code` is relative to. Left out: the working directory.
            removal_policy: retain keeps its log and its key when they leave the stack, destroy destroys them.

        Raises:
            SpecError: If the spec asks to create what was brought, or cannot be built.
        """
        super().__init__(scope, construct_id)
        if encryption_key is not None and "encryption" in spec.model_fields_set:
            raise SpecError([brought_finding("encryption", "encryption_key").below(construct_id)])
        sources, targets = sources or {}, targets or {}
        planned = plan or plan_alone(construct_id, spec, sources, targets, {}, directory)
        assert isinstance(planned, FlinkAppPlan)
        self.plan = planned
        self._build(
            code=self._code(directory or Path()),
            sources=sources,
            targets=targets,
            encryption_key=encryption_key,
            removal_policy=removal_policy,
        )
        if plan is None:
            tell_of(self, planned)

    def _code(self, directory: Path) -> ApplicationCode:
        spec = self.plan.spec
        if spec.code is not None:
            return ApplicationCode.of_file(self, (directory / spec.code).absolute())
        assert spec.bucket is not None
        assert spec.key is not None
        return ApplicationCode.of_object(spec.bucket, spec.key, spec.object_version)

    def _groups(self, edges: ApplicationEdges) -> Groups:
        return {name: edges.values(properties) for name, properties in self.plan.groups.items()}


def build_node(scope: Construct, plan: FlinkAppPlan, context: Context) -> FlinkApplication:
    """The application of a system.

    Args:
        scope: The construct of the system.
        plan: The application with its numbers.
        context: The system around it.
    """
    return build_application(FlinkApplication, scope, plan, context)
