"""A DynamoDB table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge
from streaming_constructs.cdk.edges import Endpoint
from streaming_constructs.cdk.existing import brought_finding
from streaming_constructs.cdk.iam_policy import granted
from streaming_constructs.cdk.kms_key import key_of, key_permissions
from streaming_constructs.cdk.metric import cloudwatch_metric
from streaming_constructs.cdk.node import Context, Output
from streaming_constructs.cdk.removal_policy import cdk_removal_policy
from streaming_constructs.facts import permissions
from streaming_constructs.planning.stores.dynamodb import TablePlan, plan_table
from streaming_constructs.planning.stores.dynamodb_findings import table_findings
from streaming_constructs.spec.encryption import AwsManagedKey
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.stores.dynamodb import CREATED_TABLE_FIELDS, DynamoDbTableSpec, KeyAttribute
from streaming_constructs.spec.target_variables import ENDINGS, TABLE_ARN

if TYPE_CHECKING:
    from streaming_constructs.facts.metrics import Metric

_TYPES = {
    "string": dynamodb.AttributeType.STRING,
    "number": dynamodb.AttributeType.NUMBER,
    "binary": dynamodb.AttributeType.BINARY,
}
_CLASSES = {
    "standard": None,
    "standard_infrequent_access": dynamodb.TableClass.STANDARD_INFREQUENT_ACCESS,
}
_STREAMS = {
    "keys_only": dynamodb.StreamViewType.KEYS_ONLY,
    "new_image": dynamodb.StreamViewType.NEW_IMAGE,
    "old_image": dynamodb.StreamViewType.OLD_IMAGE,
    "new_and_old_images": dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
}


class DynamoDbTable(Construct):
    """A DynamoDB table, created from its spec or adopted.

    Creates an `AWS::DynamoDB::Table` with point-in-time recovery, encrypted, and an `AWS::KMS::Key` where the spec asks for a
    customer managed key and names none. Both are **stateful**: retained unless told otherwise, and a table that is retained is
    protected from being deleted. Another key of its items makes another table. A capacity with two bounds gets an
    `AWS::ApplicationAutoScaling::ScalableTarget` with a policy. An adopted table (`table=`, or `arn` in the spec) is never
    changed; the spec then says what is known about it.

    Example:
        ```python
        scores = DynamoDbTable(stack, "Scores", spec=DynamoDbTableSpec(partition_key=KeyAttribute(name="user_id")))
        scores.grant_write(function)
        ```

    Attributes:
        table: The table, created or adopted.
        encryption_key: The customer managed key that it is encrypted with, if there is one.
        plan: Its numbers: what is written, its capacity, and the working behind them.
        dimensions: The dimensions that its metrics are published under.
    """

    table: dynamodb.ITable
    encryption_key: kms.IKey | None
    plan: TablePlan
    dimensions: Mapping[str, str]

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: DynamoDbTableSpec,
        table: dynamodb.ITable | None = None,
        encryption_key: kms.IKey | None = None,
        plan: TablePlan | None = None,
        removal_policy: RemovalPolicy = "retain",
    ) -> None:
        """Creates or adopts the table.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there; alarms and dashboards call it by this name.
            spec: What is asked for.
            table: An existing table to adopt. Left out: it is created, or looked up by the spec's `arn`.
            encryption_key: The key to encrypt a created table with, or that of an adopted one. Left out: as the spec says; of a
                table that is brought, the key that it tells itself.
            plan: Its numbers, where a system has planned it. Left out: they follow from the spec.
            removal_policy: retain keeps the table when it leaves the stack, destroy destroys it.

        Raises:
            SpecError: If the spec asks to create what was brought, or cannot be built.
        """
        super().__init__(scope, construct_id)
        self.plan = plan or plan_table(construct_id, spec, removal_policy)
        _check(self.plan, adopted=table is not None, key_given=encryption_key is not None)
        if table is not None:
            self.encryption_key = encryption_key or table.encryption_key
            self.table = table
        else:
            self.encryption_key = encryption_key or key_of(
                self,
                "Key",
                spec.encryption,
                encrypts=f"the table {construct_id}",
                removal_policy=cdk_removal_policy(self.plan.removal_policy),
            )
            self.table = self._adopt(spec.arn) if spec.arn is not None else self._create(spec)
        self.dimensions = {"TableName": self.table.table_name}

    def _adopt(self, arn: str) -> dynamodb.ITable:
        return dynamodb.Table.from_table_attributes(self, "Table", table_arn=arn, encryption_key=self.encryption_key)

    def _create(self, spec: DynamoDbTableSpec) -> dynamodb.Table:
        plan = self.plan
        write, read = plan.write_capacity, plan.read_capacity
        table = dynamodb.Table(
            self,
            "Table",
            partition_key=_attribute(spec.partition_key),
            sort_key=_attribute(spec.sort_key) if spec.sort_key is not None else None,
            billing_mode=dynamodb.BillingMode.PROVISIONED
            if spec.is_provisioned
            else dynamodb.BillingMode.PAY_PER_REQUEST,
            write_capacity=write.minimum if write is not None else None,
            read_capacity=read.minimum if read is not None else None,
            warm_throughput=dynamodb.WarmThroughput(write_units_per_second=spec.warm_write_units)
            if spec.warm_write_units is not None
            else None,
            time_to_live_attribute=spec.ttl,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=spec.point_in_time_recovery
            ),
            encryption=self._encryption(spec),
            encryption_key=self.encryption_key,
            table_class=_CLASSES[spec.table_class],
            stream=_STREAMS[spec.stream] if spec.stream is not None else None,
            deletion_protection=plan.is_protected,
            removal_policy=cdk_removal_policy(plan.removal_policy),
        )
        if write is not None and write.scales:
            table.auto_scale_write_capacity(
                min_capacity=write.minimum, max_capacity=write.maximum
            ).scale_on_utilization(target_utilization_percent=write.target_percent)
        if read is not None and read.scales:
            table.auto_scale_read_capacity(min_capacity=read.minimum, max_capacity=read.maximum).scale_on_utilization(
                target_utilization_percent=read.target_percent
            )
        _acknowledge(table, self.plan)
        return table

    def _encryption(self, spec: DynamoDbTableSpec) -> dynamodb.TableEncryption:
        if self.encryption_key is not None:
            return dynamodb.TableEncryption.CUSTOMER_MANAGED
        is_managed = isinstance(spec.encryption, AwsManagedKey)
        return dynamodb.TableEncryption.AWS_MANAGED if is_managed else dynamodb.TableEncryption.DEFAULT

    @property
    def endpoint(self) -> Endpoint:
        """How it is written to."""
        return table_endpoint(self.table, self.encryption_key)

    def outputs(self) -> Iterator[Output]:
        """The name and the ARN of the table, and that of its stream."""
        yield Output("TableName", self.table.table_name, f"The DynamoDB table {self.node.id}")
        yield Output("TableArn", self.table.table_arn, "Its ARN, for readers in other stacks and accounts")
        stream = self.table.table_stream_arn
        if stream is not None and self.plan.spec.stream is not None:
            yield Output("TableStreamArn", stream, "The stream of its changes")

    def grant_write(self, grantee: iam.IGrantable) -> iam.Grant:
        """Lets something put, update and delete items, one or many at once, and use the table's key for that.

        Args:
            grantee: Who may.
        """
        return self._grant(grantee, permissions.WRITE_TABLE, permissions.USE_KEY_OF_TABLE)

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """Lets something get, query and scan items, and use the table's key for that.

        Args:
            grantee: Who may.
        """
        return self._grant(grantee, permissions.READ_TABLE, permissions.READ_WITH_KEY_OF_TABLE)

    def _grant(self, grantee: iam.IGrantable, actions: tuple[str, ...], with_key: tuple[str, ...]) -> iam.Grant:
        on_key = key_permissions(self.encryption_key, with_key)
        return granted(grantee, {self.table.table_arn: actions, **on_key})

    def metric(self, metric: Metric, operation: str = "") -> cloudwatch.Metric:
        """One of the table's metrics, from `streaming_constructs.facts.metrics`, with its dimensions.

        Args:
            metric: Which one.
            operation: The operation, such as `PutItem`, of a metric that is published by operation.
        """
        return cloudwatch_metric(metric, {**self.dimensions, "Operation": operation})


def table_endpoint(table: dynamodb.ITable, key: kms.IKey | None) -> Endpoint:
    """How a table is written to, whoever made it.

    Args:
        table: The table.
        key: The customer managed key that it is encrypted with, if there is one.
    """
    return Endpoint(
        "dynamodb",
        table.table_arn,
        key,
        ENDINGS["stores"],
        table.table_name,
        more={TABLE_ARN: table.table_arn},
    )


def build_node(scope: Construct, plan: TablePlan, context: Context) -> DynamoDbTable:
    """The table of a system.

    Args:
        scope: The construct of the system.
        plan: The table with its numbers.
        context: The system around it.
    """
    return DynamoDbTable(
        scope,
        plan.name,
        spec=plan.spec,
        plan=plan,
        table=context.brought.stores.get(plan.name),
        encryption_key=context.brought.keys.get(plan.name),
        removal_policy=context.spec.removal_policy,
    )


def _acknowledge(table: dynamodb.Table, plan: TablePlan) -> None:
    """Says what of cdk-nag does not apply to a table."""
    no_backups = "The spec says that what is in the table can be made anew, and needs no backups"
    if not plan.spec.point_in_time_recovery:
        acknowledge(
            table,
            no_backups,
            "AwsSolutions-DDB3",
            "HIPAA.Security-DynamoDBPITREnabled",
            "NIST.800.53.R5-DynamoDBPITREnabled",
        )
    acknowledge(
        table,
        "Any second of the last 35 days can be restored; a plan of AWS Backup for longer is one for the whole account"
        if plan.spec.point_in_time_recovery
        else no_backups,
        "HIPAA.Security-DynamoDBInBackupPlan",
        "NIST.800.53.R5-DynamoDBInBackupPlan",
    )
    if any(capacity is not None and not capacity.scales for capacity in (plan.write_capacity, plan.read_capacity)):
        acknowledge(
            table,
            "The spec asks for a capacity that stays; an alarm tells before it is used up",
            "HIPAA.Security-DynamoDBAutoScalingEnabled",
            "NIST.800.53.R5-DynamoDBAutoScalingEnabled",
        )


def _attribute(key: KeyAttribute) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=key.name, type=_TYPES[key.type])


def _check(plan: TablePlan, *, adopted: bool, key_given: bool) -> None:
    spec, findings = plan.spec, list[Finding]()
    if adopted:
        created_only = ("arn", "encryption", *CREATED_TABLE_FIELDS)
        findings += [brought_finding(field, "table") for field in created_only if field in spec.model_fields_set]
    else:
        if key_given and "encryption" in spec.model_fields_set:
            findings.append(brought_finding("encryption", "encryption_key"))
        findings += spec.system_findings()
    findings += [finding for finding in table_findings(plan) if finding.level == "error"]
    if findings:
        raise SpecError([finding.below(plan.name) for finding in findings])
