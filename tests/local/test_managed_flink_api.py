"""The API of Managed Flink in the embedded AWS, by boto3: statuses, versions, snapshots, operations and what is refused."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from streaming_constructs.local.aws.embedded_aws import EmbeddedAws
from streaming_constructs.local.managed_flink.flink_runner import FlinkRunner
from tests.local.fake_flink import CLICKS, INSERT, PAGES, FakeFlink, jar_of

ROLE = "arn:aws:iam::123456789012:role/flink"
ARN = "arn:aws:kinesis:us-east-1:123456789012:stream/"


@pytest.fixture
def flink() -> FakeFlink:
    return FakeFlink()


@pytest.fixture
def aws(flink: FakeFlink) -> Iterator[EmbeddedAws]:
    with EmbeddedAws(job_runner=lambda aws: FlinkRunner(aws, flink.open)) as embedded:
        s3 = embedded.aws.client("s3")
        s3.create_bucket(Bucket="code")
        s3.put_object(Bucket="code", Key="app.jar", Body=jar_of(CLICKS, PAGES, INSERT))
        yield embedded


@pytest.fixture
def api(aws: EmbeddedAws) -> Any:
    return aws.aws.client("kinesisanalyticsv2")


def configuration(**more: Any) -> dict[str, Any]:
    location = {"BucketARN": "arn:aws:s3:::code", "FileKey": "app.jar"}
    variables = {"clicks_arn": f"{ARN}clicks", "pages_arn": f"{ARN}pages"}
    return {
        "ApplicationCodeConfiguration": {
            "CodeContentType": "ZIPFILE",
            "CodeContent": {"S3ContentLocation": location},
        },
        "EnvironmentProperties": {"PropertyGroups": [{"PropertyGroupId": "sql.variables", "PropertyMap": variables}]},
        **more,
    }


def created(api: Any, **more: Any) -> str:
    name = f"app-{uuid4().hex[:8]}"
    api.create_application(
        ApplicationName=name,
        RuntimeEnvironment="FLINK-2_3",
        ServiceExecutionRole=ROLE,
        ApplicationConfiguration=configuration(**more),
    )
    return name


def detail(api: Any, name: str) -> dict[str, Any]:
    told: dict[str, Any] = api.describe_application(ApplicationName=name)["ApplicationDetail"]
    return told


def status(api: Any, name: str) -> str:
    return str(detail(api, name)["ApplicationStatus"])


def settled(api: Any, name: str) -> str:
    until = time.monotonic() + 30
    while (seen := status(api, name)) not in ("READY", "RUNNING"):
        assert time.monotonic() < until, seen
        time.sleep(0.01)
    return seen


def started(api: Any, **more: Any) -> str:
    name = created(api, **more)
    api.start_application(ApplicationName=name)
    assert settled(api, name) == "RUNNING"
    return name


def operation(api: Any, name: str, id_: str) -> dict[str, Any]:
    told = api.describe_application_operation(ApplicationName=name, OperationId=id_)
    found: dict[str, Any] = told["ApplicationOperationInfoDetails"]
    return found


def refused(call: Any, **values: Any) -> str:
    with pytest.raises(ClientError) as raised:
        call(**values)
    return str(raised.value.response["Error"]["Code"])


def test_an_application_is_ready_until_somebody_starts_it(api: Any, flink: FakeFlink) -> None:
    name = created(api)
    assert (status(api, name), flink.jobs) == ("READY", [])


def test_a_start_is_answered_before_the_job_runs(api: Any, flink: FakeFlink) -> None:
    name = created(api)
    flink.gate.clear()
    id_ = api.start_application(ApplicationName=name)["OperationId"]
    assert (status(api, name), operation(api, name, id_)["OperationStatus"]) == ("STARTING", "IN_PROGRESS")
    flink.gate.set()
    assert settled(api, name) == "RUNNING"
    assert operation(api, name, id_)["OperationStatus"] == "SUCCESSFUL"


def test_the_job_gets_the_variables_and_the_parallelism(api: Any, flink: FakeFlink) -> None:
    parallel = {"ConfigurationType": "CUSTOM", "Parallelism": 3}
    started(api, FlinkApplicationConfiguration={"ParallelismConfiguration": parallel})
    assert flink.jobs[0].variables["clicks_arn"] == f"{ARN}clicks"
    assert flink.jobs[0].settings["parallelism"] == 3


def test_a_job_that_flink_refuses_leaves_the_application_ready_with_its_words(api: Any, flink: FakeFlink) -> None:
    name, flink.refuses = created(api), "Object 'clicks' not found"
    id_ = api.start_application(ApplicationName=name)["OperationId"]
    assert settled(api, name) == "READY"
    told = operation(api, name, id_)
    assert told["OperationStatus"] == "FAILED"
    assert told["OperationFailureDetails"]["ErrorInfo"]["ErrorString"] == "Object 'clicks' not found"


def test_code_that_is_not_there_fails_the_start(api: Any) -> None:
    content = {"S3ContentLocation": {"BucketARN": "arn:aws:s3:::code", "FileKey": "none.jar"}}
    name = created(api, ApplicationCodeConfiguration={"CodeContentType": "ZIPFILE", "CodeContent": content})
    id_ = api.start_application(ApplicationName=name)["OperationId"]
    assert settled(api, name) == "READY"
    assert "s3://code/none.jar" in operation(api, name, id_)["OperationFailureDetails"]["ErrorInfo"]["ErrorString"]


def test_what_runs_is_not_started_and_what_stands_is_not_stopped(api: Any) -> None:
    name = started(api)
    assert refused(api.start_application, ApplicationName=name) == "ResourceInUseException"
    assert refused(api.stop_application, ApplicationName=created(api)) == "ResourceInUseException"


def test_a_stop_makes_a_snapshot_and_the_next_start_begins_with_it(api: Any, flink: FakeFlink) -> None:
    name = started(api)
    api.stop_application(ApplicationName=name)
    assert settled(api, name) == "READY"
    (snapshot,) = api.list_application_snapshots(ApplicationName=name)["SnapshotSummaries"]
    assert (snapshot["SnapshotStatus"], snapshot["ApplicationVersionId"]) == ("READY", 1)
    api.start_application(ApplicationName=name)
    settled(api, name)
    assert flink.jobs[1].settings["restore"].name == "savepoint-1"


def test_a_start_can_leave_the_snapshot(api: Any, flink: FakeFlink) -> None:
    name = started(api)
    api.stop_application(ApplicationName=name)
    settled(api, name)
    skip = {"ApplicationRestoreConfiguration": {"ApplicationRestoreType": "SKIP_RESTORE_FROM_SNAPSHOT"}}
    api.start_application(ApplicationName=name, RunConfiguration=skip)
    settled(api, name)
    assert flink.jobs[1].settings["restore"] is None
    run = detail(api, name)["ApplicationConfigurationDescription"]["RunConfigurationDescription"]
    assert run["ApplicationRestoreConfigurationDescription"] == skip["ApplicationRestoreConfiguration"]


def test_a_forced_stop_makes_no_snapshot(api: Any, flink: FakeFlink) -> None:
    name = started(api)
    api.stop_application(ApplicationName=name, Force=True)
    assert settled(api, name) == "READY"
    assert api.list_application_snapshots(ApplicationName=name)["SnapshotSummaries"] == []
    assert flink.jobs[0].state == "CANCELED"


def test_a_start_that_hangs_is_stopped_by_force(api: Any, flink: FakeFlink) -> None:
    name = created(api)
    flink.gate.clear()
    id_ = api.start_application(ApplicationName=name)["OperationId"]
    api.stop_application(ApplicationName=name, Force=True)
    assert status(api, name) == "FORCE_STOPPING"
    flink.gate.set()
    assert settled(api, name) == "READY"
    assert operation(api, name, id_)["OperationStatus"] == "CANCELLED"
    assert [job.state for job in flink.jobs] == ["CANCELED"]


def test_no_snapshot_can_be_made_and_the_job_goes_on(api: Any, flink: FakeFlink) -> None:
    name, flink.no_savepoint = started(api), "Checkpoint triggering task is not running"
    id_ = api.stop_application(ApplicationName=name)["OperationId"]
    assert settled(api, name) == "RUNNING"
    assert operation(api, name, id_)["OperationStatus"] == "FAILED"


def test_an_update_of_what_stands_changes_the_configuration_alone(api: Any, flink: FakeFlink) -> None:
    name = created(api)
    flags = {"ApplicationSnapshotConfigurationUpdate": {"SnapshotsEnabledUpdate": False}}
    told = api.update_application(
        ApplicationName=name, CurrentApplicationVersionId=1, ApplicationConfigurationUpdate=flags
    )["ApplicationDetail"]
    assert (told["ApplicationStatus"], told["ApplicationVersionId"]) == ("READY", 2)
    described = told["ApplicationConfigurationDescription"]
    assert described["ApplicationSnapshotConfigurationDescription"] == {"SnapshotsEnabled": False}
    assert flink.jobs == []


def test_an_update_of_what_runs_restarts_it_with_its_state(api: Any, flink: FakeFlink) -> None:
    name = started(api)
    groups = [{"PropertyGroupId": "sql.variables", "PropertyMap": {"clicks_arn": "other"}}]
    told = api.update_application(
        ApplicationName=name,
        CurrentApplicationVersionId=1,
        ApplicationConfigurationUpdate={"EnvironmentPropertyUpdates": {"PropertyGroups": groups}},
    )
    assert told["ApplicationDetail"]["ApplicationStatus"] == "UPDATING"
    assert settled(api, name) == "RUNNING"
    assert flink.jobs[0].stops == [False]
    assert flink.jobs[1].variables == {"clicks_arn": "other"}
    assert flink.jobs[1].settings["restore"] is not None
    change = operation(api, name, told["OperationId"])["ApplicationVersionChangeDetails"]
    assert change == {"ApplicationVersionUpdatedFrom": 1, "ApplicationVersionUpdatedTo": 2}


def update_that_flink_refuses(api: Any, flink: FakeFlink, *, rollback: bool) -> tuple[str, dict[str, Any]]:
    name = started(api, ApplicationSystemRollbackConfiguration={"RollbackEnabled": rollback})
    start, refusals = flink.start_job, ["State of the changed query fits no operator"]

    def start_once_refused(*given: Any, **settings: Any) -> Any:
        flink.refuses = refusals.pop() if refusals else ""
        return start(*given, **settings)

    flink.start_job = start_once_refused  # type: ignore[method-assign]
    id_ = api.update_application(
        ApplicationName=name, CurrentApplicationVersionId=1, RuntimeEnvironmentUpdate="FLINK-2_2"
    )["OperationId"]
    settled(api, name)
    return name, operation(api, name, id_)


def test_a_failed_update_goes_back_where_rollback_is_on(api: Any, flink: FakeFlink) -> None:
    name, told = update_that_flink_refuses(api, flink, rollback=True)
    application = detail(api, name)
    assert (application["ApplicationStatus"], application["RuntimeEnvironment"]) == ("RUNNING", "FLINK-2_3")
    assert (application["ApplicationVersionId"], application["ApplicationVersionRolledBackTo"]) == (3, 1)
    rollback = told["OperationFailureDetails"]["RollbackOperationId"]
    assert operation(api, name, rollback)["OperationStatus"] == "SUCCESSFUL"


def test_a_failed_update_ends_stopped_where_rollback_is_off(api: Any, flink: FakeFlink) -> None:
    name, told = update_that_flink_refuses(api, flink, rollback=False)
    assert status(api, name) == "READY"
    error = told["OperationFailureDetails"]["ErrorInfo"]["ErrorString"]
    assert error == "State of the changed query fits no operator"


def test_an_update_of_another_version_is_refused(api: Any) -> None:
    name = created(api)
    code = refused(api.update_application, ApplicationName=name, CurrentApplicationVersionId=7)
    assert code == "ConcurrentModificationException"
    assert refused(api.update_application, ApplicationName=name) == "InvalidArgumentException"


def test_the_token_of_an_application_stands_for_its_version(api: Any) -> None:
    name = created(api)
    token = detail(api, name)["ConditionalToken"]
    change = {"ApplicationName": name, "ConditionalToken": token, "ServiceExecutionRoleUpdate": f"{ROLE}2"}
    assert api.update_application(**change)["ApplicationDetail"]["ServiceExecutionRole"] == f"{ROLE}2"
    assert refused(api.update_application, **change) == "ConcurrentModificationException"


def test_a_rollback_takes_the_update_back_with_the_state(api: Any, flink: FakeFlink) -> None:
    name = started(api)
    api.update_application(ApplicationName=name, CurrentApplicationVersionId=1, RuntimeEnvironmentUpdate="FLINK-2_2")
    settled(api, name)
    api.rollback_application(ApplicationName=name, CurrentApplicationVersionId=2)
    assert settled(api, name) == "RUNNING"
    application = detail(api, name)
    assert (application["RuntimeEnvironment"], application["ApplicationVersionRolledBackFrom"]) == ("FLINK-2_3", 2)
    assert flink.jobs[2].settings["restore"] is not None


def test_a_rollback_without_an_update_is_refused(api: Any) -> None:
    name = started(api)
    code = refused(api.rollback_application, ApplicationName=name, CurrentApplicationVersionId=1)
    assert code == "InvalidRequestException"


def test_a_snapshot_of_what_runs_is_described_and_deleted(api: Any) -> None:
    name = started(api)
    api.create_application_snapshot(ApplicationName=name, SnapshotName="before")
    until = time.monotonic() + 30
    while not api.list_application_snapshots(ApplicationName=name)["SnapshotSummaries"]:
        assert time.monotonic() < until
    told = api.describe_application_snapshot(ApplicationName=name, SnapshotName="before")["SnapshotDetails"]
    assert told["RuntimeEnvironment"] == "FLINK-2_3"
    api.delete_application_snapshot(
        ApplicationName=name, SnapshotName="before", SnapshotCreationTimestamp=told["SnapshotCreationTimestamp"]
    )
    code = refused(api.describe_application_snapshot, ApplicationName=name, SnapshotName="before")
    assert code == "ResourceNotFoundException"


def test_a_snapshot_that_there_is_none_of_is_not_restored(api: Any) -> None:
    name = created(api)
    restore = {"ApplicationRestoreType": "RESTORE_FROM_CUSTOM_SNAPSHOT", "SnapshotName": "none"}
    run = {"ApplicationRestoreConfiguration": restore}
    code = refused(api.start_application, ApplicationName=name, RunConfiguration=run)
    assert (code, status(api, name)) == ("ResourceNotFoundException", "READY")


def test_where_it_logs_is_added_and_taken_away(api: Any) -> None:
    name, stream = created(api), "arn:aws:logs:us-east-1:123456789012:log-group:/flink:log-stream:app"
    told = api.add_application_cloud_watch_logging_option(
        ApplicationName=name, CurrentApplicationVersionId=1, CloudWatchLoggingOption={"LogStreamARN": stream}
    )
    (option,) = told["CloudWatchLoggingOptionDescriptions"]
    assert (option["LogStreamARN"], told["ApplicationVersionId"]) == (stream, 2)
    told = api.delete_application_cloud_watch_logging_option(
        ApplicationName=name,
        CurrentApplicationVersionId=2,
        CloudWatchLoggingOptionId=option["CloudWatchLoggingOptionId"],
    )
    assert told["CloudWatchLoggingOptionDescriptions"] == []


def test_flinks_words_are_in_the_stream_that_it_logs_to(api: Any, aws: EmbeddedAws, flink: FakeFlink) -> None:
    logs = aws.aws.client("logs")
    logs.create_log_group(logGroupName="/flink")
    logs.create_log_stream(logGroupName="/flink", logStreamName="app")
    name, flink.refuses = created(api), "Object 'clicks' not found"
    api.add_application_cloud_watch_logging_option(
        ApplicationName=name,
        CurrentApplicationVersionId=1,
        CloudWatchLoggingOption={"LogStreamARN": "arn:aws:logs:us-east-1:123456789012:log-group:/flink:log-stream:app"},
    )
    api.start_application(ApplicationName=name)
    settled(api, name)
    (event,) = logs.get_log_events(logGroupName="/flink", logStreamName="app")["events"]
    assert "Object 'clicks' not found" in event["message"]


def test_what_runs_is_halted_and_deleted(api: Any, flink: FakeFlink) -> None:
    name = started(api)
    api.delete_application(ApplicationName=name, CreateTimestamp=detail(api, name)["CreateTimestamp"])
    assert flink.jobs[0].state == "CANCELED"
    assert refused(api.describe_application, ApplicationName=name) == "ResourceNotFoundException"


def test_what_is_on_its_way_is_not_deleted(api: Any, flink: FakeFlink) -> None:
    name = created(api)
    flink.gate.clear()
    api.start_application(ApplicationName=name)
    code = refused(api.delete_application, ApplicationName=name, CreateTimestamp=detail(api, name)["CreateTimestamp"])
    flink.gate.set()
    assert code == "ResourceInUseException"


def test_operations_are_listed_with_the_latest_first(api: Any) -> None:
    name = started(api)
    api.stop_application(ApplicationName=name)
    settled(api, name)
    told = api.list_application_operations(ApplicationName=name)["ApplicationOperationInfoList"]
    assert [one["Operation"] for one in told] == ["StopApplication", "StartApplication"]
    (first,) = api.list_application_operations(ApplicationName=name, Operation="StartApplication")[
        "ApplicationOperationInfoList"
    ]
    assert first["OperationStatus"] == "SUCCESSFUL"


def test_a_list_is_given_in_pages(api: Any) -> None:
    for _ in range(3):
        created(api)
    page = api.list_applications(Limit=2)
    rest = api.list_applications(NextToken=page["NextToken"])
    assert (len(page["ApplicationSummaries"]), len(rest["ApplicationSummaries"])) == (2, 1)


def test_versions_stay_as_they_were(api: Any) -> None:
    name = created(api)
    api.update_application(ApplicationName=name, CurrentApplicationVersionId=1, ServiceExecutionRoleUpdate=f"{ROLE}2")
    told = api.describe_application_version(ApplicationName=name, ApplicationVersionId=1)["ApplicationVersionDetail"]
    assert told["ServiceExecutionRole"] == ROLE
    listed = api.list_application_versions(ApplicationName=name)["ApplicationVersionSummaries"]
    assert [one["ApplicationVersionId"] for one in listed] == [2, 1]


def test_tags_are_kept(api: Any) -> None:
    arn = detail(api, created(api))["ApplicationARN"]
    api.tag_resource(ResourceARN=arn, Tags=[{"Key": "team", "Value": "web"}, {"Key": "tier", "Value": "1"}])
    api.untag_resource(ResourceARN=arn, TagKeys=["tier"])
    assert api.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "team", "Value": "web"}]


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"RuntimeEnvironment": "FLINK-1_6"}, "InvalidArgumentException"),
        (
            {
                "ApplicationConfiguration": {
                    "FlinkApplicationConfiguration": {
                        "ParallelismConfiguration": {"ConfigurationType": "CUSTOM", "ParallelismPerKPU": 9}
                    }
                }
            },
            "InvalidArgumentException",
        ),
    ],
)
def test_what_aws_would_not_run_is_refused(api: Any, settings: dict[str, Any], code: str) -> None:
    values = {"ApplicationName": "x", "RuntimeEnvironment": "FLINK-2_3", "ServiceExecutionRole": ROLE} | settings
    assert refused(api.create_application, **values) == code


def test_a_name_is_taken_once(api: Any) -> None:
    name = created(api)
    values = {"ApplicationName": name, "RuntimeEnvironment": "FLINK-2_3", "ServiceExecutionRole": ROLE}
    assert refused(api.create_application, **values) == "ResourceInUseException"


def test_the_flink_is_gone_with_the_aws(flink: FakeFlink) -> None:
    with EmbeddedAws(job_runner=lambda aws: FlinkRunner(aws, flink.open)) as embedded:
        embedded.aws.client("s3").create_bucket(Bucket="code")
        embedded.aws.client("s3").put_object(Bucket="code", Key="app.jar", Body=jar_of(CLICKS, PAGES, INSERT))
        started(embedded.aws.client("kinesisanalyticsv2"))
        assert not flink.is_closed
    assert flink.is_closed


def test_applications_of_a_runtime_share_a_flink(api: Any, flink: FakeFlink) -> None:
    started(api)
    started(api)
    assert (flink.runtimes, len(flink.jobs)) == (["FLINK-2_3"], 2)
