"""What a scenario of a Flink application refuses before a Flink is asked."""

from __future__ import annotations

from typing import Any, cast

import pytest

from streaming_constructs.testing.flink_scenario import FlinkScenario

STATEMENTS = [
    "CREATE TABLE `clicks__records` (`p` STRING) WITH ('connector' = 'kinesis')",
    "CREATE VIEW `clicks` AS SELECT `p` AS `page` FROM `clicks__records`",
    "CREATE TABLE `orders` (`id` STRING) WITH ('connector' = 'kinesis')",
    "CREATE TABLE `counts` (`page` STRING) WITH ('connector' = 'kinesis')",
    "INSERT INTO `counts` SELECT page FROM clicks",
]


def scenario() -> FlinkScenario:
    return FlinkScenario(cast("Any", None))


def test_what_is_no_table_is_refused_with_those_that_there_are() -> None:
    flink = scenario()
    flink.load(STATEMENTS)
    with pytest.raises(
        ValueError, match=r"no table `klicks` .*: there are `clicks`, `orders`; did you mean `clicks`\?"
    ):
        flink.given("klicks", [])
    with pytest.raises(ValueError, match="no table `counts` to give events to"):
        flink.given("counts", [])


@pytest.mark.parametrize("name", ["clicks", "clicks__records", "orders"])
def test_streams_are_given_by_their_names_or_those_of_their_tables(name: str) -> None:
    flink = scenario()
    flink.load(STATEMENTS)
    flink.given(name, [])


def test_without_statements_that_is_said() -> None:
    with pytest.raises(ValueError, match="no statements are loaded"):
        scenario().given("clicks", [])
    with pytest.raises(ValueError, match="no statements are loaded"):
        scenario().run()
