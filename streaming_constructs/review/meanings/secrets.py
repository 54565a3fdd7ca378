"""What changes of secrets mean: their value, their rotation, their key, and whether a public policy is refused."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.template import Resource
from streaming_constructs.review.comparing.values import is_false, is_true, number, shown
from streaming_constructs.review.meaning import Changed, Meaning, means, when_added, when_removed

_SECRET = "AWS::SecretsManager::Secret"  # noqa: S105 - the name of a type
_ROTATION = "AWS::SecretsManager::RotationSchedule"
is_by_default(_SECRET, {"KmsKeyId": "alias/aws/secretsmanager"})


@means(_SECRET, "SecretString", "GenerateSecretString")
def value(changed: Changed) -> Iterator[Meaning]:
    """The value: never shown."""
    yield Meaning(
        "REV656",
        "the secret gets another value: whoever holds the old one is refused until it is fetched again",
        "rotate it, so that both hold for a while",
    )


@means(_SECRET, "KmsKeyId")
def key(changed: Changed) -> Iterator[Meaning]:
    """What encrypts it."""
    yield Meaning(
        "REV657",
        f"the secret is encrypted by another key: {shown(changed.old)} → {shown(changed.new)}",
        "let its readers use the new key",
    )


@means(_SECRET, "ReplicaRegions", "Type")
def elsewhere(changed: Changed) -> Iterator[Meaning]:
    """Where copies of it are."""
    yield Meaning("REV659", f"`{changed.name}`: {shown(changed.old)} → {shown(changed.new)}")


@when_added(_ROTATION)
def rotation_added(pair: Pair, new: Resource) -> Iterator[Meaning]:
    """A secret that is rotated from now on."""
    yield Meaning("REV655", "the secret is rotated from now on")


@when_removed(_ROTATION)
def rotation_removed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """A secret that is rotated no more, if it is still there."""
    secret = pair.old.target(old.at("SecretId"))
    if secret is None or pair.counterpart(secret) is not None:
        yield Meaning(
            "REV654", "the secret is rotated no more: a value that leaked holds for good", "keep the schedule"
        )


@means(_ROTATION, "RotationRules")
def rules(changed: Changed) -> Iterator[Meaning]:
    """How often it is rotated."""
    before, after = (
        number(rules.get("AutomaticallyAfterDays")) if isinstance(rules, dict) else None
        for rules in (changed.old, changed.new)
    )
    says = f"the secret is rotated by other rules: {shown(changed.old)} → {shown(changed.new)}"
    if before is not None and after is not None and after < before:
        yield Meaning("REV655", says)
    else:
        yield Meaning("REV654", says)


@means(_ROTATION, "RotateImmediatelyOnUpdate")
def immediately(changed: Changed) -> Iterator[Meaning]:
    """Whether an update of the schedule rotates it."""
    yield Meaning("REV655", f"an update of the schedule rotates the secret: {shown(changed.new)}")


@means(
    _ROTATION,
    "RotationLambdaARN",
    "HostedRotationLambda",
    "ExternalSecretRotationRoleArn",
    "ExternalSecretRotationMetadata",
)
@means("AWS::SecretsManager::SecretTargetAttachment", "TargetId", "TargetType")
def how(changed: Changed) -> Iterator[Meaning]:
    """What rotates it, and whose secret it is."""
    yield Meaning("REV659", f"`{changed.name}`: {shown(changed.old)} → {shown(changed.new)}")


@means("AWS::SecretsManager::ResourcePolicy", "BlockPublicPolicy")
def block_public_policy(changed: Changed) -> Iterator[Meaning]:
    """Whether AWS refuses a policy that opens the secret to everybody."""
    if is_true(changed.new):
        yield Meaning("REV655", "a policy that opens the secret to everybody is refused from now on")
    elif is_true(changed.old) or not is_false(changed.new):
        yield Meaning("REV658", "a policy that opens the secret to everybody is no longer refused")
