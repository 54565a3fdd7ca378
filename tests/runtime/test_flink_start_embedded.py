"""The function that starts applications of Flink, against the API of the embedded AWS: as it is deployed, and unchanged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Self

import pytest

from streaming_constructs.local.aws.embedded_aws import EmbeddedAws
from streaming_constructs.local.managed_flink.flink_runner import FlinkRunner
from streaming_constructs.runtime.flink_start import index
from tests.local.fake_flink import CLICKS, INSERT, PAGES, FakeFlink, jar_of

NAME = "clicks"


class Answered:
    """What takes the answer to CloudFormation."""

    status = 200

    def __init__(self) -> None:
        self.said: dict[str, Any] = {}

    def open(self, request: Any, timeout: float) -> Answered:
        self.said = json.loads(request.data)
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...


class Context:
    """A quarter of an hour."""

    def get_remaining_time_in_millis(self) -> int:
        return 900_000


@pytest.fixture
def flink() -> FakeFlink:
    return FakeFlink()


@pytest.fixture
def api(flink: FakeFlink) -> Iterator[Any]:
    with EmbeddedAws(job_runner=lambda aws: FlinkRunner(aws, flink.open)) as embedded:
        s3 = embedded.aws.client("s3")
        s3.create_bucket(Bucket="code")
        s3.put_object(Bucket="code", Key="app.jar", Body=jar_of(CLICKS, PAGES, INSERT))
        api = embedded.aws.client("kinesisanalyticsv2")
        location = {"BucketARN": "arn:aws:s3:::code", "FileKey": "app.jar"}
        code = {"CodeContentType": "ZIPFILE", "CodeContent": {"S3ContentLocation": location}}
        group = {"PropertyGroupId": index.GROUP, "PropertyMap": {index.FINGERPRINT: "one"}}
        api.create_application(
            ApplicationName=NAME,
            RuntimeEnvironment="FLINK-2_3",
            ServiceExecutionRole="arn:aws:iam::123456789012:role/flink",
            ApplicationConfiguration={
                "ApplicationCodeConfiguration": code,
                "EnvironmentProperties": {"PropertyGroups": [group]},
                "ApplicationSystemRollbackConfiguration": {"RollbackEnabled": True},
            },
        )
        yield api


def ask(api: Any, what: str, fingerprint: str = "one") -> dict[str, Any]:
    """Has the function do what CloudFormation asks for; gives what it answers."""
    event = {
        "RequestType": what,
        "ResponseURL": "https://cloudformation.invalid/",
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": "Start",
        "ResourceProperties": {
            "ApplicationName": NAME,
            "Fingerprint": fingerprint,
            "Restore": "latest_snapshot",
            "AllowNonRestoredState": "false",
            "Step": "1",
            "Steps": "1",
        },
    }
    answered = Answered()
    index.run(event, Context(), api, answered, lambda _: None)  # type: ignore[arg-type]
    return answered.said


def status(api: Any) -> str:
    return str(api.describe_application(ApplicationName=NAME)["ApplicationDetail"]["ApplicationStatus"])


def test_it_starts_what_is_ready_and_waits_until_it_runs(api: Any, flink: FakeFlink) -> None:
    assert ask(api, "Create")["Status"] == "SUCCESS"
    assert (status(api), len(flink.jobs)) == ("RUNNING", 1)


def test_it_leaves_what_runs_as_it_is(api: Any, flink: FakeFlink) -> None:
    ask(api, "Create")
    assert ask(api, "Update")["Status"] == "SUCCESS"
    assert len(flink.jobs) == 1


def test_it_restarts_what_stopped_with_its_snapshot(api: Any, flink: FakeFlink) -> None:
    ask(api, "Create")
    api.stop_application(ApplicationName=NAME)
    assert ask(api, "Update")["Status"] == "SUCCESS"
    assert flink.jobs[1].settings["restore"] is not None


def test_it_fails_with_flinks_words(api: Any, flink: FakeFlink) -> None:
    flink.refuses = "Object 'clicks' not found"
    said = ask(api, "Create")
    assert (said["Status"], "Object 'clicks' not found" in said["Reason"]) == ("FAILED", True)


def test_it_tells_of_an_update_that_was_taken_back(api: Any, flink: FakeFlink) -> None:
    ask(api, "Create")
    start, refusals = flink.start_job, ["State fits no operator"]

    def once_refused(*given: Any, **settings: Any) -> Any:
        flink.refuses = refusals.pop() if refusals else ""
        return start(*given, **settings)

    flink.start_job = once_refused  # type: ignore[method-assign]
    groups = [{"PropertyGroupId": index.GROUP, "PropertyMap": {index.FINGERPRINT: "two"}}]
    update = {"EnvironmentPropertyUpdates": {"PropertyGroups": groups}}
    api.update_application(ApplicationName=NAME, CurrentApplicationVersionId=1, ApplicationConfigurationUpdate=update)
    said = ask(api, "Update", "two")
    assert (said["Status"], "State fits no operator" in said["Reason"]) == ("FAILED", True)
    assert status(api) == "RUNNING"


def test_what_runs_is_deleted_without_being_stopped(api: Any) -> None:
    ask(api, "Create")
    assert (ask(api, "Delete")["Status"], status(api)) == ("SUCCESS", "RUNNING")
