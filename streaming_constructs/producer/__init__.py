"""A producer for Kinesis streams: batches, ordered keys, retries of what failed alone, and nothing lost on SIGTERM.

It needs boto3 alone, and `protobuf` where it aggregates; neither CDK nor the other rooms. A name is loaded when it is used.
"""

from __future__ import annotations

from typing import Any

from streaming_constructs.exports import export


def __getattr__(name: str) -> Any:
    return export(__name__, __file__, name)


def __dir__() -> list[str]:
    return list(export(__name__, __file__, "__all__"))
