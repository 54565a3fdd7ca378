"""What all applications of Flink have in common: the application with its role, log, network, key and start."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kinesisanalyticsv2 as kinesisanalytics
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct, IDependable

from streaming_constructs.cdk.adopt import is_kafka_topic
from streaming_constructs.cdk.analytics.application_code import ApplicationCode
from streaming_constructs.cdk.analytics.application_edges import ApplicationEdges, Source, Target
from streaming_constructs.cdk.analytics.application_key import let_service_use
from streaming_constructs.cdk.analytics.application_role import ApplicationRole
from streaming_constructs.cdk.analytics.application_start import ApplicationStart
from streaming_constructs.cdk.kms_key import key_of
from streaming_constructs.cdk.log_group import create_log_group
from streaming_constructs.cdk.metric import cloudwatch_metric
from streaming_constructs.cdk.node import Context, Output
from streaming_constructs.cdk.removal_policy import cdk_removal_policy
from streaming_constructs.facts import flink
from streaming_constructs.facts.metrics import Metric
from streaming_constructs.planning.analytics.flink_application import FlinkApplicationPlan
from streaming_constructs.planning.analytics.flink_start import DEPLOYMENT, FINGERPRINT
from streaming_constructs.spec.analytics.restore import LATEST, NOTHING, Restore
from streaming_constructs.spec.removal_policy import RemovalPolicy

if TYPE_CHECKING:
    # Of large modules, that only topics and a VPC need.
    from streaming_constructs.cdk.analytics.application_network import ApplicationNetwork

Groups = Mapping[str, Mapping[str, str]]
_OF = kinesisanalytics.CfnApplication


class ManagedFlinkApplication(Construct):
    """An application on Amazon Managed Service for Apache Flink; its code is what the classes below this one say.

    Attributes:
        application: The application.
        application_name: Its name.
        application_arn: Its ARN.
        role: The role that it works under.
        permissions: What the role may.
        log_group: Its log.
        encryption_key: The customer managed key of its state, if there is one.
        network: Where it stands in a VPC; None in none.
        fan_out_consumers: The consumers as which it reads streams with enhanced fan-out, by the names of the streams.
        start: What starts it after a deployment; None where the spec says that nothing does.
        plan: Its numbers.
        dimensions: The dimensions that its metrics are published under, and those of its lag in topics.
    """

    application: kinesisanalytics.CfnApplication
    application_name: str
    application_arn: str
    role: iam.Role
    permissions: iam.ManagedPolicy
    log_group: logs.LogGroup
    encryption_key: kms.IKey | None
    network: ApplicationNetwork | None
    fan_out_consumers: Mapping[str, kinesis.CfnStreamConsumer]
    start: ApplicationStart | None
    plan: FlinkApplicationPlan
    dimensions: Mapping[str, str]

    def _build(
        self,
        *,
        code: ApplicationCode,
        sources: Mapping[str, Source],
        targets: Mapping[str, Target],
        encryption_key: kms.IKey | None,
        removal_policy: RemovalPolicy,
    ) -> None:
        """Creates everything, once `plan` is set.

        Args:
            code: Where its code is.
            sources: What it reads, by the names of the spec.
            targets: What it writes to, by the names of the spec.
            encryption_key: An existing key for its state; None: as the spec says.
            removal_policy: retain keeps its log and its key when they leave the stack, destroy destroys them.
        """
        spec = self.plan.spec
        self.application_name = cdk.Names.unique_resource_name(
            self, max_length=flink.APPLICATION_NAME_CHARACTERS.maximum, separator="-", allowed_special_characters="_.-"
        )
        self.application_arn = cdk.Stack.of(self).format_arn(
            service="kinesisanalytics", resource="application", resource_name=self.application_name
        )
        self.log_group = create_log_group(
            self,
            "Logs",
            retention_days=spec.log_retention_days,
            removal_policy=removal_policy,
            reason="it says what Flink did, not what was in records",
        )
        edges = ApplicationEdges(self, self.plan, sources, targets)
        self.fan_out_consumers = edges.consumers
        self.network = self._placed(sources, targets, edges)
        role = ApplicationRole(
            self,
            "Access",
            spec=spec,
            application_arn=self.application_arn,
            endpoints=edges.endpoints,
            consumers=edges.consumers,
            code=code,
            log_group=self.log_group,
            in_vpc=self.network is not None,
        )
        self.role, self.permissions = role.role, role.policy
        self.encryption_key = encryption_key or key_of(
            self,
            "Key",
            spec.encryption,
            encrypts=f"the state of the Flink application {self.node.id}",
            removal_policy=cdk_removal_policy(removal_policy),
        )
        if self.encryption_key is not None:
            let_service_use(self, self.encryption_key, self.application_arn)
        fingerprint = self._create(code, {**self._groups(edges)})
        before: list[IDependable] = [self.permissions, *edges.before, *(self.network.ways if self.network else ())]
        # What it checks when it is created, and what it needs to go on until it is gone.
        self.application.node.add_dependency(*before)
        logging = self._log(removal_policy)
        self.start = None
        if spec.start:
            self.start = ApplicationStart(
                self,
                "Start",
                application=self.application,
                application_arn=self.application_arn,
                fingerprint=fingerprint,
                restore=spec.restore,
                key=self.encryption_key,
                after=[self.application, logging, *before],
                removal_policy=removal_policy,
            )
        self.dimensions = {"Application": self.application.ref, **edges.lag_dimensions}

    def _groups(self, edges: ApplicationEdges) -> Groups:
        """The groups of properties that the code reads; those of its edges, and those of the spec."""
        raise NotImplementedError

    def _placed(
        self, sources: Mapping[str, Source], targets: Mapping[str, Target], edges: ApplicationEdges
    ) -> ApplicationNetwork | None:
        if self.plan.spec.vpc is None and not any(map(is_kafka_topic, (*sources.values(), *targets.values()))):
            return None
        from streaming_constructs.cdk.analytics.application_network import ApplicationNetwork, clusters_of

        return ApplicationNetwork(
            self,
            "Network",
            spec=self.plan.spec,
            clusters=list(dict.fromkeys([*clusters_of(sources), *clusters_of(targets)])),
            reads=[edges.endpoints[name].kind for name in sources],
            writes=[edges.endpoints[name].kind for name in targets],
        )

    def _create(self, code: ApplicationCode, groups: Groups) -> str:
        """Creates the application, and gives the fingerprint of what it is."""
        spec = self.plan.spec
        given: dict[str, Any] = {
            "application_code_configuration": code.configuration,
            "application_encryption_configuration": self._encryption(),
            "application_snapshot_configuration": _OF.ApplicationSnapshotConfigurationProperty(
                snapshots_enabled=spec.snapshots
            ),
            "application_system_rollback_configuration": _OF.ApplicationSystemRollbackConfigurationProperty(
                rollback_enabled=spec.rollback
            ),
            "flink_application_configuration": self._flink(),
            "vpc_configurations": [self.network.configuration] if self.network is not None else None,
        }
        stack = cdk.Stack.of(self)
        made_of = [spec.runtime, {name: stack.resolve(value) for name, value in given.items()}, stack.resolve(groups)]
        fingerprint = hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()
        if spec.start:
            groups = {**groups, DEPLOYMENT: {FINGERPRINT: fingerprint}}
        told = [
            _OF.PropertyGroupProperty(property_group_id=name, property_map=properties)
            for name, properties in groups.items()
            if properties
        ]
        self.application = kinesisanalytics.CfnApplication(
            self,
            "Application",
            application_name=self.application_name,
            application_description=f"The Flink application {self.node.id}",
            runtime_environment=spec.runtime,
            service_execution_role=self.role.role_arn,
            application_configuration=_OF.ApplicationConfigurationProperty(
                **given,
                environment_properties=_OF.EnvironmentPropertiesProperty(property_groups=told) if told else None,
            ),
            run_configuration=_run_configuration(spec.restore),
        )
        return fingerprint

    def _encryption(self) -> kinesisanalytics.CfnApplication.ApplicationEncryptionConfigurationProperty:
        # Said of the key of AWS, too: an update that says nothing would leave a key of one's own in use.
        if self.encryption_key is None:
            return _OF.ApplicationEncryptionConfigurationProperty(key_type="AWS_OWNED_KEY")
        return _OF.ApplicationEncryptionConfigurationProperty(
            key_type="CUSTOMER_MANAGED_KEY", key_id=self.encryption_key.key_arn
        )

    def _flink(self) -> kinesisanalytics.CfnApplication.FlinkApplicationConfigurationProperty:
        spec, capacity, kept = self.plan.spec, self.plan.capacity, self.plan.spec.checkpointing
        return _OF.FlinkApplicationConfigurationProperty(
            checkpoint_configuration=_OF.CheckpointConfigurationProperty(
                configuration_type="CUSTOM",
                checkpointing_enabled=kept is not False,
                checkpoint_interval=round(kept.interval_seconds * 1000) if kept is not False else None,
                min_pause_between_checkpoints=round(kept.min_pause_seconds * 1000) if kept is not False else None,
            ),
            monitoring_configuration=_OF.MonitoringConfigurationProperty(
                configuration_type="CUSTOM",
                log_level=spec.log_level.upper(),
                metrics_level=spec.metrics_level.upper(),
            ),
            parallelism_configuration=_OF.ParallelismConfigurationProperty(
                configuration_type="CUSTOM",
                parallelism=capacity.parallelism,
                parallelism_per_kpu=capacity.parallelism_per_kpu,
                auto_scaling_enabled=spec.autoscaling,
            ),
        )

    def _log(self, removal_policy: RemovalPolicy) -> kinesisanalytics.CfnApplicationCloudWatchLoggingOption:
        """The one log stream of the application; without it a group that is kept would have nothing in it."""
        stream = logs.CfnLogStream(
            self, "LogStream", log_group_name=self.log_group.log_group_name, log_stream_name="application"
        )
        stream.apply_removal_policy(cdk_removal_policy(removal_policy))
        option = kinesisanalytics.CfnApplicationCloudWatchLoggingOption(
            self,
            "Logging",
            application_name=self.application.ref,
            cloud_watch_logging_option=kinesisanalytics.CfnApplicationCloudWatchLoggingOption.CloudWatchLoggingOptionProperty(
                log_stream_arn=cdk.Stack.of(self).format_arn(
                    service="logs",
                    resource="log-group",
                    resource_name=f"{self.log_group.log_group_name}:log-stream:{stream.ref}",
                    arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
                )
            ),
        )
        option.node.add_dependency(self.permissions)
        return option

    def outputs(self) -> Iterator[Output]:
        """The name of the application, its log, and what gives the address of Flink's own dashboard."""
        name = self.application.ref
        yield Output("ApplicationName", name, f"The Flink application {self.node.id}")
        yield Output("LogGroupName", self.log_group.log_group_name, f"The log of {self.node.id}")
        command = f"aws kinesisanalyticsv2 create-application-presigned-url --application-name {name}"
        yield Output(
            "FlinkDashboardCommand",
            f"{command} --url-type FLINK_DASHBOARD_URL",
            "Gives the address of Flink's own dashboard of it, while it runs",
        )

    def metric(self, metric: Metric) -> cloudwatch.Metric:
        """One of the application's metrics, from `streaming_constructs.facts.metrics`, with its dimensions.

        Args:
            metric: Which one.
        """
        return cloudwatch_metric(metric, self.dimensions)


