"""A delivery to a Snowflake table."""

from __future__ import annotations

from typing import Any

from streaming_constructs.cdk.deliveries.backup import BackedUpDelivery
from streaming_constructs.cdk.deliveries.secret import secret_configuration, secret_permissions
from streaming_constructs.spec.deliveries.backup import BackedUpDestination
from streaming_constructs.spec.deliveries.snowflake import SnowflakeDestination

_LOADING_OPTIONS = {
    "json_mapping": "JSON_MAPPING",
    "variant": "VARIANT_CONTENT_MAPPING",
    "variant_and_metadata": "VARIANT_CONTENT_AND_METADATA_MAPPING",
}


class SnowflakeDelivery(BackedUpDelivery):
    """A Firehose stream that adds records to a Snowflake table, by Snowpipe Streaming.

    Creates what `Delivery` says, and an `AWS::S3::Bucket` for records that Snowflake refuses unless one is brought or named
    (**stateful**, retained). The table has to exist, and the user of the secret needs to sign in with its key pair and
    to add to the table.
    Source: https://docs.aws.amazon.com/firehose/latest/APIReference/API_SnowflakeDestinationConfiguration.html

    Example:
        ```python
        SnowflakeDelivery(
            stack,
            "warehouse",
            source=clicks,
            spec=DeliverySpec(
                from_="clicks",
                to=SnowflakeDestination(
                    account_url="https://example.snowflakecomputing.com",
                    secret_arn="arn:aws:secretsmanager:eu-west-1:111122223333:secret:snowflake-AbCdEf",
                    database="SHOP",
                    schema_name="PUBLIC",
                    table="CLICKS",
                ),
            ),
        )
        ```
    """

    _destination_spec = SnowflakeDestination

    def _destination(self, to: BackedUpDestination) -> dict[str, Any]:
        assert isinstance(to, SnowflakeDestination)
        self._needed.append(secret_permissions(to.secret_arn, to.secret_kms_key_arn))
        service = to.private_link_service
        return {
            "AccountUrl": to.account_url,
            "Database": to.database,
            "Schema": to.schema_name,
            "Table": to.table,
            "RoleARN": self.role.role_arn,
            "SecretsManagerConfiguration": secret_configuration(to.secret_arn, self.role.role_arn),
            "SnowflakeRoleConfiguration": {"Enabled": True, "SnowflakeRole": to.role} if to.role else None,
            "SnowflakeVpcConfiguration": {"PrivateLinkVpceId": service} if service else None,
            "DataLoadingOption": _LOADING_OPTIONS[to.load_as],
            "ContentColumnName": to.content_column,
            "MetaDataColumnName": to.metadata_column,
        }
