"""What changes of APIs mean: who may call them, from where, where calls go, and which of them are gone.

Domains, endpoints and TLS are told in `api_gateway_domains`, stages and limits in `api_gateway_stages`, documents of OpenAPI in
`api_gateway_documents`; who may call a REST API by its resource policy, in `public_access`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from streaming_constructs.facts.api_gateway import HTTP_INTEGRATION_SECONDS, INTEGRATION_SECONDS
from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.replacement import Replacement
from streaming_constructs.review.comparing.template import Resource, Template
from streaming_constructs.review.comparing.values import is_true, listed, shown
from streaming_constructs.review.meaning import (
    Changed,
    Meaning,
    Meanings,
    PropertyRule,
    means,
    when_added,
    when_removed,
    when_renamed,
    when_replaced,
)
from streaming_constructs.review.meanings import any_resource
from streaming_constructs.review.rules.quantities import Quantity
from streaming_constructs.review.rules.switches import Other

REST_API = "AWS::ApiGateway::RestApi"
API = "AWS::ApiGatewayV2::Api"
METHOD = "AWS::ApiGateway::Method"
ROUTE = "AWS::ApiGatewayV2::Route"
DEPLOYMENTS = ("AWS::ApiGateway::Deployment", "AWS::ApiGatewayV2::Deployment")
_AUTHORIZERS = ("AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Authorizer")

is_by_default(METHOD, {"ApiKeyRequired": False, "AuthorizationType": "NONE"})
is_by_default(ROUTE, {"ApiKeyRequired": False, "AuthorizationType": "NONE"})
is_by_default(REST_API, {"ApiKeySourceType": "HEADER"})
is_by_default(API, {"IpAddressType": "ipv4"})


def asks_for(method: Resource) -> tuple[str, bool]:
    """What a method or a route asks of its callers: a kind of authorization, or an empty text; and whether a key.

    Args:
        method: The method, or the route.
    """
    kind = method.at("AuthorizationType")
    return ("" if kind in (None, "", "NONE") else shown(kind)), is_true(method.at("ApiKeyRequired"))


def is_preflight(method: Resource) -> bool:
    """Whether a method answers browsers that ask whether they may call, which nobody can do with credentials.

    Args:
        method: The method, or the route.
    """
    return method.at("HttpMethod") == "OPTIONS" or str(method.at("RouteKey")).startswith("OPTIONS ")


def is_private(template: Template, method: Resource) -> bool:
    """Whether a method's API can be reached from private networks alone.

    Args:
        template: Its template.
        method: The method.
    """
    api = template.target(method.at("RestApiId"))
    return api is not None and "PRIVATE" in listed(api.at("EndpointConfiguration", "Types"))


@means(METHOD, "AuthorizationType", "ApiKeyRequired", "AuthorizerId", "AuthorizationScopes")
@means(ROUTE, "AuthorizationType", "ApiKeyRequired", "AuthorizerId", "AuthorizationScopes")
def authorization(changed: Changed) -> Meanings:
    """Who may call a method: all these properties say one thing."""
    return _authorization(changed.pair, changed.old_resource, changed.new_resource)


def _authorization(pair: Pair, old: Resource, new: Resource) -> Iterator[Meaning]:
    (was, had_key), (is_, has_key) = asks_for(old), asks_for(new)
    path = "Properties.AuthorizationType"
    if (was and not is_) or (had_key and not (is_ or has_key)):
        how = (
            "whoever has a key of the API may call it"
            if has_key
            else "everybody may call it, and nobody is asked who it is"
        )
        yield Meaning(
            "REV283",
            f"{how}; it was {was or 'with a key'}",
            "leave the authorization, or add a second method that is meant to be open",
            grade="caution" if is_preflight(new) or is_private(pair.new, new) else None,
            path=path,
        )
    elif (is_ and not was) or (has_key and not (had_key or was)):
        yield Meaning(
            "REV285", f"callers are asked who they are: {is_ or 'a key of the API'}; others are refused", path=path
        )
    elif had_key and not has_key:
        yield Meaning("REV284", "callers need no key of the API any more, so that no usage plan bounds them", path=path)
    elif has_key and not had_key:
        yield Meaning("REV285", "callers need a key of the API as well", path=path)
    else:
        yield from _another(old, new, path)


def _another(old: Resource, new: Resource, path: str) -> Iterator[Meaning]:
    """What it means that callers are asked otherwise who they are."""
    for name in ("AuthorizationType", "AuthorizerId"):
        if not same(old.at(name), new.at(name)):
            yield Meaning(
                "REV284",
                f"others decide who may call it: {shown(old.at(name))} → {shown(new.at(name))}",
                "see that the new one refuses whom the old one refused",
                path=path,
            )
            return
    before, after = (sorted(map(shown, listed(each.at("AuthorizationScopes")))) for each in (old, new))
    narrowed = bool(after) and (not before or set(after) < set(before))
    if before != after:
        scopes = f"scopes that callers need one of: {shown(before)} → {shown(after)}"
        yield Meaning("REV285" if narrowed else "REV284", scopes, path=path)


@when_added(METHOD, ROUTE)
def added(pair: Pair, new: Resource) -> Iterator[Meaning]:
    """A method that is new: open to all where the API was not."""
    if (
        asks_for(new) != ("", False)
        or is_preflight(new)
        or is_private(pair.new, new)
        or _is_message_route(pair.new, new)
    ):
        yield from any_resource.added(pair, new)
        return
    key = "RestApiId" if new.type == METHOD else "ApiId"
    others = [each for each in pair.old.of_type(new.type) if same(each.at(key), new.at(key)) and not is_preflight(each)]
    if others and all(asks_for(each) == ("", False) for each in others):
        yield from any_resource.added(pair, new)
    else:
        yield Meaning(
            "REV283",
            f"{_called(new)} is new, and everybody may call it: nobody is asked who it is",
            "give it an `AuthorizationType`",
        )


def _is_message_route(template: Template, route: Resource) -> bool:
    """Whether a route takes messages of a connection, which was asked for when it was made."""
    api = template.target(route.at("ApiId"))
    return api is not None and api.at("ProtocolType") == "WEBSOCKET" and route.at("RouteKey") != "$connect"


def _called(method: Resource) -> str:
    return shown(method.at("RouteKey") or method.at("HttpMethod"))


@when_renamed(METHOD, ROUTE)
def renamed(pair: Pair, old: Resource, new: Resource) -> Iterator[Meaning]:
    """A method under another logical id, which nobody knows it by."""
    if asks_for(old) != asks_for(new):
        yield from _authorization(pair, old, new)
    yield from any_resource.renamed(pair, old, new)


@when_removed(METHOD, ROUTE, "AWS::ApiGateway::Resource", "AWS::ApiGateway::Stage", "AWS::ApiGatewayV2::Stage")
def removed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """What callers call, and is there no more."""
    named = old.at("PathPart") or old.at("StageName") or _called(old)
    yield Meaning(
        "REV293", f"{shown(named)} is gone: whoever calls it is refused", "see by the access log that nobody does"
    )


@when_removed("AWS::ApiGateway::BasePathMapping", "AWS::ApiGateway::BasePathMappingV2", "AWS::ApiGatewayV2::ApiMapping")
def unmapped(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """A path of a domain that leads to an API no more."""
    yield Meaning("REV293", f"{shown(old.at('DomainName') or old.at('DomainNameArn'))} no longer leads to the API")


@when_removed("AWS::WAFv2::WebACLAssociation", "AWS::WAFRegional::WebACLAssociation")
def unguarded(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """A firewall in front of something that is there no more."""
    yield Meaning(
        "REV296",
        f"no firewall looks at requests to {shown(old.at('ResourceArn'))} any more: {shown(old.at('WebACLArn'))} did",
        "leave the association",
    )


def nothing(*_: object) -> Iterator[Meaning]:
    """A picture of an API, which is another each time that the API is: what differs is told of that."""
    yield from ()


when_added(*DEPLOYMENTS)(nothing)
when_removed(*DEPLOYMENTS)(nothing)
when_renamed(*DEPLOYMENTS)(nothing)


@when_replaced(*DEPLOYMENTS)
def pictured_anew(pair: Pair, replacement: Replacement) -> Iterator[Meaning]:
    """A deployment that is created anew, as each is."""
    yield from ()


for _type in DEPLOYMENTS:
    means(_type, "Description", "StageName", "ApiId", "RestApiId")(nothing)


@means(ROUTE, "RouteKey")
def route_key(changed: Changed) -> Iterator[Meaning]:
    """Which requests a route takes."""
    yield Meaning(
        "REV293",
        f"it answers {shown(changed.new)}, and no longer {shown(changed.old)}: whoever calls that is refused",
        "add a second route, and take the first out once nobody calls it",
    )


_TIMEOUT = Quantity("answers are waited for", "ms", "slower ones are failures to the caller", "REV292", "REV276")


def _timeout(changed: Changed) -> Meanings:
    longest = INTEGRATION_SECONDS if changed.new_resource.type == METHOD else HTTP_INTEGRATION_SECONDS
    return _TIMEOUT.meanings(changed, longest.value * 1000)


_GOES = Other("REV292", "where a call goes, or as what", "who counted on the old way gets nothing more of it")
_AS = Other("REV292", "what is made of a request, or of an answer", "see that both sides read it")
_AUTHORIZER = Other("REV284", "who decides who may call", help="see that it refuses whom the old one refused")
_VALIDATION = Other("REV294", "what is asked of a request")
_ANSWERS = Other("REV276", "what is answered")
_NAME = Other("REV276", "what it is called, or says")
_KIND = Other("REV297", "how requests are read")
_ROWS: Mapping[tuple[str, ...], Mapping[str, PropertyRule]] = {
    (METHOD,): {
        "Integration": _GOES.meanings,
        **dict.fromkeys(("Integration.Uri", "Integration.Type", "Integration.IntegrationHttpMethod"), _GOES.meanings),
        **dict.fromkeys(("Integration.Credentials", "Integration.IntegrationTarget"), _GOES.meanings),
        **dict.fromkeys(("Integration.ConnectionId", "Integration.ConnectionType"), _GOES.meanings),
        "Integration.TimeoutInMillis": _timeout,
        **dict.fromkeys(("Integration.RequestTemplates", "Integration.RequestParameters"), _AS.meanings),
        **dict.fromkeys(("Integration.IntegrationResponses", "Integration.ContentHandling"), _AS.meanings),
        **dict.fromkeys(("Integration.PassthroughBehavior", "Integration.ResponseTransferMode"), _AS.meanings),
        **dict.fromkeys(("Integration.CacheKeyParameters", "Integration.CacheNamespace"), _KIND.meanings),
        "MethodResponses": _ANSWERS.meanings,
        "OperationName": _NAME.meanings,
        "RequestValidatorId": _VALIDATION.meanings,
        "RequestModels": _VALIDATION.meanings,
        "RequestParameters": _VALIDATION.meanings,
    },
    (ROUTE,): {
        "Target": _GOES.meanings,
        "OperationName": _NAME.meanings,
        **dict.fromkeys(("RequestModels", "RequestParameters"), _VALIDATION.meanings),
        **dict.fromkeys(("ModelSelectionExpression", "RouteResponseSelectionExpression"), _KIND.meanings),
    },
    ("AWS::ApiGatewayV2::Integration",): {
        **dict.fromkeys(
            ("IntegrationUri", "IntegrationType", "IntegrationSubtype", "IntegrationMethod"), _GOES.meanings
        ),
        **dict.fromkeys(("ConnectionId", "ConnectionType", "CredentialsArn", "TlsConfig"), _GOES.meanings),
        **dict.fromkeys(("RequestParameters", "RequestTemplates", "ResponseParameters"), _AS.meanings),
        **dict.fromkeys(("PayloadFormatVersion", "PassthroughBehavior", "ContentHandlingStrategy"), _AS.meanings),
        "TemplateSelectionExpression": _AS.meanings,
        "TimeoutInMillis": _timeout,
    },
    ("AWS::ApiGatewayV2::IntegrationResponse", "AWS::ApiGatewayV2::RouteResponse"): dict.fromkeys(
        (
            *("IntegrationResponseKey", "ResponseParameters", "ResponseTemplates", "TemplateSelectionExpression"),
            *("ContentHandlingStrategy", "ModelSelectionExpression", "ResponseModels", "RouteResponseKey"),
        ),
        _AS.meanings,
    ),
    ("AWS::ApiGateway::GatewayResponse",): dict.fromkeys(
        ("ResponseParameters", "ResponseTemplates", "StatusCode"), _ANSWERS.meanings
    ),
    _AUTHORIZERS: {
        **dict.fromkeys(("AuthorizerUri", "AuthorizerCredentials", "AuthorizerCredentialsArn"), _AUTHORIZER.meanings),
        **dict.fromkeys(("IdentitySource", "IdentityValidationExpression", "JwtConfiguration"), _AUTHORIZER.meanings),
        **dict.fromkeys(("ProviderARNs", "Type", "AuthorizerType", "AuthType"), _AUTHORIZER.meanings),
        **dict.fromkeys(("AuthorizerPayloadFormatVersion", "EnableSimpleResponses"), _AUTHORIZER.meanings),
        "AuthorizerResultTtlInSeconds": Other("REV284", "for how long its answer is kept").meanings,
        "Name": _NAME.meanings,
    },
    ("AWS::ApiGateway::Model", "AWS::ApiGatewayV2::Model"): {
        "Schema": _VALIDATION.meanings,
        "ContentType": _VALIDATION.meanings,
        "Name": _NAME.meanings,
    },
    (REST_API, API): {
        **dict.fromkeys(("Name", "Version", "FailOnWarnings", "IpAddressType"), _NAME.meanings),
        **dict.fromkeys(("BinaryMediaTypes", "MinimumCompressionSize", "RouteSelectionExpression"), _KIND.meanings),
        **dict.fromkeys(("ApiKeySourceType", "ApiKeySelectionExpression", "DisableSchemaValidation"), _KIND.meanings),
        **dict.fromkeys(("BasePath", "Mode", "CloneFrom", "EndpointAccessMode"), _KIND.meanings),
        **dict.fromkeys(("Target", "CredentialsArn", "RouteKey"), _GOES.meanings),
    },
    (
        "AWS::ApiGateway::BasePathMapping",
        "AWS::ApiGateway::BasePathMappingV2",
        "AWS::ApiGatewayV2::ApiMapping",
    ): dict.fromkeys(("RestApiId", "ApiId", "Stage", "ApiMappingKey"), _GOES.meanings),
    ("AWS::ApiGatewayV2::RoutingRule",): dict.fromkeys(("Actions", "Conditions", "Priority"), _GOES.meanings),
    ("AWS::ApiGateway::DocumentationPart", "AWS::ApiGateway::DocumentationVersion"): {"Properties": _NAME.meanings},
    ("AWS::ApiGateway::VpcLink", "AWS::ApiGatewayV2::VpcLink"): {"Name": _NAME.meanings},
}

for _types_of, _rules in _ROWS.items():
    for _type in _types_of:
        for _name, _rule in _rules.items():
            means(_type, _name)(_rule)


@means("AWS::ApiGateway::RequestValidator", "ValidateRequestBody", "ValidateRequestParameters")
def validates(changed: Changed) -> Iterator[Meaning]:
    """Whether requests are looked at before they go on."""
    what = "bodies" if changed.path[-1] == "ValidateRequestBody" else "parameters"
    if is_true(changed.new):
        yield Meaning("REV276", f"requests whose {what} are wrong are refused")
    else:
        yield Meaning(
            "REV294", f"the {what} of requests are no longer looked at: wrong ones go on to what is behind it"
        )
