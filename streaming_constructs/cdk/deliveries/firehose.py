"""What all deliveries have in common: the Firehose stream with its source, role, error log and transformation."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Required, Self, TypedDict, cast

from aws_cdk import Annotations, Aws, Stack, Token
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kinesisfirehose as firehose
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge
from streaming_constructs.cdk.deliveries import source as sources
from streaming_constructs.cdk.edges import Endpoint, edge_permissions
from streaming_constructs.cdk.existing import brought_finding
from streaming_constructs.cdk.function import acknowledge_own_wildcards, create_function, own_permissions
from streaming_constructs.cdk.iam_policy import Permissions, joined, managed_policy
from streaming_constructs.cdk.kms_key import key_of, key_permissions
from streaming_constructs.cdk.log_group import create_log_group
from streaming_constructs.cdk.metric import cloudwatch_metric
from streaming_constructs.cdk.nag_ids import nag_name
from streaming_constructs.cdk.node import Context, Output
from streaming_constructs.cdk.removal_policy import cdk_removal_policy
from streaming_constructs.cdk.s3_bucket import bucket_of
from streaming_constructs.cdk.streams.kinesis import KinesisStream
from streaming_constructs.facts import permissions
from streaming_constructs.facts.metrics import Metric
from streaming_constructs.kinds import built_as
from streaming_constructs.planning.deliveries.firehose import (
    BACKUP_BUFFER_MIB,
    BACKUP_BUFFER_SECONDS,
    DeliveryPlan,
    plan_delivery,
)
from streaming_constructs.planning.deliveries.processors import Processor, processors
from streaming_constructs.spec.deliveries.backup_bucket import BackupSpec
from streaming_constructs.spec.deliveries.destination import DestinationSpec
from streaming_constructs.spec.deliveries.firehose import DeliverySpec
from streaming_constructs.spec.deliveries.transform import TransformSpec
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.function import CODE_OR_FUNCTION, CREATED_FUNCTION_FIELDS
from streaming_constructs.spec.function_code import code_findings
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.s3_bucket import CREATED_BUCKET_FIELDS
from streaming_constructs.spec.schemas import RecordField, record_schema
from streaming_constructs.spec.target_variables import ENDINGS

if TYPE_CHECKING:
    # A large module, that only a bucket needs.
    from aws_cdk import aws_s3 as s3

    from streaming_constructs.cdk.deliveries.s3 import S3Delivery
    from streaming_constructs.cdk.streams.kafka import KafkaTopic


class DeliveryInputs(TypedDict, total=False):
    """What every delivery takes, whatever its destination; `Delivery` says what each is."""

    spec: Required[DeliverySpec]
    source: KinesisStream | KafkaTopic | kinesis.IStream | None
    schema: Mapping[str, str | RecordField] | None
    backup_bucket: s3.IBucket | None
    transform: lambda_.IFunction | None
    encryption_key: kms.IKey | None
    removal_policy: RemovalPolicy
    directory: Path | None
    plan: DeliveryPlan | None


class Delivery(Construct):
    """A Firehose delivery stream; each kind of destination is a class of its own below this one.

    Creates an `AWS::KinesisFirehose::DeliveryStream` (**stateful**: it holds the position in its stream and what it has not
    delivered yet), an `AWS::IAM::Role` with an `AWS::IAM::ManagedPolicy` of exactly what it needs, both before the stream, an
    `AWS::Logs::LogGroup` for its errors, and the function of the transformation where the spec asks for one.

    Attributes:
        delivery_stream: The Firehose stream.
        role: The role that it works under.
        permissions: What the role may.
        log_group: Its error log.
        transform: The function that transforms records, if there is one.
        backup_bucket: The bucket of copies beside the destination, if there are any.
        encryption_key: The customer managed key of its source, if there is one.
        plan: Its numbers: buffer, objects, folders, and the working behind them.
        dimensions: The dimensions that its metrics are published under.
    """

    delivery_stream: firehose.CfnDeliveryStream
    role: iam.Role
    permissions: iam.ManagedPolicy
    log_group: logs.LogGroup
    transform: lambda_.IFunction | None
    backup_bucket: s3.IBucket | None
    encryption_key: kms.IKey | None
    plan: DeliveryPlan
    dimensions: Mapping[str, str]

    _destination_spec: ClassVar[type[DestinationSpec]]
    """The kind of destination that the class is for."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: DeliverySpec,
        source: KinesisStream | KafkaTopic | kinesis.IStream | None = None,
        schema: Mapping[str, str | RecordField] | None = None,
        backup_bucket: s3.IBucket | None = None,
        transform: lambda_.IFunction | None = None,
        encryption_key: kms.IKey | None = None,
        removal_policy: RemovalPolicy = "retain",
        directory: Path | None = None,
        plan: DeliveryPlan | None = None,
    ) -> None:
        """Prepares everything but the destination; `_deliver` then creates the stream.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there; alarms and dashboards call it by this name.
            spec: What is asked for; its `to` is of the kind that the class is for.
            source: The stream or topic that it reads. Left out: records are put into it directly.
            schema: The schema of the records that are delivered. Left out: they have none.
            backup_bucket: An existing bucket for what is written beside the destination. Left out: as the spec says.
            transform: An existing function that transforms records. Left out: as the spec says.
            encryption_key: An existing key to encrypt what is put into it directly. Left out: as the spec says.
            removal_policy: retain keeps buckets and logs when they leave the stack, destroy destroys them.
            directory: The folder that the transformation's `code` is relative to. Left out: the working directory.
            plan: Its numbers, where a system has planned it. Left out: from the spec, its stream and its schema.

        Raises:
            SpecError: If the spec asks to create what was brought, or cannot be built.
        """
        super().__init__(scope, construct_id)
        planned = plan or plan_delivery(
            construct_id,
            spec,
            sources.planned(source),
            record_schema(schema) if schema is not None else None,
        )
        self._removal_policy = removal_policy
        self._brought_backup_bucket = backup_bucket
        self._folders: list[tuple[s3.IBucket, str]] = []
        self.backup_bucket = None
        _check(
            planned,
            self._destination_spec,
            source,
            directory or Path(),
            plan_is_own=plan is None,
            transform_given=transform is not None,
            key_given=encryption_key is not None,
        )
        readers = spec.readers(construct_id)
        if isinstance(source, KinesisStream) and not set(readers) <= set(source.plan.readers):
            named = ", ".join(f'Reader("{reader.name}")' for reader in readers)
            Annotations.of(self).add_warning_v2(
                "streaming-constructs:unplanned-reader",
                f"The stream {source.node.id} was planned without this reader, so its shards and alarms do not count it. "
                f"Give the stream `readers=[{named}]`.",
            )
        self._source = source
        self.encryption_key = encryption_key or self._own_key(spec) if source is None else sources.key_of_source(source)
        self.plan = replace(planned, own_key=self.encryption_key is not None)
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("firehose.amazonaws.com"),
            # Firehose names the account that it acts for, so that a delivery of another account cannot use this role.
            # Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesisfirehose-deliverystream.html
            external_ids=[Aws.ACCOUNT_ID],
        )
        self.log_group = create_log_group(
            self,
            "Logs",
            retention_days=spec.log_retention_days,
            removal_policy=removal_policy,
            reason="it says why a record failed, not what was in it",
        )
        self._needed: list[Permissions] = [{self.log_group.log_group_arn: permissions.FIREHOSE_WRITES_LOGS}]
        read = {spec.from_: sources.endpoint_of(source)} if source is not None and spec.from_ is not None else {}
        self._needed.append(edge_permissions(spec.edges(), "firehose", read))
        self.transform = transform or self._transform(spec.transform, removal_policy, directory or Path())

    @classmethod
    def of_system(cls, scope: Construct, plan: DeliveryPlan, context: Context) -> Self:
        """Creates a delivery of a system.

        Args:
            scope: The construct of the system.
            plan: The delivery with its numbers.
            context: The system around it.
        """
        return cls(scope, plan.name, **system_inputs(plan, context, context.brought.buckets.get(plan.name)))

    def _own_key(self, spec: DeliverySpec) -> kms.IKey | None:
        return key_of(
            self,
            "Key",
            spec.encryption,
            encrypts=f"what is put into the delivery {self.node.id}",
            removal_policy=cdk_removal_policy(self._removal_policy),
        )

    def _transform(
        self, spec: TransformSpec | None, removal_policy: RemovalPolicy, directory: Path
    ) -> lambda_.IFunction | None:
        if spec is None:
            return None
        if spec.function_arn is not None:
            return lambda_.Function.from_function_arn(self, "Transform", spec.function_arn)
        scope = Construct(self, "Transform")
        function, log_group = create_function(
            scope,
            spec,
            description=f"Transforms the records of the delivery {self.node.id}",
            failures="Firehose waits for its answer, and keeps what it fails on under the error prefix; a dead-letter queue is "
            "for asynchronous invocations",
            code=directory / (spec.code or ""),
            variables={},
            removal_policy=removal_policy,
            vpc=None,
            vpc_subnets=None,
            security_groups=None,
        )
        role = function.role
        assert role is not None  # it was just created
        policy = managed_policy(
            scope,
            "Lets the function write its log, and what else its spec asks for"
            if spec.permissions or spec.vpc
            else "Lets the function write its log",
            [role],
            own_permissions(spec, log_group, in_vpc=False),
        )
        acknowledge_own_wildcards(policy, spec, in_vpc=False)
        return function

    def _logging(self, name: str) -> dict[str, Any]:
        """The options of one error log: one for the destination, one for the backup."""
        stream = logs.CfnLogStream(
            self, f"{name}Log", log_group_name=self.log_group.log_group_name, log_stream_name=name
        )
        return {
            "Enabled": True,
            "LogGroupName": self.log_group.log_group_name,
            "LogStreamName": stream.ref,
        }

    def _may_write(self, bucket: s3.IBucket, folders: Sequence[str]) -> None:
        """Lets the delivery write into a bucket, below folders and nowhere else."""
        actions: tuple[str, ...] = permissions.FIREHOSE_WRITES_OBJECTS
        if _may_be_of_another_account(bucket, Stack.of(self).account):
            actions += permissions.FIREHOSE_SHARES_OBJECTS
        objects = {bucket.arn_for_objects(f"{folder}*"): actions for folder in folders}
        self._needed += [{bucket.bucket_arn: permissions.FIREHOSE_WRITES_BUCKET}, objects]
        self._needed.append(key_permissions(bucket.encryption_key, permissions.ENCRYPT_WITH_KEY))
        self._folders += [(bucket, folder) for folder in folders]

    def _backup(self, spec: BackupSpec, shared: s3.IBucket | None = None) -> dict[str, Any]:
        """The S3 configuration of copies beside the destination; sets `backup_bucket`.

        Args:
            spec: What is asked for.
            shared: A bucket of the delivery that takes the copies too, unless another was brought. Left out: none.
        """
        brought = self._brought_backup_bucket
        if brought is not None:
            findings = [
                brought_finding(field, "backup_bucket").below(self.node.id, "to")
                for field in ("bucket", "kms_key_arn", *CREATED_BUCKET_FIELDS)
                if field in spec.model_fields_set
            ]
            if findings:
                raise SpecError(findings)
        self.backup_bucket = (
            brought
            or shared
            or bucket_of(
                self, "BackupBucket", spec, stream_key=self.encryption_key, removal_policy=self._removal_policy
            )
        )
        folder = spec.folder(self.node.id)
        self._may_write(self.backup_bucket, (folder,))
        return {
            "BucketARN": self.backup_bucket.bucket_arn,
            "RoleARN": self.role.role_arn,
            "Prefix": folder,
            "CompressionFormat": "GZIP",
            "BufferingHints": {"SizeInMBs": BACKUP_BUFFER_MIB, "IntervalInSeconds": BACKUP_BUFFER_SECONDS},
            "EncryptionConfiguration": self._encryption_of(self.backup_bucket),
            "CloudWatchLoggingOptions": self._logging("Backup"),
        }

    def _encryption_of(self, bucket: s3.IBucket) -> dict[str, Any] | None:
        if bucket.encryption_key is None:
            return None
        return {"KMSEncryptionConfig": {"AWSKMSKeyARN": bucket.encryption_key.key_arn}}

    def _processing(self) -> dict[str, Any] | None:
        function_arn = ""
        if self.transform is not None:
            # Permission and invocation have to name the same version of the function.
            function_arn = _qualified(self.transform)
            self._needed.append({function_arn: permissions.FIREHOSE_INVOKES})
        listed = processors(self.plan, function_arn, self.role.role_arn)
        return {"Enabled": True, "Processors": [_processor(processor) for processor in listed]} if listed else None

    def _deliver(self, configuration: Mapping[str, Any]) -> None:
        """Creates the policy and then the stream, which AWS checks against it at once.

        Args:
            configuration: The destination, in CloudFormation's words; what is None is left out.
        """
        self.permissions = managed_policy(
            self, "Lets Firehose read its source and write to its destination", [self.role], joined(*self._needed)
        )
        source = None
        if self._source is not None:
            source = sources.configuration(self._source, self.role.role_arn, self.plan.spec)
        self.delivery_stream = firehose.CfnDeliveryStream(
            self,
            "DeliveryStream",
            delivery_stream_type=source.type if source is not None else "DirectPut",
            # What comes from a stream is encrypted there, and AWS refuses to do it twice. A direct put could also be given
            # a throughput hint; it is create-only, so another workload would replace the stream: it is left out.
            delivery_stream_encryption_configuration_input=None if source else self._encryption(),
        )
        # The destination as CloudFormation writes it, in one crossing to CDK: the L1's classes would be dozens of them.
        self.delivery_stream.add_property_override(self.plan.spec.to.facts.configuration, _given(configuration))
        if source is not None:
            self.delivery_stream.add_property_override(source.property, source.value)
            acknowledge(
                self.delivery_stream,
                "It reads a stream, which is encrypted itself; Firehose refuses encryption of its own then",
                "AwsSolutions-KDF1",
            )
        self.delivery_stream.node.add_dependency(self.permissions, *sources.needed_before(self._source))
        self._acknowledge_wildcards()
        self.dimensions = {"DeliveryStreamName": self.delivery_stream.ref}

    def _encryption(self) -> firehose.CfnDeliveryStream.DeliveryStreamEncryptionConfigurationInputProperty:
        return firehose.CfnDeliveryStream.DeliveryStreamEncryptionConfigurationInputProperty(
            key_type="CUSTOMER_MANAGED_CMK" if self.encryption_key else "AWS_OWNED_CMK",
            key_arn=self.encryption_key.key_arn if self.encryption_key else None,
        )

    def _acknowledge_wildcards(self) -> None:
        if sources.is_topic(self._source):
            groups = nag_name(self, sources.endpoint_of(self._source).places["group"])
            acknowledge(
                self.permissions,
                "Firehose names its consumer groups itself, and may only look at groups",
                f"AwsSolutions-IAM5[Resource::{groups}]",
            )
        for bucket, folder in self._folders:
            acknowledge(
                self.permissions,
                "Firehose names the objects itself, below this folder",
                f"AwsSolutions-IAM5[Resource::{nag_name(self, bucket.bucket_arn)}/{folder}*]",
            )

    @property
    def endpoint(self) -> Endpoint:
        """How records are put into it directly, and the key that whoever puts them has to encrypt with."""
        stream = self.delivery_stream
        key = self.encryption_key if self._source is None else None
        return Endpoint("firehose", stream.attr_arn, key, ENDINGS["deliveries"], stream.ref)

    def outputs(self) -> Iterator[Output]:
        """The name of the delivery stream."""
        yield Output("DeliveryStreamName", self.delivery_stream.ref, f"The Firehose stream {self.node.id}")

    def grant_put(self, grantee: iam.IGrantable) -> iam.Grant:
        """Lets something put records into it directly, and encrypt them with the delivery's key.

        A delivery under a customer managed key takes records from nobody who may not use that key. Where the key belongs to
        another account, its key policy has to let this account in as well.

        Args:
            grantee: Who may.
        """
        grant = iam.Grant.add_to_principal(
            grantee=grantee, actions=list(permissions.PUT_TO_DELIVERY), resource_arns=[self.delivery_stream.attr_arn]
        )
        key = self.endpoint.key
        # By the key's own grant, which lets a grantee of another account in by the key's policy too.
        return grant if key is None else grant.combine(key.grant(grantee, *permissions.ENCRYPT_FOR_DELIVERY))

    def metric(self, metric: Metric) -> cloudwatch.Metric:
        """One of the delivery's metrics, from `streaming_constructs.facts.metrics`, with its dimensions.

        Args:
            metric: Which one.
        """
        return cloudwatch_metric(metric, self.dimensions)


