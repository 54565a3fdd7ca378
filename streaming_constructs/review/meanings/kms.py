"""What changes of KMS keys and their aliases mean; their policies are told beside those of other resources.

How a stream or a bucket is encrypted belongs to its own service.
"""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts.kms import DEFAULT_PENDING_WINDOW_DAYS, DEFAULT_ROTATION_DAYS
from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.replacement import Replacement
from streaming_constructs.review.comparing.template import Resource
from streaming_constructs.review.comparing.values import is_false, is_true, number, shown
from streaming_constructs.review.meaning import Changed, Meaning, means, when_removed, when_renamed, when_replaced

_KEYS = ("AWS::KMS::Key", "AWS::KMS::ReplicaKey")

for _kind in _KEYS:
    is_by_default(_kind, {"Enabled": True, "PendingWindowInDays": int(DEFAULT_PENDING_WINDOW_DAYS.value)})
is_by_default(
    "AWS::KMS::Key",
    {
        "EnableKeyRotation": False,
        "RotationPeriodInDays": int(DEFAULT_ROTATION_DAYS.value),
        "BypassPolicyLockoutSafetyCheck": False,
        "KeyUsage": "ENCRYPT_DECRYPT",
        "Origin": "AWS_KMS",
    },
)


@means("AWS::KMS::Key", "Enabled")
@means("AWS::KMS::ReplicaKey", "Enabled")
def enabled(changed: Changed) -> Iterator[Meaning]:
    """Whether the key can be used at all."""
    if is_false(changed.new):
        yield Meaning(
            "REV630",
            "the key is disabled: nothing that it encrypted can be read, and writers of what it encrypts are refused",
            "move what is encrypted by it to another key first",
        )
    elif changed.new is None or is_true(changed.new):
        yield Meaning("REV632", "the key can be used again")
    else:
        yield Meaning("REV631", f"whether the key can be used is decided at deployment: {shown(changed.new)}")


@means("AWS::KMS::Key", "EnableKeyRotation")
def rotation(changed: Changed) -> Iterator[Meaning]:
    """Whether its material is exchanged from time to time."""
    if is_true(changed.new):
        yield Meaning("REV632", "the key's material is rotated from now on; what was encrypted stays readable")
    else:
        yield Meaning(
            "REV631", "the key's material is rotated no more", "keep `EnableKeyRotation: true`: it costs no downtime"
        )


@means("AWS::KMS::Key", "RotationPeriodInDays")
def rotation_period(changed: Changed) -> Iterator[Meaning]:
    """How often."""
    before, after = (_days(value, DEFAULT_ROTATION_DAYS.value) for value in (changed.old, changed.new))
    code = "REV632" if before is not None and after is not None and after < before else "REV631"
    yield Meaning(code, f"the key's material is rotated every {_told(after)} days; it was {_told(before)}")


@means("AWS::KMS::Key", "PendingWindowInDays")
@means("AWS::KMS::ReplicaKey", "PendingWindowInDays")
def pending_window(changed: Changed) -> Iterator[Meaning]:
    """How long a deletion can be taken back."""
    before, after = (_days(value, DEFAULT_PENDING_WINDOW_DAYS.value) for value in (changed.old, changed.new))
    code = "REV632" if before is not None and after is not None and after > before else "REV633"
    yield Meaning(code, f"the deletion of the key can be taken back for {_told(after)} days; it was {_told(before)}")


def _days(value: object, default: float) -> float | None:
    return number(default if value is None else value)


def _told(days: float | None) -> str:
    return "?" if days is None else f"{days:g}"


@means("AWS::KMS::Key", "KeySpec", "KeyUsage", "Origin", "MultiRegion")
def immutable(changed: Changed) -> Iterator[Meaning]:
    """What AWS refuses to change of a key."""
    yield Meaning(
        "REV634",
        f"AWS refuses to change `{changed.name}` of a key, and with it the update: {shown(changed.old)} → {shown(changed.new)}",
        "add a second key, and move over what the first encrypts",
    )


@means("AWS::KMS::Key", "BypassPolicyLockoutSafetyCheck")
def lockout(changed: Changed) -> Iterator[Meaning]:
    """Whether a policy may lock everybody out."""
    if changed.new is None or is_false(changed.new):
        yield Meaning("REV632", "a policy that would lock out whoever deploys it is refused")
    else:
        yield Meaning("REV636", "a policy that locks out whoever deploys it is taken")


@means("AWS::KMS::Alias", "TargetKeyId")
def alias(changed: Changed) -> Iterator[Meaning]:
    """Which key an alias stands for."""
    yield Meaning(
        "REV635",
        f"whoever names the alias encrypts by another key: {shown(changed.old)} → {shown(changed.new)}",
        "keep the first key as long as anything is encrypted by it",
    )


@when_removed("AWS::KMS::Alias")
def alias_removed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """An alias that is gone."""
    yield Meaning("REV637", f"the alias {shown(old.at('AliasName'))} is gone: calls that name the key by it fail")


@when_replaced("AWS::KMS::Alias")
def alias_replaced(pair: Pair, replacement: Replacement) -> Iterator[Meaning]:
    """An alias of another name."""
    before, after = replacement.old.at("AliasName"), replacement.new.at("AliasName")
    yield Meaning("REV637", f"the alias is {shown(after)}; calls that name {shown(before)} fail")


@when_renamed("AWS::KMS::Alias")
def alias_renamed(pair: Pair, old: Resource, new: Resource) -> Iterator[Meaning]:
    """An alias under another logical id."""
    before, after = old.at("AliasName"), new.at("AliasName")
    yield Meaning(
        "REV637", f"the alias {shown(before)} is created anew, as {shown(after)}: a name that is taken is refused"
    )
