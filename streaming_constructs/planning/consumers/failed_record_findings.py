"""A function that names the records that failed, where nobody listens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from streaming_constructs.spec.code_texts import code_texts
from streaming_constructs.spec.finding import Edit, Finding

if TYPE_CHECKING:
    from streaming_constructs.spec.consumers.lambda_function import LambdaConsumerSpec

_NAMES_FAILURES = (b"batchitemfailures", b"process_partial_response", b"processpartialresponse")
"""What code says, in small letters, that answers with the records that failed: by itself, or by Powertools."""


def failed_record_findings(spec: LambdaConsumerSpec, directory: Path) -> Iterator[Finding]:
    """What such a function loses; paths are relative to the consumer.

    Args:
        spec: The consumer.
        directory: The folder that its `code` is relative to.
    """
    if spec.partial_batch_responses or spec.code is None:
        return
    named = (path for path, text in code_texts(directory / spec.code) if any(mark in text for mark in _NAMES_FAILURES))
    path = next(named, None)
    if path is not None:
        yield Finding(
            "LAM569",
            "the function names the records that failed, and Lambda does not listen",
            ("partial_batch_responses",),
            note=f"`{spec.code}/{path}` answers with `batchItemFailures`; without `partial_batch_responses` any answer is a "
            "success, and the records that it names are lost",
            help="take `partial_batch_responses: false` out, or let the function raise where a record fails",
            edits=(Edit(("partial_batch_responses",)),),
        )
