"""Every finding's code: what it means, why it matters, a spec that triggers it, and the mend.

`explain`, the page of errors and the tests read this one catalogue. Codes are stable: wording may change, a code never
gets another meaning. Imports neither pydantic nor YAML, so that explaining one is instant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING, Any, Literal

from streaming_constructs.facts import athena, event_source, firehose, kinesis, logs, opensearch, s3

if TYPE_CHECKING:
    from streaming_constructs.spec.finding import Level

_FAILURES = "https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html"
_KINESIS_FILTERS = "https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html"
_GLUE_TYPES = "https://docs.aws.amazon.com/athena/latest/ug/data-types.html"
_GLUE_NAMES = "https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html"
_FIREHOSE_JSON = "https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html"
_SCHEMA_UPDATES = "https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html"
_PREFIXES = "https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html"
_LARGE_RECORDS = "https://docs.aws.amazon.com/streams/latest/dev/large-records.html"
_PARTITION_KEYS = "https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-partitioning-keys.html"
_DEAGGREGATION = "https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-multirecord-deaggergation.html"
_FIREHOSE_ENCRYPTION = "https://docs.aws.amazon.com/firehose/latest/dev/encryption.html"
_FIREHOSE_SNOWFLAKE = (
    "https://docs.aws.amazon.com/firehose/latest/APIReference/API_SnowflakeDestinationConfiguration.html"
)
_FIREHOSE_ICEBERG = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
    "aws-properties-kinesisfirehose-deliverystream-destinationtableconfiguration.html"
)
_FIREHOSE_LOGS = "https://docs.aws.amazon.com/firehose/latest/dev/writing-with-cloudwatch-logs.html"
_AGENT = "https://docs.aws.amazon.com/streams/latest/dev/writing-with-agents.html"
_STREAM = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-stream.html"
_ALARM_ACTIONS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html"
_FIREHOSE_COPY = "https://docs.aws.amazon.com/firehose/latest/APIReference/API_CopyCommand.html"
_FIREHOSE_ROUTING = "https://docs.aws.amazon.com/firehose/latest/dev/apache-iceberg-format-input-record.html"
_FIREHOSE_ICEBERG_API = (
    "https://docs.aws.amazon.com/firehose/latest/APIReference/API_IcebergDestinationConfiguration.html"
)
_FIREHOSE_ACCESS = "https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html"

BASE = """\
name: payments
schemas:
  payment: {payment_id: string, amount: double, country: string}
streams:
  payments:
    kind: kinesis
    schema: payment
    workload: {records_per_second: 1000, record_kb: 1}
consumers:
  fraud:
    kind: lambda
    from: payments
    code: handlers/fraud
    on_failure:
      retries: 5
      max_record_age_seconds: 3600
      destination: s3
alarms:
  notify: [{email: oncall@example.com}]
"""
"""A small spec that is fine. Examples are merged into it by name; `null` in an example takes a field out."""


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding.

    Attributes:
        code: The stable code, such as `LNG204`.
        title: What is wrong, in one line that stands alone.
        why: What happens otherwise.
        example: What triggers it: a command, a file beside the spec, a whole spec, or a part that is merged into `BASE`.
        mend: The same, put right.
        level: How bad it is: `error`, `warning` or `note`.
        source: The page of AWS that states the fact behind it, if there is one.
        earlier: What the same part said in an earlier version, where only comparing the two finds it.
    """

    code: str
    title: str
    why: str
    example: str
    mend: str
    level: Level = "error"
    source: str = ""
    earlier: str = ""

    @property
    def form(self) -> Literal["command", "elsewhere", "file", "fragment", "against"]:
        """What `example` and `mend` are: `fragment` a part of a spec, merged into `BASE`; `against` one of a later version."""
        if self.earlier:
            return "against"
        if self.example.startswith(("# ", "AWS_", "JSII_NODE=", "streaming-constructs local ")):
            return "elsewhere"
        if self.example.startswith("streaming-constructs "):
            return "command"
        return "file" if self.code.startswith("LNG1") else "fragment"

    def file(self, text: str) -> str:
        """The text of a whole spec with `text` in it: `example`, `mend` or `earlier`, or one of them in `BASE`."""
        if not text or self.form not in {"fragment", "against"}:
            return text
        import yaml

        merged = _merged(yaml.safe_load(BASE), yaml.safe_load(text))
        return yaml.safe_dump(merged, sort_keys=False, allow_unicode=True, width=100_000)


def _merged(base: Any, difference: Any) -> Any:
    if not (isinstance(base, Mapping) and isinstance(difference, Mapping)):
        return difference
    merged = {**base, **{key: _merged(base.get(key), value) for key, value in difference.items()}}
    return {key: value for key, value in merged.items() if value is not None}


def _yaml(text: str) -> str:
    return dedent(text).lstrip("\n")


def _readers(count: int, read: str) -> str:
    """Consumers in great number: one written out, and the rest like it."""
    first = _yaml(f"""
        consumers:
          fraud: {{read: {read}}}
          reader1: &reader
            kind: lambda
            from: payments
            code: handlers/fraud
            read: {read}
            on_failure: {{skip_after: {{attempts: 5, max_age_seconds: 3600}}, destination: s3}}
    """)
    return first + "".join(f"  reader{number}: *reader\n" for number in range(2, count + 1))


