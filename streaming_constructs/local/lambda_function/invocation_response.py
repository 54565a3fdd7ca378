"""What an invocation returned: a response that cannot be read is a failure of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from streaming_constructs.local.lambda_function.function_process import FunctionError, InvocationResult
from streaming_constructs.local.lambda_function.function_response import ResponseError, read_response


def returned(result: InvocationResult) -> tuple[InvocationResult, Any]:
    """The result of an invocation, and what was returned; None where it failed.

    Args:
        result: What came of the invocation. If its response cannot be read, the one that is given back says so as its error.
    """
    if result.error is not None:
        return result, None
    try:
        return result, read_response(result.payload)
    except ResponseError as unreadable:
        return replace(result, error=FunctionError(unreadable.error_type, str(unreadable))), None
