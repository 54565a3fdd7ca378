"""CloudWatch alarms."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, piece

_ALARM_ACTIONS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html"

CODES = (
    Code(
        "ALM601",
        "there is no alarm of that name",
        "An alarm is named by its node and what it watches. Under a misspelt name nothing is overridden or silenced.",
        piece("""
            alarms:
              silence: {payments.write_throtling: producers retry for as long as it takes}
        """),
        piece("""
            alarms:
              silence: {payments.write_throttling: producers retry for as long as it takes}
        """),
    ),
    Code(
        "ALM602",
        "an override that changes nothing",
        "An override without numbers, or of an alarm that is silenced, reads like a decision and is none.",
        piece("""
            alarms:
              override: {payments.iterator_age: {}}
        """),
        piece("""
            alarms:
              override: {payments.iterator_age: {minutes: 30}}
        """),
    ),
    Code(
        "ALM603",
        "the alarms tell nobody",
        "An alarm without an action changes colour in the console, and no one is woken: `notify` says whom "
        "it tells. Of a system with `removal_policy: destroy` it is not said: that is one to try things out.",
        piece("""
            alarms: null
        """),
        piece("""
            alarms:
              notify: [oncall@example.com]
        """),
        source=_ALARM_ACTIONS,
    ),
    Code(
        "ALM605",
        "all alarms are silenced",
        "Each was taken out for a reason, and together they leave a system of which nobody hears when it loses records. One "
        "that shall have no alarms says so: `alarms: false`.",
        piece("""
            consumers: null
            alarms:
              silence:
                write_throttling: it is only tried out
                read_throttling: it is only tried out
                put_records_failures: it is only tried out
                incoming_bytes: it is only tried out
                incoming_records: it is only tried out
        """),
        piece("""
            consumers: null
            alarms: {silence: {read_throttling: it is only tried out}}
        """),
    ),
    Code(
        "ALM606",
        "a threshold that is never passed",
        "The metric cannot be that large: a share is 100 % at most, a record leaves the stream at the end of its retention, "
        "and shards take no more than they can. The alarm is there, and never goes off.",
        piece("""
            alarms:
              override: {payments.incoming_records: {threshold: 1000000000}}
        """),
        piece("""
            alarms:
              override: {payments.incoming_records: {threshold: 60000}}
        """),
        source="https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html",
    ),
    Code(
        "ALM607",
        "a FIFO topic as target of alarms",
        "A message to a FIFO topic names the group that it belongs to. CloudWatch names none, so what alarms send is not "
        "taken, and nobody is told.",
        piece("""
            alarms: {notify: ["arn:aws:sns:eu-west-1:123456789012:oncall.fifo"]}
        """),
        piece("""
            alarms: {notify: ["arn:aws:sns:eu-west-1:123456789012:oncall"]}
        """),
        source="https://docs.aws.amazon.com/sns/latest/dg/fifo-message-grouping.html",
    ),
    Code(
        "ALM608",
        "an alarm would be on while all is well",
        "Records wait in a delivery until its buffer is written out, each time. With a threshold below that time the alarm is "
        "on in every round, and soon nobody looks at it.",
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, buffer_seconds: 300}}
            alarms:
              override: {lake.freshness: {threshold: 60}}
        """),
        piece("""
            deliveries:
              lake: {from: payments, to: {kind: s3, buffer_seconds: 300}}
            alarms:
              override: {lake.freshness: {threshold: 1200}}
        """),
        source="https://docs.aws.amazon.com/firehose/latest/dev/firehose-cloudwatch-metrics-best-practices.html",
    ),
)