def _may_be_of_another_account(bucket: s3.IBucket, account: str) -> bool:
    """Whether a bucket may be owned by another account: one that is only known by its name, or of a stack elsewhere."""
    owner = bucket.env.account
    elsewhere = owner != account and not Token.is_unresolved(owner) and not Token.is_unresolved(account)
    return elsewhere or bucket.node.default_child is None


def _processor(processor: Processor) -> dict[str, Any]:
    parameters = [{"ParameterName": name, "ParameterValue": value} for name, value in processor.parameters.items()]
    return {"Type": processor.type, "Parameters": parameters}


def _given(value: Any) -> Any:
    """The value without what is None, however deep."""
    if isinstance(value, Mapping):
        return {key: _given(inner) for key, inner in value.items() if inner is not None}
    return [_given(inner) for inner in value] if isinstance(value, list) else value


def _qualified(function: lambda_.IFunction) -> str:
    """The ARN with a version: an alias or a version as it is named, else the newest."""
    arn = function.function_arn
    # The ARN of a live alias or version is not known yet, but what it is is.
    named = hasattr(function, "alias_name") or hasattr(function, "version") or arn.count(":") > 6
    return arn if named else f"{arn}:$LATEST"


def _check(
    plan: DeliveryPlan,
    destination: type[DestinationSpec],
    source: KinesisStream | KafkaTopic | kinesis.IStream | None,
    directory: Path,
    *,
    plan_is_own: bool,
    transform_given: bool,
    key_given: bool,
) -> None:
    spec = plan.spec
    findings = [finding for finding in plan.own_findings() if finding.level == "error"]
    if not isinstance(spec.to, destination):
        findings.append(
            Finding(
                "LNG403",
                f"this construct does not write to `{spec.to.kind}`",
                ("to", "kind"),
                help=f"use the construct of that kind, or set `kind: {destination.tag()}`",
            )
        )
    findings += _source_findings(plan.name, spec, source, plan_is_own=plan_is_own)
    if key_given and (spec.from_ is not None or spec.encryption is not None):
        findings.append(brought_finding("encryption" if spec.encryption is not None else "from", "encryption_key"))
    if spec.transform is not None:
        findings += [found.below("transform") for found in code_findings(spec.transform, directory)]
        if not transform_given and spec.transform.code is None and spec.transform.function_arn is None:
            help_ = "give `code` or `function_arn` in the spec, or `transform=`"
            findings.append(Finding("LAM501", CODE_OR_FUNCTION.message, ("transform",), help=help_))
        if transform_given:
            ignored = ("code", "function_arn", *CREATED_FUNCTION_FIELDS)
            given = [name for name in ignored if name in spec.transform.model_fields_set]
            findings += [brought_finding(f"transform.{name}", "transform") for name in given]
    elif transform_given:
        findings.append(
            Finding(
                "LNG404",
                "the function that was brought transforms nothing",
                ("transform",),
                note="`transform=` was given",
                help="say how much it is handed at once: `transform: {}`, in Python `transform=TransformSpec()`",
            )
        )
    if findings:
        raise SpecError([finding.below(plan.name) for finding in findings])


