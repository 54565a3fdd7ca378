"""Every finding's code: what it means, why it matters, a spec that triggers it, and the mend.

`explain`, the page of errors and the tests read this one catalogue. Codes are stable: wording may change, a code never
gets another meaning. Imports neither pydantic nor YAML, so that explaining one is instant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING, Any, Literal

from streaming_constructs.facts import event_source, kinesis

if TYPE_CHECKING:
    from streaming_constructs.spec.finding import Level

_FAILURES = "https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html"
_KINESIS_FILTERS = "https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html"
_GLUE_TYPES = "https://docs.aws.amazon.com/athena/latest/ug/data-types.html"
_GLUE_NAMES = "https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html"
_STREAM = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-stream.html"
_ALARM_ACTIONS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html"

BASE = """\
name: payments
schemas:
  payment: {payment_id: string, amount: double, country: string}
streams:
  payments:
    kind: kinesis
    schema: payment
    workload: {records_per_second: 1000, record_kib: 1}
consumers:
  fraud:
    kind: lambda
    from: payments
    code: handlers/fraud
    on_error:
      skip_after: {attempts: 5, max_age_seconds: 3600}
      keep_in: s3
alarms:
  notify: [{email: oncall@example.com}]
"""
"""A small spec that is fine. Examples are merged into it by name; `null` in an example takes a field out."""


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding.

    Attributes:
        code: The stable code, such as `SC204`.
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
        if self.example.startswith("streaming-constructs "):
            return "command"
        if self.example.startswith(("# handlers/", "JSII_NODE=")):
            return "elsewhere"
        return "file" if self.code < "SC2" else "fragment"

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
            on_error: {{skip_after: {{attempts: 5, max_age_seconds: 3600}}, keep_in: s3}}
    """)
    return first + "".join(f"  reader{number}: *reader\n" for number in range(2, count + 1))


