"""Applications of Flink in stacks: created in READY, updated in place, started by a custom resource, gone with the stack."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from streaming_constructs.local import Event, Rehearsal, faults
from streaming_constructs.local.aws.deployment import deploy, stacks_of
from streaming_constructs.local.aws.resources.managed_flink import configuration_update
from streaming_constructs.local.managed_flink.flink_runner import FlinkRunner
from streaming_constructs.local.rehearsal_report import Report
from streaming_constructs.spec.finding import SpecError
from tests.local.conftest import write_assembly
from tests.local.fake_flink import CLICKS, INSERT, PAGES, FakeFlink, FakeJob, jar_of

LOG_STREAM = "arn:aws:logs:us-east-1:123456789012:log-group:/flink:log-stream:app"


@pytest.fixture
def flink() -> FakeFlink:
    return FakeFlink()


@pytest.fixture
def rehearsal(flink: FakeFlink) -> Iterator[Rehearsal]:
    with Rehearsal(job_runner=lambda aws: FlinkRunner(aws, flink.open)) as running:
        s3 = running.embedded.aws.client("s3")
        s3.create_bucket(Bucket="code")
        s3.put_object(Bucket="code", Key="app.jar", Body=jar_of(CLICKS, PAGES, INSERT))
        s3.put_object(Bucket="code", Key="own.jar", Body=b"no archive")
        s3.put_object(Bucket="code", Key="skips.jar", Body=jar_of(skipping(CLICKS), PAGES, INSERT))
        timeless = CLICKS.partition(", WATERMARK")[0] + CLICKS[CLICKS.index(") WITH") :]
        s3.put_object(Bucket="code", Key="timeless.jar", Body=jar_of(timeless, PAGES, INSERT))
        s3.put_object(Bucket="code", Key="topics.jar", Body=jar_of(CLICKS.replace("kinesis", "kafka"), PAGES, INSERT))
        yield running


def skipping(statement: str) -> str:
    return statement.replace("'format' = 'json'", "'format' = 'json', 'json.ignore-parse-errors' = 'true'")


def template(
    *, key: str = "app.jar", started: bool = True, parallelism: int = 2, shards: int = 1, **more: Any
) -> dict[str, Any]:
    arns = {"clicks_arn": {"Fn::GetAtt": ["Clicks", "Arn"]}, "pages_arn": {"Fn::GetAtt": ["Pages", "Arn"]}}
    configuration = {
        "ApplicationCodeConfiguration": {
            "CodeContentType": "ZIPFILE",
            "CodeContent": {"S3ContentLocation": {"BucketARN": "arn:aws:s3:::code", "FileKey": key}},
        },
        "EnvironmentProperties": {"PropertyGroups": [{"PropertyGroupId": "sql.variables", "PropertyMap": arns}]},
        "FlinkApplicationConfiguration": {
            "ParallelismConfiguration": {"ConfigurationType": "CUSTOM", "Parallelism": parallelism}
        },
    }
    application = {
        "RuntimeEnvironment": "FLINK-2_3",
        "ServiceExecutionRole": "arn:aws:iam::123456789012:role/flink",
        "ApplicationConfiguration": configuration,
        **more,
    }
    resources: dict[str, Any] = {
        "Clicks": {"Type": "AWS::Kinesis::Stream", "Properties": {"ShardCount": shards}},
        "Pages": {"Type": "AWS::Kinesis::Stream", "Properties": {"ShardCount": 1}},
        "App": {"Type": "AWS::KinesisAnalyticsV2::Application", "Properties": application},
        "Option": {
            "Type": "AWS::KinesisAnalyticsV2::ApplicationCloudWatchLoggingOption",
            "Properties": {
                "ApplicationName": {"Ref": "App"},
                "CloudWatchLoggingOption": {"LogStreamARN": LOG_STREAM},
            },
        },
    }
    if started:
        resources["Start"] = {
            "Type": "AWS::CloudFormation::CustomResource",
            "DependsOn": ["Option"],
            "Properties": {
                "ServiceToken": "arn:aws:lambda:us-east-1:123456789012:function:start",
                "ApplicationName": {"Ref": "App"},
                "Fingerprint": f"{key}-{parallelism}",
                "Restore": "latest_snapshot",
                "Step": "1",
                "Steps": "1",
            },
        }
    return resources


def deployed(rehearsal: Rehearsal, folder: Path, **settings: Any) -> None:
    rehearsal.deploy(write_assembly(folder, "Stack", template(**settings)))


def application(rehearsal: Rehearsal) -> dict[str, Any]:
    api = rehearsal.embedded.aws.client("kinesisanalyticsv2")
    (summary,) = api.list_applications()["ApplicationSummaries"]
    told: dict[str, Any] = api.describe_application(ApplicationName=summary["ApplicationName"])["ApplicationDetail"]
    return told


def put(rehearsal: Rehearsal, count: int) -> None:
    rehearsal.put([Event("a", json.dumps({"page": "a"}).encode()) for _ in range(count)], rehearsal.target("Clicks"))


def reported(rehearsal: Rehearsal, job: FakeJob, *, read: int, wrote: int = 1) -> Report:
    job.records_in, job.records_out = {"clicks": read}, {"pages": wrote}
    assert rehearsal.drain(30)
    return rehearsal.report()


def test_cloudformation_starts_none(rehearsal: Rehearsal, flink: FakeFlink, tmp_path: Path) -> None:
    deployed(rehearsal, tmp_path, started=False)
    assert (application(rehearsal)["ApplicationStatus"], flink.jobs) == ("READY", [])


def test_it_logs_where_the_option_says(rehearsal: Rehearsal, tmp_path: Path) -> None:
    deployed(rehearsal, tmp_path, started=False)
    (option,) = application(rehearsal)["CloudWatchLoggingOptionDescriptions"]
    assert option["LogStreamARN"] == LOG_STREAM


def test_the_custom_resource_starts_it_with_what_the_template_refers_to(
    rehearsal: Rehearsal, flink: FakeFlink, tmp_path: Path
) -> None:
    deployed(rehearsal, tmp_path)
    assert application(rehearsal)["ApplicationStatus"] == "RUNNING"
    (job,) = flink.jobs
    assert job.variables["clicks_arn"].startswith("arn:aws:kinesis:us-east-1:123456789012:stream/")
    assert "App" not in [resource.name for resource in rehearsal.report().record_only]


def test_a_deployment_fails_with_flinks_words(rehearsal: Rehearsal, flink: FakeFlink, tmp_path: Path) -> None:
    flink.refuses = "Object 'clicks' not found"
    with pytest.raises(SpecError, match="Object 'clicks' not found"):
        deployed(rehearsal, tmp_path)


def test_an_update_restarts_what_runs_with_its_state(rehearsal: Rehearsal, flink: FakeFlink, tmp_path: Path) -> None:
    deployed(rehearsal, tmp_path)
    deployed(rehearsal, tmp_path / "next", parallelism=3)
    assert [job.settings["parallelism"] for job in flink.jobs] == [2, 3]
    assert flink.jobs[1].settings["restore"] is not None
    assert application(rehearsal)["ApplicationStatus"] == "RUNNING"


def test_an_update_starts_what_had_stopped(rehearsal: Rehearsal, flink: FakeFlink, tmp_path: Path) -> None:
    deployed(rehearsal, tmp_path)
    name = application(rehearsal)["ApplicationName"]
    rehearsal.embedded.aws.client("kinesisanalyticsv2").stop_application(ApplicationName=name, Force=True)
    deployed(rehearsal, tmp_path / "next", parallelism=3)
    assert application(rehearsal)["ApplicationStatus"] == "RUNNING"
    assert flink.jobs[-1].settings["parallelism"] == 3


def test_run_configuration_counts_for_what_runs_alone(rehearsal: Rehearsal, flink: FakeFlink, tmp_path: Path) -> None:
    skip = {"ApplicationRestoreConfiguration": {"ApplicationRestoreType": "SKIP_RESTORE_FROM_SNAPSHOT"}}
    deployed(rehearsal, tmp_path, RunConfiguration=skip)
    deployed(rehearsal, tmp_path / "next", RunConfiguration=skip, parallelism=3)
    assert flink.jobs[1].settings["restore"] is None


def test_it_goes_with_its_stack(rehearsal: Rehearsal, flink: FakeFlink, tmp_path: Path) -> None:
    deployed(rehearsal, tmp_path)
    rehearsal.embedded.aws.client("cloudformation").delete_stack(StackName="Stack")
    assert rehearsal.embedded.aws.client("kinesisanalyticsv2").list_applications()["ApplicationSummaries"] == []
    assert flink.jobs[-1].state == "CANCELED"


def test_an_update_names_every_part_as_the_api_does() -> None:
    code = {"CodeContent": {"S3ContentLocation": {"BucketARN": "b", "FileKey": "k"}}, "CodeContentType": "ZIPFILE"}
    vpc = {"SubnetIds": ["s"], "SecurityGroupIds": ["g"]}
    groups = {"PropertyGroups": []}
    given = {"ApplicationCodeConfiguration": code, "VpcConfigurations": [vpc], "EnvironmentProperties": groups}
    assert configuration_update(given) == {
        "ApplicationCodeConfigurationUpdate": {
            "CodeContentUpdate": {"S3ContentLocationUpdate": {"BucketARNUpdate": "b", "FileKeyUpdate": "k"}},
            "CodeContentTypeUpdate": "ZIPFILE",
        },
        "VpcConfigurationUpdates": [
            {"VpcConfigurationId": "1.1", "SubnetIdUpdates": ["s"], "SecurityGroupIdUpdates": ["g"]}
        ],
        "EnvironmentPropertyUpdates": groups,
    }


def test_a_rehearsal_waits_until_flink_has_read_what_was_put(
    rehearsal: Rehearsal, flink: FakeFlink, tmp_path: Path
) -> None:
    deployed(rehearsal, tmp_path)
    put(rehearsal, 3)
    flink.jobs[0].records_in = {"clicks": 2}
    assert not rehearsal.drain(2.5)
    report = reported(rehearsal, flink.jobs[0], read=3)
    (told,) = report.applications
    (source,), (sink,) = told.sources, told.sinks
    assert (source.name, source.records, source.read) == ("Clicks", 3, 3)
    assert (sink.name, sink.rows) == ("Pages", 1)
    assert faults(report) == ()


def test_windows_that_are_open_at_the_end_are_closed_and_their_rows_counted_apart(
    rehearsal: Rehearsal, flink: FakeFlink, tmp_path: Path
) -> None:
    deployed(rehearsal, tmp_path)
    put(rehearsal, 3)
    reported(rehearsal, flink.jobs[0], read=3, wrote=2)
    flink.jobs[0].at_end = {"pages": 5}
    assert rehearsal.close_windows()
    assert rehearsal.drain(30)
    (told,) = rehearsal.report().applications
    assert (told.windows_closed, told.sinks[0].rows, told.sinks[0].at_end) == (True, 7, 5)


def test_an_application_that_wrote_nothing_is_red(rehearsal: Rehearsal, flink: FakeFlink, tmp_path: Path) -> None:
    deployed(rehearsal, tmp_path)
    put(rehearsal, 3)
    assert "App read 3 records, and wrote nothing" in faults(reported(rehearsal, flink.jobs[0], read=3, wrote=0))


def test_a_record_that_flink_cannot_read_is_red_with_its_words(
    rehearsal: Rehearsal, flink: FakeFlink, tmp_path: Path
) -> None:
    deployed(rehearsal, tmp_path)
    put(rehearsal, 3)
    job = flink.jobs[0]
    job.state, job.restarts, job.failure = "RESTARTING", 3, "Failed to deserialize JSON 'poison'."
    report = reported(rehearsal, job, read=1)
    assert "App: Flink failed again and again: Failed to deserialize JSON 'poison'." in faults(report)
    assert "poison" in report.applications[0].log


@pytest.mark.parametrize(("key", "without"), [("app.jar", 2), ("timeless.jar", 0)])
def test_subtasks_wait_for_a_watermark_only_where_a_table_has_one(
    rehearsal: Rehearsal, flink: FakeFlink, tmp_path: Path, key: str, without: int
) -> None:
    deployed(rehearsal, tmp_path, key=key)
    put(rehearsal, 1)
    flink.jobs[0].watermarks = {"Source: clicks": (None, None)}
    report = reported(rehearsal, flink.jobs[0], read=1)
    assert report.applications[0].subtasks_without_watermark == without


def test_records_that_are_skipped_are_counted(rehearsal: Rehearsal, flink: FakeFlink, tmp_path: Path) -> None:
    deployed(rehearsal, tmp_path, key="skips.jar")
    put(rehearsal, 3)
    report = reported(rehearsal, flink.jobs[0], read=2)
    (source,) = report.applications[0].sources
    assert (source.skips_invalid, source.unread) == (True, 1)
    assert faults(report) == ()


def test_what_a_stopped_job_read_is_not_waited_for_again(
    rehearsal: Rehearsal, flink: FakeFlink, tmp_path: Path
) -> None:
    deployed(rehearsal, tmp_path)
    put(rehearsal, 3)
    reported(rehearsal, flink.jobs[0], read=3)
    deployed(rehearsal, tmp_path / "next", parallelism=3)
    put(rehearsal, 2)
    (told,) = reported(rehearsal, flink.jobs[1], read=2).applications
    assert (told.sources[0].records, told.sources[0].read, told.sinks[0].rows) == (5, 5, 2)


def test_a_flink_that_is_killed_is_started_again_from_the_last_checkpoint(
    rehearsal: Rehearsal, flink: FakeFlink, tmp_path: Path
) -> None:
    deployed(rehearsal, tmp_path)
    put(rehearsal, 3)
    reported(rehearsal, flink.jobs[0], read=3)
    checkpoint = flink.jobs[0].settings["checkpoints"] / "chk-1" / "_metadata"
    checkpoint.parent.mkdir()
    checkpoint.touch()
    flink.is_gone = True
    assert rehearsal.drain(30)
    while len(flink.jobs) < 2:
        rehearsal.drain(0.1)
    assert flink.jobs[1].settings["restore"] == flink.jobs[0].settings["checkpoints"]
    report = reported(rehearsal, flink.jobs[1], read=0, wrote=0)
    assert (report.applications[0].restarts, faults(report)) == (1, ())


def test_a_flink_that_is_killed_again_makes_it_red(rehearsal: Rehearsal, flink: FakeFlink, tmp_path: Path) -> None:
    deployed(rehearsal, tmp_path)
    put(rehearsal, 3)
    for _ in range(2):
        job = flink.jobs[-1]
        job.records_in, job.records_out = {"clicks": 3}, {"pages": 1}
        rehearsal.drain(30)
        flink.is_gone = True
        before = len(flink.jobs)
        while len(flink.jobs) == before and not rehearsal.report().stopped:
            rehearsal.drain(0.1)
    assert any("the process of Java has ended with 137" in fault for fault in faults(rehearsal.report()))


def test_a_flink_that_is_killed_before_the_application_runs_is_started_again(
    rehearsal: Rehearsal, flink: FakeFlink, tmp_path: Path
) -> None:
    flink.ends_at_start = 1
    deployed(rehearsal, tmp_path)
    put(rehearsal, 3)
    report = reported(rehearsal, flink.jobs[0], read=3)
    assert (len(flink.runtimes), faults(report)) == (2, ())
    assert "has ended with 137: it is started again" in report.applications[0].log


def test_a_flink_that_is_killed_twice_before_the_application_runs_is_told(
    rehearsal: Rehearsal, flink: FakeFlink, tmp_path: Path
) -> None:
    flink.ends_at_start = 2
    with pytest.raises(SpecError) as caught:
        deployed(rehearsal, tmp_path)
    (finding,) = caught.value.findings
    assert "the process of Java has ended with 137" in finding.note


def test_without_a_flink_the_rest_is_rehearsed_and_it_is_red(
    rehearsal: Rehearsal, flink: FakeFlink, tmp_path: Path
) -> None:
    flink.missing = "there is no Java 17 or later"
    deployed(rehearsal, tmp_path)
    assert application(rehearsal)["ApplicationStatus"] == "RUNNING"
    put(rehearsal, 3)
    assert rehearsal.drain(30)
    report = rehearsal.report()
    assert report.not_rehearsed == {"App": "there is no Java 17 or later; install it"}
    assert "App was not rehearsed: there is no Java 17 or later; install it" in faults(report)


def test_code_of_ones_own_is_not_rehearsed(rehearsal: Rehearsal, flink: FakeFlink, tmp_path: Path) -> None:
    deployed(rehearsal, tmp_path, key="own.jar")
    assert list(rehearsal.report().not_rehearsed) == ["App"]
    assert flink.jobs == []


def test_topics_in_memory_are_not_read_by_flink(rehearsal: Rehearsal, flink: FakeFlink, tmp_path: Path) -> None:
    deployed(rehearsal, tmp_path, key="topics.jar")
    assert "--broker kafka" in rehearsal.report().not_rehearsed["App"]
    assert flink.jobs == []


def test_a_stack_is_deployed_twice_without_a_restart(rehearsal: Rehearsal, flink: FakeFlink, tmp_path: Path) -> None:
    deployed(rehearsal, tmp_path)
    for stack in stacks_of(tmp_path):
        deploy(rehearsal.embedded.aws, stack)
    assert len(flink.jobs) == 1