def _source_findings(
    name: str, spec: DeliverySpec, source: KinesisStream | KafkaTopic | kinesis.IStream | None, *, plan_is_own: bool
) -> Iterator[Finding]:
    if spec.from_ is not None and source is None:
        yield Finding(
            "GRF301", f"nothing was brought as `{spec.from_}`", ("from",), help="give the stream as `source=`"
        )
    if spec.from_ is None and source is not None:
        yield Finding(
            "LNG404",
            "the stream that was brought is not read",
            ("from",),
            help="name it: `from`, in Python `from_=`",
        )
    if plan_is_own:  # in a system the graph has told of it
        if not sources.is_topic(source):
            yield from spec.source_findings(name)
            return
        cluster, is_encoded = source.cluster, source.registry is not None
        findings = spec.source_findings(name, cluster.node.id, cluster.spec, is_encoded=is_encoded)
        yield from (finding for finding in findings if finding.level == "error")


def system_inputs(plan: DeliveryPlan, context: Context, backup_bucket: s3.IBucket | None = None) -> DeliveryInputs:
    """What a delivery of a system is created from, whatever its destination.

    Args:
        plan: The delivery with its numbers.
        context: The system around it.
        backup_bucket: A bucket of the app for what is written beside the destination.
    """
    (source,) = context.reached(plan.spec.edges(), "from").values() or (None,)
    return DeliveryInputs(
        spec=plan.spec,
        source=source,
        backup_bucket=backup_bucket,
        transform=context.brought.functions.get(plan.name),
        encryption_key=context.brought.keys.get(plan.name),
        removal_policy=context.spec.removal_policy,
        directory=context.spec.directory,
        plan=plan,
    )


def build_node(scope: Construct, plan: DeliveryPlan, context: Context) -> Delivery:
    """The delivery of a system, by the kind of its destination; loads its construct.

    Args:
        scope: The construct of the system.
        plan: The delivery with its numbers.
        context: The system around it.
    """
    row = built_as("destinations", plan.spec.to.kind)
    module = importlib.import_module(f"streaming_constructs.cdk.{row.module}")
    construct: type[Delivery] = getattr(module, row.construct)
    built = construct.of_system(scope, plan, context)
    if plan.has_table:
        context.queried.append(cast("S3Delivery", built))
    return built
