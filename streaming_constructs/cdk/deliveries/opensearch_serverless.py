"""A delivery to an OpenSearch Serverless collection."""

from __future__ import annotations

from typing import Any

from streaming_constructs.cdk.deliveries.backup import BackedUpDelivery
from streaming_constructs.facts import permissions
from streaming_constructs.planning.stores.opensearch_index import index_name
from streaming_constructs.spec.deliveries.backup import BackedUpDestination
from streaming_constructs.spec.deliveries.opensearch_serverless import OpenSearchServerlessDestination


class OpenSearchServerlessDelivery(BackedUpDelivery):
    """A Firehose stream that writes each record as a document into an index of an existing Serverless collection.

    Creates what `Delivery` says, and an `AWS::S3::Bucket` for documents that the collection refuses unless one is brought or
    named (**stateful**, retained). IAM is not enough to write there: a data access policy of the collection has to
    give `role` the permissions aoss:CreateIndex, aoss:UpdateIndex and aoss:WriteDocument on the index, and its network policy
    has to let requests in. Fields and retention are the collection's own.
    Source: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-serverless

    Example:
        ```python
        OpenSearchServerlessDelivery(
            stack,
            "search",
            source=events,
            spec=DeliverySpec(
                from_="events",
                to=OpenSearchServerlessDestination(
                    collection_arn="arn:aws:aoss:eu-west-1:111122223333:collection/abc123",
                    collection_endpoint="https://abc123.eu-west-1.aoss.amazonaws.com",
                ),
            ),
        )
        ```

    Attributes:
        index: The index.
    """

    index: str

    _destination_spec = OpenSearchServerlessDestination

    def _destination(self, to: BackedUpDestination) -> dict[str, Any]:
        assert isinstance(to, OpenSearchServerlessDestination)
        self.index = index_name(self.plan)
        self._needed.append({to.collection_arn: permissions.FIREHOSE_WRITES_OPENSEARCH_SERVERLESS})
        return {
            "CollectionEndpoint": to.collection_endpoint,
            "RoleARN": self.role.role_arn,
            "IndexName": self.index,
        }
