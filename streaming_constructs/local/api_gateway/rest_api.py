"""A REST API as it is deployed: what is answered where, by the resources of its stack."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streaming_constructs.local.aws.cloudformation import Deployed

_TYPE = "AWS::ApiGateway::"
REST_API = f"{_TYPE}RestApi"
_PROXY, _HEADER = "{proxy+}", "gatewayresponse.header."
DEFAULT_AUTHORIZED_SECONDS = 300
"""Source: https://docs.aws.amazon.com/apigateway/latest/api/API_Authorizer.html"""


@dataclass(frozen=True, slots=True)
class Authorizer:
    """A function that says who is let in.

    Attributes:
        id: Its id.
        uri: The function, as API Gateway names it.
        identity_source: The headers that it goes by; without one of them a request is refused.
        kept_seconds: How long what it said counts for the same headers.
    """

    id: str
    uri: str
    identity_source: str
    kept_seconds: float


@dataclass(frozen=True, slots=True)
class GatewayResponse:
    """An answer of the gateway itself, where an API says what it is.

    Attributes:
        template: Its body, for JSON; empty: that of every API.
        status: Its status; None: that of every API.
        headers: Its headers.
    """

    template: str = ""
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Method:
    """A method of a resource.

    Attributes:
        integration: What it calls, and how, as the template says it.
        authorization: `NONE`, `AWS_IAM` or `CUSTOM`.
        needs_key: Whether callers have to send an API key.
        model: What a body of JSON has to be, if that is asked.
        authorizer: Who says whether a request is let in, for `CUSTOM`.
    """

    integration: Mapping[str, Any]
    authorization: str
    needs_key: bool
    model: Mapping[str, Any] | None
    authorizer: Authorizer | None = None


@dataclass(frozen=True, slots=True)
class RestApi:
    """An API.

    Attributes:
        id: Its id.
        name: What people call it.
        stages: The settings of its methods, by stage: what is throttled.
        methods: Its methods, by HTTP method and path.
        keys: The ids of the keys that callers may send.
        key_throttles: The throttle of each key, by its id, where its usage plan has one.
        responses: Its gateway responses, by their types.
    """

    id: str
    name: str
    stages: Mapping[str, Sequence[Mapping[str, Any]]]
    methods: Mapping[tuple[str, str], Method]
    keys: frozenset[str]
    key_throttles: Mapping[str, Mapping[str, Any]]
    responses: Mapping[str, GatewayResponse]

    def found(self, http_method: str, path: str) -> tuple[Method, str, dict[str, str]] | None:
        """The method that answers a request, with the path of its resource and what stands in place of `{proxy+}`.

        Args:
            http_method: The HTTP method.
            path: The path, without the stage.
        """
        exact = self.methods.get((http_method, "" if path == "/" else path))
        if exact is not None:
            return exact, path, {}
        proxies = [
            (place, method)
            for (of, place), method in self.methods.items()
            if of == http_method and place.endswith(_PROXY) and path.startswith(place.removesuffix(_PROXY))
        ]
        for place, method in sorted(proxies, key=lambda one: -len(one[0])):
            rest = path[len(place) - len(_PROXY) :]
            if rest:
                return method, place, {"proxy": rest}
        return None

    @property
    def asks_by_itself(self) -> bool:
        """Whether browsers can call it: whoever asks is let in by what an authorizer finds, and signs nothing."""
        return bool(self.methods) and all(method.authorization == "CUSTOM" for method in self.methods.values())


def rest_apis(deployed: Iterable[Deployed], name_of: Callable[[Deployed], str]) -> list[RestApi]:
    """The APIs that are deployed.

    Args:
        deployed: All that is deployed.
        name_of: What people call a resource.
    """
    all_of = list(deployed)
    return [_rest_api(one, all_of, name_of) for one in all_of if one.type == REST_API]


def _rest_api(api: Deployed, deployed: Sequence[Deployed], name_of: Callable[[Deployed], str]) -> RestApi:
    def parts(kind: str) -> list[Deployed]:
        of_kind = (one for one in deployed if one.type == f"{_TYPE}{kind}")
        return [one for one in of_kind if one.properties.get("RestApiId") == api.physical_id]

    resources = {one.physical_id: one.properties for one in parts("Resource")}
    models = {one.physical_id: one.properties["Schema"] for one in parts("Model")}
    validated = {
        one.physical_id for one in parts("RequestValidator") if _is_true(one.properties["ValidateRequestBody"])
    }
    plans = {
        one.physical_id: one.properties.get("Throttle", {})
        for one in deployed
        if one.type == f"{_TYPE}UsagePlan"
        and any(stage["ApiId"] == api.physical_id for stage in one.properties.get("ApiStages", ()))
    }
    authorizers = {
        one.physical_id: Authorizer(
            one.physical_id,
            one.properties["AuthorizerUri"],
            one.properties.get("IdentitySource", ""),
            float(one.properties.get("AuthorizerResultTtlInSeconds", DEFAULT_AUTHORIZED_SECONDS)),
        )
        for one in parts("Authorizer")
    }
    keys = {
        one.properties["KeyId"]: plans[one.properties["UsagePlanId"]]
        for one in deployed
        if one.type == f"{_TYPE}UsagePlanKey" and one.properties["UsagePlanId"] in plans
    }
    return RestApi(
        api.physical_id,
        name_of(api),
        {one.properties["StageName"]: one.properties.get("MethodSettings", ()) for one in parts("Stage")},
        {
            (one.properties["HttpMethod"], _path(one.properties["ResourceId"], resources)): Method(
                one.properties["Integration"],
                one.properties.get("AuthorizationType", "NONE"),
                _is_true(one.properties.get("ApiKeyRequired", False)),
                models.get(one.properties.get("RequestModels", {}).get("application/json"))
                if one.properties.get("RequestValidatorId") in validated
                else None,
                authorizers.get(one.properties.get("AuthorizerId", "")),
            )
            for one in parts("Method")
        },
        frozenset(keys),
        {key: throttle for key, throttle in keys.items() if throttle},
        {one.properties["ResponseType"]: _gateway_response(one.properties) for one in parts("GatewayResponse")},
    )


def _gateway_response(properties: Mapping[str, Any]) -> GatewayResponse:
    status = properties.get("StatusCode")
    # Literal values stand in quotes.
    headers = {
        name.removeprefix(_HEADER): str(value).strip("'")
        for name, value in properties.get("ResponseParameters", {}).items()
    }
    template = properties.get("ResponseTemplates", {}).get("application/json", "")
    return GatewayResponse(template, int(status) if status else None, tuple(headers.items()))


def _path(resource_id: str, resources: Mapping[str, Mapping[str, Any]]) -> str:
    """The path of a resource, from the root."""
    found = resources.get(resource_id)
    return f"{_path(found['ParentId'], resources)}/{found['PathPart']}" if found else ""


def _is_true(value: Any) -> bool:
    return str(value).lower() == "true"
