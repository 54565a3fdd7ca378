"""What changes of tables of DynamoDB mean: keys, expiry, streams of changes, recovery, protection, encryption and replicas.

Capacity and indices are told in `dynamodb_capacity`; who may use a table by its resource policy, in `public_access`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.facts.dynamodb import (
    AWS_MANAGED_KEY,
    RECOVERY_DAYS_BY_DEFAULT,
    STREAM_HOURS,
    TTL_DELETION_DAYS,
)
from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.differences import Difference, same
from streaming_constructs.review.comparing.replacement import replaces_if
from streaming_constructs.review.comparing.template import Resource, value_at
from streaming_constructs.review.comparing.values import is_true, number, shown
from streaming_constructs.review.meaning import Changed, Meaning, Meanings, PropertyRule, means
from streaming_constructs.review.meanings import any_resource
from streaming_constructs.review.meanings.dynamodb_capacity import CAPACITIES, GLOBAL_TABLE, TABLE
from streaming_constructs.review.rules.parts import by_name, items_of
from streaming_constructs.review.rules.switches import Other, Switch

_MAPPING = "AWS::Lambda::EventSourceMapping"

is_by_default(
    TABLE,
    {
        "BillingMode": "PROVISIONED",
        "TableClass": "STANDARD",
        "DeletionProtectionEnabled": False,
        "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled": False,
        "PointInTimeRecoverySpecification.RecoveryPeriodInDays": int(RECOVERY_DAYS_BY_DEFAULT.value),
        "SSESpecification.SSEEnabled": False,
        "TimeToLiveSpecification.Enabled": False,
        "ContributorInsightsSpecification.Enabled": False,
    },
)
is_by_default(
    GLOBAL_TABLE,
    {
        "BillingMode": "PROVISIONED",
        "MultiRegionConsistency": "EVENTUAL",
        "SSESpecification.SSEEnabled": False,
        "TimeToLiveSpecification.Enabled": False,
    },
)


@replaces_if(TABLE, "KeySchema")
@replaces_if(GLOBAL_TABLE, "KeySchema")
def has_another_key(old: Resource, new: Resource, difference: Difference) -> bool:
    """Whether the key is another: its parts may stand in any order."""
    return not (len(difference.path) == 1 and _is_names(difference.old) and _is_names(difference.new))


def _is_names(value: Any) -> bool:
    """Whether a value is what a difference has of a list whose items stand in another order: their names."""
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


@replaces_if(TABLE, "AttributeDefinitions")
@replaces_if(GLOBAL_TABLE, "AttributeDefinitions")
def has_another_type(old: Resource, new: Resource, difference: Difference) -> bool:
    """Whether an attribute of a key is of another type: one more, for a new index, is none."""
    return difference.path[-1] == "AttributeType" and difference.old is not None and difference.new is not None


@replaces_if(GLOBAL_TABLE, "LocalSecondaryIndexes")
def has_another_local_index(old: Resource, new: Resource, difference: Difference) -> bool:
    """Never replaces: AWS refuses to change a local index, which the rule of the property says."""
    return False


@means(TABLE, "KeySchema")
@means(GLOBAL_TABLE, "KeySchema")
def order_of_keys(changed: Changed) -> Iterator[Meaning]:
    """The parts of the key in another order, which means nothing."""
    yield from ()


@means(TABLE, "AttributeDefinitions")
@means(GLOBAL_TABLE, "AttributeDefinitions")
def attributes(changed: Changed) -> Iterator[Meaning]:
    """Attributes that keys are made of: what they are for is told with the index."""
    names = ", ".join(by_name(changed.new, "AttributeName"))
    yield Meaning("REV261", f"the attributes that its keys are made of: {shown(names)}")


@means(TABLE, "TimeToLiveSpecification")
@means(GLOBAL_TABLE, "TimeToLiveSpecification")
def expiry(changed: Changed) -> Iterator[Meaning]:
    """By which attribute items expire."""
    if any(isinstance(value_at(spec, ("Enabled",)), Mapping) for spec in (changed.old, changed.new)):
        yield Meaning("REV250", "whether its items expire is known at deployment only", grade="caution")
        return
    old, new = _expires_by(changed.old), _expires_by(changed.new)
    if old and new and not same(old, new):
        yield Meaning(
            "REV250",
            f"items would expire by {shown(new)}; it was {shown(old)}: AWS refuses another attribute in one update, and once "
            "it is set, what has a time gone by in it is deleted",
            "switch expiry off, deploy, look at what the other attribute holds, and then switch it on by that",
        )
    elif new and not old:
        yield Meaning(
            "REV250",
            f"items whose {shown(new)} is a time gone by are deleted, most within {TTL_DELETION_DAYS.value:g} days after this "
            "is deployed, and the others as their time comes; nothing expired before",
            f"see that every item that has {shown(new)} has the time in it at which it may go, in seconds since 1970",
        )
    elif old and not new:
        yield Meaning(
            "REV251", f"items no longer expire by {shown(old)}: what should have gone stays, is read, and is paid for"
        )


def _expires_by(spec: Any) -> Any:
    return value_at(spec, ("AttributeName",)) if is_true(value_at(spec, ("Enabled",))) else None


@means(TABLE, "StreamSpecification")
@means(GLOBAL_TABLE, "StreamSpecification")
def stream(changed: Changed) -> Iterator[Meaning]:
    """The stream of a table's changes."""
    old, new = (value_at(spec, ("StreamViewType",)) for spec in (changed.old, changed.new))
    if same(old, new):
        if not (isinstance(changed.old, Mapping) and isinstance(changed.new, Mapping)):
            yield Meaning("REV269", f"its stream of changes: {shown(changed.old)} → {shown(changed.new)}")
        return
    unread = f"what of the last {STREAM_HOURS.value:g} h is unread is not read by them"
    if new is None:
        yield Meaning(
            "REV252",
            f"changes no longer go to a stream ({shown(old)}): its readers get nothing more, and {unread}{_readers(changed)}",
            "stop the writers, let the readers finish, and take them out with the stream",
        )
    elif old is None:
        yield Meaning("REV253", f"changes go to a stream of its own: {shown(new)}")
    else:
        yield Meaning(
            "REV252",
            f"{shown(old)} → {shown(new)}: DynamoDB makes a new stream with another ARN; readers of the old one get nothing "
            f"more, {unread}, and they begin anew at the other{_readers(changed)}",
            "let the readers finish the old stream first, by a time in which nothing is written",
        )