_ALL = (
    # --- SC1: files and commands
    Code(
        "LNG101",
        "the file cannot be read",
        "Nothing can be said about a spec that is not there, is no UTF-8 text, or is larger than any spec.",
        "streaming-constructs validate missing.yaml\n",
        "streaming-constructs validate pipeline.yaml\n",
    ),
    Code(
        "LNG102",
        "the file is not valid YAML",
        "YAML tells structure by indentation, colons and brackets. Where they do not fit together, no two readers "
        "would read the file alike. The cause is often on the line before the one that is named.",
        _yaml("""
            name: payments
            removal_policy: destroy
            streams:
              payments: {kind: kinesis, mode: on_demand
        """),
        _yaml("""
            name: payments
            removal_policy: destroy
            streams:
              payments: {kind: kinesis, mode: on_demand}
        """),
    ),
    Code(
        "LNG103",
        "a key is given twice",
        "YAML readers keep the last of the two and say nothing: a stream or a consumer would be missing from the "
        "template, and on the next deployment from the stack.",
        _yaml("""
            name: payments
            removal_policy: destroy
            streams:
              payments: {kind: kinesis, mode: on_demand}
              payments: {kind: kinesis, mode: on_demand, retention_hours: 48}
        """),
        _yaml("""
            name: payments
            removal_policy: destroy
            streams:
              payments: {kind: kinesis, mode: on_demand, retention_hours: 48}
        """),
    ),
    Code(
        "LNG104",
        "a tab stands in the indentation",
        "YAML forbids tabs there, because their width is not the same everywhere: the structure would depend on the "
        "editor.",
        "name: payments\nremoval_policy: destroy\nstreams:\n\tpayments: {kind: kinesis, mode: on_demand}\n",
        "name: payments\nremoval_policy: destroy\nstreams:\n  payments: {kind: kinesis, mode: on_demand}\n",
    ),
    Code(
        "LNG105",
        "the file uses a part of YAML that the language leaves out",
        "Tags, merge keys, keys that are no text, a second document, and aliases that unfold without end make a file "
        "mean something else than it seems to say. Anchors and aliases for whole values are fine, and differences "
        "between environments go under `environments`.",
        _yaml("""
            name: payments
            removal_policy: destroy
            streams:
              payments: &usual {kind: kinesis, mode: on_demand}
              refunds: {<<: *usual, retention_hours: 48}
        """),
        _yaml("""
            name: payments
            removal_policy: destroy
            streams:
              payments: {kind: kinesis, mode: on_demand}
              refunds: {kind: kinesis, mode: on_demand, retention_hours: 48}
        """),
    ),
    Code(
        "LNG106",
        "the file is no spec",
        "A spec is a mapping with a `name` at its top. A list, a single word or an empty file is something else, "
        "perhaps the wrong file.",
        _yaml("""
            - name: payments
            - environment: dev
            - streams: {payments: {kind: kinesis, mode: on_demand}}
        """),
        _yaml("""
            name: payments
            removal_policy: destroy
            streams: {payments: {kind: kinesis, mode: on_demand}}
        """),
    ),
    Code(
        "CMD107",
        "there is no pattern of that name",
        "A pattern is a folder with a `pattern.yaml` that comes with the package; `streaming-constructs patterns` "
        "lists them. The path of a file of your own is taken where a spec is asked for.",
        "streaming-constructs init lambda-consumr payments\n",
        "streaming-constructs init lambda-consumer payments\n",
    ),
    Code(
        "CMD108",
        "the folder cannot be written",
        "A new project goes into a new or an empty folder that you may write to, so that nothing of yours is "
        "overwritten; when anything fails, nothing is left behind. A template goes into a folder that exists or can be "
        "created.",
        "streaming-constructs init lambda-consumer .\n",
        "streaming-constructs init lambda-consumer payments\n",
    ),
    Code(
        "CMD109",
        "there is no Node.js",
        "CDK is written for Node.js, and every synthesis runs it. The extra `node` brings one from PyPI, and nothing has "
        "to be installed on the machine; `validate`, `plan` and `explain` need none.",
        "JSII_NODE=/nowhere/node streaming-constructs synth lambda-consumer\n",
        "pip install 'streaming-constructs[node]'\n",
    ),
    # --- SC2: fields and their values
    Code(
        "LNG201",
        "a field is unknown",
        "A misspelt field that is passed over in silence leaves its default in place: here the stream would keep "
        "records for 24 hours, not 48, and nobody would know before records are gone.",
        _yaml("""
            streams:
              payments: {retention: 48}
        """),
        _yaml("""
            streams:
              payments: {retention_hours: 48}
        """),
    ),
    Code(
        "LNG202",
        "a field is missing",
        "The field has no default, because any default would be a silent decision about your data. What becomes of "
        "records that a function fails on is one: Lambda's own default retries them until they expire, and blocks "
        "their shard meanwhile.",
        _yaml("""
            consumers:
              fraud: {on_failure: null}
        """),
        _yaml("""
            consumers:
              fraud:
                on_failure:
                  retries: 5
                  max_record_age_seconds: 3600
                  destination: s3
        """),
        source=event_source.RETRY_ATTEMPTS.source,
    ),
    Code(
        "LNG203",
        "a value is of the wrong type",
        "Values are taken as they stand: the text `two days` is no number, and neither is `48` in quotes. Guessing "
        "would turn a slip into a setting.",
        _yaml("""
            streams:
              payments: {retention_hours: two days}
        """),
        _yaml("""
            streams:
              payments: {retention_hours: 48}
        """),
    ),
    Code(
        "LNG204",
        "a number is out of range",
        "AWS refuses the value, but only while the stack is being deployed, after other resources have been created, "
        "and then everything is rolled back.",
        _yaml("""
            streams:
              payments: {retention_hours: 12}
        """),
        _yaml("""
            streams:
              payments: {retention_hours: 24}
        """),
        source=kinesis.RETENTION_HOURS.source,
    ),
    Code(
        "LNG205",
        "a word is not one of the choices",
        "The field takes one of a few words, each of which is built differently. Another word would be built as none "
        "of them.",
        _yaml("""
            consumers:
              fraud: {read: fan_out}
        """),
        _yaml("""
            consumers:
              fraud: {enhanced_fan_out: true}
        """),
    ),
    Code(
        "LNG206",
        "a text has the wrong form",
        "Names become parts of logical ids, ARNs say which resource is meant, moments need their time zone. A text of "
        "another form is refused by AWS while the stack is being deployed, or means another resource.",
        _yaml("""
            streams:
              payments: {arn: "arn:aws:kinesis:eu-west-1:stream/payments"}
        """),
        _yaml("""
            streams:
              payments: {arn: "arn:aws:kinesis:eu-west-1:123456789012:stream/payments"}
        """),
    ),
    Code(
        "SCH207",
        "a type in a schema is not one of AWS Glue",
        "Tables are made from the schema. With a type that Glue does not know, the table is created all the same, and "
        "queries on it fail.",
        _yaml("""
            schemas:
              payment: {amount: number}
        """),
        _yaml("""
            schemas:
              payment: {amount: double}
        """),
        source=_GLUE_TYPES,
    ),
    Code(
        "SCH208",
        "two fields of a schema are one column",
        "AWS Glue keeps column names in small letters. Names that differ in case alone become the same column twice, "
        "and queries on the table fail.",
        _yaml("""
            schemas:
              payment: {Amount: double}
        """),
        _yaml("""
            schemas:
              payment: {refunded_amount: double}
        """),
        source=_GLUE_NAMES,
    ),
    Code(
        "SCH209",
        "a form of time is given for a field that is no timestamp",
        "Firehose reads a time in the form that is given only where the column is a timestamp. In a column of another type "
        "the value is taken as it stands, and queries by time find nothing.",
        _yaml("""
            schemas:
              payment:
                paid_at: {type: bigint, timestamp_format: epoch_millis}
        """),
        _yaml("""
            schemas:
              payment:
                paid_at: {type: timestamp, timestamp_format: epoch_millis}
        """),
        source=_FIREHOSE_JSON,
    ),
    Code(
        "SCH210",
        "two fields are read from one key",
        "Firehose turns keys into small letters before it looks for the fields of a record, and maps a column to a key. AWS "
        "does not say which of two columns with one key takes the value, so either may stay empty; most often one of the two "
        "is a slip.",
        _yaml("""
            schemas:
              payment:
                land: {type: string, json_key: Country}
        """),
        _yaml("""
            schemas:
              payment:
                land: {type: string, json_key: Land-Code}
        """),
        source="https://docs.aws.amazon.com/firehose/latest/APIReference/API_OpenXJsonSerDe.html",
    ),
    Code(
        "SCH211",
        "a field of the schema is gone",
        "Objects that were written still have the column, but the table no longer does: queries that name it fail, and what "
        "is in it is out of reach. A field that is called otherwise now is one that is gone and a new one. Said by "
        "`validate --against`.",
        _yaml("""
            schemas:
              refund: {refund_id: string}
        """),
        _yaml("""
            schemas:
              refund: {refund_id: string, reason: string}
        """),
        source="https://docs.aws.amazon.com/athena/latest/ug/updates-removing-columns.html",
        earlier=_yaml("""
            schemas:
              refund: {refund_id: string, reason: string}
        """),
    ),
    Code(
        "SCH212",
        "a field has another type",
        "Objects that were written keep the type that they have. A query that reads old and new ones through one table "
        "fails, or takes the old values for something else. Only numbers that become wider can be read in many tables; that "
        "is a warning, because AWS asks to test it. Said by `validate --against`.",
        _yaml("""
            schemas:
              refund: {refund_id: string, amount: string}
        """),
        _yaml("""
            schemas:
              refund: {refund_id: string, amount: double, amount_text: string}
        """),
        source="https://docs.aws.amazon.com/athena/latest/ug/updates-changing-column-type.html",
        earlier=_yaml("""
            schemas:
              refund: {refund_id: string, amount: double}
        """),
    ),
    Code(
        "SCH213",
        "a field joined before the end, or stands at another place",
        "Athena finds the columns of Parquet and JSON by name, but those of ORC by their place, unless a table says "
        "otherwise; so do `INSERT INTO … SELECT *` and files without names. Each of these would take the values of one "
        "column for those of the next. A field that joins at the end is fine everywhere. Said by `validate --against`.",
        _yaml("""
            schemas:
              refund: {refund_id: string, amount: double, reason: string}
        """),
        _yaml("""
            schemas:
              refund: {refund_id: string, reason: string, amount: double}
        """),
        source=_SCHEMA_UPDATES,
        earlier=_yaml("""
            schemas:
              refund: {refund_id: string, reason: string}
        """),
    ),
    Code(
        "SCH214",
        "a field is read from records in another way",
        "Records that are still on their way when this is deployed, and JSON that was archived, are in the form of before: "
        "their times would become other times or none, and a key that is no longer looked for leaves its column empty. "
        "Said by `validate --against`.",
        _yaml("""
            schemas:
              refund:
                at: {type: timestamp, timestamp_format: epoch_millis}
        """),
        _yaml("""
            schemas:
              refund:
                at: timestamp
                at_millis: {type: timestamp, timestamp_format: epoch_millis}
        """),
        level="warning",
        source=_FIREHOSE_JSON,
        earlier=_yaml("""
            schemas:
              refund: {at: timestamp}
        """),
    ),
    # --- SC3: names and the graph
    Code(
        "GRF301",
        "a name refers to nothing",
        "Nodes are joined by name, and permissions follow the joints. A consumer of a stream that does not exist reads "
        "nothing.",
        _yaml("""
            consumers:
              fraud: {from: payment}
        """),
        _yaml("""
            consumers:
              fraud: {from: payments}
        """),
    ),
    Code(
        "GRF302",
        "a name is taken",
        "Streams, consumers and all other nodes share one space of names, so that `payments.iterator_age` means one "
        "alarm and a construct id one construct.",
        _yaml("""
            consumers:
              payments:
                kind: lambda
                from: payments
                code: handlers/fraud
                on_failure: {retries: 5, max_record_age_seconds: 3600, destination: s3}
        """),
        _yaml("""
            consumers:
              ledger:
                kind: lambda
                from: payments
                code: handlers/fraud
                on_failure: {retries: 5, max_record_age_seconds: 3600, destination: s3}
        """),
    ),
    Code(
        "GRF303",
        "a name refers to a node of another kind",
        "A consumer reads a stream, and a stream names a schema; a node of another kind has nothing to read there.",
        _yaml("""
            consumers:
              fraud: {from: fraud}
        """),
        _yaml("""
            consumers:
              fraud: {from: payments}
        """),
    ),
    Code(
        "GRF304",
        "the system is empty",
        "A stack without resources cannot be deployed. Perhaps a section lost its indentation, or the file is only "
        "begun.",
        _yaml("""
            streams: null
            consumers: null
        """),
        _yaml("""
            consumers: null
        """),
    ),
    Code(
        "GRF305",
        "an environment is not what it is taken for",
        "The environments are `dev` and `prod`, because what is kept and what is destroyed follows from them. A file "
        "that lists `environments` lists all that it may be deployed to, and the name of an entry already says which "
        "it is.",
        _yaml("""
            environments:
              staging:
                streams: {payments: {workload: {records_per_second: 10}}}
        """),
        _yaml("""
            environments:
              dev:
                streams: {payments: {workload: {records_per_second: 10}}}
              prod: {}
        """),
    ),
    Code(
        "GRF306",
        "records go round in a circle",
        "A function that writes to the stream it reads is called again for what it wrote, and writes again. The flow, and "
        "the bill, grow until a limit stops them. The same goes for a circle of several functions and streams.",
        _yaml("""
            consumers:
              fraud: {to: [payments]}
        """),
        _yaml("""
            streams:
              suspicions: {kind: kinesis, mode: on_demand}
            consumers:
              fraud: {to: [suspicions]}
        """),
        source="https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html",
    ),
    # --- SC4: streams
    Code(
        "KIN401",
        "a stream has nothing to derive its number of shards from",
        "A provisioned stream is created with a fixed number of shards, each for 1 MiB/s and 1,000 records/s. The "
        "number is derived from the workload, or it is yours to give; a guess would throttle writes or cost money for "
        "nothing.",
        _yaml("""
            streams:
              payments: {workload: null}
        """),
        _yaml("""
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
        _yaml("""
            streams:
              payments: {record_distribution: auto}
        """),
        _yaml("""
            streams:
              payments: {record_distribution: auto, mode: on_demand}
        """),
        source=_STREAM,
    ),
    Code(
        "LNG403",
        "a field cannot be set on an existing resource",
        "What is named by its ARN is adopted as it is; the stack does not own it, so the setting would never reach "
        "AWS.",
        _yaml("""
            streams:
              payments:
                arn: arn:aws:kinesis:eu-west-1:123456789012:stream/payments
                removal_policy: retain
        """),
        _yaml("""
            streams:
              payments:
                arn: arn:aws:kinesis:eu-west-1:123456789012:stream/payments
        """),
    ),
    Code(
        "LNG404",
        "a field has no effect here",
        "The field only means something together with, or without, another one. It would read like a setting, and be "
        "none.",
        _yaml("""
            streams:
              payments: {capacity: {mode: provisioned, shards: 4, headroom: 2}}
        """),
        _yaml("""
            streams:
              payments: {headroom: 2}
        """),
    ),
    Code(
        "KIN405",
        "the average record is larger than the stream takes",
        "Kinesis refuses a record above the limit of the stream, 1 MiB unless it is raised to as much as 10 MiB. "
        "Producers would fail on every other record.",
        _yaml("""
            streams:
              payments: {workload: {records_per_second: 1, record_kb: 2048}}
        """),
        _yaml("""
            streams:
              payments: {workload: {records_per_second: 1, record_kb: 2048}, max_record_kb: 3072}
            consumers:
              fraud: {batch_size: 2}
        """),
        source=kinesis.LARGE_RECORD_SHARE.source,
    ),
    Code(
        "LNG406",
        "an item is listed twice",
        "CloudFormation takes each shard-level metric, filter and layer once, and fails the stack otherwise.",
        _yaml("""
            streams:
              payments: {shard_level_metrics: [IncomingBytes, IncomingBytes]}
        """),
        _yaml("""
            streams:
              payments: {shard_level_metrics: [IncomingBytes, OutgoingBytes]}
        """),
        source=_STREAM,
    ),
    Code(
        "KIN407",
        "fewer shards than the workload needs",
        "A shard takes 1 MiB/s and 1,000 records/s, and gives 2 MiB/s to all shared readers together. Above that "
        "Kinesis throttles: producers get ProvisionedThroughputExceededException, and readers fall behind.",
        _yaml("""
            streams:
              payments:
                workload: {records_per_second: 5000, record_kb: 1}
                shards: 1
        """),
        _yaml("""
            streams:
              payments:
                workload: {records_per_second: 5000, record_kb: 1}
                shards: 7
        """),
        "warning",
        kinesis.SHARD_WRITE_MIB_PER_SECOND.source,
    ),
    Code(
        "KIN408",
        "more than an on-demand stream takes in most regions",
        "An on-demand stream writes up to 200 MiB/s in most regions and up to 10 GiB/s in three of them, unless AWS "
        "raises the quota. Above it writes are throttled.",
        _yaml("""
            streams:
              payments:
                workload: {records_per_second: 300000, record_kb: 1}
                mode: on_demand
        """),
        _yaml("""
            streams:
              payments:
                workload: {records_per_second: 300000, record_kb: 1}
                mode: provisioned
        """),
        "warning",
        kinesis.ON_DEMAND_MAX_WRITE_MIB_PER_SECOND_MOST_REGIONS.source,
    ),
    Code(
        "KIN409",
        "more shared readers than a shard serves",
        "A shard answers 5 GetRecords calls a second, for all shared readers together, and a Lambda function calls it "
        "once a second. A sixth reader makes all of them be throttled and fall behind.",
        _readers(5, "shared"),
        _readers(5, "enhanced_fan_out"),
        "warning",
        kinesis.SHARD_GET_RECORDS_PER_SECOND.source,
    ),
    Code(
        "KIN410",
        "more enhanced fan-out readers than a stream takes",
        "A stream has room for 20 of them, and for 50 on demand with On-Demand Advantage. The one too many fails the "
        "stack while it is being deployed. On demand, up to 50 of them are a warning, because only the account knows.",
        _readers(20, "enhanced_fan_out"),
        _readers(19, "enhanced_fan_out"),
        source=kinesis.FAN_OUT_CONSUMERS.source,
    ),
    Code(
        "KIN411",
        "warm throughput is below the peak of the workload",
        "Warm throughput is what the stream takes at once. When the peak is higher, writes above it are throttled "
        "until the stream has grown: just what warm throughput is there to spare.",
        _yaml("""
            streams:
              payments:
                workload: {records_per_second: 50000, record_kb: 1}
                mode: on_demand, warm_throughput_mb_per_second: 10
        """),
        _yaml("""
            streams:
              payments:
                workload: {records_per_second: 50000, record_kb: 1}
                mode: on_demand, warm_throughput_mb_per_second: 50
        """),
        "warning",
        kinesis.ON_DEMAND_INITIAL_WRITE_MIB_PER_SECOND.source,
    ),
    Code(
        "KIN412",
        "more shards than an account starts with",
        "An account starts with a quota of 1,000 or 6,000 shards in a region, 20,000 in the largest ones, for all its "
        "streams together. Beyond it the stack fails while it is being deployed.",
        _yaml("""
            streams:
              payments: {workload: {records_per_second: 1000000, record_kb: 1}}
            consumers: null
        """),
        _yaml("""
            streams:
              payments: {workload: {records_per_second: 10000, record_kb: 50}}
            consumers: null
        """),
        "warning",
        kinesis.SHARDS_LEAST_QUOTA.source,
    ),
    # --- SC5: consumers
    Code(
        "LAM501",
        "a consumer is either code or an existing function",
        "With both, one of them would be passed over in silence; with neither there is nothing to call.",
        _yaml("""
            consumers:
              fraud: {function_arn: "arn:aws:lambda:eu-west-1:123456789012:function:fraud"}
        """),
        _yaml("""
            consumers:
              fraud: {code: null, function_arn: "arn:aws:lambda:eu-west-1:123456789012:function:fraud"}
        """),
    ),
    Code(
        "LAM502",
        "the function's code is not where the spec says",
        "Paths are relative to the spec's own file. Without the folder nothing can be packed. Without the handler in "
        "it the function deploys well, fails on every batch, and gives all of them up.",
        _yaml("""
            consumers:
              fraud: {code: handlers/fruad}
        """),
        _yaml("""
            consumers:
              fraud: {code: handlers/fraud}
        """),
    ),
    Code(
        "LAM503",
        "the environment variables are larger than a function takes",
        "Lambda takes 4 KiB of environment variables, names and values together, and refuses to create the function "
        "above.",
        f'consumers:\n  fraud:\n    environment:\n      WATCH_LIST: "{"DE89370400440532013000," * 190}"\n',
        _yaml("""
            consumers:
              fraud:
                environment:
                  WATCH_LIST_PARAMETER: /payments/watch-list
        """),
        source=event_source.FUNCTION_ENVIRONMENT_BYTES.source,
    ),
    Code(
        "LAM504",
        "a filter that Lambda refuses, or that drops everything",
        "A record that matches no filter counts as processed: it is dropped without a trace. Patterns name `data` for "
        "the record's own JSON, or one of Kinesis' own fields, and hold values in lists.",
        _yaml("""
            consumers:
              fraud:
                filters: [{country: [DE]}]
        """),
        _yaml("""
            consumers:
              fraud:
                filters: [{data: {country: [DE]}}]
        """),
        source=_KINESIS_FILTERS,
    ),
    Code(
        "LAM505",
        "a filter pattern is too long",
        "Lambda takes 4,096 characters of JSON in one pattern. With a longer one the stack fails while it is being "
        "deployed.",
        "consumers:\n  fraud:\n    filters:\n      - data: {payment_id: ["
        + ", ".join(f"payment-{number}" for number in range(1000, 1300))
        + "]}\n",
        _yaml("""
            consumers:
              fraud:
                filters:
                  - data: {payment_id: [{prefix: payment-1}]}
        """),
        source=event_source.FILTER_PATTERN_CHARACTERS.source,
    ),
    Code(
        "LAM506",
        "records expire before they are given up",
        "A failing batch is retried until it is given up, and only then sent to `destination`. A record that leaves the "
        "stream before is skipped by Lambda and kept nowhere: it is lost. The same goes for every record of the shard "
        "that waits behind it.",
        _yaml("""
            consumers:
              fraud:
                on_failure: {retries: 100, max_record_age_seconds: 86400, }
        """),
        _yaml("""
            streams:
              payments: {retention_hours: 72}
            consumers:
              fraud:
                on_failure: {retries: 100, max_record_age_seconds: 86400, }
        """),
        source=_FAILURES,
    ),
    Code(
        "LAM507",
        "little time is left to read given-up records again",
        "SQS and SNS get the position of a given-up batch, not its records: these have to be read from the stream "
        "again, and they leave it when the retention ends. S3 gets the records too.",
        _yaml("""
            consumers:
              fraud:
                on_failure: {retries: 100, max_record_age_seconds: 72000, destination: sqs}
        """),
        _yaml("""
            consumers:
              fraud:
                on_failure: {retries: 100, max_record_age_seconds: 72000, destination: s3}
        """),
        "warning",
        _FAILURES,
    ),
    Code(
        "LAM508",
        "a FIFO destination cannot keep failed batches",
        "Lambda sends the failed batches of a stream to standard queues, standard topics and buckets. With a FIFO one "
        "the stack fails.",
        _yaml("""
            consumers:
              fraud:
                on_failure:
                  destination: {kind: sqs, queue_arn: "arn:aws:sqs:eu-west-1:123456789012:failed-payments.fifo"}
        """),
        _yaml("""
            consumers:
              fraud:
                on_failure:
                  destination: {kind: sqs, queue_arn: "arn:aws:sqs:eu-west-1:123456789012:failed-payments"}
        """),
        source=_FAILURES,
    ),
    Code(
        "LAM509",
        "age, not attempts, decides when a slow batch is given up",
        "A batch is given up after its attempts or at its age, whichever comes first. When every attempt runs into the "
        "timeout, the age comes first, and the batch gets fewer attempts than the spec says.",
        _yaml("""
            consumers:
              fraud: {timeout_seconds: 900}
        """),
        _yaml("""
            consumers:
              fraud:
                timeout_seconds: 900
                on_failure: {retries: 3, max_record_age_seconds: 3600, }
        """),
        "note",
        event_source.RECORD_AGE_SECONDS.source,
    ),
    Code(
        "LAM510",
        "less concurrency than the shards ask for",
        "Each shard keeps as many executions busy as its parallelization factor says. With fewer reserved, Lambda "
        "throttles the function, some shards wait, and their records grow old.",
        _yaml("""
            consumers:
              fraud: {reserved_concurrency: 1}
        """),
        _yaml("""
            consumers:
              fraud: {reserved_concurrency: 2}
        """),
        "warning",
        event_source.PARALLELIZATION_FACTOR.source,
    ),
    Code(
        "LAM511",
        "windows break when an on-demand stream splits a shard",
        "The state of a tumbling window belongs to a shard. When the shard is split or merged in the middle of a "
        "window, the window ends with part of its records, and its sum is wrong. On demand, AWS splits and merges when "
        "it likes.",
        _yaml("""
            streams:
              payments: {mode: on_demand}
            consumers:
              fraud: {tumbling_window_seconds: 60}
        """),
        _yaml("""
            streams:
              payments: {mode: provisioned}
            consumers:
              fraud: {tumbling_window_seconds: 60}
        """),
        "warning",
        event_source.TUMBLING_WINDOW_SECONDS.source,
    ),
    Code(
        "LAM512",
        "batches stay smaller than `batch_size`",
        "An invocation takes 6 MiB, and records are a third larger there than in the stream. A batch goes as soon as "
        "that is full, so the rest of `batch_size` never happens.",
        _yaml("""
            consumers:
              fraud: {batch_size: 10000}
        """),
        _yaml("""
            consumers:
              fraud: {batch_size: 4000}
        """),
        "note",
        event_source.PAYLOAD_MIB.source,
    ),
    Code(
        "LAM513",
        "more filters than the default quota",
        "An account starts with 5 filters for each mapping. With more the stack fails, until AWS has raised the quota, "
        "to 20 at most.",
        _yaml("""
            consumers:
              fraud:
                filters:
                  - data: {country: [AT]}
                  - data: {country: [BE]}
                  - data: {country: [CH]}
                  - data: {country: [DE]}
                  - data: {country: [FR]}
                  - data: {country: [NL]}
        """),
        _yaml("""
            consumers:
              fraud:
                filters:
                  - data: {country: [AT, BE, CH, DE, FR, NL]}
        """),
        "note",
        event_source.FILTERS_DEFAULT_QUOTA.source,
    ),
    Code(
        "LAM514",
        "a filter names a field that records do not have",
        "The stream's schema has no such field, so no record matches; Lambda drops every one of them as if it were "
        "processed.",
        _yaml("""
            consumers:
              fraud:
                filters: [{data: {contry: [DE]}}]
        """),
        _yaml("""
            consumers:
              fraud:
                filters: [{data: {country: [DE]}}]
        """),
        "warning",
        _KINESIS_FILTERS,
    ),
    Code(
        "LAM515",
        "the largest records never reach the function",
        "An invocation takes 6 MiB, and records travel in base64, a third larger. A record above 4.5 MiB is sent to "
        "`destination` without the function having seen it.",
        _yaml("""
            streams:
              payments: {max_record_kb: 10240}
        """),
        _yaml("""
            streams:
              payments: {max_record_kb: 4608}
        """),
        "warning",
        kinesis.LARGE_RECORD_SHARE.source,
    ),
    Code(
        "LAM516",
        "more concurrency than an account starts with",
        "All functions of an account share 1,000 concurrent executions in a region until AWS raises the limit. A "
        "consumer that asks for more is throttled, and so are all other functions.",
        _yaml("""
            streams:
              payments: {shards: 200}
            consumers:
              fraud: {parallelization_factor: 10}
        """),
        _yaml("""
            streams:
              payments: {shards: 200}
            consumers:
              fraud: {parallelization_factor: 5}
        """),
        "warning",
        event_source.ACCOUNT_CONCURRENCY.source,
    ),
    Code(
        "LAM517",
        "the function's requirements cannot be installed",
        "A handler's `requirements.txt` is installed into the function's package when the template is built, from wheels "
        "for the runtime and the architecture of the function. A package without such a wheel would have to be "
        "compiled, and the result would be for this machine and not for Lambda.",
        "# handlers/fraud/requirements.txt\nno-such-package==1.0\n",
        "# handlers/fraud/requirements.txt\nrequests==2.32.5\n",
    ),
    Code(
        "LAM518",
        "windows and parallel batches exclude each other",
        "The state of a tumbling window belongs to a whole shard, and parallel batches divide a shard. Users report that "
        "Lambda refuses a mapping with both.",
        _yaml("""
            consumers:
              fraud: {tumbling_window_seconds: 60, parallelization_factor: 4}
        """),
        _yaml("""
            consumers:
              fraud: {tumbling_window_seconds: 60}
        """),
        "warning",
    ),
    # --- SC6: alarms and acknowledgements
    Code(
        "ALM601",
        "there is no alarm of that name",
        "An alarm is named by its node and what it watches. Under a misspelt name nothing is overridden or silenced.",
        _yaml("""
            alarms:
              silence: {payments.write_throtling: producers retry for as long as it takes}
        """),
        _yaml("""
            alarms:
              silence: {payments.write_throttling: producers retry for as long as it takes}
        """),
    ),
    Code(
        "ALM602",
        "an override that changes nothing",
        "An override without numbers, or of an alarm that is silenced, reads like a decision and is none.",
        _yaml("""
            alarms:
              override: {payments.iterator_age: {}}
        """),
        _yaml("""
            alarms:
              override: {payments.iterator_age: {minutes: 30}}
        """),
    ),
    Code(
        "ALM603",
        "the alarms tell nobody",
        "An alarm without an action changes colour in the console, and no one is woken. In dev that is as it should "
        "be, so there it is not said.",
        _yaml("""
            alarms: null
        """),
        _yaml("""
            alarms:
              notify: [{email: oncall@example.com}]
        """),
        "warning",
        _ALARM_ACTIONS,
    ),
    Code(
        "LNG604",
        "nothing to acknowledge under that name",
        "An acknowledgement that outlives its warning would hide the next one of the same name. Errors cannot be "
        "acknowledged.",
        _yaml("""
            acknowledge: {fraud.LAM507: an hour is enough to read them again}
        """),
        _yaml("""
            consumers:
              fraud:
                on_failure: {retries: 100, max_record_age_seconds: 72000, destination: sqs}
            acknowledge: {fraud.LAM507: four hours are enough to read them again}
        """),
        "warning",
    ),
    # --- SC7: deliveries
    Code(
        "FIR701",
        "conversion needs a schema",
        "Firehose writes Parquet and ORC with the columns of a Glue table, and the table is made from the schema of the "
        "records. Without one there is nothing to convert to.",
        _yaml("""
            streams:
              payments: {schema: null}
            deliveries:
              lake: {from: payments, to: {kind: s3, format: parquet}}
        """),
        _yaml("""
            deliveries:
              lake: {from: payments, to: {kind: s3, format: parquet}}
        """),
        source=_FIREHOSE_JSON,
    ),
    Code(
        "FIR702",
        "the buffer is too small for conversion",
        "Firehose refuses a buffer below 64 MiB when it converts records to Parquet or ORC. Files of columns would be too "
        "small to be worth it.",
        _yaml("""
            deliveries:
              lake: {from: payments, to: {kind: s3, format: parquet, buffer_mb: 5}}
        """),
        _yaml("""
            deliveries:
              lake: {from: payments, to: {kind: s3, format: parquet, buffer_mb: 64}}
        """),
        source=firehose.CONVERSION_BUFFER_MIB.source,
    ),
    Code(
        "FIR703",
        "the buffer is too small for partitions that come from the record",
        "With dynamic partitioning each folder has a buffer of its own. Firehose refuses less than 64 MiB or 60 s, because "
        "the objects would be many and tiny.",
        _yaml("""
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [country], buffer_seconds: 0}}
        """),
        _yaml("""
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [country], buffer_seconds: 60}}
        """),
        source=firehose.DYNAMIC_PARTITIONING_BUFFER_MIB.source,
    ),
    Code(
        "FIR704",
        "an archive names a field that records do not have",
        "Partitions and bloom filters are made from fields of the schema. Under a misspelt name every record would have no "
        "value, and all of them would go to one folder.",
        _yaml("""
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [contry]}}
        """),
        _yaml("""
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [country]}}
        """),
        source=_PARTITION_KEYS,
    ),
    Code(
        "FIR705",
        "a field cannot be made a partition of this sort",
        "Only a time has a month, a day and an hour, and only a simple value names a folder. Firehose would fail to find "
        "the key of every record, and write all of them to the errors.",
        _yaml("""
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [day(payment_id)]}}
        """),
        _yaml("""
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [day(arrival)]}}
        """),
        source=_PARTITION_KEYS,
    ),
    Code(
        "FIR706",
        "a field has the name of a partition",
        "A table has each name once, as a column or as a partition. Glue takes both, and then queries fail.",
        _yaml("""
            schemas:
              payment: {arrival_day: string}
            deliveries:
              lake: {from: payments, to: {kind: s3}}
        """),
        _yaml("""
            schemas:
              payment: {day_at_shop: {type: string, json_key: arrival_day}}
            deliveries:
              lake: {from: payments, to: {kind: s3}}
        """),
        source="https://docs.aws.amazon.com/athena/latest/ug/partitions.html",
    ),
    Code(
        "FIR707",
        "folders lie in one another",
        "A table reads everything below its folder. Errors, copies or another archive below it would be read as records of "
        "this one, and could not be replayed or deleted by themselves.",
        _yaml("""
            deliveries:
              lake: {from: payments, to: {kind: s3, prefix: raw, error_prefix: raw/errors}}
        """),
        _yaml("""
            deliveries:
              lake: {from: payments, to: {kind: s3, prefix: raw, error_prefix: errors/raw}}
        """),
        source="https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html",
    ),
    Code(
        "FIR708",
        "the largest records are not delivered",
        "A stream takes records of up to 10 MiB, but Firehose does not deliver those above 1 MiB to every destination, nor "
        "with partitions that come from the record; and no record above 4.5 MiB passes through a function, which gets it in "
        "base64. They go to the errors.",
        _yaml("""
            streams:
              payments: {max_record_kb: 4096}
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [country]}}
        """),
        _yaml("""
            streams:
              payments: {max_record_kb: 4096}
            deliveries:
              lake: {from: payments, to: {kind: s3}}
        """),
        "warning",
        _LARGE_RECORDS,
    ),
    Code(
        "FIR709",
        "the average record is larger than Firehose takes directly",
        "Firehose refuses a record above 1,000 KiB that is put into it. Producers would fail on every other record.",
        _yaml("""
            deliveries:
              lake: {workload: {records_per_second: 0.5, record_kb: 1024}, to: {kind: s3}}
        """),
        _yaml("""
            deliveries:
              lake: {workload: {records_per_second: 0.5, record_kb: 1000}, to: {kind: s3}}
        """),
        source=firehose.RECORD_KIB.source,
    ),
    Code(
        "FIR710",
        "a delivery from a stream has no encryption of its own",
        "Firehose does not keep what it reads from a stream: the stream does, and encrypts it. CloudFormation fails a "
        "delivery that reads a stream and is told to encrypt.",
        _yaml("""
            deliveries:
              lake: {from: payments, encryption: customer_managed, to: {kind: s3}}
        """),
        _yaml("""
            streams:
              payments: {encryption: customer_managed}
            deliveries:
              lake: {from: payments, to: {kind: s3}}
        """),
        source=_FIREHOSE_ENCRYPTION,
    ),
    Code(
        "FIR711",
        "a delivery from a stream takes no records directly",
        "A delivery has one source for good. Firehose refuses what is put into one that reads a stream, so every write of "
        "the function would fail.",
        _yaml("""
            consumers:
              fraud: {to: [lake]}
            deliveries:
              lake: {from: payments, to: {kind: s3}}
        """),
        _yaml("""
            consumers:
              fraud: {to: [lake]}
            deliveries:
              lake: {to: {kind: s3}}
        """),
        source="https://docs.aws.amazon.com/firehose/latest/dev/writing-with-kinesis-streams.html",
    ),
    Code(
        "FIR715",
        "a path or an expression is longer than Firehose takes",
        "Firehose takes 1,024 characters of prefix, of which 512 may remain when its expressions are filled in, and 5,120 "
        "characters of the expression that finds the keys. With more the stack fails, or records go to the errors.",
        "deliveries:\n  lake:\n    schema: payment\n    to:\n      kind: s3\n      partition_by:\n        - by: country\n"
        "          values: [" + ", ".join(f"city-{number}" for number in range(1001, 1431)) + "]\n",
        _yaml("""
            deliveries:
              lake: {schema: payment, to: {kind: s3, partition_by: [country]}}
        """),
        source=_PREFIXES,
    ),
    Code(
        "FIR716",
        "more partition keys than Firehose takes",
        "Firehose takes 50 keys from a record. Long before, objects are so many and so small that queries spend their time "
        "on opening them.",
        "deliveries:\n  lake:\n    from: payments\n    to:\n      kind: s3\n      partition_by: ["
        + ", ".join(f"field{number}" for number in range(1, 52))
        + "]\n",
        _yaml("""
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [country]}}
        """),
        source=firehose.PARTITION_KEYS.source,
    ),
    Code(
        "FIR717",
        "a field cannot be read beside a time in a pattern of its own",
        "Firehose has two readers of JSON. The one that knows patterns of times knows neither keys that are called otherwise "
        "than their column, nor seconds since 1970: such a column would stay empty or wrong.",
        _yaml("""
            schemas:
              payment:
                paid_at: {type: timestamp, timestamp_format: dd/MM/yyyy HH:mm}
                shop: {type: string, json_key: shop-name}
            deliveries:
              lake: {from: payments, to: {kind: s3, format: parquet}}
        """),
        _yaml("""
            schemas:
              payment:
                paid_at: {type: timestamp, timestamp_format: dd/MM/yyyy HH:mm}
                shop: string
            deliveries:
              lake: {from: payments, to: {kind: s3, format: parquet}}
        """),
        source=_FIREHOSE_JSON,
    ),
    Code(
        "FIR718",
        "more than a delivery takes directly in most regions",
        "A delivery that is written to directly starts with a quota of 1 MiB/s and 100,000 records/s, five times that in the "
        "largest regions. Firehose raises it while it throttles; until then producers have to retry.",
        _yaml("""
            deliveries:
              lake: {workload: {records_per_second: 4000, record_kb: 1}, to: {kind: s3}}
        """),
        _yaml("""
            deliveries:
              lake: {workload: {records_per_second: 1000, record_kb: 1}, to: {kind: s3}}
        """),
        "warning",
        firehose.DIRECT_PUT_MIB_PER_SECOND.source,
    ),
    Code(
        "FIR719",
        "objects stay small",
        "A query spends time on opening each object, and S3 charges for each. Athena is at its best with objects of 128 MiB; "
        "a short buffer, many shards or many folders make many small ones.",
        _yaml("""
            deliveries:
              lake: {from: payments, to: {kind: s3, buffer_seconds: 10}}
        """),
        _yaml("""
            deliveries:
              lake: {from: payments, to: {kind: s3, buffer_seconds: 300}}
        """),
        "note",
        athena.OBJECT_MIB.source,
    ),
    Code(
        "FIR721",
        "requests are larger than the vendor takes",
        "Firehose sends up to 64 MiB in a request to an HTTP endpoint, but Datadog takes 4 MiB and MongoDB 16 MiB. What is "
        "refused is tried again, and then goes to the backup.",
        _yaml("""
            deliveries:
              metrics:
                from: payments
                to: {kind: http, endpoint: "https://aws-kinesis-http-intake.logs.datadoghq.com/v1/input", buffer_mb: 16}
        """),
        _yaml("""
            deliveries:
              metrics:
                from: payments
                to: {kind: http, endpoint: "https://aws-kinesis-http-intake.logs.datadoghq.com/v1/input", buffer_mb: 4}
        """),
        source=firehose.DATADOG_BUFFER_MB.source,
    ),
    Code(
        "FIR722",
        "a column for the record, or its metadata, is missing",
        "Loaded as a variant, the whole record goes into one column of the Snowflake table. Firehose has to be told which "
        "one, and refuses to be created otherwise.",
        _yaml("""
            deliveries:
              warehouse:
                from: payments
                to:
                  kind: snowflake
                  account_url: https://example.snowflakecomputing.com
                  secret_arn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:snowflake-AbCdEf
                  database: SALES
                  schema: PUBLIC
                  table: PAYMENTS
                  load_as: variant
        """),
        _yaml("""
            deliveries:
              warehouse:
                from: payments
                to:
                  kind: snowflake
                  account_url: https://example.snowflakecomputing.com
                  secret_arn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:snowflake-AbCdEf
                  database: SALES
                  schema: PUBLIC
                  table: PAYMENTS
                  load_as: variant
                  content_column: RECORD
        """),
        source=_FIREHOSE_SNOWFLAKE,
    ),
    Code(
        "FIR723",
        "a lifecycle that S3 refuses, or that ends before it begins",
        "S3 moves no object to Standard-IA before 30 days, and refuses rules whose days are out of order. An object that is "
        "deleted before it moves never moves.",
        _yaml("""
            deliveries:
              lake:
                from: payments
                to:
                  kind: s3
                  transitions: [{after_days: 90, storage_class: glacier_ir}]
                  expire_after_days: 60
        """),
        _yaml("""
            deliveries:
              lake:
                from: payments
                to:
                  kind: s3
                  transitions: [{after_days: 90, storage_class: glacier_ir}]
                  expire_after_days: 365
        """),
        source=s3.TRANSITION_DAYS.source,
    ),
    Code(
        "FIR724",
        "the backup would be the archive once more",
        "A source backup keeps records as they were before Firehose changed them. Where nothing changes them it is a second "
        "copy that is paid for, and that AWS cannot switch off again.",
        _yaml("""
            deliveries:
              lake: {from: payments, to: {kind: s3, source_backup: {}}}
        """),
        _yaml("""
            deliveries:
              lake: {from: payments, to: {kind: s3, format: parquet, source_backup: {}}}
        """),
        source="https://docs.aws.amazon.com/firehose/latest/APIReference/API_ExtendedS3DestinationConfiguration.html",
    ),
    Code(
        "FIR725",
        "a table that is updated needs the columns that make a row",
        "Firehose finds the row that a record updates or deletes by the table's unique keys. Without them it cannot, and the "
        "records go to the backup.",
        _yaml("""
            deliveries:
              ledger:
                from: payments
                transform: {function_arn: "arn:aws:lambda:eu-west-1:123456789012:function:ledger"}
                to:
                  kind: iceberg
                  catalog_arn: arn:aws:glue:eu-west-1:123456789012:catalog
                  table_bucket: ledger
                  tables: [{database: sales, table: payments}]
                  append_only: false
        """),
        _yaml("""
            deliveries:
              ledger:
                from: payments
                transform: {function_arn: "arn:aws:lambda:eu-west-1:123456789012:function:ledger"}
                to:
                  kind: iceberg
                  catalog_arn: arn:aws:glue:eu-west-1:123456789012:catalog
                  table_bucket: ledger
                  tables: [{database: sales, table: payments, unique_keys: [payment_id]}]
                  append_only: false
        """),
        source=_FIREHOSE_ICEBERG,
    ),
    Code(
        "FIR726",
        "records are told apart only for partitions that come from them",
        "Firehose takes several documents in one record apart as a part of dynamic partitioning, which is for S3 alone. "
        "Elsewhere the record would be delivered as it came.",
        _yaml("""
            deliveries:
              lake: {from: payments, deaggregate: json, to: {kind: s3}}
        """),
        _yaml("""
            deliveries:
              lake: {from: payments, deaggregate: json, to: {kind: s3, partition_by: [country]}}
        """),
        source=_DEAGGREGATION,
    ),
    Code(
        "FIR727",
        "more folders at once than Firehose writes",
        "A delivery starts with a quota of 500 partitions that are written at the same time. Records that would open another "
        "one go to the errors.",
        "deliveries:\n  lake:\n    schema: payment\n    to:\n      kind: s3\n      partition_by:\n        - by: country\n"
        "          values: [" + ", ".join(f"c{number}" for number in range(1, 500)) + "]\n",
        _yaml("""
            deliveries:
              lake: {schema: payment, to: {kind: s3, partition_by: [{by: country, values: [AT, CH, DE]}]}}
        """),
        "warning",
        firehose.ACTIVE_PARTITIONS.source,
    ),
    Code(
        "FIR728",
        "nothing says which table a record belongs to",
        "Firehose writes each record to the one table that is given. With several tables each record has to say its own, and a "
        "function does that in what it returns. Without one the records cannot be delivered.",
        _yaml("""
            deliveries:
              ledger:
                from: payments
                to:
                  kind: iceberg
                  catalog_arn: arn:aws:glue:eu-west-1:123456789012:catalog
                  table_bucket: ledger
                  tables: [{database: sales, table: payments}, {database: sales, table: refunds}]
        """),
        _yaml("""
            deliveries:
              ledger:
                from: payments
                transform: {function_arn: "arn:aws:lambda:eu-west-1:123456789012:function:route"}
                to:
                  kind: iceberg
                  catalog_arn: arn:aws:glue:eu-west-1:123456789012:catalog
                  table_bucket: ledger
                  tables: [{database: sales, table: payments}, {database: sales, table: refunds}]
        """),
        source=_FIREHOSE_ROUTING,
    ),
    Code(
        "FIR729",
        "the COPY command is not told that what it loads is gzipped",
        "Firehose stages objects gzipped, and Redshift reads them as its COPY command says. Without gzip among its options it "
        "takes them for text, and no record is loaded.",
        _yaml("""
            deliveries:
              warehouse:
                from: payments
                to:
                  kind: redshift
                  jdbc_url: jdbc:redshift://shop.abc123.eu-west-1.redshift.amazonaws.com:5439/shop
                  secret_arn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:redshift-AbCdEf
                  table: payments
                  copy_options: csv
        """),
        _yaml("""
            deliveries:
              warehouse:
                from: payments
                to:
                  kind: redshift
                  jdbc_url: jdbc:redshift://shop.abc123.eu-west-1.redshift.amazonaws.com:5439/shop
                  secret_arn: arn:aws:secretsmanager:eu-west-1:123456789012:secret:redshift-AbCdEf
                  table: payments
                  copy_options: csv gzip
        """),
        source=_FIREHOSE_COPY,
    ),
    Code(
        "FIR730",
        "more for one partition than Firehose writes",
        "With dynamic partitioning Firehose writes up to 1 GB a second to one partition. Above that records are late, and "
        "those of a stream expire before they are delivered. A time of the record is one partition for all of the flow.",
        _yaml("""
            schemas:
              payment: {paid_at: timestamp}
            streams:
              payments: {workload: {records_per_second: 2000000, record_kb: 1}, mode: on_demand}
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [hour(paid_at)]}}
            acknowledge: {payments.KIN408: the quota is raised to 4 GiB/s}
        """),
        _yaml("""
            schemas:
              payment: {paid_at: timestamp}
            streams:
              payments: {workload: {records_per_second: 2000000, record_kb: 1}, mode: on_demand}
            deliveries:
              lake: {from: payments, to: {kind: s3, partition_by: [hour(arrival)]}}
            acknowledge: {payments.KIN408: the quota is raised to 4 GiB/s}
        """),
        "warning",
        firehose.PARTITION_MIB_PER_SECOND.source,
    ),
    Code(
        "FIR731",
        "less concurrency than Firehose may ask for",
        "Firehose hands up to 5 batches of each shard to the function at once, and 10 where it writes to Splunk. With fewer "
        "executions reserved Lambda throttles some; after its retries Firehose writes such a batch to the errors, although "
        "nothing is wrong with it.",
        _yaml("""
            deliveries:
              lake:
                from: payments
                transform: {code: handlers/fraud, reserved_concurrency: 1}
                to: {kind: s3}
        """),
        _yaml("""
            deliveries:
              lake:
                from: payments
                transform: {code: handlers/fraud, reserved_concurrency: 10}
                to: {kind: s3}
        """),
        "warning",
        firehose.S3.transform_concurrency.source,
    ),
    Code(
        "FIR732",
        "several log events cannot be one document",
        "CloudWatch Logs puts many events into one record. OpenSearch takes one document for a record, and refuses one that "
        "holds several, so all of them go to the backup. A function can take them apart and write one record for each.",
        _yaml("""
            producers:
              services: {kind: cloudwatch_logs, to: search, log_groups: [/shop/checkout]}
            deliveries:
              search:
                decompress_cloudwatch_logs: true
                to: {kind: opensearch, domain_arn: "arn:aws:es:eu-west-1:123456789012:domain/logs"}
        """),
        _yaml("""
            streams:
              events: {kind: kinesis, mode: on_demand}
              logs: {kind: kinesis, mode: on_demand}
            consumers:
              fraud: {from: logs, to: [events]}
            producers:
              services: {kind: cloudwatch_logs, to: logs, log_groups: [/shop/checkout]}
            deliveries:
              search:
                from: events
                to: {kind: opensearch, domain_arn: "arn:aws:es:eu-west-1:123456789012:domain/logs"}
        """),
        source=_FIREHOSE_LOGS,
    ),
    Code(
        "FIR733",
        "there is no such time zone",
        "Firehose takes the names of the IANA database, and refuses any other when the delivery is created.",
        _yaml("""
            deliveries:
              lake:
                from: payments
                to: {kind: s3, time_zone: Europe/Belin}
        """),
        _yaml("""
            deliveries:
              lake:
                from: payments
                to: {kind: s3, time_zone: Europe/Berlin}
        """),
        source="https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html",
    ),
    Code(
        "FIR734",
        "of deliveries to Iceberg tables only failed records are kept",
        "Firehose knows a backup of all records for other destinations. For Iceberg tables it carries out none but that of "
        "records which could not be delivered.",
        _yaml("""
            deliveries:
              ledger:
                from: payments
                to:
                  kind: iceberg
                  catalog_arn: arn:aws:glue:eu-west-1:123456789012:catalog
                  table_bucket: ledger
                  tables: [{database: sales, table: payments}]
                  backup: {records: all}
        """),
        _yaml("""
            deliveries:
              ledger:
                from: payments
                to:
                  kind: iceberg
                  catalog_arn: arn:aws:glue:eu-west-1:123456789012:catalog
                  table_bucket: ledger
                  tables: [{database: sales, table: payments}]
              copies: {from: payments, to: {kind: s3}}
        """),
        source=_FIREHOSE_ICEBERG_API,
    ),
    Code(
        "FIR735",
        "the bucket of the tables' data is missing",
        "The Glue catalog knows tables, and their data is in a bucket, on which the delivery needs its permissions. Only S3 "
        "Tables, which has a catalog of its own, keeps the data itself.",
        _yaml("""
            deliveries:
              ledger:
                from: payments
                to:
                  kind: iceberg
                  catalog_arn: arn:aws:glue:eu-west-1:123456789012:catalog
                  tables: [{database: sales, table: payments}]
        """),
        _yaml("""
            deliveries:
              ledger:
                from: payments
                to:
                  kind: iceberg
                  catalog_arn: arn:aws:glue:eu-west-1:123456789012:catalog/s3tablescatalog/ledger
                  tables: [{database: sales, table: payments}]
        """),
        source=_FIREHOSE_ACCESS,
    ),
    Code(
        "FIR740",
        "two archives would be one table",
        "A table of the Glue catalog has small letters, digits and `_`, so a `-` in a name becomes one. Of two tables with "
        "one name the second fails the stack.",
        _yaml("""
            deliveries:
              raw-payments: {from: payments, to: {kind: s3}}
              raw_payments: {from: payments, to: {kind: s3}}
        """),
        _yaml("""
            deliveries:
              raw-payments: {from: payments, to: {kind: s3}}
              payments_for_replay: {from: payments, to: {kind: s3}}
        """),
        source=_GLUE_NAMES,
    ),
    # --- SC8: stores
    Code(
        "OSD801",
        "without rotation nothing can be deleted",
        "A domain deletes documents by deleting whole indices that are old enough. One that is written to for ever never is, "
        "and fills the domain until it takes no more.",
        _yaml("""
            stores:
              search: {kind: opensearch}
            deliveries:
              events: {from: payments, to: {kind: opensearch, domain: search, index_rotation: none}}
        """),
        _yaml("""
            stores:
              search: {kind: opensearch}
            deliveries:
              events: {from: payments, to: {kind: opensearch, domain: search, index_rotation: daily}}
        """),
        source="https://docs.aws.amazon.com/firehose/latest/dev/create-destination.html",
    ),
    Code(
        "OSD802",
        "a copy needs a node of its own",
        "OpenSearch never puts two copies of a shard on one node. A copy without a node stays unassigned, and the domain is "
        "yellow from its first day.",
        _yaml("""
            stores:
              search: {kind: opensearch, instances: 2, zones: 1, replicas: 2}
        """),
        _yaml("""
            stores:
              search: {kind: opensearch, instances: 3, zones: 1, replicas: 2}
        """),
        source=opensearch.STANDBY_REPLICAS.source,
    ),
    Code(
        "OSD803",
        "data nodes do not divide evenly among the zones",
        "OpenSearch Service spreads data nodes over the zones. Where they do not divide evenly, one zone carries more than "
        "the others, and is full first.",
        _yaml("""
            stores:
              search: {kind: opensearch, instances: 4, zones: 3}
        """),
        _yaml("""
            stores:
              search: {kind: opensearch, instances: 6, zones: 3}
        """),
        source=opensearch.AVAILABILITY_ZONES.source,
    ),
    Code(
        "OSD804",
        "a version or a volume that OpenSearch Service does not offer",
        "OpenSearch Service offers some versions of OpenSearch, and volumes up to a size that depends on the instance type. "
        "With anything else the stack fails while it is being deployed.",
        _yaml("""
            stores:
              search: {kind: opensearch, version: "2.18"}
        """),
        _yaml("""
            stores:
              search: {kind: opensearch, version: "2.19"}
        """),
        source="https://docs.aws.amazon.com/opensearch-service/latest/developerguide/what-is.html",
    ),
    Code(
        "OSD805",
        "a domain has one subnet in each of its zones",
        "OpenSearch Service places the nodes of a zone into the subnet of that zone. With more or fewer subnets than zones "
        "the stack fails while it is being deployed.",
        _yaml("""
            stores:
              search:
                kind: opensearch
                zones: 3
                vpc:
                  subnet_ids: [subnet-0a1b2c3d4e5f60718, subnet-1a1b2c3d4e5f60718]
                  security_group_ids: [sg-0a1b2c3d4e5f60718]
        """),
        _yaml("""
            stores:
              search:
                kind: opensearch
                zones: 3
                vpc:
                  subnet_ids: [subnet-0a1b2c3d4e5f60718, subnet-1a1b2c3d4e5f60718, subnet-2a1b2c3d4e5f60718]
                  security_group_ids: [sg-0a1b2c3d4e5f60718]
        """),
        source="https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html",
    ),
    Code(
        "OSD806",
        "the domain is too small for what is delivered to it",
        "Documents need storage for as long as they are kept, and shards need memory and processors. A domain that is full "
        "blocks writes, and what cannot be written goes to the backup.",
        _yaml("""
            stores:
              search: {kind: opensearch, retention_days: 30, instances: 3, volume_gb: 100}
            deliveries:
              events: {from: payments, to: {kind: opensearch, domain: search}}
        """),
        _yaml("""
            stores:
              search: {kind: opensearch, retention_days: 30}
            deliveries:
              events: {from: payments, to: {kind: opensearch, domain: search}}
        """),
        "warning",
        opensearch.STORAGE_FACTOR.source,
    ),
    Code(
        "OSD807",
        "a destination is either a store of the system or an existing domain",
        "With both, one of them would be passed over in silence; with neither there is nowhere to write to.",
        _yaml("""
            deliveries:
              search: {from: payments, to: {kind: opensearch}}
        """),
        _yaml("""
            deliveries:
              search:
                from: payments
                to: {kind: opensearch, domain_arn: "arn:aws:es:eu-west-1:123456789012:domain/payments"}
        """),
    ),
    Code(
        "OSD808",
        "a burstable node slows down when its credits are used up",
        "T3 nodes earn processor credits while they are idle. Records that come all day use them up, and then indexing "
        "slows down for good. AWS has them for trials.",
        _yaml("""
            stores:
              search: {kind: opensearch, instance_type: t3.medium.search}
        """),
        _yaml("""
            stores:
              search: {kind: opensearch, instance_type: m7g.large.search}
        """),
        "warning",
        opensearch.DATA_NODES_WITH_MASTERS.source,
    ),
    Code(
        "OSD809",
        "two deliveries write to the same index",
        "An index has its fields, its number of shards and its retention once. Those of the delivery that is deployed last "
        "would hold for both, and documents of the other may be refused.",
        _yaml("""
            stores:
              search: {kind: opensearch}
            deliveries:
              events: {from: payments, to: {kind: opensearch, domain: search, index: payments}}
              copies: {from: payments, to: {kind: opensearch, domain: search, index: payments}}
        """),
        _yaml("""
            stores:
              search: {kind: opensearch}
            deliveries:
              events: {from: payments, to: {kind: opensearch, domain: search, index: payments}}
              copies: {from: payments, to: {kind: opensearch, domain: search, index: copies}}
        """),
        source=opensearch.SEARCH_SHARD_GIB.source,
    ),
    # --- SC9: producers
    Code(
        "LOG901",
        "nothing is subscribed, or a log group twice",
        "A subscription takes its events from log groups by name, from all of the account, or from other accounts. With none "
        "of them nothing is ever sent; with the first two together, events are sent twice and paid for twice.",
        _yaml("""
            streams:
              logs: {kind: kinesis, mode: on_demand}
            producers:
              services: {kind: cloudwatch_logs, to: logs}
        """),
        _yaml("""
            streams:
              logs: {kind: kinesis, mode: on_demand}
            producers:
              services: {kind: cloudwatch_logs, to: logs, log_groups: [/shop/checkout]}
        """),
        source=logs.SUBSCRIPTION_FILTERS_PER_LOG_GROUP.source,
    ),
    Code(
        "LOG902",
        "nobody may send",
        "A destination for other accounts lets in those that it names, by their number or by their organization. One that "
        "names nobody refuses every subscription.",
        _yaml("""
            streams:
              logs: {kind: kinesis, mode: on_demand}
            producers:
              services: {kind: cloudwatch_logs, to: logs, accept_from: {}}
        """),
        _yaml("""
            streams:
              logs: {kind: kinesis, mode: on_demand}
            producers:
              services: {kind: cloudwatch_logs, to: logs, accept_from: {account_ids: ["210987654321"]}}
        """),
        source=logs.DESTINATION_POLICY_BYTES.source,
    ),
    Code(
        "LOG903",
        "a second policy for all log groups",
        "CloudWatch Logs takes one subscription policy in an account and region. The second one fails the stack, or takes "
        "the place of the first.",
        _yaml("""
            streams:
              logs: {kind: kinesis, mode: on_demand}
            producers:
              services: {kind: cloudwatch_logs, to: logs, account_policy: {}}
              audit: {kind: cloudwatch_logs, to: logs, account_policy: {}}
        """),
        _yaml("""
            streams:
              logs: {kind: kinesis, mode: on_demand}
            producers:
              services: {kind: cloudwatch_logs, to: logs, account_policy: {}}
        """),
        source=logs.ACCOUNT_POLICIES.source,
    ),
    Code(
        "LOG904",
        "a log group would feed itself",
        "A function that reads log events writes a log of its own. With that log subscribed too, each event makes more of "
        "them, without end, and all of it is paid for. The logs of functions that are created are left out by themselves.",
        _yaml("""
            streams:
              logs: {kind: kinesis, mode: on_demand}
            consumers:
              fraud:
                from: logs
                code: null
                function_arn: arn:aws:lambda:eu-west-1:123456789012:function:fraud
            producers:
              services: {kind: cloudwatch_logs, to: logs, log_groups: [/shop/checkout, /aws/lambda/fraud]}
        """),
        _yaml("""
            streams:
              logs: {kind: kinesis, mode: on_demand}
            consumers:
              fraud:
                from: logs
                code: null
                function_arn: arn:aws:lambda:eu-west-1:123456789012:function:fraud
            producers:
              services: {kind: cloudwatch_logs, to: logs, log_groups: [/shop/checkout]}
        """),
        source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Subscriptions-recursion-prevention.html",
    ),
    Code(
        "LOG905",
        "the records are gzipped batches of log events",
        "CloudWatch Logs sends many events in one gzipped record. Written as they are they make an archive that no table "
        "reads, conversion fails on every one of them, and a search finds nothing.",
        _yaml("""
            streams:
              logs: {kind: kinesis, mode: on_demand}
            producers:
              services: {kind: cloudwatch_logs, to: logs, log_groups: [/shop/checkout]}
            deliveries:
              lake: {from: logs, to: {kind: s3}}
        """),
        _yaml("""
            streams:
              logs: {kind: kinesis, mode: on_demand}
            producers:
              services: {kind: cloudwatch_logs, to: logs, log_groups: [/shop/checkout]}
            deliveries:
              lake: {from: logs, decompress_cloudwatch_logs: true, to: {kind: s3}}
        """),
        "warning",
        _FIREHOSE_LOGS,
    ),
    Code(
        "AGT906",
        "the parts of a line have no names, or not as many",
        "The agent makes JSON of a line when it knows what each part is called: by the names of columns, by a format that it "
        "knows, or by a pattern with a name for each group. Otherwise it has no keys to write, and sends no line as JSON.",
        _yaml("""
            producers:
              tills:
                kind: kinesis_agent
                to: payments
                files: [{path: /var/log/till/*.csv, processing: [{option: csv_to_json}]}]
        """),
        _yaml("""
            producers:
              tills:
                kind: kinesis_agent
                to: payments
                files:
                  - path: /var/log/till/*.csv
                    processing: [{option: csv_to_json, field_names: [payment_id, amount, country]}]
        """),
        source=_AGENT,
    ),
    Code(
        "AGT907",
        "the agent's configuration does not fit in a parameter",
        "Hosts fetch the configuration of the agent from Systems Manager, which holds 4,096 characters in a parameter. With "
        "more the stack fails while it is being deployed.",
        "producers:\n  tills:\n    kind: kinesis_agent\n    to: payments\n    files: ["
        + ", ".join(f"{{path: /var/log/till/{number}/payments.log}}" for number in range(1, 31))
        + "]\n",
        _yaml("""
            producers:
              tills:
                kind: kinesis_agent
                to: payments
                files: [{path: /var/log/till/payments-*.log}]
        """),
        source="https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html",
    ),
    Code(
        "LOG908",
        "a stream gets records of two forms",
        "CloudWatch Logs sends gzipped batches of events, an agent sends lines. What reads one of the two fails on the other, "
        "and Firehose that decompresses takes nothing else.",
        _yaml("""
            producers:
              tills: {kind: kinesis_agent, to: payments, files: [{path: /var/log/till/*.log}]}
              services: {kind: cloudwatch_logs, to: payments, log_groups: [/shop/checkout]}
        """),
        _yaml("""
            streams:
              logs: {kind: kinesis, mode: on_demand}
            producers:
              tills: {kind: kinesis_agent, to: payments, files: [{path: /var/log/till/*.log}]}
              services: {kind: cloudwatch_logs, to: logs, log_groups: [/shop/checkout]}
        """),
        "warning",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html",
    ),
    # --- SC95: rehearsals on this machine
    Code(
        "LOC951",
        "the endpoint is not on this machine",
        "A rehearsal creates, overwrites and deletes as it likes. It speaks to loopback alone, so that a mistyped address "
        "can never be an account of yours.",
        "AWS_ENDPOINT_URL=http://10.0.0.7:4566 streaming-constructs local run lambda-consumer\n",
        "env -u AWS_ENDPOINT_URL streaming-constructs local run lambda-consumer\n",
    ),
    Code(
        "LOC952",
        "there are credentials in the environment that look real",
        "A rehearsal needs none and hands none on. But what is typed beside it, in the same shell, would reach the account "
        "that they belong to.",
        "AWS_ACCESS_KEY_ID=AKIA… streaming-constructs local run lambda-consumer\n",
        "env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY streaming-constructs local run lambda-consumer\n",
    ),
    Code(
        "LOC953",
        "the extra `local` is not installed",
        "A rehearsal brings an AWS, a query engine and a reader of Parquet with it: half a gigabyte that those who only build "
        "templates do not need.",
        "streaming-constructs local run lambda-consumer\n",
        "pip install 'streaming-constructs[local]'\n",
    ),
    Code(
        "LOC954",
        "the events cannot be read",
        'Events are lines of a file: `{"partition_key": …, "data": …}`, or the data of a record alone. A key that Kinesis '
        "would refuse is said before anything is put.",
        '# events.jsonl\n{"partition_key": 17, "data": {"amount": 12.5}}\n',
        '# events.jsonl\n{"partition_key": "17", "data": {"amount": 12.5}}\n',
    ),
    Code(
        "LOC955",
        "the stack cannot be deployed on this machine",
        "Every type of our templates is created here with its properties, or named as written down alone. What is neither "
        "fails the deployment, rather than to be passed over and missed later.",
        "# a template with AWS::StepFunctions::StateMachine\nstreaming-constructs local run pipeline.yaml\n",
        "# the same without it\nstreaming-constructs local run pipeline.yaml\n",
    ),
    Code(
        "LOC956",
        "nothing is running here",
        "`put`, `query`, `status` and `down` are about what `up` started in the same folder; there is nothing, or it has ended "
        "meanwhile.",
        "streaming-constructs local status\n",
        "streaming-constructs local up lambda-consumer\n",
    ),
    Code(
        "LOC957",
        "something is running here already",
        "One folder has one AWS at a time, so that `put`, `query` and `down` need not be told which is meant.",
        "streaming-constructs local up lambda-consumer\n",
        "streaming-constructs local down\n",
    ),
    Code(
        "LOC958",
        "it is not clear where events go",
        "A system with several streams gets its events in the one that has a schema, if only one has; else somebody has to "
        "say. A name that is none of them is one that nobody put records into.",
        "streaming-constructs local run pipeline.yaml --into log\n",
        "streaming-constructs local run pipeline.yaml --into logs\n",
    ),
    Code(
        "LOC959",
        "the query cannot be answered",
        "SQL is answered by DuckDB over the objects, with the columns of the tables in the catalog. Athena is another engine: "
        "what the two call functions differs now and then.",
        "streaming-constructs local query 'SELECT count(*) FROM lakes'\n",
        "streaming-constructs local query 'SELECT count(*) FROM lake'\n",
    ),
)

CODES: dict[str, Code] = {code.code: code for code in _ALL}
"""Every code, by name, in order."""
