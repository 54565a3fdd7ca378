"""One call of PutRecords, and what became of each record in it: stored, refused, unanswered, or never to be taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
)
from botocore.exceptions import ConnectionError as NoConnectionError

from streaming_constructs.producer.packing import Pack


class Fate(Enum):
    """What became of a record."""

    STORED = "stored"
    REFUSED = "refused"
    """For the moment, and it was not stored."""
    UNANSWERED = "unanswered"
    """It may be stored."""
    SPOILED = "spoiled"
    """The request was invalid as a whole; which of its records makes it so is found by sending each alone."""
    INVALID = "invalid"
    """It will never be taken."""
    HOPELESS = "hopeless"
    """None will be taken: there is no such stream, or no permission."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one record of the stream.

    Attributes:
        fate: It.
        shard_id: Where it is, if it was stored.
        sequence_number: Its number there.
        code: Why it was not, as AWS says it.
        message: The same in a sentence.
        repeated: How often boto3 repeated the call by itself; a client that is brought may do so.
    """

    fate: Fate
    shard_id: str = ""
    sequence_number: str = ""
    code: str = ""
    message: str = ""
    repeated: int = 0


THROTTLED = frozenset(
    {
        "KMSThrottlingException",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
    }
)
"""Codes that mean: not now, and nothing was stored. Of one record it is `ProvisionedThroughputExceededException`, in full.

Sources: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html and
https://docs.aws.amazon.com/kinesis/latest/APIReference/CommonErrors.html, read 2026-11-29
"""
_INVALID = frozenset({"InvalidArgumentException", "SerializationException", "ValidationError", "ValidationException"})
"""Codes that one record may be the cause of."""
_SERVER_ERRORS = 500
_NOT_SENT = (ConnectTimeoutError, CredentialRetrievalError, EndpointConnectionError)
"""Errors after which nothing can be stored: no connection was made."""


def client_without_retries() -> Any:
    """A client of boto3's default session that leaves retries to whoever has it: those of its own are counted by nobody."""
    import boto3
    from botocore.config import Config

    return boto3.client("kinesis", config=Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=30))


def put_records(client: Any, stream: str, packs: Sequence[Pack]) -> list[Answer]:
    """Calls PutRecords once.

    Args:
        client: A client of boto3 for Kinesis.
        stream: The stream, by name or ARN.
        packs: The records, up to 500 and 10 MiB.

    Returns:
        What became of each, in their order.
    """
    try:
        response = client.put_records(Records=[pack.entry for pack in packs], **stream_argument(stream))
    except Exception as error:  # noqa: BLE001 - whatever it is, every record has an end
        return [answer_to(error, len(packs))] * len(packs)
    repeated = _repeated(response)
    answers = [_answer(result, repeated) for result in response["Records"]]
    missing = Answer(Fate.UNANSWERED, code="NoAnswer", message="the response has no result for it")
    return [*answers, *[missing] * (len(packs) - len(answers))][: len(packs)]


def stream_argument(stream: str) -> dict[str, str]:
    """How calls name a stream.

    Args:
        stream: Its name or its ARN.
    """
    return {"StreamARN" if stream.startswith("arn:") else "StreamName": stream}


def _repeated(response: dict[str, Any]) -> int:
    return int(response.get("ResponseMetadata", {}).get("RetryAttempts", 0))


def _answer(result: dict[str, Any], repeated: int) -> Answer:
    code = result.get("ErrorCode")
    if not code:
        return Answer(Fate.STORED, result["ShardId"], result["SequenceNumber"], repeated=repeated)
    # Of InternalFailure nobody says that nothing was stored.
    fate = Fate.REFUSED if code in THROTTLED else Fate.UNANSWERED
    return Answer(fate, code=code, message=result.get("ErrorMessage", ""), repeated=repeated)


def answer_to(error: Exception, records: int) -> Answer:
    """What an error of a whole call means for each of its records.

    Args:
        error: The error.
        records: How many there were.
    """
    code, message = type(error).__name__, str(error)
    if isinstance(error, ClientError):
        code = error.response.get("Error", {}).get("Code", code)
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        fate = _fate_of(code, status, records)
        return Answer(fate, code=code, message=message, repeated=_repeated(error.response))
    if isinstance(error, _NOT_SENT):
        return Answer(Fate.REFUSED, code=code, message=message)
    lost = isinstance(error, HTTPClientError | NoConnectionError | OSError)
    # The rest is what boto3 says before it sends, such as NoCredentialsError, or a mistake in a client that was brought.
    return Answer(Fate.UNANSWERED if lost else Fate.HOPELESS, code=code, message=message)


def _fate_of(code: str, status: int, records: int) -> Fate:
    if code in THROTTLED:
        return Fate.REFUSED
    if status >= _SERVER_ERRORS:
        return Fate.UNANSWERED
    if code in _INVALID:
        return Fate.SPOILED if records > 1 else Fate.INVALID
    return Fate.HOPELESS
