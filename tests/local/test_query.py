"""SQL over what was archived: the table's columns and types, whatever the objects are."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.orc
import pyarrow.parquet
import pytest

from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.aws.embedded_aws import EmbeddedAws
from streaming_constructs.local.query import query
from streaming_constructs.planning.folders import Folders, Level
from streaming_constructs.planning.query import ready_query
from streaming_constructs.spec.finding import SpecError
from streaming_constructs.spec.partitions import Partition

COLUMNS = [
    ("number", "int"),
    ("price", "decimal(10,2)"),
    ("device", "struct<os:string>"),
    ("tags", "array<string>"),
    ("agent", "string"),
    ("at", "timestamp"),
]
SERDES = {
    "parquet": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    "orc": "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
    "json": "org.openx.data.jsonserde.JsonSerDe",
}
ROW = (7, Decimal("1.50"), {"os": "ios"}, ["a", "b"], "curl", datetime(2026, 1, 15, 9, 30))  # noqa: DTZ001 - no zone
RECORD = {
    "number": 7,
    "price": 1.5,
    "device": {"os": "ios"},
    "tags": ["a", "b"],
    "user-agent": "curl",
    "at": "2026-01-15 09:30:00",
}
SCHEMA = pa.schema(
    [
        ("number", pa.int32()),
        ("price", pa.decimal128(10, 2)),
        ("device", pa.struct([("os", pa.string())])),
        ("tags", pa.list_(pa.string())),
        ("agent", pa.string()),
        ("at", pa.timestamp("us")),
    ]
)


@pytest.fixture
def aws(embedded: EmbeddedAws) -> Iterator[Aws]:
    s3, glue = embedded.aws.client("s3"), embedded.aws.client("glue")
    s3.create_bucket(Bucket="lake")
    glue.create_database(DatabaseInput={"Name": "archive"})
    yield embedded.aws
    glue.delete_database(Name="archive")
    for one in s3.list_objects_v2(Bucket="lake").get("Contents", ()):
        s3.delete_object(Bucket="lake", Key=one["Key"])
    s3.delete_bucket(Bucket="lake")


def table(aws: Aws, name: str, form: str, keys: tuple[tuple[str, str], ...] = (("day", "date"),)) -> None:
    parameters = {"mapping.agent": "user-agent"} if form == "json" else {}
    aws.client("glue").create_table(
        DatabaseName="archive",
        TableInput={
            "Name": name,
            "PartitionKeys": [{"Name": key, "Type": type_} for key, type_ in keys],
            "StorageDescriptor": {
                "Columns": [{"Name": column, "Type": type_} for column, type_ in COLUMNS],
                "Location": f"s3://lake/{name}/",
                "SerdeInfo": {"SerializationLibrary": SERDES[form], "Parameters": parameters},
            },
        },
    )


def rows(count: int, schema: pa.Schema = SCHEMA) -> pa.Table:
    columns = [pa.array([value] * count, field.type) for value, field in zip(ROW, SCHEMA, strict=True)]
    return pa.table(columns, schema=SCHEMA).select(schema.names)


def parquet(of: pa.Table) -> bytes:
    file = io.BytesIO()
    pyarrow.parquet.write_table(of, file)
    return file.getvalue()


def orc(of: pa.Table) -> bytes:
    file = io.BytesIO()
    pyarrow.orc.write_table(of, file)
    return file.getvalue()


LINES = f"{json.dumps(RECORD)}\nbroken\n{json.dumps(RECORD)}\n".encode()


@pytest.mark.parametrize(
    ("form", "body"),
    [("parquet", parquet(rows(2))), ("orc", orc(rows(2))), ("json", LINES), ("json", gzip.compress(LINES))],
    ids=["parquet", "orc", "json", "json-gzip"],
)
def test_rows_are_those_of_the_objects_with_the_types_of_the_table(aws: Aws, form: str, body: bytes) -> None:
    table(aws, "clicks", form)
    aws.client("s3").put_object(Bucket="lake", Key="clicks/day=2026-01-15/one", Body=body)
    answer = query(aws, "SELECT * FROM clicks")
    assert answer.columns == (*(name for name, _ in COLUMNS), "day")
    assert answer.rows == ((*ROW, date(2026, 1, 15)),) * 2


def test_a_table_without_objects_is_empty_and_has_its_columns(aws: Aws) -> None:
    table(aws, "clicks", "parquet")
    answer = query(aws, 'SELECT * FROM "archive"."clicks"')
    assert (answer.columns[-2:], answer.rows) == (("at", "day"), ())


def test_a_column_that_joined_later_is_null_in_older_objects(aws: Aws) -> None:
    table(aws, "clicks", "parquet")
    older = parquet(rows(1, pa.schema([SCHEMA.field("number")])))
    for key, body in (("clicks/day=2026-01-14/old", older), ("clicks/day=2026-01-15/new", parquet(rows(1)))):
        aws.client("s3").put_object(Bucket="lake", Key=key, Body=body)
    answer = query(aws, "SELECT number, agent FROM clicks ORDER BY day")
    assert answer.rows == ((7, None), (7, "curl"))


def test_partition_values_are_decoded_and_typed(aws: Aws) -> None:
    table(aws, "clicks", "parquet", (("country", "string"), ("hour", "int")))
    aws.client("s3").put_object(Bucket="lake", Key="clicks/country=C%C3%B4te/hour=07/x", Body=parquet(rows(1)))
    assert query(aws, "SELECT country, hour FROM clicks").rows == (("Côte", 7),)


def test_objects_elsewhere_and_empty_ones_are_not_read(aws: Aws) -> None:
    table(aws, "clicks", "parquet")
    for key, body in {
        "clicks/day=2026-01-15/one": parquet(rows(1)),
        "clicks/day=2026-01-15/empty": b"",
        "clicks/stray": b"no parquet",
        "clicks/day=2026-01-15/deeper/one": b"no parquet",
        "errors/day=2026-01-15/one": b"no parquet",
    }.items():
        aws.client("s3").put_object(Bucket="lake", Key=key, Body=body)
    assert query(aws, "SELECT count(*) FROM clicks").rows == ((1,),)


def test_the_query_that_is_saved_for_athena_runs_here(aws: Aws) -> None:
    table(aws, "clicks", "parquet", (("arrival_day", "string"),))
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    for day in (today, "2020-01-01"):
        aws.client("s3").put_object(Bucket="lake", Key=f"clicks/arrival_day={day}/x", Body=parquet(rows(3)))
    level = Level("arrival_day", "!{timestamp:yyyy-MM-dd}", "", {})
    folders = Folders("", "", "clicks/", "", (level,))
    saved = ready_query("clicks", "archive", folders, (Partition(by="arrival/day"),))
    assert query(aws, saved).rows == ((today, 3),)


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("SELEC 1", "Parser Error"),
        ("SELECT * FROM click", "Table with name click does not exist"),
        ("DROP TABLE clicks", "one query that reads is expected"),
        ("SELECT 1; SELECT 2", "one query that reads is expected"),
        ("", "one query that reads is expected"),
        ("SELECT * FROM read_csv('/etc/passwd')", "Permission Error"),
        ("COPY clicks TO '/tmp/clicks.csv'", "one query that reads is expected"),
    ],
)
def test_what_cannot_be_answered_is_said(aws: Aws, sql: str, why: str) -> None:
    table(aws, "clicks", "parquet")
    with pytest.raises(SpecError) as refused:
        query(aws, sql)
    (finding,) = refused.value.findings
    assert (finding.code, finding.help) == ("SC959", "there are the tables clicks")
    assert why in finding.note


def test_without_tables_there_is_nothing_to_ask(aws: Aws) -> None:
    with pytest.raises(SpecError) as refused:
        query(aws, "SELECT 1")
    assert refused.value.findings[0].note == "there are no tables"
