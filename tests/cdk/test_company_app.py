"""A company's app: its own key, stream, bucket, function and VPC, nested stacks and stages, its bootstrap and its aspects."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct, IConstruct

from streaming_constructs.cdk import StreamingPipeline
from streaming_constructs.review import TemplateValidator
from streaming_constructs.spec import PipelineSpec
from streaming_constructs.testing import alarm_problems, ledger_of, policy_problems

ACCOUNTS = {"Beta": "111122223333", "Prod": "444455556666"}
QUALIFIER = "acme01"
BOUNDARY = "arn:aws:iam::111122223333:policy/developers"
SPEC = """
name: orders
schemas:
  order: {order_id: string, amount: double, event_time: timestamp}
streams:
  orders: {kind: kinesis, schema: order, shards: 4, retention_days: 7}
  scores: {kind: kinesis, mode: on_demand}
consumers:
  fraud:
    kind: lambda
    from: orders
    to: [scores, alerts]
    code: CODE
    vpc: {subnet_ids: [subnet-0123456789abcdef0], security_group_ids: [sg-0123456789abcdef0]}
    on_failure: {destination: s3}
  ledger:
    kind: lambda
    from: orders
    enhanced_fan_out: true
    on_failure: {destination: alerts}
deliveries:
  lake: {from: orders, to: {kind: s3, format: parquet}}
sns_topics:
  alerts: {kind: sns}
tags: {team: orders}
alarms: {notify: [alerts, oncall@example.com]}
dashboard: true
"""


class Platform(cdk.Stack):
    """What the platform team owns: key, stream, bucket and a topic."""

    def __init__(self, scope: Construct, construct_id: str, **options: Any) -> None:
        super().__init__(scope, construct_id, **options)
        self.key = kms.Key(self, "Key", enable_key_rotation=True)
        self.stream = kinesis.Stream(self, "Orders", encryption_key=self.key)
        self.bucket = s3.Bucket(self, "Failures", encryption_key=self.key)
        self.topic = sns.Topic(self, "Alerts", master_key=self.key)


class Orders(Construct):
    """What the team of orders builds, with the company's resources."""

    def __init__(self, scope: Construct, construct_id: str, *, spec: PipelineSpec, platform: Platform) -> None:
        super().__init__(scope, construct_id)
        vpc = ec2.Vpc.from_vpc_attributes(
            self, "Vpc", vpc_id="vpc-01234567", availability_zones=["a"], private_subnet_ids=["subnet-01234567"]
        )
        group = ec2.SecurityGroup.from_security_group_id(self, "Group", "sg-01234567")
        self.ledger = lambda_.Function(
            self,
            "Ledger",
            runtime=lambda_.Runtime.NODEJS_22_X,
            handler="index.handler",
            code=lambda_.Code.from_inline("exports.handler = async () => {}"),
            vpc=vpc,
            security_groups=[group],
        )
        self.pipeline = StreamingPipeline(
            self,
            "Pipeline",
            spec=spec,
            streams={"orders": platform.stream},
            functions={"ledger": self.ledger},
            buckets={"fraud": platform.bucket},
            keys={"scores": platform.key},
            sns_topics={"alerts": platform.topic},
        )


@pytest.fixture
def spec(tmp_path: Path, code: str) -> PipelineSpec:
    file = tmp_path / "pipeline.yaml"
    file.write_text(SPEC.replace("CODE", code))
    return PipelineSpec.load(file)


@pytest.fixture
def company(tmp_path: Path, spec: PipelineSpec) -> Callable[..., tuple[cdk.App, dict[str, Orders]]]:
    """Makes the app: a stage for each account, with a stack of the platform and one of the team in it."""

    def make(*, nested: bool = False, context: dict[str, Any] | None = None) -> tuple[cdk.App, dict[str, Orders]]:
        app = cdk.App(outdir=str(tmp_path / "out"), context=context or {})
        teams = {}
        for name, account in ACCOUNTS.items():
            environment = cdk.Environment(account=account, region="eu-west-1")
            stage = cdk.Stage(app, name, env=environment)
            synthesizer = cdk.DefaultStackSynthesizer(qualifier=QUALIFIER)
            platform = Platform(stage, "Platform", synthesizer=synthesizer)
            stack = cdk.Stack(stage, "Orders", synthesizer=cdk.DefaultStackSynthesizer(qualifier=QUALIFIER))
            scope = cdk.NestedStack(stack, "Inner") if nested else stack
            teams[name] = Orders(scope, "Team", spec=spec, platform=platform)
        return app, teams

    return make


