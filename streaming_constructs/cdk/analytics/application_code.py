"""Where the code of an application of Flink is: a file that is uploaded with the stack, or an object in a bucket."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_kinesisanalyticsv2 as kinesisanalytics
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from streaming_constructs.cdk.iam_policy import Permissions
from streaming_constructs.facts import flink_service


@dataclass(frozen=True, slots=True)
class ApplicationCode:
    """An object in S3 with the code of an application. Other content stands under another key, unless it is the user's own.

    Attributes:
        bucket_arn: The bucket.
        key: Its key.
        version: Its version; None for the latest.
    """

    bucket_arn: str
    key: str
    version: str | None = None

    @classmethod
    def of_file(cls, scope: Construct, file: Path) -> ApplicationCode:
        """A file, uploaded under a hash of what is in it.

        Args:
            scope: The application.
            file: The file; absolute.
        """
        asset = s3_assets.Asset(scope, "Code", path=str(file))
        return cls(asset.bucket.bucket_arn, asset.s3_object_key)

    @classmethod
    def of_object(cls, bucket: str, key: str, version: str | None) -> ApplicationCode:
        """An object that exists.

        Args:
            bucket: The name of its bucket.
            key: Its key.
            version: Its version; None for the latest.
        """
        return cls(f"arn:{cdk.Aws.PARTITION}:s3:::{bucket}", key, version)

    @property
    def permissions(self) -> Permissions:
        """What reading it takes."""
        actions = flink_service.READ_CODE if self.version is None else flink_service.READ_CODE_VERSION
        return {f"{self.bucket_arn}/{self.key}": actions}

    @property
    def configuration(self) -> kinesisanalytics.CfnApplication.ApplicationCodeConfigurationProperty:
        """The same in CloudFormation's words; a jar is a zip, too."""
        of = kinesisanalytics.CfnApplication
        return of.ApplicationCodeConfigurationProperty(
            code_content_type="ZIPFILE",
            code_content=of.CodeContentProperty(
                s3_content_location=of.S3ContentLocationProperty(
                    bucket_arn=self.bucket_arn, file_key=self.key, object_version=self.version
                )
            ),
        )
