"""Applications of SQL with their numbers: what they run, how large they are, who is woken, and what is said of them."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from streaming_constructs.facts import metrics_flink
from streaming_constructs.planning.analytics.flink_application import Bound, watched_topics
from streaming_constructs.planning.analytics.flink_capacity import monthly_cost
from streaming_constructs.planning.analytics.flink_sql import FlinkSqlPlan
from streaming_constructs.planning.analytics.flink_tables import FlinkTables
from streaming_constructs.planning.analytics.sql_changes import only_adds
from streaming_constructs.planning.analytics.sql_time_findings import time_findings
from streaming_constructs.planning.dashboard import Part, dashboard_rows
from streaming_constructs.planning.evolution import system_findings
from streaming_constructs.planning.pipeline import PipelinePlan, plan
from streaming_constructs.planning.plan_file import plan_document
from streaming_constructs.planning.streams.kinesis_retention_cost import monthly_cost as cost_of_stream
from streaming_constructs.spec import PipelineSpec
from streaming_constructs.spec.analytics.sql_statements import statements
from streaming_constructs.spec.codes.flink_sql import PER_PAGE, application
from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.patterns import find_pattern
from streaming_constructs.spec.read import build

OWN = """CREATE TABLE clicks (page STRING, moment TIMESTAMP(3), WATERMARK FOR moment AS moment) WITH (
  'connector' = 'kinesis', 'stream.arn' = '${CLICKS_STREAM_ARN}', 'aws.region' = '${AWS_REGION}', 'format' = 'json',
  'json.fail-on-missing-field' = 'true', 'aws.credentials.role.arn' = '${role}');