def templates(app: cdk.App) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every template of the app with its stage and file, those of nested stacks too."""
    for stage in app.synth().nested_assemblies:
        folder = Path(stage.nested_assembly.directory)
        for file in sorted(folder.glob("*.template.json")):
            yield stage.nested_assembly.directory.rpartition("-")[2], file.name, json.loads(file.read_text())


def of_type(template: dict[str, Any], resource_type: str) -> dict[str, Any]:
    return {key: found for key, found in template["Resources"].items() if found["Type"] == resource_type}


def teams(app: cdk.App, marker: str = "AWS::Lambda::EventSourceMapping") -> Iterator[tuple[str, dict[str, Any]]]:
    """The templates in which the pipeline is, with their stages."""
    for stage, _, template in templates(app):
        if of_type(template, marker):
            yield stage, template


@pytest.mark.parametrize("nested", [False, True])
def test_each_account_gets_the_whole_system(company: Any, nested: bool) -> None:
    app, _ = company(nested=nested)
    found = dict(teams(app))
    assert set(found) == set(ACCOUNTS)
    for template in found.values():
        assert len(of_type(template, "AWS::Lambda::EventSourceMapping")) == 2
        assert of_type(template, "AWS::KinesisFirehose::DeliveryStream")
        assert list(alarm_problems(template)) == []
        # What joins a VPC creates network interfaces, which nobody can name before.
        assert [problem for problem in policy_problems(template) if " allows ec2:" not in problem] == []


def test_accounts_have_the_same_stateful_resources_under_the_same_ids(company: Any) -> None:
    app, _ = company()
    ids = {stage: set(ledger_of(template)) for stage, template in teams(app)}
    assert ids["Beta"] == ids["Prod"] != set()


@pytest.mark.parametrize("nested", [False, True])
def test_what_the_platform_owns_is_used_from_there_and_created_nowhere_else(company: Any, nested: bool) -> None:
    app, _ = company(nested=nested)
    for _, template in teams(app):
        assert not of_type(template, "AWS::SQS::Queue")
        assert [key for key in of_type(template, "AWS::Kinesis::Stream") if "scores" in key]
        assert len(of_type(template, "AWS::Kinesis::Stream")) == 1
        (scores,) = of_type(template, "AWS::Kinesis::Stream").values()
        encryption = json.dumps(scores["Properties"]["StreamEncryption"])
        assert "Fn::ImportValue" in encryption or '"Ref": "reference' in encryption


def test_readers_and_writers_may_use_the_key_of_the_platform(company: Any) -> None:
    app, teams_of = company()
    app.synth()
    pipeline = teams_of["Beta"].pipeline
    stack = cdk.Stack.of(pipeline)
    key = stack.resolve(pipeline.streams["orders"].encryption_key.key_arn)
    for node in (pipeline.consumers["fraud"], pipeline.consumers["ledger"], pipeline.deliveries["lake"]):
        document = stack.resolve(node.permissions.document.to_json())
        allowed = {
            action
            for statement in document["Statement"]
            if statement["Resource"] == key
            for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
        }
        assert "kms:Decrypt" in allowed


def test_functions_stand_where_the_team_says(company: Any) -> None:
    app, _ = company()
    for _, template in teams(app):
        configs = {
            key: found["Properties"]["VpcConfig"]
            for key, found in of_type(template, "AWS::Lambda::Function").items()
            if "VpcConfig" in found["Properties"]
        }
        (fraud,) = [config for key, config in configs.items() if "fraud" in key]
        (ledger,) = [config for key, config in configs.items() if "Ledger" in key]
        assert fraud == {"SubnetIds": ["subnet-0123456789abcdef0"], "SecurityGroupIds": ["sg-0123456789abcdef0"]}
        assert ledger == {"SubnetIds": ["subnet-01234567"], "SecurityGroupIds": ["sg-01234567"]}


def test_qualifier_of_the_company_names_its_bootstrap_bucket(company: Any) -> None:
    app, _ = company()
    for _, template in teams(app):
        (fraud,) = [one for key, one in of_type(template, "AWS::Lambda::Function").items() if "fraud" in key]
        assert QUALIFIER in json.dumps(fraud["Properties"]["Code"]["S3Bucket"])
        assert template["Parameters"]["BootstrapVersion"]["Default"] == f"/cdk-bootstrap/{QUALIFIER}/version"


@pytest.mark.parametrize("nested", [False, True])
def test_permission_boundary_is_on_every_role(company: Any, nested: bool) -> None:
    app, _ = company(nested=nested)
    for stage in app.node.children:
        if isinstance(stage, cdk.Stage):
            boundary = iam.ManagedPolicy.from_managed_policy_arn(stage.node.find_child("Orders"), "Boundary", BOUNDARY)
            iam.PermissionsBoundary.of(stage).apply(boundary)
    for _, template in teams(app):
        roles = of_type(template, "AWS::IAM::Role")
        assert roles
        assert {found["Properties"].get("PermissionsBoundary") for found in roles.values()} == {BOUNDARY}


@jsii.implements(cdk.IAspect)
class ShortLogs:
    """A company's rule: logs are kept for a week."""

    def visit(self, node: IConstruct) -> None:
        if isinstance(node, logs.CfnLogGroup):
            node.retention_in_days = 7


