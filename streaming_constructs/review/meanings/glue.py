"""What changes of AWS Glue mean: columns, partitions and places of tables for the objects that are there, databases, and
schemas in a registry.

Nothing of this touches an object. A table is how objects are read, so that what no longer fits them is missing from answers, or
wrong in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.differences import Difference, same
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.replacement import Replacement, replaces_if
from streaming_constructs.review.comparing.template import Resource, dotted_path
from streaming_constructs.review.comparing.values import number, shown
from streaming_constructs.review.meaning import (
    Changed,
    Meaning,
    means,
    of_the_whole,
    when_removed,
    when_replaced,
)
from streaming_constructs.review.meanings.any_resource import keeps
from streaming_constructs.review.objects.object_places import TABLE, parameters, whole_text
from streaming_constructs.review.objects.projections import projection_meanings
from streaming_constructs.review.objects.table_columns import column_changes, columns_in, format_of, is_read_by_place
from streaming_constructs.review.rules.meaning_rows import Row, in_rows

DATABASE = "AWS::Glue::Database"
SCHEMA = "AWS::Glue::Schema"
SCHEMA_VERSION = "AWS::Glue::SchemaVersion"
_COLUMNS = ("TableInput", "StorageDescriptor", "Columns")
_KEYS = ("TableInput", "PartitionKeys")

is_by_default(
    TABLE,
    {
        "TableInput.StorageDescriptor.Compressed": False,
        "TableInput.StorageDescriptor.StoredAsSubDirectories": False,
        "TableInput.StorageDescriptor.NumberOfBuckets": 0,
        "TableInput.Retention": 0,
    },
)

# Kind of a change of columns: code, and how it begins.
_OF_COLUMNS = {
    "renamed": ("REV330", "columns are found by their name, and a column has another"),
    "shifted": ("REV331", "columns are found by their place in an object, and they have moved"),
    "retyped": ("REV332", "a column has a type as which what is there cannot be read"),
    "widened": ("REV333", "a column has a wider type"),
    "removed": ("REV334", "columns are read no more"),
    "renamed_in_place": ("REV335", "columns are found by their place, and a column is called otherwise"),
    "added": ("REV336", "columns are added"),
    "moved": ("REV336", "columns stand in another order, and are found by their name"),
}
_HELP = {
    "renamed": "add the new column beside the old one, or write a view that has it under the new name",
    "shifted": "add columns at the end alone; to leave one out, write a view",
    "retyped": "add a column of the new type beside it, or write what is there again before",
    "widened": "try it on an old object first: AWS asks for that",
    "removed": "queries that name one fail; a view leaves it out for those who should not see it",
    "renamed_in_place": "queries that name it fail until they are changed",
}


@means(TABLE, ".".join(_COLUMNS))
def columns(changed: Changed) -> Iterator[Meaning]:
    """Other columns, by the rule of the table's format."""
    before, after = columns_in(changed.old), columns_in(changed.new)
    if before == after:
        yield Meaning("REV343", "columns are described in other words")
    for change in column_changes(before, after, changed.new_resource):
        code, said = _OF_COLUMNS[change.kind]
        format_ = format_of(changed.new_resource)
        kind = f" ({format_})" if format_ else ""
        yield Meaning(code, f"{said}{kind}: {change.said}", _HELP.get(change.kind, ""))


@of_the_whole
def order_of_columns(pair: Pair) -> Iterator[Meaning]:
    """Columns and partition keys in another order, which the schema of the type calls none."""
    for old, new in pair.match.kept.values():
        if new.type != TABLE:
            continue
        for path, rule in ((_COLUMNS, columns), (_KEYS, partition_keys)):
            before, after = columns_in(old.at(*path)), columns_in(new.at(*path))
            if before != after and sorted(before) == sorted(after):
                for said in rule(Changed(pair, old, new, path, old.at(*path), new.at(*path))):
                    place = f"Properties.{dotted_path(path)}"
                    yield Meaning(said.code, said.message, said.help, said.grade, said.about, place, new)


@means(TABLE, ".".join(_KEYS))
def partition_keys(changed: Changed) -> Iterator[Meaning]:
    """Other partition keys: the partitions that are known have values for the earlier ones."""
    before, after = columns_in(changed.old), columns_in(changed.new)
    if before == after:
        yield Meaning("REV343", "partition keys are described in other words")
        return
    said = " → ".join(", ".join(f"{name} {kind}" for name, kind in keys) or "none" for keys in (before, after))
    yield Meaning(
        "REV339",
        f"partition keys are others: {said}; partitions and folders that are there have the earlier ones",
        "make a second table for what is written from now on, and read both through a view",
    )


