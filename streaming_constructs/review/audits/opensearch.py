"""What is wrong with a domain of OpenSearch Service or a collection: data in the clear, open to the world, or on one node."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.facts import opensearch as facts
from streaming_constructs.review.access.open_access import open_statements
from streaming_constructs.review.auditing import audits
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import is_false, is_true, listed, number, shown
from streaming_constructs.review.meaning import Meaning
from streaming_constructs.review.meanings.opensearch import DOMAIN, OLDEST_TLS
from streaming_constructs.review.meanings.opensearch_serverless import (
    ACCESS_POLICY,
    SECURITY_POLICY,
    allows_public,
    grants,
)


def _is_off(domain: Resource, *path: str) -> bool:
    """Whether something is off, or left out."""
    value = domain.at(*path)
    return value is None or is_false(value)


@audits(DOMAIN)
def encryption(template: Template, domain: Resource) -> Iterator[Meaning]:
    """Data in the clear, at rest or on its way."""
    for path, said in (
        (("EncryptionAtRestOptions", "Enabled"), "data at rest is not encrypted"),
        (("NodeToNodeEncryptionOptions", "Enabled"), "data travels between nodes in the clear"),
        (("DomainEndpointOptions", "EnforceHTTPS"), "callers may send in the clear"),
    ):
        if _is_off(domain, *path):
            yield Meaning("AUD360", said, f"set `{'.'.join(path)}: true`", path=f"Properties.{'.'.join(path)}")
    policy = domain.at("DomainEndpointOptions", "TLSSecurityPolicy")
    if policy in (None, OLDEST_TLS):
        yield Meaning(
            "AUD361",
            "callers may use TLS 1.0 and 1.1",
            "set `TLSSecurityPolicy: Policy-Min-TLS-1-2-PFS-2023-10`",
            path="Properties.DomainEndpointOptions.TLSSecurityPolicy",
        )


@audits(DOMAIN)
def access(template: Template, domain: Resource) -> Iterator[Meaning]:
    """A domain that lets everybody in."""
    is_guarded = bool(listed(domain.at("VPCOptions", "SubnetIds"))) or not _is_off(
        domain, "AdvancedSecurityOptions", "Enabled"
    )
    if any(open_statements(domain.at("AccessPolicies"))) and not is_guarded:
        yield Meaning(
            "AUD362",
            "the access policy lets everybody in, with no condition, and the domain has a public endpoint",
            "name the roles that call it, put it into a VPC, or turn fine-grained access control on",
            path="Properties.AccessPolicies",
        )
    if is_true(domain.at("AdvancedSecurityOptions", "AnonymousAuthEnabled")):
        yield Meaning(
            "AUD362",
            "callers without a user are let in",
            "set `AnonymousAuthEnabled: false` once roles are mapped",
            path="Properties.AdvancedSecurityOptions.AnonymousAuthEnabled",
        )


@audits(DOMAIN)
def nodes(template: Template, domain: Resource) -> Iterator[Meaning]:
    """Nodes whose failure stops the domain."""
    count = domain.at("ClusterConfig", "InstanceCount")
    known = 1.0 if count is None else number(count)
    if known is not None and known < facts.DATA_NODES_WITH_MASTERS.value:
        yield Meaning(
            "AUD363",
            f"the domain has {shown(known)} data node: when it fails nothing answers, and what it held has no replica",
            f"set `InstanceCount` to {facts.DATA_NODES_WITHOUT_MASTERS.value:.0f}, or to 2 with dedicated masters",
            path="Properties.ClusterConfig.InstanceCount",
        )
    masters = number(domain.at("ClusterConfig", "DedicatedMasterCount"))
    has_masters = not _is_off(domain, "ClusterConfig", "DedicatedMasterEnabled")
    if has_masters and masters is not None and (masters < facts.MASTERS.value or masters % 2 == 0):
        yield Meaning(
            "AUD363",
            f"{shown(masters)} dedicated masters elect none when one of them fails",
            f"set `DedicatedMasterCount` to {facts.MASTERS.value:.0f}",
            path="Properties.ClusterConfig.DedicatedMasterCount",
        )


@audits(SECURITY_POLICY)
def network_policy(template: Template, policy: Resource) -> Iterator[Meaning]:
    """A collection that is reached from the internet."""
    if allows_public(policy.at("Policy")):
        yield Meaning(
            "AUD364",
            "collections are reached from the internet",
            "name the VPC endpoints in `SourceVPCEs`, and leave `AllowFromPublic` out",
            path="Properties.Policy",
        )


@audits(ACCESS_POLICY)
def data_policy(template: Template, policy: Resource) -> Iterator[Meaning]:
    """A policy that permits everything on every index."""
    wide = sorted(line for line in grants(policy.at("Policy")) if line.startswith("aoss:*") and "/*/*" in line)
    if wide:
        yield Meaning(
            "AUD365",
            f"the data access policy permits everything on all collections: {'; '.join(wide)}",
            "name the collections, and the permissions that are used",
            path="Properties.Policy",
        )
