"""moto hooks for Lambda Invoke, Firehose PutRecordBatch and Kinesis PutRecords: they reach the engine of the rehearsal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Protocol
from uuid import uuid4

from moto.awslambda.models import LambdaFunction
from moto.firehose.exceptions import InvalidArgumentException, ResourceNotFoundException
from moto.firehose.models import FirehoseBackend
from moto.kinesis.models import KinesisBackend

from streaming_constructs.local.aws.moto_hooks import replaced
from streaming_constructs.local.lambda_function.function_process import InvocationResult

MOTO_HOOKS = (
    "moto.awslambda.models.LambdaFunction._invoke_lambda",
    "moto.firehose.models.FirehoseBackend.delivery_streams",
    "moto.firehose.models.FirehoseBackend.put_record_batch",
    "moto.kinesis.models.KinesisBackend.put_record",
    "moto.kinesis.models.KinesisBackend.put_records",
)
"""What of moto's inside this module replaces or looks into."""


class DataPlane(Protocol):
    """What API calls reach that move records or run code."""

    def invoke(self, function_arn: str, event: bytes) -> InvocationResult:
        """Invokes a function."""

    def direct_put(self, delivery_stream: str, records: Sequence[bytes]) -> None:
        """Takes records of a delivery that reads no stream."""

    def wake(self) -> None:
        """Is called when there are new records in a stream."""


@contextmanager
def install_hooks(data_plane: DataPlane) -> Iterator[None]:
    """Installs the hooks until the end of a `with`.

    Args:
        data_plane: What they call.
    """

    def invoke(function: LambdaFunction, event: Any = None) -> tuple[str, bool, str]:
        text = event if isinstance(event, str) else json.dumps(event)
        result = data_plane.invoke(function.function_arn, text.encode())
        # What a handler returns as bytes need not be text.
        return result.payload.decode(errors="replace"), result.error is not None, result.log

    def put_batch(backend: FirehoseBackend, delivery_stream_name: str, records: list[dict[str, Any]]) -> dict[str, Any]:
        found = backend.delivery_streams.get(delivery_stream_name)
        if found is None:
            raise ResourceNotFoundException(
                f"Firehose {delivery_stream_name} under account {backend.account_id} not found."
            )
        if found.delivery_stream_type != "DirectPut":
            raise InvalidArgumentException(
                f"This operation is not permitted on {found.delivery_stream_type} delivery stream type."
            )
        data_plane.direct_put(delivery_stream_name, [record["Data"] for record in records])
        answers = [{"RecordId": str(uuid4())} for _ in records]
        return {"FailedPutCount": 0, "Encrypted": False, "RequestResponses": answers}

    def then_wake(call: Any) -> Any:
        def put(*args: Any, **named: Any) -> Any:
            answer = call(*args, **named)
            data_plane.wake()
            return answer

        return put

    with ExitStack() as open_:
        open_.enter_context(replaced(LambdaFunction, _invoke_lambda=invoke))
        open_.enter_context(replaced(FirehoseBackend, put_record_batch=put_batch))  # PutRecord goes through it
        kinesis = KinesisBackend
        open_.enter_context(
            replaced(kinesis, put_record=then_wake(kinesis.put_record), put_records=then_wake(kinesis.put_records))
        )
        yield
