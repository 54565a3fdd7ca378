"""The alarms and graphs of an API.

The thresholds are those that AWS recommends.
Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
"""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts import metrics
from streaming_constructs.planning.alarm import SUSTAINED_MINUTES, AlarmPlan
from streaming_constructs.planning.dashboard import Graph

ERROR_SHARE = 0.05
"""Of all requests."""
SERVER_ERROR_MINUTES = 3
LATENCY_MILLISECONDS = 2500


def api_alarms(name: str) -> Iterator[AlarmPlan]:
    """The alarms of an API.

    Args:
        name: The producer's name.
    """
    yield AlarmPlan(
        name,
        "server_errors",
        metrics.API_SERVER_ERRORS,
        threshold=ERROR_SHARE,
        most=1,
        minutes=SERVER_ERROR_MINUTES,
        title=f"The API {name} fails: what it is sent is not put",
        action="see whether the stream or the delivery is there, and whether the API's role may write to it and use its key; "
        "check AWS Health",
        working=f"more than {ERROR_SHARE:.0%} of the requests, {SERVER_ERROR_MINUTES} min in a row",
    )
    yield AlarmPlan(
        name,
        "client_errors",
        metrics.API_CLIENT_ERRORS,
        threshold=ERROR_SHARE,
        most=1,
        minutes=SUSTAINED_MINUTES,
        title=f"The API {name} refuses requests",
        action="with 429, raise `throttle`, or give the stream more shards; with 400 or 413, a caller sends what the schema "
        "does not have, or too much; with 403, it signs wrongly, or has no permission or key",
        working=f"more than {ERROR_SHARE:.0%} of the requests, {SUSTAINED_MINUTES} min in a row",
    )
    yield AlarmPlan(
        name,
        "latency",
        metrics.API_LATENCY,
        statistic="p90",
        threshold=LATENCY_MILLISECONDS,
        minutes=SUSTAINED_MINUTES,
        title=f"The API {name} is slow",
        action="compare with its integration latency: what is slow is the stream or the delivery if that is as high, "
        "else the size of requests",
        working=f"one request in ten takes longer than {LATENCY_MILLISECONDS:,} ms, {SUSTAINED_MINUTES} min in a row",
    )


def api_graphs() -> tuple[Graph, ...]:
    """What comes in, what of it is refused, and how long it takes."""
    return (
        Graph("Requests per minute", (metrics.API_REQUESTS,)),
        Graph("Share of requests that failed", (metrics.API_CLIENT_ERRORS, metrics.API_SERVER_ERRORS)),
        Graph("Latency", (metrics.API_LATENCY, metrics.API_INTEGRATION_LATENCY)),
    )
