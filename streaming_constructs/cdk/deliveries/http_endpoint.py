"""A delivery to an HTTP endpoint."""

from __future__ import annotations

from typing import Any

from streaming_constructs.cdk.deliveries.backup import BackedUpDelivery
from streaming_constructs.cdk.deliveries.secret import secret_configuration, secret_permissions
from streaming_constructs.spec.deliveries.backup import BackedUpDestination
from streaming_constructs.spec.deliveries.http_endpoint import HttpEndpointDestination


class HttpDelivery(BackedUpDelivery):
    """A Firehose stream that sends records to an HTTP endpoint, of your own or of a vendor.

    Creates what `Delivery` says, and an `AWS::S3::Bucket` for records that the endpoint refuses unless one is brought or named
    (**stateful**, retained). The endpoint has to answer within 3 minutes, in the form that Firehose prescribes; any
    other answer is a failed delivery, which is tried again, so records may come twice.
    Source: https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html

    Example:
        ```python
        HttpDelivery(
            stack,
            "metrics",
            source=events,
            spec=DeliverySpec(from_="events", to=HttpDestination(endpoint="https://example.com/firehose")),
        )
        ```
    """

    _destination_spec = HttpEndpointDestination

    def _destination(self, to: BackedUpDestination) -> dict[str, Any]:
        assert isinstance(to, HttpEndpointDestination)
        secret = None
        if to.secret_arn is not None:
            self._needed.append(secret_permissions(to.secret_arn, to.secret_kms_key_arn))
            secret = secret_configuration(to.secret_arn, self.role.role_arn)
        attributes = [{"AttributeName": name, "AttributeValue": value} for name, value in to.attributes.items()]
        return {
            "EndpointConfiguration": {"Name": self.node.id, "Url": to.endpoint},
            "RoleARN": self.role.role_arn,
            "SecretsManagerConfiguration": secret,
            "RequestConfiguration": {
                "ContentEncoding": to.compression.upper(),
                "CommonAttributes": attributes or None,
            },
        }
