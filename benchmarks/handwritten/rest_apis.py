"""REST APIs: one that puts what it is sent into a stream, and one that answers from tables to who has the password."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from alarms import MINUTE, Alarms
from aws_cdk import Aws, CfnResource, Duration, RemovalPolicy, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct
from functions import HandlerFunction
from streams import WatchedStream
from widgets import graph, heading

JSON = "application/json"
STAGE = "v1"
AUTHORIZER = Path(__file__).resolve().parents[2] / "streaming_constructs" / "runtime" / "basic_authorizer"
ASK = {
    "gatewayresponse.header.WWW-Authenticate": '\'Basic realm="basic", charset="UTF-8"\'',
    "gatewayresponse.header.Cache-Control": "'no-store'",
}
ACCEPTED = '{"requestId": "$context.requestId"}'
INVALID = '{"message": "Invalid request body", "errors": "$context.error.validationErrorString"}'
NOT_NOW = '{"message": "Service unavailable, send the request again", "requestId": "$context.requestId"}'
REFUSED = """\
#set($type = $input.path('$.__type'))
#if($type.contains("Throughput") || $type.contains("Throttl") || $type.contains("LimitExceeded"))
#set($context.responseOverride.status = 429)
{"message": "More than is taken at the moment, send the request again", "requestId": "$context.requestId"}
#elseif($type.contains("Validation") || $type.contains("InvalidArgument"))
#set($context.responseOverride.status = 413)
{"message": "A record, or the request, is too large", "requestId": "$context.requestId"}
#else
{"message": "Internal server error", "requestId": "$context.requestId"}
#end"""
TAKEN = """\
#set($failed = $input.path('$.FailedRecordCount'))
#set($results = $input.path('$.Records'))
#if($failed > 0 && $failed == $results.size())
#set($context.responseOverride.status = 429)
#elseif($failed > 0)
#set($context.responseOverride.status = 207)
#end
{"requestId": "$context.requestId", "FailedRecordCount": $failed, "Records": [
#foreach($result in $results){#if($result.ErrorCode)"ErrorCode": "$result.ErrorCode"#end}#if($foreach.hasNext),#end#end
]}"""
ONE = (
    """{"StreamARN": "STREAM", "PartitionKey": $input.json("$.KEY"), "Data": "$util.base64Encode($input.json('$'))"}"""
)
SEVERAL = """\
{"StreamARN": "STREAM", "Records": [
#foreach($record in $input.path('$.records')){"PartitionKey": $input.json("$.records[$foreach.index].KEY"), \
"Data": "$util.base64Encode($input.json("$.records[$foreach.index]"))"}#if($foreach.hasNext),#end#end
]}"""


class RestApi(Construct):
    """An API whose stage is deployed when all of its parts are there."""

    def __init__(self, scope: Construct, construct_id: str, *, name: str, size: str, rate: int, burst: int) -> None:
        super().__init__(scope, construct_id)
        self.name, self.size, self.rate, self.burst = name, size, rate, burst
        self.api = apigateway.CfnRestApi(
            self,
            "Api",
            name=name,
            endpoint_configuration=apigateway.CfnRestApi.EndpointConfigurationProperty(types=["REGIONAL"]),
            security_policy="SecurityPolicy_TLS13_1_2_PQ_2025_09",
            endpoint_access_mode="STRICT",
        )
        self.parts: list[CfnResource] = []

    def part(self, class_: type[Any], construct_id: str, **properties: Any) -> Any:
        part = class_(self, construct_id, rest_api_id=self.api.ref, **properties)
        self.parts.append(part)
        return part

    def deploy(self, permissions: iam.ManagedPolicy) -> apigateway.CfnStage:
        deployment = apigateway.CfnDeployment(self, "Deployment", rest_api_id=self.api.ref)
        for part in self.parts:
            deployment.add_resource_dependency(part)
        stage = apigateway.CfnStage(
            self,
            "Stage",
            rest_api_id=self.api.ref,
            deployment_id=deployment.ref,
            stage_name=STAGE,
            method_settings=[
                apigateway.CfnStage.MethodSettingProperty(
                    resource_path="/*",
                    http_method="*",
                    logging_level="OFF",
                    metrics_enabled=False,
                    throttling_rate_limit=self.rate,
                    throttling_burst_limit=self.burst,
                )
            ],
        )
        stage.node.add_dependency(permissions)
        return stage

    def metric(self, name: str, statistic: str) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace="AWS/ApiGateway",
            metric_name=name,
            dimensions_map={"ApiName": self.name, "Stage": STAGE},
            statistic=statistic,
            period=MINUTE,
        )

    def watch(self, alarms: Alarms) -> None:
        name = self.node.id
        alarms.above(f"{name}ServerErrors", self.metric("5XXError", "Average"), 0.05, 3, "Requests fail: read the log.")
        alarms.above(f"{name}Latency", self.metric("Latency", "p90"), 2500, 5, "Answers are slow.")

    def rows(self) -> list[list[cloudwatch.IWidget]]:
        refused, failed = self.metric("4XXError", "Average"), self.metric("5XXError", "Average")
        latency = self.metric("Latency", "Average"), self.metric("IntegrationLatency", "Average")
        return [
            [heading(f"## {self.node.id}\n{self.size}, {self.rate} requests/s")],
            [
                graph("Requests per minute", self.metric("Count", "Sum")),
                graph("Share of requests that failed", refused, failed, lines=self.error_lines),
                graph("Latency", *latency),
            ],
        ]

    error_lines: tuple[float, ...] = (0.05,)


