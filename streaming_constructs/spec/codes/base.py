"""The spec that the examples of codes are parts of."""

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
  notify: [oncall@example.com]
"""
"""A small spec that is fine. Examples are merged into it by name; `null` in an example takes a field out."""
