"""The handler of the API `live`, over tables that moto keeps: what is answered, and what a page from it may do."""

import base64
import hashlib
import importlib.util
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import boto3
import pytest
from moto import mock_aws

PATTERN = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 1, 15, 9, 45, 20, tzinfo=UTC)
KEYS = {"live_counts": (("page", "S"), ("minute", "S")), "top_pages": (("minute", "S"), ("place", "N"))}


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """Import the handler by its path, with the environment that its function would have, and tables that are empty."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    for name in KEYS:
        monkeypatch.setenv(f"{name.upper()}_TABLE_NAME", name)
    with mock_aws():
        for name, keys in KEYS.items():
            boto3.client("dynamodb").create_table(
                TableName=name,
                KeySchema=[
                    {"AttributeName": key, "KeyType": kind}
                    for (key, _), kind in zip(keys, ("HASH", "RANGE"), strict=True)
                ],
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": kind} for key, kind in keys],
                BillingMode="PAY_PER_REQUEST",
            )
        spec = importlib.util.spec_from_file_location("live_index", PATTERN / "handlers" / "live" / "index.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module


def count(page: str, time: datetime, views: int, *, seconds: int = 60) -> None:
    """Put what Flink counts in the minute of `time`, up to so many seconds of it."""
    minute = time.replace(second=0, microsecond=0)
    boto3.resource("dynamodb").Table("live_counts").put_item(
        Item={
            "page": page,
            "minute": f"{minute:%Y-%m-%dT%H:%M:%SZ}",
            "counted_until": f"{minute + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}",
            "views": views,
            "visitors": views // 2,
        }
    )


def rank(time: datetime, *pages: str) -> None:
    """Put the pages that were viewed most in the minute of `time`: the first 9 times, the next 8 times, and so on."""
    for place, page in enumerate(pages, 1):
        item = {"minute": f"{time:%Y-%m-%dT%H:%M:00Z}", "place": place, "page": page, "views": 10 - place}
        boto3.resource("dynamodb").Table("top_pages").put_item(Item=item)


def ask(live: ModuleType, path: str, **query: str) -> tuple[int, Any]:
    """Return status and body of the answer to a request."""
    answer = live.handler({"path": path, "queryStringParameters": query or None}, None)
    is_json = answer["headers"]["Content-Type"] == "application/json"
    return answer["statusCode"], json.loads(answer["body"]) if is_json else answer["body"]


# --- numbers


def test_nothing_was_counted_yet(live: ModuleType) -> None:
    assert live.numbers(NOW) == {
        "now": "2026-01-15T09:45:20+00:00",
        "page": "*",
        "counted_until": None,
        "minutes": [],
        "top": [],
    }


def test_minutes_of_all_pages_and_the_top_of_the_newest(live: ModuleType) -> None:
    count("*", NOW - timedelta(minutes=1), 40)
    count("*", NOW, 12, seconds=10)
    count("/cart", NOW, 12, seconds=10)
    rank(NOW - timedelta(minutes=1), "/before")
    rank(NOW, *[f"/{place}" for place in range(1, 11)])  # by number, not by text: 10 is behind 9
    numbers = live.numbers(NOW)
    assert numbers["minutes"] == [
        {"minute": "2026-01-15T09:44:00Z", "counted_until": "2026-01-15T09:45:00Z", "views": 40, "visitors": 20},
        {"minute": "2026-01-15T09:45:00Z", "counted_until": "2026-01-15T09:45:10Z", "views": 12, "visitors": 6},
    ]
    assert numbers["counted_until"] == "2026-01-15T09:45:10Z"
    assert numbers["top"] == [{"page": f"/{place}", "views": 10 - place} for place in range(1, 11)]


def test_minutes_are_thirty_with_the_one_that_is_not_over(live: ModuleType) -> None:
    for minutes in (0, 29, 30):
        count("*", NOW - timedelta(minutes=minutes), minutes)
    assert [one["views"] for one in live.numbers(NOW)["minutes"]] == [29, 0]


def test_one_page_has_minutes_of_its_own_beside_the_state_of_all(live: ModuleType) -> None:
    count("*", NOW, 12)
    count("/a?b=c&d", NOW - timedelta(minutes=2), 3)
    status, numbers = ask(live, "/numbers", page="/a?b=c&d")
    assert status == 200
    assert numbers["page"] == "/a?b=c&d"
    numbers = live.numbers(NOW, "/a?b=c&d")
    assert [one["views"] for one in numbers["minutes"]] == [3]
    assert numbers["counted_until"] == "2026-01-15T09:46:00Z"


# --- requests


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/", {}, 200),
        ("/numbers", {}, 200),
        ("/numbers", {"page": ""}, 200),
        ("/numbers", {"page": "/" + "ü" * 499}, 200),
        ("/numbers", {"page": "/" + "a" * 500}, 400),
        ("/admin", {}, 404),
    ],
)
def test_status(live: ModuleType, path: str, query: dict[str, str], status: int) -> None:
    assert ask(live, path, **query)[0] == status


def test_an_empty_page_is_all(live: ModuleType) -> None:
    assert ask(live, "/numbers", page="")[1]["page"] == "*"


# --- the page


def test_nothing_but_what_stands_in_the_page_may_run_in_it(live: ModuleType) -> None:
    answer = live.handler({"path": "/"}, None)
    policy = dict(one.strip().split(" ", 1) for one in answer["headers"]["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == "'self'"
    for directive, tag in (("script-src", "script"), ("style-src", "style")):
        (text,) = re.findall(rf"<{tag}[^>]*>(.*?)</{tag}>", answer["body"], re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert policy[directive] == f"'sha256-{digest}'"


def test_the_page_asks_no_other_host_and_writes_no_markup(live: ModuleType) -> None:
    page = ask(live, "/")[1]
    hosts = set(re.findall(r"https?://[^\"'/]+", page))
    assert hosts <= {"http://www.w3.org"}  # the name of SVG, which nobody opens
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\son\w+=\"|\sstyle=\"", page)


@pytest.mark.parametrize("path", ["/", "/numbers", "/elsewhere"])
def test_no_answer_is_kept_or_framed(live: ModuleType, path: str) -> None:
    headers = live.handler({"path": path, "queryStringParameters": None}, None)["headers"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
