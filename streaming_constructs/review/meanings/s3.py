"""What changes of a bucket of Amazon S3 mean: how long objects are kept, who may reach them, and who is told of them.

That a bucket is removed or replaced is told as of any resource; what its policy permits, beside the policies.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.values import is_true, listed, number, shown
from streaming_constructs.review.meaning import Changed, Meaning, means
from streaming_constructs.review.objects.lifecycle_rules import lifecycle_meanings, put_to_sleep
from streaming_constructs.review.objects.object_places import TABLE, looks_in, whole_text
from streaming_constructs.review.rules.meaning_rows import Row, in_rows

BUCKET = "AWS::S3::Bucket"
_ENABLED, _SUSPENDED = "Enabled", "Suspended"
BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
PUBLIC_ACLS = ("PublicRead", "PublicReadWrite", "AuthenticatedRead")
"""Canned access control lists that give everybody, or everybody with an account of AWS, access."""
_KEPT_DAYS = {"Days": 1, "Years": 365}

is_by_default(
    BUCKET,
    {
        "AccelerateConfiguration.AccelerationStatus": _SUSPENDED,
        "AccessControl": "Private",
        "BucketEncryption.ServerSideEncryptionConfiguration.*.BucketKeyEnabled": False,
        "ObjectLockEnabled": False,
        "AbacStatus": "Disabled",
        "LifecycleConfiguration.TransitionDefaultMinimumObjectSize": "all_storage_classes_128K",
    },
)


@means(BUCKET, "LifecycleConfiguration")
def lifecycle(changed: Changed) -> Iterator[Meaning]:
    """How long objects are kept, and where."""
    yield from lifecycle_meanings(changed.old, changed.new)
    asleep = set(put_to_sleep(changed.new)) - set(put_to_sleep(changed.old))
    for table in changed.pair.new.of_type(TABLE) if asleep else ():
        place = looks_in(changed.pair.new, table)
        if place is None or place.bucket != changed.new_resource.logical_id:
            continue
        if any(place.path.startswith(prefix) or prefix.startswith(place.path) for prefix in asleep):
            yield Meaning(
                "REV353",
                f"the table {table.logical_id} looks for objects there, and queries pass over those that have moved",
                "move them to a class that is read at once, such as GLACIER_IR",
                grade="danger",
                about="data-loss",
            )


@means(BUCKET, "VersioningConfiguration")
def versioning(changed: Changed) -> Iterator[Meaning]:
    """Whether an object that is overwritten or deleted can be had again."""
    before, after = (
        value.get("Status") if isinstance(value, Mapping) else value for value in (changed.old, changed.new)
    )
    if after == _ENABLED:
        yield Meaning("REV355", "earlier versions of objects are kept")
    elif before in (None, _SUSPENDED):
        return
    elif after not in (None, _SUSPENDED):
        yield Meaning("REV354", f"whether earlier versions are kept is known at deployment only: {shown(after)}")
    elif _needs_versions(changed):
        yield Meaning(
            "REV354",
            "versioning is suspended, which S3 refuses for a bucket that is replicated or under object lock",
            "leave `Status: Enabled`, and let earlier versions expire by a lifecycle rule",
            "danger",
        )
    else:
        yield Meaning(
            "REV354",
            "versioning is suspended: what is overwritten or deleted from now on cannot be had again",
            "leave `Status: Enabled`, and let earlier versions expire by a lifecycle rule",
        )


def _needs_versions(changed: Changed) -> bool:
    new = changed.new_resource
    return is_true(new.at("ObjectLockEnabled")) or bool(listed(new.at("ReplicationConfiguration", "Rules")))


@means(BUCKET, "BucketEncryption")
def encryption(changed: Changed) -> Iterator[Meaning]:
    """With what new objects are encrypted; S3's own key is what they are encrypted with without it."""
    before, after = _encryption(changed.old), _encryption(changed.new)
    if same([*before[:2]], [*after[:2]]):
        if not same([*before[2:]], [*after[2:]]):
            yield Meaning("REV358", "keys of KMS are asked for in another way; objects are encrypted as before")
    elif before[0] == _OWN:
        yield Meaning("REV358", f"new objects are encrypted with {_said(after)}; it was {_said(before)}")
    elif after[0] == _OWN:
        yield Meaning(
            "REV356",
            f"new objects are encrypted with {_said(after)}; it was {_said(before)}, so that no key's policy guards "
            "them any more",
            "leave the key; to exchange it, name another",
        )
    else:
        yield Meaning("REV357", f"new objects are encrypted with {_said(after)}; it was {_said(before)}")


_OWN = "AES256"


