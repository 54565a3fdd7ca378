from __future__ import annotations

import fnmatch
import json
import logging
import re
import sys
import threading
import types
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from streaming_constructs.runtime.opensearch_setup import index

ROLE_ARN = "arn:aws:iam::111122223333:role/firehose"
MAPPINGS = {"properties": {"event_time": {"type": "date"}, "level": {"type": "keyword"}}}
TOKEN = "a-session-token-that-nobody-may-read-in-the-events-of-a-stack"

ROLE = "/_plugins/_security/api/roles/firehose_logs"
MAPPING = "/_plugins/_security/api/rolesmapping/firehose_logs"
POLICY = "/_plugins/_ism/policies/firehose_logs"
TEMPLATE = "/_index_template/firehose_logs"


class OpenSearch:
    """Keeps state and answers as OpenSearch 2.19 does; CloudFormation's response URL is another path of the server."""

    def __init__(self) -> None:
        self.stored: dict[str, dict[str, Any]] = {}
        self.versions: dict[str, int] = {}
        self.indices: dict[str, str | None] = {}  # and the policy that each has
        self.failures: list[tuple[int, str]] = []  # what the next requests are answered instead
        self.requests: list[tuple[str, str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.responses: list[dict[str, Any]] = []
        self.response_headers: dict[str, str] = {}
        self.response_bytes = 0
        self.response_status = 200
        self.before: Callable[[str, str], None] = lambda *_: None

    def answer(self, method: str, url: str, body: Any) -> tuple[int, Any]:
        path, query = urlsplit(url).path, parse_qs(urlsplit(url).query)
        self.requests.append((method, url, body))
        if self.failures:
            return self.failures.pop(0)
        self.before(method, path)
        if path.startswith("/_plugins/_ism/policies/"):
            return self.policy(method, path, query, body)
        if match := re.fullmatch("/_plugins/_ism/(add|change_policy|remove)/(.+)", path):
            return self.managed(match[1], match[2], body)
        if path.endswith("/all_access"):
            return 403, {"status": "FORBIDDEN", "message": "Resource 'all_access' is static."}
        if path.startswith("/_index_template/") and method == "PUT" and self.overlaps(path, body):
            return 400, {"error": "multiple index templates may not match during index creation"}
        return self.simple(method, path, body)

    def simple(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        known = path in self.stored
        if method == "PUT":
            self.stored[path] = body
            return (200 if known else 201), {"status": "OK" if known else "CREATED"}
        if not known:
            return 404, {"status": "NOT_FOUND"}
        return 200, (self.stored[path] if method == "GET" else self.stored.pop(path))

    def overlaps(self, path: str, body: Any) -> bool:
        kind = path.rsplit("/", 1)[0]
        others = [content for name, content in self.stored.items() if name.startswith(kind) and name != path]
        others = [other.get("policy", {}).get("ism_template", [other])[0] for other in others]
        mine = body.get("policy", {}).get("ism_template", [body])[0]
        return any(
            mine == {key: other[key] for key in ("index_patterns", "priority")} or mine == other for other in others
        )

    def policy(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, Any]:
        if method == "PUT":
            seen = [str(self.versions[path]), "1"] if path in self.stored else []
            if [*query.get("if_seq_no", []), *query.get("if_primary_term", [])] != seen:
                return 409, {"error": "version_conflict_engine_exception"}
            if self.overlaps(path, body):
                return 400, {"error": "please use a different priority"}
            self.versions[path] = self.versions.get(path, 6) + 1
        status, content = self.simple(method, path, body)
        if method == "GET" and status == 200:
            return 200, {"_id": "x", "_seq_no": self.versions[path], "_primary_term": 1, **content}
        return status, content

    def managed(self, verb: str, pattern: str, body: Any) -> tuple[int, Any]:
        found = fnmatch.filter(self.indices, pattern)
        if verb == "change_policy" and not found:
            return 400, {"error": "no documents to get"}
        failed = [name for name in found if (self.indices[name] is None) != (verb == "add")]
        for name in set(found) - set(failed):
            self.indices[name] = None if verb == "remove" else body["policy_id"]
        return 200, {"updated_indices": len(found) - len(failed), "failures": bool(failed), "failed_indices": failed}

    def paths(self, *methods: str) -> list[str]:
        return [f"{method} {url}" for method, url, _ in self.requests if method in methods]

    def put(self, path: str) -> Any:
        (body,) = [body for method, url, body in self.requests if method == "PUT" and url.split("?")[0] == path]
        return body


@pytest.fixture
def server() -> Iterator[tuple[OpenSearch, str]]:
    domain = OpenSearch()

    class Handler(BaseHTTPRequestHandler):
        def serve(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body: Any = json.loads(raw) if raw else None
            if self.path == "/cloudformation?signed":
                domain.responses.append(body)
                domain.response_headers, domain.response_bytes = dict(self.headers.items()), len(raw)
                status, content = domain.response_status, ""
            else:
                domain.headers.append(dict(self.headers))
                status, content = domain.answer(self.command, self.path, body)
            said = (content if isinstance(content, str) else json.dumps(content)).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_PUT = do_POST = do_DELETE = serve  # noqa: N815 - the names that http.server looks for

        def log_message(self, *args: Any) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield domain, f"127.0.0.1:{http.server_port}"
    http.shutdown()
    thread.join()
    http.server_close()


class Clock:
    """The invocation's time, which only waiting takes."""

    def __init__(self) -> None:
        self.seconds = 300.0
        self.waits: list[float] = []

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds * 1000)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.seconds -= seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(index, "time", types.SimpleNamespace(sleep=clock.sleep))
    return clock


class Stack:
    """Sends what CloudFormation sends, and returns what it is answered."""

    def __init__(self, domain: OpenSearch, host: str, clock: Clock) -> None:
        self.domain, self.host, self.clock = domain, host, clock
        opener = urllib.request.OpenerDirector()
        opener.add_handler(urllib.request.HTTPHandler())
        self.wire = index.Wire("http", opener, self.sign)

    def sign(self, method: str, url: str, body: bytes | None) -> dict[str, str]:
        size = len(body or b"")
        return {"Content-Type": "application/json", "X-Signed": f"{method} {url} {size}", "X-Token": TOKEN}

    def properties(self, **changed: Any) -> dict[str, Any]:
        properties = {
            "ServiceToken": "arn:aws:lambda:eu-west-1:111122223333:function:setup",
            "Endpoint": self.host,
            "Index": "logs",
            "Rotation": "daily",
            "RoleName": "firehose_logs",
            "BackendRoles": [ROLE_ARN],
            "RetentionDays": "7",
            "Mappings": json.dumps(MAPPINGS),
            "Shards": "2",
            "Replicas": "1",
        } | changed
        return {key: value for key, value in properties.items() if value is not None}

    def send(self, request: str, properties: dict[str, Any], **more: Any) -> dict[str, Any]:
        self.domain.requests.clear()
        event = {
            "RequestType": request,
            "ResponseURL": f"http://{self.domain_host}/cloudformation?signed",
            "StackId": "arn:aws:cloudformation:eu-west-1:111122223333:stack/logs/1",
            "RequestId": "request",
            "LogicalResourceId": "Setup",
            "ResourceProperties": properties,
        }
        index.run(event | more, self.clock, self.wire)
        return self.domain.responses[-1]

    domain_host = ""

    def create(self, **changed: Any) -> dict[str, Any]:
        return self.send("Create", self.properties(**changed))

    def update(self, old: dict[str, Any], **changed: Any) -> dict[str, Any]:
        made = f"{old['Endpoint']}/{old['RoleName']}"
        return self.send("Update", self.properties(**changed), OldResourceProperties=old, PhysicalResourceId=made)

    def delete(self, **changed: Any) -> dict[str, Any]:
        properties = self.properties(**changed)
        made = f"{properties['Endpoint']}/{properties['RoleName']}"
        return self.send("Delete", properties, PhysicalResourceId=made)


@pytest.fixture
def stack(server: tuple[OpenSearch, str], clock: Clock) -> Stack:
    stack = Stack(*server, clock)
    stack.domain_host = server[1]
    return stack


def test_a_created_setup_has_role_mapping_policy_and_template(stack: Stack) -> None:
    response = stack.create()
    domain = stack.domain
    assert domain.paths("GET", "PUT", "POST", "DELETE") == [
        f"PUT {ROLE}",
        f"PUT {MAPPING}",
        f"GET {POLICY}",
        f"PUT {POLICY}",
        "POST /_plugins/_ism/add/logs-2*",
        f"PUT {TEMPLATE}",
    ]
    assert domain.put(ROLE) == {
        "cluster_permissions": ["cluster_composite_ops", "cluster_monitor"],
        "index_permissions": [
            {
                "index_patterns": ["logs", "logs-*"],
                "allowed_actions": ["create_index", "crud", "indices_monitor", "indices:admin/mappings/get"],
            },
            {"index_patterns": ["*"], "allowed_actions": ["indices:monitor/settings/get", "indices:monitor/stats"]},
        ],
    }
    assert domain.put(MAPPING) == {"backend_roles": [ROLE_ARN]}
    assert domain.put(POLICY) == {
        "policy": {
            "description": "Deletes an index when its last document is 7 days old",
            "default_state": "kept",
            "states": [
                {
                    "name": "kept",
                    "actions": [],
                    "transitions": [{"state_name": "deleted", "conditions": {"min_index_age": "192h"}}],
                },
                {"name": "deleted", "actions": [{"delete": {}}], "transitions": []},
            ],
            "ism_template": [{"index_patterns": ["logs-2*"], "priority": 104}],
        }
    }
    assert domain.put(TEMPLATE) == {
        "index_patterns": ["logs-2*"],
        "priority": 104,
        "template": {"settings": {"number_of_shards": 2, "number_of_replicas": 1}, "mappings": MAPPINGS},
    }
    assert response == {
        "Status": "SUCCESS",
        "Reason": "Done",
        "PhysicalResourceId": f"{stack.host}/firehose_logs",
        "StackId": "arn:aws:cloudformation:eu-west-1:111122223333:stack/logs/1",
        "RequestId": "request",
        "LogicalResourceId": "Setup",
    }


def test_every_request_is_signed_as_it_is_sent(stack: Stack) -> None:
    stack.create()
    sizes = [header.get("Content-Length", "0") for header in stack.domain.headers]
    assert [header["X-Signed"] for header in stack.domain.headers] == [
        f"{method} http://{stack.host}{url} {size}"
        for (method, url, _), size in zip(stack.domain.requests, sizes, strict=True)
    ]
    assert {header["Content-Type"] for header in stack.domain.headers} == {"application/json"}


def test_cloudformation_is_answered_without_a_content_type(stack: Stack) -> None:
    stack.create()
    assert stack.domain.response_headers["Content-Type"] == ""


@pytest.mark.parametrize(
    ("rotation", "age"), [("hourly", "169h"), ("daily", "192h"), ("weekly", "336h"), ("monthly", "912h")]
)
def test_an_index_is_kept_until_its_last_document_is_old_enough(stack: Stack, rotation: str, age: str) -> None:
    stack.create(Rotation=rotation)
    states = stack.domain.put(POLICY)["policy"]["states"]
    assert states[0]["transitions"][0]["conditions"] == {"min_index_age": age}


@pytest.mark.parametrize("name", ["logs-2026-11-21-13", "logs-2026-11-21", "logs-2026-w47", "logs-2026-11"])
def test_retention_holds_for_every_name_that_firehose_gives(stack: Stack, name: str) -> None:
    stack.domain.indices = {name: None, "logs": None, "logs-audit-2026-11-21": None}
    stack.create()
    assert stack.domain.indices == {name: "firehose_logs", "logs": None, "logs-audit-2026-11-21": None}


def test_without_rotation_the_one_index_has_a_template_and_no_policy(stack: Stack) -> None:
    response = stack.create(Rotation="none", RetentionDays=None)
    assert response["Status"] == "SUCCESS"
    assert stack.domain.put(TEMPLATE)["index_patterns"] == ["logs"]
    assert POLICY not in stack.domain.stored


def test_the_same_request_twice_changes_nothing(stack: Stack) -> None:
    stack.create()
    before = dict(stack.domain.stored)
    assert stack.create()["Status"] == "SUCCESS"
    assert stack.domain.stored == before


def test_a_policy_is_replaced_by_naming_its_version(stack: Stack) -> None:
    stack.create()
    stack.update(stack.properties(), RetentionDays="30")
    assert f"PUT {POLICY}?if_seq_no=7&if_primary_term=1" in stack.domain.paths("PUT")
    states = stack.domain.stored[POLICY]["policy"]["states"]
    assert states[0]["transitions"][0]["conditions"] == {"min_index_age": "744h"}


def test_a_changed_policy_reaches_indices_that_have_a_copy_of_the_old(stack: Stack) -> None:
    stack.domain.indices = {"logs-2026-11-20": "firehose_logs", "logs-2026-11-21": None}
    stack.create()
    assert stack.domain.paths("POST") == [
        "POST /_plugins/_ism/add/logs-2*",
        "POST /_plugins/_ism/change_policy/logs-2*",
    ]
    assert stack.domain.indices["logs-2026-11-21"] == "firehose_logs"


def test_a_policy_that_changes_meanwhile_is_read_again(stack: Stack, clock: Clock) -> None:
    stack.create()

    def another(method: str, path: str) -> None:
        if (method, path) == ("PUT", POLICY):
            stack.domain.versions[POLICY] += 10
            stack.domain.before = lambda *_: None

    stack.domain.before = another
    assert stack.create()["Status"] == "SUCCESS"
    assert [url for url in stack.domain.paths("PUT") if POLICY in url] == [
        f"PUT {POLICY}?if_seq_no=7&if_primary_term=1",
        f"PUT {POLICY}?if_seq_no=17&if_primary_term=1",
    ]
    assert clock.waits == [2]


def test_retention_that_is_taken_out_lets_indices_go(stack: Stack) -> None:
    stack.create()
    stack.domain.indices = {"logs-2026-11-21": "firehose_logs"}
    assert stack.update(stack.properties(), RetentionDays=None)["Status"] == "SUCCESS"
    assert POLICY not in stack.domain.stored
    assert stack.domain.indices == {"logs-2026-11-21": None}


def test_a_new_name_takes_the_indices_over_and_the_delete_of_the_old_leaves_them(stack: Stack) -> None:
    stack.create()
    stack.domain.indices = {"logs-2026-11-21": "firehose_logs"}
    response = stack.update(stack.properties(), RoleName="writers")
    assert (response["Status"], response["PhysicalResourceId"]) == ("SUCCESS", f"{stack.host}/writers")
    assert {ROLE, MAPPING} < set(stack.domain.stored)  # Firehose writes until all is updated

    assert stack.delete()["Status"] == "SUCCESS"
    assert stack.domain.indices == {"logs-2026-11-21": "writers"}
    assert sorted(stack.domain.stored) == [
        "/_index_template/writers",
        "/_plugins/_ism/policies/writers",
        "/_plugins/_security/api/roles/writers",
        "/_plugins/_security/api/rolesmapping/writers",
    ]


def test_a_new_endpoint_is_a_new_resource_and_leaves_the_old_domain_to_its_delete(stack: Stack) -> None:
    response = stack.update(stack.properties(Endpoint="old.example.com", RoleName="old"))
    assert response["PhysicalResourceId"] == f"{stack.host}/firehose_logs"
    assert stack.domain.paths("DELETE") == []


def test_delete_takes_away_what_was_made_and_no_document(stack: Stack) -> None:
    stack.create()
    stack.domain.indices = {"logs-2026-11-21": "firehose_logs"}
    response = stack.delete()
    assert (response["Status"], response["PhysicalResourceId"]) == ("SUCCESS", f"{stack.host}/firehose_logs")
    assert stack.domain.stored == {}
    assert stack.domain.indices == {"logs-2026-11-21": None}
    assert stack.domain.paths("DELETE") == [
        f"DELETE {ROLE}",
        f"DELETE {MAPPING}",
        f"DELETE {POLICY}",
        f"DELETE {TEMPLATE}",
    ]


def test_delete_goes_by_the_id_of_what_was_made(stack: Stack) -> None:
    made = stack.create()["PhysicalResourceId"]
    stack.send("Delete", stack.properties(Endpoint="example.com", RoleName="other"), PhysicalResourceId=made)
    assert stack.domain.stored == {}


def test_delete_of_what_is_not_there_succeeds(stack: Stack, clock: Clock) -> None:
    assert stack.delete()["Status"] == "SUCCESS"
    assert clock.waits == []


def test_delete_succeeds_within_a_minute_when_the_domain_is_gone_and_says_so(
    stack: Stack, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        response = stack.delete(Endpoint="127.0.0.1:1")
    assert response["Status"] == "SUCCESS"
    assert sum(clock.waits) <= 60
    (first, *_) = caplog.messages
    assert first.startswith(f"Left behind: SetupError: DELETE {ROLE}: <urlopen error [Errno 111]")


def test_delete_goes_on_after_a_part_that_cannot_be_deleted(stack: Stack) -> None:
    stack.create()
    stack.domain.failures = [(400, "no")]
    assert stack.delete()["Status"] == "SUCCESS"
    assert sorted(stack.domain.stored) == [ROLE, MAPPING]


def test_delete_never_unmaps_a_role_of_opensearch_itself(stack: Stack) -> None:
    assert stack.create(RoleName="all_access")["Status"] == "FAILED"
    assert stack.delete(RoleName="all_access")["Status"] == "SUCCESS"
    assert not [url for url in stack.domain.paths("PUT", "DELETE") if "rolesmapping" in url]


def test_delete_of_a_create_that_never_began_does_nothing(stack: Stack) -> None:
    failed = stack.create(Shards="none")
    response = stack.send("Delete", stack.properties(Shards="none"), PhysicalResourceId=failed["PhysicalResourceId"])
    assert (response["Status"], response["PhysicalResourceId"]) == ("SUCCESS", "nothing-made")
    assert stack.domain.requests == []


def test_a_domain_that_is_not_ready_is_asked_again(stack: Stack, clock: Clock) -> None:
    stack.domain.failures = [(503, "OpenSearch Security not initialized."), (429, ""), (502, ""), (409, ""), (503, "")]
    assert stack.create()["Status"] == "SUCCESS"
    assert clock.waits == [2, 4, 8, 16, 20]


def test_a_role_that_is_refused_at_first_is_asked_again_and_not_for_ever(stack: Stack, clock: Clock) -> None:
    stack.domain.failures = [(403, "no permissions")] * 4
    assert stack.create()["Status"] == "SUCCESS"
    stack.domain.failures = [(403, "no permissions")] * 5
    response = stack.create()
    assert response["Status"] == "FAILED"
    assert response["Reason"] == f"PUT {ROLE}: 403 no permissions (attempt 5)"
    assert clock.waits == [2, 4, 8, 16] * 2


def test_time_that_runs_out_is_answered_with_the_last_problem(stack: Stack, clock: Clock) -> None:
    stack.domain.failures = [(503, "OpenSearch Security not initialized.")] * 99
    response = stack.create()
    assert response["Status"] == "FAILED"
    assert response["Reason"] == f"PUT {ROLE}: 503 OpenSearch Security not initialized. (attempt 17)"
    assert clock.seconds == 20 + 10  # what is kept for the answer, and less than one more wait


def test_a_domain_that_cannot_be_reached_fails_the_create(stack: Stack) -> None:
    response = stack.create(Endpoint="127.0.0.1:1")
    assert response["Status"] == "FAILED"
    assert response["Reason"].startswith(f"PUT {ROLE}: <urlopen error [Errno 111] Connection refused>")


def test_no_request_waits_longer_than_there_is_time(clock: Clock) -> None:
    timeouts: list[float] = []

    class Silent(urllib.request.OpenerDirector):
        def open(self, fullurl: Any, data: Any = None, timeout: float | None = None) -> Any:
            timeouts.append(timeout or 0)
            clock.seconds -= timeout or 0
            raise TimeoutError("timed out")

    clock.seconds = 60
    wire = index.Wire("https", Silent(), lambda *_: {})
    with pytest.raises(index.SetupError, match="timed out"):
        index.insist(index.Domain("example.com", wire, lambda: clock.seconds - 20), "GET", "/")
    assert timeouts == [10, 10, 10]


def test_a_refused_request_fails_at_once(stack: Stack, clock: Clock) -> None:
    stack.domain.failures = [(400, "unknown field")]
    assert stack.create()["Reason"] == f"PUT {ROLE}: 400 unknown field"
    assert clock.waits == []


def test_an_interface_that_is_not_there_fails(stack: Stack) -> None:
    stack.domain.failures = [(404, "no handler")]
    assert stack.create()["Reason"] == f"PUT {ROLE}: 404 no handler"


def test_a_reason_tells_no_secret(stack: Stack) -> None:
    stack.domain.failures = [(400, f"the canonical string was x-amz-security-token:{TOKEN};")]
    assert stack.create()["Reason"] == f"PUT {ROLE}: 400 the canonical string was x-amz-security-token:***;"


@pytest.mark.parametrize("said", ['"\\', "\u00e4\x00"])
def test_a_response_is_small_enough_for_cloudformation(stack: Stack, said: str) -> None:
    stack.domain.failures = [(400, said * 5000)]
    assert stack.create()["Reason"].startswith(f"PUT {ROLE}: 400 ")
    assert stack.domain.response_bytes < 4096


def test_an_unexpected_error_is_answered(stack: Stack) -> None:
    stack.domain.failures = [(200, "<html>")]
    response = stack.create()
    assert response["Status"] == "FAILED"
    assert response["Reason"] == "JSONDecodeError: Expecting value: line 1 column 1 (char 0)"


def test_a_response_that_is_not_taken_fails_the_invocation_so_that_lambda_repeats_it(stack: Stack) -> None:
    stack.domain.response_status = 403
    with pytest.raises(index.SetupError, match="CloudFormation answered 403"):
        stack.create()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"Endpoint": "https://example.com"}, "Endpoint: [a-z0-9.-]+(:[0-9]+)? is needed, seen 'https://example.com'"),
        ({"Endpoint": None}, "Endpoint: [a-z0-9.-]+(:[0-9]+)? is needed, seen ''"),
        ({"RoleName": "a/b"}, "RoleName: [A-Za-z0-9_-]+ is needed, seen 'a/b'"),
        ({"Index": "*"}, "Index: [a-z0-9][a-z0-9._-]* is needed, seen '*'"),
        ({"Index": "Logs"}, "Index: [a-z0-9][a-z0-9._-]* is needed, seen 'Logs'"),
        ({"Rotation": "year"}, "Rotation: none|hourly|daily|weekly|monthly is needed, seen 'year'"),
        ({"BackendRoles": []}, "BackendRoles: a list of IAM role ARNs is needed, seen []"),
        ({"BackendRoles": ROLE_ARN}, f"BackendRoles: a list of IAM role ARNs is needed, seen '{ROLE_ARN}'"),
        ({"RetentionDays": "0"}, "RetentionDays: [1-9][0-9]{0,4} is needed, seen '0'"),
        (
            {"Rotation": "none"},
            "RetentionDays: without rotation the policy would delete the index that is written to",
        ),
        ({"Mappings": "[1]"}, "Mappings: the text of a JSON object is needed: "),
        ({"Mappings": "{"}, "Mappings: the text of a JSON object is needed: "),
        ({"Shards": "0"}, "Shards: [1-9][0-9]{0,3} is needed, seen '0'"),
        ({"Replicas": None}, "Replicas: [0-9]{1,2} is needed, seen ''"),
    ],
)
def test_a_bad_property_is_answered_and_nothing_is_sent(stack: Stack, changed: dict[str, Any], reason: str) -> None:
    response = stack.create(**changed)
    assert (response["Status"], response["PhysicalResourceId"]) == ("FAILED", "nothing-made")
    assert response["Reason"].startswith(reason)
    assert stack.domain.requests == []


