"""The code of a connector, as a custom plugin of MSK Connect."""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_kafkaconnect as kafkaconnect
from constructs import Construct

from streaming_constructs.cdk.name_with_hash import short_hash
from streaming_constructs.spec.connectors.plugin import Plugin


class ConnectorPlugin(Construct):
    """A custom plugin: a file beside the spec, that is uploaded with the stack, an object in a bucket, or one that exists.

    Creates an `AWS::KafkaConnect::CustomPlugin` unless one exists. All of it is create-only, and its name is taken once, so the
    name ends in a hash of the code: other code makes another plugin, and with it another connector.

    Attributes:
        arn: Its ARN.
        revision: Its revision.
        name: What it is made of, as a name; of one that exists its ARN.
        plugin: The plugin that was created; None for one that exists.
    """

    arn: str
    revision: float
    name: str
    plugin: kafkaconnect.CfnCustomPlugin | None

    def __init__(self, scope: Construct, construct_id: str, *, plugin: Plugin, directory: Path, base: str) -> None:
        """Creates it.

        Args:
            scope: The connector.
            construct_id: Its id there.
            plugin: What is asked for.
            directory: The folder that a path is relative to; absolute.
            base: How its name begins.
        """
        super().__init__(scope, construct_id)
        if plugin.arn is not None:
            self.arn, self.revision, self.name, self.plugin = plugin.arn, plugin.revision, plugin.arn, None
            return
        if plugin.path is not None:
            # A large module, that only an upload needs.
            from aws_cdk import aws_s3_assets as s3_assets

            asset = s3_assets.Asset(self, "Code", path=str(directory / plugin.path))
            bucket_arn, key, version = asset.bucket.bucket_arn, asset.s3_object_key, None
            content = asset.asset_hash
        else:
            assert plugin.bucket is not None
            assert plugin.key is not None
            bucket_arn = f"arn:{cdk.Aws.PARTITION}:s3:::{plugin.bucket}"
            key, version = plugin.key, plugin.object_version
            content = "/".join(filter(None, (plugin.bucket, plugin.key, plugin.object_version)))
        self.name = f"{base}-{short_hash(content)}"
        self.plugin = kafkaconnect.CfnCustomPlugin(
            self,
            "Plugin",
            name=self.name,
            description=f"The code of {scope.node.id}",
            content_type=plugin.content_type,
            location=kafkaconnect.CfnCustomPlugin.CustomPluginLocationProperty(
                s3_location=kafkaconnect.CfnCustomPlugin.S3LocationProperty(
                    bucket_arn=bucket_arn, file_key=key, object_version=version
                )
            ),
        )
        self.arn = self.plugin.attr_custom_plugin_arn
        self.revision = cdk.Token.as_number(self.plugin.get_att("Revision"))
