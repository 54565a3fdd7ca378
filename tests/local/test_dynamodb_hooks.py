"""BatchWriteItem: a key that comes twice is refused, and nothing of the batch is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from streaming_constructs.local.aws.embedded_aws import EmbeddedAws


def put(page: str, clicks: int) -> dict[str, Any]:
    return {"PutRequest": {"Item": {"page": {"S": page}, "clicks": {"N": str(clicks)}}}}


@pytest.fixture
def dynamodb(embedded: EmbeddedAws) -> Iterator[Any]:
    client = embedded.aws.client("dynamodb")
    for name in ("totals", "others"):
        client.create_table(
            TableName=name,
            AttributeDefinitions=[{"AttributeName": "page", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "page", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
    yield client
    for name in ("totals", "others"):
        client.delete_table(TableName=name)


@pytest.mark.parametrize("second", [put("a", 2), {"DeleteRequest": {"Key": {"page": {"S": "a"}}}}])
def test_a_key_that_comes_twice_is_refused(dynamodb: Any, second: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="Provided list of item keys contains duplicates") as refused:
        dynamodb.batch_write_item(RequestItems={"totals": [put("a", 1), second]})
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert dynamodb.scan(TableName="totals")["Items"] == []


def test_keys_that_differ_are_written(dynamodb: Any) -> None:
    dynamodb.batch_write_item(RequestItems={"totals": [put("a", 1), put("b", 1)]})
    assert dynamodb.scan(TableName="totals")["Count"] == 2
