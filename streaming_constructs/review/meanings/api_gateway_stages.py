"""What changes of the stages of APIs mean, and of usage plans and keys: limits, logs, caches, and what a stage leads to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from streaming_constructs.review.comparing.defaults import is_by_default
from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.template import Resource, value_at
from streaming_constructs.review.comparing.values import listed, number, shown
from streaming_constructs.review.meaning import Changed, Meaning, Meanings, PropertyRule, means, when_removed
from streaming_constructs.review.rules.parts import by_name, items_of, parts_of
from streaming_constructs.review.rules.switches import Other, Switch

STAGE = "AWS::ApiGateway::Stage"
STAGE_V2 = "AWS::ApiGatewayV2::Stage"
_DEPLOYMENT = "AWS::ApiGateway::Deployment"
_PLAN = "AWS::ApiGateway::UsagePlan"
_KEY = "AWS::ApiGateway::ApiKey"

is_by_default(STAGE, {"CacheClusterEnabled": False, "TracingEnabled": False})
is_by_default(STAGE_V2, {"AutoDeploy": False})


def limit(what: str) -> PropertyRule:
    """A rule for a bound of what callers may ask.

    Args:
        what: What is bounded, in words.
    """

    def rule(changed: Changed) -> Iterator[Meaning]:
        """A bound: left out, or -1, there is none but that of the account."""
        old, new = (None if number(value) == -1 else value for value in (changed.old, changed.new))
        values = f"{what}: {_shown(old)} → {_shown(new)}"
        before, after = number(old), number(new)
        if new is None and old is not None:
            yield Meaning("REV290", f"{values}; one caller can use up what the account has for all", "leave a limit")
        elif old is None and new is not None:
            yield Meaning("REV291", values)
        elif before is None or after is None or after < before:
            yield Meaning(
                "REV289", f"{values}; callers beyond it are refused", "see that the peak of the last days fits"
            )
        elif after > before:
            yield Meaning("REV291", values)

    return rule


def _shown(value: Any) -> str:
    return "no limit of its own" if value is None else shown(value)


_RANKS = {"OFF": 0, "ERROR": 1, "INFO": 2}


def logging_level(changed: Changed) -> Iterator[Meaning]:
    """What is logged of how requests are answered."""
    old, new = (
        _RANKS.get(value) if isinstance(value, str) else 0 for value in (changed.old or "OFF", changed.new or "OFF")
    )
    values = f"what is logged: {shown(changed.old or 'OFF')} → {shown(changed.new or 'OFF')}"
    if old is None or new is None or new < old:
        yield Meaning("REV268", values, "leave at least `ERROR`")
    elif new > old:
        yield Meaning("REV276", values)


_METRICS = Switch("REV268", "no metrics of each method are published", "REV276", "metrics of each method are published")
_TRACING = Switch("REV268", "X-Ray is no longer told of requests", "REV276", "X-Ray is told of requests")
_BODIES = Switch(
    "REV276",
    "requests and answers are no longer logged whole",
    "REV297",
    "requests and answers are logged whole, with all that is in them",
)
_CACHE = Switch(
    "REV297",
    "answers are no longer kept: each request goes to what is behind the API",
    "REV297",
    "answers are kept for a while: callers may get one that is no longer true",
)
_CACHE_KEY = Switch(
    "REV257",
    "answers that are kept are no longer encrypted",
    "REV259",
    "answers that are kept are encrypted",
    help="leave `CacheDataEncrypted: true`",
)
_AGE = Other("REV297", "for how many seconds answers are kept", "callers may get one that is no longer true")
_SIZE = Other("REV276", "the size of the cache")
_METHOD: Mapping[str, PropertyRule] = {
    "ThrottlingRateLimit": limit("requests per second"),
    "ThrottlingBurstLimit": limit("requests at once"),
    "LoggingLevel": logging_level,
    "MetricsEnabled": _METRICS.meanings,
    "DetailedMetricsEnabled": _METRICS.meanings,
    "DataTraceEnabled": _BODIES.meanings,
    "CachingEnabled": _CACHE.meanings,
    "CacheTtlInSeconds": _AGE.meanings,
    "CacheDataEncrypted": _CACHE_KEY.meanings,
}
_METHOD_NAME = ("ResourcePath", "HttpMethod")


def method_settings(changed: Changed) -> Iterator[Meaning]:
    """Settings of methods, by their paths and verbs."""
    yield from items_of(changed, _METHOD_NAME, _METHOD, "REV297")
    old, new = by_name(changed.old, *_METHOD_NAME), by_name(changed.new, *_METHOD_NAME)
    for name in {**old, **new}:
        if name not in old or name not in new:
            item = replace(changed, path=(*changed.path, f"ResourcePath={name}"), old=old.get(name), new=new.get(name))
            named = dict.fromkeys(_METHOD_NAME, _unsaid)
            yield from parts_of(item, {**_METHOD, **named}, "REV297")
    if not (old or new):
        yield Meaning("REV297", f"settings of its methods: {shown(changed.old)} → {shown(changed.new)}")


def _unsaid(changed: Changed) -> Iterator[Meaning]:
    """What an item is called, which is no setting."""
    yield from ()


def route_settings(changed: Changed) -> Meanings:
    """Settings of routes, by their keys."""
    routes = [value for value in (changed.old, changed.new) if isinstance(value, Mapping)]
    return parts_of(changed, dict.fromkeys([str(name) for value in routes for name in value], _route), "REV297")


def _route(changed: Changed) -> Meanings:
    return parts_of(changed, _METHOD, "REV297")


def access_log(changed: Changed) -> Iterator[Meaning]:
    """Where requests are logged, and what of them."""
    old, new = (value_at(value, ("DestinationArn",)) for value in (changed.old, changed.new))
    if new is None and old is not None:
        yield Meaning("REV268", f"requests are no longer logged to {shown(old)}", "leave `DestinationArn`")
    elif old is not None and not same(old, new):
        yield Meaning(
            "REV268", f"requests are logged to {shown(new)}, and no longer to {shown(old)}: who reads that sees none"
        )
    else:
        yield Meaning("REV276", f"the log of requests: {shown(changed.old)} → {shown(changed.new)}")


def canary(changed: Changed) -> Iterator[Meaning]:
    """The share of requests that another deployment answers."""
    share = value_at(changed.new, ("PercentTraffic",))
    says = f"{shown(share)} % of requests" if share is not None else "no share of requests"
    yield Meaning("REV292", f"another deployment answers {says}; it was {shown(changed.old)}")


def client_certificate(changed: Changed) -> Iterator[Meaning]:
    """The certificate that what is behind an API knows it by."""
    if changed.new is None:
        says = "what is behind it can no longer tell it by a certificate"
        yield Meaning("REV284", says, "leave `ClientCertificateId` where the backend asks for it")
    else:
        yield Meaning("REV258", f"the certificate that it shows: {shown(changed.old)} → {shown(changed.new)}")


_VARIABLES = Other("REV292", "its variables", "they may say where calls go")
_AUTO = Switch(
    "REV297",
    "what changes in the API is not called before somebody deploys it",
    "REV297",
    "each change is called at once",
)
_DOCUMENTATION = Other("REV276", "its documentation")
_STAGE: Mapping[str, PropertyRule] = {
    "AccessLogSetting": access_log,
    "CacheClusterEnabled": _CACHE.meanings,
    "CacheClusterSize": _SIZE.meanings,
    "CanarySetting": canary,
    "ClientCertificateId": client_certificate,
    "DocumentationVersion": _DOCUMENTATION.meanings,
    "MethodSettings": method_settings,
    "TracingEnabled": _TRACING.meanings,
    "Variables": _VARIABLES.meanings,
}
_STAGE_V2: Mapping[str, PropertyRule] = {
    "AccessLogSettings": access_log,
    "AutoDeploy": _AUTO.meanings,
    "ClientCertificateId": client_certificate,
    "DefaultRouteSettings": _route,
    "RouteSettings": route_settings,
    "StageVariables": _VARIABLES.meanings,
}

for _name, _rule in _STAGE.items():
    means(STAGE, _name)(_rule)
for _name, _rule in _STAGE_V2.items():
    means(STAGE_V2, _name)(_rule)
for _name, _rule in {**_METHOD, **_STAGE, "Description": _DOCUMENTATION.meanings}.items():
    means(_DEPLOYMENT, f"StageDescription.{_name}")(_rule)
means(_DEPLOYMENT, "DeploymentCanarySettings")(canary)
_OVERRIDES = Other("REV297", "what API Gateway made by itself and is changed here")
means("AWS::ApiGatewayV2::ApiGatewayManagedOverrides", "Integration", "Route", "Stage")(_OVERRIDES.meanings)


@means(STAGE, "DeploymentId")
@means(STAGE_V2, "DeploymentId")
def deployment(changed: Changed) -> Iterator[Meaning]:
    """The picture of the API that a stage answers by: what differs is told of the API."""
    yield from ()


for _name, _what in {
    "Throttle.RateLimit": "requests per second of each key",
    "Throttle.BurstLimit": "requests at once of each key",
    "Quota.Limit": "requests of each key in a period",
}.items():
    means(_PLAN, _name)(limit(_what))


@means(_PLAN, "Quota.Period", "Quota.Offset")
def quota_period(changed: Changed) -> Iterator[Meaning]:
    """The period in which a key may ask so often; told with the limit where the quota comes or goes."""
    if changed.old is not None and changed.new is not None:
        yield Meaning(
            "REV289", f"`{changed.name}`: {shown(changed.old)} → {shown(changed.new)}; callers are bounded otherwise"
        )


@means(_PLAN, "ApiStages")
def stages_of_plan(changed: Changed) -> Iterator[Meaning]:
    """The stages that keys of a plan are for."""
    old, new = (
        [(shown(value_at(item, ("ApiId",))), shown(value_at(item, ("Stage",)))) for item in listed(value)]
        for value in (changed.old, changed.new)
    )
    gone = [f"{api} {stage}" for api, stage in old if (api, stage) not in new]
    if gone:
        yield Meaning(
            "REV293", f"its keys are refused at {shown(', '.join(gone))}", "give their callers another plan first"
        )
    elif len(new) > len(old):
        yield Meaning("REV276", f"its keys are for {len(new)} stages; it was {len(old)}")
    else:
        yield Meaning("REV289", f"its limits of methods: {shown(changed.old)} → {shown(changed.new)}")


@when_removed(_PLAN)
def plan_removed(pair: Pair, old: Resource) -> Iterator[Meaning]:
    """A usage plan that is there no more."""
    yield Meaning(
        "REV290",
        f"nothing bounds its keys any more ({shown(old.at('Throttle'))}), and methods that ask for a key refuse them",
        "give the keys another plan first",
    )


_ENABLED = Switch("REV293", "whoever calls with this key is refused", "REV276", "its callers are let in", is_on=False)
means(_KEY, "Enabled")(_ENABLED.meanings)
means(_KEY, "CustomerId", "StageKeys")(Other("REV276", "what the key is for").meanings)
means(_PLAN, "UsagePlanName")(Other("REV276", "what it is called").meanings)


@means("AWS::ApiGateway::Account", "CloudWatchRoleArn")
def logs_role(changed: Changed) -> Iterator[Meaning]:
    """The role by which all APIs of an account log."""
    if changed.new is None:
        yield Meaning("REV268", "no API of the account logs anything any more: it has no role for it", "leave the role")
    else:
        yield Meaning("REV276", f"the role by which APIs log: {shown(changed.old)} → {shown(changed.new)}")
