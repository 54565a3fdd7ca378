"""The language: files, fields and their values."""

from __future__ import annotations

from streaming_constructs.facts import event_source, kinesis
from streaming_constructs.spec.codes.code import Code, piece

_STREAM = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-stream.html"

CODES = (
    Code(
        "LNG101",
        "the file cannot be read",
        "Nothing can be said about a spec that is not there, is no UTF-8 text, or is larger than any spec.",
        "streaming-constructs validate missing.yaml\n",
        "streaming-constructs validate pipeline.yaml\n",
        form="command",
    ),
    Code(
        "LNG102",
        "the file is not valid YAML",
        "YAML tells structure by indentation, colons and brackets. Where they do not fit together, no two readers "
        "would read the file alike. The cause is often on the line before the one that is named.",
        piece("""
            name: payments
            removal_policy: destroy
            streams:
              payments: {kind: kinesis, mode: on_demand
        """),
        piece("""
            name: payments
            removal_policy: destroy
            streams:
              payments: {kind: kinesis, mode: on_demand}
        """),
        form="file",
    ),
    Code(
        "LNG103",
        "a key is given twice",
        "YAML readers keep the last of the two and say nothing: a stream or a consumer would be missing from the "
        "template, and on the next deployment from the stack.",
        piece("""
            name: payments
            removal_policy: destroy
            streams:
              payments: {kind: kinesis, mode: on_demand}
              payments: {kind: kinesis, mode: on_demand, retention_hours: 48}
        """),
        piece("""
            name: payments
            removal_policy: destroy
            streams:
              payments: {kind: kinesis, mode: on_demand, retention_hours: 48}
        """),
        form="file",
    ),
    Code(
        "LNG104",
        "a tab stands in the indentation",
        "YAML forbids tabs there, because their width is not the same everywhere: the structure would depend on the "
        "editor.",
        "name: payments\nremoval_policy: destroy\nstreams:\n\tpayments: {kind: kinesis, mode: on_demand}\n",
        "name: payments\nremoval_policy: destroy\nstreams:\n  payments: {kind: kinesis, mode: on_demand}\n",
        form="file",
    ),
    Code(
        "LNG105",
        "the file uses a part of YAML that the language leaves out",
        "Tags, merge keys, keys that are no text, a second document, and aliases that unfold without end make a file "
        "mean something else than it seems to say. Anchors and aliases for whole values are fine, and differences "
        "between environments go under `environments`.",
        piece("""
            name: payments
            removal_policy: destroy
            streams:
              payments: &usual {kind: kinesis, mode: on_demand}
              refunds: {<<: *usual, retention_hours: 48}
        """),
        piece("""
            name: payments
            removal_policy: destroy
            streams:
              payments: {kind: kinesis, mode: on_demand}
              refunds: {kind: kinesis, mode: on_demand, retention_hours: 48}
        """),
        form="file",
    ),
    Code(
        "LNG106",
        "the file is no spec",
        "A spec is a mapping with a `name` at its top. A list, a single word or an empty file is something else, "
        "perhaps the wrong file.",
        piece("""
            - name: payments
            - removal_policy: destroy
            - streams: {payments: {kind: kinesis, mode: on_demand}}
        """),
        piece("""
            name: payments
            removal_policy: destroy
            streams: {payments: {kind: kinesis, mode: on_demand}}
        """),
        form="file",
    ),
    Code(
        "LNG201",
        "a field is unknown",
        "A misspelt field that is passed over in silence leaves its default in place: here the stream would keep "
        "records for 24 hours, not 48, and nobody would know before records are gone.",
        piece("""
            streams:
              payments: {retention: 48}
        """),
        piece("""
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
        piece("""
            consumers:
              fraud: {on_failure: {destination: null}}
        """),
        piece("""
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
        piece("""
            streams:
              payments: {retention_hours: two days}
        """),
        piece("""
            streams:
              payments: {retention_hours: 48}
        """),
    ),
    Code(
        "LNG204",
        "a number is out of range",
        "AWS refuses the value, but only while the stack is being deployed, after other resources have been created, "
        "and then everything is rolled back.",
        piece("""
            streams:
              payments: {retention_hours: 12}
        """),
        piece("""
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
        piece("""
            streams:
              payments: {mode: on-demand}
        """),
        piece("""
            streams:
              payments: {mode: on_demand}
        """),
    ),
    Code(
        "LNG206",
        "a text has the wrong form",
        "Names become parts of logical ids, ARNs say which resource is meant, moments need their time zone. A text of "
        "another form is refused by AWS while the stack is being deployed, or means another resource.",
        piece("""
            streams:
              payments: {arn: "arn:aws:kinesis:eu-west-1:stream/payments"}
        """),
        piece("""
            streams:
              payments: {arn: "arn:aws:kinesis:eu-west-1:123456789012:stream/payments"}
        """),
    ),
    Code(
        "LNG215",
        "a CDK token stands in a spec",
        "A token is what CDK writes in place of a value that is known only when it synthesizes, such as the ARN of a stream of "
        "the same app. A spec is checked and planned before, so it would be judged by the letters of the token. The construct "
        "itself goes beside the spec, by the name of its node: permissions, keys and dependencies then follow too.",
        piece("""
            streams:
              payments: {arn: "${Token[TOKEN.123]}"}
        """),
        piece("""
            # and in the app: StreamingPipeline(…, streams={"payments": stream})
            streams:
              payments: {kind: kinesis}
        """),
        source="https://docs.aws.amazon.com/cdk/v2/guide/tokens.html",
    ),
    Code(
        "LNG403",
        "a field cannot be set on an existing resource",
        "What is named by its ARN is adopted as it is; the stack does not own it, so the setting would never reach "
        "AWS.",
        piece("""
            streams:
              payments:
                arn: arn:aws:kinesis:eu-west-1:123456789012:stream/payments
                removal_policy: retain
        """),
        piece("""
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
        piece("""
            streams:
              payments: {shards: 4, headroom: 2}
        """),
        piece("""
            streams:
              payments: {headroom: 2}
        """),
    ),
    Code(
        "LNG406",
        "an item is listed twice",
        "CloudFormation takes each shard-level metric, filter and layer once, and fails the stack otherwise.",
        piece("""
            streams:
              payments: {shard_level_metrics: [IncomingBytes, IncomingBytes]}
        """),
        piece("""
            streams:
              payments: {shard_level_metrics: [IncomingBytes, OutgoingBytes]}
        """),
        source=_STREAM,
    ),
    Code(
        "LNG604",
        "nothing to acknowledge under that name",
        "An acknowledgement that outlives its warning would hide the next one of the same name. Errors cannot be "
        "acknowledged.",
        piece("""
            acknowledge: {fraud.LAM507: an hour is enough to read them again}
        """),
        piece("""
            consumers:
              fraud:
                on_failure: {retries: 100, max_record_age_seconds: 72000, destination: sqs}
            acknowledge: {fraud.LAM507: four hours are enough to read them again}
        """),
    ),
)