def _encryption(value: Any) -> tuple[Any, Any, Any, Any]:
    """The algorithm, the key, whether a key is cached for the bucket, and what kinds are refused."""
    found = value.get("ServerSideEncryptionConfiguration") if isinstance(value, Mapping) else None
    rule = next((item for item in listed(found) if isinstance(item, Mapping)), {})
    default = rule.get("ServerSideEncryptionByDefault")
    if not isinstance(default, Mapping):
        return _OWN, None, rule.get("BucketKeyEnabled"), rule.get("BlockedEncryptionTypes")
    kind = default.get("SSEAlgorithm", _OWN)
    return kind, default.get("KMSMasterKeyID"), rule.get("BucketKeyEnabled"), rule.get("BlockedEncryptionTypes")


def _said(encryption_: tuple[Any, ...]) -> str:
    kind, key = encryption_[:2]
    return (
        "S3's own key" if kind == _OWN else f"{shown(kind)} and {shown(key) if key is not None else 'the key aws/s3'}"
    )


@means(BUCKET, "PublicAccessBlockConfiguration")
def public_access_block(changed: Changed) -> Iterator[Meaning]:
    """What keeps policies and access control lists from opening the bucket to everybody."""
    before, after = ({name for name in BLOCKS if _holds(value, name)} for value in (changed.old, changed.new))
    unknown = [name for name in BLOCKS if _is_unknown(changed.new, name)]
    gone = [name for name in BLOCKS if name in before and name not in after and name not in unknown]
    if gone:
        yield Meaning(
            "REV359",
            f"public access is blocked no more: {', '.join(gone)}; a policy or an access control list can open it to "
            "everybody",
            "leave all four, and give named accounts access by a policy",
        )
    if unknown:
        yield Meaning("REV359", f"what is blocked is known at deployment only: {', '.join(unknown)}", grade="caution")
    if after - before:
        yield Meaning("REV360", f"public access is blocked: {', '.join(sorted(after - before))}")


def _holds(value: Any, name: str) -> bool:
    return isinstance(value, Mapping) and is_true(value.get(name))


def _is_unknown(value: Any, name: str) -> bool:
    if value is not None and not isinstance(value, Mapping):
        return True
    return isinstance(value, Mapping) and isinstance(value.get(name), Mapping)


@means(BUCKET, "AccessControl")
def access_control(changed: Changed) -> Iterator[Meaning]:
    """The canned access control list of the bucket."""
    said = f"the access control list of the bucket is {shown(changed.new)}; it was {shown(changed.old)}"
    if changed.new in PUBLIC_ACLS:
        yield Meaning(
            "REV361",
            f"{said}: everybody may list what is in it",
            "give named accounts access by a policy, or use CloudFront",
        )
    elif changed.new in (None, "Private", "BucketOwnerFullControl", "BucketOwnerRead"):
        yield Meaning("REV360", said)
    else:
        yield Meaning("REV362", said)


@means(BUCKET, "OwnershipControls")
def ownership(changed: Changed) -> Iterator[Meaning]:
    """Whether access control lists of objects count, or the policies of the bucket's owner alone."""
    before, after = _ownership(changed.old), _ownership(changed.new)
    if before == after:
        return
    if after == _OWNER:
        yield Meaning("REV360", "access control lists count no more: the owner of the bucket owns its objects")
    else:
        yield Meaning(
            "REV362",
            f"who owns an object was {before} and is {shown(after)}: access control lists of objects can give others "
            "access",
            "leave `BucketOwnerEnforced`",
        )


_OWNER = "BucketOwnerEnforced"


def _ownership(value: Any) -> Any:
    rules = value.get("Rules") if isinstance(value, Mapping) else None
    rule = next((item for item in listed(rules) if isinstance(item, Mapping)), {})
    return rule.get("ObjectOwnership", _OWNER)


@means(BUCKET, "ObjectLockConfiguration", "ObjectLockEnabled")
def object_lock(changed: Changed) -> Iterator[Meaning]:
    """For how long an object that was written cannot be deleted."""
    before, after = _lock(changed.old), _lock(changed.new)
    said = f"objects are locked: {shown(changed.old)} → {shown(changed.new)}"
    if changed.path[-1] == "ObjectLockEnabled" and not is_true(changed.new):
        yield Meaning("REV363", f"{said}; S3 refuses to turn object lock off", "leave it on without a rule", "danger")
    elif before is None or after is None or after < before:
        yield Meaning("REV363", f"{said}; new objects can be deleted sooner, or by more people")
    else:
        yield Meaning("REV364", said)


def _lock(value: Any) -> tuple[float, int] | None:
    """For how many days, and how strictly; None where nobody knows."""
    if value is None or is_true(value):
        return 0.0, 0
    rule = value.get("Rule") if isinstance(value, Mapping) else None
    kept = rule.get("DefaultRetention") if isinstance(rule, Mapping) else None
    if not isinstance(kept, Mapping):
        return 0.0, 0
    days = [number(kept[name]) for name in _KEPT_DAYS if name in kept]
    if len(days) != 1 or days[0] is None:
        return None
    unit = next(_KEPT_DAYS[name] for name in _KEPT_DAYS if name in kept)
    return days[0] * unit, int(kept.get("Mode") == "COMPLIANCE")


