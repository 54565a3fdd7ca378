"""What the API of Managed Flink refuses, by the names that AWS has for it."""

from __future__ import annotations

from typing import Literal

ErrorCode = Literal[
    "CodeValidationException",
    "ConcurrentModificationException",
    "InvalidApplicationConfigurationException",
    "InvalidArgumentException",
    "InvalidRequestException",
    "LimitExceededException",
    "ResourceInUseException",
    "ResourceNotFoundException",
    "UnsupportedOperationException",
]
"""Source: https://docs.aws.amazon.com/managed-flink/latest/apiv2/API_Operations.html"""


class ApiError(Exception):
    """A request that is refused.

    Attributes:
        code: AWS's name of the error.
        message: What is wrong.
    """

    def __init__(self, code: ErrorCode, message: str) -> None:
        """Takes both.

        Args:
            code: AWS's name of the error.
            message: What is wrong.
        """
        super().__init__(message)
        self.code, self.message = code, message
