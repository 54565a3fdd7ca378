"""Applications of Flink: what they are told, what they may, where they stand, and what starts them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import cdk_nag
import pytest
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import cx_api
from cfnlint import api
from cfnlint.config import ManualArgs

from streaming_constructs.cdk import (
    FlinkApplication,
    FlinkSqlApplication,
    KinesisStream,
    StreamingPipeline,
)
from streaming_constructs.review import TemplateValidator
from streaming_constructs.spec import FlinkAppSpec, FlinkSqlSpec, KinesisStreamSpec, SpecError
from streaming_constructs.spec.watermark import Watermark
from streaming_constructs.testing.invariants import alarm_problems, policy_problems
from streaming_constructs.testing.normalise import normalised
from tests.cdk.flink_systems import ON_KAFKA, TO_DELIVERY, TO_DOMAIN, TO_TABLE, code_system, system

APPLICATION = "AWS::KinesisAnalyticsV2::Application"
WAIT = "AWS::CloudFormation::CustomResource"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OLD = "arn:aws:kinesis:eu-west-1:111122223333:stream/old"
PLACED = {"vpc_id": "vpc-0123456789abcdef0", "subnet_ids": ["subnet-0123456789abcdef0"]}
PACKS = [
    cdk_nag.AwsSolutionsChecks,
    cdk_nag.ServerlessChecks,
    cdk_nag.NIST80053R5Checks,
    cdk_nag.HIPAASecurityChecks,
    cdk_nag.PCIDSS321Checks,
]


def built(bench: Any, *changes: Mapping[str, Any], folder: Path | None = None, **brought: Any) -> StreamingPipeline:
    return StreamingPipeline(bench.stack, "Pipeline", spec=system(*changes, folder=folder), **brought)


def configuration(bench: Any) -> dict[str, Any]:
    found: dict[str, Any] = bench.only(APPLICATION)["ApplicationConfiguration"]
    return found


def groups(bench: Any) -> dict[str, dict[str, Any]]:
    """The groups of properties that the application is told, but for the one of the deployment."""
    told = configuration(bench)["EnvironmentProperties"]["PropertyGroups"]
    found = {one["PropertyGroupId"]: one["PropertyMap"] for one in told}
    found.pop("streaming-constructs", None)
    return found


def flat(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def allowed(bench: Any, policy: str = "PipelinecountsAccess") -> dict[str, set[str]]:
    """What a policy allows, by the resource as text."""
    (found,) = [one for key, one in bench.of_type("AWS::IAM::ManagedPolicy").items() if key.startswith(policy)]
    statements = found["Properties"]["PolicyDocument"]["Statement"]
    return {
        flat(one["Resource"]): {one["Action"]} if isinstance(one["Action"], str) else set(one["Action"])
        for one in statements
    }


def on(permitted: Mapping[str, set[str]], text: str) -> set[str]:
    """What is allowed on the one resource that has a text in it."""
    (found,) = [actions for resource, actions in permitted.items() if text in resource]
    return found


def reference(bench: Any, logical_id: str, attribute: str = "Arn") -> dict[str, Any]:
    (found,) = [key for key in bench.template["Resources"] if key.startswith(logical_id)]
    return {"Fn::GetAtt": [found, attribute]} if attribute else {"Ref": found}


# --- what it is


def test_an_application_has_its_numbers_its_checkpoints_and_its_log(bench: Any) -> None:
    built(bench, {"analytics.counts.checkpointing": {"interval_seconds": 30, "min_pause_seconds": 2.5}})
    assert bench.only(APPLICATION)["RuntimeEnvironment"] == "FLINK-2_3"
    assert configuration(bench)["FlinkApplicationConfiguration"] == {
        "CheckpointConfiguration": {
            "ConfigurationType": "CUSTOM",
            "CheckpointingEnabled": True,
            "CheckpointInterval": 30_000,
            "MinPauseBetweenCheckpoints": 2500,
        },
        "MonitoringConfiguration": {"ConfigurationType": "CUSTOM", "LogLevel": "INFO", "MetricsLevel": "APPLICATION"},
        "ParallelismConfiguration": {
            "ConfigurationType": "CUSTOM",
            "Parallelism": 2,
            "ParallelismPerKPU": 2,
            "AutoScalingEnabled": False,
        },
    }
    assert configuration(bench)["ApplicationSnapshotConfiguration"] == {"SnapshotsEnabled": True}
    assert configuration(bench)["ApplicationSystemRollbackConfiguration"] == {"RollbackEnabled": True}
    assert "RunConfiguration" not in bench.only(APPLICATION)
    option = bench.only("AWS::KinesisAnalyticsV2::ApplicationCloudWatchLoggingOption")
    stream = reference(bench, "PipelinecountsLogStream", "")
    assert option["ApplicationName"] == reference(bench, "PipelinecountsApplication", "")
    assert option["CloudWatchLoggingOption"]["LogStreamARN"]["Fn::Join"][1][-1] == stream


def test_checkpoints_can_be_left_out(bench: Any) -> None:
    built(bench, {"analytics.counts.checkpointing": False})
    assert configuration(bench)["FlinkApplicationConfiguration"]["CheckpointConfiguration"] == {
        "ConfigurationType": "CUSTOM",
        "CheckpointingEnabled": False,
    }


def test_variables_of_sql_have_the_live_values(bench: Any) -> None:
    built(bench)
    assert groups(bench) == {
        "sql.variables": {
            "AWS_REGION": {"Ref": "AWS::Region"},
            "CLICKS_STREAM_ARN": reference(bench, "PipelineclicksStream"),
            "PER_PAGE_STREAM_ARN": reference(bench, "PipelineperpageStream"),
        }
    }


@pytest.mark.parametrize(
    ("restore", "expected"),
    [
        ("nothing", {"ApplicationRestoreType": "SKIP_RESTORE_FROM_SNAPSHOT"}),
        ("before", {"ApplicationRestoreType": "RESTORE_FROM_CUSTOM_SNAPSHOT", "SnapshotName": "before"}),
        ({"allow_non_restored_state": True}, {"ApplicationRestoreType": "RESTORE_FROM_LATEST_SNAPSHOT"}),
    ],
)
def test_an_update_begins_with_what_the_spec_says(bench: Any, restore: Any, expected: dict[str, str]) -> None:
    built(bench, {"analytics.counts.restore": restore})
    allows = isinstance(restore, dict)
    assert bench.only(APPLICATION)["RunConfiguration"] == {
        "ApplicationRestoreConfiguration": expected,
        "FlinkRunConfiguration": {"AllowNonRestoredState": allows},
    }
    (first, *_) = bench.of_type(WAIT).values()
    assert first["Properties"]["Restore"] == (restore if isinstance(restore, str) else "latest_snapshot")
    assert first["Properties"]["AllowNonRestoredState"] == str(allows).lower()


# --- its code


def asset(bench: Any) -> Path:
    """The file that the application's code is."""
    key = configuration(bench)["ApplicationCodeConfiguration"]["CodeContent"]["S3ContentLocation"]["FileKey"]
    return Path(bench.app.outdir) / f"asset.{key}"


