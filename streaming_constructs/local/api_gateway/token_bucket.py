"""The token bucket of a throttle: so many requests at once, and so many a second.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
"""

from __future__ import annotations

import threading


class TokenBucket:
    """Lets requests through while it has tokens."""

    def __init__(self, rate: float, burst: int) -> None:
        """It is full.

        Args:
            rate: Tokens that come in a second.
            burst: Tokens that it holds.
        """
        self.rate, self.burst = rate, burst
        self._tokens, self._at = float(burst), float("-inf")
        self._taking = threading.Lock()

    def take(self, now: float) -> bool:
        """Takes a token, if there is one.

        Args:
            now: The time, in seconds.

        Returns:
            Whether there was one.
        """
        with self._taking:
            if now > self._at:
                come = (now - self._at) * self.rate if self._at > float("-inf") else 0.0
                self._tokens, self._at = min(float(self.burst), self._tokens + come), now
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True
