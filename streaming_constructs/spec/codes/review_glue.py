"""What changes of a template mean for tables, databases and schemas of AWS Glue."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code, review_code

_UPDATES = "https://docs.aws.amazon.com/athena/latest/ug/handling-schema-updates-chapter.html"
_TYPES = "https://docs.aws.amazon.com/athena/latest/ug/updates-changing-column-type.html"
_PROJECTION = "https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html"
_REGISTRY = "https://docs.aws.amazon.com/glue/latest/dg/schema-registry.html"
_TABLE = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-glue-table-tableinput.html"
)
_PARQUET = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
_CSV = "org.apache.hadoop.hive.serde2.OpenCSVSerde"


def _table(columns: str, serde: str = _PARQUET, location: str = "s3://lake/clicks/", more: str = "") -> str:
    """A table with some columns."""
    pairs = (column.split() for column in columns.split(", "))
    named = ", ".join(f"{{Name: {name}, Type: {kind}}}" for name, kind in pairs)
    return (
        "Table:\n  Type: AWS::Glue::Table\n  Properties:\n    CatalogId: '111122223333'\n    DatabaseName: lake\n   "
        f" TableInput:\n      Name: clicks\n      StorageDescriptor:\n        Location: {location}\n        Columns: "
        f"[{named}]\n        SerdeInfo: {{SerializationLibrary: {serde}}}\n{more}"
    )


def _projected(*parameters: str) -> str:
    lines = "".join(f"        {line}\n" for line in ("projection.enabled: true", *parameters))
    keys = "      PartitionKeys: [{Name: day, Type: string}]\n"
    return _table("id string", more=f"{keys}      Parameters:\n{lines}")


def _schema(compatibility: str) -> str:
    return (
        "Schema:\n  Type: AWS::Glue::Schema\n  Properties:\n    "
        f"{{Name: clicks, DataFormat: AVRO, SchemaDefinition: '\"string\"', Compatibility: {compatibility}}}\n"
    )


CODES: tuple[Code, ...] = (
    review_code(
        "REV330",
        "danger",
        "schema",
        "a column that is found by its name has another name",
        "Parquet, JSON and Avro are read by the names of columns: in objects that are there the new name is missing, "
        "and the column is empty for all that was written before.",
        before=_table("id string, amount double"),
        after=_table("id string, total double"),
        mend=_table("id string, amount double, total double"),
        source=_UPDATES,
    ),
    review_code(
        "REV331",
        "danger",
        "schema",
        "columns that are found by their place have moved",
        "CSV, and ORC unless its table says otherwise, are read by the place of a column. A column that comes, goes "
        "or moves before the end shifts all that follow, and queries answer with the values of another column.",
        before=_table("id string, amount double", _CSV),
        after=_table("amount double, id string", _CSV),
        source=_UPDATES,
    ),
    review_code(
        "REV332",
        "danger",
        "schema",
        "a column has a type as which its values cannot be read",
        "Objects keep the type that they were written with. A query of one that is not readable as the new type "
        "fails, or answers with nothing for that column.",
        before=_table("id string, amount string"),
        after=_table("id string, amount bigint"),
        source=_TYPES,
    ),
    review_code(
        "REV333",
        "caution",
        "schema",
        "a column has a wider type",
        "Athena lists the earlier type as readable as the new one, and asks to test it on the data that is there; "
        "other readers may refuse it.",
        before=_table("id string, amount int"),
        after=_table("id string, amount bigint"),
        source=_TYPES,
    ),
    review_code(
        "REV334",
        "caution",
        "schema",
        "a column is read no more",
        "Its values stay in the objects, and come back with the column. Until then queries that name it fail, and the "
        "others answer without it.",
        before=_table("id string, amount double"),
        after=_table("id string"),
        source=_UPDATES,
    ),
    review_code(
        "REV335",
        "caution",
        "schema",
        "a column that is found by its place has another name",
        "Objects are read as before, as nobody looks for the name in them. Queries that name the column as it was "
        "called fail.",
        before=_table("id string, amount double", _CSV),
        after=_table("id string, total double", _CSV),
        source=_UPDATES,
    ),
    review_code(
        "REV336",
        "fine",
        "schema",
        "columns are added, or stand in an order that nobody looks at",
        "A new column at the end is empty for objects that were written before, in every format; where columns are "
        "found by their names, their order means nothing.",
        before=_table("id string"),
        after=_table("id string, amount double"),
        source=_UPDATES,
    ),
    review_code(
        "REV337",
        "danger",
        "schema",
        "objects that are there are read as if they were of another format",
        "A table reads all of its objects in one way. Those that were written in another format make queries fail, or "
        "come out as values of the wrong columns.",
        before=_table("id string"),
        after=_table("id string", "org.openx.data.jsonserde.JsonSerDe"),
        source=_TABLE,
    ),
    review_code(
        "REV338",
        "danger",
        "schema",
        "a table looks for its objects elsewhere",
        "Nothing is moved: what lies in the earlier place is missing from every answer, and no query fails. "
        "Partitions that are registered keep their own places.",
        before=_table("id string"),
        after=_table("id string", location="s3://lake/clicks-v2/"),
        source="https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html",
    ),
    review_code(
        "REV339",
        "danger",
        "partition",
        "a table has other partition keys",
        "Partitions and folders that are there have values for the earlier keys. With others they are not found, or "
        "their values are taken for those of another key.",
        before=_table("id string", more="      PartitionKeys: [{Name: day, Type: string}]\n"),
        after=_table(
            "id string", more="      PartitionKeys: [{Name: day, Type: string}, {Name: country, Type: string}]\n"
        ),
        source="https://docs.aws.amazon.com/athena/latest/ug/partitions.html",
    ),
    review_code(
        "REV340",
        "danger",
        "partition",
        "partitions are computed otherwise, and folders that are there are not among them",
        "Athena reads the folders alone that it computes. One that is there and is not computed is missing from every "
        "answer, and no query fails.",
        before=_projected("projection.day.type: date", "projection.day.range: '2023-01-01,NOW'"),
        after=_projected("projection.day.type: date", "projection.day.range: '2026-01-01,NOW'"),
        source=_PROJECTION,
    ),
    review_code(
        "REV341",
        "fine",
        "partition",
        "more partitions are computed",
        "All folders that were read are read still, and others as well. Each that is empty costs a query a little "
        "time.",
        before=_projected("projection.day.type: date", "projection.day.range: '2026-01-01,NOW'"),
        after=_projected("projection.day.type: date", "projection.day.range: '2023-01-01,NOW'"),
        source=_PROJECTION,
    ),
    review_code(
        "REV342",
        "caution",
        "schema",
        "how objects, tables or versions are read is described otherwise",
        "Some engine goes by it. Whether objects that are there still fit depends on them, which nobody sees in a "
        "template.",
        before=_table("id string", more="      Parameters: {skip.header.line.count: '1'}\n"),
        after=_table("id string", more="      Parameters: {skip.header.line.count: '0'}\n"),
        source=_TABLE,
    ),
    review_code(
        "REV343",
        "fine",
        "none",
        "what nobody reads objects by is another",
        "Descriptions, owners and parameters that no engine goes by say something else. Every query answers as it did.",
        before=_table("id string", more="      Description: Clicks\n"),
        after=_table("id string", more="      Description: Clicks of all shops\n"),
        source=_TABLE,
    ),
    review_code(
        "REV344",
        "caution",
        "schema",
        "the registry takes versions of a schema that it refused, or none",
        "A new version that readers or older messages do not fit is found when they fail, no longer when it is "
        "registered. `DISABLED` takes no version, so that a writer with a new one fails.",
        before=_schema("FULL"),
        after=_schema("NONE"),
        source=_REGISTRY,
    ),
    review_code(
        "REV345",
        "fine",
        "schema",
        "the registry checks more before it takes a version of a schema",
        "A version that readers or older messages do not fit is refused when it is registered, before anybody writes "
        "with it.",
        before=_schema("BACKWARD"),
        after=_schema("FULL_ALL"),
        source=_REGISTRY,
    ),
    review_code(
        "REV346",
        "danger",
        "schema",
        "a version of a schema leaves the registry",
        "Messages carry the id of the version that they were written with, not the schema. When it is deleted, no "
        "reader can tell what is in them.",
        before="""
            Version:
              Type: AWS::Glue::SchemaVersion
              Properties: {SchemaDefinition: '"string"', Schema: {RegistryName: lake, SchemaName: clicks}}
        """,
        after="""
            Version:
              Type: AWS::Glue::SchemaVersion
              Properties: {SchemaDefinition: '"long"', Schema: {RegistryName: lake, SchemaName: clicks}}
        """,
        source=_REGISTRY,
    ),
    review_code(
        "REV347",
        "caution",
        "iam-widened",
        "who may use the tables of a database by default is another",
        "Every table that is made from now on has these permissions of Lake Formation, whoever makes it; those that "
        "are there keep theirs.",
        before="""
            Lake:
              Type: AWS::Glue::Database
              Properties: {CatalogId: "111122223333", DatabaseInput: {Name: lake, CreateTableDefaultPermissions: []}}
        """,
        after="""
            Lake:
              Type: AWS::Glue::Database
              Properties:
                CatalogId: "111122223333"
                DatabaseInput:
                  Name: lake
                  CreateTableDefaultPermissions:
                    - {Permissions: [ALL], Principal: {DataLakePrincipalIdentifier: IAM_ALLOWED_PRINCIPALS}}
        """,
        source="https://docs.aws.amazon.com/lake-formation/latest/dg/change-settings.html",
    ),
    review_code(
        "REV348",
        "fine",
        "schema",
        "a crawler runs at other times",
        "It finds new partitions and columns sooner or later than before. Each run costs by the hour.",
        before="""
            Crawler:
              Type: AWS::Glue::Crawler
              Properties:
                Role: crawler
                Targets: {S3Targets: [{Path: s3://lake/}]}
                Schedule: {ScheduleExpression: "cron(0 3 * * ? *)"}
        """,
        after="""
            Crawler:
              Type: AWS::Glue::Crawler
              Properties:
                Role: crawler
                Targets: {S3Targets: [{Path: s3://lake/}]}
                Schedule: {ScheduleExpression: "cron(0 * * * ? *)"}
        """,
        source="https://docs.aws.amazon.com/glue/latest/dg/schedule-crawler.html",
    ),
)
