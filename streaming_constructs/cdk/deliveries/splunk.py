"""A delivery to Splunk."""

from __future__ import annotations

from typing import Any

from streaming_constructs.cdk.deliveries.backup import BackedUpDelivery
from streaming_constructs.cdk.deliveries.secret import secret_configuration, secret_permissions
from streaming_constructs.spec.deliveries.backup import BackedUpDestination
from streaming_constructs.spec.deliveries.splunk import SplunkDestination

_ENDPOINT_TYPES = {"raw": "Raw", "event": "Event"}


class SplunkDelivery(BackedUpDelivery):
    """A Firehose stream that sends records to an HTTP Event Collector of Splunk.

    Creates what `Delivery` says, and an `AWS::S3::Bucket` for records that Splunk does not acknowledge unless one is brought or
    named (**stateful**, retained). The collector needs indexer acknowledgement switched on for its token, and sticky
    sessions for as long as possible where a load balancer stands before it.
    Source: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-splunk

    Example:
        ```python
        SplunkDelivery(
            stack,
            "search",
            source=events,
            spec=DeliverySpec(
                from_="events",
                to=SplunkDestination(
                    endpoint="https://http-inputs-firehose-shop.splunkcloud.com:443",
                    secret_arn="arn:aws:secretsmanager:eu-west-1:111122223333:secret:splunk-AbCdEf",
                ),
            ),
        )
        ```
    """

    _destination_spec = SplunkDestination

    def _destination(self, to: BackedUpDestination) -> dict[str, Any]:
        assert isinstance(to, SplunkDestination)
        self._needed.append(secret_permissions(to.secret_arn, to.secret_kms_key_arn))
        return {
            "HECEndpoint": to.endpoint,
            "HECEndpointType": _ENDPOINT_TYPES[to.endpoint_type],
            "HECAcknowledgmentTimeoutInSeconds": to.ack_timeout_seconds,
            "SecretsManagerConfiguration": secret_configuration(to.secret_arn, self.role.role_arn),
        }
