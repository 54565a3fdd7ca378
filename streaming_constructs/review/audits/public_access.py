"""What is wrong with the policies of resources: what is open to everybody, or to a service on behalf of anybody."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.review.access.policy_grants import Grant
from streaming_constructs.review.access.policy_reach import (
    audience,
    names_source,
    shown_grants,
    shown_principal,
    shown_text,
)
from streaming_constructs.review.access.resource_policies import APART, guarded
from streaming_constructs.review.auditing import audits, audits_the_whole
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.meaning import Meaning

_FOR_ANYBODY = ("s3", "sns", "events", "apigateway", "iot", "ses")
"""Services that come for the resources of whoever uses them, in any account.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html, read 2026-11-29
"""
_NOT_HERE = ("AWS::ApiGateway::RestApi",)
"""What everybody is let into by the policy, and kept out of by something else: told with its service."""


@audits_the_whole
def policies(template: Template) -> Iterator[Meaning]:
    """What each resource lets in."""
    for of, held in guarded(template).items():
        if held.policy.type in _NOT_HERE:
            continue
        path = f"Properties.{APART[held.policy.type][1]}" if held.policy.type in APART else "Properties"
        named = f"the {held.kind} {shown_text(of)}"
        open_to_all = [grant for grant in held.grants if not grant.is_deny and audience(grant) == "everybody"]
        if open_to_all:
            yield Meaning(
                "AUD610",
                f"everybody can call {shown_grants(_ordered(open_to_all))} on {named}",
                "name the principal, or bound it by `aws:SourceArn`, `aws:SourceAccount` or `aws:PrincipalOrgID`",
                path=path,
                resource=held.policy,
            )
        for grant in _ordered(held.grants):
            service = grant.principal.removeprefix("Service:").partition(".")[0]
            is_service = grant.principal.startswith("Service:") and service in _FOR_ANYBODY
            if is_service and not grant.is_deny and not names_source(grant):
                says = f"{shown_principal(grant.principal)} can call {shown_grants([grant])} on {named} for any account"
                help_ = "say for whom it comes: `SourceArn` and `SourceAccount`"
                yield Meaning("AUD611", says, help_, path=path, resource=held.policy)
                break


def _ordered(grants: list[Grant] | frozenset[Grant]) -> list[Grant]:
    return sorted(grants, key=lambda grant: (grant.principal, grant.action, grant.resource))


@audits("AWS::Lambda::Url")
def url(template: Template, found: Resource) -> Iterator[Meaning]:
    """URLs that ask nobody who they are."""
    if found.at("AuthType") == "NONE":
        yield Meaning(
            "AUD612",
            "whoever knows the URL invokes the function: nobody is asked who they are",
            "`AuthType: AWS_IAM`, and a permission for each caller",
            path="Properties.AuthType",
        )
