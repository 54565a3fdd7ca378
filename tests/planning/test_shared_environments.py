"""What environments of one file share on AWS: existing streams, folders and tables."""

from __future__ import annotations

import json
from typing import Any

import pytest

from streaming_constructs.planning.plan_file import plan_document
from streaming_constructs.spec.document import Document
from streaming_constructs.spec.read import document_of

STREAM = "arn:aws:kinesis:eu-west-1:123456789012:stream/{}"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-AbCdEf"


def document(base: Any, environments: Any, **more: Any) -> Document:
    spec = {"name": "shop", "alarms": False, **base, "environments": environments, **more}
    return document_of(json.dumps(spec).encode(), "shop.yaml")


def said(environment: str, base: Any, environments: Any, **more: Any) -> list[tuple[str, str, str]]:
    _, findings = plan_document(document(base, environments, **more), environment)
    return [(one.code, one.message, one.dotted_path) for one in findings if one.level != "note"]


def adopted(name: str = "clicks") -> dict[str, Any]:
    return {"streams": {"clicks": {"kind": "kinesis", "arn": STREAM.format(name), "shards": 1}}}


def delivered(**to: Any) -> dict[str, Any]:
    return {"deliveries": {"lake": {"to": to}}}


def shared(path: str, who: str = "`dev` and `prod`") -> list[tuple[str, str, str]]:
    return [("GRF314", f"{who} share what exists", path)]


@pytest.mark.parametrize("environment", ["dev", "prod"])
@pytest.mark.parametrize(
    ("base", "path"),
    [
        (adopted(), "streams.clicks.arn"),
        (delivered(kind="s3", bucket="company"), "deliveries.lake.to.bucket"),
        (delivered(kind="s3", bucket="company", prefix="raw"), "deliveries.lake.to.prefix"),
        (
            delivered(kind="http", endpoint="https://example.com", backup={"bucket": "company"}),
            "deliveries.lake.to.backup.bucket",
        ),
        (
            delivered(
                kind="snowflake",
                account_url="shop.snowflakecomputing.com",
                secret_arn=SECRET,
                database="D",
                schema="S",
                table="T",
            ),
            "deliveries.lake.to.table",
        ),
        (
            delivered(
                kind="redshift",
                cluster="shop.abc.eu-west-1.redshift.amazonaws.com",
                database="d",
                table="t",
                secret_arn=SECRET,
            ),
            "deliveries.lake.to.table",
        ),
        (
            delivered(kind="opensearch", domain_arn="arn:aws:es:eu-west-1:123456789012:domain/search"),
            "deliveries.lake.to.domain_arn",
        ),
        (
            delivered(kind="iceberg", database="d", table="t", table_bucket="company"),
            "deliveries.lake.to.table",
        ),
    ],
)
def test_what_exists_is_of_one_environment(environment: str, base: Any, path: str) -> None:
    assert said(environment, base, {"dev": {}, "prod": {}}) == shared(path)


@pytest.mark.parametrize(
    ("base", "difference"),
    [
        (adopted(), adopted("clicks-dev")),
        (adopted(), {"streams": {"clicks": {"arn": None}}}),
        (delivered(kind="s3", bucket="company"), delivered(bucket="company-dev")),
        (delivered(kind="s3", bucket="company"), delivered(prefix="dev/lake")),
        (delivered(kind="s3"), {}),
        # A workgroup by its name is one of each account.
        (delivered(kind="redshift", workgroup="shop", database="d", table="t", secret_arn=SECRET), {}),
        (delivered(kind="http", endpoint="https://example.com"), {}),
    ],
)
def test_what_differs_is_shared_by_nobody(base: Any, difference: Any) -> None:
    assert said("prod", base, {"dev": difference, "prod": {}}) == []


def test_all_who_share_are_named_and_others_are_not() -> None:
    environments: Any = {"dev": adopted("clicks-dev"), "test": {}, "prod": {}, "stage": {}}
    assert said("test", adopted(), environments) == shared("streams.clicks.arn", "`prod`, `stage` and `test`")
    assert said("dev", adopted(), environments) == []


def test_of_many_who_share_some_are_named_and_counted() -> None:
    five: Any = {name: {} for name in "abcde"}
    assert said("e", adopted(), five) == shared("streams.clicks.arn", "`a`, `b`, `c`, `d` and `e`")
    assert said("e", adopted(), {**five, "f": {}}) == shared("streams.clicks.arn", "`a`, `b`, `c`, `d` and 2 more")


def test_it_is_acknowledged_like_any_warning() -> None:
    known = {"clicks.GRF314": "both read what the other team writes"}
    assert said("dev", adopted(), {"dev": {}, "prod": {}}, acknowledge=known) == []


def test_a_file_without_environments_shares_nothing() -> None:
    _, findings = plan_document(
        document_of(json.dumps({"name": "shop", "alarms": False, **adopted()}).encode(), "shop.yaml")
    )
    assert findings == []
