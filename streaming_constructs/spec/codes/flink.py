"""Applications of Apache Flink on Amazon Managed Service for Apache Flink."""

from __future__ import annotations

from streaming_constructs.facts import flink
from streaming_constructs.spec.codes.code import Code
from streaming_constructs.spec.codes.flink_jars import JAR_CODES
from streaming_constructs.spec.codes.flink_sinks import SINK_CODES
from streaming_constructs.spec.codes.flink_sql import SQL_CODES, application
from streaming_constructs.spec.codes.flink_words import WORD_CODES

_GUIDE = "https://docs.aws.amazon.com/managed-flink/latest/java"

_READER = (
    "kind: lambda, from: clicks, code: handlers/fraud, "
    "on_failure: {retries: 5, max_record_age_seconds: 3600, destination: s3}"
)
_EXISTING = "arn: 'arn:aws:kinesis:us-east-1:111122223333:stream/clicks'"
CODES = (
    *JAR_CODES,
    *SQL_CODES,
    *SINK_CODES,
    *WORD_CODES,
    Code(
        "FLK320",
        "fewer subtasks than shards over the time of records",
        "The source of Kinesis has one watermark for each subtask. A subtask that reads several shards takes one after the "
        "other, up to 10,000 records at a time; after an outage or a restart the time of the first is far ahead when the "
        "second is read, whose records are taken for late, and dropped without a word.",
        application("parallelism: 1"),
        application("parallelism: 2"),
        source=f"{_GUIDE}/how-scaling.html",
    ),
    Code(
        "FLK321",
        "an on-demand stream has more shards one day than the application has subtasks",
        "An on-demand stream splits its shards as its traffic grows, and the application keeps the subtasks that it has. From "
        "then on a subtask reads several shards one after the other, and drops the records of a backlog as late.",
        application("parallelism: 4", clicks="mode: on_demand"),
        application("parallelism: 4", clicks="shards: 4"),
        source=f"{_GUIDE}/how-scaling.html",
    ),
    Code(
        "FLK322",
        "autoscaling over the time of records of a stream",
        "Autoscaling doubles the subtasks when processors are busy, and halves them when they are not. With fewer than there "
        "are shards, records of a backlog are dropped; each change is a restart, after which there is a backlog.",
        application("autoscaling: true"),
        application("autoscaling: false"),
        source=f"{_GUIDE}/how-scaling-auto.html",
    ),
    Code(
        "FLK323",
        "windows never end, as a subtask without records is waited for",
        "A window ends when the time of every subtask is past its end. A subtask that reads no shard has no time; where an "
        "idle one is waited for without end, no window ever ends, and nothing is written.",
        application("parallelism: 4, idle_timeout_seconds: 0"),
        application("parallelism: 4"),
    ),
    Code(
        "FLK324",
        "a stream is taken for idle before its late records could come",
        "A subtask that had no records for `idle_timeout_seconds` is no longer waited for. Where that is shorter than records "
        "may be late, the others go on past records that were still to come in time, and these are dropped.",
        application("idle_timeout_seconds: 10", watermark="{field: event_time, delay_seconds: 60}"),
        application("idle_timeout_seconds: 90", watermark="{field: event_time, delay_seconds: 60}"),
    ),
    Code(
        "FLK325",
        "reading with enhanced fan-out has known faults",
        "AWS lists faults of the source of Kinesis with enhanced fan-out: it deadlocks, or reads nothing after a stream was "
        "resharded, until the application is restarted. Reading by polling has none of them.",
        application("enhanced_fan_out: true"),
        application("enhanced_fan_out: false"),
        source=f"{_GUIDE}/how-flink-connectors.html",
    ),
    Code(
        "FLK326",
        "more subtasks than Flink lets an operator have",
        f"State is split into a fixed number of parts, {flink.MAX_PARALLELISM.value:g} where nothing else is said, and an "
        "operator has no more subtasks than parts. The application does not start; a later change of the number loses the "
        "state.",
        application("parallelism: 200, parallelism_per_kpu: 8", clicks="shards: 200"),
        application(
            "parallelism: 200, parallelism_per_kpu: 8, config: {pipeline.max-parallelism: '512'}", clicks="shards: 200"
        ),
        source=f"{_GUIDE}/how-scaling.html",
    ),
    Code(
        "FLK327",
        "more KPUs than an application starts with",
        f"An application has {flink.KPUS_OF_AN_APPLICATION.value:g} KPUs at most until AWS raises that; a deployment with more "
        "fails.",
        application("parallelism: 100, parallelism_per_kpu: 1", clicks="shards: 100"),
        application("parallelism: 100, parallelism_per_kpu: 2", clicks="shards: 100"),
        source=f"{_GUIDE}/limits.html",
    ),
    Code(
        "FLK328",
        "state is never kept",
        "Without checkpoints each failure, each update and each maintenance of the service begins anew: windows that were open "
        "are lost, and what was read is read again from where a new application reads.",
        application("checkpointing: false"),
        application("checkpointing: {interval_seconds: 60}"),
        source=f"{_GUIDE}/how-fault.html",
    ),
    Code(
        "FLK329",
        "a checkpoint takes longer to come than the application may be late",
        "After a failure all since the last checkpoint is read and computed again. With an hour between two, results are up to "
        "an hour late after each failure, and sinks get what they got already.",
        application("checkpointing: {interval_seconds: 3600}, max_lag_seconds: 600"),
        application("checkpointing: {interval_seconds: 60}, max_lag_seconds: 600"),
        source=f"{_GUIDE}/how-fault.html",
    ),
    Code(
        "FLK330",
        "each update begins with no state",
        "An update stops the application and starts it again, with the snapshot that was made before. Without one, windows "
        "that are open are lost, and the streams are read again from where a new application reads.",
        application("snapshots: false"),
        application("snapshots: true"),
        source=f"{_GUIDE}/how-snapshots.html",
    ),
    Code(
        "FLK331",
        "after a failed update the application stands still",
        "With rollback the service goes back to the version that ran before, when the new one does not start. Without it the "
        "application is stopped, and stays so.",
        application("rollback: false"),
        application("rollback: true"),
        source=f"{_GUIDE}/how-system-rollbacks.html",
    ),
    Code(
        "FLK332",
        "nothing starts the application",
        "CloudFormation creates an application and does not start it. With `start: false` a green stack computes nothing, and "
        "no alarm says so: before the first start there are no metrics.",
        application("start: false"),
        application("start: true"),
        source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
        "aws-resource-kinesisanalyticsv2-application.html",
    ),
    Code(
        "FLK333",
        "readers ask the shards of a stream more often than they answer",
        "A shard answers 5 reads a second for all readers that share it. The source of Flink asks four times a second where "
        "there is nothing new, and more often where there is; with two others all of them are throttled.",
        application(
            "parallelism: 2",
            more=f"consumers:\n  one: {{{_READER}}}\n  two: {{{_READER}}}\n",
        ),
        application("parallelism: 2", more=f"consumers:\n  one: {{{_READER}}}\n"),
        source="https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html",
    ),
    Code(
        "FLK334",
        "an application over the time of records of a stream that does not tell its shards",
        "Over the time of records an application has a subtask for each shard. Of a stream that exists, nobody says how many "
        "it has: the application then has as many subtasks as its load takes, and where they are fewer than the shards, "
        "records of a backlog are dropped.",
        application("starting_position: trim_horizon", clicks=_EXISTING),
        application("parallelism: 4", clicks=_EXISTING),
        source=f"{_GUIDE}/how-scaling.html",
    ),
)