@means(TABLE, "TableInput.StorageDescriptor.Location")
def location(changed: Changed) -> Iterator[Meaning]:
    """Where a table looks for its objects."""
    before, after = (
        whole_text(value).replace("s3a://", "s3://").rstrip("/") + "/" for value in (changed.old, changed.new)
    )
    if before == after:
        return
    is_wider = changed.new is not None and before.startswith(after)
    found = "what lies beside it is read as well" if is_wider else "what is there is not found any more"
    yield Meaning(
        "REV338",
        f"the table looks in {shown(changed.new)} instead of {shown(changed.old)}: {found}",
        "move or copy the objects first, or make a second table and read both through a view",
        "caution" if is_wider else None,
    )


@means(
    TABLE,
    "TableInput.StorageDescriptor.InputFormat",
    "TableInput.StorageDescriptor.OutputFormat",
    "TableInput.StorageDescriptor.SerdeInfo.SerializationLibrary",
    "TableInput.TableType",
)
def format_(changed: Changed) -> Iterator[Meaning]:
    """How objects are read: as Parquet, ORC, JSON or text."""
    yield Meaning(
        "REV337",
        f"`{changed.path[-1]}` was {shown(changed.old)} and is {shown(changed.new)}: objects that are there are of "
        "the earlier kind, and cannot be read as another",
        "write them again in the new format first, or make a second table for what comes from now on",
    )


_SPLITS = ("field.delim", "separatorchar", "quotechar", "escapechar", "input.regex", "input.format")
"""Parameters of a SerDe that say where a value ends, in small letters."""
_MEANS_NOTHING = ("serialization.format",)


@means(TABLE, "TableInput.StorageDescriptor.SerdeInfo.Parameters")
def serde_parameters(changed: Changed) -> Iterator[Meaning]:
    """Parameters of a SerDe: some say where a value ends, or by what a column is found."""
    yield from _index_access(changed)
    for name, before, after in _differing(changed):
        if name in _MEANS_NOTHING or name.endswith(".column.index.access"):
            continue
        is_split = name.lower() in _SPLITS
        yield Meaning(
            "REV337" if is_split else "REV342",
            f"the SerDe's `{name}` was {shown(before)} and is {shown(after)}"
            + (": what is there has the earlier one, and its columns begin elsewhere" if is_split else ""),
        )


def _index_access(changed: Changed) -> Iterator[Meaning]:
    """Columns found by their name that were found by their place, or the other way round."""
    by_place = is_read_by_place(changed.new_resource)
    if is_read_by_place(changed.old_resource) != by_place and format_of(changed.old_resource) == format_of(
        changed.new_resource
    ):
        how = "place instead of their name" if by_place else "name instead of their place"
        yield Meaning(
            "REV331",
            f"columns are found by their {how}: objects that have others there are read wrongly",
            grade="caution",
        )


@means(TABLE, "TableInput.Parameters", "TableInput.StorageDescriptor.Parameters")
def table_parameters(changed: Changed) -> Iterator[Meaning]:
    """Parameters of a table: the projection of its partitions, and words for others."""
    yield from _index_access(changed)
    projection = {
        name: pair for name, *pair in _differing(changed) if name.startswith(("projection.", "storage.location."))
    }
    if projection:
        yield from projection_meanings(changed, projection)
    for name, before, after in _differing(changed):
        if name in projection or name.endswith(".column.index.access"):
            continue
        says = f"the parameter `{name}` was {shown(before)} and is {shown(after)}"
        if name == "skip.header.line.count" and (number(after) or 0) > (number(before) or 0):
            yield Meaning("REV337", f"{says}: the first line of each object that is there is missing from answers")
        else:
            yield Meaning("REV342" if name in _READ else "REV343", says)


_READ = (
    "classification",
    "skip.header.line.count",
    "table_type",
    "metadata_location",
    "compressionType",
    "EXTERNAL",
    "delimiter",
)
"""Parameters by which some engine reads objects."""


def _differing(changed: Changed) -> Iterator[tuple[str, Any, Any]]:
    old, new = parameters(changed.old), parameters(changed.new)
    for name in dict.fromkeys([*old, *new]):
        if not same(old.get(name), new.get(name)):
            yield str(name), old.get(name), new.get(name)
    if not isinstance(changed.old, (Mapping, type(None))) and old == new:
        yield changed.name, changed.old, changed.new


