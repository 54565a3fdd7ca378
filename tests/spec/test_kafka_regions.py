"""Regions in which not any three zones have brokers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from streaming_constructs.planning.plan_file import plan_document
from streaming_constructs.spec.read import document_of

VPC = {"vpc_id": "vpc-0123456789abcdef0", "subnet_ids": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]}
ARN = "arn:aws:kafka:us-west-1:111122223333:cluster/main/12345678-1234-1234-1234-123456789012-1"


@pytest.mark.parametrize(
    ("region", "cluster", "is_told"),
    [
        ("us-west-1", {"kind": "msk"}, True),
        ("us-east-1", {"kind": "msk_express"}, True),
        ("us-east-1", {"kind": "msk_serverless"}, True),
        ("eu-west-1", {"kind": "msk"}, False),
        (None, {"kind": "msk"}, False),
        ("us-west-1", {"kind": "msk", "vpc": VPC}, False),
        ("us-west-1", {"kind": "msk", "arn": ARN}, False),
    ],
)
def test_a_vpc_that_is_created_may_have_zones_without_brokers(
    region: Any, cluster: dict[str, Any], is_told: bool
) -> None:
    spec = {"name": "shop", "alarms": False, "clusters": {"main": cluster}, **({"region": region} if region else {})}
    _, findings = plan_document(document_of(json.dumps(spec).encode(), "shop.yaml"))
    told = [(one.level, one.dotted_path) for one in findings if one.code == "MSK479"]
    assert told == ([("warning", "clusters.main")] if is_told else [])
