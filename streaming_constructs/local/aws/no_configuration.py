"""No AWS configuration of the shell: no profile, file or setting of it changes what a rehearsal does, or can break it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_FILES = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
_LOCK = threading.Lock()
_within = 0
_set_aside: dict[str, str] = {}


@contextmanager
def no_aws_configuration() -> Iterator[None]:
    """Sets the process's variables of AWS aside, and has the SDK find no file, until the end of a `with`.

    SDKs read many more than credentials, and fail over a value that they do not know. One `with` may stand in another, of any
    thread; the last to end puts back what was there.

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html#EVarSettings
    """
    global _within, _set_aside  # noqa: PLW0603 - the environment is the process's
    with _LOCK:
        _within += 1
        if _within == 1:
            _set_aside = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
            for name in _set_aside:
                del os.environ[name]
            os.environ.update(_FILES)
    try:
        yield
    finally:
        with _LOCK:
            _within -= 1
            if _within == 0:
                for name in _FILES:
                    os.environ.pop(name, None)
                os.environ.update(_set_aside)
