"""What changes of applications of Managed Service for Apache Flink mean, and what is wrong with them."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.review.auditing import audit
from streaming_constructs.review.reading.read_template import as_source
from streaming_constructs.review.remark import Remark
from streaming_constructs.review.templates_review import review


def application(
    configuration: dict[str, Any] | None = None, runtime: str = "FLINK-1_20", **more: Any
) -> dict[str, Any]:
    properties = {"RuntimeEnvironment": runtime, "ApplicationConfiguration": configuration or {}, **more}
    return {"Type": "AWS::KinesisAnalyticsV2::Application", "Properties": properties}


def reviewed(old: dict[str, Any], new: dict[str, Any]) -> tuple[Remark, ...]:
    return tuple(review(as_source({"Resources": old}, "old"), as_source({"Resources": new}, "new")).remarks)


def changed(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str]]:
    return [(remark.code, remark.grade) for remark in reviewed({"Counts": old}, {"Counts": new})]


def group(name: str, kind: str = "CUSTOM", **settings: Any) -> dict[str, Any]:
    return application({"FlinkApplicationConfiguration": {name: {"ConfigurationType": kind, **settings}}})


def runs_on(parallelism: Any, per_kpu: int = 1, kind: str = "CUSTOM", **more: Any) -> dict[str, Any]:
    return group("ParallelismConfiguration", kind, Parallelism=parallelism, ParallelismPerKPU=per_kpu, **more)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(runs_on(8), runs_on(4), [("REV467", "caution")], id="fewer subtasks"),
        pytest.param(runs_on(4), runs_on(8), [("REV469", "fine")], id="more subtasks"),
        pytest.param(runs_on(8, 1), runs_on(8, 4), [("REV467", "caution")], id="fewer KPUs"),
        pytest.param(runs_on(8, 4), runs_on(8, 2), [("REV469", "fine")], id="more KPUs"),
        pytest.param(
            runs_on(64, 4), runs_on(200, 4), [("REV468", "danger"), ("REV469", "fine")], id="too many subtasks"
        ),
        pytest.param(runs_on(60), runs_on(100), [("REV468", "caution"), ("REV469", "fine")], id="above the quota"),
        pytest.param(runs_on(8), runs_on(8, kind="DEFAULT"), [("REV467", "caution")], id="it does not hold any more"),
        pytest.param(runs_on(1, kind="DEFAULT"), runs_on(8, kind="DEFAULT"), [], id="it holds in neither"),
        pytest.param(
            runs_on(4, AutoScalingEnabled=True), runs_on(4, AutoScalingEnabled=False), [("REV467", "caution")], id="off"
        ),
        pytest.param(runs_on(4, AutoScalingEnabled=False), runs_on(4), [("REV469", "fine")], id="on by default"),
        pytest.param(runs_on(4), runs_on({"Ref": "Many"}), [("REV467", "caution")], id="known at deployment"),
    ],
)
def test_scale(old: dict[str, Any], new: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert changed(old, new) == expected


def writes(**settings: Any) -> dict[str, Any]:
    return group("CheckpointConfiguration", **settings)


def sees(**settings: Any) -> dict[str, Any]:
    return group("MonitoringConfiguration", **settings)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(writes(), writes(CheckpointingEnabled=False), [("REV463", "danger")], id="checkpoints off"),
        pytest.param(writes(CheckpointingEnabled=False), writes(), [("REV472", "fine")], id="checkpoints on"),
        pytest.param(writes(), writes(CheckpointInterval=60000), [], id="the default interval"),
        pytest.param(writes(), writes(CheckpointInterval=600000), [("REV473", "caution")], id="rarer"),
        pytest.param(writes(), writes(CheckpointInterval=10000), [("REV472", "fine")], id="more often"),
        pytest.param(sees(MetricsLevel="TASK"), sees(), [("REV470", "caution")], id="coarser metrics"),
        pytest.param(sees(), sees(MetricsLevel="TASK"), [("REV472", "fine")], id="finer metrics"),
        pytest.param(sees(LogLevel="INFO"), sees(LogLevel="ERROR"), [("REV471", "caution")], id="less logged"),
        pytest.param(sees(), sees(LogLevel="DEBUG"), [("REV472", "fine")], id="more logged"),
        pytest.param(sees(), sees(LogLevel="INFO"), [], id="as by default"),
    ],
)
def test_checkpoints_metrics_and_logs(
    old: dict[str, Any], new: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert changed(old, new) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("FLINK-1_19", "FLINK-1_20", ("REV465", "caution")),
        ("FLINK-1_20", "FLINK-2_2", ("REV465", "caution")),
        ("FLINK-1_20", "FLINK-1_9", ("REV466", "danger")),
        ("FLINK-2_2", "FLINK-1_20", ("REV466", "danger")),
        ("SQL-1_0", "FLINK-1_20", ("REV466", "danger")),
    ],
)
def test_the_runtime(old: str, new: str, expected: tuple[str, str]) -> None:
    assert changed(application(runtime=old), application(runtime=new)) == [expected]


def snapshots(on: Any) -> dict[str, Any]:
    return {"ApplicationSnapshotConfiguration": {"SnapshotsEnabled": on}}


def starts(kind: str = "RESTORE_FROM_LATEST_SNAPSHOT", name: str = "", *, lets_go: bool = False) -> dict[str, Any]:
    restore = {"ApplicationRestoreType": kind} | ({"SnapshotName": name} if name else {})
    run = {"ApplicationRestoreConfiguration": restore, "FlinkRunConfiguration": {"AllowNonRestoredState": lets_go}}
    return application(RunConfiguration=run)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            application(snapshots(True)), application(snapshots(False)), [("REV462", "danger")], id="snapshots off"
        ),
        pytest.param(application(snapshots(False)), application(), [("REV472", "fine")], id="snapshots on by default"),
        pytest.param(application(), application(snapshots(True)), [], id="the default written out"),
        pytest.param(starts(), starts("SKIP_RESTORE_FROM_SNAPSHOT"), [("REV464", "danger")], id="skipped"),
        pytest.param(application(), starts("SKIP_RESTORE_FROM_SNAPSHOT"), [("REV464", "danger")], id="skipped at once"),
        pytest.param(starts("SKIP_RESTORE_FROM_SNAPSHOT"), starts(), [("REV472", "fine")], id="skipped no more"),
        pytest.param(starts(), starts("RESTORE_FROM_CUSTOM_SNAPSHOT", "old"), [("REV464", "danger")], id="an old one"),
        pytest.param(starts(), starts(lets_go=True), [("REV464", "danger")], id="state is let go"),
        pytest.param(starts(lets_go=True), starts(), [("REV472", "fine")], id="state is let go no more"),
    ],
)
def test_what_it_starts_from(old: dict[str, Any], new: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert changed(old, new) == expected


def handed(key: str, value: Any, name: str = "app", **more: Any) -> dict[str, Any]:
    groups = [{"PropertyGroupId": name, "PropertyMap": {key: value}}]
    return application({"EnvironmentProperties": {"PropertyGroups": groups}, **more})


COUNTS = "INSERT INTO counts SELECT page, COUNT(*) FROM clicks GROUP BY page HAVING COUNT(*) > 10"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(COUNTS, COUNTS.replace("page", "`user`"), [("REV460", "danger")], id="another query"),
        pytest.param(
            COUNTS, f"-- counted by page\n{COUNTS.lower().replace(' from', '  FROM')};", [], id="spaces, comments"
        ),
        pytest.param(COUNTS, COUNTS.replace("10", "20"), [("REV461", "caution")], id="another number"),
        pytest.param(
            COUNTS, f"{COUNTS}; INSERT INTO raw SELECT * FROM clicks", [("REV461", "caution")], id="a statement more"
        ),
        pytest.param(
            f"{COUNTS}; INSERT INTO raw SELECT * FROM clicks", COUNTS, [("REV460", "danger")], id="a statement less"
        ),
        pytest.param(
            "INSERT INTO raw SELECT a FROM clicks",
            "INSERT INTO raw SELECT a, b FROM clicks",
            [("REV461", "caution")],
            id="stateless",
        ),
    ],
)
@pytest.mark.parametrize("where", ["properties", "code", "legacy"])
def test_sql(old: str, new: str, expected: list[tuple[str, str]], where: str) -> None:
    def holding(sql: str) -> dict[str, Any]:
        if where == "properties":
            return handed("sql", sql)
        if where == "code":
            return application({"ApplicationCodeConfiguration": {"CodeContent": {"TextContent": sql}}})
        return {"Type": "AWS::KinesisAnalytics::Application", "Properties": {"ApplicationCode": sql}}

    assert changed(holding(old), holding(new)) == expected


def test_other_sql_without_snapshots_loses_the_state_whatever_it_is() -> None:
    old, new = (handed("sql", sql, **snapshots(False)) for sql in (COUNTS, COUNTS.replace("10", "20")))
    (remark,) = reviewed({"Counts": old}, {"Counts": new})
    assert (remark.code, remark.grade) == ("REV461", "danger")
    assert "snapshots are off" in remark.message


def test_sql_with_a_reference_in_it_is_read() -> None:
    old, new = (
        handed("sql", {"Fn::Sub": f"INSERT INTO t SELECT COUNT(*) FROM ${{Clicks}} GROUP BY {by}"})
        for by in ("a", "a, b")
    )
    assert changed(old, new) == [("REV460", "danger")]


def code(key: str) -> dict[str, Any]:
    place = {"BucketARN": "arn:aws:s3:::code", "FileKey": key}
    return application({"ApplicationCodeConfiguration": {"CodeContent": {"S3ContentLocation": place}}})


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(code("a.jar"), code("b.jar"), [("REV461", "caution")], id="another jar"),
        pytest.param(handed("a", "1"), handed("a", "2"), [("REV474", "caution")], id="a property"),
        pytest.param(handed("a", "1"), handed("a", 1), [], id="the same property"),
        pytest.param(
            handed("source.init.position", "LATEST"),
            handed("source.init.position", "TRIM_HORIZON"),
            [("REV478", "caution")],
            id="a position",
        ),
        pytest.param(
            handed("python", "main.py", "kinesis.analytics.flink.run.options"),
            handed("python", "other.py", "kinesis.analytics.flink.run.options"),
            [("REV461", "caution")],
            id="another main",
        ),
        pytest.param(
            handed("password", "{{resolve:secretsmanager:a}}"),
            handed("password", "b"),
            [("REV450", "danger")],
            id="a secret",
        ),
        pytest.param(
            application({"VpcConfigurations": [{"SubnetIds": ["a"]}]}),
            application(),
            [("REV475", "caution")],
            id="out of a VPC",
        ),
        pytest.param(
            application(ServiceExecutionRole="a"),
            application(ServiceExecutionRole="b"),
            [("REV477", "caution")],
            id="role",
        ),
        pytest.param(
            application(ApplicationDescription="a"),
            application(ApplicationDescription="b"),
            [("REV118", "fine")],
            id="words",
        ),
        pytest.param(
            application(ApplicationName="a"),
            application(ApplicationName="b"),
            [("REV101", "danger")],
            id="another name",
        ),
    ],
)
def test_what_else_changes(old: dict[str, Any], new: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert changed(old, new) == expected


LOG = {
    "Type": "AWS::KinesisAnalyticsV2::ApplicationCloudWatchLoggingOption",
    "Properties": {"ApplicationName": {"Ref": "Counts"}, "CloudWatchLoggingOption": {"LogStreamARN": "a"}},
}


def test_a_log_that_is_taken_out() -> None:
    remarks = reviewed({"Counts": application(), "Log": LOG}, {"Counts": application()})
    assert [(remark.code, remark.grade) for remark in remarks] == [("REV471", "caution")]


def alarm(value: Any) -> dict[str, Any]:
    dimensions = [{"Name": "Application", "Value": value}]
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "Namespace": "AWS/KinesisAnalytics",
            "MetricName": "downtime",
            "Dimensions": dimensions,
            "AlarmActions": ["arn:aws:sns:eu-west-1:111122223333:on-call"],
        },
    }


def audited(found: dict[str, Any], watched: Any = None) -> list[str]:
    others = {"Log": LOG, "Down": alarm(watched or {"Ref": "Counts"})}
    remarks = audit(as_source({"Resources": {"Counts": found, **others}}, "template"))
    return [remark.code for remark in remarks if remark.code.startswith("AUD4")]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (application(), []),
        (application(snapshots(False)), ["AUD450"]),
        (writes(CheckpointingEnabled=False), ["AUD451"]),
        (group("CheckpointConfiguration", "DEFAULT", CheckpointingEnabled=False), []),
        (starts("SKIP_RESTORE_FROM_SNAPSHOT"), ["AUD452"]),
        (application(runtime="FLINK-1_13"), ["AUD455"]),
        (application(runtime="SQL-1_0"), ["AUD455"]),
        (application(runtime="ZEPPELIN-FLINK-3_0"), []),
        (runs_on(256, 4), ["AUD456"]),
        (runs_on(8, kind="DEFAULT"), ["AUD457"]),
        (handed("db.password", "hunter2"), ["AUD458"]),
    ],
)
def test_what_is_wrong_with_an_application(found: dict[str, Any], expected: list[str]) -> None:
    assert audited(found) == expected


def test_an_alarm_on_another_application_does_not_count() -> None:
    assert audited(application(ApplicationName="counts"), watched="other") == ["AUD454"]
    assert audited(application(ApplicationName="counts"), watched="counts") == []


def test_an_alarm_that_refers_to_another_application_does_not_count() -> None:
    others = {"Other": application(), "OtherLog": LOG | {"Properties": {"ApplicationName": {"Ref": "Other"}}}}
    found = {"Counts": application(), "Log": LOG, "Down": alarm({"Ref": "Other"}), **others}
    remarks = audit(as_source({"Resources": found}, "template"))
    assert [(remark.code, remark.logical_id) for remark in remarks] == [("AUD454", "Counts")]


def test_coarser_metrics_are_a_danger_where_an_alarm_needs_the_finer_ones() -> None:
    slow = alarm("counts")
    slow["Properties"]["Dimensions"].append({"Name": "Operator", "Value": "sink"})
    old, new = ({"Counts": sees(MetricsLevel=level), "Slow": slow} for level in ("OPERATOR", "TASK"))
    (remark,) = reviewed(old, new)
    assert (remark.code, remark.grade) == ("REV470", "danger")
    assert "Slow" in remark.message
    kept = {"Counts": sees(MetricsLevel="OPERATOR"), "Slow": slow}
    finest = {"Counts": sees(MetricsLevel="PARALLELISM"), "Slow": slow}
    assert [remark.grade for remark in reviewed(finest, kept)] == ["caution"]
