"""What a destination gets is what AWS's examples show.

https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
"""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import replace
from uuid import UUID

import pytest

from streaming_constructs.local.event_source.event_source_mapping import EventSourceMapping
from streaming_constructs.local.event_source.invocation import InvokeResponse
from streaming_constructs.local.event_source.invocation_record import DiscardedRecords
from streaming_constructs.local.kinesis.record import Record

MAPPING = EventSourceMapping(
    uuid="14e0db71-5d35-4eb5-b481-8945cf9d10c2",
    event_source_arn="arn:aws:kinesis:us-east-2:123456789012:stream/mystream",
    function_arn="arn:aws:lambda:us-east-2:123456789012:function:myfunction",
)
FIRST, LAST = (
    49601189658422359378836298521827638475320189012309704722,
    49601189658422359378836298522902373528957594348623495186,
)
RECORDS = (
    Record("shardId-000000000001", FIRST, "a", b"\xff first", 1573691884.835),
    Record("shardId-000000000001", LAST, "b", b"last", 1573691885.580),
)
DISCARDED = DiscardedRecords(
    RECORDS,
    "RetryAttemptsExhausted",
    1,
    InvokeResponse("c9b8fa9f-5a7f-xmpl-af9c-0c604cde93a5", error_type="ValueError"),
    1573691886.021,
)
MESSAGE = {
    "requestContext": {
        "requestId": "c9b8fa9f-5a7f-xmpl-af9c-0c604cde93a5",
        "functionArn": "arn:aws:lambda:us-east-2:123456789012:function:myfunction",
        "condition": "RetryAttemptsExhausted",
        "approximateInvokeCount": 1,
    },
    "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
    "version": "1.0",
    "timestamp": "2019-11-14T00:38:06.021Z",
    "KinesisBatchInfo": {
        "shardId": "shardId-000000000001",
        "startSequenceNumber": "49601189658422359378836298521827638475320189012309704722",
        "endSequenceNumber": "49601189658422359378836298522902373528957594348623495186",
        "approximateArrivalOfFirstRecord": "2019-11-14T00:38:04.835Z",
        "approximateArrivalOfLastRecord": "2019-11-14T00:38:05.580Z",
        "batchSize": 2,
        "streamArn": "arn:aws:kinesis:us-east-2:123456789012:stream/mystream",
    },
}


def test_a_queue_gets_the_position_of_the_records() -> None:
    assert DISCARDED.message(MAPPING) == MESSAGE


def test_a_function_that_returned_the_failures_has_no_error() -> None:
    message = replace(DISCARDED, response=InvokeResponse("id", {"batchItemFailures": []})).message(MAPPING)
    assert message["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST", "functionError": None}


@pytest.mark.parametrize(("invocations", "count"), [(0, 1), (7, 8)])
@pytest.mark.parametrize("condition", ["RecordAgeExceeded", "PayloadSizeExceeded"])
def test_records_that_are_given_up_before_an_invocation_have_a_request_of_their_own_and_no_response(
    condition: str, invocations: int, count: int
) -> None:
    tried = DISCARDED.response if invocations else None
    discarded = replace(DISCARDED, response=tried, invocations=invocations, condition=condition)
    message = discarded.message(MAPPING)
    assert discarded.message(MAPPING) == message
    request_id = message["requestContext"].pop("requestId")
    assert str(UUID(request_id)) == request_id
    assert message["requestContext"] == {
        "functionArn": MAPPING.function_arn,
        "condition": condition,
        "approximateInvokeCount": count,
    }
    assert "responseContext" not in message


def test_requests_that_were_never_made_have_different_ids() -> None:
    aged = replace(DISCARDED, response=None, invocations=0, condition="RecordAgeExceeded")
    ids = {one.message(MAPPING)["requestContext"]["requestId"] for one in (aged, replace(aged, records=RECORDS[1:]))}
    assert len(ids) == 2


def test_the_stream_is_named_even_if_a_consumer_reads_it() -> None:
    consumer = replace(MAPPING, event_source_arn=f"{MAPPING.event_source_arn}/consumer/con1:1540591608")
    assert DISCARDED.message(consumer)["KinesisBatchInfo"]["streamArn"] == MAPPING.event_source_arn


def test_a_bucket_gets_the_event_with_the_records_too() -> None:
    body = json.loads(json.dumps(DISCARDED.object_body(MAPPING)))
    event = json.loads(body.pop("payload"))
    assert body == MESSAGE
    assert [b64decode(one["kinesis"]["data"]) for one in event["Records"]] == [b"\xff first", b"last"]
    assert list(event) == ["Records"]


def test_an_object_is_named_by_mapping_shard_and_time() -> None:
    key = DISCARDED.object_key(MAPPING, UUID("3d9a5e41-6f4f-4a3c-9d75-0f1a7d9d9c11"))
    assert key == (
        "aws/lambda/14e0db71-5d35-4eb5-b481-8945cf9d10c2/shardId-000000000001/2019/11/14/"
        "2019-11-14T00.38.06-3d9a5e41-6f4f-4a3c-9d75-0f1a7d9d9c11"
    )