def test_aspects_of_the_company_reach_what_is_created(company: Any) -> None:
    app, _ = company()
    for stage in app.node.children:
        cdk.Aspects.of(stage).add(ShortLogs())
        cdk.Tags.of(stage).add("cost-centre", "4711")
    for _, template in teams(app):
        groups = of_type(template, "AWS::Logs::LogGroup")
        assert {found["Properties"]["RetentionInDays"] for found in groups.values()} == {7}
        (scores,) = of_type(template, "AWS::Kinesis::Stream").values()
        assert {"Key": "cost-centre", "Value": "4711"} in scores["Properties"]["Tags"]
        assert {"Key": "team", "Value": "orders"} in scores["Properties"]["Tags"]


def test_templates_are_valid(company: Any) -> None:
    app, _ = company(nested=True)
    validator = TemplateValidator()
    found = {
        (stage, name): [
            str(finding) for finding in validator.validate(json.dumps(template), name) if finding.level == "error"
        ]
        for stage, name, template in templates(app)
    }
    assert found == {key: [] for key in found}


def test_stacks_say_what_is_needed_next(company: Any) -> None:
    app, _ = company()
    for _, template in teams(app):
        assert {
            "TeamScoresStreamName",
            "TeamFraudFunctionName",
            "TeamLakeDeliveryStreamName",
            "TeamDashboardUrl",
        } <= set(template["Outputs"])


def test_two_teams_fit_into_one_stack(tmp_path: Path, spec: PipelineSpec) -> None:
    app = cdk.App(outdir=str(tmp_path / "both"))
    platform, stack = Platform(app, "Platform"), cdk.Stack(app, "Both")
    for name in ("Payments", "Refunds"):
        Orders(stack, name, spec=spec, platform=platform)
    template = app.synth().get_stack_by_name("Both").template
    assert len(of_type(template, "AWS::Lambda::EventSourceMapping")) == 4
    assert {"PaymentsScoresStreamName", "RefundsScoresStreamName"} <= set(template["Outputs"])


def test_a_stack_of_no_account_and_region_is_the_same_system(tmp_path: Path, spec: PipelineSpec, company: Any) -> None:
    app = cdk.App(outdir=str(tmp_path / "agnostic"))
    Orders(stack := cdk.Stack(app, "Orders"), "Team", spec=spec, platform=Platform(app, "Platform"))
    agnostic = app.synth().get_stack_by_name(stack.stack_name).template
    placed, _ = company()
    (beta,) = [template for stage, template in teams(placed) if stage == "Beta"]
    assert set(ledger_of(agnostic)) == set(ledger_of(beta))
