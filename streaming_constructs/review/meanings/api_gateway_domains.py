"""What changes of the endpoints and domains of APIs mean: from where they are called, with which TLS, and by whose browsers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.template import value_at
from streaming_constructs.review.comparing.values import listed, shown
from streaming_constructs.review.meaning import Changed, Meaning, PropertyRule, means
from streaming_constructs.review.rules.switches import Other, Switch

REST_API = "AWS::ApiGateway::RestApi"
API = "AWS::ApiGatewayV2::Api"
_DOMAIN = "AWS::ApiGateway::DomainName"
_PRIVATE_DOMAIN = "AWS::ApiGateway::DomainNameV2"
_DOMAIN_V2 = "AWS::ApiGatewayV2::DomainName"

is_by_default(REST_API, {"DisableExecuteApiEndpoint": False})
is_by_default(API, {"DisableExecuteApiEndpoint": False})


@means(REST_API, "EndpointConfiguration")
@means(_DOMAIN, "EndpointConfiguration")
def endpoint(changed: Changed) -> Iterator[Meaning]:
    """From where an API can be reached."""
    old, new = (_types(value) for value in (changed.old, changed.new))
    if "PRIVATE" in old and "PRIVATE" not in new:
        yield Meaning(
            "REV286",
            f"it can be called from the internet ({shown(', '.join(new))}); it was from private networks alone",
            "leave `PRIVATE`, or give it an authorization and a resource policy first",
        )
    elif old != new:
        refused = ": whoever comes from the internet is refused" if "PRIVATE" in new else ""
        yield Meaning("REV287", f"from where it is called: {shown(', '.join(old))} → {shown(', '.join(new))}{refused}")
    elif not same(value_at(changed.old, ("VpcEndpointIds",)), value_at(changed.new, ("VpcEndpointIds",))):
        ids = [shown(value_at(value, ("VpcEndpointIds",))) for value in (changed.old, changed.new)]
        yield Meaning("REV287", f"the endpoints of networks that it has names for: {ids[0]} → {ids[1]}")
    else:
        yield Meaning("REV276", f"its endpoint: {shown(changed.old)} → {shown(changed.new)}")


def _types(value: Any) -> list[str]:
    types = value_at(value, ("Types",))
    return ["EDGE"] if types is None else [shown(each) for each in listed(types)]


_DEFAULT_ENDPOINT = Switch(
    "REV287",
    "it can be called by the name that AWS gave it too, past the guards of its own domain",
    "REV285",
    "it can be called by its own domain alone",
    help="leave `DisableExecuteApiEndpoint: true` where the domain asks for certificates, or a firewall stands before it",
)
means(REST_API, "DisableExecuteApiEndpoint")(_DEFAULT_ENDPOINT.meanings)
means(API, "DisableExecuteApiEndpoint")(_DEFAULT_ENDPOINT.meanings)


def security_policy(changed: Changed) -> Iterator[Meaning]:
    """Which versions of TLS callers may use."""
    old, new = least_tls(changed.old), least_tls(changed.new)
    values = f"{shown(changed.old)} → {shown(changed.new)}"
    if old is not None and new is not None and new > old:
        yield Meaning("REV259", f"callers have to use a newer TLS: {values}")
    elif old is not None and new is not None and new == old:
        yield Meaning("REV276", f"the ciphers that callers may use: {values}")
    else:
        yield Meaning("REV288", f"callers may use an older TLS: {values}", "leave TLS 1.2 or newer")


TLS_1_2 = 2
"""The rank of TLS 1.2."""


def least_tls(policy: Any) -> int | None:
    """The rank of the oldest TLS that a policy takes; None where nobody knows.

    Args:
        policy: The policy; left out, it takes TLS 1.2.
    """
    if policy is None:
        return TLS_1_2
    text = str(policy).upper() if isinstance(policy, str) else ""
    for rank, names in enumerate((("TLS_1_0", "TLS10"), ("TLS_1_1",), ("TLS_1_2", "TLS13_1_2"), ("TLS_1_3", "TLS13"))):
        if any(name in text for name in names):
            return rank
    return None


@means(_DOMAIN, "MutualTlsAuthentication")
@means(_DOMAIN_V2, "MutualTlsAuthentication")
def mutual_tls(changed: Changed) -> Iterator[Meaning]:
    """Whether callers have to show a certificate."""
    if changed.new is None:
        yield Meaning(
            "REV283",
            "callers are no longer asked for a certificate: everybody may call by this domain",
            "leave the trust store, or ask callers otherwise who they are first",
        )
    elif changed.old is None:
        yield Meaning("REV285", "callers have to show a certificate; others are refused")
    else:
        yield Meaning("REV284", f"whose certificates are let in: {shown(changed.old)} → {shown(changed.new)}")


@means(_DOMAIN_V2, "DomainNameConfigurations")
def domain(changed: Changed) -> Iterator[Meaning]:
    """The endpoint of a domain of an HTTP API."""
    old, new = ([value_at(item, ("SecurityPolicy",)) for item in listed(value)] for value in (changed.old, changed.new))
    if same(old, new) or len(old) != 1 or len(new) != 1:
        yield Meaning("REV258", f"its certificate or endpoint: {shown(changed.old)} → {shown(changed.new)}")
    else:
        yield from security_policy(replace(changed, old=old[0], new=new[0]))


@means(API, "CorsConfiguration")
def cors(changed: Changed) -> Iterator[Meaning]:
    """From which sites browsers may call."""
    old, new = (_origins(value) for value in (changed.old, changed.new))
    if new <= old:
        yield Meaning("REV276", f"what browsers may ask: {shown(changed.old)} → {shown(changed.new)}")
    else:
        yield Meaning(
            "REV296", f"browsers may call from {shown(', '.join(sorted(new - old)))} too", "name the sites that may"
        )


def _origins(value: Any) -> set[str]:
    return {shown(origin) for origin in listed(value_at(value, ("AllowOrigins",)))}


_CERTIFICATE = Other("REV258", "its certificate")
_READ = Other("REV297", "how requests are read")
_DOMAINS: Mapping[str, PropertyRule] = {
    "SecurityPolicy": security_policy,
    **dict.fromkeys(("CertificateArn", "RegionalCertificateArn"), _CERTIFICATE.meanings),
    "OwnershipVerificationCertificateArn": Other("REV258", "the certificate that says whose it is").meanings,
    **dict.fromkeys(("RoutingMode", "EndpointAccessMode"), _READ.meanings),
    "Policy": Other("REV284", "who may call by this domain", help="see that nobody else may").meanings,
}

for _type in (_DOMAIN, _PRIVATE_DOMAIN, _DOMAIN_V2):
    for _name, _rule in _DOMAINS.items():
        means(_type, _name)(_rule)
means(REST_API, "SecurityPolicy")(security_policy)
means(REST_API, "EndpointAccessMode")(_READ.meanings)
