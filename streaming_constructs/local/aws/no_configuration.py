"""No AWS configuration of the shell: no profile, file or setting of it changes what a rehearsal does, or can break it.

Nor do settings of moto, in which the embedded AWS stands.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_OURS = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "S3_IGNORE_SUBDOMAIN_BUCKETNAME": "true",  # a host such as `localhost` names no bucket
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
}
_PREFIXES = ("AWS_", "MOTO_")
_OF_MOTO = {
    *("DEFAULT_CONTAINER_REGISTRY", "INITIAL_NO_AUTH_ACTION_COUNT", "S3_IGNORE_SUBDOMAIN_BUCKETNAME"),
    *("S3_UPLOAD_PART_MIN_SIZE", "SF_EXECUTION_HISTORY_TYPE", "TEST_PROXY_MODE", "TEST_SERVER_MODE"),
}
"""Settings of moto without its prefix. Source: https://docs.getmoto.org/en/latest/docs/configuration/environment_variables.html"""
_LOCK = threading.Lock()
_within = 0
_set_aside: dict[str, str] = {}


@contextmanager
def no_aws_configuration() -> Iterator[None]:
    """Sets the process's variables of AWS and of moto aside, and has the SDK find no file, until the end of a `with`.

    SDKs read many more than credentials, and fail over a value that they do not know. One `with` may stand in another, of any
    thread; the last to end puts back what was there.

    Source: https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html#EVarSettings
    """
    global _within, _set_aside  # noqa: PLW0603 - the environment is the process's
    with _LOCK:
        _within += 1
        if _within == 1:
            _set_aside = {
                name: value for name, value in os.environ.items() if name.startswith(_PREFIXES) or name in _OF_MOTO
            }
            for name in _set_aside:
                del os.environ[name]
            os.environ.update(_OURS)
    try:
        yield
    finally:
        with _LOCK:
            _within -= 1
            if _within == 0:
                for name in _OURS:
                    os.environ.pop(name, None)
                os.environ.update(_set_aside)
