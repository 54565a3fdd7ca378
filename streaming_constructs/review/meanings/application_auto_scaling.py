"""What changes of Application Auto Scaling mean: the bounds between which a capacity moves, and what moves it."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.template import Resource
from streaming_constructs.review.comparing.values import is_true, number, shown
from streaming_constructs.review.meaning import Changed, Meaning, Meanings, means, when_removed
from streaming_constructs.review.rules.quantities import Quantity

TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"
_TRACKING = "TargetTrackingScalingPolicyConfiguration"

_BOUNDS = {
    "MinCapacity": Quantity(
        "capacity at least", "", "a sudden rise is throttled until it has grown", "REV203", "REV204"
    ),
    "MaxCapacity": Quantity("capacity at most", "", "what needs more is throttled", "REV203", "REV204"),
}


@means(TARGET, *_BOUNDS)
def bounds(changed: Changed) -> Meanings:
    """Between which bounds a capacity moves."""
    return _BOUNDS[changed.name].meanings(changed)


@means(TARGET, "SuspendedState")
def suspended(changed: Changed) -> Iterator[Meaning]:
    """Whether scaling is switched off for a while."""
    names = ("DynamicScalingOutSuspended", "ScheduledScalingSuspended", "DynamicScalingInSuspended")
    old, new = (
        [name for name in names if is_true(each.at("SuspendedState", name))]
        for each in (changed.old_resource, changed.new_resource)
    )
    stopped = [name for name in new if name not in old]
    if stopped:
        yield Meaning("REV247", f"scaling is suspended ({', '.join(stopped)}): the capacity stays where it is")
    elif old != new:
        yield Meaning("REV248", "scaling is no longer suspended")


@means(TARGET, "ScheduledActions", "RoleARN")
def schedule(changed: Changed) -> Iterator[Meaning]:
    """When the bounds are others."""
    yield Meaning("REV247", f"{changed.name}: {shown(changed.old)} → {shown(changed.new)}")


@means(POLICY, f"{_TRACKING}.TargetValue")
def target_value(changed: Changed) -> Iterator[Meaning]:
    """What share of its capacity is used when it grows."""
    old, new = number(changed.old), number(changed.new)
    values = f"{shown(changed.old)} → {shown(changed.new)}"
    if old is not None and new is not None and new < old:
        yield Meaning("REV248", f"capacity grows earlier: the target is {values}")
    else:
        yield Meaning("REV247", f"capacity grows later, with less left: the target is {values}")


@means(POLICY, f"{_TRACKING}.ScaleOutCooldown", f"{_TRACKING}.ScaleInCooldown", f"{_TRACKING}.DisableScaleIn")
def pace(changed: Changed) -> Iterator[Meaning]:
    """How soon capacity grows again, and whether it shrinks."""
    is_in = "ScaleIn" in changed.name
    old, new = number(changed.old) or 0, number(changed.new) or 0
    is_slower = (not is_true(changed.new)) if changed.name.endswith("DisableScaleIn") else (new > old) != is_in
    code = "REV247" if is_slower else "REV248"
    yield Meaning(code, f"{changed.name.rpartition('.')[2]}: {shown(changed.old)} → {shown(changed.new)}")


@means(
    POLICY,
    "PolicyType",
    _TRACKING,
    "StepScalingPolicyConfiguration",
    "PredictiveScalingPolicyConfiguration",
    "PolicyName",
)
def policy(changed: Changed) -> Iterator[Meaning]:
    """What moves the capacity."""
    yield Meaning(
        "REV247", f"capacity is moved by other rules ({changed.name}): {shown(changed.old)} → {shown(changed.new)}"
    )


@when_removed(TARGET, POLICY)
def removed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """Scaling that is there no more."""
    yield Meaning("REV247", "nothing moves the capacity any more: it stays where it is, and a rise is throttled")
