"""Record schemas: types of AWS Glue, columns, and what a schema may become."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, piece

_GLUE_TYPES = "https://docs.aws.amazon.com/athena/latest/ug/data-types.html"
_GLUE_NAMES = "https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html"
_FIREHOSE_JSON = "https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html"
_SCHEMA_UPDATES = "https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html"

CODES = (
    Code(
        "SCH207",
        "a type in a schema is not one of AWS Glue",
        "Tables are made from the schema. With a type that Glue does not know, the table is created all the same, and "
        "queries on it fail.",
        piece("""
            schemas:
              payment: {amount: number}
        """),
        piece("""
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
        piece("""
            schemas:
              payment: {Amount: double}
        """),
        piece("""
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
        piece("""
            schemas:
              payment:
                paid_at: {type: bigint, timestamp_format: epoch_millis}
        """),
        piece("""
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
        piece("""
            schemas:
              payment:
                land: {type: string, json_key: Country}
        """),
        piece("""
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
        piece("""
            schemas:
              refund: {refund_id: string}
        """),
        piece("""
            schemas:
              refund: {refund_id: string, reason: string}
        """),
        source="https://docs.aws.amazon.com/athena/latest/ug/updates-removing-columns.html",
        earlier=piece("""
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
        piece("""
            schemas:
              refund: {refund_id: string, amount: string}
        """),
        piece("""
            schemas:
              refund: {refund_id: string, amount: double, amount_text: string}
        """),
        source="https://docs.aws.amazon.com/athena/latest/ug/updates-changing-column-type.html",
        earlier=piece("""
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
        piece("""
            schemas:
              refund: {refund_id: string, amount: double, reason: string}
        """),
        piece("""
            schemas:
              refund: {refund_id: string, reason: string, amount: double}
        """),
        source=_SCHEMA_UPDATES,
        earlier=piece("""
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
        piece("""
            schemas:
              refund:
                at: {type: timestamp, timestamp_format: epoch_millis}
        """),
        piece("""
            schemas:
              refund:
                at: timestamp
                at_millis: {type: timestamp, timestamp_format: epoch_millis}
        """),
        source=_FIREHOSE_JSON,
        earlier=piece("""
            schemas:
              refund: {at: timestamp}
        """),
    ),
    Code(
        "SCH220",
        "the schema registry refuses a new version of a schema",
        "A registry takes a version that is compatible with the one before, as its `compatibility` asks; another one it "
        "refuses, and the deployment fails. Of the compatibilities with all versions, the earlier file alone is looked at. "
        "Said by `validate --against`.",
        piece("""
            schema_registry: {kind: glue, compatibility: disabled}
            schemas:
              refund: {refund_id: string, amount: bigint, reason: string}
        """),
        piece("""
            schema_registry: {kind: glue, compatibility: backward}
            schemas:
              refund: {refund_id: string, amount: bigint, reason: string}
        """),
        source="https://docs.aws.amazon.com/glue/latest/dg/schema-registry.html#schema-registry-compatibility",
        earlier=piece("""
            schema_registry: {kind: glue, compatibility: disabled}
            schemas:
              refund: {refund_id: string, amount: bigint}
        """),
    ),
    Code(
        "SCH221",
        "keys of a map that are no texts",
        "Maps of Avro, and objects of JSON, have texts as keys, so a schema registry has no schema for any other.",
        piece("""
            schema_registry: glue
            schemas:
              refund: {refund_id: string, by_day: "map<int,double>"}
        """),
        piece("""
            schema_registry: glue
            schemas:
              refund: {refund_id: string, by_day: "map<string,double>"}
        """),
        source="https://docs.aws.amazon.com/glue/latest/dg/schema-registry.html",
    ),
)
