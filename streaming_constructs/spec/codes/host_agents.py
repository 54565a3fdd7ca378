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
    Code(
        "AGT912",
        "the agent cannot read a regular expression",
        "The agent reads its expressions when it starts. With one that does not close, repeats nothing or has an escape that "
        "Java does not know it does not start, and no line of any file is sent.",
        piece("""
            producers:
              tills:
                kind: kinesis_agent
                to: payments
                files: [{path: /var/log/till/*.json, multi_line_start: '{'}]
        """),
        piece("""
            producers:
              tills:
                kind: kinesis_agent
                to: payments
                files: [{path: /var/log/till/*.json, multi_line_start: '\\{'}]
        """),
        source=_AGENT,
    ),
    Code(
        "AGT913",
        "a file is sent twice",
        "Each flow of an agent reads its files by itself. Where two take the same file and write to the same place, each line "
        "makes two records.",
        piece("""
            producers:
              tills: {kind: kinesis_agent, to: payments, files: [/var/log/till/*.json]}
              shops: {kind: kinesis_agent, to: payments, files: [/var/log/till/payments.json]}
        """),
        piece("""
            producers:
              tills: {kind: kinesis_agent, to: payments, files: [/var/log/till/*.json]}
              shops: {kind: kinesis_agent, to: payments, files: [/var/log/shop/*.json]}
        """),
        source=_AGENT,
    ),
    Code(
        "AGT914",
        "lines are sent as they are, and JSON is read",
        "Without `processing` the Kinesis Agent sends a line as it is. A conversion, a table, an index and folders by fields "
        "are made of JSON: every line that is none goes to the errors. Of files whose lines are never JSON, such as those "
        "of the system or of columns, this is an error.",
        piece("""
            producers:
              tills: {kind: kinesis_agent, to: payments, files: [/var/log/till/*.log]}
            deliveries:
              lake: {from: payments, to: {kind: s3, format: parquet}}
        """),
        piece("""
            producers:
              tills: {kind: kinesis_agent, to: payments, files: [/var/log/till/*.json]}
            deliveries:
              lake: {from: payments, to: {kind: s3, format: parquet}}
        """),
        source=_AGENT,
    ),
    Code(
        "AGT915",
        "the agent writes fields that the schema does not have",
        "The agent calls the parts of a line by the names that it is given, or by those of a format that it knows. A field "
        "that the schema does not have is in no table and in no index, and the column that was meant stays empty.",
        piece("""
            producers:
              tills:
                kind: kinesis_agent
                to: payments
                files:
                  - path: /var/log/till/*.csv
                    processing: [{option: csv_to_json, field_names: [id, amount, country]}]
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
        "AGT916",
        "some records end in a newline, and others do not",
        "An agent ends each record in a newline, and so an archive of agents alone gets no second one. Where others write to "
        "the same stream a newline is put behind every record, as without it two of theirs would be in one line; each record "
        "of an agent is then followed by an empty line, which a query counts as a row whose columns are all empty.",
        piece("""
            streams:
              events: {kind: kinesis, mode: on_demand, schema: payment}
            producers:
              tills: {kind: kinesis_agent, to: events, files: [/var/log/till/*.json]}
            consumers:
              fraud: {to: events}
            deliveries:
              raw: {from: events, to: {kind: s3, format: json}}
        """),
        piece("""
            streams:
              events: {kind: kinesis, mode: on_demand, schema: payment}
            producers:
              tills: {kind: kinesis_agent, to: events, files: [/var/log/till/*.json]}
            consumers:
              fraud: {to: events}
            deliveries:
              raw: {from: events, to: {kind: s3, format: json, newline: false}}
        """),
        source="https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-new-line-delimiter.html",
    ),
)
