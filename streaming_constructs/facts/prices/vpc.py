"""Prices of networks: NAT gateways, interface endpoints, and what goes from one place to another."""

from __future__ import annotations

from functools import partial

from streaming_constructs.facts.prices.price import Price, everywhere, listed

_VPC = "https://aws.amazon.com/vpc/pricing/"
_PRIVATE_LINK = "https://aws.amazon.com/privatelink/pricing/"
_TRANSFER = "https://aws.amazon.com/ec2/pricing/on-demand/"
_listed = partial(listed, _VPC, "2025-10-28", moves="nat")

NAT_HOUR = _listed("gateway-hour", 0.045, 0.045, 0.045, 0.048, 0.050, 0.052, 0.062)
"""A regional gateway counts once for each zone."""
NAT_DATA = _listed("GB", 0.045, 0.045, 0.045, 0.048, 0.050, 0.052, 0.062)
ENDPOINT_HOUR = listed(
    _PRIVATE_LINK, "2025-11-04", "AZ-hour", 0.01, 0.01, 0.01, 0.011, 0.011, 0.012, 0.014, moves="nat"
)
"""An interface endpoint, in each zone that it is in."""
ENDPOINT_DATA = everywhere(_PRIVATE_LINK, "2025-11-04", "GB", 0.010, 0.006, 0.004, edges=(1_048_576, 5_242_880))
BETWEEN_ZONES = (
    Price("GB", _TRANSFER)
    .also("us-east-1", 0.01, copied="2026-07")
    .also("us-east-2", 0.01, copied="2026-07")
    .also("eu-central-1", 0.01, copied="2026-07")
)
"""In each direction: a GB that is moved is charged on both sides."""
BETWEEN_REGIONS = (
    Price("GB", _TRANSFER)
    .also("us-east-1", 0.02, copied="2024-09-25")
    .also("ap-northeast-1", 0.09, copied="2024-09-25", confidence="medium")
)
"""By the region that it leaves; a cent between us-east-1 and us-east-2."""
