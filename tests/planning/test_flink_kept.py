"""What is told of SQL that changed, before it is deployed."""

from __future__ import annotations

import pytest

from streaming_constructs.planning import PipelinePlan, plan
from streaming_constructs.planning.evolution import system_findings
from streaming_constructs.spec import PipelineSpec
from streaming_constructs.spec.finding import Finding

BEFORE = """SELECT page, window_start, COUNT(*) AS clicks
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
WHERE page <> '/health' -- not ours
GROUP BY page, window_start, window_end"""
ALIKE = "values alone changed"


def told(sql: str) -> Finding:
    (finding,) = [one for one in system_findings(planned(BEFORE), planned(sql)) if one.code == "EVO981"]
    return finding


def planned(sql: str) -> PipelinePlan:
    data = {
        "name": "shop",
        "alarms": False,
        "schemas": {
            "click": {"page": "string", "event_time": "timestamp"},
            "count": {"page": "string", "window_start": "timestamp", "clicks": "bigint"},
        },
        "streams": {
            "clicks": {
                "kind": "kinesis",
                "schema": "click",
                "shards": 1,
                "watermark": {"field": "event_time", "delay_seconds": 5},
            },
            "counts": {"kind": "kinesis", "schema": "count", "shards": 1},
        },
        "analytics": {"app": {"kind": "flink_sql", "from": "clicks", "to": "counts", "sql": sql}},
    }
    return plan(PipelineSpec.model_validate(data))


@pytest.mark.parametrize(
    ("old", "new", "message", "is_alike"),
    [
        (
            "'/health'",
            "'/alive'",
            "its SQL was `WHERE page <> '/health'` and is `WHERE page <> '/alive'`",
            True,
        ),
        (
            "'1' MINUTE",
            "'5' MINUTE",
            (
                "its SQL was `FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))` and is "
                "`FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '5' MINUTE))`"
            ),
            False,
        ),
        ("<>", "=", "its SQL was `WHERE page <> '/health'` and is `WHERE page = '/health'`", False),
        (
            "window_end",
            "window_end HAVING COUNT(*) > 1",
            "its SQL was `nothing` and is `GROUP BY page, window_start, window_end HAVING COUNT(*) > 1`",
            False,
        ),
    ],
)
def test_the_first_line_that_changed_is_shown(old: str, new: str, message: str, is_alike: bool) -> None:
    finding = told(BEFORE.replace(old, new))
    assert finding.message == message
    assert (ALIKE in finding.note) is is_alike
    assert finding.help.startswith("deploy it: where Flink refuses the state, the update is rolled back")


def test_a_comment_changes_nothing() -> None:
    after = planned(BEFORE.replace("not ours", "of the load balancer"))
    assert [one.code for one in system_findings(planned(BEFORE), after) if one.code == "EVO981"] == []
