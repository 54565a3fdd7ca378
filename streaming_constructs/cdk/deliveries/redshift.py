"""A delivery to an Amazon Redshift table."""

from __future__ import annotations

from typing import Unpack

from aws_cdk import Stack
from constructs import Construct

from streaming_constructs.cdk.deliveries.firehose import Delivery, DeliveryInputs
from streaming_constructs.cdk.deliveries.secret import secret_configuration, secret_permissions
from streaming_constructs.spec.deliveries.redshift import PORT, STAGING_FOLDERS, RedshiftDestination


class RedshiftDelivery(Delivery):
    """A Firehose stream that loads records into a table of a Redshift cluster or workgroup.

    Creates what `Delivery` says, and an `AWS::S3::Bucket` for what is staged unless one is brought or named (**stateful**,
    retained). Firehose writes gzipped objects there, and has Redshift load them with COPY; it never deletes one, so an
    `expire_after_days` bounds what they cost. A batch that cannot be loaded within `retry_seconds` is skipped: its objects are
    listed in a manifest under `errors/`, to load it by hand.

    The table has to exist, and the user of the secret needs INSERT on it. A cluster or workgroup in a VPC has to be publicly
    accessible, and let Firehose's addresses in.
    Source: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-rs

    Example:
        ```python
        RedshiftDelivery(
            stack,
            "warehouse",
            source=clicks,
            spec=DeliverySpec(
                from_="clicks",
                to=RedshiftDestination(
                    workgroup="shop",
                    database="shop",
                    secret_arn="arn:aws:secretsmanager:eu-west-1:111122223333:secret:redshift-AbCdEf",
                    table="clicks",
                ),
            ),
        )
        ```
    """

    _destination_spec = RedshiftDestination

    def __init__(self, scope: Construct, construct_id: str, **inputs: Unpack[DeliveryInputs]) -> None:
        """Creates the delivery.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there; alarms and dashboards call it by this name.
            **inputs: What every delivery takes; see `Delivery`. `backup_bucket` is for what is staged.

        Raises:
            SpecError: If the spec asks to create what was brought, or cannot be built.
        """
        super().__init__(scope, construct_id, **inputs)
        to = self.plan.spec.to
        assert isinstance(to, RedshiftDestination)
        self._needed.append(secret_permissions(to.secret_arn, to.secret_kms_key_arn))
        staging = self._backup(to.staging)
        assert self.backup_bucket is not None  # it was just set
        self._may_write(self.backup_bucket, STAGING_FOLDERS)
        self._deliver(
            {
                "ClusterJDBCURL": self._jdbc_url(to),
                "RoleARN": self.role.role_arn,
                "SecretsManagerConfiguration": secret_configuration(to.secret_arn, self.role.role_arn),
                "CopyCommand": {
                    "DataTableName": to.table,
                    "DataTableColumns": ",".join(to.columns) or None,
                    "CopyOptions": to.copy_options,
                },
                # Redshift has no buffer of its own: each staged object is loaded as it is.
                "S3Configuration": {
                    **staging,
                    "BufferingHints": {
                        "SizeInMBs": self.plan.buffer_mb,
                        "IntervalInSeconds": self.plan.buffer_seconds,
                    },
                },
                "RetryOptions": {"DurationInSeconds": to.retry_seconds},
                # What is staged stays there, so it is the copy already.
                "S3BackupMode": to.facts.backup_modes[False],
                "ProcessingConfiguration": self._processing(),
                "CloudWatchLoggingOptions": self._logging("Delivery"),
            },
        )

    def _jdbc_url(self, to: RedshiftDestination) -> str:
        """The address of the database: as it is given, or that of a cluster or workgroup.

        Source: https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-connecting.html
        """
        if to.jdbc_url is not None:
            return to.jdbc_url
        host, _, port = (to.cluster or to.workgroup or "").partition(":")
        if to.workgroup is not None and "." not in host:
            stack = Stack.of(self)
            host = f"{host}.{stack.account}.{stack.region}.redshift-serverless.{stack.url_suffix}"
        return f"jdbc:redshift://{host}:{port or PORT}/{to.database}"
