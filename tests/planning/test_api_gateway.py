"""An API in front of a stream: what a request may be, how many get through, and what is likely to go wrong."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft4Validator

from streaming_constructs import ApiGatewayProducerSpec, PipelineSpec, SpecError
from streaming_constructs.facts import api_gateway
from streaming_constructs.planning import plan
from streaming_constructs.planning.evolution import system_findings
from streaming_constructs.planning.producers.api_gateway import ApiGatewayProducerPlan
from streaming_constructs.spec.kept import State

SCHEMA = {
    "id": "string",
    "count": "int",
    "price": "decimal(10,2)",
    "tags": "array<string>",
    "at": {"type": "timestamp", "timestamp_format": "epoch_millis"},
    "name": {"type": "string", "json_key": "full-name"},
    "quoted": {"type": "string", "json_key": "it's"},
}
API = {"kind": "api_gateway", "to": "requests", "path": "/requests"}


def system(stream: dict[str, Any] | None = None, *, region: str | None = None, **api: Any) -> PipelineSpec:
    requests = {"kind": "kinesis", "schema": "request", "shards": 2, **(stream or {})}
    requests = {name: value for name, value in requests.items() if value is not None}
    return PipelineSpec.model_validate(
        {
            "name": "shop",
            "schemas": {"request": SCHEMA},
            "streams": {"requests": requests},
            "producers": {"api": {**API, **api}},
            **({"region": region} if region else {}),
        }
    )


def planned(stream: dict[str, Any] | None = None, **api: Any) -> ApiGatewayProducerPlan:
    made = plan(system(stream, **api)).sections["producers"]["api"]
    assert isinstance(made, ApiGatewayProducerPlan)
    return made


def found(stream: dict[str, Any] | None = None, **api: Any) -> list[tuple[str, str, str]]:
    return [(one.code, one.level, one.dotted_path) for one in planned(stream, **api).findings()]


def refused(model: dict[str, Any], body: Any) -> list[str]:
    Draft4Validator.check_schema(model)
    return sorted(str(error.validator) for error in Draft4Validator(model).iter_errors(body))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"id": "a"}, []),
        ({"id": "a", "count": None, "price": 1.5, "tags": ["x", None], "at": 1, "full-name": "B"}, []),
        ({}, ["required"]),
        ({"id": ""}, ["minLength"]),
        ({"id": None}, ["type"]),
        ({"id": "x" * 257}, ["maxLength"]),
        ({"id": "a", "count": "1"}, ["type"]),
        ({"id": "a", "count": 2**31}, ["maximum"]),
        ({"id": "a", "at": "2026-01-15"}, ["type"]),
        ({"id": "a", "tags": [1]}, ["type"]),
        ({"id": "a", "name": "B"}, ["additionalProperties"]),
        ([{"id": "a"}], ["type"]),
    ],
)
def test_a_record_is_what_its_schema_says_and_has_its_key(body: Any, why: list[str]) -> None:
    assert refused(planned(partition_key="id").record_model, body) == why


@pytest.mark.parametrize(
    ("count", "why"), [(0, ["minItems"]), (1, []), (500, []), (501, ["maxItems"])], ids=["none", "one", "most", "more"]
)
def test_a_batch_has_up_to_as_many_records_as_kinesis_takes(count: int, why: list[str]) -> None:
    model = planned(partition_key="id").batch_model
    assert refused(model, {"records": [{"id": str(number)} for number in range(count)]}) == why


def test_a_batch_has_records_that_are_right_and_nothing_else() -> None:
    model = planned(partition_key="id").batch_model
    assert refused(model, {"records": [{"id": "a"}, {}]}) == ["required"]
    assert refused(model, {"records": [{"id": "a"}], "more": 1}) == ["additionalProperties"]


def test_without_a_schema_the_key_alone_is_asked_for() -> None:
    model = planned({"schema": None}, partition_key="id").record_model
    assert refused(model, {"id": "a", "more": [1]}) == []
    assert refused(model, {"more": [1]}) == ["required"]


@pytest.mark.parametrize(
    ("stream", "own", "key", "is_text"),
    [
        ({}, None, None, None),
        ({"partition_key": "id"}, None, "id", True),
        ({"partition_key": "id"}, "count", "count", False),
        ({"partition_key": "name"}, None, "full-name", True),
        ({}, "at", "at", False),
    ],
)
def test_the_key_is_that_of_the_api_else_that_of_the_stream(
    stream: dict[str, Any], own: str | None, key: str | None, is_text: bool | None
) -> None:
    made = planned(stream, **({"partition_key": own} if own else {})).key
    assert (made.name if made else None, made.is_text if made else None) == (key, is_text)


@pytest.mark.parametrize(
    ("stream", "throttle", "rate", "burst"),
    [
        ({"shards": 2}, None, 2000, 2000),
        ({"shards": 50}, None, 10_000, 5000),
        ({"shards": None, "mode": "on_demand"}, None, None, None),
        ({"shards": 2}, {"rate": 200}, 200, 200),
        ({"shards": 2}, {"rate": 0.5}, 0.5, 1),
        ({"shards": 2}, {"rate": 200, "burst": 400}, 200, 400),
    ],
)
def test_as_many_requests_get_through_as_is_said_or_as_the_stream_takes(
    stream: dict[str, Any], throttle: Any, rate: float | None, burst: int | None
) -> None:
    made = planned(stream, **({"throttle": throttle} if throttle else {}))
    assert (made.rate, made.burst) == (rate, burst)


def busy(records: float, kb: float = 1) -> dict[str, Any]:
    return {"shards": None, "mode": "on_demand", "workload": {"records_per_second": records, "record_kb": kb}}


@pytest.mark.parametrize(
    ("stream", "api", "expected"),
    [
        ({}, {"partition_key": "ids"}, [("API881", "error", "producers.api.partition_key")]),
        ({"partition_key": "ids"}, {}, [("API881", "error", "producers.api.partition_key")]),
        ({}, {"partition_key": "tags"}, [("API882", "error", "producers.api.partition_key")]),
        ({}, {"partition_key": "quoted"}, [("API882", "error", "producers.api.partition_key")]),
        ({}, {"partition_key": "name"}, []),
        ({}, {"auth": "none"}, [("API883", "warning", "producers.api.auth")]),
        ({}, {"auth": "api_key"}, []),
        (busy(10), {"throttle": {"rate": 10}}, []),
        (busy(10), {"throttle": {"rate": 9}}, [("API885", "note", "producers.api.throttle.rate")]),
        (busy(10), {"throttle": {"rate": 0.02}}, [("API885", "note", "producers.api.throttle.rate")]),
        (busy(10), {"throttle": {"rate": 0.01}}, [("API885", "warning", "producers.api.throttle.rate")]),
        # Seven records of 1,000 KB in a request.
        (busy(10, 1000), {"throttle": {"rate": 1.43}}, [("API885", "note", "producers.api.throttle.rate")]),
        (busy(10, 1000), {"throttle": {"rate": 1.42}}, [("API885", "warning", "producers.api.throttle.rate")]),
        ({}, {"throttle": {"rate": 10_001}}, [("API886", "warning", "producers.api.throttle.rate")]),
        ({}, {"throttle": {"rate": 1, "burst": 5001}}, [("API886", "warning", "producers.api.throttle.burst")]),
        (
            {},
            {"throttle": {"rate": 2501}, "region": "eu-south-1"},
            [("API886", "warning", "producers.api.throttle.rate")],
        ),
        ({}, {"throttle": {"rate": 2501}, "region": "eu-west-1"}, []),
        ({"max_record_kb": 7681}, {}, [("API887", "warning", "producers.api.to")]),
        ({"max_record_kb": 7680}, {}, []),
        ({}, {"access_logs": True}, [("API888", "note", "producers.api.access_logs")]),
        (busy(100), {}, [("API889", "note", "producers.api")]),
    ],
)
def test_what_is_likely_to_go_wrong(stream: dict[str, Any], api: dict[str, Any], expected: Any) -> None:
    assert found(stream, **api) == expected


def test_a_workload_that_others_write_too_is_not_held_against_the_api() -> None:
    spec = system(busy(1000), throttle={"rate": 10})
    agent = {"kind": "fluent_bit", "to": "requests", "files": ["/var/log/a.log"]}
    data = spec.model_dump(by_alias=True, exclude_unset=True)
    data["producers"]["hosts"] = agent
    made = plan(PipelineSpec.model_validate(data)).sections["producers"]["api"]
    assert [one.code for one in made.findings()] == []


def test_a_path_that_ends_as_that_of_batches_is_refused() -> None:
    with pytest.raises(SpecError) as caught:
        ApiGatewayProducerSpec(to="requests", path="/requests/batch")
    assert [(one.code, one.dotted_path) for one in caught.value.findings] == [("API884", "path")]


@pytest.mark.parametrize("path", ["requests", "/", "/requests/", "/a b", "/{id}", "/a//b"])
def test_what_is_no_path_of_one_record(path: str) -> None:
    with pytest.raises(SpecError):
        ApiGatewayProducerSpec(to="requests", path=path)


def test_a_delivery_takes_requests_without_a_key() -> None:
    spec = PipelineSpec.model_validate(
        {
            "name": "shop",
            "schemas": {"request": SCHEMA},
            "deliveries": {"requests": {"schema": "request", "to": {"kind": "s3"}}},
            "producers": {"api": API},
        }
    )
    made = plan(spec).sections["producers"]["api"]
    assert isinstance(made, ApiGatewayProducerPlan)
    assert (made.key, made.rate, made.kind) == (None, None, "delivery")
    assert refused(made.record_model, {"count": "1"}) == ["type"]


@pytest.mark.parametrize(
    ("before", "after", "codes"),
    [
        ({}, {}, []),
        ({}, {"path": "/orders"}, ["EVO973"]),
        ({}, {"method": "PUT"}, ["EVO973"]),
        ({"auth": "iam"}, {"auth": "api_key"}, ["EVO973"]),
        ({"auth": "api_key"}, {"auth": "iam"}, ["EVO973"]),
        ({"auth": "iam"}, {"auth": "none"}, []),
        ({}, {"throttle": {"rate": 5}}, []),
        ({}, {"partition_key": "id"}, []),
    ],
)
def test_callers_that_are_shut_out_are_told(before: Any, after: Any, codes: list[str]) -> None:
    assert [one.code for one in system_findings(plan(system(**before)), plan(system(**after)))] == codes


def test_an_api_that_is_gone_is_told() -> None:
    spec = system()
    without = PipelineSpec.model_validate({**spec.model_dump(by_alias=True, exclude_unset=True), "producers": {}})
    assert [one.code for one in system_findings(plan(spec), plan(without))] == ["EVO974"]
    assert isinstance(planned().state(), State)


def test_alarms_are_shares_of_requests_and_latency_by_the_name_and_stage_of_the_api() -> None:
    alarms = {alarm.kind: alarm for alarm in planned().alarms()}
    shown = {
        kind: (alarm.metric.name, alarm.statistic or alarm.metric.statistic, alarm.threshold)
        for kind, alarm in alarms.items()
    }
    assert shown == {
        "server_errors": ("5XXError", "Average", 0.05),
        "client_errors": ("4XXError", "Average", 0.05),
        "latency": ("Latency", "p90", 2500),
    }
    assert {alarm.metric.dimensions for alarm in alarms.values()} == {("ApiName", "Stage")}


def test_a_request_has_room_for_as_many_records_as_a_loop_of_a_template_has_rounds() -> None:
    assert planned().most_records <= api_gateway.FOREACH_ITERATIONS.value


def test_where_an_account_begins_with_less_the_throttle_is_less() -> None:
    fast = {"shards": 5}
    assert (planned(fast).rate, planned(fast).burst) == (5000, 5000)
    small = planned(fast, region="eu-south-1")
    assert (small.rate, small.burst) == (2500, 1250)
    assert found(fast, region="eu-south-1") == found(fast)


def test_a_burst_that_is_not_said_is_no_more_than_the_account_has() -> None:
    throttle = {"rate": 2000}
    assert planned(throttle=throttle).burst == 2000
    assert planned(region="eu-south-1", throttle=throttle).burst == 1250


@pytest.mark.parametrize(
    "fields",
    [
        {"__proto__": "string"},
        {"p": {"type": "string", "json_key": "__proto__"}},
        {"p": "array<struct<a:map<string,struct<__proto__:int>>>>"},
    ],
)
def test_a_model_has_no_field_that_cdk_cannot_be_told_of(fields: dict[str, Any]) -> None:
    data = {
        "name": "shop",
        "schemas": {"request": {**SCHEMA, **fields}},
        "streams": {"requests": {"kind": "kinesis", "schema": "request", "shards": 2}},
        "producers": {"api": API},
    }
    found = plan(PipelineSpec.model_validate(data)).findings
    assert [one.code for one in found if one.level == "error"] == ["API890"]
