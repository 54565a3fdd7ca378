"""Mapping templates of an API: what a request becomes for Kinesis or Firehose, and what their answers become for a caller.

A record is sent as one line of JSON, whatever its request looked like. An answer tells nothing of what is behind the API: no
names, no shards, no account.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streaming_constructs.planning.producers.api_gateway_model import RECORDS, KeyField

if TYPE_CHECKING:
    from streaming_constructs.planning.producers.kinesis_agent import Kind

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_UNTOLD = re.compile(r"['\"\\$#\x00-\x1f]")
"""What a path in a template cannot tell, in the key of a field."""

PARTIAL, THROTTLED, TOO_LARGE, FAILED, UNAVAILABLE = 207, 429, 413, 500, 503
"""What is answered but 200. 207 where some records of a batch were taken: with 200 a caller would lose the others, and with an
error it would send those again that were taken. Where none was taken, 429: all of them can be sent again."""

INVALID_BODY = '{"message": "Invalid request body", "errors": "$context.error.validationErrorString"}'
"""The answer to a body that is not as the model says, with what the validator found.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
"""
ACCEPTED = '{"requestId": "$context.requestId"}'
REFUSED = """#set($type = $input.path('$.__type'))
#if($type.contains("Throughput") || $type.contains("Throttl") || $type.contains("LimitExceeded"))
#set($context.responseOverride.status = 429)
{"message": "More than is taken at the moment, send the request again", "requestId": "$context.requestId"}
#elseif($type.contains("Validation") || $type.contains("InvalidArgument"))
#set($context.responseOverride.status = 413)
{"message": "A record, or the request, is too large", "requestId": "$context.requestId"}
#else
{"message": "Internal server error", "requestId": "$context.requestId"}
#end"""
"""The answer where the service refused. What can be wrong with a valid request is its size alone."""
NOT_NOW = '{"message": "Service unavailable, send the request again", "requestId": "$context.requestId"}'


@dataclass(frozen=True, slots=True)
class Operation:
    """What a service calls its operations, and what is in them.

    Attributes:
        service: The service, as an integration names it.
        one: The operation for one record.
        several: The operation for several.
        target: The member that names what is written to.
        failed: The member of the answer to several that counts those that were not taken.
        results: The member of that answer with a result for each.
    """

    service: str
    one: str
    several: str
    target: str
    failed: str
    results: str


# Sources: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html and
# https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
OPERATIONS: Mapping[Kind, Operation] = {
    "stream": Operation("kinesis", "PutRecord", "PutRecords", "StreamARN", "FailedRecordCount", "Records"),
    "delivery": Operation(
        "firehose", "PutRecord", "PutRecordBatch", "DeliveryStreamName", "FailedPutCount", "RequestResponses"
    ),
}


def can_be_told(key: str) -> bool:
    """Whether a path in a template can tell a field by its key.

    Args:
        key: The key in the JSON of a record.
    """
    return not _UNTOLD.search(key)


def record_template(kind: Kind, target: str, key: KeyField | None) -> str:
    """What a request with one record becomes.

    Args:
        kind: What is written to.
        target: Its ARN, or of a delivery its name.
        key: The field that is the partition key; None: the id of the request is.
    """
    data = """"Data": "$util.base64Encode($input.json('$'))\""""
    named = f'"{OPERATIONS[kind].target}": "{target}"'
    if kind == "delivery":
        return f'{{{named}, "Record": {{{data}}}}}'
    return f'{{{named}, "PartitionKey": {_key("$", key, "$context.requestId")}, {data}}}'


def batch_template(kind: Kind, target: str, key: KeyField | None) -> str:
    """What a request with several records becomes.

    Args:
        kind: What is written to.
        target: Its ARN, or of a delivery its name.
        key: The field that is the partition key; None: each record has one of its own.
    """
    record = f"$.{RECORDS}[$foreach.index]"
    data = f'"Data": "$util.base64Encode($input.json("{record}"))"'
    own = "${context.requestId}:$foreach.index"
    keyed = f'"PartitionKey": {_key(record, key, own)}, ' if kind == "stream" else ""
    return f"""{{"{OPERATIONS[kind].target}": "{target}", "Records": [
#foreach($record in $input.path('$.{RECORDS}')){{{keyed}{data}}}#if($foreach.hasNext),#end#end
]}}"""


def _key(record: str, key: KeyField | None, own: str) -> str:
    if key is None:
        return f'"{own}"'
    path = f"{record}.{key.name}" if _PLAIN.fullmatch(key.name) else f"{record}['{key.name}']"
    # As JSON a text brings its quotes, with what is in it escaped; a number becomes the text of it.
    return f'$input.json("{path}")' if key.is_text else f'"$input.path("{path}")"'


def batch_response(kind: Kind) -> str:
    """What is answered to a request with several records: a result for each, in their order.

    Args:
        kind: What is written to.
    """
    operation = OPERATIONS[kind]
    return f"""#set($failed = $input.path('$.{operation.failed}'))
#set($results = $input.path('$.{operation.results}'))
#if($failed > 0 && $failed == $results.size())
#set($context.responseOverride.status = {THROTTLED})
#elseif($failed > 0)
#set($context.responseOverride.status = {PARTIAL})
#end
{{"requestId": "$context.requestId", "FailedRecordCount": $failed, "Records": [
#foreach($result in $results){{#if($result.ErrorCode)"ErrorCode": "$result.ErrorCode"#end}}#if($foreach.hasNext),#end#end
]}}"""