def test_an_update_with_a_bad_property_keeps_the_resource(stack: Stack) -> None:
    response = stack.update(stack.properties(), Index="*")
    assert (response["Status"], response["PhysicalResourceId"]) == ("FAILED", f"{stack.host}/firehose_logs")


def test_numbers_may_be_numbers(stack: Stack) -> None:
    stack.create(RetentionDays=7, Shards=3, Replicas=0)
    assert stack.domain.put(TEMPLATE)["template"]["settings"] == {"number_of_shards": 3, "number_of_replicas": 0}


def test_production_speaks_https_alone_and_signs_as_the_function(monkeypatch: pytest.MonkeyPatch) -> None:
    wires: list[index.Wire] = []
    monkeypatch.setattr(index, "run", lambda *given: wires.append(given[-1]))
    index.handler({}, None)
    (wire,) = wires
    assert (wire.scheme, wire.sign) == ("https", index.sign_as_function)
    with pytest.raises(urllib.error.URLError, match="unknown url type: http"):
        wire.opener.open("http://127.0.0.1:1/")


def test_the_signature_is_version_4_for_the_service_es(monkeypatch: pytest.MonkeyPatch) -> None:
    signed: list[tuple[Any, ...]] = []

    class AWSRequest:
        def __init__(self, method: str, url: str, data: bytes | None, headers: dict[str, str]) -> None:
            self.content, self.headers = (method, url, data), dict(headers)

    class SigV4Auth:
        def __init__(self, *scope: str) -> None:
            self.scope = scope

        def add_auth(self, request: AWSRequest) -> None:
            signed.append((*self.scope, *request.content, dict(request.headers)))
            request.headers["Authorization"] = "AWS4-HMAC-SHA256"

    parts = {
        "auth": types.SimpleNamespace(SigV4Auth=SigV4Auth),
        "awsrequest": types.SimpleNamespace(AWSRequest=AWSRequest),
    }
    monkeypatch.setitem(sys.modules, "botocore", types.ModuleType("botocore"))
    for name, content in parts.items():
        monkeypatch.setitem(sys.modules, f"botocore.{name}", content)
    monkeypatch.setattr(index, "credentials", lambda: "of the role")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")

    headers = index.sign_as_function("PUT", "https://example.com/a", b"{}")
    assert headers == {"Content-Type": "application/json", "Authorization": "AWS4-HMAC-SHA256"}
    content_type = {"Content-Type": "application/json"}
    assert signed == [("of the role", "es", "eu-west-1", "PUT", "https://example.com/a", b"{}", content_type)]