class IngestApi(RestApi):
    """Puts what it is sent into a stream, without a function between."""

    error_lines = (0.05, 0.05)

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        path: str,
        stream: WatchedStream,
        key: str,
        texts: Sequence[str],
        rate: int,
        burst: int,
    ) -> None:
        super().__init__(scope, construct_id, name=name, size=f"POST /{path}", rate=rate, burst=burst)
        self.role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"))
        arn = stream.stream.stream_arn
        permissions = iam.ManagedPolicy(
            self,
            "Permissions",
            description=f"Lets the API {construct_id} write records",
            roles=[self.role],
            statements=[iam.PolicyStatement(actions=["kinesis:PutRecord", "kinesis:PutRecords"], resources=[arn])],
        )
        self.validator = self.part(apigateway.CfnRequestValidator, "Validator", name="body", validate_request_body=True)
        self.part(
            apigateway.CfnGatewayResponse,
            "InvalidBody",
            response_type="BAD_REQUEST_BODY",
            status_code="400",
            response_templates={JSON: INVALID},
        )
        root = self.api.attr_root_resource_id
        one = self.part(apigateway.CfnResource, "One", parent_id=root, path_part=path).ref
        several = self.part(apigateway.CfnResource, "Several", parent_id=one, path_part="batch").ref
        record = {
            "type": "object",
            "required": [key],
            "properties": {text: {"type": ["string", "null"]} for text in texts}
            | {key: {"type": "string", "minLength": 1, "maxLength": 256}},
            "additionalProperties": False,
        }
        batch = {
            "type": "object",
            "required": ["records"],
            "additionalProperties": False,
            "properties": {"records": {"type": "array", "minItems": 1, "maxItems": 500, "items": record}},
        }

        def request(template: str) -> str:
            return template.replace("STREAM", arn).replace("KEY", key)

        self.method("Record", one, {"title": "Record", **record}, "PutRecord", request(ONE), ACCEPTED, [])
        self.method("Records", several, {"title": "Batch", **batch}, "PutRecords", request(SEVERAL), TAKEN, ["207"])
        stage = self.deploy(permissions)
        api_key = apigateway.CfnApiKey(self, "Key", enabled=True, description=f"For callers of {name}")
        usage = apigateway.CfnUsagePlan(
            self,
            "UsagePlan",
            api_stages=[apigateway.CfnUsagePlan.ApiStageProperty(api_id=self.api.ref, stage=stage.ref)],
            throttle=apigateway.CfnUsagePlan.ThrottleSettingsProperty(rate_limit=rate, burst_limit=burst),
        )
        apigateway.CfnUsagePlanKey(
            self, "UsagePlanKey", key_id=api_key.ref, key_type="API_KEY", usage_plan_id=usage.ref
        )

    def method(
        self,
        name: str,
        resource: str,
        schema: Mapping[str, Any],
        action: str,
        request: str,
        accepted: str,
        more: Sequence[str],
    ) -> None:
        draft = {"$schema": "http://json-schema.org/draft-04/schema#"}
        model = self.part(apigateway.CfnModel, f"{name}Model", name=name, content_type=JSON, schema={**draft, **schema})

        def answer(status: str, template: str, pattern: str | None = None) -> dict[str, Any]:
            selection = {"selectionPattern": pattern} if pattern else {}
            return {"statusCode": status, **selection, "responseTemplates": {JSON: template}}

        self.part(
            apigateway.CfnMethod,
            f"{name}Method",
            resource_id=resource,
            http_method="POST",
            authorization_type="NONE",
            api_key_required=True,
            request_models={JSON: model.ref},
            request_validator_id=self.validator.ref,
            integration={
                "type": "AWS",
                "integrationHttpMethod": "POST",
                "credentials": self.role.role_arn,
                "uri": f"arn:{Aws.PARTITION}:apigateway:{Aws.REGION}:kinesis:action/{action}",
                "passthroughBehavior": "NEVER",
                "requestParameters": {
                    "integration.request.header.Content-Type": "'application/x-amz-json-1.1'",
                },
                "requestTemplates": {JSON: request},
                "integrationResponses": [
                    answer("200", accepted, r"2\d{2}"),
                    answer("503", NOT_NOW, r"5\d{2}"),
                    answer("500", REFUSED),
                ],
            },
            method_responses=[{"statusCode": status} for status in ("200", *more, "413", "429", "500", "503")],
        )

    def watch(self, alarms: Alarms) -> None:
        super().watch(alarms)
        refused = self.metric("4XXError", "Average")
        alarms.above(f"{self.node.id}ClientErrors", refused, 0.05, 5, "Requests are refused: a new client?")


