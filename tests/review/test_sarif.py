"""SARIF: the members that its standard asks for, and what GitHub reads."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from streaming_constructs.review.reading.places import Place, Placed
from streaming_constructs.review.stacks_review import Accepted, Report, Stack
from streaming_constructs.review.writing.placed import Told, told_of
from streaming_constructs.review.writing.sarif import sarif
from tests.review.told import ALARM, BISECT, NEW, OLD, RETENTION, TAGS, report, source, stack

TOLD = told_of(report(RETENTION, ALARM, BISECT, TAGS, accepted=(Accepted(replace(RETENTION, code="REV102"), "known"),)))


def results(told: Told) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sarif(told)["runs"][0]["results"]
    return found


def prints(told: Told) -> list[str]:
    return [result["partialFingerprints"]["streamingConstructs/v1"] for result in results(told)]


def test_a_log_has_what_the_standard_asks_for() -> None:
    log = json.loads(json.dumps(sarif(TOLD)))
    assert (log["version"], set(log)) == ("2.1.0", {"$schema", "version", "runs"})
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "streaming-constructs"
    ids = [rule["id"] for rule in driver["rules"]]
    assert ids == ["REV101", "REV103", "REV114", "REV117", "REV102"]
    for rule in driver["rules"]:
        assert set(rule) == {"id", "shortDescription", "fullDescription", "help", "defaultConfiguration", "properties"}
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}
    for result in run["results"]:
        assert result["ruleId"] == ids[result["ruleIndex"]]
        assert result["message"]["text"]
        (location,) = result["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"]
        assert location["physicalLocation"]["region"]["startLine"] >= 1


def test_a_result_says_what_where_and_how_grave() -> None:
    first = results(TOLD)[0]
    assert (first["ruleId"], first["level"]) == ("REV101", "error")
    assert first["message"]["text"] == f"{RETENTION.message}\nHelp: {RETENTION.help}"
    assert first["locations"] == [
        {
            "physicalLocation": {"artifactLocation": {"uri": "new.yaml"}, "region": {"startLine": 7}},
            "logicalLocations": [{"fullyQualifiedName": "Clicks.Properties.RetentionPeriodHours", "kind": "resource"}],
        }
    ]
    assert [result["level"] for result in results(TOLD)] == ["error", "error", "warning", "note", "error"]


def test_what_was_accepted_is_suppressed_and_nothing_else() -> None:
    assert [result.get("suppressions") for result in results(TOLD)] == [
        None,
        None,
        None,
        None,
        [{"kind": "external", "status": "accepted", "justification": "known"}],
    ]


def test_fingerprints_survive_moved_lines() -> None:
    moved = stack(RETENTION, BISECT)
    moved = replace(
        moved, stack=Stack("", source(f"# one more\n\n{OLD}", "o"), source(f"# one more\n\n{NEW}", "new.yaml"))
    )
    before, after = told_of(report(RETENTION, BISECT)), told_of(Report((moved,)))
    assert [placed.place.line for placed in before.remarks] == [7, 19]
    assert [placed.place.line for placed in after.remarks] == [9, 21]
    assert prints(before) == prints(after)


def test_fingerprints_are_those_of_one_thing() -> None:
    several = report(RETENTION, RETENTION, replace(RETENTION, path="x"), replace(RETENTION, where="Stage = prod"))
    assert len(set(prints(told_of(several)))) == 4


def test_other_values_are_the_same_thing() -> None:
    assert prints(told_of(report(RETENTION))) == prints(told_of(report(replace(RETENTION, message="it was 12 h"))))


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("a b/new#1.yaml", "a%20b/new%231.yaml"),
        ("<stdin>", "%3Cstdin%3E"),
        (str(Path.cwd() / "cdk.out" / "t.json"), "cdk.out/t.json"),
        ("/elsewhere/t.json", "file:///elsewhere/t.json"),
    ],
)
def test_files_are_addresses(file: str, uri: str) -> None:
    (result,) = results(Told((Placed(TAGS, Place(file)),)))
    assert result["locations"][0]["physicalLocation"] == {"artifactLocation": {"uri": uri}, "region": {"startLine": 1}}


def test_nothing_said_is_a_log_without_results() -> None:
    run = sarif(Told(()))["runs"][0]
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])
