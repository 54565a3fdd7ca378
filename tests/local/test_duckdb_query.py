"""SQL over what was archived: the table's columns and types, whatever the objects are."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.orc
import pyarrow.parquet
import pytest

from streaming_constructs.facts import firehose
from streaming_constructs.local.athena.duckdb_query import check_query, query
from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.aws.embedded_aws import EmbeddedAws
from streaming_constructs.local.firehose.compression import PlainBody
from streaming_constructs.planning.athena_query import ready_query
from streaming_constructs.planning.deliveries.s3_prefixes import Folders, Level
from streaming_constructs.spec.deliveries.s3_partitions import Partition
from streaming_constructs.spec.finding import SpecError

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
    "csv": "org.apache.hadoop.hive.serde2.OpenCSVSerde",
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
    for database in glue.get_databases()["DatabaseList"]:
        glue.delete_database(Name=database["Name"])
    for one in s3.list_objects_v2(Bucket="lake").get("Contents", ()):
        s3.delete_object(Bucket="lake", Key=one["Key"])
    s3.delete_bucket(Bucket="lake")


def table(
    aws: Aws,
    name: str,
    form: str,
    keys: tuple[tuple[str, str], ...] = (("day", "date"),),
    *,
    columns: Sequence[tuple[str, str]] = COLUMNS,
    database: str = "archive",
    location: str = "",
    template: str = "",
    **serde: str,
) -> None:
    json_serde = {"mapping.agent": "user-agent", "ignore.malformed.json": "true"} if form == "json" else {}
    aws.client("glue").create_table(
        DatabaseName=database,
        TableInput={
            "Name": name,
            "Parameters": {"storage.location.template": template} if template else {},
            "PartitionKeys": [{"Name": key, "Type": type_} for key, type_ in keys],
            "StorageDescriptor": {
                "Columns": [{"Name": column, "Type": type_} for column, type_ in columns],
                "Location": location or f"s3://lake/{name}/",
                "SerdeInfo": {"SerializationLibrary": SERDES[form], "Parameters": json_serde | serde},
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


def put(aws: Aws, key: str, body: bytes) -> None:
    aws.client("s3").put_object(Bucket="lake", Key=key, Body=body)


def refusal(aws: Aws, sql: str) -> tuple[str, str]:
    """The note and the help of a query that is refused."""
    with pytest.raises(SpecError) as refused:
        query(aws, sql)
    (finding,) = refused.value.findings
    assert (finding.code, finding.message) == ("LOC959", "the query cannot be answered")
    return finding.note, finding.help


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
    aws.client("s3").put_object(Bucket="lake", Key="clicks/country=C%C3%B4te d'Ivoire/hour=07/x", Body=parquet(rows(1)))
    assert query(aws, "SELECT country, hour FROM clicks").rows == (("Côte d'Ivoire", 7),)


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
    saved = ready_query("clicks", "archive", folders, (Partition(by="day(arrival)"),))
    assert query(aws, saved).rows == ((today, 3),)


@pytest.mark.parametrize(
    ("sql", "why", "help_"),
    [
        ("SELEC 1", "Parser Error", "there are the tables clicks"),
        ("SELECT * FROM click", "Table with name click does not exist", "did you mean `clicks`?"),
        ("SELECT * FROM nothing_like_it", "does not exist", "use one of: `clicks`"),
        ("SELECT nothing FROM clicks", 'Referenced column "nothing" not found', "there are the tables clicks"),
        ("DROP TABLE clicks", "one query that reads is expected", "there are the tables clicks"),
        ("SELECT 1; SELECT 2", "one query that reads is expected", "there are the tables clicks"),
        ("", "one query that reads is expected", "there are the tables clicks"),
        ("SELECT * FROM read_csv('/etc/passwd')", "Permission Error", "there are the tables clicks"),
        ("COPY clicks TO '/tmp/clicks.csv'", "one query that reads is expected", "there are the tables clicks"),
        ("SELECT * FROM COLUMNS", "Table with name COLUMNS does not exist", "use one of: `clicks`"),
    ],
)
def test_what_cannot_be_answered_is_said(aws: Aws, sql: str, why: str, help_: str) -> None:
    table(aws, "clicks", "parquet")
    note, help_given = refusal(aws, sql)
    assert why in note
    assert help_given == help_


def test_without_tables_what_names_none_is_answered(aws: Aws) -> None:
    assert query(aws, "SELECT 1 AS one").rows == ((1,),)
    assert refusal(aws, "SELECT * FROM clicks") == (
        "Catalog Error: Table with name clicks does not exist!",
        "there are no tables: deploy a system with an archive that has a schema",
    )


@pytest.mark.parametrize("sql", ["SELEC 1", "SELECT (", "SELECT 1; SELECT 2", "DROP TABLE clicks", "", "-- nothing"])
def test_what_is_no_query_is_known_without_its_tables(sql: str) -> None:
    with pytest.raises(SpecError) as refused:
        check_query(sql)
    assert [finding.code for finding in refused.value.findings] == ["LOC959"]


def test_a_query_is_one_whatever_it_names() -> None:
    check_query("SELECT * FROM a_table_that_is_nowhere")


def test_variables_of_the_process_are_no_tables(aws: Aws) -> None:
    table(aws, "clicks", "parquet")
    note, _ = refusal(aws, "SELECT * FROM SCHEMA_OF_A_VARIABLE")
    assert note == "Catalog Error: Table with name SCHEMA_OF_A_VARIABLE does not exist!"


SCHEMA_OF_A_VARIABLE = rows(1)
"""What DuckDB would find in a frame that calls it."""


@pytest.mark.parametrize("compression", ["Snappy", "HADOOP_SNAPPY", "GZIP", "UNCOMPRESSED"])
def test_json_is_read_as_deliveries_compress_it(aws: Aws, compression: str) -> None:
    table(aws, "clicks", "json")
    body = PlainBody(compression)
    line = f"{json.dumps(RECORD)}\n".encode()
    body.write([line] * 5001)
    put(aws, f"clicks/day=2026-01-15/one{firehose.FILE_EXTENSIONS[compression]}", body.finish())
    assert query(aws, "SELECT count(*), min(number), max(agent) FROM clicks").rows == ((5001, 7, "curl"),)


@pytest.mark.parametrize(
    ("name", "body", "why"),
    [
        ("one.zip", b"PK", "Athena reads no ZIP"),
        ("one.hsnappy", b"\x00\x00", "it ends in the middle of a block"),
        ("one.gz", gzip.compress(LINES)[:20], "Compressed file ended before the end-of-stream marker was reached"),
    ],
    ids=["zip", "snappy", "gzip"],  # what gzip writes has the time in it, and a test needs the same name everywhere
)
def test_json_that_cannot_be_unpacked_is_said_with_its_object(aws: Aws, name: str, body: bytes, why: str) -> None:
    table(aws, "clicks", "json")
    put(aws, f"clicks/day=2026-01-15/{name}", body)
    note, _ = refusal(aws, "SELECT * FROM clicks")
    assert note == f"`s3://lake/clicks/day=2026-01-15/{name}` of the table clicks: {why}"


@pytest.mark.parametrize("form", ["parquet", "orc"])
def test_an_object_of_another_format_is_said(aws: Aws, form: str) -> None:
    table(aws, "clicks", form)
    put(aws, "clicks/day=2026-01-15/one", b"neither of them")
    note, _ = refusal(aws, "SELECT 1 FROM clicks")
    assert note.startswith("`s3://lake/clicks/day=2026-01-15/one` of the table clicks: ")


def test_a_bucket_that_is_gone_is_said(aws: Aws) -> None:
    table(aws, "clicks", "parquet", location="s3://gone/clicks/")
    assert "NoSuchBucket" in refusal(aws, "SELECT * FROM clicks")[0]


def test_json_without_a_single_good_line_is_an_empty_table(aws: Aws) -> None:
    table(aws, "clicks", "json")
    put(aws, "clicks/day=2026-01-15/one", b"broken\n[1]\n")
    assert query(aws, "SELECT * FROM clicks").rows == ()


def test_malformed_json_fails_the_query_unless_the_table_ignores_it(aws: Aws) -> None:
    table(aws, "clicks", "json", **{"ignore.malformed.json": "FALSE"})
    put(aws, "clicks/day=2026-01-15/one", LINES)
    assert refusal(aws, "SELECT * FROM clicks")[0] == (
        "`s3://lake/clicks/day=2026-01-15/one` of the table clicks: "
        "line 2 is no JSON object, and the table does not say `ignore.malformed.json`"
    )


def test_keys_that_differ_in_their_case_alone_are_malformed_unless_the_table_tells_them_apart(aws: Aws) -> None:
    twice = b'{"number": 1}\n{"number": 2, "deep": {"URL": 1, "Url": 2}}\n'
    table(aws, "clicks", "json", **{"ignore.malformed.json": "false"})
    put(aws, "clicks/day=2026-01-15/one", twice)
    assert refusal(aws, "SELECT * FROM clicks")[0].endswith(
        'line 2 is no JSON object that Athena takes (Duplicate key "url"), and the table does not say '
        "`ignore.malformed.json`"
    )


@pytest.mark.parametrize(("serde", "numbers"), [({}, ((1,),)), ({"case.insensitive": "false"}, ((1,), (2,)))])
def test_a_line_with_a_key_twice_is_skipped_or_read_as_the_table_says(
    aws: Aws, serde: Mapping[str, str], numbers: tuple[tuple[int], ...]
) -> None:
    table(aws, "clicks", "json", **{"ignore.malformed.json": "true", **serde})
    put(aws, "clicks/day=2026-01-15/one", b'{"number": 1}\n{"number": 2, "deep": {"URL": 1, "Url": 2}}\n')
    assert query(aws, "SELECT number FROM clicks ORDER BY 1").rows == numbers


def test_empty_lines_are_rows_without_values_and_no_errors(aws: Aws) -> None:
    table(aws, "clicks", "json", **{"ignore.malformed.json": "false"})
    put(aws, "clicks/day=2026-01-15/one", b'\n{"number": 1}\r\n \n')
    assert query(aws, "SELECT number FROM clicks").rows == ((None,), (1,), (None,))


def test_a_value_that_fits_no_column_fails_the_queries_that_read_it_alone(aws: Aws) -> None:
    table(aws, "clicks", "json")
    put(aws, "clicks/day=2026-01-15/one", json.dumps(RECORD | {"number": "seven"}).encode())
    assert query(aws, "SELECT agent, count(*) FROM clicks GROUP BY agent").rows == (("curl", 1),)
    assert refusal(aws, "SELECT sum(number) FROM clicks")[0] == "Invalid Input Error: number: `seven` is no int"


def test_a_value_that_fits_no_column_is_null_where_the_table_says_so(aws: Aws) -> None:
    table(aws, "clicks", "json", **{"use.null.for.invalid.data": "true"})
    put(aws, "clicks/day=2026-01-15/one", json.dumps(RECORD | {"number": "seven"}).encode())
    assert query(aws, "SELECT number, agent FROM clicks").rows == ((None, "curl"),)


def test_of_json_without_newlines_only_the_first_document_is_found(aws: Aws) -> None:
    table(aws, "clicks", "json")
    put(aws, "clicks/day=2026-01-15/one", b'{"number": 1}{"number": 2}')
    assert query(aws, "SELECT number FROM clicks").rows == ((1,),)


@pytest.mark.parametrize(("serde", "found"), [({}, (1, None)), ({"case.insensitive": "false"}, (None, None))])
def test_keys_are_found_in_any_letters_unless_the_table_tells_them_apart(
    aws: Aws, serde: Mapping[str, str], found: tuple[int | None, ...]
) -> None:
    table(aws, "clicks", "json", columns=[("number", "int"), ("a_b", "int")], **serde)
    put(aws, "clicks/day=2026-01-15/one", b'{"NUMBER": 1, "a.b": 2}')
    assert query(aws, "SELECT number, a_b FROM clicks").rows == (found,)


def test_dots_in_keys_are_underscores_where_the_table_says_so(aws: Aws) -> None:
    table(aws, "clicks", "json", columns=[("a_b", "int")], **{"dots.in.keys": "true"})
    put(aws, "clicks/day=2026-01-15/one", b'{"a.b": 2}')
    assert query(aws, "SELECT a_b FROM clicks").rows == ((2,),)


def test_values_of_every_type_of_glue_are_read_from_json(aws: Aws) -> None:
    given = {
        "bigint": (2**40, 2**40),
        "binary": ("hi", b"hi"),
        "boolean": (True, True),
        "date": ("2026-01-15", date(2026, 1, 15)),
        "double": (0.1, 0.1),
        "float": (0.5, 0.5),
        "smallint": (-5, -5),
        "tinyint": (5, 5),
        "decimal(38,10)": (1.5, Decimal("1.5000000000")),
        "map<string,array<int>>": ({"a": [1, None]}, {"a": [1, None]}),
        "array<struct<x:int,y:string>>": ([{"X": 1}], [{"x": 1, "y": None}]),
    }
    table(aws, "clicks", "json", columns=[(f"c{number}", type_) for number, type_ in enumerate(given)])
    record = {f"c{number}": value for number, (value, _) in enumerate(given.values())}
    put(aws, "clicks/day=2026-01-15/one", json.dumps(record).encode())
    assert query(aws, "SELECT * EXCLUDE day FROM clicks").rows == (tuple(value for _, value in given.values()),)


def test_columns_of_files_are_found_in_any_letters_and_order_and_others_left(aws: Aws) -> None:
    table(aws, "clicks", "parquet", columns=[("a", "int"), ("b", "string")])
    put(aws, "clicks/day=2026-01-15/one", parquet(pa.table({"c": [0], "B": ["x"], "A": pa.array([1], pa.int32())})))
    assert query(aws, "SELECT * EXCLUDE day FROM clicks").rows == ((1, "x"),)


@pytest.mark.parametrize("write", [parquet, orc])
def test_values_have_the_type_of_the_table_whatever_the_file_has(aws: Aws, write: Callable[[pa.Table], bytes]) -> None:
    table(aws, "clicks", write.__name__, columns=[("number", "smallint"), ("price", "string")])
    put(aws, "clicks/day=2026-01-15/one", write(pa.table({"number": [7], "price": [5]})))
    answer = query(aws, "SELECT typeof(number), number, price FROM clicks")
    assert answer.rows == (("SMALLINT", 7, "5"),)


@pytest.mark.parametrize("write", [parquet, orc])
def test_a_member_that_joined_a_struct_later_is_null_in_older_objects(
    aws: Aws, write: Callable[[pa.Table], bytes]
) -> None:
    table(aws, "clicks", write.__name__, columns=[("device", "struct<os:string,version:int>")])
    put(aws, "clicks/day=2026-01-15/one", write(rows(1, pa.schema([SCHEMA.field("device")]))))
    assert query(aws, "SELECT device FROM clicks").rows == (({"os": "ios", "version": None},),)


def test_times_finer_than_microseconds_are_cut_off(aws: Aws) -> None:
    table(aws, "clicks", "parquet", columns=[("at", "timestamp")])
    file = io.BytesIO()
    of = pa.table({"at": pa.array([1_768_469_400_123_456_789], pa.timestamp("ns"))})
    pyarrow.parquet.write_table(of, file, use_deprecated_int96_timestamps=True)
    put(aws, "clicks/day=2026-01-15/one", file.getvalue())
    assert query(aws, 'SELECT "at" FROM clicks').rows == ((datetime(2026, 1, 15, 9, 30, 0, 123456),),)  # noqa: DTZ001


def test_a_folder_that_is_no_value_of_its_column_fails_the_queries_that_read_it_alone(aws: Aws) -> None:
    table(aws, "clicks", "parquet", (("hour", "int"),))
    put(aws, "clicks/hour=none/one", parquet(rows(1)))
    assert query(aws, "SELECT number FROM clicks").rows == ((7,),)
    assert "Could not convert string 'none' to INT32" in refusal(aws, "SELECT hour FROM clicks")[0]


def test_folders_are_those_of_the_template(aws: Aws) -> None:
    keys = (("day", "string"), ("country", "string"))
    table(aws, "clicks", "parquet", keys, template="s3://lake/clicks/in/${country}/${day}")
    put(aws, "clicks/in/de/2026-01-15/one", parquet(rows(1)))
    put(aws, "clicks/country=de/day=2026-01-15/one", parquet(rows(1)))
    assert query(aws, "SELECT day, country FROM clicks").rows == (("2026-01-15", "de"),)


def test_a_location_without_a_slash_is_a_folder_all_the_same(aws: Aws) -> None:
    table(aws, "clicks", "parquet", location="s3://lake/clicks")
    put(aws, "clicks/day=2026-01-15/one", parquet(rows(1)))
    put(aws, "clicks2/day=2026-01-15/one", b"no parquet")
    assert query(aws, "SELECT number FROM clicks").rows == ((7,),)


def test_a_name_that_two_databases_have_needs_its_database(aws: Aws) -> None:
    aws.client("glue").create_database(DatabaseInput={"Name": "other"})
    for database in ("archive", "other"):
        table(aws, "clicks", "parquet", database=database, location=f"s3://lake/{database}/")
    put(aws, "other/day=2026-01-15/one", parquet(rows(1)))
    both = 'SELECT (SELECT count(*) FROM "archive"."clicks"), (SELECT count(*) FROM "other"."clicks")'
    assert query(aws, both).rows == ((0, 1),)
    assert refusal(aws, "SELECT * FROM clicks")[1] == "use one of: `archive.clicks`, `other.clicks`"


def test_a_database_may_be_called_as_the_first_schema_of_duckdb(aws: Aws) -> None:
    aws.client("glue").create_database(DatabaseInput={"Name": "main"})
    table(aws, "clicks", "parquet", database="main")
    put(aws, "clicks/day=2026-01-15/one", parquet(rows(1)))
    assert query(aws, 'SELECT a.number FROM clicks AS a, "main"."clicks"').rows == ((7,),)


def test_the_catalog_has_the_name_that_athena_gives_it(aws: Aws) -> None:
    table(aws, "clicks", "parquet")
    put(aws, "clicks/day=2026-01-15/one", parquet(rows(1)))
    assert query(aws, 'SELECT number FROM "AwsDataCatalog"."archive"."clicks"').rows == ((7,),)


def test_tables_of_other_formats_or_types_are_left_out(aws: Aws) -> None:
    table(aws, "clicks", "parquet")
    table(aws, "lines", "csv")
    table(aws, "odd", "parquet", columns=[("c", "uniontype<int,string>")])
    glue = aws.client("glue")
    glue.create_table(DatabaseName="archive", TableInput={"Name": "ice", "Parameters": {"table_type": "ICEBERG"}})
    assert query(aws, "SHOW TABLES").rows == (("clicks",),)


def test_a_query_reads_no_table_but_those_it_names(aws: Aws) -> None:
    table(aws, "clicks", "parquet")
    table(aws, "visits", "parquet")
    put(aws, "clicks/day=2026-01-15/one", parquet(rows(1)))
    put(aws, "visits/day=2026-01-15/one", b"no parquet")
    assert query(aws, "SELECT count(*) FROM CLICKS").rows == ((1,),)


def test_a_table_is_described_with_types_in_the_order_of_the_catalog(aws: Aws) -> None:
    table(aws, "clicks", "json")
    answer = query(aws, "SELECT column_name, column_type FROM (DESCRIBE clicks)")
    assert answer.rows == (
        ("number", "INTEGER"),
        ("price", "DECIMAL(10,2)"),
        ("device", "STRUCT(os VARCHAR)"),
        ("tags", "VARCHAR[]"),
        ("agent", "VARCHAR"),
        ("at", "TIMESTAMP"),
        ("day", "DATE"),
    )


def test_times_are_written_with_the_letters_of_athena(aws: Aws) -> None:
    table(aws, "clicks", "parquet")
    answer = query(aws, "SELECT date_format(TIMESTAMP '2026-01-15 09:30:05', '%Y-%m-%d %H:%i:%s, %M')")
    assert answer.rows == (("2026-01-15 09:30:05, January",),)


def test_the_time_has_no_zone_as_columns_have_none(aws: Aws) -> None:
    table(aws, "clicks", "parquet")
    ((now, again),) = query(aws, "SELECT now(), current_timestamp").rows
    assert (now.tzinfo, again) == (None, now)


@pytest.mark.parametrize("body", [parquet(rows(1)), b"no parquet"])
def test_no_file_stays_behind(aws: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    table(aws, "clicks", "parquet")
    put(aws, "clicks/day=2026-01-15/one", body)
    with suppress(SpecError):
        query(aws, "SELECT * FROM clicks")
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_asked_ends_without_a_word_of_duckdbs_binding() -> None:
    code = "import gc, streaming_constructs.local.athena.duckdb_query; gc.freeze()"  # as what loads CDK does it
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
