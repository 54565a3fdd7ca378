"""What changes of databases and of services of containers mean."""

from __future__ import annotations

from typing import Any

import pytest

from tests.review.access import codes, faults, messages, resource

KINDS = ("RDS::DBInstance", "RDS::DBCluster")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("name", "old", "new", "there", "back"),
    [
        ("BackupRetentionPeriod", 14, 7, ("REV691", "danger"), ("REV693", "fine")),
        ("BackupRetentionPeriod", 1, 0, ("REV691", "danger"), ("REV693", "fine")),
        ("MultiAZ", True, False, ("REV692", "caution"), ("REV693", "fine")),
        ("DeletionProtection", True, False, ("REV692", "caution"), ("REV693", "fine")),
        ("DeletionProtection", "True", "False", ("REV692", "caution"), ("REV693", "fine")),
        ("StorageEncrypted", True, False, ("REV101", "danger"), ("REV101", "danger")),
    ],
)
def test_what_guards_a_database(kind: str, name: str, old: Any, new: Any, there: Any, back: Any) -> None:
    before, after = ({"Orders": resource(kind, **{name: value})} for value in (old, new))
    assert codes(before, after) == dict([there])
    assert codes(after, before) == dict([back])


def test_a_database_that_is_public() -> None:
    private, public = ({"Orders": resource(KINDS[0], PubliclyAccessible=value)} for value in (False, True))
    assert codes(private, public) == {"REV690": "danger"}
    assert codes(public, private) == {"REV693": "fine"}
    unknown = {"Orders": resource(KINDS[0], PubliclyAccessible={"Ref": "Public"})}
    assert codes(private, unknown) == {"REV690": "caution"}


def test_backups_that_are_deleted_are_told() -> None:
    old, new = ({"Orders": resource(KINDS[0], BackupRetentionPeriod=days)} for days in (14, 7))
    assert messages(old, new, "REV691") == ["Orders: backups older than 7 days are deleted; they were kept for 14 days"]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (2, 0, {"REV694": "danger"}),
        (None, 0, {"REV694": "danger"}),
        (4, 2, {"REV695": "caution"}),
        (2, {"Ref": "Count"}, {"REV695": "caution"}),
        (2, 4, {"REV696": "fine"}),
        (None, 1, {}),
    ],
)
def test_how_many_tasks_run(old: Any, new: Any, found: dict[str, str]) -> None:
    before = resource("ECS::Service", **({} if old is None else {"DesiredCount": old}))
    assert codes({"Reader": before}, {"Reader": resource("ECS::Service", DesiredCount=new)}) == found


def test_a_password_in_plain_text() -> None:
    assert faults({"Orders": resource(KINDS[0], MasterUserPassword="hunter2-prod")}) == ["AUD640 Orders"]
    resolved = "{{resolve:secretsmanager:orders:SecretString:password}}"
    assert faults({"Orders": resource(KINDS[0], MasterUserPassword=resolved)}) == []
