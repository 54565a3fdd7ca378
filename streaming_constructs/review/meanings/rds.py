"""What changes of databases of RDS mean: what is kept of them, who reaches them, and what guards them."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.differences import Difference
from streaming_constructs.review.comparing.replacement import replaces_if
from streaming_constructs.review.comparing.template import Resource
from streaming_constructs.review.comparing.values import is_false, is_true, number, shown
from streaming_constructs.review.meaning import Changed, Meaning, means
from streaming_constructs.review.rules.meaning_rows import Switch, in_rows

_INSTANCE, _CLUSTER = "AWS::RDS::DBInstance", "AWS::RDS::DBCluster"
_IN_PLACE = ("AutoMinorVersionUpgrade", "BackupRetentionPeriod", "MultiAZ", "PreferredMaintenanceWindow")
"""Properties of an instance that its schema calls conditional, and that are changed in place, with an interruption at most.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html,
read 2026-11-29
"""

for _kind in (_INSTANCE, _CLUSTER):
    is_by_default(_kind, {"BackupRetentionPeriod": 1, "DeletionProtection": False, "StorageEncrypted": False})
is_by_default(_INSTANCE, {"MultiAZ": False})


def _never(old: Resource, new: Resource, difference: Difference) -> bool:
    return False


for _name in _IN_PLACE:
    replaces_if(_INSTANCE, _name)(_never)


@means(_INSTANCE, "BackupRetentionPeriod")
@means(_CLUSTER, "BackupRetentionPeriod")
def backups(changed: Changed) -> Iterator[Meaning]:
    """For how many days automated backups are kept."""
    before, after = (number(1 if value is None else value) for value in (changed.old, changed.new))
    if before is None or after is None:
        yield Meaning(
            "REV691",
            f"for how long backups are kept is known at deployment only: {shown(changed.new)}",
            grade="caution",
        )
    elif after < before:
        kept = f"backups older than {after:g} days are deleted" if after else "automated backups are off, and deleted"
        yield Meaning(
            "REV691",
            f"{kept}; they were kept for {before:g} days",
            "make a snapshot by hand first, which stays",
        )
    elif after > before:
        yield Meaning("REV693", f"backups are kept for {after:g} days; it was {before:g}")


@means(_INSTANCE, "PubliclyAccessible")
@means(_CLUSTER, "PubliclyAccessible")
def public(changed: Changed) -> Iterator[Meaning]:
    """Whether it has an address that the internet reaches."""
    if is_true(changed.new):
        yield Meaning(
            "REV690",
            "it has a public address: whoever its security groups let in reaches it from the internet",
            "leave `PubliclyAccessible: false`, and come by the VPC",
        )
    elif is_false(changed.new) or (changed.new is None and is_true(changed.old)):
        yield Meaning("REV693", "it has no public address any more; who came by it reaches it no longer")
    else:
        yield Meaning(
            "REV690", f"whether it is public is known at deployment only: {shown(changed.new)}", grade="caution"
        )


for _kind in (_INSTANCE, _CLUSTER):
    in_rows(
        _kind,
        Switch(
            "REV692",
            "REV693",
            "protection against its deletion",
            ("DeletionProtection",),
            help="leave it on until the database may go",
        ),
        Switch(
            "REV692",
            "REV693",
            "a second one in another zone that takes over",
            ("MultiAZ",),
            help="leave it on where it may not stand still",
        ),
    )
