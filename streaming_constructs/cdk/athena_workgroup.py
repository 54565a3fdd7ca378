"""A workgroup for queries: encrypted, enforced, and with a limit on what a query may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Names
from aws_cdk import aws_athena as athena
from aws_cdk import aws_kms as kms
from constructs import Construct

from streaming_constructs.cdk.deliveries.s3 import S3Delivery
from streaming_constructs.cdk.existing import brought_finding
from streaming_constructs.cdk.s3_bucket import create_bucket
from streaming_constructs.planning.athena_query import ready_query
from streaming_constructs.spec.athena import AthenaSpec
from streaming_constructs.spec.finding import SpecError
from streaming_constructs.spec.removal_policy import RemovalPolicy

if TYPE_CHECKING:
    # A large module, that only a bucket needs.
    from aws_cdk import aws_s3 as s3

MIB = 1_048_576


class AthenaWorkgroup(Construct):
    """A workgroup in which the tables of archives are queried.

    Creates an `AWS::Athena::WorkGroup` whose settings no client can override: results are encrypted and deleted in time, and a
    query that reads more than the limit is cancelled; an `AWS::S3::Bucket` for the results; and for each archive that is
    given to `add_query` an `AWS::Athena::NamedQuery`. Nothing in it is stateful but its history.
    Source: https://docs.aws.amazon.com/athena/latest/ug/workgroups-settings-override.html

    Example:
        ```python
        queries = AthenaWorkgroup(stack, "Queries", spec=AthenaSpec(scan_limit_mb=10_240))
        queries.add_query(lake)
        ```

    Attributes:
        workgroup: The workgroup; None if the spec names an existing one.
        name: Its name.
        results: The bucket of results; None if the spec names an existing workgroup.
    """

    workgroup: athena.CfnWorkGroup | None
    name: str
    results: s3.IBucket | None

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: AthenaSpec | None = None,
        results: s3.IBucket | None = None,
        encryption_key: kms.IKey | None = None,
        removal_policy: RemovalPolicy = "retain",
    ) -> None:
        """Creates the workgroup.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there.
            spec: What is asked for. Left out: its defaults.
            results: An existing bucket for results. Left out: one is created.
            encryption_key: A key to encrypt results with. Left out: keys of S3.
            removal_policy: retain keeps the bucket of results when it leaves the stack, destroy empties and destroys it.

        Raises:
            SpecError: If a bucket or a key is brought to an existing workgroup.
        """
        super().__init__(scope, construct_id)
        spec = spec or AthenaSpec()
        if spec.workgroup is not None:
            given = {"results": results, "encryption_key": encryption_key}
            findings = [brought_finding("workgroup", name) for name, resource in given.items() if resource is not None]
            if findings:
                raise SpecError([finding.below(construct_id) for finding in findings])
            self.workgroup, self.name, self.results = None, spec.workgroup, None
            return
        if results is not None and "expire_results_after_days" in spec.model_fields_set:
            raise SpecError([brought_finding("expire_results_after_days", "results").below(construct_id)])
        self.results = results or create_bucket(
            self,
            "Results",
            key=encryption_key,
            removal_policy=removal_policy,
            expire_after_days=spec.expire_results_after_days,
        )
        self.name = Names.unique_resource_name(self, max_length=128, allowed_special_characters="_-", separator="-")
        key = encryption_key or self.results.encryption_key
        encryption = athena.CfnWorkGroup.EncryptionConfigurationProperty(
            encryption_option="SSE_KMS" if key else "SSE_S3", kms_key=key.key_arn if key else None
        )
        self.workgroup = athena.CfnWorkGroup(
            self,
            "Workgroup",
            name=self.name,
            description="Queries over the archives of a streaming system",
            # A workgroup with a history is not deleted without this; the history is no data of anybody's.
            recursive_delete_option=True,
            work_group_configuration=athena.CfnWorkGroup.WorkGroupConfigurationProperty(
                enforce_work_group_configuration=True,
                publish_cloud_watch_metrics_enabled=True,
                bytes_scanned_cutoff_per_query=spec.scan_limit_mb * MIB,
                result_configuration=athena.CfnWorkGroup.ResultConfigurationProperty(
                    output_location=f"s3://{self.results.bucket_name}/results/", encryption_configuration=encryption
                ),
            ),
        )

    def add_query(self, archive: S3Delivery) -> athena.CfnNamedQuery | None:
        """Saves a first query over an archive: how many records arrived lately.

        Args:
            archive: The archive; without a table there is nothing to query, and nothing is saved.
        """
        table = archive.table
        if table is None:
            return None
        name = archive.node.id
        query = athena.CfnNamedQuery(
            self,
            f"{name}-Query",
            name=f"{name}: records by partition",
            description=f"How many records of {name} arrived lately",
            database=table.database_name,
            work_group=self.name,
            query_string=ready_query(name, table.database_name, archive.plan.folders, archive.plan.to.partition_by),
        )
        if self.workgroup is not None:
            query.node.add_dependency(self.workgroup)
        query.node.add_dependency(table.table)
        return query