"""

TOTALS = "SELECT page, COUNT(*) AS clicks, MAX(event_time) AS window_start\nFROM clicks -- all of them\nGROUP BY page"


def read(text: str) -> PipelineSpec:
    data = {"name": "shop", "alarms": {"notify": ["oncall@example.com"]}, **yaml.safe_load(text)}
    data["streams"].setdefault("payments", {"kind": "kinesis", "shards": 1})
    spec, findings, _ = build(data, Path())
    assert spec is not None
    assert [finding for finding in findings if finding.level == "error"] == []
    return spec


def planned(fields: str = "parallelism: 2", sql: str = PER_PAGE, **said: Any) -> FlinkSqlPlan:
    node = plan(read(application(fields, sql, **said))).nodes["per_page"]
    assert isinstance(node, FlinkSqlPlan)
    return node


def told(fields: str = "parallelism: 2", sql: str = PER_PAGE, **said: Any) -> list[Finding]:
    return list(planned(fields, sql, **said).findings())


def codes(*arguments: Any, **said: Any) -> list[str]:
    return [finding.code for finding in told(*arguments, **said)]


def test_tables_come_first_and_variables_say_whose_they_are() -> None:
    found = planned()
    assert [statement.split()[:2] for statement in found.statements] == [
        ["CREATE", "TABLE"],
        ["CREATE", "TABLE"],
        ["INSERT", "INTO"],
    ]
    assert found.bindings == {
        "CLICKS_STREAM_ARN": Bound("clicks", "STREAM_ARN"),
        "COUNTS_STREAM_ARN": Bound("counts", "STREAM_ARN"),
        "AWS_REGION": Bound("", "AWS_REGION"),
    }
    assert found.connectors == ("kinesis",)
    assert found.document == {"config": dict(found.config), "statements": list(found.statements)}


def test_what_is_set_in_sql_and_in_the_spec_is_configuration() -> None:
    found = planned(
        "config: {table.exec.state.ttl: 2 h}",
        f"SET 'table.dml-sync' = 'false';\n{PER_PAGE}".replace("SELECT page", "INSERT INTO counts SELECT page"),
    )
    assert found.config == {
        "pipeline.name": "per_page",
        "table.local-time-zone": "UTC",
        "table.exec.source.idle-timeout": "30 s",
        "table.dml-sync": "false",
        "table.exec.state.ttl": "2 h",
    }
    assert not any(statement.startswith("SET") for statement in found.statements)


def test_without_an_idle_timeout_nothing_is_set() -> None:
    assert "table.exec.source.idle-timeout" not in planned("idle_timeout_seconds: 0").config


def test_a_bare_select_fills_columns_by_their_names() -> None:
    found = planned(count="window_start: timestamp, page: string, clicks: bigint")
    assert found.statements[-1].startswith("INSERT INTO `counts` (`page`, `clicks`, `window_start`)\n")
    assert codes(count="window_start: timestamp, page: string, clicks: bigint") == []


def test_a_table_of_ones_own_takes_the_place_of_the_written_one() -> None:
    sql = OWN + "INSERT INTO counts\n" + PER_PAGE.replace("event_time", "moment")
    said = {"watermark": "", "fields": "variables: {role: x}", "sql": sql}
    found = planned(**said)
    assert found.statements[1].startswith("CREATE TABLE clicks (page STRING")
    assert list(found.tables) == ["counts"]
    assert found.variables == {"role": "x"}
    assert found.is_event_time
    assert codes(**said) == []


FINE = {
    "a view": f"CREATE VIEW v AS SELECT * FROM clicks;\nINSERT INTO counts\n{PER_PAGE.replace('TABLE clicks', 'TABLE v')}",
    "WITH": "INSERT INTO counts WITH c AS (SELECT page, event_time FROM clicks) SELECT page, 1, event_time FROM c",
    "a group by a group window": "INSERT INTO counts SELECT page, COUNT(*), TUMBLE_START(event_time, INTERVAL '1' MINUTE) "
    "FROM clicks GROUP BY TUMBLE(event_time, INTERVAL '1' MINUTE), page",
    "an interval join": "INSERT INTO counts SELECT a.page, 1, a.event_time FROM clicks a JOIN clicks b ON a.page = b.page "
    "AND a.event_time BETWEEN b.event_time - INTERVAL '1' MINUTE AND b.event_time",
    "datagen and print": "CREATE TABLE g (a INT) WITH ('connector' = 'datagen', 'rows-per-second' = '1', 'fields.a.min' = '1');"
    "CREATE TABLE p WITH ('connector' = 'print') LIKE g (EXCLUDING ALL);\nINSERT INTO p SELECT a FROM g;\n"
    "INSERT INTO counts SELECT page, 1, event_time FROM clicks",
    "a union": "INSERT INTO counts SELECT page, 1, event_time FROM clicks UNION ALL SELECT page, 2, event_time FROM clicks",
    "a column that is called like a stream": "INSERT INTO counts SELECT page, 1, event_time FROM clicks "
    "WHERE TRIM(BOTH ' ' FROM page) IS DISTINCT FROM 'payments' AND EXTRACT(HOUR FROM event_time) > 1",
    "names in capitals of their own": PER_PAGE.replace("event_time", "`event_time`")
    .lower()
    .replace("minute", "MINUTE"),
    "a comment with a quote": f"-- it's\n{PER_PAGE} /* `';*/",
}


@pytest.mark.parametrize("sql", FINE.values(), ids=FINE)
def test_nothing_is_said_of_what_is_fine(sql: str) -> None:
    assert codes(sql=sql) == []


def test_a_stream_that_is_read_has_its_edge_to_paste() -> None:
    sql = "INSERT INTO counts SELECT page, 1, event_time FROM clicks\nUNION ALL SELECT 'a', 2, event_time FROM payments"
    (finding,) = told(sql=sql)
    assert (finding.code, finding.path) == ("FLK230", ("analytics", "per_page", "sql", 0))
    assert finding.help == "write `from: [clicks, payments]`"
    assert finding.note == "line 2, column 42 of the SQL"


@pytest.mark.parametrize(
    ("option", "help_"),
    [
        ("'stream' = 'x'", "write `'stream.arn' = '${CLICKS_STREAM_ARN}'`"),
        ("'scan.stream.initpos' = 'LATEST'", "write `'source.init.position'`"),
        ("'source.init.positon' = 'LATEST'", "did you mean `source.init.position`?"),
    ],
)
def test_an_option_is_told_as_it_is_called_today(option: str, help_: str) -> None:
    sql = (OWN + PER_PAGE).replace("'json.fail-on-missing-field' = 'true'", option).replace("event_time", "at")
    found = told("variables: {role: x}", sql.replace("SELECT page", "INSERT INTO counts SELECT page"), watermark="")
    assert [finding.code for finding in found] == ["FLK233"]
    assert found[0].help.startswith(help_)


@pytest.mark.parametrize(
    ("key", "runtime", "is_refused"),
    [
        ("table.exec.state.ttl", "FLINK-2_3", False),
        ("table.exec.new-option", "FLINK-2_2", True),
        ("table.exec.new-option", "FLINK-1_20", False),
        ("parallelism.default", "FLINK-1_20", True),
        ("execution.checkpointing.mode", "FLINK-2_3", True),
        ("table.exec.source.idle-timeout", "FLINK-2_3", True),
    ],
)
def test_a_key_is_one_that_code_may_set(key: str, runtime: str, *, is_refused: bool) -> None:
    assert codes(f"runtime: {runtime}, config: {{{key}: '1'}}") == (["FLK240"] if is_refused else [])


@pytest.mark.parametrize(
    ("fields", "clicks", "parallelism", "per_kpu", "kpus"),
    [
        ("max_lag_seconds: 60", "shards: 5", 5, 5, 1),
        ("max_lag_seconds: 60", "shards: 12", 12, 8, 2),
        ("max_lag_seconds: 60", "workload: {records_per_second: 20000, record_kb: 0.1}", 26, 7, 4),
        ("parallelism_per_kpu: 1", "shards: 5", 5, 1, 5),
        ("parallelism: 10", "shards: 10", 10, 8, 2),
    ],
)
def test_over_the_time_of_records_each_shard_has_a_subtask(
    fields: str, clicks: str, parallelism: int, per_kpu: int, kpus: int
) -> None:
    found = planned(fields, clicks=clicks).capacity
    assert (found.parallelism, found.parallelism_per_kpu, found.kpus) == (parallelism, per_kpu, kpus)


def test_the_smallest_application_costs_what_aws_says() -> None:
    assert monthly_cost(planned().capacity) == pytest.approx(165.60)


def test_the_readme_of_the_pattern_says_what_it_costs() -> None:
    pattern = find_pattern("flink-analytics")
    found = plan(PipelineSpec.load(pattern.spec_path))
    application = found.nodes["clickstream"]
    assert isinstance(application, FlinkSqlPlan)
    streams = [cost for stream in found.streams.values() if (cost := cost_of_stream(stream))]
    costs = [monthly_cost(application.capacity), sum(cost.stream + cost.retention for cost in streams)]
    said = re.findall(r"about\s+([\d,]+) USD", (pattern.directory / "README.md").read_text())
    assert said == [f"{cost:,.0f}" for cost in costs]


def test_of_a_topic_there_are_no_more_subtasks_than_partitions() -> None:
    clicks = "kind: kafka, cluster: main, partitions: 3, workload: {records_per_second: 50000, record_kb: 1}"
    text = application("max_lag_seconds: 60", clicks="XX").replace(
        "kind: kinesis, schema: click, XX", f"schema: click, {clicks}"
    )
    found = plan(read(f"{text}clusters: {{main: {{kind: msk, brokers: 3}}}}\n")).nodes["per_page"]
    assert isinstance(found, FlinkSqlPlan)
    assert (found.capacity.parallelism, found.capacity.kpus) == (3, 3)


@pytest.mark.parametrize("name", ["AWS_REGION", "CLICKS_STREAM_ARN", "COUNTS_STREAM_ARN"])
def test_a_variable_takes_no_name_of_the_system(name: str) -> None:
    sql = PER_PAGE.replace("GROUP BY", f"WHERE page <> '${{{name}}}' GROUP BY")
    (finding,) = told(f"variables: {{{name}: mars}}", sql)
    assert (finding.code, finding.path) == ("FLK269", ("analytics", "per_page", "variables", name))
    found = planned(f"variables: {{{name}: mars}}", sql)
    assert name in found.bindings
    assert found.variables == {}


@pytest.mark.parametrize(
    ("condition", "level"),
    [("page <> '${2nd page}'", "warning"), ("clicks > ${2nd}", "error"), ("page <> '$2 {a} ${'", "")],
)
def test_what_only_looks_like_a_variable_is_told(condition: str, level: str) -> None:
    found = told(sql=PER_PAGE.replace("GROUP BY", f"WHERE {condition} GROUP BY"))
    assert [(one.code, one.level) for one in found] == ([("FLK226", level)] if level else [])


def test_values_of_the_configuration_may_be_numbers_and_yes_or_no() -> None:
    found = planned("config: {table.exec.mini-batch.size: 5000, table.exec.mini-batch.enabled: true}").config
    assert (found["table.exec.mini-batch.size"], found["table.exec.mini-batch.enabled"]) == ("5000", "true")


@pytest.mark.parametrize(
    ("sql", "code", "place"),
    [
        (f"-- of pages\n{PER_PAGE}", "FLK237", "line 3, column 12"),
        (f"INSERT INTO counts\n{PER_PAGE}", "FLK237", "line 3, column 12"),
        (TOTALS, "FLK236", "line 3, column 1"),
        (TOTALS, "FLK239", "line 3, column 1"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_column(sql: str, code: str, place: str) -> None:
    finding = next(one for one in told(sql=sql, watermark="") if one.code == code)
    assert finding.note.startswith(f"{place} of the SQL")


MATCH = (
    "INSERT INTO counts SELECT page, 1, ends FROM clicks MATCH_RECOGNIZE (PARTITION BY page ORDER BY event_time MEASURES "
    "LAST(b.event_time) AS ends ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN (a b) {within}"
    "DEFINE a AS a.page = 'cart', b AS b.page = 'paid')"
)


def test_a_pattern_without_an_end_is_kept_for_ever_whatever_the_life_of_state_is() -> None:
    ttl = "config: {table.exec.state.ttl: 1 d}"
    (finding,) = told(ttl, MATCH.format(within=""))
    assert finding.code == "FLK239"
    assert finding.note.startswith("line 1, column 53 of the SQL: MATCH_RECOGNIZE")
    assert codes(sql=MATCH.format(within="WITHIN INTERVAL '1' HOUR ")) == []


def test_of_thousands_of_one_kind_the_first_are_told() -> None:
    joins = "\n".join(f"JOIN t{number} ON true" for number in range(3000))
    found = told(sql=f"INSERT INTO counts SELECT page, 1, event_time FROM clicks\n{joins}")
    unknown = [one for one in found if one.code == "FLK252"]
    assert [one.message.split("`")[1] for one in unknown] == [f"t{number}" for number in range(50)]
    assert unknown[-1].note.endswith("; there are 2,950 more of this kind")


@pytest.mark.parametrize(
    "repeated", ["TUMBLE(", "GROUP BY a ", "GROUP BY (", ", a (", "FROM a,", "+ (", "TUMBLE(TABLE a, DESCRIPTOR(b)"]
)
def test_what_repeats_is_read_in_one_go(repeated: str) -> None:
    # What begins anew at each place and reads to the end takes minutes of this.
    statement = next(statements(f"INSERT INTO counts SELECT page FROM clicks {repeated * (50_000 // len(repeated))}"))
    assert statement.target == "counts"
    assert [len(group) for group in statement.groups if len(group) > 2] == []
    assert statement.own_names == frozenset()
    assert len(statement.windows) in {0, repeated.count("DESCRIPTOR") * (50_000 // len(repeated))}
    assert statement.reads[0][0] == "clicks"


def test_a_long_chain_of_views_only_adds_rows() -> None:
    count = 1200
    views = [f"CREATE VIEW v{n} AS SELECT page, event_time FROM {f'v{n - 1}' if n else 'clicks'}" for n in range(count)]
    views.append(f"INSERT INTO counts SELECT page, 1, event_time FROM v{count - 1}")
    assert only_adds("counts", list(statements(";".join(views))), ["clicks"])
    views[0] += " GROUP BY page, event_time"
    assert not only_adds("counts", list(statements(";".join(views))), ["clicks"])


DISTINCT = "SELECT DISTINCT page, CAST(1 AS BIGINT) AS clicks, event_time AS window_start FROM clicks"
ONE = "SELECT page, CAST(1 AS BIGINT) AS clicks, event_time AS window_start FROM clicks"


@pytest.mark.parametrize(
    ("sql", "grows"),
    [
        (DISTINCT, True),
        (f"{ONE} UNION {ONE}", True),
        (f"{ONE} UNION ALL {ONE}", False),
        (PER_PAGE.replace("SELECT", "SELECT DISTINCT", 1), False),
        (PER_PAGE.replace("COUNT(*)", "COUNT(DISTINCT page)"), False),
    ],
)
def test_rows_that_are_told_apart_are_kept_for_ever(sql: str, *, grows: bool) -> None:
    statement = f"INSERT INTO counts {sql}"
    assert ("FLK239" in codes(sql=statement)) == grows
    assert "FLK239" not in codes("config: {table.exec.state.ttl: 1 d}", statement)


def test_alarms_are_those_of_the_runtime() -> None:
    by_runtime = {
        runtime: {alarm.kind: alarm.metric.name for alarm in planned(f"runtime: {runtime}").alarms()}
        for runtime in ("FLINK-1_20", "FLINK-2_2", "FLINK-2_3")
    }
    assert by_runtime["FLINK-2_3"] == by_runtime["FLINK-2_2"]
    assert (by_runtime["FLINK-1_20"]["restarts"], by_runtime["FLINK-2_3"]["restarts"]) == (
        "fullRestarts",
        "numRestarts",
    )
    assert (by_runtime["FLINK-1_20"]["downtime"], by_runtime["FLINK-2_3"]["downtime"]) == ("downtime", "restartingTime")
    assert set(by_runtime["FLINK-1_20"]) == set(by_runtime["FLINK-2_3"])


ON_KAFKA = "kind: kafka, cluster: main, partitions: 3, schema: click"
CLUSTERS = "clusters: {main: {kind: msk, brokers: 3}, other: {kind: msk, brokers: 3}}\n"


def on_kafka(fields: str, clicks: str = "", sql: str = PER_PAGE, more: str = "", **said: Any) -> FlinkSqlPlan:
    text = application(fields, sql, clicks="XX", more=more, **said)
    text = text.replace("kind: kinesis, schema: click, XX", f"{ON_KAFKA}{clicks}")
    node = plan(read(f"{text}{CLUSTERS}")).nodes["per_page"]
    assert isinstance(node, FlinkSqlPlan)
    return node


def lags(application: FlinkSqlPlan) -> list[tuple[str, float, dict[str, str]]]:
    return [(one.key, one.threshold, dict(one.dimensions)) for one in application.alarms() if one.kind == "time_lag"]


def test_the_lag_of_its_group_in_a_topic_is_watched() -> None:
    found = on_kafka("max_lag_seconds: 60", ", topic: shop.clicks")
    assert lags(found) == [("per_page.time_lag.clicks", 60, {"Topic": "shop.clicks"})]
    (graph,) = [graph for graph in found.graphs() if graph.parts]
    assert graph.parts == (Part("clicks", {"Topic": "shop.clicks"}),)


def test_no_lag_is_watched_that_nobody_tells() -> None:
    assert lags(planned("max_lag_seconds: 60")) == []
    assert lags(on_kafka("max_lag_seconds: 60, checkpointing: false")) == []
    own = OWN.replace("'kinesis', 'stream.arn' = '${CLICKS_STREAM_ARN}'", "'kafka', 'topic' = '${CLICKS_TOPIC_NAME}'")
    own += "INSERT INTO counts\n" + PER_PAGE.replace("event_time", "moment")
    assert lags(on_kafka("variables: {role: x}", sql=own, watermark="")) == []


def test_topics_of_two_clusters_are_not_taken_for_those_of_one() -> None:
    system = read(
        "streams:\n  a: {kind: kafka, cluster: main, partitions: 1}\n  b: {kind: kafka, cluster: other, partitions: 1}\n"
        f"  c: {{kind: kafka, cluster: main, partitions: 1}}\n{CLUSTERS}"
    )
    assert watched_topics(["a", "c", "payments"], system) == {"a": "a", "c": "c"}
    assert watched_topics(["a", "b"], system) == {}


@pytest.mark.parametrize("runtime", ["FLINK-1_20", "FLINK-2_3"])
@pytest.mark.parametrize("event_time", [True, False])
def test_what_is_in_a_graph_has_one_unit(runtime: str, *, event_time: bool) -> None:
    said: dict[str, str] = {} if event_time else {"watermark": "", "sql": "SELECT page, 1, event_time FROM clicks"}
    application = planned(f"runtime: {runtime}", **said)
    assert application.is_event_time == event_time
    (row,) = dashboard_rows([application], list(application.alarms()))
    units = {graph.title: {metric.unit for metric in graph.metrics} for graph in row.graphs}
    assert {title: found for title, found in units.items() if len(found) > 1} == {}


def test_a_watermark_is_drawn_as_what_it_is_behind_the_clock() -> None:
    application = planned("max_lag_seconds: 60")
    (row,) = dashboard_rows([application], list(application.alarms()))
    (behind,) = [graph for graph in row.graphs if metrics_flink.OUTPUT_WATERMARK in graph.metrics]
    assert (behind.lines, "EPOCH(m) * 1000 - m" in behind.expression) == ((("per_page.watermark_lag", 60_000),), True)


def test_alarms_are_silent_without_data_and_forgive_one_maintenance() -> None:
    alarms = {alarm.kind: alarm for alarm in planned().alarms()}
    assert {alarm.missing for alarm in alarms.values()} == {"not_breaching"}
    assert alarms["restarts"].threshold == 1
    assert alarms["checkpoint_duration"].threshold == 60_000
    assert "checkpoint_duration" not in {alarm.kind for alarm in planned("checkpointing: false").alarms()}


def test_only_what_computes_over_time_can_be_late() -> None:
    sql = "INSERT INTO counts SELECT page, 1, event_time FROM clicks"
    kinds = {alarm.kind for alarm in planned(sql=sql, watermark="").alarms()}
    assert {"late_records", "watermark_lag"}.isdisjoint(kinds)
    assert {"late_records", "watermark_lag"} <= {alarm.kind for alarm in planned().alarms()}


def versions(before: dict[str, str], after: dict[str, str]) -> list[str]:
    plans: list[PipelinePlan] = [plan(read(application(**said))) for said in (before, after)]
    return [finding.dotted_path for finding in system_findings(*plans)]


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        ({"fields": "runtime: FLINK-1_20"}, {"fields": "runtime: FLINK-2_3"}, ["analytics.per_page.runtime"]),
        ({"fields": "runtime: FLINK-2_2"}, {"fields": "runtime: FLINK-2_3"}, []),
        ({"sql": PER_PAGE}, {"sql": f"-- A comment.\n{PER_PAGE}"}, []),
        ({"sql": PER_PAGE}, {"sql": PER_PAGE.replace("'1' MINUTE", "'2' MINUTE")}, ["analytics.per_page.sql"]),
        (
            {"fields": "parallelism: 2"},
            {"fields": "parallelism: 2, config: {pipeline.max-parallelism: '256'}"},
            ["analytics.per_page.config"],
        ),
    ],
)
def test_what_does_not_fit_the_state_any_more_is_told(
    before: dict[str, str], after: dict[str, str], path: list[str]
) -> None:
    assert versions(before, after) == path


def test_who_goes_on_without_the_state_is_told_nothing() -> None:
    changed = PER_PAGE.replace("'1' MINUTE", "'2' MINUTE")
    fields = "restore: {allow_non_restored_state: true}"
    assert versions({}, {"sql": changed, "fields": fields}) == []


@pytest.mark.parametrize(
    ("read", "help_"),
    [
        ("clicsk", "did you mean `clicks`?"),
        ("CLICKS", "did you mean `clicks`?"),
        ("visits", "name a stream in `from`, or create it: `CREATE VIEW `visits` AS SELECT …`"),
        ("counts", "read it in an application of its own, with `from: counts`"),
    ],
)
def test_what_there_is_no_table_of_is_not_read(read: str, help_: str) -> None:
    (finding,) = told(sql=f"INSERT INTO counts SELECT page, 1, event_time FROM {read}")
    assert (finding.code, finding.help) == ("FLK252", help_)


@pytest.mark.parametrize(
    "sql",
    [
        "WITH seen (p, t) AS (SELECT page, event_time FROM clicks) SELECT p AS page, 1 AS clicks, t AS window_start FROM seen",
        "INSERT INTO counts SELECT w, 1, event_time FROM clicks, LATERAL TABLE(split(page)) AS t(w)",
        "INSERT INTO counts SELECT w, 1, event_time FROM clicks LEFT JOIN LATERAL TABLE(split(page)) AS t(w) ON TRUE",
        "INSERT INTO counts SELECT page, EXTRACT(DAY FROM event_time), event_time FROM default_database.clicks",
    ],
)
def test_names_that_are_no_tables_of_the_system_are_not_taken_for_such(sql: str) -> None:
    assert codes(sql=sql) == []


def test_a_table_whose_name_is_a_variable_is_known_when_it_runs() -> None:
    said = "variables: {t: counts, s: clicks}"
    assert codes(said, "INSERT INTO ${t} SELECT page, 1, event_time FROM ${s}") == []
    assert codes(said, "INSERT INTO `${t}` SELECT page, 1, event_time FROM `${s}`") == []


def test_a_name_that_ends_at_its_dash_is_told_to_stand_in_backticks() -> None:
    text = application(
        edges="from: whole-clicks, to: whole-counts", sql="INSERT INTO whole SELECT page, 1, event_time FROM whole"
    )
    found = plan(read(text.replace("  clicks:", "  whole-clicks:").replace("  counts:", "  whole-counts:"))).findings
    helps = {finding.code: finding.help for finding in found}
    assert helps == {
        "FLK228": "write it in backticks: `whole-counts`",
        "FLK252": "write it in backticks: `whole-clicks`",
    }


def test_a_statement_that_nobody_knows_is_not_told_to_be_another_that_is_refused() -> None:
    helps = [finding.help for finding in told(sql=f"CALL sys.now();\nINSERT INTO counts\n{PER_PAGE}")]
    assert helps == ["take it out"]


def test_many_variables_are_more_than_a_group_takes() -> None:
    def uses(count: int) -> list[str]:
        said = ", ".join(f"v{number}: 'x'" for number in range(count))
        where = " AND ".join(f"page <> '${{v{number}}}'" for number in range(count))
        return codes(
            f"variables: {{{said}}}", f"INSERT INTO counts SELECT page, 1, event_time FROM clicks WHERE {where}"
        )

    # Beside them there are the two streams and the region.
    assert uses(47) == []
    assert uses(48) == ["FLK251"]


def test_double_quotes_are_told() -> None:
    (finding,) = told(sql="""INSERT INTO counts SELECT "page", 1, event_time FROM clicks -- "fine" here""")
    assert (finding.code, finding.note) == ("FLK253", 'line 1, column 27 of the SQL: `"page",`')


def test_thousands_of_statements_take_no_time_of_their_square() -> None:
    views = "".join(f"CREATE VIEW v{number} AS SELECT * FROM clicks;\n" for number in range(200))
    found = planned("parallelism: 2", f"{views}INSERT INTO counts SELECT page, 1, event_time FROM v199")
    asked = Counter[int]()

    class Asked(type(found.queries[0])):  # type: ignore[misc]
        @property
        def assignment(self) -> None:
            asked[self.start] += 1

    queries = [Asked(one.text, one.tokens, one.item, one.file, one.line, one.start) for one in found.queries]
    list(time_findings(found.spec, queries, FlinkTables({}, frozenset(), ()), read(application())))
    assert max(asked.values()) == 1


def test_one_select_alone_may_stand_alone() -> None:
    both = f"{PER_PAGE};\n{PER_PAGE}"
    (found,) = [one for one in told(sql=both) if one.code == "FLK225"]
    assert found.message == "a second SELECT stands alone, and both would write to `counts`"
    assert found.help == "write `INSERT INTO counts SELECT …` for each, or one SELECT with UNION ALL"


def test_a_path_that_does_not_end_in_sql_is_told_as_one() -> None:
    found = told(sql="queries/per_minute.txt")
    assert [one.code for one in found] == ["FLK224"]
    assert found[0].help == "the path of a file with SQL ends in `.sql`: call it so, as `queries/per_minute.sql`"


@pytest.mark.parametrize("value", ["42", "null"])
def test_what_is_no_sql_is_told_as_that_and_nothing_follows_from_it(value: str, tmp_path: Path) -> None:
    file = tmp_path / "pipeline.yaml"
    file.write_text(
        "name: shop\nalarms: false\nschemas: {click: {page: string}}\n"
        "streams: {clicks: {kind: kinesis, shards: 1, schema: click}, pages: {kind: kinesis, shards: 1, schema: click}}\n"
        f"analytics: {{per_page: {{kind: flink_sql, from: clicks, to: pages, sql: {value}}}}}\n"
    )
    (finding,) = plan_document(read_document(file.read_text(), str(file)))[1]
    assert (finding.code, finding.message) == ("LNG203", "expected SQL, or a list of it")
    assert finding.help == (
        "write SQL, such as `SELECT page FROM clicks`, or the path of a file with it that ends in .sql"
    )
