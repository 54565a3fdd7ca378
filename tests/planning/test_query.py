"""The first query over an archive, as it is run."""

from __future__ import annotations

from typing import Any

import pytest

from streaming_constructs.planning.athena_query import ready_query
from streaming_constructs.planning.deliveries.s3_prefixes import plan_folders
from streaming_constructs.spec.deliveries.s3 import S3Destination

VALUES = {"by": "country", "values": ["de", "fr"]}


def query(*partition_by: Any) -> str:
    to = S3Destination.model_validate({"partition_by": partition_by})
    return ready_query("Raw-Lake", "shop", plan_folders("Raw-Lake", to, None), to.partition_by)


@pytest.mark.parametrize(
    ("partition_by", "condition"),
    [
        ("month(arrival)", "arrival_month >= date_format(current_timestamp - INTERVAL '12' MONTH, '%Y-%m')"),
        ("day(arrival)", "arrival_day >= date_format(current_timestamp - INTERVAL '7' DAY, '%Y-%m-%d')"),
        ("hour(arrival)", "arrival_hour >= date_format(current_timestamp - INTERVAL '24' HOUR, '%Y-%m-%d-%H')"),
        ("day(At)", "at_day >= date_format(current_timestamp - INTERVAL '7' DAY, '%Y-%m-%d')"),
        ("Country", "by_country = 'put a value here'"),
    ],
)
def test_query_counts_the_records_of_the_last_partitions(partition_by: str, condition: str) -> None:
    column = condition.split(maxsplit=1)[0]
    assert query(partition_by) == (
        f"SELECT {column}, count(*) AS records\n"
        'FROM "shop"."raw_lake"\n'
        f"WHERE {condition}\n"
        f"GROUP BY {column}\n"
        f"ORDER BY {column}\n"
    )


def test_partitions_that_are_listed_need_no_condition() -> None:
    assert query(VALUES) == (
        'SELECT by_country, count(*) AS records\nFROM "shop"."raw_lake"\nGROUP BY by_country\nORDER BY by_country\n'
    )


def test_each_partition_has_its_condition_in_the_order_of_the_folders() -> None:
    assert query("shop", VALUES, "day(arrival)") == (
        "SELECT by_shop, by_country, arrival_day, count(*) AS records\n"
        'FROM "shop"."raw_lake"\n'
        "WHERE by_shop = 'put a value here'\n"
        "  AND arrival_day >= date_format(current_timestamp - INTERVAL '7' DAY, '%Y-%m-%d')\n"
        "GROUP BY by_shop, by_country, arrival_day\n"
        "ORDER BY by_shop, by_country, arrival_day\n"
    )
