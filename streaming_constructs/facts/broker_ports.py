"""Amazon MSK: the ports on which brokers and ZooKeeper are reached."""

from __future__ import annotations

BROKER_PORTS = (9092, 9094, 9096, 9098, 9194, 9196, 9198, 2181, 2182)
"""Plain text, TLS, SASL/SCRAM and IAM, the last three from the internet too, and ZooKeeper's two.

Source: https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html, read 2026-11-29
"""
