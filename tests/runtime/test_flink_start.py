"""The function runs with the real client of Managed Flink against a server that answers as it does, on a clock of its own."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest

from streaming_constructs.runtime.flink_start import index

NAME = "Test-PerMinute"
NEW, OLD = "2" * 64, "1" * 64
NO_TABLE = "org.apache.flink.table.api.ValidationException: Table `clicks` was not found"


class ManagedFlink:
    """One application. What is on its way ends after `takes` seconds of the clock, which only waiting moves."""

    def __init__(self) -> None:
        self.now, self.takes, self.ends_at = 0.0, 120.0, 0.0
        self.status = "READY"
        self.next = ["RUNNING"]
        """What follows what is on its way, each once."""
        self.fingerprint: str | None = NEW
        self.snapshots: list[list[str]] = [[]]
        """The states of its snapshots, page by page."""
        self.operations: list[dict[str, Any]] = []
        self.errors: dict[str, str] = {}
        self.refusals: dict[str, list[str]] = {}
        """What requests are refused with, by operation, each once."""
        self.requests: list[tuple[str, Any]] = []
        self.responses: list[dict[str, Any]] = []
        self.url = ""

    def settle(self) -> None:
        if self.status in index.PASSING and self.now >= self.ends_at and self.next:
            self.go(self.next.pop(0))

    def go(self, status: str, then: list[str] | None = None) -> None:
        self.status, self.ends_at = status, self.now + self.takes
        if then is not None:
            self.next = then

    def answer(self, operation: str, body: Any) -> tuple[int, Any]:
        self.requests.append((operation, body))
        self.settle()
        assert body["ApplicationName"] == NAME
        if self.refusals.get(operation):
            return 400, {"__type": self.refusals[operation].pop(0), "message": f"{operation} is refused"}
        if self.status == "":
            return 400, {"__type": "ResourceNotFoundException", "message": "no such application"}
        said: dict[str, Any] = getattr(self, operation)(body)
        return 200, said

    def DescribeApplication(self, _body: Any) -> dict[str, Any]:  # noqa: N802 - as the API calls it
        groups = [{"PropertyGroupId": "sql.variables", "PropertyMap": {"fingerprint": "of the user"}}]
        if self.fingerprint is not None:
            groups.append({"PropertyGroupId": "streaming-constructs", "PropertyMap": {"fingerprint": self.fingerprint}})
        return {
            "ApplicationDetail": {
                "ApplicationARN": f"arn:aws:kinesisanalytics:eu-west-1:111122223333:application/{NAME}",
                "ApplicationName": NAME,
                "RuntimeEnvironment": "FLINK-2_3",
                "ApplicationStatus": self.status,
                "ApplicationVersionId": 3,
                "ApplicationConfigurationDescription": {
                    "EnvironmentPropertyDescriptions": {"PropertyGroupDescriptions": groups}
                },
            }
        }

    def ListApplicationSnapshots(self, body: Any) -> dict[str, Any]:  # noqa: N802
        number = int(body.get("NextToken", "0"))
        found = [
            {"SnapshotName": f"s{number}", "SnapshotStatus": status, "ApplicationVersionId": 2}
            for status in self.snapshots[number]
        ]
        more = {"NextToken": str(number + 1)} if number + 1 < len(self.snapshots) else {}
        return {"SnapshotSummaries": found, **more}

    def StartApplication(self, _body: Any) -> dict[str, Any]:  # noqa: N802
        self.go("STARTING")
        return {"OperationId": "started"}

    def StopApplication(self, body: Any) -> dict[str, Any]:  # noqa: N802
        self.go("FORCE_STOPPING" if body.get("Force") else "STOPPING", ["READY"])
        return {"OperationId": "stopped"}

    def ListApplicationOperations(self, _body: Any) -> dict[str, Any]:  # noqa: N802
        return {"ApplicationOperationInfoList": self.operations}

    def DescribeApplicationOperation(self, body: Any) -> dict[str, Any]:  # noqa: N802
        told = self.errors.get(body["OperationId"])
        failure = {"OperationFailureDetails": {"ErrorInfo": {"ErrorString": told}}} if told else {}
        return {
            "ApplicationOperationInfoDetails": {
                "Operation": "StartApplication",
                "StartTime": 1,
                "EndTime": 2,
                "OperationStatus": "FAILED",
                **failure,
            }
        }

    def asked(self, operation: str) -> list[Any]:
        return [body for name, body in self.requests if name == operation]


@pytest.fixture
def flink(monkeypatch: pytest.MonkeyPatch) -> Iterator[ManagedFlink]:
    application = ManagedFlink()

    class Handler(BaseHTTPRequestHandler):
        def respond(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path == "/answer":
                application.responses.append(json.loads(content))
                status, said = 200, {}
            else:
                operation = self.headers["X-Amz-Target"].removeprefix("KinesisAnalytics_20180523.")
                status, said = application.answer(operation, json.loads(content))
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PUT = respond  # noqa: N815 - as http.server names them

        def log_message(self, *_: Any) -> None:
            pass

    for name, value in {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}.items():
        monkeypatch.setenv(name, value)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    application.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield application
    server.shutdown()
    thread.join()
    server.server_close()


def call(flink: ManagedFlink, request: str, step: int = 2, seconds: float = 900, **changed: Any) -> dict[str, Any]:
    """One invocation, of a function that runs for so long at most; gives what CloudFormation was answered."""
    begun = flink.now

    class Context:
        def get_remaining_time_in_millis(self) -> int:
            return int((begun + seconds - flink.now) * 1000)

    def sleep(waited: float) -> None:
        flink.now += waited

    properties = {
        "ServiceToken": "token",
        "Task": "FlinkStart",
        "ApplicationName": NAME,
        "Fingerprint": NEW,
        "Restore": "latest_snapshot",
        "AllowNonRestoredState": "false",
        "Step": str(step),
        "Steps": "2",
    }
    event = {
        "RequestType": request,
        "ResponseURL": f"{flink.url}/answer",
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": "Wait",
        "ResourceProperties": properties | changed,
    }
    client = boto3.client("kinesisanalyticsv2", region_name="eu-west-1", endpoint_url=flink.url)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    index.run(event, Context(), client, opener, sleep)
    return flink.responses[-1]


# --- it starts what stands


def test_an_application_that_was_created_is_started_and_waited_for(flink: ManagedFlink) -> None:
    assert call(flink, "Create")["Status"] == "SUCCESS"
    assert flink.status == "RUNNING"
    assert [body["RunConfiguration"] for body in flink.asked("StartApplication")] == [
        {"ApplicationRestoreConfiguration": {"ApplicationRestoreType": "SKIP_RESTORE_FROM_SNAPSHOT"}}
    ]


def test_one_that_somebody_stopped_goes_on_from_its_latest_snapshot(flink: ManagedFlink) -> None:
    flink.snapshots = [["FAILED"], ["READY"]]
    assert call(flink, "Update", AllowNonRestoredState="true")["Status"] == "SUCCESS"
    assert [body["RunConfiguration"] for body in flink.asked("StartApplication")] == [
        {
            "ApplicationRestoreConfiguration": {"ApplicationRestoreType": "RESTORE_FROM_LATEST_SNAPSHOT"},
            "FlinkRunConfiguration": {"AllowNonRestoredState": True},
        }
    ]


def test_a_snapshot_that_is_not_done_is_none(flink: ManagedFlink) -> None:
    flink.snapshots = [["CREATING", "FAILED"]]
    assert call(flink, "Create")["Status"] == "SUCCESS"
    (body,) = flink.asked("StartApplication")
    assert body["RunConfiguration"]["ApplicationRestoreConfiguration"] == {
        "ApplicationRestoreType": "SKIP_RESTORE_FROM_SNAPSHOT"
    }


@pytest.mark.parametrize(
    ("restore", "configuration"),
    [
        ("nothing", {"ApplicationRestoreType": "SKIP_RESTORE_FROM_SNAPSHOT"}),
        ("before", {"ApplicationRestoreType": "RESTORE_FROM_CUSTOM_SNAPSHOT", "SnapshotName": "before"}),
    ],
)
def test_it_begins_with_what_the_spec_says(flink: ManagedFlink, restore: str, configuration: dict[str, str]) -> None:
    flink.snapshots = [["READY"]]
    assert call(flink, "Create", Restore=restore)["Status"] == "SUCCESS"
    (body,) = flink.asked("StartApplication")
    assert body["RunConfiguration"]["ApplicationRestoreConfiguration"] == configuration


def test_one_that_runs_as_it_was_deployed_is_left_alone(flink: ManagedFlink) -> None:
    flink.status = "RUNNING"
    assert call(flink, "Update")["Status"] == "SUCCESS"
    assert (flink.asked("StartApplication"), flink.now) == ([], 0)


def test_one_that_is_on_its_way_is_waited_for(flink: ManagedFlink) -> None:
    flink.go("UPDATING", ["RUNNING"])
    assert call(flink, "Update")["Status"] == "SUCCESS"
    assert flink.asked("StartApplication") == []


def test_what_came_in_between_is_waited_for(flink: ManagedFlink) -> None:
    flink.refusals = {"StartApplication": ["ResourceInUseException"]}
    assert call(flink, "Create")["Status"] == "SUCCESS"
    assert len(flink.asked("StartApplication")) == 2


def test_a_role_that_was_made_a_moment_ago_is_tried_again(flink: ManagedFlink) -> None:
    flink.refusals = {"DescribeApplication": ["AccessDeniedException"] * 3}
    assert call(flink, "Create")["Status"] == "SUCCESS"


def test_a_role_that_may_not_is_an_error(flink: ManagedFlink) -> None:
    flink.refusals = {"DescribeApplication": ["AccessDeniedException"] * 99}
    answer = call(flink, "Create")
    assert answer["Status"] == "FAILED"
    assert "AccessDeniedException" in answer["Reason"]


# --- it fails where something else runs, or nothing


def test_a_start_that_fails_is_told_in_the_words_of_flink(flink: ManagedFlink) -> None:
    flink.next, flink.errors = ["READY"], {"started": NO_TABLE}
    answer = call(flink, "Create")
    assert (answer["Status"], answer["Reason"]) == ("FAILED", f"{NAME} was started, and is READY: {NO_TABLE}")
    assert len(flink.asked("StartApplication")) == 1


def test_a_start_that_is_refused_is_told_as_well(flink: ManagedFlink) -> None:
    flink.refusals = {"StartApplication": ["InvalidApplicationConfigurationException"]}
    answer = call(flink, "Create")
    assert answer["Status"] == "FAILED"
    assert "StartApplication is refused" in answer["Reason"]


def test_an_update_that_was_taken_back_fails_although_it_runs(flink: ManagedFlink) -> None:
    flink.go("ROLLING_BACK", ["RUNNING"])
    flink.fingerprint = OLD
    flink.operations = [
        {"Operation": "UpdateApplication", "OperationId": "older", "StartTime": 1, "OperationStatus": "FAILED"},
        {"Operation": "UpdateApplication", "OperationId": "newer", "StartTime": 5, "OperationStatus": "FAILED"},
        {"Operation": "RollbackApplication", "OperationId": "back", "StartTime": 6, "OperationStatus": "SUCCESSFUL"},
    ]
    flink.errors = {"older": "of another day", "newer": "state of operator 7 fits nowhere"}
    answer = call(flink, "Update")
    assert (answer["Status"], answer["Reason"]) == (
        "FAILED",
        f"{NAME} was taken back to the version before, and is RUNNING: state of operator 7 fits nowhere",
    )


def test_what_was_taken_back_is_not_started(flink: ManagedFlink) -> None:
    flink.status, flink.fingerprint = "ROLLED_BACK", OLD
    assert call(flink, "Update")["Status"] == "FAILED"
    assert flink.asked("StartApplication") == []


def test_a_stack_that_is_rolled_back_finds_what_it_goes_back_to(flink: ManagedFlink) -> None:
    flink.status, flink.fingerprint = "RUNNING", OLD
    flink.operations = [
        {"Operation": "UpdateApplication", "OperationId": "failed", "StartTime": 5, "OperationStatus": "FAILED"}
    ]
    assert call(flink, "Update", Fingerprint=OLD)["Status"] == "SUCCESS"


def test_an_application_without_a_fingerprint_is_none_of_this_deployment(flink: ManagedFlink) -> None:
    flink.status, flink.fingerprint = "RUNNING", None
    assert call(flink, "Update")["Status"] == "FAILED"


def test_where_the_service_does_not_say_why_that_is_said(flink: ManagedFlink) -> None:
    flink.next = ["READY"]
    flink.refusals = {"DescribeApplicationOperation": ["UnsupportedOperationException"]}
    answer = call(flink, "Create")
    assert (
        answer["Reason"]
        == f"{NAME} was started, and is READY: the service does not say why (UnsupportedOperationException)"
    )


# --- what takes longer than a function runs


def test_what_takes_longer_than_a_function_runs_is_waited_for_by_the_next(flink: ManagedFlink) -> None:
    flink.takes = 1200
    assert call(flink, "Create", step=1)["Status"] == "SUCCESS"
    assert (flink.status, flink.now <= 900 - index.ANSWER_SECONDS) == ("STARTING", True)
    assert call(flink, "Create", step=2)["Status"] == "SUCCESS"
    assert flink.status == "RUNNING"
    assert len(flink.asked("StartApplication")) == 1


def test_the_last_one_says_so_when_it_does_not_run(flink: ManagedFlink) -> None:
    flink.takes = 10_000
    answer = call(flink, "Create")
    assert answer["Status"] == "FAILED"
    assert "still STARTING" in answer["Reason"]


# --- deletion


@pytest.mark.parametrize("status", ["READY", "RUNNING", "ROLLED_BACK", "DELETING", ""])
def test_what_cloudformation_deletes_itself_is_left_alone(flink: ManagedFlink, status: str) -> None:
    flink.status = status
    assert call(flink, "Delete", step=1)["Status"] == "SUCCESS"
    assert [operation for operation, _ in flink.requests] == ["DescribeApplication"]


def test_what_is_on_its_way_is_waited_for_before_it_is_deleted(flink: ManagedFlink) -> None:
    flink.go("AUTOSCALING", ["RUNNING"])
    assert call(flink, "Delete", step=1)["Status"] == "SUCCESS"
    assert (flink.status, flink.asked("StopApplication")) == ("RUNNING", [])


def test_what_hangs_is_stopped_by_force(flink: ManagedFlink) -> None:
    flink.go("UPDATING", [])
    assert call(flink, "Delete", step=2)["Status"] == "SUCCESS"
    assert flink.status == "READY"
    assert flink.asked("StopApplication") == [{"ApplicationName": NAME, "Force": True}]
    assert flink.now >= index.STUCK_SECONDS


def test_what_cannot_be_stopped_is_left_to_the_first_and_told_there(flink: ManagedFlink) -> None:
    flink.go("MAINTENANCE", [])
    flink.refusals = {"StopApplication": ["InvalidRequestException"] * 99}
    assert call(flink, "Delete", step=2)["Status"] == "SUCCESS"
    answer = call(flink, "Delete", step=1)
    assert answer["Status"] == "FAILED"
    assert "still MAINTENANCE" in answer["Reason"]


def test_a_name_that_is_none_is_refused(flink: ManagedFlink) -> None:
    answer = call(flink, "Create", ApplicationName="a b")
    assert answer["Reason"] == "ApplicationName: the name of an application is needed, seen 'a b'"
    assert flink.requests == []
