"""Subscriptions of CloudWatch Logs."""

from __future__ import annotations

from streaming_constructs.facts import logs
from streaming_constructs.spec.codes.code import Code, piece

_FIREHOSE_LOGS = "https://docs.aws.amazon.com/firehose/latest/dev/writing-with-cloudwatch-logs.html"

CODES = (
    Code(
        "LOG901",
        "nothing is subscribed, or a log group twice",
        "A subscription takes its events from log groups by name, from all of the account, or from other accounts. With none "
        "of them nothing is ever sent; with the first two together, events are sent twice and paid for twice.",
        piece("""
            streams:
              logs: {kind: kinesis, mode: on_demand}
            producers:
              services: {kind: cloudwatch_logs, to: logs}
        """),
        piece("""
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
        piece("""
            streams:
              logs: {kind: kinesis, mode: on_demand}
            producers:
              services: {kind: cloudwatch_logs, to: logs, accept_from: {}}
        """),
        piece("""
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
        piece("""
            streams:
              logs: {kind: kinesis, mode: on_demand}
            producers:
              services: {kind: cloudwatch_logs, to: logs, account_policy: {}}
              audit: {kind: cloudwatch_logs, to: logs, account_policy: {}}
        """),
        piece("""
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
        piece("""
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
        piece("""
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
        piece("""
            streams:
              logs: {kind: kinesis, mode: on_demand}
            producers:
              services: {kind: cloudwatch_logs, to: logs, log_groups: [/shop/checkout]}
            deliveries:
              lake: {from: logs, to: {kind: s3}}
        """),
        piece("""
            streams:
              logs: {kind: kinesis, mode: on_demand}
            producers:
              services: {kind: cloudwatch_logs, to: logs, log_groups: [/shop/checkout]}
            deliveries:
              lake: {from: logs, decompress_cloudwatch_logs: true, to: {kind: s3}}
        """),
        source=_FIREHOSE_LOGS,
    ),
    Code(
        "LOG908",
        "a stream gets records of two forms",
        "CloudWatch Logs sends gzipped batches of events, an agent sends lines. What reads one of the two fails on the other, "
        "and Firehose that decompresses takes nothing else.",
        piece("""
            producers:
              tills: {kind: kinesis_agent, to: payments, files: [{path: /var/log/till/*.log}]}
              services: {kind: cloudwatch_logs, to: payments, log_groups: [/shop/checkout]}
        """),
        piece("""
            streams:
              logs: {kind: kinesis, mode: on_demand}
            producers:
              tills: {kind: kinesis_agent, to: payments, files: [{path: /var/log/till/*.log}]}
              services: {kind: cloudwatch_logs, to: logs, log_groups: [/shop/checkout]}
        """),
        source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html",
    ),
    Code(
        "LOG909",
        "a log group has more subscriptions than it takes",
        "CloudWatch Logs takes 2 subscription filters of a log group in every account, and 5 at most. The first one beyond "
        "fails the stack while it is being deployed. A policy for all log groups does not count.",
        piece("""
            streams:
              logs: {kind: kinesis, mode: on_demand}
              audit: {kind: kinesis, mode: on_demand}
              alerts: {kind: kinesis, mode: on_demand}
            producers:
              services: {kind: cloudwatch_logs, to: logs, log_groups: [/shop/checkout]}
              changes: {kind: cloudwatch_logs, to: audit, log_groups: [/shop/checkout]}
              errors: {kind: cloudwatch_logs, to: alerts, log_groups: [/shop/checkout], filter_pattern: ERROR}
        """),
        piece("""
            streams:
              logs: {kind: kinesis, mode: on_demand}
              alerts: {kind: kinesis, mode: on_demand}
            producers:
              services: {kind: cloudwatch_logs, to: logs, log_groups: [/shop/checkout]}
              errors: {kind: cloudwatch_logs, to: alerts, log_groups: [/shop/checkout], filter_pattern: ERROR}
        """),
        source=logs.SUBSCRIPTION_FILTERS_PER_LOG_GROUP.source,
    ),
    Code(
        "LOG910",
        "events of a log group are sent twice",
        "Each subscription of a log group sends its events. Two of them to the same place make every event two records, which "
        "are paid for, counted and stored twice.",
        piece("""
            streams:
              logs: {kind: kinesis, mode: on_demand}
            producers:
              services: {kind: cloudwatch_logs, to: logs, log_groups: [/shop/checkout, /shop/cart]}
              errors: {kind: cloudwatch_logs, to: logs, log_groups: [/shop/cart], filter_pattern: ERROR}
        """),
        piece("""
            streams:
              logs: {kind: kinesis, mode: on_demand}
            producers:
              services: {kind: cloudwatch_logs, to: logs, log_groups: [/shop/checkout]}
              errors: {kind: cloudwatch_logs, to: logs, log_groups: [/shop/cart], filter_pattern: ERROR}
        """),
        source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html",
    ),
    Code(
        "LOG911",
        "the filter pattern is refused",
        "A pattern is words and phrases, a condition in `{}` on fields of JSON, or fields in `[]`. What does not close, or has "
        "other signs than letters, digits and `_` outside of quotes, is refused, and the stack fails while it is deployed.",
        piece("""
            streams:
              logs: {kind: kinesis, mode: on_demand}
            producers:
              services: {kind: cloudwatch_logs, to: logs, log_groups: [/shop/checkout], filter_pattern: '{ $.level = "ERROR"'}
        """),
        piece("""
            streams:
              logs: {kind: kinesis, mode: on_demand}
            producers:
              services: {kind: cloudwatch_logs, to: logs, log_groups: [/shop/checkout], filter_pattern: '{ $.level = "ERROR" }'}
        """),
        source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html",
    ),
)
