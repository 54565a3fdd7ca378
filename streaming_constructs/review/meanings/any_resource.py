"""What it means that a resource of any type is removed, replaced, renamed or new, and what no other rule knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.facts.stateful import REFUSED_WHILE_FULL, SNAPSHOT_BY_DEFAULT, STATEFUL, TELLS_NOBODY
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.replacement import Replacement
from streaming_constructs.review.comparing.template import Resource, dotted_path
from streaming_constructs.review.comparing.values import shown
from streaming_constructs.review.meaning import (
    ANY,
    Changed,
    Meaning,
    means,
    of_the_unknown,
    of_the_whole,
    when_added,
    when_removed,
    when_renamed,
    when_replaced,
)

_NAMES = (
    *("Name", "BucketName", "TableName", "StreamName", "QueueName", "TopicName", "ClusterName", "LogGroupName"),
    *("DeliveryStreamName", "DomainName", "DBInstanceIdentifier", "DBClusterIdentifier", "FunctionName"),
)
"""Properties that say what a resource that holds something is called in AWS."""
_KEEPS = ("Retain", "RetainExceptOnCreate")
_STEPS = {"Retain": 2, "RetainExceptOnCreate": 2, "Snapshot": 1, "Delete": 0}


def keeps(policy: str) -> bool:
    """Whether a policy of deletion leaves the resource where it is.

    Args:
        policy: The policy.
    """
    return policy in _KEEPS


def _saves(resource: Resource, policy: str) -> bool:
    """Whether what a resource holds can be had again: a snapshot is made of it."""
    return policy == "Snapshot" or (policy == "Delete" and resource.type in SNAPSHOT_BY_DEFAULT)


@when_removed(ANY)
def removed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """A resource that is there no more, with no successor: what it holds is deleted, or left behind without a stack."""
    held = STATEFUL.get(old.type)
    if held is None:
        yield Meaning("REV109", f"{old.type} is deleted")
    elif keeps(old.deletion_policy):
        yield Meaning(
            "REV104",
            f"it leaves the stack and stays in the account with {held}: nobody's template has it any more",
            "import it where it belongs, or delete it by hand once it is not needed",
        )
    elif _saves(old, old.deletion_policy):
        yield Meaning("REV105", f"it is deleted; a snapshot of {held} is made first")
    else:
        refused = " (AWS refuses while anything is in it)" if old.type in REFUSED_WHILE_FULL else ""
        yield Meaning(
            "REV103",
            f"it is deleted with {held}{refused}",
            "deploy `DeletionPolicy: Retain` first, then take it out: it then stays in the account",
        )


@when_replaced(ANY)
def replaced(pair: Pair, replacement: Replacement) -> Iterator[Meaning]:
    """A resource that a deployment replaces by another."""
    held = STATEFUL.get(replacement.new.type)
    why = _reason(replacement)
    if not replacement.is_certain:
        yield Meaning("REV110" if held is None else "REV107", f"it may be replaced, by the values: {why}")
    elif held is None:
        yield Meaning("REV108", f"it is replaced by a new one: {why}")
    elif keeps(replacement.old.update_replace_policy):
        yield Meaning(
            "REV102",
            f"it is replaced by an empty one: {why}; the old one stays in the account with {held}, and nobody reads it",
            "leave the property as it is, or add a second resource and move over",
        )
    else:
        yield Meaning(
            "REV101",
            f"it is replaced by an empty one, and deleted with {held}: {why}",
            f"leave `{dotted_path(replacement.path)}` as it is, or add a second resource and move over",
        )


def _reason(replacement: Replacement) -> str:
    name = dotted_path(replacement.path)
    if replacement.because:
        return f"`{name}` refers to {replacement.because}, which is replaced"
    return f"`{name}` cannot be changed in place"


@when_renamed(ANY)
def renamed(pair: Pair, old: Resource, new: Resource) -> Iterator[Meaning]:
    """A resource under another logical id: to CloudFormation a new one, and the old one goes."""
    held = STATEFUL.get(old.type)
    if held is None:
        if old.type not in TELLS_NOBODY:
            yield Meaning("REV112", f"it is called {new.logical_id} now: a new one is created and this one is deleted")
        elif not same(old.properties, new.properties):
            yield Meaning("REV113", f"it is called {new.logical_id} now")
    else:
        left = (
            f"stays in the account with {held}, and nobody reads it"
            if keeps(old.deletion_policy)
            else f"is deleted with {held}"
        )
        name = _kept_name(old, new)
        refused = f": CloudFormation refuses it, as the name {shown(name)} is still taken" if name is not None else ""
        yield Meaning(
            "REV106",
            f"it is called {new.logical_id} now, so an empty one is created, and this one {left}{refused}",
            f"keep the logical id (`override_logical_id` in CDK), or move it by a refactoring of stacks: "
            f"`{old.logical_id}` → `{new.logical_id}`",
            about="orphan" if keeps(old.deletion_policy) else "data-loss",
        )


def _kept_name(old: Resource, new: Resource) -> Any:
    """The name that a resource has in AWS and keeps under another logical id; None where CloudFormation gives it one.

    The new one is created before the old one goes, so its name is taken, whatever becomes of the old one then.
    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
    """
    for name in _NAMES:
        if old.at(name) is not None and same(old.at(name), new.at(name)):
            return new.at(name)
    return None


@when_added(ANY)
def added(pair: Pair, new: Resource) -> Iterator[Meaning]:
    """A resource that is new."""
    is_alarm = new.type in ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
    yield Meaning("REV111", f"{new.type} is created", about="alarm" if is_alarm else None)


@means(ANY, "@DeletionPolicy")
def deletion_policy(changed: Changed) -> Iterator[Meaning]:
    """What becomes of a resource that leaves the stack."""
    yield from _policy(changed, "when it leaves the stack")


@means(ANY, "@UpdateReplacePolicy")
def update_replace_policy(changed: Changed) -> Iterator[Meaning]:
    """What becomes of a resource that is replaced."""
    yield from _policy(changed, "when it is replaced")


def _policy(changed: Changed, when: str) -> Iterator[Meaning]:
    before, after = _STEPS.get(changed.old, 0), _STEPS.get(changed.new, 0)
    held = STATEFUL.get(changed.new_resource.type)
    if held is None or after >= before:
        if changed.old != changed.new:
            yield Meaning("REV115", f"{when}, it is now: {changed.new} (it was {changed.old})")
    else:
        yield Meaning("REV114", f"{when}, it will be deleted with {held}: {changed.old} → {changed.new}")


@means(ANY, "@UpdatePolicy", "@CreationPolicy")
def update_policy(changed: Changed) -> Iterator[Meaning]:
    """How CloudFormation goes about an update or a creation."""
    yield Meaning("REV116", f"how it is updated or created: {shown(changed.old)} → {shown(changed.new)}")


@means(ANY, "Tags", "TagList", "HostedZoneTags", "FileSystemTags", "UserPoolTags")
def tags(changed: Changed) -> Iterator[Meaning]:
    """Tags, which change nothing that a resource does."""
    yield Meaning("REV117", "its tags are others")


@means(ANY, "Description", "TopicDisplayName", "DisplayName", "Comment")
def description(changed: Changed) -> Iterator[Meaning]:
    """Words for people."""
    yield Meaning("REV118", f"{changed.name} says: {shown(changed.new)}")


@of_the_unknown
def unknown(changed: Changed) -> Iterator[Meaning]:
    """A property that no rule knows: never left out."""
    yield Meaning(
        "REV199",
        f"`{changed.name}` changed, meaning unknown: {shown(changed.old)} → {shown(changed.new)}",
    )


@of_the_whole
def outputs(pair: Pair) -> Iterator[Meaning]:
    """Outputs for people that are new, gone or others, and their descriptions."""
    before, after = (side.data.get("Outputs") for side in (pair.old, pair.new))
    before, after = (side if isinstance(side, Mapping) else {} for side in (before, after))
    for name in dict.fromkeys([*pair.old.outputs, *pair.new.outputs]):
        was, is_ = pair.old.outputs.get(name), pair.new.outputs.get(name)
        exported = [side for side in (was, is_) if side is not None and side["Export"] is not None]
        if not exported and not same((was or {}).get("Value"), (is_ or {}).get("Value")):
            value = shown(is_["Value"]) if is_ else "gone"
            yield Meaning("REV121", f"the output {name} is {value}", path=f"Outputs.{name}")
        elif was and is_ and _described(before, name) != _described(after, name):
            yield Meaning(
                "REV118", f"the output {name} is described as {_described(after, name)!r}", path=f"Outputs.{name}"
            )


def _described(outputs: Mapping[str, Any], name: str) -> str:
    output = outputs.get(name)
    text = output.get("Description") if isinstance(output, Mapping) else None
    return text if isinstance(text, str) else ""


@of_the_whole
def exports(pair: Pair) -> Iterator[Meaning]:
    """Exports that are gone or others: CloudFormation refuses while another stack imports one."""
    for name, before in pair.old.outputs.items():
        after = pair.new.outputs.get(name, {})
        if before["Export"] is None:
            continue
        if after.get("Export") is None or not same(before["Export"], after["Export"]):
            yield Meaning(
                "REV119",
                f"the export {shown(before['Export'])} is gone: CloudFormation refuses while another stack imports it",
                path=f"Outputs.{name}",
            )
        elif not same(before["Value"], after["Value"]):
            yield Meaning(
                "REV120",
                f"the export {shown(before['Export'])} is another value: CloudFormation refuses while another stack imports it",
                path=f"Outputs.{name}",
            )
