"""What is wrong with APIs: those that ask nobody who calls, have no limit, or speak an old TLS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from streaming_constructs.review.auditing import audits
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.template import Resource, Template, references, value_at
from streaming_constructs.review.comparing.values import is_false, is_true, listed, number, shown
from streaming_constructs.review.meaning import Meaning
from streaming_constructs.review.meanings.api_gateway import METHOD, ROUTE, asks_for, is_preflight, is_private
from streaming_constructs.review.meanings.api_gateway_documents import operations
from streaming_constructs.review.meanings.api_gateway_domains import API, REST_API, TLS_1_2, least_tls
from streaming_constructs.review.meanings.api_gateway_stages import STAGE, STAGE_V2

_PLAN = "AWS::ApiGateway::UsagePlan"
_DOMAINS = ("AWS::ApiGateway::DomainName", "AWS::ApiGatewayV2::DomainName")


@audits(METHOD, ROUTE)
def open_to_all(template: Template, method: Resource) -> Iterator[Meaning]:
    """Methods that anybody may call."""
    api = template.target(method.at("RestApiId" if method.type == METHOD else "ApiId"))
    if asks_for(method) != ("", False) or is_preflight(method) or is_private(template, method):
        return
    if method.at("Integration", "Type") == "MOCK" or (api is not None and _is_guarded(template, api, method)):
        return
    named = shown(method.at("RouteKey") or method.at("HttpMethod"))
    yield Meaning(
        "AUD260",
        f"everybody may call {named}: nobody is asked who it is",
        "an `AuthorizationType`: `AWS_IAM`, or one with an authorizer",
        path="Properties.AuthorizationType",
    )


def _is_guarded(template: Template, api: Resource, method: Resource) -> bool:
    """Whether something else than the method says who may call."""
    is_message = api.at("ProtocolType") == "WEBSOCKET" and method.at("RouteKey") != "$connect"
    return is_message or _has_conditions(api.at("Policy")) or _asks_for_certificates(template, api)


def _has_conditions(policy: Any) -> bool:
    """Whether each statement that lets in says whom, or from where."""
    statements = [each for each in listed(value_at(policy, ("Statement",))) if isinstance(each, dict)]
    denies = any(each.get("Effect") == "Deny" and each.get("Condition") for each in statements)
    allows = [each for each in statements if each.get("Effect") == "Allow"]
    return denies or (bool(allows) and all(each.get("Condition") or not _is_everybody(each) for each in allows))


def _is_everybody(statement: dict[str, Any]) -> bool:
    principal = statement.get("Principal")
    return "*" in listed(value_at(principal, ("AWS",)) if isinstance(principal, dict) else principal)


def _asks_for_certificates(template: Template, api: Resource) -> bool:
    """Whether an API is reached by domains alone that ask for a certificate."""
    domains = list(template.of_type(*_DOMAINS))
    return (
        is_true(api.at("DisableExecuteApiEndpoint"))
        and bool(domains)
        and all(domain.at("MutualTlsAuthentication") is not None for domain in domains)
    )


@audits(REST_API, API)
def open_document(template: Template, api: Resource) -> Iterator[Meaning]:
    """Operations of a document that anybody may call."""
    if "PRIVATE" in listed(api.at("EndpointConfiguration", "Types")) or _has_conditions(api.at("Policy")):
        return
    found = [name for name, asks in operations(api.at("Body")).items() if not asks]
    if found and not _asks_for_certificates(template, api):
        yield Meaning(
            "AUD260",
            f"everybody may call {shown(', '.join(found))}: the document asks nobody who it is",
            "`security` of each operation",
            path="Properties.Body",
        )


@audits(STAGE)
def throttle(template: Template, stage: Resource) -> Iterator[Meaning]:
    """Stages of REST APIs that one caller can use up the account by."""
    settings = [each for each in listed(stage.at("MethodSettings")) if isinstance(each, dict)]
    is_bounded = any(_bounds(each) for each in settings)
    if not is_bounded and not any(_is_for(plan, stage) for plan in template.of_type(_PLAN)):
        yield _unbounded("`MethodSettings` for all methods, with `ThrottlingRateLimit` and `ThrottlingBurstLimit`")


@audits(STAGE_V2)
def throttle_of_routes(template: Template, stage: Resource) -> Iterator[Meaning]:
    """Stages of HTTP APIs that one caller can use up the account by."""
    routes = stage.at("RouteSettings")
    each_route = routes.values() if isinstance(routes, dict) else ()
    if not any(_bounds(each) for each in (stage.at("DefaultRouteSettings"), *each_route)):
        yield _unbounded("`DefaultRouteSettings` with `ThrottlingRateLimit` and `ThrottlingBurstLimit`")


def _unbounded(mend: str) -> Meaning:
    says = (
        "it has no limit: one caller can use up what all APIs of the account may answer, and have all behind it called"
    )
    return Meaning("AUD261", says, mend)


def _bounds(settings: Any) -> bool:
    rate = value_at(settings, ("ThrottlingRateLimit",))
    return rate is not None and number(rate) != -1


def _is_for(plan: Resource, stage: Resource) -> bool:
    """Whether a usage plan bounds a stage: it says how often, and names the API."""
    apis = [value_at(each, ("ApiId",)) for each in listed(plan.at("ApiStages"))]
    named = {name for name, _ in references(stage.at("RestApiId"))}
    names = any(same(api, stage.at("RestApiId")) or named & {name for name, _ in references(api)} for api in apis)
    return plan.at("Throttle") is not None and names


@audits(*_DOMAINS)
def old_tls(template: Template, domain: Resource) -> Iterator[Meaning]:
    """Domains that speak an old TLS."""
    policies = [domain.at("SecurityPolicy")]
    policies += [value_at(each, ("SecurityPolicy",)) for each in listed(domain.at("DomainNameConfigurations"))]
    for policy in policies:
        rank = least_tls(policy)
        if rank is not None and rank < TLS_1_2:
            yield Meaning(
                "AUD262",
                f"callers may use TLS 1.0 ({shown(policy)}): who is between may read what they say",
                "`SecurityPolicy: TLS_1_2`, or a newer one",
                path="Properties.SecurityPolicy",
            )


@audits(STAGE)
def cache(template: Template, stage: Resource) -> Iterator[Meaning]:
    """Caches that keep answers in plain."""
    for settings in listed(stage.at("MethodSettings")):
        encrypted = value_at(settings, ("CacheDataEncrypted",))
        if is_true(value_at(settings, ("CachingEnabled",))) and (encrypted is None or is_false(encrypted)):
            yield Meaning(
                "AUD263",
                f"answers of {shown(value_at(settings, ('ResourcePath',)))} are kept, and not encrypted",
                "`CacheDataEncrypted: true`",
                path="Properties.MethodSettings",
            )
