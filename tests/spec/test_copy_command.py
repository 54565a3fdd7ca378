"""What goes into a COPY command as it is: names and options, and what is neither."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.spec.deliveries.copy_command import column_refused, options_refused, table_refused
from streaming_constructs.spec.deliveries.redshift import RedshiftDestination
from streaming_constructs.spec.finding import SpecError

FIELDS: dict[str, Any] = {
    "workgroup": "shop",
    "database": "shop",
    "table": "orders",
    "secret_arn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-AbCdEf",
}


@pytest.mark.parametrize(
    "name", ["orders", "shop.orders", "db.shop.orders", '"My Orders"', 'shop."My ""best"""', "#t", "größe"]
)
def test_names_of_tables(name: str) -> None:
    assert bool(table_refused(name)) is (name == "#t")


@pytest.mark.parametrize(
    "name",
    [
        "orders; drop table x",
        "orders'",
        "orders--",
        "orders (a)",
        "shop.",
        "a.b.c.d",
        '"open',
        "orders FROM 's3://x'",
        "1a",
    ],
)
def test_what_is_no_table(name: str) -> None:
    assert table_refused(name)


@pytest.mark.parametrize(
    ("name", "refused"), [("id", False), ('"order id"', False), ("a,b", True), ("a.b", True), ("a b", True)]
)
def test_columns_stand_alone(name: str, refused: bool) -> None:
    assert bool(column_refused(name)) is refused


@pytest.mark.parametrize(
    "options",
    [
        "json 'auto' gzip",
        "json 'auto' gzip;",
        "csv delimiter ';' gzip",
        "gzip delimiter '|' null as '--'",
        "gzip csv quote as '''' ",
        r"gzip escape delimiter '\'' acceptinvchars",
        "json 's3://bucket/iam_role/paths.json' gzip timeformat 'auto'",
    ],
)
def test_options_of_copy(options: str) -> None:
    assert options_refused(options) == ""


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ("json 'auto' gzip; drop table orders", "a `;`"),
        ("gzip;;", "a `;`"),
        ("json 'auto gzip", "does not close"),
        ("gzip -- json 'auto'", "`--`"),
        ("gzip /* json */", "`/*`"),
        ("gzip CREDENTIALS 'aws_access_key_id=x'", "Firehose's to say"),
        ("gzip iam_role 'arn:aws:iam::123456789012:role/x'", "Firehose's to say"),
    ],
)
def test_what_is_no_option_is_told(options: str, why: str) -> None:
    assert why in options_refused(options)


@pytest.mark.parametrize(
    ("field", "value", "path"),
    [
        ("table", "orders; drop table x", "table"),
        ("columns", ["id", "a'b"], "columns[1]"),
        ("copy_options", "json 'auto' gzip; drop table x", "copy_options"),
    ],
)
def test_each_part_is_told_where_it_stands(field: str, value: Any, path: str) -> None:
    with pytest.raises(SpecError) as error:
        RedshiftDestination(**{**FIELDS, field: value})
    assert [(found.code, found.dotted_path) for found in error.value.findings] == [("FIR738", path)]