def _readers(changed: Changed) -> str:
    """The mappings of the old template that read the stream, in words."""
    table = changed.old_resource
    names = [
        mapping.logical_id
        for mapping in changed.pair.old.of_type(_MAPPING)
        if changed.pair.old.target(mapping.at("EventSourceArn")) is table
    ]
    return f" (here: {shown(', '.join(names))})" if names else ""


@means(TABLE, "StreamSpecification.Tags")
def stream_tags(changed: Changed) -> Meanings:
    """Tags of the stream."""
    return any_resource.tags(changed)


_STREAM_POLICY = Other("REV269", "who may read its stream", "see that its readers still may, and nobody else")


@means(TABLE, "StreamSpecification.ResourcePolicy")
def stream_policy(changed: Changed) -> Meanings:
    """The policy of the stream of changes."""
    return _STREAM_POLICY.meanings(changed)


def recovery(changed: Changed) -> Iterator[Meaning]:
    """Whether, and how far back, a table can be restored."""
    old, new = _recovery_days(changed.old), _recovery_days(changed.new)
    if old is None or new is None:
        yield Meaning("REV254", "to when it can be restored is known at deployment only")
    elif new < old:
        left = f"only the last {new:g} days" if new else "nothing"
        yield Meaning(
            "REV254",
            f"{left} can be restored; it was any second of the last {old:g} days, and what AWS kept for that is given up",
            "leave point-in-time recovery on; make a backup first where it has to go",
        )
    elif new > old:
        yield Meaning("REV256", f"any second of the last {new:g} days can be restored")


def _recovery_days(spec: Any) -> float | None:
    """The days that can be restored, 0 where none can; None where nobody knows."""
    enabled = value_at(spec, ("PointInTimeRecoveryEnabled",))
    days = value_at(spec, ("RecoveryPeriodInDays",))
    if isinstance(enabled, Mapping) or (isinstance(spec, Mapping) and "Ref" in spec):
        return None
    if not is_true(enabled):
        return 0
    return RECOVERY_DAYS_BY_DEFAULT.value if days is None else number(days)


_PROTECTION = Switch(
    "REV255",
    "anybody who may delete tables can delete it, and so can the stack: nothing refuses any more",
    "REV256",
    "AWS refuses to delete it",
    help="leave `DeletionProtectionEnabled: true`",
)
_DISASSOCIATION = Switch(
    "REV255",
    "the replica can be cut off from the table of the other regions: nothing refuses any more",
    "REV256",
    "AWS refuses to cut the replica off from the table of the other regions",
    is_on=True,
)


def encryption(changed: Changed) -> Iterator[Meaning]:
    """With which key a table is encrypted."""
    if any(isinstance(value_at(spec, ("SSEEnabled",)), Mapping) for spec in (changed.old, changed.new)):
        yield Meaning("REV258", "by which key it is encrypted is known at deployment only")
        return
    old, new = _key(changed.old), _key(changed.new)
    if same(old, new):
        return
    if new is None:
        yield Meaning(
            "REV257",
            f"it is no longer encrypted with {shown(old)}, but with a key of AWS's own: no key policy guards its items any "
            "more, and no log shows who reads them",
            "leave `SSEEnabled: true`, with the same key",
        )
    elif old is None:
        yield Meaning("REV259", f"it is encrypted with {shown(new)} in your account")
    else:
        yield Meaning(
            "REV258",
            f"it is encrypted with {shown(new)}; it was {shown(old)}: who may not use the new key reads and writes nothing",
            "give its readers and writers the new key first, and keep the old one for its backups",
        )