in_rows(
    TABLE,
    Row(
        "REV342",
        "how objects are read is described otherwise",
        (
            "OpenTableFormatInput",
            "TableInput.StorageDescriptor.BucketColumns",
            "TableInput.StorageDescriptor.Compressed",
            "TableInput.StorageDescriptor.NumberOfBuckets",
            "TableInput.StorageDescriptor.SchemaReference",
            "TableInput.StorageDescriptor.SkewedInfo",
            "TableInput.StorageDescriptor.SortColumns",
            "TableInput.StorageDescriptor.StoredAsSubDirectories",
            "TableInput.TargetTable",
            "TableInput.ViewDefinition",
            "TableInput.ViewExpandedText",
            "TableInput.ViewOriginalText",
        ),
    ),
    Row(
        "REV343",
        "words for people say something else",
        (
            "TableInput.Description",
            "TableInput.Owner",
            "TableInput.Retention",
            "TableInput.StorageDescriptor.SerdeInfo.Name",
        ),
    ),
)
in_rows(
    "AWS::Glue::Crawler",
    Row("REV348", "when it runs", ("Schedule",)),
    Row(
        "REV342",
        "what it crawls, or what it does with what it finds, is another",
        ("Configuration", "RecrawlPolicy", "SchemaChangePolicy", "Targets", "Classifiers", "TablePrefix"),
    ),
    Row("REV343", "words for people say something else", ("Description",)),
)
in_rows(
    DATABASE,
    Row("REV343", "words for people say something else", ("DatabaseInput.Description", "DatabaseInput.Parameters")),
    Row("REV347", "who may use new tables by default is another", ("DatabaseInput.CreateTableDefaultPermissions",)),
    Row(
        "REV342",
        "what the database stands for, or where its new tables begin, is another",
        ("DatabaseInput.FederatedDatabase", "DatabaseInput.LocationUri", "DatabaseInput.TargetDatabase", "CatalogId"),
    ),
)


@replaces_if(DATABASE, "DatabaseInput")
def database_is_replaced(old: Resource, new: Resource, difference: Difference) -> bool | None:
    """A database is known by its name; whether the change of that replaces it is not documented."""
    return None if difference.path[-1] == "Name" else False


# What a new version is checked against: how many earlier versions it has to read, and how many have to read it.
_CHECKS = {
    "NONE": (0, 0),
    "BACKWARD": (1, 0),
    "BACKWARD_ALL": (2, 0),
    "FORWARD": (0, 1),
    "FORWARD_ALL": (0, 2),
    "FULL": (1, 1),
    "FULL_ALL": (2, 2),
}


@means(SCHEMA, "Compatibility")
def compatibility(changed: Changed) -> Iterator[Meaning]:
    """Which new versions of a schema the registry takes."""
    said = f"new versions of the schema are checked otherwise: {shown(changed.old)} → {shown(changed.new)}"
    if changed.new == "DISABLED":
        yield Meaning("REV344", f"{said}: none is taken any more, and a writer that registers one fails")
        return
    before, after = (_CHECKS.get(str(value)) for value in (changed.old, changed.new))
    if before is None or after is None or any(now < was for was, now in zip(before, after, strict=True)):
        yield Meaning("REV344", said, "keep the check, and register what it refuses as a schema of its own")
    else:
        yield Meaning("REV345", said)


in_rows(
    SCHEMA,
    Row("REV342", "the version that new ones are checked against is another", ("CheckpointVersion",)),
)


@when_replaced(SCHEMA_VERSION)
def schema_version_replaced(pair: Pair, replacement: Replacement) -> Iterator[Meaning]:
    """Another version of a schema: the earlier one is deleted, unless it is kept."""
    yield from _version_goes(replacement.old.update_replace_policy, "another version takes its place, and it")


@when_removed(SCHEMA_VERSION)
def schema_version_removed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """A version of a schema that is in no template any more."""
    yield from _version_goes(old.deletion_policy, "it")


def _version_goes(policy: str, subject: str) -> Iterator[Meaning]:
    if keeps(policy):
        yield Meaning("REV346", f"{subject} stays in the registry, outside of the stack", grade="fine")
    else:
        yield Meaning(
            "REV346",
            f"{subject} is deleted from the registry: messages that name it cannot be read any more",
            "add a version beside it, or give it `DeletionPolicy` and `UpdateReplacePolicy: Retain`",
        )
