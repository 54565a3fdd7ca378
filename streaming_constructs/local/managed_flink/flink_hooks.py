"""moto's Kinesis Analytics V2, with our applications in the place of its own: its answers are those of a running service."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from moto.kinesisanalyticsv2.responses import KinesisAnalyticsV2Response

from streaming_constructs.local.aws.moto_hooks import replaced
from streaming_constructs.local.managed_flink.api_error import ApiError
from streaming_constructs.local.managed_flink.embedded_flink import EmbeddedFlink
from streaming_constructs.local.managed_flink.flink_api import answer

MOTO_HOOKS = (
    "moto.kinesisanalyticsv2.responses.KinesisAnalyticsV2Response",
    "moto.kinesisanalyticsv2.responses.KinesisAnalyticsV2Response.call_action",
    "moto.kinesisanalyticsv2.responses.KinesisAnalyticsV2Response._get_action",
)
"""What of moto's inside this module replaces or uses."""
_REFUSED = 400
_TYPE = "application/x-amz-json-1.1"


@contextmanager
def install_flink_hooks(flink: EmbeddedFlink, region: str, now: Callable[[], float]) -> Iterator[None]:
    """Installs the hooks until the end of a `with`.

    Args:
        flink: All applications.
        region: Their region.
        now: The time, in seconds since 1970.
    """

    def call_action(response: KinesisAnalyticsV2Response) -> tuple[int, dict[str, Any], str]:
        operation = response._get_action()  # noqa: SLF001 - how moto finds what is asked for
        status, body = 200, dict[str, Any]()
        try:
            body = answer(flink, region, now, operation, json.loads(response.body or "{}"))
        except ApiError as error:
            status, body = _REFUSED, {"__type": error.code, "message": error.message}
        except KeyError as error:
            status, body = _REFUSED, {"__type": "InvalidArgumentException", "message": f"{error} is missing"}
        headers = {**response.response_headers, "content-type": _TYPE}
        return status, headers, json.dumps(body)

    with replaced(KinesisAnalyticsV2Response, call_action=call_action):
        yield