def test_the_jar_has_the_statements_and_is_the_same_each_time(benches: Any) -> None:
    files = []
    for bench in (benches(), benches()):
        pipeline = built(bench)
        files.append(asset(bench))
        with zipfile.ZipFile(files[-1]) as jar:
            document = json.loads(jar.read("statements.json"))
        assert document == pipeline.analytics["counts"].plan.document
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A cache of jars that has none."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("STREAMING_CONSTRUCTS_CACHE", str(folder))
    return folder


def connector(file: Path, factory: str = "org.apache.flink.connector.kinesis.table.KinesisDynamicTableFactory") -> Path:
    """A jar with a connector, as far as one looks into it."""
    with zipfile.ZipFile(file, "w") as jar:
        jar.writestr("META-INF/services/org.apache.flink.table.factories.Factory", f"{factory}\n")
        jar.writestr(f"{factory.replace('.', '/')}.class", b"a class")
    return file


def errors(bench: Any) -> list[str]:
    messages = bench.app.synth().get_stack_by_name("Test").messages
    return [str(one.entry.data) for one in messages if one.level == cx_api.SynthesisMessageLevel.ERROR]


def test_without_its_connectors_it_synthesizes_and_is_not_deployed(benches: Any, tmp_path: Path) -> None:
    connector(tmp_path / "kinesis.jar")
    without, whole = benches(), benches()
    built(without)
    built(whole, {"analytics.counts.connectors": ["kinesis.jar"]}, folder=tmp_path)
    (told,) = errors(without)
    assert "flink-connector-aws-kinesis-streams" in told
    assert "streaming-constructs jars --flink FLINK-2_3 --connectors kinesis" in told
    assert errors(whole) == []
    assert normalised(without.template) == normalised(whole.template)


