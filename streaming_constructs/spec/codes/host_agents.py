"""Agents on hosts: the Kinesis Agent and Fluent Bit."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, piece

_AGENT = "https://docs.aws.amazon.com/streams/latest/dev/writing-with-agents.html"

CODES = (
    Code(
        "AGT906",
        "the parts of a line have no names, or not as many",
        "The agent makes JSON of a line when it knows what each part is called: by the names of columns, by a format that it "
        "knows, or by a pattern with a name for each group. Otherwise it has no keys to write, and sends no line as JSON.",
        piece("""
            producers:
              tills:
                kind: kinesis_agent
                to: payments
                files: [{path: /var/log/till/*.csv, processing: [{option: csv_to_json}]}]
        """),
        piece("""
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
        piece("""
            producers:
              tills:
                kind: kinesis_agent
                to: payments
                files: [{path: /var/log/till/payments-*.log}]
        """),
        source="https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html",
    ),
)
