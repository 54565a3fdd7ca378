"""What changes of a domain of Amazon OpenSearch Service mean: its version, its nodes and volumes, encryption, and who gets in.

A change of most of them makes a second set of nodes and moves over (blue/green); that costs time and loses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.review.access.open_access import open_statements
from streaming_constructs.review.access.policy_grants import beyond, grants_of
from streaming_constructs.review.access.policy_reach import (
    ELSEWHERE,
    audience,
    is_every_action,
    shown_grants,
    shown_principal,
)
from streaming_constructs.review.access.policy_sides import home_accounts
from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.differences import Difference
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.replacement import replaces_if
from streaming_constructs.review.comparing.template import Resource
from streaming_constructs.review.comparing.values import is_false, is_true, listed, number, shown
from streaming_constructs.review.meaning import Changed, Meaning, means, of_the_whole
from streaming_constructs.review.meanings import opensearch_serverless  # noqa: F401 - it registers the rules of collections
from streaming_constructs.review.rules.meaning_rows import Amount, Row, Switch, in_rows
from streaming_constructs.review.rules.told_by_sum import written_otherwise
from streaming_constructs.spec.instance_type import is_larger

DOMAIN = "AWS::OpenSearchService::Domain"
OLDEST_TLS = "Policy-Min-TLS-1-0-2019-07"
"""What a domain takes where nothing is said: TLS 1.0 and later.