_ALL = (
    # --- SC1: files and commands
    Code(
        "SC101",
        "the file cannot be read",
        "Nothing can be said about a spec that is not there, is no UTF-8 text, or is larger than any spec.",
        "streaming-constructs validate missing.yaml\n",
        "streaming-constructs validate pipeline.yaml\n",
    ),
    Code(
        "SC102",
        "the file is not valid YAML",
        "YAML tells structure by indentation, colons and brackets. Where they do not fit together, no two readers "
        "would read the file alike. The cause is often on the line before the one that is named.",
        _yaml("""
            name: payments
            environment: dev
            streams:
              payments: {kind: kinesis, capacity: on_demand
        """),
        _yaml("""
            name: payments
            environment: dev
            streams:
              payments: {kind: kinesis, capacity: on_demand}
        """),
    ),
    Code(
        "SC103",
        "a key is given twice",
        "YAML readers keep the last of the two and say nothing: a stream or a consumer would be missing from the "
        "template, and on the next deployment from the stack.",
        _yaml("""
            name: payments
            environment: dev
            streams:
              payments: {kind: kinesis, capacity: on_demand}
              payments: {kind: kinesis, capacity: on_demand, retention_hours: 48}
        """),
        _yaml("""
            name: payments
            environment: dev
            streams:
              payments: {kind: kinesis, capacity: on_demand, retention_hours: 48}
        """),
    ),
    Code(
        "SC104",
        "a tab stands in the indentation",
        "YAML forbids tabs there, because their width is not the same everywhere: the structure would depend on the "
        "editor.",
        "name: payments\nenvironment: dev\nstreams:\n\tpayments: {kind: kinesis, capacity: on_demand}\n",
        "name: payments\nenvironment: dev\nstreams:\n  payments: {kind: kinesis, capacity: on_demand}\n",
    ),
    Code(
        "SC105",
        "the file uses a part of YAML that the language leaves out",
        "Tags, merge keys, keys that are no text, a second document, and aliases that unfold without end make a file "
        "mean something else than it seems to say. Anchors and aliases for whole values are fine, and differences "
        "between environments go under `environments`.",
        _yaml("""
            name: payments
            environment: dev
            streams:
              payments: &usual {kind: kinesis, capacity: on_demand}
              refunds: {<<: *usual, retention_hours: 48}
        """),
        _yaml("""
            name: payments
            environment: dev
            streams:
              payments: {kind: kinesis, capacity: on_demand}
              refunds: {kind: kinesis, capacity: on_demand, retention_hours: 48}
        """),
    ),
    Code(
        "SC106",
        "the file is no spec",
        "A spec is a mapping with a `name` at its top. A list, a single word or an empty file is something else, "
        "perhaps the wrong file.",
        _yaml("""
            - name: payments
            - environment: dev
            - streams: {payments: {kind: kinesis, capacity: on_demand}}
        """),
        _yaml("""
            name: payments
            environment: dev
            streams: {payments: {kind: kinesis, capacity: on_demand}}
        """),
    ),
    Code(
        "SC107",
        "there is no pattern of that name",
        "A pattern is a folder with a `pattern.yaml` that comes with the package; `streaming-constructs patterns` "
        "lists them. The path of a file of your own is taken where a spec is asked for.",
        "streaming-constructs init lambda-consumr payments\n",
        "streaming-constructs init lambda-consumer payments\n",
    ),
    Code(
        "SC108",
        "the folder cannot be written",
        "A new project goes into a new or an empty folder that you may write to, so that nothing of yours is "
        "overwritten; when anything fails, nothing is left behind. A template goes into a folder that exists or can be "
        "created.",
        "streaming-constructs init lambda-consumer .\n",
        "streaming-constructs init lambda-consumer payments\n",
    ),
    Code(
        "SC109",
        "there is no Node.js",
        "CDK is written for Node.js, and every synthesis runs it. The extra `node` brings one from PyPI, and nothing has "
        "to be installed on the machine; `validate`, `plan` and `explain` need none.",
        "JSII_NODE=/nowhere/node streaming-constructs synth lambda-consumer\n",
        "pip install 'streaming-constructs[node]'\n",
    ),
    # --- SC2: fields and their values
    Code(
        "SC201",
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
        "SC202",
        "a field is missing",
        "The field has no default, because any default would be a silent decision about your data. What becomes of "
        "records that a function fails on is one: Lambda's own default retries them until they expire, and blocks "
        "their shard meanwhile.",
        _yaml("""
            consumers:
              fraud: {on_error: null}
        """),
        _yaml("""
            consumers:
              fraud:
                on_error:
                  skip_after: {attempts: 5, max_age_seconds: 3600}
                  keep_in: s3
        """),
        source=event_source.RETRY_ATTEMPTS.source,
    ),
    Code(
        "SC203",
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
        "SC204",
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
        "SC205",
        "a word is not one of the choices",
        "The field takes one of a few words, each of which is built differently. Another word would be built as none "
        "of them.",
        _yaml("""
            consumers:
              fraud: {read: fan_out}
        """),
        _yaml("""
            consumers:
              fraud: {read: enhanced_fan_out}
        """),
    ),
    Code(
        "SC206",
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
        "SC207",
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
        "SC208",
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
    # --- SC3: names and the graph
    Code(
        "SC301",
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
        "SC302",
        "a name is taken",
        "Streams, consumers and all other nodes share one space of names, so that `payments.iterator_age` means one "
        "alarm and a construct id one construct.",
        _yaml("""
            consumers:
              payments:
                kind: lambda
                from: payments
                code: handlers/fraud
                on_error: {skip_after: {attempts: 5, max_age_seconds: 3600}, keep_in: s3}
        """),
        _yaml("""
            consumers:
              ledger:
                kind: lambda
                from: payments
                code: handlers/fraud
                on_error: {skip_after: {attempts: 5, max_age_seconds: 3600}, keep_in: s3}
        """),
    ),
    Code(
        "SC303",
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
        "SC304",
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
        "SC305",
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
    # --- SC4: streams
    Code(
        "SC401",
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
              payments: {workload: null, capacity: {mode: provisioned, shards: 2}}
        """),
        source=kinesis.SHARD_WRITE_MIB_PER_SECOND.source,
    ),
    Code(
        "SC402",
        "`record_distribution` needs the on-demand mode",
        "Only an on-demand stream can spread records without regard to their partition key. CloudFormation fails the "
        "stack when a provisioned one is told to.",
        _yaml("""
            streams:
              payments: {record_distribution: auto}
        """),
        _yaml("""
            streams:
              payments: {record_distribution: auto, capacity: on_demand}
        """),
        source=_STREAM,
    ),
    Code(
        "SC403",
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
        "SC404",
        "a field has no effect here",
        "The field only means something together with, or without, another one. It would read like a setting, and be "
        "none.",
        _yaml("""
            streams:
              payments: {capacity: {mode: provisioned, shards: 4, headroom: 2}}
        """),
        _yaml("""
            streams:
              payments: {capacity: {mode: provisioned, headroom: 2}}
        """),
    ),
    Code(
        "SC405",
        "the average record is larger than the stream takes",
        "Kinesis refuses a record above the limit of the stream, 1 MiB unless it is raised to as much as 10 MiB. "
        "Producers would fail on every other record.",
        _yaml("""
            streams:
              payments: {workload: {records_per_second: 1, record_kib: 2048}}
        """),
        _yaml("""
            streams:
              payments: {workload: {records_per_second: 1, record_kib: 2048}, max_record_kib: 3072}
            consumers:
              fraud: {batch_size: 2}
        """),
        source=kinesis.LARGE_RECORD_SHARE.source,
    ),
    Code(
        "SC406",
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
        "SC407",
        "fewer shards than the workload needs",
        "A shard takes 1 MiB/s and 1,000 records/s, and gives 2 MiB/s to all shared readers together. Above that "
        "Kinesis throttles: producers get ProvisionedThroughputExceededException, and readers fall behind.",
        _yaml("""
            streams:
              payments:
                workload: {records_per_second: 5000, record_kib: 1}
                capacity: {mode: provisioned, shards: 1}
        """),
        _yaml("""
            streams:
              payments:
                workload: {records_per_second: 5000, record_kib: 1}
                capacity: {mode: provisioned, shards: 7}
        """),
        "warning",
        kinesis.SHARD_WRITE_MIB_PER_SECOND.source,
    ),
    Code(
        "SC408",
        "more than an on-demand stream takes in most regions",
        "An on-demand stream writes up to 200 MiB/s in most regions and up to 10 GiB/s in three of them, unless AWS "
        "raises the quota. Above it writes are throttled.",
        _yaml("""
            streams:
              payments:
                workload: {records_per_second: 300000, record_kib: 1}
                capacity: on_demand
        """),
        _yaml("""
            streams:
              payments:
                workload: {records_per_second: 300000, record_kib: 1}
                capacity: provisioned
        """),
        "warning",
        kinesis.ON_DEMAND_MAX_WRITE_MIB_PER_SECOND_MOST_REGIONS.source,
    ),
    Code(
        "SC409",
        "more shared readers than a shard serves",
        "A shard answers 5 GetRecords calls a second, for all shared readers together, and a Lambda function calls it "
        "once a second. A sixth reader makes all of them be throttled and fall behind.",
        _readers(5, "shared"),
        _readers(5, "enhanced_fan_out"),
        "warning",
        kinesis.SHARD_GET_RECORDS_PER_SECOND.source,
    ),
    Code(
        "SC410",
        "more enhanced fan-out readers than a stream takes",
        "A stream has room for 20 of them, and for 50 on demand with On-Demand Advantage. The one too many fails the "
        "stack while it is being deployed. On demand, up to 50 of them are a warning, because only the account knows.",
        _readers(20, "enhanced_fan_out"),
        _readers(19, "enhanced_fan_out"),
        source=kinesis.FAN_OUT_CONSUMERS.source,
    ),
    Code(
        "SC411",
        "warm throughput is below the peak of the workload",
        "Warm throughput is what the stream takes at once. When the peak is higher, writes above it are throttled "
        "until the stream has grown: just what warm throughput is there to spare.",
        _yaml("""
            streams:
              payments:
                workload: {records_per_second: 50000, record_kib: 1}
                capacity: {mode: on_demand, warm_throughput_mib_per_second: 10}
        """),
        _yaml("""
            streams:
              payments:
                workload: {records_per_second: 50000, record_kib: 1}
                capacity: {mode: on_demand, warm_throughput_mib_per_second: 50}
        """),
        "warning",
        kinesis.ON_DEMAND_INITIAL_WRITE_MIB_PER_SECOND.source,
    ),
    Code(
        "SC412",
        "more shards than an account starts with",
        "An account starts with a quota of 1,000 or 6,000 shards in a region, 20,000 in the largest ones, for all its "
        "streams together. Beyond it the stack fails while it is being deployed.",
        _yaml("""
            streams:
              payments: {workload: {records_per_second: 1000000, record_kib: 1}}
            consumers: null
        """),
        _yaml("""
            streams:
              payments: {workload: {records_per_second: 10000, record_kib: 50}}
            consumers: null
        """),
        "warning",
        kinesis.SHARDS_LEAST_QUOTA.source,
    ),
    # --- SC5: consumers
    Code(
        "SC501",
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
        "SC502",
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
        "SC503",
        "the environment variables are larger than a function takes",
        "Lambda takes 4 KiB of environment variables, names and values together, and refuses to create the function "
        "above.",
        f'consumers:\n  fraud:\n    environment_variables:\n      WATCH_LIST: "{"DE89370400440532013000," * 190}"\n',
        _yaml("""
            consumers:
              fraud:
                environment_variables:
                  WATCH_LIST_PARAMETER: /payments/watch-list
        """),
        source=event_source.FUNCTION_ENVIRONMENT_BYTES.source,
    ),
    Code(
        "SC504",
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
        "SC505",
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
        "SC506",
        "records expire before they are given up",
        "A failing batch is retried until it is given up, and only then sent to `keep_in`. A record that leaves the "
        "stream before is skipped by Lambda and kept nowhere: it is lost. The same goes for every record of the shard "
        "that waits behind it.",
        _yaml("""
            consumers:
              fraud:
                on_error: {skip_after: {attempts: 100, max_age_seconds: 86400}}
        """),
        _yaml("""
            streams:
              payments: {retention_hours: 72}
            consumers:
              fraud:
                on_error: {skip_after: {attempts: 100, max_age_seconds: 86400}}
        """),
        source=_FAILURES,
    ),
    Code(
        "SC507",
        "little time is left to read given-up records again",
        "SQS and SNS get the position of a given-up batch, not its records: these have to be read from the stream "
        "again, and they leave it when the retention ends. S3 gets the records too.",
        _yaml("""
            consumers:
              fraud:
                on_error: {skip_after: {attempts: 100, max_age_seconds: 72000}, keep_in: sqs}
        """),
        _yaml("""
            consumers:
              fraud:
                on_error: {skip_after: {attempts: 100, max_age_seconds: 72000}, keep_in: s3}
        """),
        "warning",
        _FAILURES,
    ),
    Code(
        "SC508",
        "a FIFO destination cannot keep failed batches",
        "Lambda sends the failed batches of a stream to standard queues, standard topics and buckets. With a FIFO one "
        "the stack fails.",
        _yaml("""
            consumers:
              fraud:
                on_error:
                  keep_in: {kind: sqs, queue_arn: "arn:aws:sqs:eu-west-1:123456789012:failed-payments.fifo"}
        """),
        _yaml("""
            consumers:
              fraud:
                on_error:
                  keep_in: {kind: sqs, queue_arn: "arn:aws:sqs:eu-west-1:123456789012:failed-payments"}
        """),
        source=_FAILURES,
    ),
    Code(
        "SC509",
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
                on_error: {skip_after: {attempts: 3, max_age_seconds: 3600}}
        """),
        "note",
        event_source.RECORD_AGE_SECONDS.source,
    ),
    Code(
        "SC510",
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
        "SC511",
        "windows break when an on-demand stream splits a shard",
        "The state of a tumbling window belongs to a shard. When the shard is split or merged in the middle of a "
        "window, the window ends with part of its records, and its sum is wrong. On demand, AWS splits and merges when "
        "it likes.",
        _yaml("""
            streams:
              payments: {capacity: on_demand}
            consumers:
              fraud: {tumbling_window_seconds: 60}
        """),
        _yaml("""
            streams:
              payments: {capacity: provisioned}
            consumers:
              fraud: {tumbling_window_seconds: 60}
        """),
        "warning",
        event_source.TUMBLING_WINDOW_SECONDS.source,
    ),
    Code(
        "SC512",
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
        "SC513",
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
        "SC514",
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
        "SC515",
        "the largest records never reach the function",
        "An invocation takes 6 MiB, and records travel in base64, a third larger. A record above 4.5 MiB is sent to "
        "`keep_in` without the function having seen it.",
        _yaml("""
            streams:
              payments: {max_record_kib: 10240}
        """),
        _yaml("""
            streams:
              payments: {max_record_kib: 4608}
        """),
        "warning",
        kinesis.LARGE_RECORD_SHARE.source,
    ),
    Code(
        "SC516",
        "more concurrency than an account starts with",
        "All functions of an account share 1,000 concurrent executions in a region until AWS raises the limit. A "
        "consumer that asks for more is throttled, and so are all other functions.",
        _yaml("""
            streams:
              payments: {capacity: {mode: provisioned, shards: 200}}
            consumers:
              fraud: {parallelization_factor: 10}
        """),
        _yaml("""
            streams:
              payments: {capacity: {mode: provisioned, shards: 200}}
            consumers:
              fraud: {parallelization_factor: 5}
        """),
        "warning",
        event_source.ACCOUNT_CONCURRENCY.source,
    ),
    Code(
        "SC517",
        "the function's requirements cannot be installed",
        "A handler's `requirements.txt` is installed into the function's package when the template is built, from wheels "
        "for the runtime and the architecture of the function. A package without such a wheel would have to be "
        "compiled, and the result would be for this machine and not for Lambda.",
        "# handlers/fraud/requirements.txt\nno-such-package==1.0\n",
        "# handlers/fraud/requirements.txt\nrequests==2.32.5\n",
    ),
    Code(
        "SC518",
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
        "SC601",
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
        "SC602",
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
        "SC603",
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
        "SC604",
        "nothing to acknowledge under that name",
        "An acknowledgement that outlives its warning would hide the next one of the same name. Errors cannot be "
        "acknowledged.",
        _yaml("""
            acknowledge: {fraud.SC507: an hour is enough to read them again}
        """),
        _yaml("""
            consumers:
              fraud:
                on_error: {skip_after: {attempts: 100, max_age_seconds: 72000}, keep_in: sqs}
            acknowledge: {fraud.SC507: four hours are enough to read them again}
        """),
        "warning",
    ),
)

CODES: dict[str, Code] = {code.code: code for code in _ALL}
"""Every code, by name, in order."""
