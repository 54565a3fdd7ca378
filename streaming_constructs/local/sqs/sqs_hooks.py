"""moto's SQS on the time of the rehearsal: visibility timeouts, delays and ages of messages go by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from moto.sqs import models

from streaming_constructs.local.aws.moto_hooks import replaced

MOTO_HOOKS = (
    "moto.sqs.models.unix_time",
    "moto.sqs.models.unix_time_millis",
)
"""What of moto's inside this module replaces."""


@contextmanager
def install_sqs_hooks(now: Callable[[], float]) -> Iterator[None]:
    """Installs the hooks until the end of a `with`.

    Args:
        now: Tells the time.
    """
    with replaced(models, unix_time=now, unix_time_millis=lambda: now() * 1000):
        yield
