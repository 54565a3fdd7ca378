"""Amazon API Gateway: REST APIs with an integration of Kinesis, Firehose or a function, and what belongs to them.

An API and a key are moto's, so that its API tells of them; all else is read from what is deployed when a request comes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from streaming_constructs.local.api_gateway.lambda_proxy import INVOKED
from streaming_constructs.local.api_gateway.service_call import TARGETS
from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.aws.resources.resource_type import Created, Properties, ResourceType, given, nothing

_ACTION = re.compile(rf"arn:[a-z-]+:apigateway:[a-z0-9-]+:({'|'.join(TARGETS)}):action/[A-Za-z]+")


def _create_api(aws: Aws, name: str, properties: Properties) -> Created:
    values = {"name": properties.get("Name", name), "description": properties.get("Description")}
    created = aws.call("apigateway", "CreateRestApi", values)
    return Created(created["id"], {"RestApiId": created["id"], "RootResourceId": created["rootResourceId"]})


def _update_api(aws: Aws, api_id: str, properties: Properties) -> None:
    changes = _patch(properties, ("Description", "Name"))
    aws.client("apigateway").update_rest_api(restApiId=api_id, patchOperations=changes)


def _patch(properties: Properties, names: tuple[str, ...]) -> list[dict[str, str]]:
    """Properties as the operations that the API changes by."""
    return [
        {"op": "replace", "path": f"/{name.lower()}", "value": str(value).lower() if name == "Enabled" else str(value)}
        for name, value in given(properties, names).items()
    ]


def _update_key(aws: Aws, key_id: str, properties: Properties) -> None:
    changes = _patch(properties, ("Description", "Enabled"))
    aws.client("apigateway").update_api_key(apiKey=key_id, patchOperations=changes)


def _delete_api(aws: Aws, api_id: str, properties: Properties) -> None:
    aws.call("apigateway", "DeleteRestApi", {"restApiId": api_id})


def _create_key(aws: Aws, name: str, properties: Properties) -> Created:
    values = {"name": name, "enabled": properties.get("Enabled"), **_in_small(properties, ("Description", "Value"))}
    key_id = aws.call("apigateway", "CreateApiKey", values)["id"]
    return Created(key_id, {"APIKeyId": key_id})


def _in_small(properties: Properties, names: tuple[str, ...]) -> dict[str, Any]:
    return {name.lower(): value for name, value in given(properties, names).items()}


def _delete_key(aws: Aws, key_id: str, properties: Properties) -> None:
    aws.call("apigateway", "DeleteApiKey", {"apiKey": key_id})


def _checked(aws: Aws, physical_id: str, properties: Properties) -> None:
    integration: Mapping[str, Any] = properties.get("Integration", {})
    if properties.get("AuthorizationType", "NONE") not in ("NONE", "AWS_IAM", "CUSTOM"):
        raise ValueError(f"the authorization {properties['AuthorizationType']} is not known here")
    if integration.get("Type") == "AWS_PROXY" and INVOKED.fullmatch(str(integration.get("Uri", ""))):
        return
    if integration.get("Type") != "AWS" or not _ACTION.fullmatch(str(integration.get("Uri", ""))):
        raise ValueError(
            f"an integration here calls an operation of {' or '.join(TARGETS)}, or is a function, and nothing else"
        )
    if "application/json" not in integration.get("RequestTemplates", {}):
        raise ValueError("an integration here has a request template for application/json")


def _create_method(aws: Aws, name: str, properties: Properties) -> Created:
    _checked(aws, name, properties)
    return Created(name)


def _create_authorizer(aws: Aws, name: str, properties: Properties) -> Created:
    _checked_authorizer(aws, name, properties)
    return Created(name, {"AuthorizerId": name})


def _checked_authorizer(aws: Aws, physical_id: str, properties: Properties) -> None:
    if properties.get("Type") != "REQUEST" or not INVOKED.fullmatch(str(properties.get("AuthorizerUri", ""))):
        raise ValueError("an authorizer here is a function that gets the request, and nothing else")
    sources = str(properties.get("IdentitySource", "")).split(",")
    if any(source.strip() and not source.strip().startswith("method.request.header.") for source in sources):
        raise ValueError("an authorizer here goes by headers, and nothing else")


def _part(
    kind: str,
    takes: set[str],
    *,
    create_only: set[str],
    name: str = "",
    recorded: Mapping[str, str] | None = None,
    attribute: str = "",
    create: Callable[[Aws, str, Properties], Created] | None = None,
    update: Callable[[Aws, str, Properties], object] = nothing,
) -> ResourceType:
    """A part of an API that is what its properties say."""

    def created(aws: Aws, given_name: str, properties: Properties) -> Created:
        return Created(given_name, {attribute: given_name} if attribute else {})

    return ResourceType(
        f"AWS::ApiGateway::{kind}",
        takes=frozenset(takes),
        create=create or created,
        update=update,
        delete=nothing,
        name=name,
        create_only=frozenset(create_only),
        recorded=recorded or {},
    )


_NO_METRICS = "no metrics and no logs are written here"

API_GATEWAY = (
    ResourceType(
        "AWS::ApiGateway::RestApi",
        takes=frozenset({"Description", "Name", "Tags"}),
        create=_create_api,
        update=_update_api,
        delete=_delete_api,
        recorded={
            "EndpointAccessMode": "there is one name here",
            "EndpointConfiguration": "it is on this machine",
            "SecurityPolicy": "requests do not leave this machine, and are not encrypted",
        },
    ),
    ResourceType(
        "AWS::ApiGateway::ApiKey",
        takes=frozenset({"Description", "Enabled", "Name", "Tags", "Value"}),
        create=_create_key,
        update=_update_key,
        delete=_delete_key,
        name="Name",
        create_only=frozenset({"Name", "Value"}),
    ),
    _part(
        "Resource",
        {"ParentId", "PathPart", "RestApiId"},
        create_only={"ParentId", "PathPart", "RestApiId"},
        attribute="ResourceId",
    ),
    _part(
        "Model", {"ContentType", "Name", "RestApiId", "Schema"}, create_only={"ContentType", "RestApiId"}, name="Name"
    ),
    _part(
        "RequestValidator",
        {"Name", "RestApiId", "ValidateRequestBody"},
        create_only={"Name", "RestApiId"},
        attribute="RequestValidatorId",
    ),
    _part(
        "Method",
        {
            "ApiKeyRequired",
            "AuthorizationType",
            "AuthorizerId",
            "HttpMethod",
            "Integration",
            "MethodResponses",
            "RequestModels",
            "RequestValidatorId",
            "ResourceId",
            "RestApiId",
        },
        create_only={"HttpMethod", "ResourceId", "RestApiId"},
        create=_create_method,
        update=_checked,
    ),
    _part(
        "Authorizer",
        {"AuthorizerResultTtlInSeconds", "AuthorizerUri", "IdentitySource", "Name", "RestApiId", "Type"},
        create_only={"RestApiId"},
        create=_create_authorizer,
        update=_checked_authorizer,
    ),
    _part(
        "GatewayResponse",
        {"ResponseParameters", "ResponseTemplates", "ResponseType", "RestApiId", "StatusCode"},
        create_only={"ResponseType", "RestApiId"},
        attribute="Id",
    ),
    _part(
        "Deployment",
        {"RestApiId"},
        create_only={"RestApiId"},
        attribute="DeploymentId",
    ),
    _part(
        "Stage",
        {"DeploymentId", "MethodSettings", "RestApiId", "StageName", "Tags"},
        create_only={"RestApiId", "StageName"},
        name="StageName",
        recorded={"AccessLogSetting": _NO_METRICS},
    ),
    _part("UsagePlan", {"ApiStages", "Description", "Tags", "Throttle"}, create_only=set(), attribute="Id"),
    _part(
        "UsagePlanKey",
        {"KeyId", "KeyType", "UsagePlanId"},
        create_only={"KeyId", "KeyType", "UsagePlanId"},
        attribute="Id",
    ),
)
