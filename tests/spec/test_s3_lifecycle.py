"""The lifecycle of a bucket, as S3 takes it and as S3 refuses it."""

from __future__ import annotations

from itertools import combinations
from typing import get_args

import pytest

from streaming_constructs.facts import s3
from streaming_constructs.spec.finding import Edit, Finding, SpecError
from streaming_constructs.spec.read import document_of, read_as
from streaming_constructs.spec.s3_lifecycle import StorageClass, Transition, lifecycle_findings

Moves = list[tuple[int, StorageClass]]


def said(moves: Moves, expire_after_days: int | None = None) -> list[Finding]:
    transitions = [Transition(after_days=days, storage_class=name) for days, name in moves]
    return list(lifecycle_findings(transitions, expire_after_days))


@pytest.mark.parametrize(
    "moves",
    [
        [(30, "standard_ia"), (60, "glacier_ir"), (150, "glacier"), (240, "deep_archive")],
        [(30, "standard_ia"), (60, "intelligent_tiering"), (61, "glacier_ir"), (151, "deep_archive")],
        [(0, "intelligent_tiering"), (1, "glacier_ir")],
        [(0, "intelligent_tiering"), (1, "glacier"), (91, "deep_archive")],
        [(0, "glacier"), (90, "deep_archive")],
        [(0, "glacier_ir")],
        [(0, "deep_archive")],
        [(30, "standard_ia"), (60, "deep_archive")],
    ],
)
def test_what_s3_takes_is_fine(moves: Moves) -> None:
    assert said(moves) == []


@pytest.mark.parametrize(
    ("moves", "least"),
    [
        ([(0, "glacier"), (10, "deep_archive")], 90),
        ([(60, "glacier"), (149, "deep_archive")], 150),
        ([(30, "standard_ia"), (40, "glacier_ir")], 60),
        ([(30, "standard_ia"), (59, "intelligent_tiering")], 60),
        ([(45, "standard_ia"), (74, "deep_archive")], 75),
        ([(10, "glacier_ir"), (99, "glacier")], 100),
        ([(10, "glacier_ir"), (99, "deep_archive")], 100),
    ],
)
def test_an_object_stays_in_a_class_as_long_as_s3_keeps_it_there(moves: Moves, least: int) -> None:
    (found,) = said(moves)
    assert (found.code, found.dotted_path) == ("FIR723", "transitions[1].after_days")
    assert [edit.value for edit in found.edits] == [least]
    assert said([moves[0], (least, moves[1][1])]) == []


def test_objects_become_infrequently_accessed_after_a_month() -> None:
    assert Transition(after_days=30, storage_class="standard_ia").after_days == 30
    assert Transition(after_days=29, storage_class="glacier_ir").after_days == 29
    with pytest.raises(SpecError) as refused:
        Transition(after_days=29, storage_class="standard_ia")
    (found,) = refused.value.findings
    assert (found.code, found.path, found.edits) == ("FIR723", ("after_days",), (Edit(("after_days",), 30),))


@pytest.mark.parametrize("second", [29, 30])
def test_objects_do_not_move_twice_in_a_day_or_back_in_time(second: int) -> None:
    (found,) = said([(30, "glacier_ir"), (second, "glacier")])
    assert (found.dotted_path, found.help) == (
        "transitions[1].after_days",
        "list the transitions in the order of their days",
    )


def test_behind_the_last_class_there_is_none_to_move_to() -> None:
    (found,) = said([(30, "deep_archive"), (300, "glacier")])
    assert found.help == "take it out: no class is behind this one"


def test_a_third_transition_is_told_at_its_own_place() -> None:
    (found,) = said([(0, "intelligent_tiering"), (1, "glacier"), (2, "deep_archive")])
    assert found.dotted_path == "transitions[2].after_days"


def test_objects_move_one_way() -> None:
    assert get_args(StorageClass) == s3.STORAGE_CLASSES
    for earlier, later in combinations(s3.STORAGE_CLASSES, 2):
        assert said([(1000, earlier), (2000, later)]) == []  # type: ignore[list-item]
        (back,) = said([(1000, later), (2000, earlier)])  # type: ignore[list-item]
        assert (back.dotted_path, back.message) == (
            "transitions[1].storage_class",
            f"objects do not move from {later} to {earlier}",
        )
    (same,) = said([(30, "glacier"), (200, "glacier")])
    assert same.help == "take it out, or move to deep_archive"


@pytest.mark.parametrize(("expire", "found"), [(60, ["expire_after_days"]), (61, [])])
def test_objects_move_before_they_are_deleted(expire: int, found: list[str]) -> None:
    told = said([(30, "standard_ia"), (60, "glacier_ir")], expire)
    assert [finding.dotted_path for finding in told] == found
    assert [edit.value for finding in told for edit in finding.edits] == [61 for _ in found]


SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-AbCdEf"
LIFECYCLE = "transitions: [{after_days: 1, storage_class: glacier}, {after_days: 2, storage_class: deep_archive}]"


@pytest.mark.parametrize(
    ("to", "path"),
    [
        (f"{{kind: s3, {LIFECYCLE}}}", "transitions"),
        (f"{{kind: s3, format: parquet, source_backup: {{{LIFECYCLE}}}}}", "source_backup.transitions"),
        (f"{{kind: http, endpoint: 'https://example.com', backup: {{{LIFECYCLE}}}}}", "backup.transitions"),
        (
            f"{{kind: redshift, workgroup: shop, database: shop, table: t, secret_arn: '{SECRET}', staging: {{{LIFECYCLE}}}}}",
            "staging.transitions",
        ),
    ],
)
def test_every_bucket_is_judged(to: str, path: str) -> None:
    text = f"name: shop\nschemas: {{s: {{a: string}}}}\ndeliveries: {{lake: {{schema: s, to: {to}}}}}\n"
    findings = read_as(document_of(text.encode(), "shop.yaml")).findings
    assert [(finding.code, finding.dotted_path) for finding in findings] == [
        ("FIR723", f"deliveries.lake.to.{path}[1].after_days")
    ]
