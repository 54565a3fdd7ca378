"""What functions ask of the account's concurrency together, at its boundary."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.planning import plan
from streaming_constructs.spec import PipelineSpec
from streaming_constructs.spec.finding import Finding

FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:f"


def judged(shards: int, consumers: list[dict[str, Any]], transform: dict[str, Any] | None = None) -> list[Finding]:
    delivery = {"from": "clicks", "transform": transform, "to": {"kind": "s3", "format": "json"}}
    spec = {
        "name": "shop",
        "streams": {"clicks": {"kind": "kinesis", "shards": shards}},
        "consumers": {
            f"c{number}": {
                "kind": "lambda",
                "from": "clicks",
                "on_failure": "s3",
                **({"code": "x"} if "reserved_concurrency" in one else {"function_arn": f"{FUNCTION}{number}"}),
                **one,
            }
            for number, one in enumerate(consumers)
        },
        "deliveries": {"lake": delivery} if transform else {},
        "alarms": False,
    }
    return [one for one in plan(PipelineSpec.model_validate(spec)).findings if one.code in {"LAM516", "LAM528"}]


def said(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(one.code, one.dotted_path) for one in findings]


@pytest.mark.parametrize(("shards", "expected"), [(62, []), (63, [("LAM516", "consumers.c1")])])
def test_consumers_are_summed(shards: int, expected: list[Any]) -> None:
    # 6 + 10 batches of each shard: 992 and 1,008
    assert said(judged(shards, [{"parallelization_factor": 6}, {"parallelization_factor": 10}])) == expected


def test_the_note_says_the_sum() -> None:
    (finding,) = judged(63, [{"parallelization_factor": 6}, {"parallelization_factor": 10}])
    assert (
        "378 of c0 + 630 of c1 = 1,008 batches at once; an account starts with 1,000 for all its functions"
        in finding.note
    )


def test_what_is_too_much_by_itself_is_told_once() -> None:
    found = judged(101, [{"parallelization_factor": 10}, {"parallelization_factor": 10}])
    assert said(found) == [("LAM516", f"consumers.c{number}.parallelization_factor") for number in (0, 1)]


def test_two_that_each_ask_for_all_are_told_together() -> None:
    assert said(judged(100, [{"parallelization_factor": 10}] * 2)) == [("LAM516", "consumers.c0")]


@pytest.mark.parametrize(("reserved", "code"), [(900, "LAM516"), (901, "LAM528")])
def test_what_a_reservation_that_is_refused_leaves_is_not_told(reserved: int, code: str) -> None:
    found = judged(11, [{"parallelization_factor": 10}, {"reserved_concurrency": reserved}])
    assert [one.code for one in found] == [code]


def test_what_is_reserved_is_left_to_nobody_else() -> None:
    beside = [{"parallelization_factor": 10}, {"reserved_concurrency": 500, "parallelization_factor": 10}]
    assert said(judged(50, beside)) == []
    (finding,) = judged(51, [beside[0], {**beside[1], "reserved_concurrency": 510}])
    assert (
        "510 of c0 batches at once; an account starts with 1,000, of which 510 are reserved and 490 left"
        in finding.note
    )


@pytest.mark.parametrize(("second", "expected"), [(450, []), (451, [("LAM528", "consumers.c1.reserved_concurrency")])])
def test_reservations_are_summed(second: int, expected: list[Any]) -> None:
    found = judged(1, [{"reserved_concurrency": 450}, {"reserved_concurrency": second}])
    assert said(found) == expected


def test_transformations_count_too() -> None:
    transform = {"function_arn": FUNCTION}
    # Firehose hands over up to 5 batches of each shard.
    one = [{"parallelization_factor": 10}]
    assert said(judged(66, one, transform)) == []
    assert said(judged(67, one, transform)) == [("LAM516", "consumers.c0")]
    reserved = judged(1, [{"reserved_concurrency": 600}], {"code": "x", "reserved_concurrency": 400})
    assert said(reserved) == [("LAM528", "consumers.c0.reserved_concurrency")]
