"""The Lambda consumer: the mapping, its permissions, and where given-up batches go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk.assertions import Annotations, Match

from streaming_constructs import (
    AtTimestamp,
    CustomerManagedKey,
    KinesisStream,
    KinesisStreamSpec,
    LambdaConsumer,
    LambdaConsumerSpec,
    NodeOnFailure,
    NotificationTopic,
    OnFailure,
    Permission,
    Reader,
    S3OnFailure,
    SnsOnFailure,
    SnsTopicSpec,
    SpecError,
    SqsOnFailure,
    VpcPlacement,
)

MAPPING = "AWS::Lambda::EventSourceMapping"
FUNCTION = "AWS::Lambda::Function"
STREAM = "AWS::Kinesis::Stream"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
READ = {
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
}


def on_failure(destination: Any = None, **more: Any) -> OnFailure:
    return OnFailure(retries=7, max_record_age_seconds=1800, destination=destination or SqsOnFailure(), **more)


def spec(**more: Any) -> LambdaConsumerSpec:
    return LambdaConsumerSpec(**{"from_": "clicks", "on_failure": on_failure(), **more})


def stream(bench: Any, **more: Any) -> KinesisStream:
    return KinesisStream(bench.stack, "Clicks", spec=KinesisStreamSpec(shards=3, **more))


def arn_of(bench: Any, resource_type: str, attribute: str = "Arn") -> dict[str, Any]:
    return {"Fn::GetAtt": [bench.only_id(resource_type), attribute]}


def test_mapping_has_every_property_that_keeps_a_bad_record_from_blocking_a_shard(bench: Any, code: str) -> None:
    LambdaConsumer(bench.stack, "Fraud", source=stream(bench), spec=spec(code=code))
    assert bench.only(MAPPING) == {
        "BatchSize": 100,
        "BisectBatchOnFunctionError": True,
        "DestinationConfig": {"OnFailure": {"Destination": arn_of(bench, "AWS::SQS::Queue")}},
        "EventSourceArn": arn_of(bench, STREAM),
        "FunctionName": {"Ref": bench.only_id(FUNCTION)},
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "MaximumBatchingWindowInSeconds": 0,
        "MaximumRecordAgeInSeconds": 1800,
        "MaximumRetryAttempts": 7,
        "MetricsConfig": {"Metrics": ["EventCount"]},
        "ParallelizationFactor": 1,
        "StartingPosition": "TRIM_HORIZON",
    }


def test_mapping_takes_what_the_spec_says(bench: Any, code: str) -> None:
    LambdaConsumer(
        bench.stack,
        "Fraud",
        source=stream(bench),
        spec=spec(
            code=code,
            batch_size=500,
            batch_window_seconds=30,
            parallelization_factor=4,
            filters=({"data": {"action": ["buy"]}}, {"partitionKey": [{"prefix": "eu-"}]}),
            filter_kms_key_arn=KEY_ARN,
            starting_position=AtTimestamp(at_timestamp="2026-01-15T00:00:00Z"),
            partial_batch_responses=False,
            on_failure=on_failure(bisect=False),
        ),
    )
    mapping = bench.only(MAPPING)
    assert {key: mapping.get(key) for key in CHANGED} == CHANGED
    assert "FunctionResponseTypes" not in mapping


CHANGED = {
    "BatchSize": 500,
    "BisectBatchOnFunctionError": False,
    "FilterCriteria": {
        "Filters": [{"Pattern": '{"data":{"action":["buy"]}}'}, {"Pattern": '{"partitionKey":[{"prefix":"eu-"}]}'}]
    },
    "KmsKeyArn": KEY_ARN,
    "MaximumBatchingWindowInSeconds": 30,
    "ParallelizationFactor": 4,
    "StartingPosition": "AT_TIMESTAMP",
    "StartingPositionTimestamp": 1768435200,
}


def test_mapping_has_the_windows_of_the_spec(bench: Any, code: str) -> None:
    LambdaConsumer(bench.stack, "Fraud", source=stream(bench), spec=spec(code=code, tumbling_window_seconds=60))
    assert bench.only(MAPPING)["TumblingWindowInSeconds"] == 60


def test_function_takes_what_the_spec_says(bench: Any, code: str) -> None:
    layer = "arn:aws:lambda:eu-west-1:111122223333:layer:common:3"
    LambdaConsumer(
        bench.stack,
        "Fraud",
        source=stream(bench),
        spec=spec(
            code=code,
            handler="index.handler",
            runtime="python3.12",
            architecture="x86_64",
            memory_mb=512,
            timeout_seconds=120,
            environment={"LIMIT": "5"},
            layers=("powertools", layer),
            reserved_concurrency=12,
            log_retention_days=90,
        ),
    )
    function = bench.only(FUNCTION)
    assert function["Architectures"] == ["x86_64"]
    assert function["Environment"] == {"Variables": {"LIMIT": "5"}}
    assert function["Handler"] == "index.handler"
    assert function["Layers"] == ["{{resolve:ssm:/aws/service/powertools/python/x86_64/python3.12/latest}}", layer]
    assert function["LoggingConfig"] == {"LogGroup": {"Ref": bench.only_id("AWS::Logs::LogGroup")}}
    assert function["MemorySize"] == 512
    assert function["ReservedConcurrentExecutions"] == 12
    assert function["Runtime"] == "python3.12"
    assert function["Timeout"] == 120
    assert bench.only("AWS::Logs::LogGroup") == {"RetentionInDays": 90}


def test_role_may_do_exactly_what_the_edges_of_the_graph_need(bench: Any, code: str) -> None:
    LambdaConsumer(bench.stack, "Fraud", source=stream(bench), spec=spec(code=code))
    assert bench.allowed_on(arn_of(bench, STREAM)) == READ
    assert bench.allowed_on(arn_of(bench, "AWS::SQS::Queue")) == {"sqs:SendMessage"}
    assert bench.allowed_on(arn_of(bench, "AWS::Logs::LogGroup")) == {"logs:CreateLogStream", "logs:PutLogEvents"}
    assert len(bench.statements()) == 3
    assert bench.only("AWS::IAM::ManagedPolicy")["Roles"] == [{"Ref": bench.only_id("AWS::IAM::Role")}]
    assert "ManagedPolicyArns" not in bench.only("AWS::IAM::Role")


def test_policy_is_attached_before_the_mapping_is_created(bench: Any, code: str) -> None:
    LambdaConsumer(bench.stack, "Fraud", source=stream(bench), spec=spec(code=code))
    (function,) = bench.of_type(FUNCTION).values()
    # The mapping refers to the function, which waits for the policy.
    assert bench.only_id("AWS::IAM::ManagedPolicy") in function["DependsOn"]


def test_enhanced_fan_out_reads_through_a_consumer_of_its_own(bench: Any, code: str) -> None:
    consumer = LambdaConsumer(bench.stack, "Fraud", source=stream(bench), spec=spec(code=code, enhanced_fan_out=True))
    registered = arn_of(bench, "AWS::Kinesis::StreamConsumer", "ConsumerARN")
    assert bench.only(MAPPING)["EventSourceArn"] == registered
    assert bench.allowed_on(registered) == {"kinesis:DescribeStreamConsumer", "kinesis:SubscribeToShard"}
    assert bench.allowed_on(arn_of(bench, STREAM)) == READ
    assert bench.only("AWS::Kinesis::StreamConsumer") == {
        "ConsumerName": consumer.dimensions["ConsumerName"],
        "StreamARN": arn_of(bench, STREAM),
    }


def test_customer_managed_key_is_on_both_sides(bench: Any, code: str) -> None:
    source = stream(bench, encryption=CustomerManagedKey())
    LambdaConsumer(bench.stack, "Fraud", source=source, spec=spec(code=code, on_failure=on_failure(S3OnFailure())))
    key = arn_of(bench, "AWS::KMS::Key")
    assert bench.allowed_on(key) == {"kms:Decrypt", "kms:GenerateDataKey"}
    encryption = bench.only("AWS::S3::Bucket")["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption == [
        {
            "BucketKeyEnabled": True,
            "ServerSideEncryptionByDefault": {"KMSMasterKeyID": key, "SSEAlgorithm": "aws:kms"},
        }
    ]


def test_reader_may_decrypt_even_where_the_destination_has_another_key(bench: Any, code: str) -> None:
    elsewhere = SqsOnFailure(queue_arn="arn:aws:sqs:eu-west-1:111122223333:dead")
    source = stream(bench, encryption=CustomerManagedKey())
    LambdaConsumer(bench.stack, "Fraud", source=source, spec=spec(code=code, on_failure=on_failure(elsewhere)))
    assert bench.allowed_on(arn_of(bench, "AWS::KMS::Key")) == {"kms:Decrypt"}


def test_queue_keeps_failures_as_long_as_sqs_can(bench: Any, code: str) -> None:
    LambdaConsumer(bench.stack, "Fraud", source=stream(bench), spec=spec(code=code))
    assert bench.only("AWS::SQS::Queue") == {"MessageRetentionPeriod": 1_209_600, "SqsManagedSseEnabled": True}
    (statement,) = bench.only("AWS::SQS::QueuePolicy")["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_topic_is_encrypted_and_may_be_published_to(bench: Any, code: str) -> None:
    LambdaConsumer(
        bench.stack, "Fraud", source=stream(bench), spec=spec(code=code, on_failure=on_failure(SnsOnFailure()))
    )
    topic = {"Ref": bench.only_id("AWS::SNS::Topic")}
    assert bench.allowed_on(topic) == {"sns:Publish"}
    assert bench.only(MAPPING)["DestinationConfig"]["OnFailure"]["Destination"] == topic
    alias = bench.only("AWS::SNS::Topic")["KmsMasterKeyId"]
    assert alias["Fn::Join"][1][-1] == ":alias/aws/sns"


def test_bucket_is_closed_versioned_and_written_below_one_prefix(bench: Any, code: str) -> None:
    destination = S3OnFailure(expire_after_days=30)
    LambdaConsumer(bench.stack, "Fraud", source=stream(bench), spec=spec(code=code, on_failure=on_failure(destination)))
    arn = arn_of(bench, "AWS::S3::Bucket")
    assert bench.allowed_on(arn) == {"s3:ListBucket"}
    assert bench.allowed_on({"Fn::Join": ["", [arn, "/aws/lambda/*"]]}) == {"s3:PutObject"}
    bucket = bench.only("AWS::S3::Bucket")
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["LifecycleConfiguration"]["Rules"] == [
        {
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
            "ExpirationInDays": 30,
            "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
            "Status": "Enabled",
        }
    ]


def test_bucket_keeps_everything_unless_told_otherwise(bench: Any, code: str) -> None:
    LambdaConsumer(
        bench.stack, "Fraud", source=stream(bench), spec=spec(code=code, on_failure=on_failure(S3OnFailure()))
    )
    (rule,) = bench.only("AWS::S3::Bucket")["LifecycleConfiguration"]["Rules"]
    assert set(rule) == {"AbortIncompleteMultipartUpload", "Status"}


@pytest.mark.parametrize(("removal_policy", "policy"), [("retain", "Retain"), ("destroy", "Delete")])
@pytest.mark.parametrize(
    ("destination", "kept"), [(SqsOnFailure(), "AWS::SQS::Queue"), (S3OnFailure(), "AWS::S3::Bucket")]
)
def test_removal_policy_decides_whether_failures_and_logs_outlive_the_stack(
    bench: Any, code: str, removal_policy: Any, policy: str, destination: Any, kept: str
) -> None:
    LambdaConsumer(
        bench.stack,
        "Fraud",
        source=stream(bench),
        spec=spec(code=code, on_failure=on_failure(destination)),
        removal_policy=removal_policy,
    )
    for resource_type in (kept, "AWS::Logs::LogGroup"):
        (resource,) = bench.of_type(resource_type).values()
        assert resource["DeletionPolicy"] == policy
    emptied = bench.of_type("Custom::S3AutoDeleteObjects")
    assert bool(emptied) == (removal_policy == "destroy" and isinstance(destination, S3OnFailure))


@pytest.mark.parametrize(
    ("destination", "arn", "statements"),
    [
        (
            SqsOnFailure(queue_arn="arn:aws:sqs:eu-west-1:111122223333:dead", kms_key_arn=KEY_ARN),
            "arn:aws:sqs:eu-west-1:111122223333:dead",
            [{"sqs:SendMessage"}],
        ),
        (
            SnsOnFailure(topic_arn="arn:aws:sns:eu-west-1:111122223333:dead", kms_key_arn=KEY_ARN),
            "arn:aws:sns:eu-west-1:111122223333:dead",
            [{"sns:Publish"}],
        ),
        (
            S3OnFailure(bucket="arn:aws:s3:::dead-batches", kms_key_arn=KEY_ARN),
            {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::dead-batches"]]},
            [{"s3:ListBucket"}],
        ),
    ],
)
def test_existing_destination_is_named_and_its_key_permitted(
    bench: Any, code: str, destination: Any, arn: Any, statements: list[set[str]]
) -> None:
    LambdaConsumer(bench.stack, "Fraud", source=stream(bench), spec=spec(code=code, on_failure=on_failure(destination)))
    assert bench.only(MAPPING)["DestinationConfig"]["OnFailure"]["Destination"] == arn
    assert [bench.allowed_on(arn)] == statements
    assert bench.allowed_on(KEY_ARN) == {"kms:Decrypt", "kms:GenerateDataKey"}
    for resource_type in ("AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::S3::Bucket"):
        assert not bench.of_type(resource_type)


@pytest.mark.parametrize("kind", ["sqs", "sns", "s3"])
def test_live_destination_is_used_with_its_own_key(bench: Any, code: str, kind: str) -> None:
    key = kms.Key(bench.stack, "Company")
    live: Any = {
        "sqs": lambda: sqs.Queue(bench.stack, "Dead", encryption_master_key=key),
        "sns": lambda: sns.Topic(bench.stack, "Dead", master_key=key),
        "s3": lambda: s3.Bucket(bench.stack, "Dead", encryption_key=key),
    }[kind]()
    destination = {"sqs": SqsOnFailure(), "sns": SnsOnFailure(), "s3": S3OnFailure()}[kind]
    consumer = LambdaConsumer(
        bench.stack,
        "Fraud",
        source=stream(bench),
        spec=spec(code=code, on_failure=on_failure(destination)),
        failures=live,
    )
    assert consumer.failures is live
    assert bench.allowed_on(arn_of(bench, "AWS::KMS::Key")) == {"kms:Decrypt", "kms:GenerateDataKey"}


def test_live_function_is_adopted_with_its_role_and_left_alone(bench: Any) -> None:
    function = lambda_.Function(
        bench.stack,
        "Company",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.handler",
        code=lambda_.Code.from_inline("def handler(event, context): pass"),
    )
    consumer = LambdaConsumer(bench.stack, "Fraud", source=stream(bench), spec=spec(), function=function)
    assert consumer.function is function
    assert bench.only("AWS::IAM::ManagedPolicy")["Roles"] == [{"Ref": bench.only_id("AWS::IAM::Role")}]
    (company,) = bench.of_type(FUNCTION).values()
    assert company["DependsOn"] == [bench.only_id("AWS::IAM::Role")]
    (mapping,) = bench.of_type(MAPPING).values()
    assert mapping["DependsOn"] == [bench.only_id("AWS::IAM::ManagedPolicy")]
    assert not bench.of_type("AWS::Logs::LogGroup")


def test_function_by_arn_keeps_its_alias_and_its_missing_permissions_are_named(bench: Any) -> None:
    arn = "arn:aws:lambda:eu-west-1:111122223333:function:fraud:live"
    consumer = LambdaConsumer(bench.stack, "Fraud", source=stream(bench), spec=spec(function_arn=arn))
    assert bench.only(MAPPING)["FunctionName"] == arn
    assert consumer.dimensions["FunctionName"] == "fraud"
    assert consumer.permissions is None
    Annotations.from_stack(bench.stack).has_warning(
        "/Test/Fraud", Match.string_like_regexp("kinesis:GetRecords, .*sqs:SendMessage")
    )


def test_plain_stream_can_be_the_source(bench: Any, code: str) -> None:
    live = kinesis.Stream(bench.stack, "Live", shard_count=1)
    consumer = LambdaConsumer(bench.stack, "Fraud", source=live, spec=spec(code=code))
    assert bench.only(MAPPING)["EventSourceArn"] == arn_of(bench, STREAM)
    assert consumer.plan.concurrency is None


def test_encrypted_plain_stream_gives_its_key(bench: Any, code: str) -> None:
    live = kinesis.Stream(bench.stack, "Live", encryption_key=kms.Key(bench.stack, "Company"))
    LambdaConsumer(bench.stack, "Fraud", source=live, spec=spec(code=code))
    assert "kms:Decrypt" in bench.allowed_on(arn_of(bench, "AWS::KMS::Key"))


def test_function_in_a_vpc_may_have_network_interfaces(bench: Any, code: str) -> None:
    vpc = ec2.Vpc(bench.stack, "Vpc", max_azs=2, nat_gateways=1)
    group = ec2.SecurityGroup(bench.stack, "Group", vpc=vpc)
    LambdaConsumer(
        bench.stack,
        "Fraud",
        source=stream(bench),
        spec=spec(code=code),
        vpc=vpc,
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
        security_groups=[group],
    )
    config = bench.only(FUNCTION)["VpcConfig"]
    assert config["SecurityGroupIds"] == [arn_of(bench, "AWS::EC2::SecurityGroup", "GroupId")]
    assert len(config["SubnetIds"]) == 2
    assert "ec2:CreateNetworkInterface" in bench.allowed_on("*")


def test_consumer_by_itself_knows_nothing_of_inline_policies(bench: Any, code: str) -> None:
    LambdaConsumer(bench.stack, "Fraud", source=stream(bench), spec=spec(code=code))
    assert not bench.of_type("AWS::IAM::Policy")


def test_function_stays_open_for_grants_of_your_own(bench: Any, code: str) -> None:
    consumer = LambdaConsumer(bench.stack, "Fraud", source=stream(bench), spec=spec(code=code))
    s3.Bucket(bench.stack, "Lookup").grant_read(consumer.function)
    (statement,) = bench.only("AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert "s3:GetObject*" in statement["Action"]


@pytest.mark.parametrize(
    ("wrong", "findings"),
    [
        ({"code": "CODE", "brings": "function"}, [("LNG403", "Fraud.code")]),
        (
            {"memory_mb": 512, "layers": ("powertools",), "brings": "function"},
            [("LNG403", "Fraud.memory_mb"), ("LNG403", "Fraud.layers")],
        ),
        ({}, [("LAM501", "Fraud")]),
        ({"code": "nowhere"}, [("LAM502", "Fraud.code")]),
        ({"code": "CODE", "handler": "main.handler"}, [("LAM502", "Fraud.handler")]),
        (
            {"code": "CODE", "brings": "failures", "on_failure": on_failure(S3OnFailure())},
            [("LNG403", "Fraud.on_failure.destination")],
        ),
        (
            {
                "code": "CODE",
                "brings": "failures",
                "on_failure": on_failure(SqsOnFailure(queue_arn="arn:aws:sqs:eu-west-1:111122223333:dead")),
            },
            [("LNG403", "Fraud.on_failure.destination.queue_arn")],
        ),
        (
            {
                "code": "CODE",
                "on_failure": OnFailure(retries=1, max_record_age_seconds=86_400, destination=S3OnFailure()),
            },
            [("LAM506", "Fraud.on_failure.max_record_age_seconds")],
        ),
    ],
)
def test_what_cannot_be_built_is_said_with_code_and_place(
    bench: Any, code: str, wrong: dict[str, Any], findings: list[tuple[str, str]]
) -> None:
    options = {key: code if value == "CODE" else value for key, value in wrong.items() if key != "brings"}
    brought: dict[str, Any] = {}
    if wrong.get("brings") == "function":
        brought["function"] = lambda_.Function.from_function_name(bench.stack, "Live", "fraud")
    if wrong.get("brings") == "failures":
        brought["failures"] = sqs.Queue(bench.stack, "Dead")
    with pytest.raises(SpecError) as error:
        LambdaConsumer(bench.stack, "Fraud", source=stream(bench), spec=spec(**options), **brought)
    assert [(one.code, one.dotted_path) for one in error.value.findings] == findings


def test_vpc_has_no_say_over_an_existing_function(bench: Any) -> None:
    vpc = ec2.Vpc(bench.stack, "Vpc", max_azs=1, nat_gateways=0)
    function = lambda_.Function.from_function_name(bench.stack, "Live", "fraud")
    with pytest.raises(SpecError) as error:
        LambdaConsumer(bench.stack, "Fraud", source=stream(bench), spec=spec(), function=function, vpc=vpc)
    assert [(one.code, one.dotted_path) for one in error.value.findings] == [("LNG403", "Fraud.vpc")]


def test_stream_that_was_planned_without_this_reader_is_warned_about(benches: Any, code: str) -> None:
    forgotten, planned = benches(), benches()
    LambdaConsumer(forgotten.stack, "Fraud", source=stream(forgotten), spec=spec(code=code))
    Annotations.from_stack(forgotten.stack).has_warning(
        "/Test/Fraud", Match.string_like_regexp('Give the stream `readers=\\[Reader\\("Fraud", "shared"\\)\\]`')
    )
    source = KinesisStream(
        planned.stack,
        "Clicks",
        spec=KinesisStreamSpec(shards=3),
        readers=[Reader("Fraud")],
    )
    LambdaConsumer(planned.stack, "Fraud", source=source, spec=spec(code=code))
    Annotations.from_stack(planned.stack).has_no_warning("*", Match.any_value())


def test_requirements_are_installed_for_the_functions_platform(bench: Any, tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    make_wheel(wheels)
    folder = tmp_path / "handlers"
    (folder / "__pycache__").mkdir(parents=True)
    private(folder)
    (folder / "index.py").write_text("import greeting\n\n\ndef handler(event, context):\n    return greeting.TEXT\n")
    (folder / "requirements.txt").write_text(f"--no-index\n--find-links {wheels}\ngreeting==1.0\n")
    LambdaConsumer(bench.stack, "Fraud", source=stream(bench), spec=spec(code=str(folder)))
    key = bench.only(FUNCTION)["Code"]["S3Key"].removesuffix(".zip")
    asset = Path(bench.app.outdir) / f"asset.{key}"
    assert (asset / "greeting.py").read_text() == "TEXT = 'hello'\n"
    assert sorted(path.name for path in asset.iterdir() if "dist-info" not in path.name) == [
        "ca.pem",
        "greeting.py",
        "index.py",
        "requirements.txt",
    ]


def private(folder: Path) -> None:
    """Puts keys, credentials and history into a folder of code, and a public certificate."""
    (folder / ".git").mkdir()
    for name in (".env", ".git/config", "id_rsa", "#odd [name]!.key"):
        (folder / name).write_text("private\n")
    (folder / "settings").symlink_to(".env")
    (folder / "key.pem").write_text("-----BEGIN PRIVATE KEY-----\n")
    (folder / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\n")


@pytest.mark.parametrize("runtime", ["python3.13", "nodejs22.x"])
def test_what_is_private_is_not_shipped_nor_changes_the_function(benches: Any, tmp_path: Path, runtime: str) -> None:
    folder = tmp_path / "handlers"
    folder.mkdir()
    (folder / ("index.py" if runtime.startswith("python") else "index.js")).write_text("code\n")
    (folder / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    consumer = spec(code=str(folder), runtime=runtime)
    before, after = benches(), benches()
    LambdaConsumer(before.stack, "Fraud", source=stream(before), spec=consumer)
    key = before.only(FUNCTION)["Code"]["S3Key"].removesuffix(".zip")
    private(folder)
    LambdaConsumer(after.stack, "Fraud", source=stream(after), spec=consumer)
    assert after.only(FUNCTION)["Code"]["S3Key"] == f"{key}.zip"
    asset = Path(after.app.outdir) / f"asset.{key}"
    assert not {".env", ".git", "id_rsa", "key.pem", "settings"} & {path.name for path in asset.iterdir()}


@pytest.mark.parametrize("is_bundled", [False, True])
def test_an_assembly_inside_of_the_code_is_not_copied_into_itself(tmp_path: Path, is_bundled: bool) -> None:
    (tmp_path / "index.py").write_text("def handler(event, context): ...\n")
    if is_bundled:
        (tmp_path / "requirements.txt").write_text("")
    app = cdk.App(outdir=str(tmp_path / "written"))
    stack = cdk.Stack(app, "Test")
    events = KinesisStream(stack, "clicks", spec=KinesisStreamSpec(mode="on_demand"))
    consumer = LambdaConsumer(stack, "Fraud", source=events, spec=spec(code=str(tmp_path)))
    assert consumer.log_group is not None
    (asset,) = (tmp_path / "written").glob("asset.*")
    assert sorted(path.name for path in asset.iterdir()) == ["index.py", *(["requirements.txt"] if is_bundled else [])]


def test_requirements_without_a_wheel_are_said_with_what_pip_said(bench: Any, tmp_path: Path) -> None:
    folder = tmp_path / "handlers"
    folder.mkdir()
    (folder / "index.py").write_text("def handler(event, context): ...\n")
    (folder / "requirements.txt").write_text("--no-index\ngreeting==1.0\n")
    with pytest.raises(SpecError) as error:
        LambdaConsumer(bench.stack, "Fraud", source=stream(bench), spec=spec(code=str(folder)))
    (finding,) = error.value.findings
    assert (finding.code, finding.dotted_path) == ("LAM517", "Fraud.code")
    assert finding.note == "ERROR: No matching distribution found for greeting==1.0"


def make_wheel(folder: Path) -> None:
    """The smallest wheel that only fits Python 3.13 on arm64."""
    import zipfile

    info = "greeting-1.0.dist-info"
    with zipfile.ZipFile(folder / "greeting-1.0-cp313-cp313-manylinux2014_aarch64.whl", "w") as wheel:
        wheel.writestr("greeting.py", "TEXT = 'hello'\n")
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp313-cp313-manylinux2014_aarch64\n"
        )
        wheel.writestr(f"{info}/RECORD", "")


def test_leftovers_of_a_test_run_do_not_change_the_function(benches: Any, tmp_path: Path) -> None:
    folder = tmp_path / "handlers"
    folder.mkdir()
    (folder / "index.py").write_text("def handler(event, context): ...\n")
    before = benches()
    LambdaConsumer(before.stack, "Fraud", source=stream(before), spec=spec(code=str(folder)))
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "index.pyc").write_text("x")
    after = benches()
    LambdaConsumer(after.stack, "Fraud", source=stream(after), spec=spec(code=str(folder)))
    assert before.only(FUNCTION)["Code"] == after.only(FUNCTION)["Code"]


def test_role_of_an_imported_function_gets_the_policy(bench: Any) -> None:
    role = iam.Role.from_role_arn(bench.stack, "Role", "arn:aws:iam::111122223333:role/fraud")
    function = lambda_.Function.from_function_attributes(
        bench.stack,
        "Live",
        function_arn="arn:aws:lambda:eu-west-1:111122223333:function:fraud",
        role=role,
        same_environment=True,
    )
    LambdaConsumer(bench.stack, "Fraud", source=stream(bench), spec=spec(), function=function)
    assert bench.only("AWS::IAM::ManagedPolicy")["Roles"] == ["fraud"]
    (mapping,) = bench.of_type(MAPPING).values()
    assert mapping["DependsOn"] == [bench.only_id("AWS::IAM::ManagedPolicy")]


PLACED = VpcPlacement(
    vpc_id="vpc-0123456789abcdef0",
    subnet_ids=("subnet-0123456789abcdef0", "subnet-0123456789abcdef1"),
    security_group_ids=("sg-0123456789abcdef0",),
)


def test_permissions_of_the_spec_are_those_of_the_function(bench: Any, code: str) -> None:
    table, everything = "arn:aws:dynamodb:*:*:table/scores", "*"
    permissions = (
        Permission(actions=("dynamodb:PutItem", "dynamodb:GetItem"), resources=(table,)),
        Permission(actions=("cloudwatch:PutMetricData",), resources=(everything,)),
    )
    LambdaConsumer(bench.stack, "Fraud", source=stream(bench), spec=spec(code=code, permissions=permissions))
    assert bench.allowed_on(table) == {"dynamodb:GetItem", "dynamodb:PutItem"}
    assert bench.allowed_on(everything) == {"cloudwatch:PutMetricData"}
    assert bench.allowed_on(arn_of(bench, STREAM)) == READ


def test_permissions_of_the_spec_reach_the_role_of_an_adopted_function(bench: Any) -> None:
    role = iam.Role(bench.stack, "Company", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    function = lambda_.Function.from_function_attributes(
        bench.stack,
        "Live",
        function_arn="arn:aws:lambda:eu-west-1:111122223333:function:fraud",
        role=role,
        same_environment=True,
    )
    table = "arn:aws:dynamodb:eu-west-1:111122223333:table/scores"
    permissions = (Permission(actions=("dynamodb:PutItem",), resources=(table,)),)
    LambdaConsumer(bench.stack, "Fraud", source=stream(bench), spec=spec(permissions=permissions), function=function)
    assert bench.only("AWS::IAM::ManagedPolicy")["Roles"] == [{"Ref": bench.only_id("AWS::IAM::Role")}]
    assert bench.allowed_on(table) == {"dynamodb:PutItem"}


def test_function_stands_where_the_spec_places_it(bench: Any, code: str) -> None:
    LambdaConsumer(bench.stack, "Fraud", source=stream(bench), spec=spec(code=code, vpc=PLACED))
    assert bench.only(FUNCTION)["VpcConfig"] == {
        "SubnetIds": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
        "SecurityGroupIds": ["sg-0123456789abcdef0"],
    }
    assert not bench.of_type("AWS::EC2::SecurityGroup")
    assert "ec2:CreateNetworkInterface" in bench.allowed_on("*")
    (function,) = bench.of_type(FUNCTION).values()
    # Lambda checks the role when a function in a VPC is created.
    assert bench.only_id("AWS::IAM::ManagedPolicy") in function["DependsOn"]


def test_placed_without_security_groups_it_gets_one_of_its_own(bench: Any, code: str) -> None:
    placed = PLACED.model_copy(update={"security_group_ids": ()})
    LambdaConsumer(bench.stack, "Fraud", source=stream(bench), spec=spec(code=code, vpc=placed))
    group = arn_of(bench, "AWS::EC2::SecurityGroup", "GroupId")
    assert bench.only(FUNCTION)["VpcConfig"]["SecurityGroupIds"] == [group]
    assert bench.only("AWS::EC2::SecurityGroup") == {
        "GroupDescription": "The function Fraud",
        "VpcId": "vpc-0123456789abcdef0",
    }


def test_function_outside_a_vpc_may_do_nothing_there(bench: Any, code: str) -> None:
    LambdaConsumer(bench.stack, "Fraud", source=stream(bench), spec=spec(code=code))
    assert "VpcConfig" not in bench.only(FUNCTION)
    assert bench.allowed_on("*") == set()


@pytest.mark.parametrize(
    ("runtime", "handler", "file"),
    [
        ("nodejs22.x", "index.handler", "index.mjs"),
        ("java21", "com.example.App::handle", "app.jar"),
        ("dotnet8", "Shop::Shop.Fraud::Handle", "Shop.dll"),
        ("ruby3.4", "lambda_function.handler", "lambda_function.rb"),
        ("provided.al2023", "bootstrap", "bootstrap"),
    ],
)
def test_code_of_any_runtime_is_shipped_as_it_is(
    bench: Any, tmp_path: Path, runtime: str, handler: str, file: str
) -> None:
    folder = tmp_path / "handlers"
    folder.mkdir()
    (folder / file).write_text("code\n")
    # Of Python alone it would be installed.
    (folder / "requirements.txt").write_text("--no-index\ngreeting==1.0\n")
    consumer = spec(code=str(folder), runtime=runtime, handler=handler)
    LambdaConsumer(bench.stack, "Fraud", source=stream(bench), spec=consumer)
    function = bench.only(FUNCTION)
    assert (function["Runtime"], function["Handler"]) == (runtime, handler)
    asset = Path(bench.app.outdir) / f"asset.{function['Code']['S3Key'].removesuffix('.zip')}"
    assert sorted(path.name for path in asset.iterdir()) == sorted([file, "requirements.txt"])


@pytest.mark.parametrize("own_key", [False, True])
def test_given_up_batches_go_to_a_topic_of_ours_with_its_key(bench: Any, code: str, own_key: bool) -> None:
    key = kms.Key(bench.stack, "Company") if own_key else None
    topic = NotificationTopic(bench.stack, "dead", spec=SnsTopicSpec(), encryption_key=key)
    consumer = LambdaConsumer(
        bench.stack,
        "Fraud",
        source=stream(bench),
        spec=spec(code=code, on_failure=on_failure(NodeOnFailure(node="dead"))),
        failures=topic,
    )
    arn = {"Ref": bench.only_id("AWS::SNS::Topic")}
    assert consumer.failures is topic.topic
    assert bench.only(MAPPING)["DestinationConfig"]["OnFailure"]["Destination"] == arn
    assert bench.allowed_on(arn) == {"sns:Publish"}
    on_keys = [one["Resource"] for one in bench.statements() if "kms:GenerateDataKey" in one["Action"]]
    assert on_keys == ([arn_of(bench, "AWS::KMS::Key")] if own_key else [])


def test_a_topic_by_name_has_to_be_brought(bench: Any, code: str) -> None:
    consumer = spec(code=code, on_failure=on_failure(NodeOnFailure(node="dead")))
    with pytest.raises(SpecError) as error:
        LambdaConsumer(bench.stack, "Fraud", source=stream(bench), spec=consumer)
    assert [(one.code, one.dotted_path) for one in error.value.findings] == [("GRF301", "Fraud.on_failure.destination")]


@pytest.mark.parametrize("named", ["by AWS", "by its alias", "by the alias of a key"])
def test_live_topic_under_an_alias_takes_permission_on_a_key_alone(bench: Any, code: str, named: str) -> None:
    key = kms.Key(bench.stack, "Company")
    alias: kms.IAlias = {
        "by AWS": lambda: kms.Alias.from_alias_name(bench.stack, "Alias", "alias/aws/sns"),
        "by its alias": lambda: kms.Alias.from_alias_name(bench.stack, "Alias", "alias/company"),
        "by the alias of a key": lambda: kms.Alias(bench.stack, "Alias", alias_name="alias/company", target_key=key),
    }[named]()
    topic = sns.Topic(bench.stack, "Dead", master_key=alias)
    LambdaConsumer(
        bench.stack,
        "Fraud",
        source=stream(bench),
        spec=spec(code=code, on_failure=on_failure(SnsOnFailure())),
        failures=topic,
    )
    on_keys = [one["Resource"] for one in bench.statements() if "kms:GenerateDataKey" in one["Action"]]
    assert on_keys == ([arn_of(bench, "AWS::KMS::Key")] if named == "by the alias of a key" else [])


@pytest.mark.parametrize(
    ("destination", "expected"),
    [
        (SqsOnFailure, {"FailureQueueUrl"}),
        (SnsOnFailure, {"FailureTopicArn"}),
        (S3OnFailure, {"FailureBucketName"}),
    ],
    ids=["sqs", "sns", "s3"],
)
def test_consumer_says_where_given_up_batches_are_found(
    bench: Any, code: str, destination: Any, expected: set[str]
) -> None:
    consumer = LambdaConsumer(
        bench.stack, "Fraud", source=stream(bench), spec=spec(code=code, on_failure=on_failure(destination()))
    )
    assert {output.name for output in consumer.outputs()} == {"FunctionName"} | expected
