"""The alarms and graphs of an API with a function behind it.

The thresholds are those that AWS recommends.
Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html
"""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts import metrics
from streaming_constructs.planning.alarm import SUSTAINED_MINUTES, AlarmPlan
from streaming_constructs.planning.apis.lambda_function import LambdaApiPlan
from streaming_constructs.planning.dashboard import Graph

ERROR_SHARE = 0.05
"""Of all requests."""
SERVER_ERROR_MINUTES = 3
LATENCY_MILLISECONDS = 2500


def api_alarms(api: LambdaApiPlan) -> Iterator[AlarmPlan]:
    """The alarms of an API: none on requests that are refused, as every browser is before it asks for the password.

    Args:
        api: The API with its numbers.
    """
    name = api.name
    yield AlarmPlan(
        name,
        "server_errors",
        metrics.API_SERVER_ERRORS,
        threshold=ERROR_SHARE,
        most=1,
        minutes=SERVER_ERROR_MINUTES,
        title=f"The API {name} fails: who asks it gets no answer",
        action="read the log of its function; see whether the function is throttled, or takes longer than `timeout_seconds`, "
        "and whether the tables that it reads are there",
        working=f"more than {ERROR_SHARE:.0%} of the requests, {SERVER_ERROR_MINUTES} min in a row",
    )
    yield AlarmPlan(
        name,
        "latency",
        metrics.API_LATENCY,
        statistic="p90",
        threshold=LATENCY_MILLISECONDS,
        minutes=SUSTAINED_MINUTES,
        title=f"The API {name} is slow",
        action="compare with its integration latency; read less of the tables for an answer, or raise memory_mb",
        working=f"one request in ten takes longer than {LATENCY_MILLISECONDS:,} ms, {SUSTAINED_MINUTES} min in a row",
    )
    yield AlarmPlan(
        name,
        "throttles",
        metrics.FUNCTION_THROTTLES,
        threshold=0,
        minutes=SUSTAINED_MINUTES,
        title=f"The function of {name} is throttled, and requests are answered with errors",
        action="raise reserved_concurrency, or the account's limit on concurrent executions; or lower `throttle`",
        working=f"any throttled invocation, {SUSTAINED_MINUTES} min in a row",
    )


def api_graphs() -> tuple[Graph, ...]:
    """What is asked, what of it is refused or fails, and how long it takes."""
    return (
        Graph("Requests per minute", (metrics.API_REQUESTS,)),
        Graph("Share of requests that failed", (metrics.API_CLIENT_ERRORS, metrics.API_SERVER_ERRORS)),
        Graph("Latency", (metrics.API_LATENCY, metrics.API_INTEGRATION_LATENCY)),
        Graph(
            "Errors and throttles", (metrics.FUNCTION_INVOCATIONS, metrics.FUNCTION_ERRORS, metrics.FUNCTION_THROTTLES)
        ),
    )
