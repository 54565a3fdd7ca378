"""The schema registry of a system, on AWS Glue."""

from __future__ import annotations

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_glue as glue
from constructs import Construct

from streaming_constructs.cdk.removal_policy import cdk_removal_policy
from streaming_constructs.facts.glue_schema_registry import DATA_FORMATS
from streaming_constructs.planning.schema_registry.registry import definition
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.schema_registry import GlueSchemaRegistrySpec
from streaming_constructs.spec.schemas import RecordField, RecordSchema, record_schema


class SchemaRegistry(Construct):
    """A Schema Registry of AWS Glue, with schemas in it.

    Creates an `AWS::Glue::Registry` unless one exists, and for each schema an `AWS::Glue::Schema` without a version of its own
    and an `AWS::Glue::SchemaVersion` (all **stateful**: retained unless told otherwise). The definition in a schema itself is
    create-only, and a schema of the same name is refused; so each definition is a version, that is registered beside the
    earlier ones. Earlier versions are always retained: records were written with them.

    Attributes:
        registry: The registry; None for one that exists.
        registry_name: Its name.
        arn: Its ARN.
        schemas: The schemas, by name.
        versions: Their versions of now, by name.
        spec: What was asked for.
    """

    registry: glue.CfnRegistry | None
    registry_name: str
    arn: str
    schemas: Mapping[str, glue.CfnSchema]
    versions: Mapping[str, glue.CfnSchemaVersion]
    spec: GlueSchemaRegistrySpec

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: GlueSchemaRegistrySpec,
        name: str,
        schemas: Mapping[str, Mapping[str, str | RecordField]],
        removal_policy: RemovalPolicy = "retain",
    ) -> None:
        """Creates it.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there.
            spec: What is asked for.
            name: How it is called where the spec does not say.
            schemas: The schemas in it, by name: types or fields of AWS Glue by column, such as `{"id": "string"}`.
            removal_policy: retain keeps it when it leaves the stack, destroy deletes it with its schemas.

        Raises:
            SpecError: If a type is none of AWS Glue, or two fields are one column.
        """
        super().__init__(scope, construct_id)
        removal = cdk_removal_policy(removal_policy)
        self.spec, self.registry_name, self.registry = spec, spec.registry_name(name), None
        if spec.arn is not None:
            self.arn = spec.arn
        else:
            self.registry = glue.CfnRegistry(
                self, "Registry", name=self.registry_name, description=f"Schemas of records of {name}"
            )
            self.registry.apply_removal_policy(removal)
            self.arn = self.registry.attr_arn
        self.schemas = {key: self._schema(key, removal) for key in schemas}
        self.versions = {key: self._version(key, record_schema(schema)) for key, schema in schemas.items()}

    def schema_arn(self, name: str) -> str:
        """The ARN of a schema in it.

        Args:
            name: Its name; `*` for all.
        """
        partition, region, account = cdk.Aws.PARTITION, cdk.Aws.REGION, cdk.Aws.ACCOUNT_ID
        return f"arn:{partition}:glue:{region}:{account}:schema/{self.registry_name}/{name}"

    def _schema(self, name: str, removal: cdk.RemovalPolicy) -> glue.CfnSchema:
        schema = glue.CfnSchema(
            self,
            f"Schema-{name}",
            name=name,
            registry=glue.CfnSchema.RegistryProperty(arn=self.arn),
            data_format=DATA_FORMATS[self.spec.data_format],
            compatibility=self.spec.compatibility.upper(),
        )
        schema.apply_removal_policy(removal)
        return schema

    def _version(self, name: str, schema: RecordSchema) -> glue.CfnSchemaVersion:
        version = glue.CfnSchemaVersion(
            self,
            f"Version-{name}",
            schema=glue.CfnSchemaVersion.SchemaProperty(schema_arn=self.schemas[name].attr_arn),
            schema_definition=definition(self.spec, name, schema),
        )
        # Another definition replaces this resource; the version of before stays in the registry.
        version.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        return version
