"""What AWS and boto3 answer to PutRecords, and what it means for the records: seeds of this project got three of them wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)

from streaming_constructs.producer.kinesis_call import Answer, Fate, put_records
from streaming_constructs.producer.lane import Lane
from streaming_constructs.producer.packing import Pack

URL = "https://kinesis.us-east-1.amazonaws.com"
PACKS = [Pack(Lane(key, by_shard=False), (), {"Data": b"x", "PartitionKey": key}, 2) for key in "ab"]


class Client:
    """A client of which a test says what it answers."""

    def __init__(self, answer: Callable[[], dict[str, Any]]) -> None:
        self.answer = answer
        self.asked: dict[str, Any] = {}

    def put_records(self, **asked: Any) -> dict[str, Any]:
        self.asked = asked
        return self.answer()


def fates(answer: Callable[[], dict[str, Any]], packs: list[Pack] = PACKS) -> list[Fate]:
    return [one.fate for one in put_records(Client(answer), "clicks", packs)]


def failing(error: Exception) -> Callable[[], dict[str, Any]]:
    def fail() -> dict[str, Any]:
        raise error

    return fail


def client_error(code: str, status: int = 400) -> ClientError:
    response: Any = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "PutRecords")


def test_each_record_has_its_own_answer() -> None:
    client = Client(
        lambda: {
            "FailedRecordCount": 1,
            "Records": [
                {"ShardId": "shardId-000000000000", "SequenceNumber": "49"},
                {"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "Rate exceeded"},
            ],
        }
    )
    assert put_records(client, "clicks", PACKS) == [
        Answer(Fate.STORED, "shardId-000000000000", "49"),
        Answer(Fate.REFUSED, code="ProvisionedThroughputExceededException", message="Rate exceeded"),
    ]
    assert client.asked == {"StreamName": "clicks", "Records": [pack.entry for pack in PACKS]}


def test_a_stream_may_be_named_by_its_arn() -> None:
    client = Client(lambda: {"Records": []})
    put_records(client, "arn:aws:kinesis:us-east-1:123456789012:stream/clicks", PACKS)
    assert client.asked["StreamARN"] == "arn:aws:kinesis:us-east-1:123456789012:stream/clicks"
    assert "StreamName" not in client.asked


def test_an_internal_failure_of_a_record_is_no_refusal_for_good() -> None:
    """It is retried as the other code is; that it was not stored, nobody says."""
    failed = {"ErrorCode": "InternalFailure", "ErrorMessage": "Internal Service Failure"}
    assert fates(lambda: {"Records": [failed, failed]}) == [Fate.UNANSWERED] * 2


def test_a_record_that_the_response_leaves_out_is_unanswered() -> None:
    assert fates(lambda: {"Records": [{"ShardId": "s", "SequenceNumber": "1"}]}) == [Fate.STORED, Fate.UNANSWERED]


def test_calls_that_boto3_repeated_are_told() -> None:
    stored = {"ShardId": "s", "SequenceNumber": "1"}
    client = Client(lambda: {"Records": [stored, stored], "ResponseMetadata": {"RetryAttempts": 2}})
    assert [answer.repeated for answer in put_records(client, "clicks", PACKS)] == [2, 2]


@pytest.mark.parametrize(
    ("error", "fate"),
    [
        (client_error("ProvisionedThroughputExceededException"), Fate.REFUSED),
        (client_error("KMSThrottlingException"), Fate.REFUSED),
        (client_error("ThrottlingException"), Fate.REFUSED),
        (client_error("InternalFailure", 500), Fate.UNANSWERED),
        (client_error("ServiceUnavailable", 503), Fate.UNANSWERED),
        (ConnectTimeoutError(endpoint_url=URL), Fate.REFUSED),
        (EndpointConnectionError(endpoint_url=URL), Fate.REFUSED),
        (ReadTimeoutError(endpoint_url=URL), Fate.UNANSWERED),
        (ConnectionClosedError(endpoint_url=URL), Fate.UNANSWERED),
        (ConnectionResetError(), Fate.UNANSWERED),
        (client_error("ValidationException"), Fate.SPOILED),
        (client_error("InvalidArgumentException"), Fate.SPOILED),
        (client_error("AccessDeniedException"), Fate.HOPELESS),
        (client_error("ResourceNotFoundException"), Fate.HOPELESS),
        (client_error("KMSDisabledException"), Fate.HOPELESS),
        (client_error("ExpiredTokenException"), Fate.HOPELESS),
        (NoCredentialsError(), Fate.HOPELESS),
        (TypeError("a mistake in a client"), Fate.HOPELESS),
    ],
)
def test_an_error_of_the_call_is_one_of_each_record(error: Exception, fate: Fate) -> None:
    assert fates(failing(error)) == [fate, fate]


def test_an_invalid_request_of_one_record_is_that_records_fault() -> None:
    assert fates(failing(client_error("ValidationException")), PACKS[:1]) == [Fate.INVALID]
