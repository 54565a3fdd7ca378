"""The real CDK CLI against the embedded AWS: bootstrap, deploy of every pattern, a change, a second time, destroy."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from streaming_constructs.app import add_system, new_app, stack_name
from streaming_constructs.local.aws.resources import RESOURCE_TYPES
from streaming_constructs.spec.patterns import list_patterns
from streaming_constructs.spec.read import load

if TYPE_CHECKING:
    from collections.abc import Callable

    from streaming_constructs.local.aws.embedded_aws import EmbeddedAws

    Cdk = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.xdist_group("rehearsal")
PATTERNS = {stack_name(pattern.name): pattern for pattern in list_patterns()}
# The connectors of Flink are on no machine that has not brought them: an error for AWS, and nothing that is needed here.
DEPLOY_ALL = ("deploy", "--all", "--method=direct", "--require-approval", "never", "--ignore-errors")


def assembled(folder: Path, **changed: tuple[str, str]) -> Path:
    """An assembly of all patterns; of those that are named with some text of their spec changed."""
    app = new_app(folder / "out")
    for name, pattern in PATTERNS.items():
        spec = pattern.spec_path
        if name in changed:
            before, after = changed[name]
            text = pattern.spec_path.read_text()
            assert text.count(before) == 1
            copied = folder / name
            copied.mkdir()
            (copied / "handlers").symlink_to(pattern.directory / "handlers")
            spec = copied / "pattern.yaml"
            spec.write_text(text.replace(before, after))
        add_system(app, load(spec), name)
    app.synth()
    return folder / "out"


@pytest.fixture(scope="module")
def cdk(embedded: EmbeddedAws, cdk_cli: Path, tmp_path_factory: pytest.TempPathFactory) -> Cdk:
    """Runs the CLI in an environment that is bootstrapped."""
    home = tmp_path_factory.mktemp("home")
    quiet = {"CDK_DISABLE_CLI_TELEMETRY": "true", "CDK_DISABLE_VERSION_CHECK": "1", "HOME": str(home)}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(cdk_cli), *arguments, "--no-notices"]
        environment = {"PATH": os.environ["PATH"], **quiet, **embedded.environment}
        return subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True, check=False)

    done = run("bootstrap", "aws://123456789012/us-east-1")
    assert done.returncode == 0, done.stderr
    return run


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return assembled(tmp_path_factory.mktemp("assembly"))


@pytest.fixture(scope="module")
def deployed(cdk: Cdk, assembly: Path) -> subprocess.CompletedProcess[str]:
    return cdk(*DEPLOY_ALL, "-a", str(assembly))


def stack(embedded: EmbeddedAws, name: str) -> dict[str, Any]:
    found: dict[str, Any] = embedded.aws.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    return found


def created(embedded: EmbeddedAws, name: str) -> list[tuple[str, str]]:
    pages = embedded.aws.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=name)
    return sorted(
        (one["LogicalResourceId"], one["ResourceType"]) for page in pages for one in page["StackResourceSummaries"]
    )


def test_the_cli_deploys_every_pattern(embedded: EmbeddedAws, deployed: subprocess.CompletedProcess[str]) -> None:
    assert deployed.returncode == 0, deployed.stderr
    assert {name: stack(embedded, name)["StackStatus"] for name in PATTERNS} == dict.fromkeys(
        PATTERNS, "CREATE_COMPLETE"
    )


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.usefixtures("deployed")
def test_every_resource_of_the_template_is_created(embedded: EmbeddedAws, assembly: Path, name: str) -> None:
    template = json.loads((assembly / f"{name}.template.json").read_text())
    wanted = sorted((logical_id, one["Type"]) for logical_id, one in template["Resources"].items())
    assert created(embedded, name) == wanted


@pytest.mark.usefixtures("deployed")
def test_only_what_says_so_is_written_down_alone(embedded: EmbeddedAws) -> None:
    alone = {(one.stack, one.type) for one in embedded.cloudformation.deployed() if one.record_only}
    assert alone == {
        ("KafkaCdc", "AWS::ApplicationAutoScaling::ScalableTarget"),
        ("KafkaCdc", "AWS::ApplicationAutoScaling::ScalingPolicy"),
        ("KafkaCdc", "AWS::Glue::Registry"),
        ("KafkaCdc", "AWS::KafkaConnect::Connector"),
        ("KafkaCdc", "AWS::KafkaConnect::CustomPlugin"),
        ("KafkaCdc", "AWS::KafkaConnect::WorkerConfiguration"),
        ("KafkaTieredStorage", "AWS::CloudFormation::CustomResource"),
        ("LogAggregation", "AWS::CloudFormation::CustomResource"),
        ("LogAggregation", "AWS::Logs::AccountPolicy"),
        ("LogAggregation", "AWS::OpenSearchService::Domain"),
    }
    assert all(RESOURCE_TYPES[type_].record_only for _, type_ in alone)


@pytest.mark.usefixtures("deployed")
def test_a_stream_is_encrypted_and_of_its_mode(embedded: EmbeddedAws) -> None:
    (stream,) = (
        one
        for one in embedded.cloudformation.deployed()
        if (one.stack, one.type) == ("LambdaConsumer", "AWS::Kinesis::Stream")
    )
    kinesis = embedded.aws.client("kinesis")
    summary = kinesis.describe_stream_summary(StreamName=stream.physical_id)["StreamDescriptionSummary"]
    (key,) = (
        one.attributes["Arn"]
        for one in embedded.cloudformation.deployed()
        if one.stack == "LambdaConsumer"
        and one.logical_id.startswith("Pipelinepayments")
        and one.type == "AWS::KMS::Key"
    )
    assert {name: summary[name] for name in ("EncryptionType", "KeyId", "RetentionPeriodHours", "OpenShardCount")} == {
        "EncryptionType": "KMS",
        "KeyId": key,
        "RetentionPeriodHours": 72,
        "OpenShardCount": stream.properties["ShardCount"],
    }
    assert summary["StreamModeDetails"] == {"StreamMode": "PROVISIONED"}


@pytest.mark.usefixtures("deployed")
def test_the_same_deployed_again_changes_nothing(embedded: EmbeddedAws, cdk: Cdk, assembly: Path) -> None:
    before = [(one.stack, one.physical_id) for one in embedded.cloudformation.deployed()]
    again = cdk(*DEPLOY_ALL, "-a", str(assembly))
    assert again.returncode == 0, again.stderr
    assert (again.stdout + again.stderr).count("(no changes)") == len(PATTERNS)
    assert [(one.stack, one.physical_id) for one in embedded.cloudformation.deployed()] == before


@pytest.mark.usefixtures("deployed")
def test_a_changed_spec_is_an_update(embedded: EmbeddedAws, cdk: Cdk, tmp_path: Path) -> None:
    changed = assembled(tmp_path, LambdaConsumer=("retention_hours: 72", "retention_hours: 96"))
    before = {
        one.logical_id: one.physical_id for one in embedded.cloudformation.deployed() if one.stack == "LambdaConsumer"
    }
    done = cdk("deploy", "LambdaConsumer", "--require-approval", "never", "-a", str(changed))  # by a change set
    assert done.returncode == 0, done.stderr
    assert stack(embedded, "LambdaConsumer")["StackStatus"] == "UPDATE_COMPLETE"
    resources = {one.logical_id: one for one in embedded.cloudformation.deployed() if one.stack == "LambdaConsumer"}
    assert {name: one.physical_id for name, one in resources.items()} == before  # nothing is replaced
    (stream,) = (one.physical_id for one in resources.values() if one.type == "AWS::Kinesis::Stream")
    summary = embedded.aws.client("kinesis").describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]
    assert summary["RetentionPeriodHours"] == 96


@pytest.mark.usefixtures("deployed")
def test_destroy_keeps_what_prod_keeps(embedded: EmbeddedAws, cdk: Cdk, assembly: Path) -> None:
    kept = {"AWS::Kinesis::Stream", "AWS::S3::Bucket"}
    resources = [one for one in embedded.cloudformation.deployed() if one.stack == "FirehoseArchive"]
    done = cdk("destroy", "FirehoseArchive", "--force", "-a", str(assembly))
    assert done.returncode == 0, done.stderr
    assert [one for one in embedded.cloudformation.deployed() if one.stack == "FirehoseArchive"] == []
    streams = embedded.aws.client("kinesis").list_streams()["StreamNames"]
    buckets = [one["Name"] for one in embedded.aws.client("s3").list_buckets()["Buckets"]]
    assert {one.physical_id for one in resources if one.type in kept} <= {*streams, *buckets}
    assert embedded.aws.client("firehose").list_delivery_streams()["DeliveryStreamNames"] != []  # those of the others
    gone = {one.physical_id for one in resources if one.type == "AWS::KinesisFirehose::DeliveryStream"}
    assert not gone & set(embedded.aws.client("firehose").list_delivery_streams()["DeliveryStreamNames"])
