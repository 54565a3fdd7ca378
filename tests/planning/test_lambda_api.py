"""An API with a function behind it: how many requests it lets through, what is likely to go wrong, and what stays."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.planning import plan
from streaming_constructs.planning.apis.lambda_function import LambdaApiPlan, plan_api
from streaming_constructs.spec.apis.lambda_function import LambdaApiSpec
from streaming_constructs.spec.finding import SpecError
from streaming_constructs.spec.pipeline import PipelineSpec

TABLES = {"page_views": {"kind": "dynamodb", "schema": "view", "partition_key": "page"}}
VIEW = {"page": "string", "views": "bigint"}


def system(stores: Any = None, **more: Any) -> PipelineSpec:
    live = {"kind": "lambda", "from": ["page_views"], "code": "handlers/live", **more}
    return PipelineSpec(name="shop", schemas={"view": VIEW}, stores=stores or TABLES, apis={"live": live})


def planned(spec: PipelineSpec) -> LambdaApiPlan:
    made = plan(spec).sections["apis"]["live"]
    assert isinstance(made, LambdaApiPlan)
    return made


@pytest.mark.parametrize(
    ("throttle", "rate", "burst"),
    [
        (None, 50, 100),
        ({"rate": 2.5}, 2.5, 3),
        ({"rate": 0.1}, 0.1, 1),
        ({"rate": 9, "burst": 40}, 9, 40),
        ({"rate": 9_000}, 9_000, 5_000),
    ],
)
def test_how_many_requests_get_through(throttle: Any, rate: float, burst: int) -> None:
    made = planned(system(throttle=throttle))
    assert (made.rate, made.burst) == (rate, burst)


@pytest.mark.parametrize(
    ("throttle", "region", "places"),
    [
        ({"rate": 10_000, "burst": 5_000}, None, []),
        ({"rate": 10_001}, None, ["apis.live.throttle.rate"]),
        ({"rate": 2_501, "burst": 1_251}, "af-south-1", ["apis.live.throttle.rate", "apis.live.throttle.burst"]),
    ],
)
def test_a_throttle_above_the_quota_is_told(throttle: Any, region: str | None, places: list[str]) -> None:
    spec = system(throttle=throttle).model_copy(update={"region": region})
    found = [one for one in plan(spec).findings if one.code == "API886"]
    assert [one.dotted_path for one in found] == places


def test_a_burst_that_is_not_said_is_no_more_than_an_account_has_there() -> None:
    throttled = system(throttle={"rate": 2_000})
    assert planned(throttled).burst == 2_000
    assert planned(throttled.model_copy(update={"region": "af-south-1"})).burst == 1_250


def test_requests_that_are_refused_wake_nobody() -> None:
    # A browser is refused once before it asks for the password.
    assert {alarm.kind for alarm in planned(system()).alarms()} == {"server_errors", "latency", "throttles"}


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"auth": "none"}, ["apis.live.auth"]),
        ({"timeout_seconds": 30}, ["apis.live.timeout_seconds"]),
        ({"from": ["page_views", "page_views"]}, ["apis.live.from[1]"]),
        ({"environment": {"PAGE_VIEWS_TABLE_NAME": "x"}}, ["apis.live.environment.PAGE_VIEWS_TABLE_NAME"]),
        ({"from": ["others"]}, ["apis.live.from[0]"]),
        (
            {"code": None, "function_arn": "arn:aws:lambda:eu-west-1:123456789012:function:live"},
            ["apis.live.from"],
        ),
    ],
)
def test_what_an_api_cannot_be(more: Any, found: list[str]) -> None:
    with pytest.raises(SpecError) as caught:
        system(**more)
    assert [one.dotted_path for one in caught.value.findings] == found


def test_it_reads_tables_and_no_domains() -> None:
    with pytest.raises(SpecError) as caught:
        system({"page_views": {"kind": "opensearch"}})
    assert "GRF315" in [one.code for one in caught.value.findings]


def test_two_tables_that_would_have_one_variable_are_told_apart() -> None:
    stores = {"page_views": TABLES["page_views"], "page-views": TABLES["page_views"]}
    with pytest.raises(SpecError) as caught:
        system(stores, **{"from": ["page_views", "page-views"]})
    assert {one.code for one in caught.value.findings} == {"LAM520"}


def test_another_authorization_shuts_callers_out() -> None:
    def who_may_call(auth: Any) -> Any:
        state = plan_api("live", LambdaApiSpec(code="live", auth=auth)).state()
        assert state is not None
        return [one.value for one in state.kept]

    assert (who_may_call("iam"), who_may_call("basic")) == (["iam"], ["basic"])
