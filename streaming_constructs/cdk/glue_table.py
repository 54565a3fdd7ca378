"""A table over an archive: its columns from a record schema, its partitions computed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from aws_cdk import Names, Stack
from aws_cdk import aws_glue as glue
from aws_cdk import aws_iam as iam
from constructs import Construct

from streaming_constructs.facts import permissions
from streaming_constructs.planning.deliveries.s3_prefixes import plan_folders
from streaming_constructs.planning.glue_table import serde_of, table_name, table_parameters
from streaming_constructs.spec.deliveries.s3 import S3Destination
from streaming_constructs.spec.schemas import RecordField, columns, record_schema

if TYPE_CHECKING:
    # A large module, that only a bucket needs.
    from aws_cdk import aws_s3 as s3


class GlueDatabase(Construct):
    """A database in the Glue catalog, for the tables of a system.

    Creates an `AWS::Glue::Database` (**stateful**: its tables go with it, though not their data). Its name is made from its
    place in the tree, because the catalog wants small letters, and one name for each account and region.

    Attributes:
        database: The database.
        name: Its name.
    """

    database: glue.CfnDatabase
    name: str

    def __init__(self, scope: Construct, construct_id: str, *, description: str) -> None:
        """Creates the database.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there.
            description: What its tables are about.
        """
        super().__init__(scope, construct_id)
        self.name = Names.unique_resource_name(
            self, max_length=200, separator="_", allowed_special_characters="_"
        ).lower()
        self.database = glue.CfnDatabase(
            self,
            "Database",
            catalog_id=Stack.of(self).account,
            database_input=glue.CfnDatabase.DatabaseInputProperty(name=self.name, description=description),
        )


class GlueTable(Construct):
    """The table of an archive in the Glue catalog: Firehose converts by it, and Athena queries it.

    Creates an `AWS::Glue::Table`. Partitions are projected, so none ever has to be added. Its columns are in the order of the
    schema; a new one belongs at the end. Nothing in it is stateful: the data is in the bucket.
    Source: https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html

    Example:
        ```python
        GlueTable(stack, "Clicks", schema={"page": RecordField(type="string")}, bucket=archive, database="company")
        ```

    Attributes:
        table: The table.
        name: Its name.
        database_name: The name of its database.
        location: Where its data is, as an S3 address.
    """

    table: glue.CfnTable
    name: str
    database_name: str
    location: str

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        schema: Mapping[str, str | RecordField],
        bucket: s3.IBucket,
        spec: S3Destination | None = None,
        database: GlueDatabase | str | None = None,
        name: str = "",
        description: str = "",
    ) -> None:
        """Creates the table.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there.
            schema: The record's fields.
            bucket: The bucket that its objects are in.
            spec: The archive that it is over: its format, its folders and its database. Left out: JSON, a folder for each day.
            database: The database, or the name of an existing one. Left out: as the spec says, else one is created.
            name: What the archive is called: its folder, where the spec names none, and in the catalog's form the table.
                Left out: the construct's id.
            description: What is in it. Left out: nothing is said.
        """
        super().__init__(scope, construct_id)
        spec, name, fields = spec or S3Destination(), name or construct_id, record_schema(schema)
        folders = plan_folders(name, spec, fields)
        if database is None:
            database = spec.database or GlueDatabase(self, "Catalog", description=f"The archive {name}")
        self.name = table_name(name)
        self.database_name = database if isinstance(database, str) else database.name
        self.location = f"s3://{bucket.bucket_name}/{folders.location}"
        template = f"s3://{bucket.bucket_name}/{folders.template}"
        serde = serde_of(spec, fields)
        self.table = glue.CfnTable(
            self,
            "Table",
            catalog_id=Stack.of(self).account,
            database_name=self.database_name,
            table_input=glue.CfnTable.TableInputProperty(
                name=self.name,
                description=description or None,
                table_type="EXTERNAL_TABLE",
                parameters=table_parameters(spec, folders, template),
                partition_keys=[
                    glue.CfnTable.ColumnProperty(name=level.column, type="string") for level in folders.levels
                ],
                storage_descriptor=glue.CfnTable.StorageDescriptorProperty(
                    columns=[
                        glue.CfnTable.ColumnProperty(name=column.name, type=column.type, comment=column.comment or None)
                        for column in columns(fields)
                    ],
                    location=self.location,
                    input_format=serde.input_format,
                    output_format=serde.output_format,
                    serde_info=glue.CfnTable.SerdeInfoProperty(
                        serialization_library=serde.library, parameters=dict(serde.parameters)
                    ),
                ),
            ),
        )
        if isinstance(database, GlueDatabase):
            self.table.node.add_dependency(database.database)

    @property
    def permissions_to_read(self) -> Mapping[str, tuple[str, ...]]:
        """What reading the table's definition takes, by resource."""
        stack = Stack.of(self)
        names = ("catalog", f"database/{self.database_name}", f"table/{self.database_name}/{self.name}")
        arns = [stack.format_arn(service="glue", resource=name.partition("/")[0], resource_name=None) for name in names]
        prefix = arns[0].removesuffix("catalog")
        return {f"{prefix}{name}": permissions.FIREHOSE_READS_GLUE for name in names}

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """Lets something read the table's definition; its data is in the bucket.

        Args:
            grantee: Who may.
        """
        return iam.Grant.add_to_principal(
            grantee=grantee,
            actions=list(permissions.FIREHOSE_READS_GLUE),
            resource_arns=list(self.permissions_to_read),
        )
