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
)
