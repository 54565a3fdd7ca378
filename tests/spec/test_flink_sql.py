"""SQL of Flink as the language reads it: tokens, statements, and files beside the spec."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.spec import FlinkSqlSpec
from streaming_constructs.spec.analytics.sql_statements import Statement, as_insert, statements
from streaming_constructs.spec.analytics.sql_text import read_sql
from streaming_constructs.spec.analytics.sql_tokens import OpenQuoteError, literal, quoted, tokens, variables

TUMBLE = """SELECT page, window_start, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY page, window_start, window_end"""


def one(sql: str) -> Statement:
    (statement,) = statements(sql)
    return statement


def names(sql: str) -> list[str]:
    return [name for name, _ in one(sql).reads]


@given(st.text(max_size=60))
def test_tokens_and_what_lies_between_them_are_the_text(sql: str) -> None:
    try:
        found = list(tokens(sql))
    except OpenQuoteError:
        found = []
    place = 0
    for token in found:
        between = sql[place : token.start]
        assert not between.strip() or between.lstrip().startswith(("--", "//", "/*"))
        assert sql[token.start : token.end] == token.text
        place = token.end


@given(st.text(max_size=40))
def test_a_quoted_text_is_one_token_that_says_it(text: str) -> None:
    assert [(token.form, token.value) for token in tokens(f"{literal(text)} {quoted(text)}")] == [
        ("text", text),
        ("name", text),
    ]


@given(st.lists(st.sampled_from(["'a;b'", "`c;d`", "-- e;\n", "/* f; */", "x", "1", "''''"]), min_size=1, max_size=8))
def test_a_semicolon_ends_a_statement_only_where_it_is_none_of_a_text(parts: list[str]) -> None:
    inside = " ".join(parts)
    has_tokens = any(part[:2] not in {"--", "/*"} for part in parts)
    assert len(list(statements(f"{inside}\n; SELECT 1"))) == (2 if has_tokens else 1)


@pytest.mark.parametrize(
    ("sql", "what", "start"),
    [("SELECT 'it''s", "a text", 7), ("SELECT `a", "a name", 7), ("SELECT 1 /* x", "a comment", 9)],
)
def test_what_is_not_closed_is_told_with_its_place(sql: str, what: str, start: int) -> None:
    with pytest.raises(OpenQuoteError) as caught:
        list(statements(sql))
    assert (caught.value.what, caught.value.start) == (what, start)


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("a // it's ${x}; `b\nc", ["a", "c"]),
        ("a -- b\rc", ["a", "c"]),
        ("a // b\r\nc", ["a", "c"]),
        (r"E'a\'b' c", [r"E'a\'b'", "c"]),
        (r"e'a''\\' c", [r"e'a''\\'", "c"]),
        (r"name'a\' c", ["name", r"'a\'", "c"]),
        ("/*+ OPTIONS('k'='us*/east') */ c", ["/*+ OPTIONS('k'='us*/east') */", "c"]),
        ("outs${x}", ["outs", "${x}"]),
        ("a$b", ["a$b"]),
        ("a / b - c", ["a", "/", "b", "-", "c"]),
    ],
)
def test_tokens_are_those_of_flink(sql: str, found: list[str]) -> None:
    assert [token.text for token in tokens(sql)] == found


def test_a_text_with_backslashes_says_what_they_escape() -> None:
    assert [token.value for token in tokens(r"E'it\'s' E'a''b'")] == ["it's", "a'b"]


def test_a_token_has_its_line_and_column() -> None:
    sql = "a\r\nb /* c\n d */ e\rf"
    assert [(token.text, token.line, token.column) for token in tokens(sql)] == [
        ("a", 1, 1),
        ("b", 2, 1),
        ("e", 3, 7),
        ("f", 4, 1),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("'${bad-page} ${a.b}' ${_c1}", ["bad-page", "a.b", "_c1"]),
        ("'${a${b}' ${2nd} ${a b} ${} ${ä}", ["b"]),
        ("${" + "a" * 128 + "} ${" + "b" * 129 + "}", ["a" * 128]),
    ],
)
def test_a_variable_has_a_name_as_the_spec_takes_it(text: str, found: list[str]) -> None:
    assert list(variables(text)) == found


def test_a_variable_at_the_end_of_a_name_is_a_part_of_it() -> None:
    assert one("INSERT INTO outs${x} SELECT 1").target == "outs${x}"
    assert one("INSERT INTO outs_${x}_2 SELECT 1").target == "outs_${x}_2"


def test_comments_go_and_hints_stay() -> None:
    text = one("SELECT /*+ OPTIONS('a'='b') */ x -- y\nFROM /* z */ t").text
    assert text == "SELECT /*+ OPTIONS('a'='b') */ x\nFROM         t"


def test_what_stands_behind_comments_keeps_its_line_and_its_column() -> None:
    sql = "SELECT a, -- b\n\n  /* c\n\n   d */ e /* f */ , g\nFROM t"
    written = sql.split("\n")
    found = one(sql).text.split("\n")
    assert len(found) == len(written)
    assert [(line, row.index(name)) for line, row in enumerate(found) for name in "aegt" if name in row.split()] == [
        (4, written[4].index("e")),
        (4, written[4].index("g")),
        (5, written[5].index("t")),
    ]


@pytest.mark.parametrize("sql", ["\n -- x\n  SELECT 1", "SELECT 0;\n /* x\n*/ SELECT 1"])
def test_a_statement_knows_the_column_that_it_begins_in(sql: str) -> None:
    last = list(statements(sql))[-1]
    assert (last.line, last.column) == (3, 3 if "0" not in sql else 4)
    assert as_insert(last, "t").column == last.column


@pytest.mark.parametrize(
    ("sql", "kind", "target"),
    [
        ("insert into `a b` select 1", "insert", "a b"),
        ("INSERT INTO cat.db.t SELECT 1", "insert", "t"),
        ("INSERT OVERWRITE t SELECT 1", "other", ""),
        ("CREATE TEMPORARY TABLE IF NOT EXISTS t (a INT)", "table", "t"),
        ("CREATE TEMPORARY VIEW v AS SELECT 1", "view", "v"),
        ("CREATE TEMPORARY SYSTEM FUNCTION f AS 'x.Y'", "function", "f"),
        ("CREATE CATALOG c WITH ('type'='hive')", "other", ""),
        ("WITH a AS (SELECT 1) SELECT * FROM a", "select", ""),
        ("SET 'a' = 'b'", "set", ""),
        ("ADD JAR 'x.jar'", "other", ""),
    ],
)
def test_a_statement_is_known_by_its_first_words(sql: str, kind: str, target: str) -> None:
    assert (one(sql).kind, one(sql).target) == (kind, target)


@pytest.mark.parametrize(
    "sql",
    [
        "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END;",
        "BEGIN STATEMENT SET; INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END;",
        "STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END",
    ],
)
def test_a_statement_set_is_its_statements(sql: str) -> None:
    assert [statement.target for statement in statements(sql)] == ["a", "b"]


@pytest.mark.parametrize(
    ("sql", "read"),
    [
        ("SELECT * FROM a, b AS x JOIN `c-d` ON true", ["a", "b", "c-d"]),
        (TUMBLE, ["clicks"]),
        ("SELECT EXTRACT(DAY FROM at), TRIM(BOTH ' ' FROM page) FROM a WHERE x IS DISTINCT FROM y", ["a"]),
        ("SELECT * FROM (SELECT * FROM a) AS s LEFT JOIN db.b ON true", ["a", "b"]),
        ("SELECT * FROM a, LATERAL TABLE(split(x)) AS t(w)", ["a"]),
        ("SELECT * FROM a AS c (z, y), b AS o (x)", ["a", "b"]),
        ("SELECT * FROM a /*+ OPTIONS('k'='v') */ AS c, b", ["a", "b"]),
        ("SELECT * FROM (a AS c JOIN b ON c.x = b.x), d", ["a", "b", "d"]),
        ("SELECT * FROM ((a JOIN b ON true) JOIN (SELECT x, y FROM c) AS s ON true)", ["a", "b", "c"]),
        (
            "SELECT * FROM a JOIN b USING (x, y), LATERAL (SELECT z, w FROM c), UNNEST(t) AS u (v), d",
            ["a", "b", "c", "d"],
        ),
        ("SELECT * FROM (VALUES (1, 2), (3, 4)) AS v (x, y), a WHERE x IN (1, y) ORDER BY x, y", ["a"]),
        ("SELECT x, (SELECT MAX(y) FROM b), z FROM a GROUP BY x, z", ["b", "a"]),
        ("CREATE TABLE t (a INT METADATA FROM 'x' VIRTUAL, b INT, WATERMARK FOR c AS c) WITH ('k'='v')", []),
        ("CREATE TABLE t WITH ('k'='v') AS SELECT x, y FROM a", ["a"]),
        ("INSERT INTO t TABLE a", ["a"]),
        ("SELECT * FROM a${x}, b", ["a${x}", "b"]),
        ("SELECT * FROM ${x}, b", ["b"]),
    ],
)
def test_what_is_read_stands_behind_from_join_and_table(sql: str, read: list[str]) -> None:
    assert names(sql) == read


@pytest.mark.parametrize(
    ("over", "found"),
    [
        ("TUMBLE(TABLE clicks, DESCRIPTOR(at), INTERVAL '1' MINUTE)", ("TUMBLE", "clicks", "at")),
        ("SESSION(TABLE clicks PARTITION BY u, DESCRIPTOR(`at`), INTERVAL '1' MINUTE)", ("SESSION", "clicks", "at")),
        ("HOP(DATA => TABLE clicks, TIMECOL => DESCRIPTOR(at), SLIDE => x, SIZE => y)", ("HOP", "clicks", "at")),
    ],
)
def test_a_window_tells_its_table_and_its_time(over: str, found: tuple[str, str, str]) -> None:
    assert one(f"SELECT 1 FROM TABLE({over})").windows[0][:3] == found


def test_a_column_is_named_by_its_alias_or_by_itself() -> None:
    sql = "SELECT DISTINCT a, t.b, COUNT(*) AS c, SUM(x) d, 1 + 2, CASE WHEN a THEN 1 END, MAX(e) FROM t"
    assert [name for name, _ in one(sql).selected] == ["a", "b", "c", "d", "", "", ""]


def test_groups_end_where_the_next_clause_begins() -> None:
    assert one("SELECT 1 FROM t GROUP BY a, f(b, c) HAVING COUNT(*) > 1").groups == (
        ("A", ",", "F", "(", "B", ",", "C", ")"),
    )


def test_a_bare_select_becomes_an_insert_that_keeps_its_place() -> None:
    select = list(statements(f"CREATE VIEW v AS SELECT 1;\n\n{TUMBLE}"))[1]
    written = as_insert(select, "a-b", ["page", "from"])
    assert written.text.startswith("INSERT INTO `a-b` (`page`, `from`)\nSELECT page")
    assert (written.kind, written.line, written.named_columns) == ("insert", 3, ("page", "from"))


def test_a_file_beside_the_spec_is_read(tmp_path: Path) -> None:
    (tmp_path / "q.sql").write_text("\ufeffINSERT INTO a SELECT 1;\nSELECT 'x", encoding="utf-8")
    (tmp_path / "latin.sql").write_bytes(b"SELECT '\xe9'")
    (tmp_path / "folder.sql").mkdir()
    spec = FlinkSqlSpec(sql=("q.sql", "none.sql\n", "latin.sql", "folder.sql", "SELECT 1"))
    text = read_sql(spec, tmp_path)
    assert [statement.item for statement in text.statements] == [4]
    assert [(found.code, found.path) for found in text.findings] == [
        ("FLK222", ("sql", 0)),
        ("FLK223", ("sql", 1)),
        ("FLK223", ("sql", 2)),
        ("FLK223", ("sql", 3)),
    ]
    assert "q.sql:2:8" in text.findings[0].note
