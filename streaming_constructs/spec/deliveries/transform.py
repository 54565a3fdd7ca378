"""The function that changes the records of a delivery on their way."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from streaming_constructs.facts import firehose
from streaming_constructs.spec.function import FunctionSpec
from streaming_constructs.spec.model import Int, Number, within


class TransformSpec(FunctionSpec):
    """A Lambda function that Firehose hands records to, and that hands back what is delivered."""

    timeout_seconds: Annotated[Int, within(firehose.TRANSFORM_TIMEOUT_SECONDS)] = Field(
        default=60,
        description="Longest time for one batch, in seconds, 1 to 300, as long as Firehose waits. Left out: 60.",
    )
    buffer_mb: Number = Field(
        default=1.0,
        ge=firehose.TRANSFORM_BUFFER_MIB_LEAST.value,
        le=firehose.TRANSFORM_BUFFER_MIB_MOST.value,
        description="Size of a batch, in MiB, 0.2 to 3; what comes back has to fit into 6 MB in base64. Left out: 1.",
    )
    buffer_seconds: Annotated[Int, within(firehose.TRANSFORM_BUFFER_SECONDS)] = Field(
        default=60, description="Age at which a batch is handed over, in seconds, 0 to 900. Left out: 60."
    )
    retries: Annotated[Int, within(firehose.TRANSFORM_RETRIES)] = Field(
        default=3,
        description="Retries when the function times out or is throttled; then the batch goes to the errors. Left out: 3.",
    )