class PageApi(RestApi):
    """Answers from tables by a function, to who has the password."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        code: Path,
        tables: Mapping[str, dynamodb.Table],
        rate: int,
        burst: int,
    ) -> None:
        super().__init__(
            scope, construct_id, name=name, size="GET, with user name and password", rate=rate, burst=burst
        )
        reads = [f"dynamodb:{verb}" for verb in ("BatchGetItem", "GetItem", "Query", "Scan")]
        named = {f"{table}_TABLE_NAME": made.table_name for table, made in tables.items()}
        handler = HandlerFunction(
            self,
            "Handler",
            description="Answers from tables",
            code=code,
            environment=named | {f"{table}_TABLE_ARN": made.table_arn for table, made in tables.items()},
            memory_size=256,
            timeout=Duration.seconds(10),
            powertools=False,
            waits_for_permissions=False,
            statements=[iam.PolicyStatement(actions=reads, resources=[made.table_arn]) for made in tables.values()],
        )
        self.function = handler.function
        self._let_in()
        below = self.part(
            apigateway.CfnResource, "Below", parent_id=self.api.attr_root_resource_id, path_part="{proxy+}"
        )
        for method, resource in (("Root", self.api.attr_root_resource_id), ("Paths", below.ref)):
            self.part(
                apigateway.CfnMethod,
                f"{method}Method",
                resource_id=resource,
                http_method="GET",
                authorization_type="CUSTOM",
                authorizer_id=self.authorizer.attr_authorizer_id,
                integration={
                    "type": "AWS_PROXY",
                    "integrationHttpMethod": "POST",
                    "uri": invocation(self.function),
                },
            )
        self._may_invoke("MayAnswer", self.function, f"{STAGE}/GET/*")
        self.deploy(handler.permissions)

    def _let_in(self) -> None:
        """The secret with the password, and the function that compares it."""
        secret = secretsmanager.CfnSecret(
            self,
            "Secret",
            generate_secret_string=secretsmanager.CfnSecret.GenerateSecretStringProperty(
                secret_string_template=json.dumps({"username": "viewer"}),
                generate_string_key="password",
                password_length=32,
                exclude_punctuation=True,
            ),
        )
        secret.apply_removal_policy(RemovalPolicy.DESTROY)
        compares = HandlerFunction(
            self,
            "Compares",
            description="Compares user name and password of callers",
            code=AUTHORIZER,
            environment={"SECRET_ARN": secret.ref},
            memory_size=256,
            timeout=Duration.seconds(10),
            powertools=False,
            statements=[iam.PolicyStatement(actions=["secretsmanager:GetSecretValue"], resources=[secret.ref])],
        ).function
        self.authorizer = self.part(
            apigateway.CfnAuthorizer,
            "Authorizer",
            name=self.name,
            type="REQUEST",
            authorizer_uri=invocation(compares),
            identity_source="method.request.header.Authorization",
            authorizer_result_ttl_in_seconds=60,
        )
        self._may_invoke("MayAuthorize", compares, f"authorizers/{self.authorizer.attr_authorizer_id}")
        for refusal in ("UNAUTHORIZED", "ACCESS_DENIED"):
            self.part(
                apigateway.CfnGatewayResponse,
                refusal,
                response_type=refusal,
                status_code="401",
                response_parameters=ASK,
            )

    def _may_invoke(self, construct_id: str, function: lambda_.Function, path: str) -> None:
        lambda_.CfnPermission(
            self,
            construct_id,
            action="lambda:InvokeFunction",
            function_name=function.function_arn,
            principal="apigateway.amazonaws.com",
            source_arn=Stack.of(self).format_arn(service="execute-api", resource=self.api.ref, resource_name=path),
        )

    def watch(self, alarms: Alarms) -> None:
        super().watch(alarms)
        throttles = self.function.metric_throttles(period=MINUTE)
        alarms.above(f"{self.node.id}Throttles", throttles, 0, 5, "Lambda has no room for it.")

    def rows(self) -> list[list[cloudwatch.IWidget]]:
        head, graphs = super().rows()
        function = self.function
        counted = [function.metric_invocations, function.metric_errors, function.metric_throttles]
        return [head, [*graphs, graph("Errors and throttles", *(metric(period=MINUTE) for metric in counted))]]


def invocation(function: lambda_.Function) -> str:
    service = f"arn:{Aws.PARTITION}:apigateway:{Aws.REGION}:lambda"
    return f"{service}:path/2015-03-31/functions/{function.function_arn}/invocations"
