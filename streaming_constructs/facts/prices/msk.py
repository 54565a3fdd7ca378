"""Prices of Amazon MSK: brokers, Express, Serverless, Connect, Replicator, and private connectivity.

Each row has a price for each of `REGIONS`, in their order.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from streaming_constructs.facts.prices.price import Price, everywhere, listed

_PAGE = "https://aws.amazon.com/msk/pricing/"
_COPIED = "2025-10-09"
_broker = partial(listed, _PAGE, _COPIED, "broker-hour", moves="shard_hour")
_graviton = partial(listed, _PAGE, _COPIED, "broker-hour", moves="graviton")
_express = partial(listed, _PAGE, _COPIED, moves="express")
_serverless = partial(listed, _PAGE, _COPIED, moves="serverless")
_volume = partial(listed, _PAGE, _COPIED, moves="volume")
_listed = partial(listed, _PAGE, _COPIED, moves="shard_hour")

STANDARD_BROKER: Mapping[str, Price] = MappingProxyType(
    {
        "kafka.t3.small": _broker(0.0456, 0.0456, 0.0456, 0.0499, 0.0517, 0.0526, 0.0596),
        "kafka.m5.large": _broker(0.21, 0.21, 0.21, 0.234, 0.243, 0.252, 0.271),
        "kafka.m5.xlarge": _broker(0.42, 0.42, 0.42, 0.468, 0.486, 0.503, 0.543),
        "kafka.m5.2xlarge": _broker(0.84, 0.84, 0.84, 0.936, 0.971, 1.006, 1.085),
        "kafka.m5.4xlarge": _broker(1.68, 1.68, 1.68, 1.872, 1.943, 2.013, 2.17),
        "kafka.m5.8xlarge": _broker(3.36, 3.36, 3.36, 3.749, 3.889, 4.03, 4.34),
        "kafka.m5.12xlarge": _broker(5.04, 5.04, 5.04, 5.616, 5.828, 6.038, 6.51),
        "kafka.m5.16xlarge": _broker(6.73, 6.73, 6.73, 7.499, 7.779, 8.059, 8.69),
        "kafka.m5.24xlarge": _broker(10.08, 10.08, 10.08, 11.232, 11.655, 12.075, 13.02),
        "kafka.m7g.large": _graviton(0.204, 0.204, 0.204, 0.2275, 0.236, 0.2445, 0.2635),
        "kafka.m7g.xlarge": _graviton(0.408, 0.408, 0.408, 0.4548, 0.47175, 0.4888, 0.527),
        "kafka.m7g.2xlarge": _graviton(0.816, 0.816, 0.816, 0.9095, 0.9435, 0.9775, 1.054),
        "kafka.m7g.4xlarge": _graviton(1.632, 1.632, 1.632, 1.819, 1.88725, 1.9553, 2.108),
        "kafka.m7g.8xlarge": _graviton(3.264, 3.264, 3.264, 3.638, 3.7745, 3.9105, 4.216),
        "kafka.m7g.12xlarge": _graviton(4.896, 4.896, 4.896, 5.457, 5.6615, 5.8655, 6.324),
        "kafka.m7g.16xlarge": _graviton(6.528, 6.528, 6.528, 7.276, 7.54875, 7.8208, 8.432),
    }
)
"""A broker by its type."""
VOLUME = _volume("GB-month", 0.1, 0.1, 0.1, 0.11, 0.116, 0.119, 0.12)
"""Of the volume of each broker, whatever is on it."""
VOLUME_THROUGHPUT = _volume("MB/s-month", 0.08, 0.08, 0.08, 0.088, 0.0928, 0.0952, 0.096)
TIERED = _volume("GB-month", 0.06, 0.06, 0.06, 0.06, 0.0626, 0.0639, 0.0652)
TIERED_READ = _volume("GB", 0.0015, 0.0015, 0.0015, 0.0015, 0.0016, 0.0018, 0.0017)

_EXPRESS = {
    "express.m7g.large": _express("broker-hour", 0.408, 0.408, 0.476, 0.455, 0.472, 0.489, 0.527),
    "express.m7g.xlarge": _express("broker-hour", 0.816, 0.816, 0.952, 0.91, 0.944, 0.978, 1.054),
    "express.m7g.2xlarge": _express("broker-hour", 1.632, 1.632, 1.904, 1.82, 1.888, 1.956, 2.108),
    "express.m7g.4xlarge": _express("broker-hour", 3.264, 3.264, 3.808, 3.64, 3.776, 3.912, 4.216),
    "express.m7g.8xlarge": _express("broker-hour", 6.528, 6.528, 7.616, 7.28, 7.552, 7.824, 8.432),
    "express.m7g.12xlarge": _express("broker-hour", 9.792, 9.792, 11.424, 10.92, 11.328, 11.736, 12.648),
    "express.m7g.16xlarge": _express("broker-hour", 13.056, 13.056, 15.232, 14.56, 15.104, 15.648, 16.864),
}
EXPRESS_BROKER: Mapping[str, Price] = MappingProxyType(_EXPRESS)
"""A broker by its type. In us-west-2 they cost a sixth more than in us-east-1, though standard ones cost the same."""
EXPRESS_IN = _express("GB", 0.01, 0.01, 0.0117, 0.011, 0.0116, 0.015, 0.015)
EXPRESS_STORAGE = _volume("GB-month", 0.1, 0.1, 0.1, 0.11, 0.116, 0.119, 0.12)
"""Of what is stored, once: replicas are not charged."""

SERVERLESS_CLUSTER = _serverless("cluster-hour", 0.75, 0.75, 0.75, 0.8625, 0.87, 0.9, 0.9675)
SERVERLESS_PARTITION = _serverless("partition-hour", 0.0015, 0.0015, 0.0015, 0.001725, 0.0017, 0.0018, 0.0019)
SERVERLESS_IN = _serverless("GB", 0.1, 0.1, 0.1, 0.115, 0.116, 0.12, 0.129)
SERVERLESS_OUT = _serverless("GB", 0.05, 0.05, 0.05, 0.0575, 0.058, 0.06, 0.0645)
SERVERLESS_STORAGE = _serverless("GB-month", 0.1, 0.1, 0.1, 0.115, 0.116, 0.119, 0.12)

CONNECT_MCU = _listed("MCU-hour", 0.11, 0.11, 0.11, 0.123, 0.127, 0.132, 0.142)
REPLICATOR = _listed("replicator-hour", 0.3, 0.3, 0.3, 0.3, 0.39, 0.39, 0.41)
REPLICATOR_DATA = _listed("GB", 0.08, 0.08, 0.08, 0.08, 0.11, 0.1, 0.11)
PRIVATE_CONNECTIVITY = _listed("hour", 0.0225, 0.0225, 0.0225, 0.0252, 0.02646, 0.027, 0.0243)
"""For each way to log in of a cluster that clients reach from other VPCs."""
PRIVATE_CONNECTIVITY_DATA = everywhere(_PAGE, _COPIED, "GB", 0.006)
