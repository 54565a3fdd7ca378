"""The page of a rehearsal from outside: who gets an answer, what each answer lets a browser do, and how often is asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from streaming_constructs.local.live_page.live_application import POLICY, LiveApplication
from streaming_constructs.local.live_page.live_drawing import DrawnArrow, DrawnNode, LiveDrawing
from streaming_constructs.local.live_page.live_rehearsal import RecentReports
from streaming_constructs.local.rehearsal_report import Report

TOKEN = "the-token"
AUTHORIZED = {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}
HOSTILE = "<script>alert(1)</script>"
DATA = ("/drawing", "/drawing.svg", "/snapshot", "/node", "/object")
ASSETS = ("/", "/live.js", "/panel.js", "/live.css", "/drawing.css")


class Fixed:
    """A rehearsal that stands still."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def drawing(self) -> LiveDrawing:
        return LiveDrawing(
            "<svg/>", (DrawnNode("streams.a", "a", "Kinesis stream", 0),), (DrawnArrow("b", "a", False, True),)
        )

    def snapshot(self) -> dict[str, Any]:
        return {"headline": HOSTILE}

    def node(self, path: str) -> list[dict[str, Any]]:
        if path == "streams.gone":
            raise RuntimeError(path)
        return [{"title": path}]

    def object_head(self, bucket: str, key: str) -> dict[str, Any]:
        self.asked.append((bucket, key))
        if bucket != "lake":
            raise LookupError(bucket)
        return {"text": HOSTILE, "more": False}


class Answer:
    """What came back."""

    def __init__(self, path: str, more: Mapping[str, str] | None = None, query: str = "", method: str = "GET") -> None:
        application = LiveApplication(Fixed(), TOKEN)
        application.port = 8000
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "localhost:8000"}
        self.body = b"".join(application({**environ, **(more or {})}, self._start))

    def _start(self, status: str, headers: list[tuple[str, str]]) -> None:
        self.status, self.headers = int(status[:3]), dict(headers)


@pytest.mark.parametrize("path", ASSETS)
def test_what_the_page_is_made_of_is_no_secret(path: str) -> None:
    answer = Answer(path)
    assert (answer.status, answer.headers["Content-Length"]) == (200, str(len(answer.body)))
    assert TOKEN.encode() not in answer.body


@pytest.mark.parametrize("path", DATA)
@pytest.mark.parametrize(
    "more", [{}, {"HTTP_AUTHORIZATION": "Bearer the-toke"}, {"HTTP_AUTHORIZATION": TOKEN}, {"HTTP_COOKIE": TOKEN}]
)
def test_data_takes_the_token(path: str, more: Mapping[str, str]) -> None:
    answer = Answer(path, more, f"path=a&bucket=lake&key=b&token={TOKEN}")
    assert answer.status == 403
    assert b"open the address that was printed" in answer.body


@pytest.mark.parametrize("path", [*DATA, *ASSETS])
@pytest.mark.parametrize(
    "more",
    [
        {"HTTP_HOST": "rebound.example:8000"},
        {"HTTP_HOST": "localhost:8001"},
        {"HTTP_HOST": ""},
        {"HTTP_ORIGIN": "https://elsewhere.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_ORIGIN": "http://localhost:3000"},
        {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_SEC_FETCH_MODE": "no-cors", "HTTP_SEC_FETCH_DEST": "script"},
        {"HTTP_SEC_FETCH_SITE": "same-site", "HTTP_SEC_FETCH_MODE": "cors", "HTTP_SEC_FETCH_DEST": "empty"},
        {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_SEC_FETCH_MODE": "navigate", "HTTP_SEC_FETCH_DEST": "iframe"},
    ],
)
def test_other_names_and_other_origins_get_nothing_with_the_token_or_without(
    path: str, more: Mapping[str, str]
) -> None:
    answer = Answer(path, {**AUTHORIZED, **more}, "path=a&bucket=lake&key=b")
    assert answer.status == 403
    assert not any(name.lower().startswith("access-control-") for name in answer.headers)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
@pytest.mark.parametrize("path", ["/", "/snapshot"])
def test_nothing_is_changed_by_the_page(method: str, path: str) -> None:
    answer = Answer(path, AUTHORIZED, method=method)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/../live_application.py", ""),
        ("/assets/live.js", ""),
        ("/%2e%2e/x", ""),
        ("//etc/passwd", ""),
        ("/node", ""),
        ("/object", "bucket=lake"),
        ("/object", "bucket=other&key=a"),
        ("/object", "bucket=lake&key=a&a=1&b=2&c=3"),
        ("/_rehearsal/status", ""),
        ("/favicon.ico", ""),
    ],
)
def test_there_is_nothing_else(path: str, query: str) -> None:
    assert Answer(path, AUTHORIZED, query).status == 404


