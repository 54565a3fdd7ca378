"""An application of Flink that is SQL."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from aws_cdk import Annotations
from aws_cdk import aws_kms as kms
from constructs import Construct

from streaming_constructs.cdk.analytics.alone import Schemas, plan_alone, tell_of
from streaming_constructs.cdk.analytics.application_code import ApplicationCode
from streaming_constructs.cdk.analytics.application_edges import ApplicationEdges, Source, Target
from streaming_constructs.cdk.analytics.managed_application import Groups, ManagedFlinkApplication, build_application
from streaming_constructs.cdk.analytics.sql_jar import write_sql_jar
from streaming_constructs.cdk.existing import brought_finding
from streaming_constructs.cdk.node import Context
from streaming_constructs.facts import flink
from streaming_constructs.planning.analytics.flink_sql import FlinkSqlPlan
from streaming_constructs.spec.analytics.flink_sql import FlinkSqlSpec
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.printable import printable
from streaming_constructs.spec.removal_policy import RemovalPolicy


class FlinkSqlApplication(ManagedFlinkApplication):
    """Queries of Flink SQL over streams, on Amazon Managed Service for Apache Flink.

    Creates an `AWS::KinesisAnalyticsV2::Application` (**stateful**: its snapshots hold what windows have counted, and go with
    it) with a role of exactly what its edges need and a log, an `AWS::Kinesis::StreamConsumer` of each stream that it reads
    with enhanced fan-out, a key if the spec asks for one, and a function that starts it after each deployment and fails the
    deployment where it does not run. Its code is one jar: a runner, the statements, and the connectors; values of what is
    read and written come at run time, from the property group `sql.variables`.

    Its name follows from the stack and the id of the construct: its role, its key and what starts it are for this application
    alone, and are there before it. Renaming either makes another application, which begins without state.

    Without the jars of its connectors it synthesizes as well, so that it is reviewed and compared; an error at the construct
    then says which are missing, and `cdk deploy` refuses to go on.

    Attributes:
        plan: Its numbers.
        lacking: What is missing on this machine before it can be deployed.

    Example:
        ```python
        FlinkSqlApplication(
            stack,
            "PerMinute",
            spec=FlinkSqlSpec(from_="clicks", to="per_page", watermark=Watermark(field="at", delay_seconds=5), sql=query),
            sources={"clicks": clicks},
            targets={"per_page": per_page},
            schemas={"clicks": {"page": "string", "at": "timestamp"}},
        )
        ```
    """

    plan: FlinkSqlPlan
    lacking: tuple[Finding, ...] = ()

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: FlinkSqlSpec,
        sources: Mapping[str, Source] | None = None,
        targets: Mapping[str, Target] | None = None,
        schemas: Schemas | None = None,
        encryption_key: kms.IKey | None = None,
        plan: FlinkSqlPlan | None = None,
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
            schemas: The schemas of their records, by the same names. Left out: the SQL creates its tables itself.
            encryption_key: An existing key for its state. Left out: as the spec says.
            plan: Its numbers, where a system has planned it. Left out: they follow from the spec and what it reads.
            directory: The folder that paths of the spec are relative to. Left out: the working directory.
            removal_policy: retain keeps its log and its key when they leave the stack, destroy destroys them.

        Raises:
            SpecError: If the spec asks to create what was brought, or cannot be built.
        """
        super().__init__(scope, construct_id)
        if encryption_key is not None and "encryption" in spec.model_fields_set:
            raise SpecError([brought_finding("encryption", "encryption_key").below(construct_id)])
        sources, targets = sources or {}, targets or {}
        planned = plan or plan_alone(construct_id, spec, sources, targets, schemas or {}, directory)
        assert isinstance(planned, FlinkSqlPlan)
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
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "application.jar"
            lacking = write_sql_jar(file, self.plan, directory.absolute())
            code = ApplicationCode.of_file(self, file)
        self.lacking = tuple(finding.below("analytics", self.plan.name) for finding in lacking)
        for finding in lacking:
            # Each deployment goes by it, be it of this app or of the assembly that it leaves; the template is whole without.
            text = f"{finding.message} ({self.node.id}): {finding.note}; {finding.help}"
            Annotations.of(self).add_error(printable(text))
        return code

    def _groups(self, edges: ApplicationEdges) -> Groups:
        return {flink.SQL_VARIABLES: {**edges.values(self.plan.bindings), **self.plan.variables}}


def build_node(scope: Construct, plan: FlinkSqlPlan, context: Context) -> FlinkSqlApplication:
    """The application of a system.

    Args:
        scope: The construct of the system.
        plan: The application with its numbers.
        context: The system around it.
    """
    return build_application(FlinkSqlApplication, scope, plan, context)
