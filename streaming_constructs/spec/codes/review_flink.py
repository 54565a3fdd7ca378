"""What changes of templates mean for applications of Managed Service for Apache Flink."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, piece, review_code

_GUIDE = "https://docs.aws.amazon.com/managed-flink/latest/java"
_SNAPSHOTS = f"{_GUIDE}/how-snapshots.html"
_FAULT = f"{_GUIDE}/how-fault.html"
_SCALING = f"{_GUIDE}/how-scaling.html"
_UPGRADE = f"{_GUIDE}/how-in-place-version-upgrades.html"
_PROPERTIES = f"{_GUIDE}/how-properties.html"


def application(configuration: str, runtime: str = "FLINK-1_20", more: str = "") -> str:
    """An application with some configuration."""
    return piece(f"""
            Counts:
              Type: AWS::KinesisAnalyticsV2::Application
              Properties:
                RuntimeEnvironment: {runtime}
                {more}ApplicationConfiguration: {{{configuration}}}
    """)


def flink(group: str, settings: str) -> str:
    """An application with a group of settings of its own."""
    return application(f"FlinkApplicationConfiguration: {{{group}: {{ConfigurationType: CUSTOM, {settings}}}}}")


def properties(key: str, value: str) -> str:
    """An application with one property."""
    return application(
        f"EnvironmentProperties: {{PropertyGroups: [{{PropertyGroupId: app, PropertyMap: {{{key}: {value}}}}}]}}"
    )


def _run(restore: str) -> str:
    return application(
        "ApplicationSnapshotConfiguration: {SnapshotsEnabled: true}",
        more=f"RunConfiguration: {{ApplicationRestoreConfiguration: {{ApplicationRestoreType: {restore}}}}}\n                ",
    )


def _output(more: str) -> str:
    return piece(f"""
            Out:
              Type: AWS::KinesisAnalyticsV2::ApplicationOutput
              Properties: {{ApplicationName: counts, Output: {{Name: ALERTS, {more}}}}}
    """)


_PER_PAGE = '"INSERT INTO counts SELECT page, COUNT(*) FROM clicks GROUP BY page"'
_PER_USER = '"INSERT INTO counts SELECT page, `user`, COUNT(*) FROM clicks GROUP BY page, `user`"'

CODES: tuple[Code, ...] = (
    review_code(
        "REV460",
        "danger",
        "sql-state",
        "the SQL of an application is another, and its state does not fit",
        "The state of a query belongs to the operators of its plan, and another query has another plan. The update "
        "fails and the application stands still, or counts, joins and open windows begin anew.",
        before=properties("sql", _PER_PAGE),
        after=properties("sql", _PER_USER),
        source=_SNAPSHOTS,
    ),
    review_code(
        "REV461",
        "caution",
        "sql-state",
        "an application runs other code or SQL, whose state may not be restored",
        "State is handed over by operator. Where one is gone the update fails, unless `AllowNonRestoredState` lets it "
        "go; where snapshots are off all of it is lost, which is a danger.",
        before=properties("sql", _PER_PAGE.replace("COUNT(*)", "SUM(1)")),
        after=properties("sql", _PER_PAGE.replace("COUNT(*)", "SUM(2)")),
        source=_SNAPSHOTS,
    ),
    review_code(
        "REV462",
        "danger",
        "sql-state",
        "an application makes no snapshots any more",
        "Each update, scaling and stop then ends with the state of the application lost: counts and open windows are "
        "empty, and sources start where their configuration says.",
        before=application("ApplicationSnapshotConfiguration: {SnapshotsEnabled: true}"),
        after=application("ApplicationSnapshotConfiguration: {SnapshotsEnabled: false}"),
        source=_SNAPSHOTS,
    ),
    review_code(
        "REV463",
        "danger",
        "sql-state",
        "an application writes no checkpoints any more",
        "Flink restarts a job from its last checkpoint. Without one each failure, and each of AWS's maintenances, "
        "begins without state and without positions: records are lost or counted twice.",
        before=flink("CheckpointConfiguration", "CheckpointingEnabled: true"),
        after=flink("CheckpointConfiguration", "CheckpointingEnabled: false"),
        source=_FAULT,
    ),
    review_code(
        "REV464",
        "danger",
        "sql-state",
        "an application starts without its state, or from an old one",
        "An update of a running application starts it as `RunConfiguration` says. Skipping the snapshot loses its "
        "state; an older one repeats what came after it; leaving out what does not fit loses that without a word.",
        before=_run("RESTORE_FROM_LATEST_SNAPSHOT"),
        after=_run("SKIP_RESTORE_FROM_SNAPSHOT"),
        source=_SNAPSHOTS,
    ),
    review_code(
        "REV465",
        "caution",
        "sql-state",
        "the version of Flink is upgraded in place",
        "The application is restarted from its snapshot on the new runtime, with connectors that have to be built for "
        "it. From Flink 1 to 2 nobody promises that state of SQL is read.",
        before=application("EnvironmentProperties: {PropertyGroups: []}"),
        after=application("EnvironmentProperties: {PropertyGroups: []}", "FLINK-2_2"),
        source=_UPGRADE,
    ),
    review_code(
        "REV466",
        "danger",
        "sql-state",
        "an application is to run on an older or another runtime",
        "Flink reads the snapshots of older versions, not of newer ones: the update fails, or the state is lost. "
        "Notebooks, SQL and Flink are different kinds of applications.",
        before=application("EnvironmentProperties: {PropertyGroups: []}"),
        after=application("EnvironmentProperties: {PropertyGroups: []}", "FLINK-1_19"),
        source=f"{_GUIDE}/rollback.html",
    ),
    review_code(
        "REV467",
        "caution",
        "scaling",
        "an application runs on less, or follows the load no more",
        "The same load is carried by fewer KPUs or subtasks. An application that falls behind for longer than the "
        "retention of its source loses records; event time stands still meanwhile.",
        before=flink("ParallelismConfiguration", "Parallelism: 8"),
        after=flink("ParallelismConfiguration", "Parallelism: 4"),
        source=_SCALING,
    ),
    review_code(
        "REV468",
        "danger",
        "scaling",
        "an application is to have more subtasks than its state can be spread over",
        "State is written in as many groups as the maximum of subtasks, 128 unless the code sets another from the "
        "start. It cannot be restored into more, and the application does not start.",
        before=flink("ParallelismConfiguration", "Parallelism: 64, ParallelismPerKPU: 4"),
        after=flink("ParallelismConfiguration", "Parallelism: 192, ParallelismPerKPU: 4"),
        source=_SCALING,
    ),
    review_code(
        "REV469",
        "fine",
        "scaling",
        "an application runs on more, or follows the load",
        "It is restarted with more subtasks or KPUs, from a snapshot where those are on. It costs what its KPUs cost.",
        before=flink("ParallelismConfiguration", "Parallelism: 4"),
        after=flink("ParallelismConfiguration", "Parallelism: 8"),
        source=_SCALING,
    ),
    review_code(
        "REV470",
        "caution",
        "alarm",
        "an application publishes coarser metrics",
        "Alarms and dashboards on metrics of tasks, operators or subtasks see nothing any more, and an alarm that "
        "sees nothing mostly stays silent.",
        before=flink("MonitoringConfiguration", "MetricsLevel: OPERATOR"),
        after=flink("MonitoringConfiguration", "MetricsLevel: APPLICATION"),
        source=f"{_GUIDE}/cloudwatch-logs-levels.html",
    ),
    review_code(
        "REV471",
        "caution",
        "none",
        "an application logs less, nothing, or elsewhere",
        "What its code and Flink say before a failure is the one way to find why. It is then missing, or not where "
        "people look.",
        before=flink("MonitoringConfiguration", "LogLevel: INFO"),
        after=flink("MonitoringConfiguration", "LogLevel: ERROR"),
        source=f"{_GUIDE}/cloudwatch-logs.html",
    ),
    review_code(
        "REV472",
        "fine",
        "sql-state",
        "an application is guarded better, or seen better",
        "Snapshots, checkpoints, rollbacks and logs guard what it keeps. The job is restarted with the new setting.",
        before=application("ApplicationSystemRollbackConfiguration: {RollbackEnabled: false}"),
        after=application("ApplicationSystemRollbackConfiguration: {RollbackEnabled: true}"),
        source=f"{_GUIDE}/how-system-rollbacks.html",
    ),
    review_code(
        "REV473",
        "caution",
        "sql-state",
        "a guard of an application's state is weaker",
        "With longer times between checkpoints more is read again after a failure; without rollback an update that "
        "fails leaves the application standing still.",
        before=flink("CheckpointConfiguration", "CheckpointInterval: 60000"),
        after=flink("CheckpointConfiguration", "CheckpointInterval: 600000"),
        source=_FAULT,
    ),
    review_code(
        "REV474",
        "caution",
        "none",
        "an application is handed other properties, and what they mean is for its code",
        "Properties say to the code what it reads, where to, and how. The job is restarted with the new ones.",
        before=properties("threshold", '"10"'),
        after=properties("threshold", '"20"'),
        source=_PROPERTIES,
    ),
    review_code(
        "REV475",
        "caution",
        "network",
        "an application stands elsewhere in the network",
        "In a VPC it reaches what is private there, and AWS's services by a NAT or endpoints alone; outside of one "
        "the reverse. What it does not reach makes it fail at its start.",
        before=application("VpcConfigurations: [{SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}]"),
        after=application("VpcConfigurations: [{SubnetIds: [subnet-1], SecurityGroupIds: [sg-2]}]"),
        source=f"{_GUIDE}/vpc-api.html",
    ),
    review_code(
        "REV476",
        "caution",
        "encryption",
        "the state and snapshots of an application are encrypted with another key",
        "Both stay encrypted. Who may read them is said by another key, and the old one is needed as long as "
        "snapshots under it are.",
        before=application("ApplicationEncryptionConfiguration: {KeyType: CUSTOMER_MANAGED_KEY, KeyId: one}"),
        after=application("ApplicationEncryptionConfiguration: {KeyType: AWS_OWNED_KEY}"),
        source=f"{_GUIDE}/manage-cmk-api.html",
    ),
    review_code(
        "REV477",
        "caution",
        "none",
        "an application runs as another role",
        "What its code may read and write is said by that role alone; what the new one lacks makes the job fail when "
        "it starts.",
        before="""
            Counts:
              Type: AWS::KinesisAnalyticsV2::Application
              Properties: {RuntimeEnvironment: FLINK-1_20, ServiceExecutionRole: "arn:aws:iam::111122223333:role/one"}
        """,
        after="""
            Counts:
              Type: AWS::KinesisAnalyticsV2::Application
              Properties: {RuntimeEnvironment: FLINK-1_20, ServiceExecutionRole: "arn:aws:iam::111122223333:role/two"}
        """,
        source=f"{_GUIDE}/security_iam_service-with-iam.html",
    ),
    review_code(
        "REV478",
        "caution",
        "position-reset",
        "a source of an application starts at another position, where it has no state",
        "As long as the state is restored, the position in it holds. Where it is not, the source skips what is before "
        "the new position, or reads all from there again.",
        before=properties("source.init.position", "TRIM_HORIZON"),
        after=properties("source.init.position", "LATEST"),
        source=_PROPERTIES,
    ),
    review_code(
        "REV479",
        "danger",
        "delivery",
        "an application of SQL writes its results nowhere any more",
        "Results of the in-application stream of that name are computed and thrown away, and nobody is told.",
        before=_output("KinesisStreamsOutput: {ResourceARN: one}") + "Other: {Type: AWS::SNS::Topic}\n",
        after="""
            Other: {Type: AWS::SNS::Topic}
        """,
        source="https://docs.aws.amazon.com/kinesisanalytics/latest/dev/how-it-works-output.html",
    ),
    review_code(
        "REV480",
        "caution",
        "delivery",
        "an application of SQL reads other records, or writes elsewhere",
        "Its in-application streams are fed from, or written to, something else. Who reads the old destination gets "
        "nothing more.",
        before=_output("KinesisStreamsOutput: {ResourceARN: one}"),
        after=_output("KinesisStreamsOutput: {ResourceARN: two}"),
        source="https://docs.aws.amazon.com/kinesisanalytics/latest/dev/how-it-works-output.html",
    ),
)