Source: https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DomainEndpointOptions.html, read 2026-11-29
"""

is_by_default(
    DOMAIN,
    {
        "AdvancedSecurityOptions.Enabled": False,
        "AdvancedSecurityOptions.InternalUserDatabaseEnabled": False,
        "ClusterConfig.DedicatedMasterEnabled": False,
        "ClusterConfig.InstanceCount": 1,
        "ClusterConfig.MultiAZWithStandbyEnabled": False,
        "ClusterConfig.WarmEnabled": False,
        "ClusterConfig.ZoneAwarenessEnabled": False,
        "ClusterConfig.ZoneAwarenessConfig.AvailabilityZoneCount": 2,
        "ClusterConfig.ColdStorageOptions.Enabled": False,
        "CognitoOptions.Enabled": False,
        "DomainEndpointOptions.CustomEndpointEnabled": False,
        "DomainEndpointOptions.EnforceHTTPS": False,
        "DomainEndpointOptions.TLSSecurityPolicy": OLDEST_TLS,
        "EncryptionAtRestOptions.Enabled": False,
        "NodeToNodeEncryptionOptions.Enabled": False,
        "LogPublishingOptions.*.Enabled": True,
        "EngineMode": "GENERAL",
    },
)


@replaces_if(DOMAIN, "EngineVersion")
def version_replaces(old: Resource, new: Resource, difference: Difference) -> bool | None:
    """Another version replaces the domain, unless its update policy says to upgrade it."""
    policy = new.attributes.get("UpdatePolicy")
    upgrades = policy.get("EnableVersionUpgrade") if isinstance(policy, Mapping) else None
    if is_true(upgrades):
        return False
    return True if upgrades is None or is_false(upgrades) else None


@replaces_if(DOMAIN, "EncryptionAtRestOptions")
def encryption_replaces(old: Resource, new: Resource, difference: Difference) -> bool | None:
    """Encryption at rest can be turned on; what was set is not changed in place."""
    return is_true(old.at("EncryptionAtRestOptions", "Enabled")) and difference.path[-1] in ("Enabled", "KmsKeyId")


@replaces_if(DOMAIN, "AdvancedSecurityOptions")
def access_control_replaces(old: Resource, new: Resource, difference: Difference) -> bool | None:
    """Fine-grained access control can be turned on, and never off."""
    return difference.path[-1] == "Enabled" and is_true(difference.old)


@means(DOMAIN, "@UpdatePolicy")
def update_policy(changed: Changed) -> Iterator[Meaning]:
    """Whether another version upgrades the domain or replaces it."""
    before, after = (
        is_true(value.get("EnableVersionUpgrade")) if isinstance(value, Mapping) else False
        for value in (changed.old, changed.new)
    )
    if before and not after:
        yield Meaning(
            "REV378",
            "another version will replace the domain by an empty one: `EnableVersionUpgrade` is gone",
            about="removal-policy",
        )
    elif after:
        yield Meaning("REV379", "another version will upgrade the domain in place", about="removal-policy")


_VERSION = re.compile(r"(?:(OpenSearch|Elasticsearch)_)?(\d+)\.(\d+)")


@means(DOMAIN, "EngineVersion")
def version(changed: Changed) -> Iterator[Meaning]:
    """An upgrade in place."""
    before, after = _version(changed.old), _version(changed.new)
    said = f"the engine is upgraded in place: {shown(changed.old)} → {shown(changed.new)}"
    if before and after and after < before:
        yield Meaning(
            "REV375",
            f"the engine was {shown(changed.old)} and would be {shown(changed.new)}: OpenSearch Service refuses to "
            "go back",
            "restore a snapshot into a new domain of that version",
            "danger",
        )
    else:
        yield Meaning(
            "REV375",
            f"{said}; it cannot go back",
            "take a snapshot by hand before, and check what the new version drops",
        )


def _version(value: Any) -> tuple[bool, int, int] | None:
    found = _VERSION.fullmatch(value) if isinstance(value, str) else None
    return (found[1] != "Elasticsearch", int(found[2]), int(found[3])) if found else None


@of_the_whole
def lost_guards(pair: Pair) -> Iterator[Meaning]:
    """What replaces the domain, and leaves the new one open: told beside the replacement."""
    for old, new in pair.match.kept.values():
        if new.type != DOMAIN:
            continue
        for code, path, said in (
            ("REV376", "EncryptionAtRestOptions", "data at rest is encrypted no more"),
            (
                "REV380",
                "AdvancedSecurityOptions",
                "fine-grained access control is off: whoever the access policy lets in may do everything",
            ),
        ):
            after = new.at(path, "Enabled")
            if is_true(old.at(path, "Enabled")) and (after is None or is_false(after)):
                yield Meaning(code, said, "leave it on", path=f"Properties.{path}.Enabled", resource=new)


@means(DOMAIN, "EncryptionAtRestOptions.Enabled")
def encryption_at_rest(changed: Changed) -> Iterator[Meaning]:
    """Encryption that is turned on; turned off, it replaces the domain."""
    if is_true(changed.new):
        yield Meaning("REV379", "data at rest is encrypted")
    elif changed.new is not None and not is_false(changed.new):
        yield Meaning("REV377", f"whether data at rest is encrypted is known at deployment only: {shown(changed.new)}")


@means(DOMAIN, "EncryptionAtRestOptions.KmsKeyId")
def key(changed: Changed) -> Iterator[Meaning]:
    """The key of a domain that was not encrypted; another one replaces the domain."""
    if is_true(changed.new_resource.at("EncryptionAtRestOptions", "Enabled")):
        yield Meaning("REV379", f"data at rest is encrypted with {shown(changed.new)}")


@means(DOMAIN, "DomainEndpointOptions.TLSSecurityPolicy")
def tls_policy(changed: Changed) -> Iterator[Meaning]:
    """The oldest version of TLS that the domain takes."""
    before, after = changed.old or OLDEST_TLS, changed.new or OLDEST_TLS
    said = f"the TLS policy was {shown(before)} and is {shown(after)}"
    if after == OLDEST_TLS:
        says = f"{said}: callers may use TLS 1.0 and 1.1 again"
        yield Meaning("REV378", says, "leave a policy of TLS 1.2", about="encryption")
    elif isinstance(after, str):
        yield Meaning("REV379", said, about="encryption")
    else:
        yield Meaning("REV378", said, about="encryption")


@means(DOMAIN, "ClusterConfig.InstanceType", "ClusterConfig.DedicatedMasterType", "ClusterConfig.WarmType")
def instance_type(changed: Changed) -> Iterator[Meaning]:
    """What its nodes are: of one family, a larger one does all that the smaller one did."""
    says = f"its nodes are others: {shown(changed.old)} → {shown(changed.new)}"
    if is_larger(changed.new, changed.old):
        yield Meaning("REV379", says, about="scaling")
    else:
        yield Meaning("REV388", says, "compare what both hold and do before")


@means(DOMAIN, "AccessPolicies")
def access_policies(changed: Changed) -> Iterator[Meaning]:
    """Who may call the domain."""
    if any(open_statements(changed.new)) and not any(open_statements(changed.old)):
        yield Meaning(
            "REV381",
            "the access policy lets everybody in, with no condition" + _guarded(changed.new_resource),
            "name the roles that call it, or add a condition on their network",
            "caution" if _guarded(changed.new_resource) else None,
        )
        return
    before, after = grants_of(changed.old), grants_of(changed.new)
    more, less = beyond(after, before), beyond(before, after)
    homes = home_accounts(changed.pair.old, changed.pair.new)
    for principal in sorted({grant.principal for grant in more}):
        grants = [grant for grant in more if grant.principal == principal]
        is_unbound = any(is_every_action(grant) or audience(grant, homes) in ELSEWHERE for grant in grants)
        says = f"the access policy lets {shown_principal(principal)} newly call {shown_grants(grants)}"
        yield Meaning("REV382", says, grade="danger" if is_unbound else None)
    if not before and not after:
        yield Meaning("REV378", f"the access policy was {shown(changed.old)} and is {shown(changed.new)}")
    elif not more and not less:
        yield from written_otherwise(changed)
    if less and not more:
        whom = ", ".join(sorted({shown_principal(grant.principal) for grant in less}))
        yield Meaning("REV379", f"the access policy permits less: {whom}")


def _guarded(domain: Resource) -> str:
    guards = [
        said
        for said, is_there in (
            ("it is in a VPC", bool(listed(domain.at("VPCOptions", "SubnetIds")))),
            ("fine-grained access control asks for a user", is_true(domain.at("AdvancedSecurityOptions", "Enabled"))),
        )
        if is_there
    ]
    return f": {', and '.join(guards)}" if guards else ""


@means(DOMAIN, "VPCOptions")
def network(changed: Changed) -> Iterator[Meaning]:
    """Which network the domain is in."""
    before, after = (
        bool(listed(value.get("SubnetIds"))) if isinstance(value, Mapping) else value is not None
        for value in (changed.old, changed.new)
    )
    if before and not after:
        yield Meaning(
            "REV383",
            "the domain leaves its VPC for a public endpoint, which OpenSearch Service does not do in place",
            "make a new domain and restore a snapshot into it",
        )
    elif after and not before:
        yield Meaning(
            "REV383",
            "the domain moves into a VPC, which OpenSearch Service does not do in place",
            "make a new domain in the VPC and restore a snapshot into it",
        )
    else:
        yield Meaning(
            "REV384", f"its subnets or security groups are others: {shown(changed.old)} → {shown(changed.new)}"
        )


@means(DOMAIN, "ClusterConfig.InstanceCount", "ClusterConfig.WarmCount", "ClusterConfig.DedicatedMasterCount")
def nodes(changed: Changed) -> Iterator[Meaning]:
    """How many nodes there are."""
    before, after = number(changed.old), number(changed.new)
    if changed.path[-1] == "InstanceCount":
        before, after = (
            1.0 if value is None else known for value, known in ((changed.old, before), (changed.new, after))
        )
    said = f"nodes (`{changed.path[-1]}`): {shown(changed.old)} → {shown(changed.new)}"
    if before is None or after is None:
        is_more = before is None and after is not None and changed.old is None
        yield Meaning("REV379" if is_more else "REV385", said)
    elif after < before:
        yield Meaning(
            "REV385", f"{said}; what is left holds all documents and all calls", "see that the rest has room and time"
        )
    else:
        yield Meaning("REV379", said)


@means(DOMAIN, "LogPublishingOptions")
def logs(changed: Changed) -> Iterator[Meaning]:
    """Which logs are written."""
    before, after = _logs(changed.old), _logs(changed.new)
    gone = sorted(before - after)
    if gone:
        yield Meaning(
            "REV386", f"logs are written no more: {', '.join(gone)}", "leave them, with a retention of their group"
        )
    else:
        yield Meaning("REV379", f"logs are written: {', '.join(sorted(after)) or 'none'}")


def _logs(value: Any) -> set[str]:
    named = value.items() if isinstance(value, Mapping) else ()
    return {
        str(name) for name, options in named if isinstance(options, Mapping) and not is_false(options.get("Enabled"))
    }


_GOOD, _WEAKER = "REV379", "REV378"
in_rows(
    DOMAIN,
    Switch(
        "REV376",
        _GOOD,
        "encryption between nodes",
        ("NodeToNodeEncryptionOptions.Enabled",),
        help="leave it on: OpenSearch Service does not turn it off in place",
    ),
    Switch(
        "REV376", _GOOD, "HTTPS alone", ("DomainEndpointOptions.EnforceHTTPS",), then="callers may send in the clear"
    ),
    Switch("REV378", _GOOD, "fine-grained access control", ("AdvancedSecurityOptions.Enabled",)),
    Switch(_GOOD, "REV380", "access without a user", ("AdvancedSecurityOptions.AnonymousAuthEnabled",)),
    Switch(
        "REV385",
        _GOOD,
        "being in several Availability Zones",
        ("ClusterConfig.ZoneAwarenessEnabled", "ClusterConfig.MultiAZWithStandbyEnabled"),
        then="the failure of one zone stops it",
    ),
    Switch(
        "REV385",
        _GOOD,
        "dedicated masters",
        ("ClusterConfig.DedicatedMasterEnabled",),
        then="data nodes elect one of them",
    ),
    Switch(
        "REV385",
        _GOOD,
        "cheaper storage",
        ("ClusterConfig.WarmEnabled", "ClusterConfig.ColdStorageOptions.Enabled"),
        then="indices in it have to be moved or deleted before",
    ),
    Switch("REV385", _GOOD, "a volume for each node", ("EBSOptions.EBSEnabled",)),
    Switch(_WEAKER, _GOOD, "sign-in by Cognito", ("CognitoOptions.Enabled",)),
    Switch(
        _WEAKER,
        _GOOD,
        "updates of the service's software by themselves",
        ("SoftwareUpdateOptions.AutoSoftwareUpdateEnabled",),
    ),
    Switch(_GOOD, "REV386", "a pause of automated snapshots", ("AutomatedSnapshotPauseOptions.Enabled",)),
    Amount(
        "REV387",
        _GOOD,
        "the volume of a node",
        ("EBSOptions.VolumeSize",),
        "GiB",
        help="see that indices, their replicas and a quarter of free space fit: writes are blocked otherwise",
    ),
    Amount("REV385", _GOOD, "what a volume does a second", ("EBSOptions.Iops", "EBSOptions.Throughput")),
    Amount(
        "REV385", _GOOD, "Availability Zones", ("ClusterConfig.ZoneAwarenessConfig.AvailabilityZoneCount",), default=2
    ),
    Row(
        "REV388",
        "its nodes or volumes are of another kind",
        (
            "ClusterConfig.NodeOptions",
            "EBSOptions.VolumeType",
        ),
        "compare what both hold and do before",
    ),
    Row(
        _WEAKER,
        "who signs in, or how, is another",
        (
            "AdvancedSecurityOptions",
            "CognitoOptions",
            "IdentityCenterOptions",
        ),
    ),
    Row(
        _WEAKER,
        "callers reach it or are answered otherwise",
        ("AdvancedOptions", "DomainEndpointOptions", "IPAddressType", "EncryptionAtRestOptions", "AIMLOptions"),
    ),
    Row(
        _GOOD,
        "when and how it is maintained is another",
        (
            "AutomatedSnapshotPauseOptions",
            "DeploymentStrategyOptions",
            "OffPeakWindowOptions",
            "SkipShardMigrationWait",
            "SnapshotOptions",
            "SoftwareUpdateOptions",
            "UseCase",
        ),
    ),
)
