"""What another version of a table does to its items: lost with another key, expired, or refused by DynamoDB."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.planning import plan
from streaming_constructs.planning.evolution import system_findings
from streaming_constructs.spec import PipelineSpec

ARN = "arn:aws:dynamodb:eu-west-1:111122223333:table/scores"


def said(before: dict[str, Any], after: dict[str, Any] | None, **more: Any) -> list[tuple[str, str, str]]:
    plans = []
    for fields in (before, after):
        table = {} if fields is None else {"scores": {"kind": "dynamodb", "partition_key": "id", **fields}}
        spec = {"name": "shop", "alarms": False, "stores": table, "streams": {"s": {"kind": "kinesis", "shards": 1}}}
        plans.append(plan(PipelineSpec.model_validate({**spec, **more})))
    return [(one.code, one.level, one.dotted_path) for one in system_findings(*plans)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {}, []),
        ({}, {"partition_key": "user_id"}, [("EVO973", "error", "stores.scores.partition_key")]),
        (
            {},
            {"partition_key": {"name": "id", "type": "number"}},
            [("EVO973", "error", "stores.scores.partition_key")],
        ),
        ({}, {"sort_key": "at"}, [("EVO973", "error", "stores.scores.sort_key")]),
        ({"sort_key": "at"}, {}, [("EVO973", "error", "stores.scores.sort_key")]),
        ({}, {"arn": ARN}, [("EVO973", "error", "stores.scores.arn")]),
        ({}, {"ttl": "expires_at"}, [("EVO975", "warning", "stores.scores.ttl")]),
        ({"ttl": "expires_at"}, {}, []),
        ({"ttl": "expires_at"}, {"ttl": "until"}, [("EVO971", "error", "stores.scores.ttl")]),
        (
            {"warm_write_units": 9000},
            {"warm_write_units": 8000},
            [("EVO971", "error", "stores.scores.warm_write_units")],
        ),
        ({"warm_write_units": 9000}, {"warm_write_units": 10_000}, []),
        ({"warm_write_units": 9000}, {}, []),
        ({}, {"billing": "provisioned", "read_capacity": 1, "write_capacity": 1}, []),
        ({}, {"encryption": "customer_managed", "table_class": "standard_infrequent_access"}, []),
        ({}, None, [("EVO974", "warning", "stores.scores")]),
    ],
)
def test_the_verdict_on_each_change(before: Any, after: Any, expected: Any) -> None:
    assert said(before, after) == expected


def test_a_table_that_is_destroyed_is_lost_with_its_items() -> None:
    assert said({}, None, removal_policy="destroy") == [("EVO974", "error", "stores.scores")]
