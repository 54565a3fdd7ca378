"""Amazon Kinesis data streams."""

from __future__ import annotations

from streaming_constructs.facts import kinesis
from streaming_constructs.spec.codes.code import Code, piece

_STREAM = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-stream.html"


def _readers(count: int, *, enhanced_fan_out: bool) -> str:
    """Consumers in great number: one written out, and the rest like it."""
    fan_out = "true" if enhanced_fan_out else "false"
    first = piece(f"""
        consumers:
          fraud: {{enhanced_fan_out: {fan_out}}}
          reader1: &reader
            kind: lambda
            from: payments
            code: handlers/fraud
            enhanced_fan_out: {fan_out}
            on_failure: {{retries: 5, max_record_age_seconds: 3600, destination: s3}}
    """)
    return first + "".join(f"  reader{number}: *reader\n" for number in range(2, count + 1))


CODES = (
    Code(
        "KIN401",
        "a stream has nothing to derive its number of shards from",
        "A provisioned stream is created with a fixed number of shards, each for 1 MiB/s and 1,000 records/s. The "
        "number is derived from the workload, or it is yours to give; a guess would throttle writes or cost money for "
        "nothing.",
        piece("""
            streams:
              payments: {workload: null}
        """),
        piece("""
            streams:
              payments: {workload: null, shards: 2}
        """),
        source=kinesis.SHARD_WRITE_MIB_PER_SECOND.source,
    ),
    Code(
        "KIN402",
        "`record_distribution` needs the on-demand mode",
        "Only an on-demand stream can spread records without regard to their partition key. CloudFormation fails the "
        "stack when a provisioned one is told to.",
        piece("""
            streams:
              payments: {record_distribution: auto}
        """),
        piece("""
            streams:
              payments: {record_distribution: auto, mode: on_demand}
        """),
        source=_STREAM,
    ),
    Code(
        "KIN405",
        "the average record is larger than the stream takes",
        "Kinesis refuses a record above the limit of the stream, 1 MiB unless it is raised to as much as 10 MiB. "
        "Producers would fail on every other record.",
        piece("""
            streams:
              payments: {workload: {records_per_second: 1, record_kb: 2048}}
            consumers:
              fraud: {batch_size: 2}
        """),
        piece("""
            streams:
              payments: {workload: {records_per_second: 1, record_kb: 2048}, max_record_kb: 3072}
            consumers:
              fraud: {batch_size: 2}
        """),
        source=kinesis.LARGE_RECORD_SHARE.source,
    ),
    Code(
        "KIN407",
        "fewer shards than the workload needs",
        "A shard takes 1 MiB/s and 1,000 records/s, and gives 2 MiB/s to all shared readers together. Above that "
        "Kinesis throttles: producers get ProvisionedThroughputExceededException, and readers fall behind.",
        piece("""
            streams:
              payments:
                workload: {records_per_second: 5000, record_kb: 1}
                shards: 1
        """),
        piece("""
            streams:
              payments:
                workload: {records_per_second: 5000, record_kb: 1}
                shards: 7
        """),
        source=kinesis.SHARD_WRITE_MIB_PER_SECOND.source,
    ),
    Code(
        "KIN408",
        "more than an on-demand stream takes in most regions",
        "An on-demand stream writes up to 200 MiB/s in most regions and up to 10 GiB/s in three of them, unless AWS "
        "raises the quota. Above it writes are throttled.",
        piece("""
            streams:
              payments:
                workload: {records_per_second: 300000, record_kb: 1}
                mode: on_demand
        """),
        piece("""
            streams:
              payments:
                workload: {records_per_second: 300000, record_kb: 1}
                mode: provisioned
        """),
        source=kinesis.ON_DEMAND_MAX_WRITE_MIB_PER_SECOND_MOST_REGIONS.source,
    ),
    Code(
        "KIN409",
        "more shared readers than a shard serves",
        "A shard answers 5 GetRecords calls a second, for all shared readers together, and a Lambda function calls it "
        "once a second. A sixth reader makes all of them be throttled and fall behind.",
        _readers(5, enhanced_fan_out=False),
        _readers(5, enhanced_fan_out=True),
        source=kinesis.SHARD_GET_RECORDS_PER_SECOND.source,
    ),
    Code(
        "KIN410",
        "more enhanced fan-out readers than a stream takes",
        "A stream has room for 20 of them, and for 50 on demand with On-Demand Advantage. The one too many fails the "
        "stack while it is being deployed. On demand, up to 50 of them are a warning, because only the account knows.",
        _readers(20, enhanced_fan_out=True),
        _readers(19, enhanced_fan_out=True),
        source=kinesis.FAN_OUT_CONSUMERS.source,
    ),
    Code(
        "KIN411",
        "warm throughput is below the peak of the workload",
        "Warm throughput is what the stream takes at once. When the peak is higher, writes above it are throttled "
        "until the stream has grown: just what warm throughput is there to spare.",
        piece("""
            streams:
              payments:
                workload: {records_per_second: 50000, record_kb: 1}
                mode: on_demand
                warm_throughput_mb_per_second: 10
        """),
        piece("""
            streams:
              payments:
                workload: {records_per_second: 50000, record_kb: 1}
                mode: on_demand
                warm_throughput_mb_per_second: 50
        """),
        source=kinesis.ON_DEMAND_INITIAL_WRITE_MIB_PER_SECOND.source,
    ),
    Code(
        "KIN412",
        "more shards than an account starts with",
        "An account starts with a quota of 1,000 or 6,000 shards in a region, 20,000 in the largest ones, for all its "
        "streams together. Beyond it the stack fails while it is being deployed.",
        piece("""
            streams:
              payments: {workload: {records_per_second: 1000000, record_kb: 1}}
            consumers: null
        """),
        piece("""
            streams:
              payments: {workload: {records_per_second: 10000, record_kb: 50}}
            consumers: null
        """),
        source=kinesis.SHARDS_LEAST_QUOTA.source,
    ),
    Code(
        "KIN413",
        "the retention costs far more than the stream",
        "Records that a stream keeps beyond seven days are paid for by the GB and month, and those of a whole year are many. "
        "S3 keeps them at about the same price, but compressed, for good and to be queried.",
        piece("""
            streams:
              payments: {retention_days: 365}
        """),
        piece("""
            streams:
              payments: {retention_days: 7}
        """),
        source="https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html",
    ),
    Code(
        "KIN414",
        "all that is written in a while goes to few shards",
        "Records with the same partition key are in one shard, which takes 1 MiB/s and 1,000 records/s. By a date all that is "
        "written in a day is in one, by a field that is true or false in two, however many shards there are: writers are "
        "throttled while the others are idle.",
        piece("""
            schemas:
              payment: {day: date}
            streams:
              payments: {partition_key: day, workload: {records_per_second: 3000}}
        """),
        piece("""
            schemas:
              payment: {day: date}
            streams:
              payments: {partition_key: payment_id, workload: {records_per_second: 3000}}
        """),
        source="https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html",
    ),
    Code(
        "KIN415",
        "many more shards than the workload needs",
        "Each shard is paid for by the hour, whatever goes through it, and each is a batch more that a function has at once. A "
        "stream can be doubled in minutes, so there is no need to have shards for what may come one day.",
        piece("""
            streams:
              payments: {shards: 20}
        """),
        piece("""
            streams:
              payments: {shards: 2}
        """),
        source=kinesis.RESHARDING_FACTOR.source,
    ),
)
