"""Flink's parser alone: it says what Flink says of the same statements."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest

from streaming_constructs.facts.flink_connector_jars import RUNTIME_JARS
from streaming_constructs.local.flink.flink_error import FlinkError
from streaming_constructs.local.flink.local_flink import LocalFlink
from streaming_constructs.local.flink.sql_parser import FlinkSqlParser

pytestmark = pytest.mark.xdist_group("flink")

ParserOf = Callable[[str], FlinkSqlParser]

WELL_WRITTEN = (
    (
        "CREATE TABLE t (`at` TIMESTAMP_LTZ(3), n BIGINT NOT NULL, r ROW<a INT, b ARRAY<STRING>>, p AS PROCTIME(), "
        "WATERMARK FOR `at` AS `at` - INTERVAL '5' SECOND, PRIMARY KEY (n) NOT ENFORCED) "
        "PARTITIONED BY (n) WITH ('connector' = 'print')"
    ),
    "CREATE TEMPORARY VIEW v AS SELECT n % 2 AS odd FROM t -- a comment",
    (
        "INSERT INTO t /*+ OPTIONS('a' = 'b') */ SELECT window_start, COUNT(*) "
        "FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(`at`), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end"
    ),
    (
        "SELECT * FROM t MATCH_RECOGNIZE (ORDER BY `at` MEASURES A.n AS n AFTER MATCH SKIP PAST LAST ROW "
        "PATTERN (A B+) WITHIN INTERVAL '1' HOUR DEFINE B AS B.n > A.n)"
    ),
    "SELECT a.n FROM t AS a JOIN t FOR SYSTEM_TIME AS OF a.p AS b ON a.n = b.n WHERE a.r.b[1] <> 'it''s' LIMIT 3",
)
KNOWN_TO_ALL_OF_FLINK = "CREATE TABLE t (v VARIANT) WITH ('connector' = 'print')"
ILL_WRITTEN = (
    "SELECT page, value FROM t",
    "SELECT n\nFROM t\nWHERE",
    "CREATE TABLE t (views BIGINT, at TIMESTAMP(3)) WITH ('connector' = 'print')",
    "CREATE TABLE t (n BIGINT) WITH ('connector' = \"print\")",
    "INSERT INTO t SELECT 'open FROM t",
    "SELECT n, FROM t",
    "SELECT n FROM t ORDER BY",
    "SELECT $ FROM t",
)


@pytest.mark.parametrize("runtime", RUNTIME_JARS)
def test_each_runtime_takes_what_is_well_written(runtime: str, parser_of: ParserOf) -> None:
    assert parser_of(runtime).parse([*WELL_WRITTEN, KNOWN_TO_ALL_OF_FLINK]) == []


def told(errors: list[FlinkError]) -> list[tuple[object, ...]]:
    return [(error.statement, error.line, error.column, error.message) for error in errors]


def test_it_says_what_flink_says(flink_jvm: LocalFlink, parser_of: ParserOf) -> None:
    statements = [*WELL_WRITTEN, KNOWN_TO_ALL_OF_FLINK, *ILL_WRITTEN]
    errors = parser_of(flink_jvm.runtime).parse(statements)
    assert [error.statement for error in errors] == list(range(len(WELL_WRITTEN) + 1, len(statements)))
    assert told(errors) == told(flink_jvm.parse(statements))


def test_each_runtime_has_a_grammar_of_its_own(parser_of: ParserOf) -> None:
    predicted = "SELECT * FROM ML_PREDICT(TABLE t, MODEL m, DESCRIPTOR(n))"
    altered = "CREATE OR ALTER MATERIALIZED TABLE t FRESHNESS = INTERVAL '1' HOUR AS SELECT 1"
    refused = {
        runtime: [(error.statement, error.column) for error in parser_of(runtime).parse([predicted, altered])]
        for runtime in RUNTIME_JARS
    }
    assert refused == {"FLINK-2_3": [], "FLINK-2_2": [(1, 11)], "FLINK-1_20": [(0, 26), (1, 11)]}


def test_a_variable_is_replaced_before_it_is_parsed(parser_of: ParserOf) -> None:
    parser = parser_of("FLINK-2_3")
    assert parser.parse(["SELECT '${word}' FROM ${table}"], {"word": "it's ö", "table": "t"}) == []
    (error,) = parser.parse(["SELECT 1", "SELECT '${word}'"])
    assert (error.statement, error.line) == (1, None)
    assert "has no word, which a statement refers to" in error.message


def test_a_statement_that_is_too_deep_is_refused_and_those_after_it_judged(parser_of: ParserOf) -> None:
    deep = f"SELECT {'(' * 50_000}1{')' * 50_000}"
    errors = parser_of("FLINK-2_3").parse([deep, "SELECT 1", "SELECT"])
    assert [error.statement for error in errors] == [0, 2]
    assert errors[0].message == "java.lang.StackOverflowError"


def test_a_process_that_is_gone_is_told(parser_of: ParserOf) -> None:
    parser_of("FLINK-2_3")  # skips where it cannot be had
    with FlinkSqlParser("FLINK-2_3") as parser:
        os.kill(parser.pid, signal.SIGKILL)
        with pytest.raises(FlinkError, match="the process of Flink's parser has ended"):
            parser.parse(["SELECT 1"])