@pytest.mark.parametrize(("path", "method"), [("/", "GET"), ("/snapshot", "GET"), ("/nothing", "GET"), ("/", "POST")])
def test_every_answer_forbids_what_the_page_does_not_need(path: str, method: str) -> None:
    headers = Answer(path, AUTHORIZED, method=method).headers
    assert headers["Content-Security-Policy"] == POLICY
    rules = dict(rule.split(" ", 1) for rule in POLICY.split("; "))
    assert (rules["default-src"], rules["script-src"], rules["connect-src"]) == ("'none'", "'self'", "'self'")
    assert (rules["frame-ancestors"], rules["require-trusted-types-for"]) == ("'none'", "'script'")
    assert "unsafe" not in POLICY
    told = (
        "X-Content-Type-Options",
        "X-Frame-Options",
        "Referrer-Policy",
        "Cross-Origin-Resource-Policy",
        "Cache-Control",
    )
    assert [headers[name] for name in told] == ["nosniff", "DENY", "no-referrer", "same-origin", "no-store"]
    assert "Set-Cookie" not in headers


def test_data_is_json_and_is_sent_once() -> None:
    answer = Answer("/snapshot", AUTHORIZED)
    assert (answer.headers["Content-Type"], json.loads(answer.body)) == ("application/json", {"headline": HOSTILE})
    again = Answer("/snapshot", {**AUTHORIZED, "HTTP_IF_NONE_MATCH": answer.headers["ETag"]})
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", answer.headers["ETag"])


def test_a_drawing_is_a_picture_and_says_which_line_is_whose() -> None:
    assert Answer("/drawing.svg", AUTHORIZED).headers["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert json.loads(Answer("/drawing", AUTHORIZED).body) == {
        "nodes": [{"path": "streams.a", "name": "a", "service": "Kinesis stream", "first_line": 0}],
        "arrows": [{"start": "b", "end": "a", "is_dead": False, "has_label": True}],
    }


def test_an_object_is_found_by_its_bucket_and_key() -> None:
    answer = Answer("/object", AUTHORIZED, "bucket=lake&key=a%2Fb%20c")
    assert json.loads(answer.body) == {"text": HOSTILE, "more": False}
    assert json.loads(Answer("/node", AUTHORIZED, "path=streams.a").body) == [{"title": "streams.a"}]


def test_what_is_gone_in_the_middle_is_told_the_next_time() -> None:
    assert Answer("/node", AUTHORIZED, "path=streams.gone").status == 503


def test_head_has_no_body() -> None:
    answer = Answer("/live.js", method="HEAD")
    assert (answer.status, answer.body, int(answer.headers["Content-Length"]) > 0) == (200, b"", True)


def test_however_many_look_a_report_takes_a_tenth_of_the_time() -> None:
    now = [0.0]
    made: list[float] = []

    def report() -> Report:
        made.append(now[0])
        now[0] += 1.0
        return Report(put=len(made))

    reports = RecentReports(report, lambda: now[0])
    seen = []
    for seconds in (0.0, 0.5, 8.0, 0.6):
        now[0] += seconds
        seen.append(reports.get().put)
    assert (made, seen) == ([0.0, 10.1], [1, 1, 1, 2])