def _run_configuration(restore: Restore) -> kinesisanalytics.CfnApplication.RunConfigurationProperty | None:
    """How an update of an application that runs begins; None: with a snapshot made for it, which is the default."""
    if restore == Restore():
        return None
    kind = "RESTORE_FROM_CUSTOM_SNAPSHOT"
    if restore.snapshot in {LATEST, NOTHING}:
        kind = "RESTORE_FROM_LATEST_SNAPSHOT" if restore.snapshot == LATEST else "SKIP_RESTORE_FROM_SNAPSHOT"
    named = restore.snapshot if kind == "RESTORE_FROM_CUSTOM_SNAPSHOT" else None
    return _OF.RunConfigurationProperty(
        application_restore_configuration=_OF.ApplicationRestoreConfigurationProperty(
            application_restore_type=kind, snapshot_name=named
        ),
        flink_run_configuration=_OF.FlinkRunConfigurationProperty(
            allow_non_restored_state=restore.allow_non_restored_state
        ),
    )


_Application = TypeVar("_Application", bound=ManagedFlinkApplication)


def build_application(
    construct: Callable[..., _Application], scope: Construct, plan: FlinkApplicationPlan, context: Context
) -> _Application:
    """The application of a system, whatever its code is.

    Args:
        construct: What builds it.
        scope: The construct of the system.
        plan: The application with its numbers.
        context: The system around it.
    """
    edges = list(plan.spec.edges())
    return construct(
        scope,
        plan.name,
        spec=plan.spec,
        sources=context.reached(edges, "from"),
        targets=context.reached(edges, "to"),
        encryption_key=context.brought.keys.get(plan.name),
        plan=plan,
        directory=context.spec.directory,
        removal_policy=context.spec.removal_policy,
    )
