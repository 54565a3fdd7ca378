"""Words that people bring from DynamoDB's own API, CloudFormation, CDK and Terraform for a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from streaming_constructs.spec.word import Word, Words, first_of, gone, renamed

_BILLING = {
    "pay_per_request": "on_demand",
    "payperrequest": "on_demand",
    "ondemand": "on_demand",
    "on_demand": "on_demand",
    "provisioned": "provisioned",
}
_KEY_TYPES = {"hash": "partition_key", "range": "sort_key"}


def _billing(value: Any) -> Any:
    return _BILLING.get(str(value).lower().replace("-", "_"), value)


def _attribute(value: Any) -> Any:
    """The attribute that items expire by, where it is said with more around it."""
    named = first_of(value, "attribute_name", "AttributeName", "attribute", "name")
    return named if isinstance(named, str) else value


def _keys(value: Any, _: Any = None) -> Mapping[str, Any]:
    """Both keys where they are said in one list or mapping, as CloudFormation has it."""
    if isinstance(value, str):
        return {"partition_key": value}
    if isinstance(value, Mapping):
        named = {
            "partition_key": first_of(value, "partition_key", "partition", "hash", "pk"),
            "sort_key": first_of(value, "sort_key", "sort", "range", "sk"),
        }
        return {field: name for field, name in named.items() if name is not None}
    found = {}
    for item in value if isinstance(value, list) else ():
        if isinstance(item, Mapping):
            field = _KEY_TYPES.get(str(first_of(item, "KeyType", "key_type", "type")).lower())
            name = first_of(item, "AttributeName", "attribute_name", "name")
            if field is not None and name is not None:
                found[field] = name
    return found


def _encryption(value: Any) -> Any:
    return {"kms_key_arn": value}


TABLE_WORDS: Words = {
    **dict.fromkeys(("hash_key", "pk", "primary_key", "partitionkey"), renamed("partition_key")),
    **dict.fromkeys(("range_key", "sk", "sortkey"), renamed("sort_key")),
    **dict.fromkeys(("key_schema", "keys", "key"), Word(_keys, needs=("partition_key",))),
    "attribute_definitions": gone(
        "a key says its own type: `partition_key: {name: id, type: number}`", "partition_key"
    ),
    **dict.fromkeys(
        ("ttl_attribute", "time_to_live", "time_to_live_attribute", "time_to_live_specification", "expires"),
        renamed("ttl", _attribute),
    ),
    **dict.fromkeys(("billing_mode", "capacity_mode", "mode"), renamed("billing", _billing)),
    **dict.fromkeys(("rcu", "read_capacity_units", "read_units"), renamed("read_capacity")),
    **dict.fromkeys(("wcu", "write_capacity_units", "write_units"), renamed("write_capacity")),
    **dict.fromkeys(
        ("pitr", "point_in_time_recovery_enabled", "continuous_backups"), renamed("point_in_time_recovery")
    ),
    "deletion_protection_enabled": renamed("deletion_protection"),
    **dict.fromkeys(("stream_view_type", "streams"), renamed("stream", lambda value: str(value).lower())),
    "table_arn": renamed("arn"),
    **dict.fromkeys(
        ("kms_key_arn", "key_arn", "kms_key", "kms_key_id", "kms_master_key_id"),
        (renamed("encryption", _encryption), renamed("kms_key_arn")),
    ),
    "table_name": gone(
        "CloudFormation chooses the name; the outputs of the stack say what it is. Name a table that exists by `arn`",
        "partition_key",
    ),
}