def test_connectors_that_the_spec_names_are_in_the_jar(bench: Any, tmp_path: Path) -> None:
    connector(tmp_path / "kinesis.jar")
    built(bench, {"analytics.counts.connectors": ["kinesis.jar"]}, folder=tmp_path)
    with zipfile.ZipFile(asset(bench)) as jar:
        assert jar.read("org/apache/flink/connector/kinesis/table/KinesisDynamicTableFactory.class") == b"a class"
        assert b"SqlRunner" in jar.read("META-INF/MANIFEST.MF")


def test_a_jar_without_the_connector_is_refused(bench: Any, tmp_path: Path) -> None:
    connector(tmp_path / "other.jar", "com.example.OtherFactory")
    with pytest.raises(SpecError) as refused:
        built(bench, {"analytics.counts.connectors": ["other.jar"]}, folder=tmp_path)
    assert [finding.code for finding in refused.value.findings] == ["FLK128"]


def test_other_sql_is_other_code_and_another_deployment(benches: Any) -> None:
    fingerprints = set()
    for minutes in ("1", "5"):
        bench = benches()
        sql = system().analytics["counts"].sql[0].replace("'1'", f"'{minutes}'")  # type: ignore[union-attr]
        built(bench, {"analytics.counts.sql": sql})
        fingerprints.add((asset(bench).name, bench.of_type(WAIT).popitem()[1]["Properties"]["Fingerprint"]))
    assert len({name for name, _ in fingerprints}) == len({one for _, one in fingerprints}) == 2


def test_a_fingerprint_tells_which_deployment_runs(bench: Any) -> None:
    built(bench)
    told = configuration(bench)["EnvironmentProperties"]["PropertyGroups"]
    (own,) = [one["PropertyMap"] for one in told if one["PropertyGroupId"] == "streaming-constructs"]
    assert {one["Properties"]["Fingerprint"] for one in bench.of_type(WAIT).values()} == {own["fingerprint"]}


@pytest.mark.parametrize(
    "change",
    [
        {"runtime": "FLINK-2_2"},
        {"parallelism": 4},
        {"log_level": "debug"},
        {"snapshots": False},
        {"encryption": "customer_managed"},
        {"vpc": PLACED},
    ],
)
def test_a_change_of_any_part_is_another_deployment(benches: Any, change: dict[str, Any]) -> None:
    found = []
    for changes in ({}, {f"analytics.counts.{key}": value for key, value in change.items()}):
        bench = benches()
        built(bench, changes)
        found.append(bench.of_type(WAIT).popitem()[1]["Properties"]["Fingerprint"])
    assert found[0] != found[1]


def test_code_of_ones_own_is_told_of_its_edges_by_groups(bench: Any, tmp_path: Path) -> None:
    properties = {"clicks": {"aws.region": "eu-central-1"}, "rules": {"limit": "10"}}
    built(bench, code_system(tmp_path, properties=properties), folder=tmp_path)
    assert groups(bench) == {
        "clicks": {"stream.arn": reference(bench, "PipelineclicksStream"), "aws.region": "eu-central-1"},
        "per_page": {
            "stream.arn": reference(bench, "PipelineperpageStream"),
            "aws.region": {"Ref": "AWS::Region"},
        },
        "rules": {"limit": "10"},
    }
    assert asset(bench).read_bytes() == (tmp_path / "app.jar").read_bytes()


