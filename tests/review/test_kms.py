"""What changes of keys mean, and what is wrong with them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.access import codes, faults, messages, resource


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({}, {"Enabled": False}, {"REV630": "danger"}),
        ({"Enabled": "true"}, {"Enabled": "false"}, {"REV630": "danger"}),
        ({"Enabled": False}, {}, {"REV632": "fine"}),
        ({}, {"Enabled": True}, {}),
        ({}, {"Enabled": {"Ref": "Given"}}, {"REV631": "caution"}),
        ({"EnableKeyRotation": True}, {}, {"REV631": "caution"}),
        ({"EnableKeyRotation": True}, {"EnableKeyRotation": False}, {"REV631": "caution"}),
        ({}, {"EnableKeyRotation": True}, {"REV632": "fine"}),
        ({}, {"EnableKeyRotation": False}, {}),
        ({"RotationPeriodInDays": 90}, {}, {"REV631": "caution"}),
        ({}, {"RotationPeriodInDays": 90}, {"REV632": "fine"}),
        ({}, {"RotationPeriodInDays": 365}, {}),
        ({}, {"PendingWindowInDays": 7}, {"REV633": "caution"}),
        ({"PendingWindowInDays": 7}, {}, {"REV632": "fine"}),
        ({}, {"PendingWindowInDays": 30}, {}),
        ({"PendingWindowInDays": 7}, {"PendingWindowInDays": {"Ref": "Given"}}, {"REV633": "caution"}),
        ({}, {"MultiRegion": True}, {"REV634": "danger"}),
        ({}, {"KeySpec": "RSA_2048"}, {"REV634": "danger"}),
        ({}, {"BypassPolicyLockoutSafetyCheck": True}, {"REV636": "caution"}),
        ({"BypassPolicyLockoutSafetyCheck": True}, {}, {"REV632": "fine"}),
        ({}, {"Description": "clicks"}, {"REV118": "fine"}),
        ({}, {"Tags": [{"Key": "team", "Value": "web"}]}, {"REV117": "fine"}),
    ],
)
def test_what_a_key_says(before: dict[str, Any], after: dict[str, Any], found: dict[str, str]) -> None:
    assert codes({"Key": resource("KMS::Key", **before)}, {"Key": resource("KMS::Key", **after)}) == found


def test_a_window_is_told_before_and_after() -> None:
    old, new = ({"Key": resource("KMS::Key", **each)} for each in ({}, {"PendingWindowInDays": 7}))
    assert messages(old, new, "REV633") == ["Key: the deletion of the key can be taken back for 7 days; it was 30"]


def alias(name: str, target: Any = "key-1") -> dict[str, Any]:
    return resource("KMS::Alias", AliasName=f"alias/{name}", TargetKeyId=target)


def test_aliases() -> None:
    topic = {"Topic": resource("SNS::Topic")}
    old = {**topic, "Alias": alias("a")}
    assert codes(old, {**topic, "Alias": alias("a", "key-2")}) == {"REV635": "caution"}
    assert codes(old, {**topic, "Alias": alias("b")}) == {"REV637": "caution"}
    assert codes(old, {**topic, "Other": alias("a")}) == {"REV637": "caution"}
    assert codes(old, topic) == {"REV637": "caution"}
    assert codes(topic, old) == {"REV111": "fine"}


@pytest.mark.parametrize(
    ("properties", "found"),
    [
        ({}, ["AUD620 Key"]),
        ({"EnableKeyRotation": False}, ["AUD620 Key"]),
        ({"EnableKeyRotation": "true"}, []),
        ({"EnableKeyRotation": {"Ref": "Given"}}, []),
        ({"KeySpec": "RSA_2048"}, []),
        ({"Origin": "EXTERNAL"}, []),
        ({"KeyUsage": "GENERATE_VERIFY_MAC", "KeySpec": "HMAC_256"}, []),
        ({"EnableKeyRotation": True, "Enabled": "false"}, ["AUD621 Key"]),
    ],
)
def test_what_is_wrong_with_a_key(properties: dict[str, Any], found: list[str]) -> None:
    assert faults({"Key": resource("KMS::Key", **properties)}) == found