ADMIN_ARN = "arn:aws:iam::111122223333:role/admin"


class Sts:
    """The parts of botocore that assume a role, and what they were asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[Any] = []
        self.problem: Exception | None = None
        self.denied = type("ClientError", (Exception,), {})
        parts = {
            "session": types.SimpleNamespace(Session=lambda: self),
            "config": types.SimpleNamespace(Config=lambda **options: options),
            "exceptions": types.SimpleNamespace(
                BotoCoreError=type("BotoCoreError", (Exception,), {}), ClientError=self.denied
            ),
            "credentials": types.SimpleNamespace(Credentials=lambda *parts: parts),
        }
        monkeypatch.setitem(sys.modules, "botocore", types.ModuleType("botocore"))
        for name, content in parts.items():
            monkeypatch.setitem(sys.modules, f"botocore.{name}", content)
        monkeypatch.setenv("AWS_REGION", "eu-west-1")

    def get_credentials(self) -> str:
        return "the function's own"

    def create_client(self, service: str, **options: Any) -> Sts:
        self.asked.append((service, options))
        return self

    def assume_role(self, **request: Any) -> dict[str, Any]:
        self.asked.append(request)
        if self.problem:
            raise self.problem
        return {"Credentials": {"AccessKeyId": "key", "SecretAccessKey": "secret", "SessionToken": "token"}}


@pytest.fixture
def sts(monkeypatch: pytest.MonkeyPatch) -> Sts:
    return Sts(monkeypatch)


def test_without_an_administrator_role_the_function_signs_as_itself(sts: Sts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ADMIN_ROLE_ARN", raising=False)
    assert (index.credentials(), sts.asked) == ("the function's own", [])


def test_the_administrator_role_is_assumed_for_a_quarter_of_an_hour(sts: Sts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_ROLE_ARN", ADMIN_ARN)
    assert index.credentials() == ("key", "secret", "token")
    soon = {"connect_timeout": 5, "read_timeout": 5, "retries": {"total_max_attempts": 1}}
    assert sts.asked == [
        ("sts", {"region_name": "eu-west-1", "config": soon}),
        {"RoleArn": ADMIN_ARN, "RoleSessionName": "opensearch-setup", "DurationSeconds": 900},
    ]


def test_a_role_that_cannot_be_assumed_is_tried_again_and_then_named(
    stack: Stack, sts: Sts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADMIN_ROLE_ARN", ADMIN_ARN)
    sts.problem = sts.denied("AccessDenied")

    def sign(*_: Any) -> Any:
        return index.credentials()

    stack.wire = stack.wire._replace(sign=sign)
    response = stack.create()
    assert response["Status"] == "FAILED"
    assert response["Reason"] == f"{ADMIN_ARN} cannot be assumed: AccessDenied (attempt 5)"
    assert stack.clock.waits == [2, 4, 8, 16]
