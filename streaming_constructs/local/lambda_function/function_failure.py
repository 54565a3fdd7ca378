"""A way in which a Lambda function failed, and whose failure that is: the handler's own, or that of what runs it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

Origin = Literal["load", "handler", "runtime", "response"]
"""Whose a failure of a function is.

`load`: its handler could not be loaded; `handler`: an exception of its own; `runtime`: it took too long, its process ended, or
what it returned is no JSON; `response`: what it returned means nothing to the service that invoked it.
"""

_PREFIX = re.compile(r"RequestId: \S+ Error: |Unable to import module '[^']*': |Error: ")
"""What Lambda writes before the reason itself."""


@dataclass(frozen=True, slots=True)
class FunctionFailure:
    """A way in which a function failed.

    Attributes:
        type: The class of the exception, or what Lambda calls the failure, such as `Sandbox.Timedout`.
        origin: Whose failure it is.
        message: What went wrong, the last time.
        count: How often.
        places: Where in its code, outermost first: `index.py:4 in handler: raise ValueError`.
        log: The last lines that the invocation wrote.
    """

    type: str
    origin: Origin
    message: str
    count: int = 1
    places: tuple[str, ...] = ()
    log: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """What went wrong, in one line, and without what Lambda writes before it."""
        return _PREFIX.sub("", self.message.partition("\n")[0], count=1)

    def after(self, count: int) -> FunctionFailure:
        """The same, as the last of several.

        Args:
            count: How many there were before it.
        """
        return replace(self, count=self.count + count)
