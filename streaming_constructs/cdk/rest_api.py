"""A REST API of Amazon API Gateway: what every one of ours has, whatever stands behind its methods."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Aws, CfnResource, Names, Stack
from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge
from streaming_constructs.facts import api_gateway as facts


def rest_api_name(scope: Construct) -> str:
    """The name of an API, by which its metrics are told from those of others.

    Args:
        scope: What it belongs to.
    """
    return Names.unique_resource_name(scope, max_length=128, allowed_special_characters="-", separator="-")


def create_rest_api(scope: Construct, *, description: str) -> apigateway.CfnRestApi:
    """Creates an `AWS::ApiGateway::RestApi`, regional and with TLS 1.2 at least.

    Args:
        scope: What it belongs to.
        description: What it does.
    """
    return apigateway.CfnRestApi(
        scope,
        "Api",
        name=rest_api_name(scope),
        description=description,
        endpoint_configuration=apigateway.CfnRestApi.EndpointConfigurationProperty(types=["REGIONAL"]),
        security_policy=facts.SECURITY_POLICY,
        endpoint_access_mode=facts.ENDPOINT_ACCESS_MODE,
    )


def stage_url(api: apigateway.CfnRestApi, stage: str) -> str:
    """The address of a stage, without a `/` at its end.

    Args:
        api: The API.
        stage: The name of the stage.
    """
    return f"https://{api.ref}.execute-api.{Stack.of(api).region}.{Aws.URL_SUFFIX}/{stage}"


class DeploymentParts:
    """All that a deployment is made of: what a stage answers by is fixed when it is deployed."""

    def __init__(self, scope: Construct, api: apigateway.CfnRestApi) -> None:
        """There is nothing yet.

        Args:
            scope: What the API belongs to.
            api: The API.
        """
        self._scope, self._api = scope, api
        self._parts: list[tuple[CfnResource, Mapping[str, Any]]] = []

    def add(self, class_: type[Any], construct_id: str, **properties: Any) -> Any:
        """Creates a part.

        Args:
            class_: Its class.
            construct_id: Its id.
            properties: Its properties, but for the API.
        """
        part = class_(self._scope, construct_id, rest_api_id=self._api.ref, **properties)
        self._parts.append((part, {"id": construct_id, **properties}))
        return part

    def deployment(self) -> apigateway.CfnDeployment:
        """The `AWS::ApiGateway::Deployment` of all parts: another one whenever something of them changes."""
        content = Stack.of(self._scope).resolve([properties for _, properties in self._parts])
        digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]
        deployment = apigateway.CfnDeployment(self._scope, f"Deployment{digest}", rest_api_id=self._api.ref)
        for part, _ in self._parts:
            deployment.add_resource_dependency(part)
        return deployment


def create_stage(
    scope: Construct,
    api: apigateway.CfnRestApi,
    deployment: apigateway.CfnDeployment,
    *,
    name: str,
    rate: float | None,
    burst: int | None,
    access_log: apigateway.CfnStage.AccessLogSettingProperty | None = None,
) -> apigateway.CfnStage:
    """Creates an `AWS::ApiGateway::Stage` with its throttle.

    Args:
        scope: What the API belongs to.
        api: The API.
        deployment: What it answers by.
        name: Its name.
        rate: Requests per second to each method. None: as many as the account has.
        burst: Requests at once to each method. None as well.
        access_log: Where requests are logged. Left out: nowhere.
    """
    stage = apigateway.CfnStage(
        scope,
        "Stage",
        rest_api_id=api.ref,
        deployment_id=deployment.ref,
        stage_name=name,
        access_log_setting=access_log,
        method_settings=[
            apigateway.CfnStage.MethodSettingProperty(
                resource_path="/*",
                http_method="*",
                logging_level="OFF",
                metrics_enabled=False,
                throttling_rate_limit=rate,
                throttling_burst_limit=burst,
            )
        ],
    )
    acknowledge(
        stage,
        "Execution logs would have the bodies of requests; metrics and access logs tell what failed",
        "AwsSolutions-APIG6",
        *rules_of_packs("APIGWExecutionLoggingEnabled"),
    )
    acknowledge(
        stage, "The service behind it is AWS's own, and asks for no certificate", *rules_of_packs("APIGWSSLEnabled")
    )
    acknowledge(
        stage,
        "One call to one service: its metrics say what a trace would",
        "Serverless-APIGWXrayEnabled",
        *rules_of_packs("APIGWXrayEnabled"),
    )
    return stage


def rules_of_packs(rule: str) -> Sequence[str]:
    """The ids of a rule of cdk-nag in the packs that have it.

    Args:
        rule: The rule, such as `APIGWXrayEnabled`.
    """
    return [f"{pack}-{rule}" for pack in ("NIST.800.53.R5", "HIPAA.Security", "PCI.DSS.321")]