def _key(spec: Any) -> Any:
    if not is_true(value_at(spec, ("SSEEnabled",))):
        return None
    key = value_at(spec, ("KMSMasterKeyId",))
    return AWS_MANAGED_KEY if key is None else key


_REPLICA_KEY = Other(
    "REV258",
    "the key of the replica",
    "who may not use the new one reads and writes nothing",
    "give its readers and writers the new key first",
)


def destination(changed: Changed) -> Iterator[Meaning]:
    """The Kinesis stream that a table's changes go to."""
    old, new = (value_at(spec, ("StreamArn",)) for spec in (changed.old, changed.new))
    if same(old, new):
        precision = "ApproximateCreationDateTimePrecision"
        was, is_ = (value_at(spec, (precision,)) for spec in (changed.old, changed.new))
        yield Meaning(
            "REV269", f"times of its changes in the stream: {shown(was)} → {shown(is_)}; readers parse them so"
        )
    elif new is None:
        yield Meaning(
            "REV267",
            f"changes no longer go to {shown(old)}: whoever reads that gets nothing more of this table",
            "take its readers out first",
        )
    elif old is None:
        yield Meaning("REV253", f"changes go to {shown(new)}")
    else:
        yield Meaning(
            "REV267",
            f"changes go to {shown(new)}, and no longer to {shown(old)}: whoever reads the old stream gets nothing more, and "
            "the new one has none of the earlier changes",
            "move its readers over first",
        )


def insights(changed: Changed) -> Iterator[Meaning]:
    """Whether AWS tells which keys are asked for most."""
    old, new = (is_true(value_at(spec, ("Enabled",))) for spec in (changed.old, changed.new))
    if old and not new:
        yield Meaning("REV268", "nobody sees any more which of its keys are asked for most, or throttled")
    else:
        yield Meaning("REV276", f"which keys are told: {shown(changed.old)} → {shown(changed.new)}")


_CLASS = Other("REV276", "its class", "storage and requests are billed by other prices")
_SPECIFICATIONS: Mapping[str, PropertyRule] = {
    "PointInTimeRecoverySpecification": recovery,
    "DeletionProtectionEnabled": _PROTECTION.meanings,
    "KinesisStreamSpecification": destination,
    "ContributorInsightsSpecification": insights,
    "TableClass": _CLASS.meanings,
    **CAPACITIES,
}
"""What a table has, and each replica of one that is in several regions."""
_OF_REPLICA: Mapping[str, PropertyRule] = {
    **_SPECIFICATIONS,
    "DisassociationProtectionEnabled": _DISASSOCIATION.meanings,
    "SSESpecification": _REPLICA_KEY.meanings,
    "ReplicaStreamSpecification": _STREAM_POLICY.meanings,
    "ResourcePolicy": Other("REV269", "who may use the replica", "see that nobody else may").meanings,
    "GlobalTableSettingsReplicationMode": Other("REV269", "whether its settings are replicated").meanings,
    "Tags": any_resource.tags,
}

for _name, _rule in _SPECIFICATIONS.items():
    means(TABLE, _name)(_rule)
means(TABLE, "SSESpecification")(encryption)
means(GLOBAL_TABLE, "SSESpecification")(encryption)


@means(GLOBAL_TABLE, "Replicas")
def replicas(changed: Changed) -> Iterator[Meaning]:
    """The regions that a table is in."""
    old, new = by_name(changed.old, "Region"), by_name(changed.new, "Region")
    for region in [region for region in old if region not in new]:
        yield Meaning(
            "REV266",
            f"the replica in {shown(region)} is deleted: who uses it there has no table, and what it has not yet replicated "
            "is lost",
            "move its users to another region first, stop writing there, and wait until the replicas agree",
        )
    for region in [region for region in new if region not in old]:
        yield Meaning("REV253", f"a replica in {shown(region)} gets all items")
    rules = {**_OF_REPLICA, "GlobalSecondaryIndexes": _replica_indexes}
    yield from items_of(changed, ("Region",), rules, "REV269")
    if not (old and new):
        yield Meaning("REV269", f"its regions: {shown(changed.old)} → {shown(changed.new)}")


def _replica_indexes(changed: Changed) -> Iterator[Meaning]:
    """The indices of one replica: that one comes or goes is told of the table."""
    rules = {**CAPACITIES, "ContributorInsightsSpecification": insights}
    yield from items_of(changed, ("IndexName",), rules, "REV269")


_WHOLE: Mapping[str, Other] = {
    "MultiRegionConsistency": Other(
        "REV269", "how its regions agree", "AWS sets it when a table gets its regions, and not later"
    ),
    "GlobalTableWitnesses": Other("REV269", "where its witness is", "it decides which regions may fail"),
    "GlobalTableSettingsReplicationMode": Other("REV269", "whether its settings are replicated"),
    "TableType": Other("REV269", "the kind of table"),
}

for _name, _other in _WHOLE.items():
    means(GLOBAL_TABLE, _name)(_other.meanings)
