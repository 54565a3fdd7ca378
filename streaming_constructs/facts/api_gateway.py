"""Amazon API Gateway REST APIs with an integration of a service: limits and accepted values."""

from __future__ import annotations

from streaming_constructs.facts.fact import Fact

_GUIDE = "https://docs.aws.amazon.com/apigateway/latest/developerguide"
_ACCOUNT_QUOTAS = f"{_GUIDE}/limits.html"
_API_QUOTAS = f"{_GUIDE}/api-gateway-execution-service-limits-table.html"
_READ = "2026-11-28"

# All REST, HTTP and WebSocket APIs of an account share these in a region.
ACCOUNT_RATE = Fact(10_000, "requests/s per account and region", _ACCOUNT_QUOTAS, _READ)
"""It can be raised. Some regions begin with less: see `ACCOUNT_RATE_SMALL_REGIONS`."""
ACCOUNT_BURST = Fact(5000, "requests in the token bucket per account and region", _ACCOUNT_QUOTAS, _READ)
"""AWS sets it by the rate; it is nothing that one can ask for."""
ACCOUNT_RATE_SMALL_REGIONS = Fact(2500, "requests/s per account and region", _ACCOUNT_QUOTAS, _READ)
ACCOUNT_BURST_SMALL_REGIONS = Fact(1250, "requests in the token bucket", _ACCOUNT_QUOTAS, _READ)
SMALL_REGIONS = (
    *("af-south-1", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5"),
    *("ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1", "me-central-1"),
)
"""Regions in which an account begins with the lower rate and burst, by the page of `ACCOUNT_RATE`."""


def account_limits(region: str | None) -> tuple[float, int]:
    """Requests per second, and at once, of all APIs of a new account in a region.

    Args:
        region: The region; None where nothing says it.
    """
    if region in SMALL_REGIONS:
        return ACCOUNT_RATE_SMALL_REGIONS.value, int(ACCOUNT_BURST_SMALL_REGIONS.value)
    return ACCOUNT_RATE.value, int(ACCOUNT_BURST.value)


PAYLOAD_MIB = Fact(10, "MiB of one request or response", _API_QUOTAS, _READ)
FOREACH_ITERATIONS = Fact(1000, "rounds of a #foreach in a mapping template", _API_QUOTAS, _READ)
MODEL_KIB = Fact(400, "KiB of one model", _API_QUOTAS, _READ)
INTEGRATION_SECONDS = Fact(29, "seconds that a service may take to answer", _API_QUOTAS, _READ)
HTTP_INTEGRATION_SECONDS = Fact(
    30, "seconds that what is behind an HTTP API may take to answer", f"{_GUIDE}/http-api-quotas.html", "2026-11-29"
)

LOGS_ROLE_SOURCE = f"{_GUIDE}/set-up-logging.html"
"""Logs need a role that the account has once in a region, `AWS::ApiGateway::Account`; no stack of a system owns it."""
SECURITY_POLICY = "SecurityPolicy_TLS13_1_2_PQ_2025_09"
"""TLS 1.3 and 1.2 alone, of a regional API; a policy of this sort asks for `ENDPOINT_ACCESS_MODE` beside it.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html, read 2026-11-28
"""
ENDPOINT_ACCESS_MODE = "STRICT"
"""Requests have to come by the API's own name.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html, read 2026-11-28
"""