@means(BUCKET, "NotificationConfiguration")
def notifications(changed: Changed) -> Iterator[Meaning]:
    """Who is told of new objects."""
    before, after = _notifications(changed.old), _notifications(changed.new)
    gone, come = sorted(before - after), sorted(after - before)
    if gone:
        yield Meaning(
            "REV365",
            f"nobody is told any more: {'; '.join(gone)}",
            "objects that come meanwhile are told to nobody later: list them, and handle them by hand",
        )
    if come:
        yield Meaning("REV366", f"told of objects: {'; '.join(come)}")


_RECEIVERS = {"LambdaConfigurations": "Function", "QueueConfigurations": "Queue", "TopicConfigurations": "Topic"}


def _notifications(value: Any) -> set[str]:
    found: set[str] = set()
    if not isinstance(value, Mapping):
        return found
    for name, receiver in _RECEIVERS.items():
        for item in listed(value.get(name)):
            if isinstance(item, Mapping):
                of = f" for {json.dumps(item['Filter'], sort_keys=True, default=str)}" if item.get("Filter") else ""
                found.add(f"{shown(item.get('Event'))} to {whole_text(item.get(receiver))}{of}")
    bridge = value.get("EventBridgeConfiguration")
    if isinstance(bridge, Mapping) and is_true(bridge.get("EventBridgeEnabled", True)):
        found.add("all to EventBridge")
    return found


@means(BUCKET, "ReplicationConfiguration")
def replication(changed: Changed) -> Iterator[Meaning]:
    """Where copies of objects are kept."""
    before, after = _copies(changed.old), _copies(changed.new)
    gone = sorted(before - after)
    if gone:
        yield Meaning("REV367", f"new objects are copied no more to {', '.join(gone)}; copies that are there stay")
    elif after - before:
        yield Meaning("REV368", f"new objects are copied to {', '.join(sorted(after - before))}")
    else:
        yield Meaning("REV367", "what is copied, or as what, is another")


def _copies(value: Any) -> set[str]:
    rules = value.get("Rules") if isinstance(value, Mapping) else None
    found = set()
    for rule in listed(rules):
        if isinstance(rule, Mapping) and rule.get("Status") != "Disabled":
            destination = rule.get("Destination")
            found.add(shown(destination.get("Bucket") if isinstance(destination, Mapping) else destination))
    return found


@means(BUCKET, "LoggingConfiguration")
def logging(changed: Changed) -> Iterator[Meaning]:
    """The log of who reached the bucket."""
    if changed.new is None:
        yield Meaning(
            "REV369", "who reaches the bucket is logged no more", "leave the log; let it expire by a lifecycle rule"
        )
    else:
        yield Meaning("REV370", f"who reaches the bucket is logged: {shown(changed.old)} → {shown(changed.new)}")


@means(BUCKET, "CorsConfiguration")
def cross_origin(changed: Changed) -> Iterator[Meaning]:
    """Which sites' pages may read the bucket in a browser."""
    before, after = _origins(changed.old), _origins(changed.new)
    code = "REV371" if after - before else "REV370"
    said = f"pages of these sites may reach it: {', '.join(sorted(before)) or 'none'} → {', '.join(sorted(after)) or 'none'}"
    yield Meaning(code, said)


def _origins(value: Any) -> set[str]:
    rules = value.get("CorsRules") if isinstance(value, Mapping) else None
    return {
        f"{shown(method)} from {shown(origin)}"
        for rule in listed(rules)
        if isinstance(rule, Mapping)
        for origin in listed(rule.get("AllowedOrigins"))
        for method in listed(rule.get("AllowedMethods"))
    }


in_rows(
    BUCKET,
    Row("REV371", "it serves a website", ("WebsiteConfiguration",)),
    Row("REV372", "access depends on tags, or no more", ("AbacStatus",)),
    Row("REV372", "objects that nobody reads are archived otherwise", ("IntelligentTieringConfigurations",)),
    Row(
        "REV372",
        "the tables that describe its objects are others",
        ("MetadataConfiguration", "MetadataTableConfiguration"),
    ),
    Row(
        "REV370",
        "what is told about its objects is another",
        ("AnalyticsConfigurations", "InventoryConfigurations", "MetricsConfigurations"),
    ),
)


@means(BUCKET, "AccelerateConfiguration")
def acceleration(changed: Changed) -> Iterator[Meaning]:
    """The endpoint that is near to whoever calls it."""
    after = changed.new.get("AccelerationStatus") if isinstance(changed.new, Mapping) else changed.new
    if after == _ENABLED:
        yield Meaning("REV370", "its accelerated endpoint is on")
    else:
        yield Meaning("REV372", f"its accelerated endpoint is off ({shown(after)}): calls to it fail")
