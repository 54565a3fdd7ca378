"""What the role of a function may not do, and Lambda does as that role: poll a source, and hand over what failed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from streaming_constructs.facts.permissions import (
    DECRYPT_WITH_KEY,
    ENCRYPT_WITH_KEY,
    LAMBDA_POLLS,
    LAMBDA_SENDS,
)
from streaming_constructs.review.access.role_permissions import is_let_in, key_of, may, role_of, statements_of
from streaming_constructs.review.auditing import audits_the_whole
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import shown
from streaming_constructs.review.events.event_sources import FUNCTION, MAPPING, destination_of, function_of, stream_of
from streaming_constructs.review.meaning import Meaning

_INVOKE = "AWS::Lambda::EventInvokeConfig"


class _Need(NamedTuple):
    """What Lambda does as the role of a function: for what, by which actions, and on what."""

    function: Resource
    reason: str
    actions: tuple[str, ...]
    on: Any


@audits_the_whole
def missing_permissions(template: Template) -> Iterator[Meaning]:
    """Roles of functions that lack what their sources and destinations take."""
    for need in _needs(template):
        role = role_of(template, need.function.at("Role"))
        statements = statements_of(template, role)
        if role is None or statements is None or is_let_in(template, role, need.on):
            continue
        missing = [action for action in need.actions if not may(template, statements, action, need.on)]
        if missing:
            yield Meaning(
                "AUD214",
                f"it may not do {', '.join(missing)} on {shown(need.on)}, which {need.reason}",
                "allow it in a policy of the role",
                path="Properties.Policies",
                resource=role,
            )


def _needs(template: Template) -> Iterator[_Need]:
    for mapping in template.of_type(MAPPING):
        function = function_of(template, mapping.at("FunctionName"))
        if function is not None:
            yield from _polls(template, mapping, function)
            says = f"{mapping.logical_id} takes to hand over what failed"
            yield from _sends(template, function, says, destination_of(mapping))
    for invoke in template.of_type(_INVOKE):
        function = function_of(template, invoke.at("FunctionName"))
        for name in ("OnFailure", "OnSuccess") if function is not None else ():
            says = f"{invoke.logical_id} takes to hand over results"
            yield from _sends(template, function, says, invoke.at("DestinationConfig", name, "Destination"))
    for function in template.of_type(FUNCTION):
        says = f"{function.logical_id} takes to hand over events that failed"
        yield from _sends(template, function, says, function.at("DeadLetterConfig", "TargetArn"))


def _polls(template: Template, mapping: Resource, function: Resource) -> Iterator[_Need]:
    arn = mapping.at("EventSourceArn")
    source = template.target(arn)
    if source is None:
        return
    says = f"{mapping.logical_id} takes to read it"
    yield _Need(function, says, LAMBDA_POLLS.get(source.type, ()), arn)
    key = key_of(template, stream_of(template, mapping))
    if key is not None:
        yield _Need(function, f"{mapping.logical_id} takes to read what it encrypts", DECRYPT_WITH_KEY, _arn(key))


def _sends(template: Template, function: Resource | None, says: str, destination: Any) -> Iterator[_Need]:
    target = template.target(destination)
    if function is None or target is None or target.type not in LAMBDA_SENDS:
        return
    yield _Need(function, says, LAMBDA_SENDS[target.type], destination)
    key = key_of(template, target)
    if key is not None:
        yield _Need(function, says, ENCRYPT_WITH_KEY, _arn(key))


def _arn(resource: Resource) -> Any:
    return {"Fn::GetAtt": [resource.logical_id, "Arn"]}
