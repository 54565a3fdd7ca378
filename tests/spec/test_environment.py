"""Environment variables of functions: names that are taken, what fits, and what should not stand in a spec."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from streaming_constructs.planning import plan
from streaming_constructs.spec import PipelineSpec
from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.read import read_as

Data = dict[str, Any]
TOPIC = "arn:aws:sns:eu-west-1:123456789012:alerts"


def system(environment: Data | None = None, to: list[str] | None = None, **top: Any) -> Data:
    consumer = {"kind": "lambda", "from": "clicks", "code": ".", "runtime": "java21", "on_failure": "s3"}
    consumer |= {"environment": environment or {}, "to": to or []}
    streams = {name: {"kind": "kinesis", "shards": 1} for name in ("clicks", *(top.pop("streams", ())))}
    return {"name": "shop", "streams": streams, "consumers": {"fraud": consumer}, "alarms": False, **top}


def errors(data: Data) -> list[tuple[str, str]]:
    reading = read_as(read_document(yaml.safe_dump(data, sort_keys=False), "p.yaml"))
    return [(finding.code, finding.dotted_path.removeprefix("consumers.fraud.")) for finding in reading.findings]


def warnings(data: Data) -> list[tuple[str, str, str]]:
    found = plan(PipelineSpec.model_validate(data)).findings
    return [(one.code, one.level, one.dotted_path) for one in found if one.code == "LAM530"]


@pytest.mark.parametrize(
    "name",
    [
        *(
            "AWS_REGION",
            "AWS_DEFAULT_REGION",
            "AWS_EXECUTION_ENV",
            "AWS_LAMBDA_FUNCTION_NAME",
            "AWS_LAMBDA_RUNTIME_API",
        ),
        *("AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
        *("LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR"),
    ],
)
def test_what_lambda_sets_itself_is_refused_in_every_function(name: str) -> None:
    assert errors(system({name: "x"})) == [("LAM519", f"environment.{name}")]
    transform = {"code": ".", "runtime": "java21", "environment": {name: "x"}}
    lake = {"lake": {"from": "clicks", "transform": transform, "to": {"kind": "s3", "format": "json"}}}
    assert errors(system(deliveries=lake)) == [("LAM519", f"deliveries.lake.transform.environment.{name}")]


@pytest.mark.parametrize("name", ["_HANDLER", "_X_AMZN_TRACE_ID"])
def test_what_lambda_sets_itself_under_a_name_that_no_function_has(name: str) -> None:
    assert errors(system({name: "x"})) == [("LNG206", f"environment.{name}")]


@pytest.mark.parametrize("name", ["AWS_LAMBDA_EXEC_WRAPPER", "RATES_REGION", "TZ"])
def test_other_names_are_free(name: str) -> None:
    assert errors(system({name: "x"})) == []


# --- variables that name what a function writes to


def test_two_targets_with_one_variable_are_told() -> None:
    streams = ("all-clicks", "all_clicks")
    assert errors(system(to=list(streams), streams=streams)) == [("LAM520", "to[1]")]


def test_a_stream_and_a_topic_have_variables_of_their_own() -> None:
    topics = {"all_clicks": {"kind": "sns"}}
    assert errors(system(to=["all-clicks", "all_clicks"], streams=["all-clicks"], sns_topics=topics)) == []


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ("B_STREAM_ARN", ["B_STREAM_ARN"]),
        ("ALERTS_TOPIC_ARN", ["ALERTS_TOPIC_ARN"]),
        ("LAKE_DELIVERY_STREAM_NAME", ["LAKE_DELIVERY_STREAM_NAME"]),
        *(("B_TOPIC_ARN", []), ("CLICKS_STREAM_ARN", []), ("b_stream_arn", [])),
    ],
)
def test_a_variable_of_your_own_is_not_overwritten_silently(variable: str, expected: list[str]) -> None:
    data = system(
        {variable: "mine"},
        ["b", "alerts", "lake"],
        streams=["b"],
        sns_topics={"alerts": {"kind": "sns"}},
        deliveries={"lake": {"from": "direct_put", "to": {"kind": "s3", "format": "json"}}},
    )
    assert errors(data) == [("LAM529", f"environment.{name}") for name in expected]


def test_variables_that_name_targets_count_for_the_size() -> None:
    told = f'"ALERTS_TOPIC_ARN":"{TOPIC}",'
    room = 4096 - len(f'{{{told}"TEXT":""}}')
    topics = {"alerts": {"kind": "sns", "topic_arn": TOPIC}}
    assert errors(system({"TEXT": "x" * room}, ["alerts"], sns_topics=topics)) == []
    assert errors(system({"TEXT": "x" * (room + 1)}, ["alerts"], sns_topics=topics)) == [("LAM503", "environment")]
    assert errors(system({"TEXT": "x" * (room + 1)}, sns_topics=topics)) == []


# --- secrets in plain text


@pytest.mark.parametrize(
    "name",
    [
        *(
            "DB_PASSWORD",
            "PASSWORD",
            "dbPassword",
            "STRIPE_API_KEY",
            "apiKey",
            "GITHUB_TOKEN",
            "CLIENT_SECRET",
            "PRIVATE_KEY",
        ),
        *(
            "DB_PWD",
            "SIGNING_SECRET_KEY",
            "SMTP_CREDENTIALS",
            "DB_PASSWD",
            "SSH_PASSPHRASE",
            "DB_CREDENTIAL",
            "SECRETS",
        ),
        *("HTTP_AUTHORIZATION", "BASIC_AUTH", "PROXY_BEARER", "LICENSE_KEY", "SHARED_KEY", "HEC_KEY", "APP_WRITE_KEY"),
    ],
)
def test_a_secret_in_plain_text_is_told(name: str) -> None:
    assert warnings(system({name: "correct-horse"})) == [("LAM530", "warning", f"consumers.fraud.environment.{name}")]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf"),
        ("DB_PASSWORD", "/shop/db/password"),
        ("DB_PASSWORD", "{{resolve:secretsmanager:db:SecretString:password}}"),
        ("DB_PASSWORD", ""),
        ("TOKEN_SECRET", "payments/token"),
        ("DB_PASSWORD_PARAMETER", "shop-db"),
        ("SECRET_NAME", "shop/db"),
        ("TOKEN_LIMIT", "100"),
        ("TOKENS", "100"),
        ("PARTITION_KEY", "user_id"),
        ("SECRETARY", "Ann"),
        ("USE_TOKEN", "true"),
        ("USE_AUTH", "ON"),
        ("API_VERSION", "2"),
    ],
)
def test_what_says_where_a_secret_is_stays_unsaid(name: str, value: str) -> None:
    assert warnings(system({name: value})) == []


@pytest.mark.parametrize("value", ["correct$horse", "correct/Horse", "see https://shop"])
def test_a_secret_may_have_what_paths_begin_with(value: str) -> None:
    assert warnings(system({"DB_PASSWORD": value})) == [
        ("LAM530", "warning", "consumers.fraud.environment.DB_PASSWORD")
    ]


@pytest.mark.parametrize(
    ("value", "is_told"),
    [
        ("Bearer abcdefgh1234", True),
        ("Bearer of news", False),
        ("AKIA" + "ABCDEFGH23456789", True),
        ("ASIA" + "ABCDEFGH23456789", True),
        ("AKIA" + "ABCDEFGH2345678", False),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", True),
        ("eyJhbGciOiJIUzI1NiJ9.json", False),
    ],
)
def test_a_value_may_tell_a_secret_by_its_form(value: str, is_told: bool) -> None:
    expected = [("LAM530", "warning", "consumers.fraud.environment.HEADER")] if is_told else []
    assert warnings(system({"HEADER": value})) == expected


def test_a_secret_of_a_transformation_is_told() -> None:
    transform = {"code": ".", "runtime": "java21", "environment": {"API_TOKEN": "abc"}}
    lake = {"lake": {"from": "clicks", "transform": transform, "to": {"kind": "s3", "format": "json"}}}
    assert warnings(system(deliveries=lake)) == [
        ("LAM530", "warning", "deliveries.lake.transform.environment.API_TOKEN")
    ]
