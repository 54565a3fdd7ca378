"""A REST API of Amazon API Gateway that puts records into a stream or a delivery, without a function between."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from aws_cdk import Aws, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_logs as logs
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge
from streaming_constructs.cdk.edges import edge_permissions
from streaming_constructs.cdk.iam_policy import managed_policy
from streaming_constructs.cdk.log_group import create_log_group
from streaming_constructs.cdk.node import Context, Output
from streaming_constructs.cdk.producers.target import ProducerTarget, producer_target
from streaming_constructs.cdk.rest_api import (
    DeploymentParts,
    create_rest_api,
    create_stage,
    rest_api_name,
    rules_of_packs,
    stage_url,
)
from streaming_constructs.cdk.streams.kinesis import KinesisStream
from streaming_constructs.planning.producers import api_gateway_templates as templates
from streaming_constructs.planning.producers.api_gateway import STAGE, ApiGatewayProducerPlan, plan_api
from streaming_constructs.planning.producers.api_gateway_access_log import ACCESS_LOG_FORMAT, RETENTION_DAYS
from streaming_constructs.planning.producers.api_gateway_findings import api_findings
from streaming_constructs.spec.finding import SpecError
from streaming_constructs.spec.producers.api_gateway import BATCH, ApiGatewayProducerSpec
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.schemas import RecordSchema

if TYPE_CHECKING:
    # Firehose is loaded where a system has it.
    from streaming_constructs.cdk.deliveries.firehose import Delivery

_JSON = "application/json"


class ApiGatewayProducer(Construct):
    """A REST API whose requests become records of a stream or a delivery, without a function between.

    Creates an `AWS::ApiGateway::RestApi` (**stateful**: callers know its address), regional, with TLS 1.2 at least, with a
    method for one record and one for several, their models and the validator; an `AWS::ApiGateway::Deployment` that is
    another one whenever something of them changes, and its `AWS::ApiGateway::Stage`; an `AWS::IAM::Role` with an
    `AWS::IAM::ManagedPolicy` of exactly what it needs; for `auth: api_key` an `AWS::ApiGateway::ApiKey` with its usage plan;
    for access logs a log group. Nothing in it holds records; its address and its key are lost with it.

    Of several records some may be taken and others not: the answer is 207 then, with an `ErrorCode` for each that was not, in
    the order of the request. With 429 nothing was taken. An answer says nothing of what is behind the API.

    Example:
        ```python
        api = ApiGatewayProducer(
            stack, "Api", spec=ApiGatewayProducerSpec(to="requests", path="/requests"), target=requests
        )
        api.grant_invoke(caller)
        ```

    Attributes:
        api: The API.
        stage: Its stage.
        url: The address of one record; `/batch` behind it takes several.
        role: The role that it writes under.
        permissions: What the role may.
        api_key: The key that callers send, for `auth: api_key`.
        log_group: Where requests are logged, if they are.
        plan: Its numbers.
        dimensions: The dimensions that its metrics are published under.
    """

    api: apigateway.CfnRestApi
    stage: apigateway.CfnStage
    url: str
    role: iam.Role
    permissions: iam.ManagedPolicy
    api_key: apigateway.CfnApiKey | None
    log_group: logs.LogGroup | None
    plan: ApiGatewayProducerPlan
    dimensions: Mapping[str, str]

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: ApiGatewayProducerSpec,
        target: KinesisStream | Delivery | kinesis.IStream,
        schema: RecordSchema | None = None,
        plan: ApiGatewayProducerPlan | None = None,
        removal_policy: RemovalPolicy = "retain",
    ) -> None:
        """Creates the API.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there.
            spec: What is asked for.
            target: The stream or the delivery that it writes to.
            schema: The fields of its records, which requests are validated by. Left out: their partition key alone is.
            plan: Its numbers, where a system has planned it. Left out: they follow from the spec and the target.
            removal_policy: retain keeps the access log when it leaves the stack, destroy destroys it.

        Raises:
            SpecError: If it cannot be built.
        """
        super().__init__(scope, construct_id)
        self._target = producer_target(construct_id, target)
        stream = target.plan if isinstance(target, KinesisStream) else None
        is_to_delivery = self._target.kind == "delivery"
        self.plan = plan or plan_api(construct_id, spec, stream, schema, is_to_delivery=is_to_delivery)
        wrong = [finding for finding in api_findings(self.plan) if finding.level == "error"]
        if wrong:
            raise SpecError([finding.below(construct_id) for finding in wrong])
        self.role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"))
        self.permissions = managed_policy(
            self,
            f"Lets the API {construct_id} write records",
            [self.role],
            edge_permissions(spec.edges(), "apigateway", {spec.to: self._target.endpoint}),
        )
        self.api = create_rest_api(self, description=f"Puts records into {self.plan.spec.to}")
        acknowledge(self.api, "The validator stands beside it, and each of its methods names it", "AwsSolutions-APIG2")
        self._parts = DeploymentParts(self, self.api)
        self._methods(spec)
        self.log_group = self._log(removal_policy) if spec.access_logs else None
        self.stage = self._stage(spec)
        self.api_key = self._key() if spec.auth == "api_key" else None
        self.dimensions = {"ApiName": rest_api_name(self), "Stage": STAGE}
        self.url = f"{stage_url(self.api, STAGE)}{spec.path}"

    def outputs(self) -> Iterator[Output]:
        """Where callers send requests, and which key they send."""
        yield Output("Url", self.url, f"Where {self.plan.spec.method} puts a record; with /{BATCH} behind it, several")
        if self.api_key is not None:
            yield Output("ApiKeyId", self.api_key.ref, "The id of the key that callers send as x-api-key")

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Lets something call it, where requests are signed.

        Args:
            grantee: Who may.
        """
        path = f"{STAGE}/{self.plan.spec.method}{self.plan.spec.path}"
        arns = [
            Stack.of(self).format_arn(service="execute-api", resource=self.api.ref, resource_name=name)
            for name in (path, f"{path}/{BATCH}")
        ]
        return iam.Grant.add_to_principal(grantee=grantee, actions=["execute-api:Invoke"], resource_arns=arns)

    def _methods(self, spec: ApiGatewayProducerSpec) -> None:
        """The methods, and all else that a deployment is made of."""
        validator = self._parts.add(
            apigateway.CfnRequestValidator, "Validator", name="body", validate_request_body=True
        )
        self._parts.add(
            apigateway.CfnGatewayResponse,
            "InvalidBody",
            response_type="BAD_REQUEST_BODY",
            status_code="400",
            response_templates={_JSON: templates.INVALID_BODY},
        )
        parent = self.api.attr_root_resource_id
        for position, part in enumerate(spec.path.split("/")[1:]):
            parent = self._parts.add(apigateway.CfnResource, f"Path{position}", parent_id=parent, path_part=part).ref
        batch = self._parts.add(apigateway.CfnResource, "Batch", parent_id=parent, path_part=BATCH).ref
        kind, target, key = self._target.kind, _named(self._target), self.plan.key
        operation = templates.OPERATIONS[kind]
        one = templates.record_template(kind, target, key)
        several = templates.batch_template(kind, target, key)
        record = self._integration(operation.one, one, templates.ACCEPTED)
        records = self._integration(operation.several, several, templates.batch_response(kind))
        self._method("Record", parent, validator, self.plan.record_model, record)
        self._method("Records", batch, validator, self.plan.batch_model, records, (templates.PARTIAL,))

    def _method(
        self,
        name: str,
        resource_id: str,
        validator: apigateway.CfnRequestValidator,
        schema: Mapping[str, Any],
        integration: Mapping[str, Any],
        more: Sequence[int] = (),
    ) -> None:
        spec = self.plan.spec
        model = self._parts.add(apigateway.CfnModel, f"{name}Model", name=name, content_type=_JSON, schema=schema)
        statuses = (200, *more, templates.TOO_LARGE, templates.THROTTLED, templates.FAILED, templates.UNAVAILABLE)
        method = self._parts.add(
            apigateway.CfnMethod,
            f"{name}Method",
            resource_id=resource_id,
            http_method=spec.method,
            authorization_type="AWS_IAM" if spec.auth == "iam" else "NONE",
            api_key_required=spec.auth == "api_key",
            request_models={_JSON: model.ref},
            request_validator_id=validator.ref,
            integration=integration,
            method_responses=[{"statusCode": str(status)} for status in statuses],
        )
        if spec.auth != "iam":
            who = "they have an API key" if spec.auth == "api_key" else "everybody may write, as API883 says"
            acknowledge(method, f"The spec asks for callers that sign nothing: {who}", "AwsSolutions-APIG4")
        acknowledge(method, "Callers are other systems; no user pool has them", "AwsSolutions-COG4")

    def _integration(self, operation: str, request: str, accepted: str) -> Mapping[str, Any]:
        service = templates.OPERATIONS[self._target.kind].service

        def answer(status: int, template: str, pattern: str | None = None) -> Mapping[str, Any]:
            selection = {"selectionPattern": pattern} if pattern else {}
            return {"statusCode": str(status), **selection, "responseTemplates": {_JSON: template}}

        return {
            "type": "AWS",
            "integrationHttpMethod": "POST",
            "credentials": self.role.role_arn,
            "uri": f"arn:{Aws.PARTITION}:apigateway:{self._target.region}:{service}:action/{operation}",
            # What is in another form than JSON is answered with 415: it would get past the validator.
            "passthroughBehavior": "NEVER",
            "requestParameters": {"integration.request.header.Content-Type": "'application/x-amz-json-1.1'"},
            "requestTemplates": {_JSON: request},
            "integrationResponses": [
                answer(200, accepted, r"2\d{2}"),
                answer(templates.UNAVAILABLE, templates.NOT_NOW, r"5\d{2}"),
                answer(templates.FAILED, templates.REFUSED),
            ],
        }

    def _log(self, removal_policy: RemovalPolicy) -> logs.LogGroup:
        return create_log_group(
            self,
            "AccessLog",
            retention_days=RETENTION_DAYS,
            removal_policy=removal_policy,
            reason="no body of a request is in it",
        )

    def _stage(self, spec: ApiGatewayProducerSpec) -> apigateway.CfnStage:
        stage = create_stage(
            self,
            self.api,
            self._parts.deployment(),
            name=STAGE,
            rate=self.plan.rate,
            burst=self.plan.burst,
            access_log=apigateway.CfnStage.AccessLogSettingProperty(
                destination_arn=self.log_group.log_group_arn, format=json.dumps(ACCESS_LOG_FORMAT)
            )
            if self.log_group is not None
            else None,
        )
        stage.node.add_dependency(self.permissions)
        if not spec.access_logs:
            acknowledge(
                stage,
                "Access logs take a role that the account has once; the spec says `access_logs: true` where there is one",
                "AwsSolutions-APIG1",
                "Serverless-APIGWAccessLogging",
            )
        acknowledge(
            stage,
            "Requests are signed, validated and throttled; a firewall is the account's to associate with the stage",
            "AwsSolutions-APIG3",
            *rules_of_packs("APIGWAssociatedWithWAF"),
        )
        acknowledge(
            stage,
            "Nothing is cached: every request is another record",
            *rules_of_packs("APIGWCacheEnabledAndEncrypted"),
        )
        return stage

    def _key(self) -> apigateway.CfnApiKey:
        key = apigateway.CfnApiKey(self, "Key", enabled=True, description=f"For callers of {rest_api_name(self)}")
        usage = apigateway.CfnUsagePlan(
            self,
            "UsagePlan",
            description=f"Calls of {rest_api_name(self)}",
            api_stages=[apigateway.CfnUsagePlan.ApiStageProperty(api_id=self.api.ref, stage=self.stage.ref)],
            throttle=apigateway.CfnUsagePlan.ThrottleSettingsProperty(
                rate_limit=self.plan.rate, burst_limit=self.plan.burst
            )
            if self.plan.rate is not None
            else None,
        )
        apigateway.CfnUsagePlanKey(self, "UsagePlanKey", key_id=key.ref, key_type="API_KEY", usage_plan_id=usage.ref)
        return key


def _named(target: ProducerTarget) -> str:
    """How what is written to is named in a request: a stream by its ARN, which is right in any account."""
    return target.arn if target.kind == "stream" else target.name


def build_node(scope: Construct, plan: ApiGatewayProducerPlan, context: Context) -> ApiGatewayProducer:
    """The API of a system.

    Args:
        scope: The construct of the system.
        plan: The API with its numbers.
        context: The system around it.
    """
    (target,) = context.reached(plan.spec.edges(), "to").values()
    return ApiGatewayProducer(
        scope, plan.name, spec=plan.spec, plan=plan, target=target, removal_policy=context.spec.removal_policy
    )