def test_a_new_build_behind_a_link_is_another_deployment(benches: Any, tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        bench = benches()
        changes = code_system(tmp_path, "built.jar")
        with zipfile.ZipFile(tmp_path / "built.jar", "a") as jar:
            jar.writestr(zipfile.ZipInfo(name), name)
        if not (tmp_path / "app.jar").is_symlink():
            (tmp_path / "app.jar").symlink_to("built.jar")
        changes["analytics.counts"]["code"] = "app.jar"
        built(bench, changes, folder=tmp_path)
        assert asset(bench).read_bytes() == (tmp_path / "built.jar").read_bytes()
        assert not asset(bench).is_symlink()
        found.append(configuration(bench)["ApplicationCodeConfiguration"])
    assert found[0] != found[1]


def test_of_a_zip_of_python_it_is_said_what_runs(bench: Any, tmp_path: Path) -> None:
    built(bench, code_system(tmp_path, "app.zip", jarfile="lib/all.jar"), folder=tmp_path)
    assert groups(bench)["kinesis.analytics.flink.run.options"] == {"python": "main.py", "jarfile": "lib/all.jar"}


def test_code_in_a_bucket_is_read_there(bench: Any, tmp_path: Path) -> None:
    code = {"bucket": "my-code", "key": "v1/app.jar", "object_version": "abc", "code": None}
    changes = code_system(tmp_path)
    changes["analytics.counts"] = {key: value for key, value in (changes["analytics.counts"] | code).items() if value}
    built(bench, changes)
    location = configuration(bench)["ApplicationCodeConfiguration"]["CodeContent"]["S3ContentLocation"]
    assert (location["FileKey"], location["ObjectVersion"]) == ("v1/app.jar", "abc")
    assert on(allowed(bench), ":s3:::my-code/v1/app.jar") == {"s3:GetObject", "s3:GetObjectVersion"}


# --- what it may


def test_a_role_may_what_its_edges_need_and_no_more(bench: Any) -> None:
    built(bench)
    permitted = allowed(bench)
    assert on(permitted, "PipelineclicksStream") == {
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
    }
    assert on(permitted, "PipelineperpageStream") == {"kinesis:PutRecords"}
    assert on(permitted, ".jar") == {"s3:GetObject"}
    assert on(permitted, "PipelinecountsLogs") == {"logs:DescribeLogStreams", "logs:PutLogEvents"}
    assert on(permitted, ":log-group:*") == {"logs:DescribeLogGroups"}
    assert len(permitted) == 5


def test_the_role_is_for_this_application_alone(bench: Any) -> None:
    pipeline = built(bench)
    name = pipeline.analytics["counts"].application_name
    (role,) = [one for key, one in bench.of_type("AWS::IAM::Role").items() if "countsAccess" in key]
    (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "kinesisanalytics.amazonaws.com"}
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert flat(statement["Condition"]["ArnEquals"]["aws:SourceArn"]).endswith(f':application/{name}"]]}}')
    assert bench.only(APPLICATION)["ApplicationName"] == name


def test_keys_of_what_it_reads_and_writes_can_be_used(bench: Any) -> None:
    built(bench, {f"streams.{name}.encryption": "customer_managed" for name in ("clicks", "per_page")})
    permitted = allowed(bench)
    assert on(permitted, "PipelineclicksKey") == {"kms:Decrypt"}
    assert on(permitted, "PipelineperpageKey") == {"kms:GenerateDataKey"}


def test_a_delivery_and_a_table_are_written_to_in_batches(benches: Any) -> None:
    for changes, logical_id, action in (
        (TO_DELIVERY, "PipelineperpageDeliveryStream", "firehose:PutRecordBatch"),
        (TO_TABLE, "PipelineperpageTable", "dynamodb:BatchWriteItem"),
    ):
        bench = benches()
        built(bench, changes)
        assert on(allowed(bench), logical_id) == {action}


def test_a_domain_is_written_to_by_a_delivery_alone(bench: Any) -> None:
    built(bench, TO_DOMAIN)
    assert on(allowed(bench), "PipelinecountstoperpageDeliveryStream") == {"firehose:PutRecordBatch"}
    assert not any("es:" in action for actions in allowed(bench).values() for action in actions)
    delivered = allowed(bench, "PipelinecountstoperpagePermissions")
    assert any({"es:ESHttpPost", "es:ESHttpPut"} <= actions for actions in delivered.values())
    told = groups(bench)["sql.variables"]
    assert told["COUNTS_TO_PER_PAGE_DELIVERY_STREAM_NAME"] == reference(
        bench, "PipelinecountstoperpageDeliveryStream", ""
    )
    assert [*alarm_problems(bench.template)] == []


def test_a_delivery_that_is_assembled_is_the_one_that_is_written_out(benches: Any) -> None:
    to = {"kind": "opensearch", "domain": "per_page", "index": "counts"}
    written = {"deliveries": {"counts-to-per_page": {"from": "direct_put", "schema": "count", "to": to}}}
    templates = []
    for changes in ((TO_DOMAIN,), (TO_DOMAIN, written)):
        bench = benches()
        built(bench, *changes)
        templates.append(normalised(bench.template))
    assert templates[0] == templates[1]


def test_fan_out_reads_as_a_consumer_of_the_stack(bench: Any) -> None:
    pipeline = built(bench, {"analytics.counts.enhanced_fan_out": True})
    consumer = bench.only("AWS::Kinesis::StreamConsumer")
    assert consumer["StreamARN"] == reference(bench, "PipelineclicksStream")
    assert groups(bench)["sql.variables"]["CLICKS_CONSUMER_NAME"] == consumer["ConsumerName"]
    assert "'source.efo.lifecycle' = 'SELF_MANAGED'" in pipeline.analytics["counts"].plan.document["statements"][0]
    permitted = allowed(bench)
    assert on(permitted, "ConsumerARN") == {"kinesis:DescribeStreamConsumer", "kinesis:SubscribeToShard"}
    assert "kinesis:DescribeStreamConsumer" in on(permitted, "PipelineclicksStream")


def test_permissions_of_the_spec_join_in(bench: Any) -> None:
    given = [{"actions": ["dynamodb:GetItem"], "resources": ["arn:aws:dynamodb:eu-west-1:111122223333:table/rules"]}]
    built(bench, {"analytics.counts.permissions": given})
    assert on(allowed(bench), "table/rules") == {"dynamodb:GetItem"}


# --- Kafka, and where it stands


def test_on_kafka_it_stands_beside_the_brokers(bench: Any) -> None:
    built(bench, ON_KAFKA)
    placed = configuration(bench)["VpcConfigurations"]
    group = reference(bench, "PipelinecountsNetworkClientsSecurityGroup", "GroupId")
    assert [one["SecurityGroupIds"] for one in placed] == [[group]]
    cluster = bench.only("AWS::MSK::Cluster")["BrokerNodeGroupInfo"]["ClientSubnets"]
    assert placed[0]["SubnetIds"] == cluster
    rules = bench.of_type("AWS::EC2::SecurityGroupIngress").values()
    ports = [one["Properties"]["FromPort"] for one in rules if one["Properties"]["SourceSecurityGroupId"] == group]
    assert ports == [9098]
    told = groups(bench)["sql.variables"]
    assert told["CLICKS_TOPIC_NAME"] == "clicks"
    assert told["CLICKS_BOOTSTRAP_SERVERS"] == reference(bench, "PipelinemainBootstrapBrokersIam", "Brokers")


def test_on_kafka_it_reads_as_its_group_and_writes_idempotently(bench: Any) -> None:
    pipeline = built(bench, ON_KAFKA)
    assert pipeline.analytics["counts"].plan.group == "shop-counts"
    permitted = allowed(bench)
    assert on(permitted, "/shop-counts") == {"kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"}
    assert on(permitted, "/clicks") == {"kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"}
    assert on(permitted, "/per_page") == {"kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"}
    cluster = {resource: one for resource, one in permitted.items() if "kafka-cluster:Connect" in one}
    assert list(cluster.values()) == [{"kafka-cluster:Connect", "kafka-cluster:WriteDataIdempotently"}]
    assert "ec2:CreateNetworkInterface" in permitted["*"]


def test_the_lag_in_a_topic_is_that_of_its_group_on_the_cluster(bench: Any) -> None:
    built(bench, ON_KAFKA)
    (lag,) = [
        one["Properties"]
        for one in bench.of_type("AWS::CloudWatch::Alarm").values()
        if one["Properties"].get("MetricName") == "EstimatedMaxTimeLag"
    ]
    found = {one["Name"]: one["Value"] for one in lag["Dimensions"]}
    assert (found["Consumer Group"], found["Topic"]) == ("shop-counts", "clicks")
    assert "main" in flat(found["Cluster Name"])


def test_topics_are_there_before_it(bench: Any) -> None:
    built(bench, ON_KAFKA)
    (application,) = bench.of_type(APPLICATION).values()
    assert {key for key in application["DependsOn"] if "Topic" in key} == set(bench.of_type("AWS::MSK::Topic"))


def test_in_a_vpc_that_is_created_it_reaches_what_it_writes_to(bench: Any) -> None:
    built(bench, ON_KAFKA, {"streams.per_page": {"kind": "kinesis", "schema": "count", "shards": 1}})
    kinesis, s3 = sorted(
        (one["Properties"] for one in bench.of_type("AWS::EC2::VPCEndpoint").values()),
        key=lambda one: flat(one["ServiceName"]),
    )
    assert "kinesis-streams" in flat(kinesis["ServiceName"])
    # Its code and its state are in S3, and it may be that no other way leads there; the route costs nothing.
    assert (".s3" in flat(s3["ServiceName"]), s3["VpcEndpointType"]) == (True, "Gateway")


def test_where_the_spec_places_it_a_group_is_created_unless_it_names_some(benches: Any) -> None:
    bench = benches()
    built(bench, {"analytics.counts.vpc": PLACED})
    (placed,) = configuration(bench)["VpcConfigurations"]
    assert placed["SubnetIds"] == PLACED["subnet_ids"]
    assert placed["SecurityGroupIds"] == [reference(bench, "PipelinecountsNetworkSecurityGroup", "GroupId")]
    named = benches()
    built(named, {"analytics.counts.vpc": {**PLACED, "security_group_ids": ["sg-0123456789abcdef0"]}})
    (placed,) = configuration(named)["VpcConfigurations"]
    assert placed["SecurityGroupIds"] == ["sg-0123456789abcdef0"]
    assert named.of_type("AWS::EC2::SecurityGroup") == {}


def test_without_topics_and_a_vpc_it_stands_in_none(bench: Any) -> None:
    built(bench)
    assert "VpcConfigurations" not in configuration(bench)


# --- its key


def test_state_is_encrypted_with_a_key_that_the_service_may_use_for_it(bench: Any) -> None:
    pipeline = built(bench, {"analytics.counts.encryption": "customer_managed"})
    key = reference(bench, "PipelinecountsKey")
    assert configuration(bench)["ApplicationEncryptionConfiguration"] == {
        "KeyType": "CUSTOMER_MANAGED_KEY",
        "KeyId": key,
    }
    (found,) = [one for name, one in bench.of_type("AWS::KMS::Key").items() if name.startswith("Pipelinecounts")]
    root, *statements = found["Properties"]["KeyPolicy"]["Statement"]
    name = pipeline.analytics["counts"].application_name
    # The root of the account lets IAM decide; all else is the service's, for this application alone.
    assert root["Action"] == "kms:*"
    assert all(f":application/{name}" in flat(one["Condition"]) for one in statements)
    service, infrastructure = "kinesisanalytics.amazonaws.com", "infrastructure.kinesisanalytics.amazonaws.com"
    by_action = [(one["Action"], one["Principal"]["Service"]) for one in statements]
    assert by_action == [
        ("kms:DescribeKey", [service, infrastructure]),
        ("kms:GenerateDataKey", service),
        ("kms:Decrypt", service),
        (["kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext"], infrastructure),
        ("kms:CreateGrant", infrastructure),
    ]


def test_who_starts_it_may_use_its_key_through_the_service(bench: Any) -> None:
    built(bench, {"analytics.counts.encryption": {"kms_key_arn": KEY}})
    (policy,) = [one for key, one in bench.of_type("AWS::IAM::ManagedPolicy").items() if "countsStart" in key]
    on_key = [one for one in policy["Properties"]["PolicyDocument"]["Statement"] if one["Resource"] == KEY]
    assert [one["Action"] for one in on_key] == [
        "kms:DescribeKey",
        ["kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"],
        "kms:CreateGrant",
    ]
    assert all("kms:ViaService" in one["Condition"]["StringEquals"] for one in on_key)


def test_a_key_that_is_brought_is_used_and_none_created(bench: Any) -> None:
    key = kms.Key(bench.stack, "Own")
    built(bench, keys={"counts": key})
    found = configuration(bench)["ApplicationEncryptionConfiguration"]["KeyId"]
    assert found == reference(bench, "Own")


def test_that_the_key_is_of_aws_is_said_as_well(bench: Any) -> None:
    built(bench)
    assert configuration(bench)["ApplicationEncryptionConfiguration"] == {"KeyType": "AWS_OWNED_KEY"}


# --- what starts it


def test_it_is_started_when_all_is_there_that_it_needs(bench: Any) -> None:
    built(bench)
    first, second = bench.of_type(WAIT).items()
    for logical_id in ("PipelinecountsApplication", "PipelinecountsAccessPermissions", "PipelinecountsLogging"):
        assert any(key.startswith(logical_id) for key in first[1]["DependsOn"]), logical_id
    assert first[0] in second[1]["DependsOn"]
    assert [(one["Properties"]["Step"], one["Properties"]["Steps"]) for _, one in (first, second)] == [(1, 2), (2, 2)]


def test_who_starts_it_may_start_this_application_alone(bench: Any) -> None:
    pipeline = built(bench)
    permitted = allowed(bench, "PipelinecountsStart")
    assert on(permitted, f":application/{pipeline.analytics['counts'].application_name}") == {
        "kinesisanalytics:DescribeApplication",
        "kinesisanalytics:DescribeApplicationOperation",
        "kinesisanalytics:ListApplicationOperations",
        "kinesisanalytics:ListApplicationSnapshots",
        "kinesisanalytics:StartApplication",
        "kinesisanalytics:StopApplication",
    }
    assert len(permitted) == 2


def test_where_the_spec_says_so_nothing_starts_it(bench: Any) -> None:
    pipeline = built(bench, {"analytics.counts.start": False})
    assert pipeline.analytics["counts"].start is None
    assert (bench.of_type(WAIT), bench.of_type("AWS::Lambda::Function")) == ({}, {})
    told = configuration(bench)["EnvironmentProperties"]["PropertyGroups"]
    assert [one["PropertyGroupId"] for one in told] == ["sql.variables"]


# --- standing alone


def query() -> FlinkSqlSpec:
    sql = system().analytics["counts"].sql  # type: ignore[union-attr]
    return FlinkSqlSpec(from_="clicks", to="per_page", sql=sql, watermark=Watermark(field="at", delay_seconds=5))  # type: ignore[arg-type]


SCHEMAS = {
    "clicks": {"page": "string", "at": "timestamp"},
    "per_page": {"page": "string", "start": "timestamp", "views": "bigint"},
}


def test_alone_it_is_what_it_is_in_a_system(benches: Any) -> None:
    whole = benches()
    in_system = built(whole).analytics["counts"].plan
    bench = benches()
    clicks = KinesisStream(bench.stack, "Clicks", spec=KinesisStreamSpec(shards=2))
    pages = KinesisStream(bench.stack, "Pages", spec=KinesisStreamSpec(shards=1))
    alone = FlinkSqlApplication(
        bench.stack,
        "Counts",
        spec=query(),
        sources={"clicks": clicks},
        targets={"per_page": pages},
        schemas=SCHEMAS,
    )
    assert alone.plan.statements == in_system.statements  # type: ignore[union-attr]
    assert alone.plan.capacity == in_system.capacity
    assert groups(bench)["sql.variables"]["PER_PAGE_STREAM_ARN"] == reference(bench, "PagesStream")
    assert alone.metric(next(alone.plan.alarms()).metric).dimensions == {"Application": alone.application.ref}


@pytest.mark.parametrize(
    ("live", "subtasks", "code"),
    [
        (lambda stack: kinesis.Stream(stack, "Live", shard_count=2), 2, ""),
        (lambda stack: kinesis.Stream(stack, "Live", stream_mode=kinesis.StreamMode.ON_DEMAND), 1, "FLK321"),
        (lambda stack: kinesis.Stream.from_stream_arn(stack, "Live", OLD), 1, "FLK334"),
        (lambda stack: kinesis.Stream(stack, "Live", shard_count=cdk.Token.as_number({"Ref": "Shards"})), 1, "FLK334"),
    ],
    ids=["shards", "on demand", "exists", "a parameter"],
)
def test_the_shards_of_a_live_stream_count_where_they_are_known(
    bench: Any, live: Callable[[cdk.Stack], kinesis.IStream], subtasks: int, code: str
) -> None:
    pages = KinesisStream(bench.stack, "Pages", spec=KinesisStreamSpec(shards=1))
    clicks = live(bench.stack)
    alone = FlinkSqlApplication(
        bench.stack,
        "Counts",
        spec=query(),
        sources={"clicks": clicks},
        targets={"per_page": pages},
        schemas=SCHEMAS,
    )
    assert alone.plan.capacity.parallelism == subtasks
    messages = bench.app.synth().get_stack_by_name("Test").messages
    told = [one.entry.data for one in messages if one.level == cx_api.SynthesisMessageLevel.WARNING]
    shards = ("FLK320", "FLK321", "FLK334")
    assert [each for text in told for each in shards if f":{each}:" in str(text)] == ([code] if code else [])


def test_a_live_stream_is_read_by_its_arn(bench: Any) -> None:
    old = kinesis.Stream.from_stream_arn(bench.stack, "Old", OLD)
    FlinkApplication(
        bench.stack,
        "Sessions",
        spec=FlinkAppSpec(from_="old", bucket="my-code", key="app.jar"),  # type: ignore[arg-type]
        sources={"old": old},
    )
    assert groups(bench) == {"old": {"stream.arn": OLD, "aws.region": {"Ref": "AWS::Region"}}}
    assert "kinesis:GetRecords" in on(allowed(bench, "SessionsAccess"), OLD)


def test_what_the_spec_names_has_to_be_brought_and_nothing_else(bench: Any) -> None:
    stream = KinesisStream(bench.stack, "Clicks", spec=KinesisStreamSpec(shards=2))
    with pytest.raises(SpecError) as refused:
        FlinkSqlApplication(bench.stack, "Counts", spec=query(), sources={"clics": stream}, schemas=SCHEMAS)
    assert sorted(finding.message for finding in refused.value.findings) == [
        "`clics` of `sources=` is not named",
        "nothing was brought as `clicks`",
        "nothing was brought as `per_page`",
    ]


def test_wrong_sql_is_refused_alone_as_in_a_system(bench: Any) -> None:
    stream = KinesisStream(bench.stack, "Clicks", spec=KinesisStreamSpec(shards=2))
    spec = FlinkSqlSpec(from_="clicks", sql=("INSERT INTO nowhere SELECT page FROM clicks",))  # type: ignore[arg-type]
    with pytest.raises(SpecError) as refused:
        FlinkSqlApplication(bench.stack, "Counts", spec=spec, sources={"clicks": stream}, schemas=SCHEMAS)
    assert any("nowhere" in finding.message for finding in refused.value.findings)


# --- together


def test_two_of_a_name_in_two_stacks_are_two_applications(benches: Any) -> None:
    names = set()
    for stack in ("One", "Other"):
        bench = benches()
        bench.stack = cdk.Stack(bench.app, stack)
        names.add(built(bench).analytics["counts"].application_name)
    assert len(names) == 2


def test_its_log_stream_is_kept_with_its_group(benches: Any) -> None:
    for policy, kept in (("retain", "Retain"), ("destroy", "Delete")):
        bench = benches()
        built(bench, {"removal_policy": policy})
        (stream,) = bench.of_type("AWS::Logs::LogStream").values()
        assert stream["DeletionPolicy"] == kept
        assert "DeletionPolicy" not in bench.of_type(APPLICATION).popitem()[1]


VARIANTS = {
    "kinesis": ({},),
    "kafka": (ON_KAFKA,),
    "kafka to kinesis": (ON_KAFKA, {"streams.per_page": {"kind": "kinesis", "schema": "count", "shards": 1}}),
    "firehose": (TO_DELIVERY,),
    "opensearch": (TO_DOMAIN,),
    "dynamodb": (TO_TABLE, {"stores.per_page.arn": "arn:aws:dynamodb:eu-west-1:111122223333:table/pages"}),
    "customer key": (
        {"analytics.counts.encryption": "customer_managed", "streams.clicks.encryption": "customer_managed"},
    ),
    "fan-out": ({"analytics.counts.enhanced_fan_out": True},),
    "adopted": ({"streams.clicks": {"kind": "kinesis", "schema": "click", "arn": OLD, "shards": 2}},),
    "placed": ({"analytics.counts.vpc": PLACED},),
    "not started": ({"analytics.counts.start": False},),
    "permitted": ({"analytics.counts.permissions": [{"actions": ["s3:Get*"], "resources": ["arn:aws:s3:::rules/*"]}]},),
    "restored": ({"analytics.counts.restore": {"snapshot": "before", "allow_non_restored_state": True}},),
    "flink 1": ({"analytics.counts.runtime": "FLINK-1_20"},),
    "jar": "app.jar",
    "python": "app.zip",
}


@pytest.fixture(params=list(VARIANTS))
def variant(request: pytest.FixtureRequest, bench: Any, tmp_path: Path) -> Any:
    changes: Any = VARIANTS[request.param]
    if isinstance(changes, str):
        changes = (code_system(tmp_path, changes),)
    built(bench, *changes, folder=tmp_path)
    return bench


def test_templates_are_valid_to_cloudformation_and_to_cfn_lint(variant: Any) -> None:
    template = json.dumps(variant.template)
    assert [str(one) for one in TemplateValidator().validate(template)] == []
    # CDK states dependencies that a reference implies already (W3005); they do no harm.
    config = ManualArgs(regions=["eu-west-1"], ignore_checks=["W3005"])
    assert [f"{one.rule.id} {one.message}" for one in api.lint(template, config=config)] == []
    assert [*alarm_problems(variant.template)] == []


def test_packs_of_cdk_nag_have_no_finding(variant: Any) -> None:
    found = [
        f"{one.rule_name}: {one.description}"
        for pack in PACKS
        for one in pack(variant.stack).validate_scope(variant.stack).violations
    ]
    assert found == []


def test_policies_name_what_they_allow(benches: Any) -> None:
    for changes in ((), (ON_KAFKA,), ({"analytics.counts.vpc": PLACED},)):
        bench = benches()
        built(bench, *changes)
        assert [*policy_problems(bench.template)] == []


def test_a_schema_that_is_none_is_told_at_its_place(bench: Any) -> None:
    stream = KinesisStream(bench.stack, "Clicks", spec=KinesisStreamSpec(shards=2))
    schemas = {**SCHEMAS, "clicks": {"page": "strin"}}
    with pytest.raises(SpecError) as refused:
        FlinkSqlApplication(
            bench.stack,
            "Counts",
            spec=query(),
            sources={"clicks": stream},
            targets={"per_page": stream},
            schemas=schemas,
        )
    (found,) = refused.value.findings
    assert (found.code, found.path[1:]) == ("SCH207", ("schemas", "clicks", "page"))
    assert found.help == "write `string`"
