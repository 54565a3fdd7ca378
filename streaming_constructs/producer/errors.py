"""What a producer raises: a record that was not delivered, a full buffer, a producer that takes nothing more."""

from __future__ import annotations


class UndeliveredError(Exception):
    """A record that was accepted and is given up. A producer never drops one without it.

    Attributes:
        code: Why, as AWS says it, such as `ProvisionedThroughputExceededException` or `AccessDeniedException`; or
            `DeadlinePassed`, `ProducerClosed`.
        attempts: How often it was sent.
        maybe_delivered: Whether it may be in the stream all the same: a request that carried it had no answer.
    """

    def __init__(self, code: str, message: str, *, attempts: int = 0, maybe_delivered: bool = False) -> None:
        """Says why.

        Args:
            code: Why, in one word.
            message: The same in a sentence.
            attempts: How often it was sent.
            maybe_delivered: Whether it may be in the stream all the same.
        """
        self.code = code
        self.attempts = attempts
        self.maybe_delivered = maybe_delivered
        unsure = "; it may be in the stream all the same" if maybe_delivered else ""
        super().__init__(f"{code}: {message} (sent {attempts} times{unsure})")


class BufferFullError(Exception):
    """A record that was not accepted, because as many wait as may."""


class ProducerClosedError(Exception):
    """A record that was not accepted, because the producer is closed, or cannot reach its stream for good."""
