"""The customer managed key of an application of Flink: what the service may do with it, and who operates the application."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import Annotations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from streaming_constructs.cdk.kms_key import key_behind
from streaming_constructs.facts import flink_service

Conditions = Mapping[str, Mapping[str, str]]


def let_service_use(scope: Construct, key: kms.IKey, application_arn: str) -> None:
    """Lets Managed Flink use a key for the state of one application, by the policy of the key.

    The policy of a key that is not of this app is its owner's to change: an annotation says so.

    Args:
        scope: The application.
        key: The key.
        application_arn: The ARN of the application.
    """
    for principals, actions, conditions in _statements(application_arn):
        added = key.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal(name) for name in principals],
                actions=list(actions),
                resources=["*"],  # of a key's own policy: the key
                conditions=conditions,
            ),
            True,
        )
        if not added.statement_added:
            Annotations.of(scope).add_info_v2(
                "streaming-constructs:key-policy-of-others",
                f"The policy of the existing key has to let {flink_service.PRINCIPAL} and {flink_service.INFRASTRUCTURE} use "
                f"it for this application, else Managed Flink refuses it: {flink_service.KEY_POLICY_SOURCE}",
            )
            return


def operator_statements(key: kms.IKey, application_arn: str) -> list[iam.PolicyStatement]:
    """What whoever starts the application needs on its key, through Managed Flink and for this application alone.

    Args:
        key: The key.
        application_arn: The ARN of the application.
    """
    named = key_behind(key)
    if named is None:
        return []
    via = {"kms:ViaService": f"kinesisanalytics.{cdk.Aws.REGION}.amazonaws.com"}
    of_application = {**via, flink_service.ENCRYPTION_CONTEXT: application_arn}
    use = sorted({*flink_service.USE_KEY_FOR_SNAPSHOTS, *flink_service.USE_KEY_WHILE_RUNNING})
    wanted: list[tuple[Sequence[str], Conditions]] = [
        (flink_service.FIND_KEY, {"StringEquals": via}),
        (use, {"StringEquals": of_application}),
        (flink_service.LEND_KEY_WHILE_RUNNING, _lent(of_application)),
    ]
    return [
        iam.PolicyStatement(actions=list(actions), resources=[named.key_arn], conditions=conditions)
        for actions, conditions in wanted
    ]


def _statements(application_arn: str) -> Iterator[tuple[Sequence[str], Sequence[str], Conditions]]:
    """Who may what, and when: the service for snapshots, its infrastructure for the state of what runs."""
    service, infrastructure = flink_service.PRINCIPAL, flink_service.INFRASTRUCTURE
    asked_for = {"aws:SourceArn": application_arn, "aws:SourceAccount": cdk.Aws.ACCOUNT_ID}
    of_application = {flink_service.ENCRYPTION_CONTEXT: application_arn}
    yield (service, infrastructure), flink_service.FIND_KEY, {"StringEquals": asked_for}
    # Who reads a snapshot names no source, as AWS has it; the context binds both to the application.
    encrypts, decrypts = ("kms:GenerateDataKey",), ("kms:Decrypt",)
    yield (service,), encrypts, {"StringEquals": {**asked_for, **of_application}}
    yield (service,), decrypts, {"StringEquals": of_application}
    yield (infrastructure,), flink_service.USE_KEY_WHILE_RUNNING, {"StringEquals": of_application}
    yield (infrastructure,), flink_service.LEND_KEY_WHILE_RUNNING, _lent(of_application)


def _lent(when: Mapping[str, str]) -> Conditions:
    return {
        "StringEquals": {**when, **flink_service.GRANTS_OF_KEY},
        "ForAllValues:StringEquals": flink_service.GRANTED,
    }
