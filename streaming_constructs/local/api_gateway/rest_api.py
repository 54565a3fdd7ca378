"""A REST API as it is deployed: what is answered where, by the resources of its stack."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streaming_constructs.local.aws.cloudformation import Deployed

_TYPE = "AWS::ApiGateway::"
REST_API = f"{_TYPE}RestApi"


@dataclass(frozen=True, slots=True)
class Method:
    """A method of a resource.

    Attributes:
        integration: What it calls, and how, as the template says it.
        authorization: `NONE` or `AWS_IAM`.
        needs_key: Whether callers have to send an API key.
        model: What a body of JSON has to be, if that is asked.
    """

    integration: Mapping[str, Any]
    authorization: str
    needs_key: bool
    model: Mapping[str, Any] | None


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
        responses: The templates of gateway responses for JSON, by their types.
    """

    id: str
    name: str
    stages: Mapping[str, Sequence[Mapping[str, Any]]]
    methods: Mapping[tuple[str, str], Method]
    keys: frozenset[str]
    key_throttles: Mapping[str, Mapping[str, Any]]
    responses: Mapping[str, str]


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
            )
            for one in parts("Method")
        },
        frozenset(keys),
        {key: throttle for key, throttle in keys.items() if throttle},
        {
            one.properties["ResponseType"]: one.properties["ResponseTemplates"]["application/json"]
            for one in parts("GatewayResponse")
        },
    )


def _path(resource_id: str, resources: Mapping[str, Mapping[str, Any]]) -> str:
    """The path of a resource, from the root."""
    found = resources.get(resource_id)
    return f"{_path(found['ParentId'], resources)}/{found['PathPart']}" if found else ""


def _is_true(value: Any) -> bool:
    return str(value).lower() == "true"
