"""The whole system from its spec: wiring, and what holds wherever it is deployed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match

from streaming_constructs import (
    AcceptFrom,
    AccountPolicy,
    AgentFile,
    AlarmsSpec,
    AthenaSpec,
    CloudWatchLogsProducerSpec,
    CustomerManagedKey,
    DeliverySpec,
    KinesisAgentProducerSpec,
    KinesisStreamSpec,
    LambdaConsumerSpec,
    NotifyEmail,
    OnFailure,
    OpenSearchDestination,
    OpenSearchDomainSpec,
    PipelineSpec,
    RecordField,
    S3Destination,
    S3OnFailure,
    SnsTopicSpec,
    SpecError,
    SqsOnFailure,
    StreamingPipeline,
    Workload,
)
from streaming_constructs.testing import alarm_problems, policy_problems

STREAM = "AWS::Kinesis::Stream"


def consumer(code: str, from_: str = "clicks", **more: Any) -> LambdaConsumerSpec:
    on_failure = OnFailure(retries=3, max_record_age_seconds=600, destination=SqsOnFailure())
    return LambdaConsumerSpec(**{"from_": from_, "code": code, "on_failure": on_failure, **more})


def system(code: str, **more: Any) -> PipelineSpec:
    two = KinesisStreamSpec(shards=2)
    defaults: dict[str, Any] = {
        "name": "shop",
        "streams": {"clicks": two, "orders": KinesisStreamSpec(mode="on_demand")},
        "consumers": {"fraud": consumer(code), "audit": consumer(code, "orders", enhanced_fan_out=True)},
        "alarms": AlarmsSpec(notify=(NotifyEmail(email="oncall@example.com"),)),
    }
    return PipelineSpec(**{**defaults, **more})


def test_each_consumer_reads_its_own_stream(bench: Any, code: str) -> None:
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=system(code))
    clicks = bench.stack.resolve(pipeline.streams["clicks"].stream.stream_arn)
    assert bench.stack.resolve(pipeline.consumers["fraud"].mapping.event_source_arn) == clicks
    orders = bench.stack.resolve(pipeline.streams["orders"].stream.stream_arn)
    registered = pipeline.consumers["audit"].fan_out_consumer
    assert registered is not None
    assert bench.stack.resolve(registered.stream_arn) == orders


def test_shared_readers_of_a_stream_raise_its_shards(bench: Any, code: str) -> None:
    load = Workload(records_per_second=1024, record_kb=1)
    spec = system(
        code,
        streams={"clicks": KinesisStreamSpec(workload=load)},
        consumers={name: consumer(code) for name in ("a", "b", "c", "d")}
        | {"e": consumer(code, enhanced_fan_out=True)},
    )
    StreamingPipeline(bench.stack, "Pipeline", spec=spec)
    # 1 MiB/s, four shared readers: 4 x 1 / 2 = 2; x 1.3 = 2.6
    assert bench.only(STREAM)["ShardCount"] == 3


def test_every_alarm_watches_something_and_every_policy_names_what_it_allows(bench: Any, code: str) -> None:
    StreamingPipeline(bench.stack, "Pipeline", spec=system(code, dashboard=True))
    assert list(alarm_problems(bench.template)) == []
    assert list(policy_problems(bench.template)) == []


def test_dashboard_is_created_on_request_alone(benches: Any, code: str) -> None:
    with_dashboard, without = benches(), benches()
    StreamingPipeline(with_dashboard.stack, "Pipeline", spec=system(code, dashboard=True))
    pipeline = StreamingPipeline(without.stack, "Pipeline", spec=system(code))
    assert len(with_dashboard.of_type("AWS::CloudWatch::Dashboard")) == 1
    assert pipeline.dashboard is None
    assert not without.of_type("AWS::CloudWatch::Dashboard")


def test_tags_are_on_every_resource_that_takes_some(bench: Any, code: str) -> None:
    StreamingPipeline(bench.stack, "Pipeline", spec=system(code, tags={"team": "payments"}))
    untagged = {
        one["Type"]
        for one in bench.template["Resources"].values()
        if {"Key": "team", "Value": "payments"} not in one["Properties"].get("Tags", [])
    }
    assert untagged == {
        "AWS::IAM::ManagedPolicy",
        # It would be replaced for a tag that changes.
        "AWS::Kinesis::StreamConsumer",
        "AWS::SNS::Subscription",
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::QueuePolicy",
    }


def test_two_systems_fit_in_one_stack(bench: Any, code: str) -> None:
    spec = system(code, dashboard=True)
    StreamingPipeline(bench.stack, "One", spec=spec)
    StreamingPipeline(bench.stack, "Two", spec=spec)
    assert len(bench.of_type(STREAM)) == 4
    names = [one["Properties"]["ConsumerName"] for one in bench.of_type("AWS::Kinesis::StreamConsumer").values()]
    assert len(set(names)) == 2


def test_nothing_gets_a_name_that_would_collide(bench: Any, code: str) -> None:
    StreamingPipeline(bench.stack, "Pipeline", spec=system(code, dashboard=True))
    names = {"Name", "FunctionName", "QueueName", "TopicName", "BucketName", "LogGroupName", "AlarmName", "RoleName"}
    named = {
        one["Type"]
        for one in bench.template["Resources"].values()
        if names & set(one["Properties"]) and one["Type"] != "AWS::Lambda::EventSourceMapping"
    }
    assert named == set()


def test_logical_ids_follow_from_names_not_from_order(benches: Any, code: str) -> None:
    forward, backward = benches(), benches()
    spec = system(code)
    StreamingPipeline(forward.stack, "Pipeline", spec=spec)
    turned = system(
        code,
        streams=dict(reversed(spec.streams.items())),
        consumers=dict(reversed(spec.consumers.items())),
    )
    StreamingPipeline(backward.stack, "Pipeline", spec=turned)
    assert forward.template["Resources"] == backward.template["Resources"]


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-central-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_other_partitions_are_no_other_template(benches: Any, code: str, region: str, partition: str) -> None:
    spec = system(code, consumers={"fraud": consumer(code, on_failure=s3_failures())})
    here = benches(env=cdk.Environment(account="111122223333", region=region))
    agnostic = benches()
    StreamingPipeline(here.stack, "Pipeline", spec=spec)
    StreamingPipeline(agnostic.stack, "Pipeline", spec=spec)
    text = str(here.template["Resources"])
    assert "arn:aws:" not in text
    assert ("arn:" + partition + ":" in text) or ("AWS::Partition" in text)
    assert "arn:aws:" not in str(agnostic.template["Resources"])
    assert set(here.template["Resources"]) == set(agnostic.template["Resources"])


def s3_failures() -> OnFailure:
    return OnFailure(retries=3, max_record_age_seconds=600, destination=S3OnFailure())


def test_tokens_of_the_company_pass_through(bench: Any, code: str) -> None:
    topic_arn = cdk.CfnParameter(bench.stack, "TopicArn").value_as_string
    vpc = ec2.Vpc.from_vpc_attributes(
        bench.stack,
        "Vpc",
        vpc_id=cdk.CfnParameter(bench.stack, "VpcId").value_as_string,
        availability_zones=["a", "b"],
        private_subnet_ids=[cdk.Fn.import_value("SubnetA"), cdk.Fn.import_value("SubnetB")],
    )
    topic = sns.Topic.from_topic_arn(bench.stack, "Topic", topic_arn)
    StreamingPipeline(bench.stack, "Pipeline", spec=system(code, alarms=AlarmsSpec()), vpc=vpc, notify=[topic])
    assert bench.alarm("clicksIncomingBytes")["AlarmActions"] == [{"Ref": "TopicArn"}]
    configs = [one["Properties"]["VpcConfig"]["SubnetIds"] for one in bench.of_type("AWS::Lambda::Function").values()]
    assert configs == [[{"Fn::ImportValue": "SubnetA"}, {"Fn::ImportValue": "SubnetB"}]] * 2


def test_template_is_plain_ascii_where_cloudformation_would_garble_it(bench: Any, code: str) -> None:
    StreamingPipeline(bench.stack, "Pipeline", spec=system(code, dashboard=True))
    assert str(bench.template).isascii()


def test_warnings_show_in_synth_and_acknowledged_ones_do_not(benches: Any, code: str) -> None:
    late = OnFailure(retries=3, max_record_age_seconds=80_000, destination=SqsOnFailure())
    spec = system(code, consumers={"fraud": consumer(code, on_failure=late)})
    warned = benches()
    StreamingPipeline(warned.stack, "Pipeline", spec=spec)
    Annotations.from_stack(warned.stack).has_warning(
        "/Test/Pipeline", Match.string_like_regexp("little time is left.*streaming-constructs:LAM507")
    )
    accepted = benches()
    quiet = spec.model_copy(update={"acknowledge": {"fraud.LAM507": "an on-call engineer re-reads within the hour"}})
    StreamingPipeline(accepted.stack, "Pipeline", spec=quiet)
    Annotations.from_stack(accepted.stack).has_no_warning("*", Match.any_value())


def test_live_topics_are_somebody_to_tell(bench: Any, code: str) -> None:
    topic = sns.Topic(bench.stack, "OnCall")
    StreamingPipeline(bench.stack, "Pipeline", spec=system(code, alarms=AlarmsSpec()), notify=[topic])
    Annotations.from_stack(bench.stack).has_no_warning("*", Match.any_value())


def test_all_errors_are_raised_at_once(bench: Any, code: str) -> None:
    forever = OnFailure(retries=3, max_record_age_seconds=86_400, destination=SqsOnFailure())
    spec = system(
        code,
        consumers={"fraud": consumer(code, on_failure=forever)},
        alarms=AlarmsSpec(silence={"fraud.iteratorage": "a slow consumer by design"}),
    )
    with pytest.raises(SpecError) as error:
        StreamingPipeline(bench.stack, "Pipeline", spec=spec)
    assert [(one.code, one.dotted_path) for one in error.value.findings] == [
        ("LAM506", "consumers.fraud.on_failure.max_record_age_seconds"),
        ("ALM601", "alarms.silence.fraud.iteratorage"),
    ]


def test_code_is_looked_up_beside_the_spec(bench: Any, tmp_path: Path) -> None:
    (tmp_path / "handlers").mkdir()
    (tmp_path / "handlers" / "index.py").write_text("def handler(event, context): ...\n")
    spec = system("handlers").read_from(tmp_path)
    StreamingPipeline(bench.stack, "Pipeline", spec=spec)
    assert len(bench.of_type("AWS::Lambda::Function")) == 2


def archive(from_: str | None = "clicks", **to: Any) -> DeliverySpec:
    return DeliverySpec(from_=from_, record_schema="click", to=S3Destination(**{"format": "parquet", **to}))


def whole(code: str, **more: Any) -> PipelineSpec:
    """A system with a node of every section."""
    defaults: dict[str, Any] = {
        "schemas": {"click": {"page": RecordField(type="string"), "at": RecordField(type="timestamp")}},
        "consumers": {
            "fraud": consumer(code, to=("told", "direct", "orders")),
            "audit": consumer(code, "orders", enhanced_fan_out=True),
        },
        "deliveries": {
            "lake": archive(),
            "direct": DeliverySpec(encryption=CustomerManagedKey(), to=S3Destination()),
            "indexed": DeliverySpec(from_="orders", to=OpenSearchDestination(domain="search")),
        },
        "stores": {"search": OpenSearchDomainSpec()},
        "sns_topics": {"told": SnsTopicSpec(subscribers=(NotifyEmail(email="oncall@example.com"),))},
        "producers": {
            "services": CloudWatchLogsProducerSpec(
                to="orders",
                account_policy=AccountPolicy(),
                accept_from=AcceptFrom(account_ids=("444455556666",)),
            ),
            "hosts": KinesisAgentProducerSpec(to="clicks", files=(AgentFile(path="/var/log/app.log"),)),
        },
        "dashboard": True,
    }
    return system(code, **{**defaults, **more})


def test_every_node_is_found_by_its_name(bench: Any, code: str) -> None:
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=whole(code))
    sections = (pipeline.deliveries, pipeline.stores, pipeline.sns_topics, pipeline.producers)
    assert [{name: type(node).__name__ for name, node in section.items()} for section in sections] == [
        {"lake": "S3Delivery", "direct": "S3Delivery", "indexed": "OpenSearchDelivery"},
        {"search": "OpenSearchDomain"},
        {"told": "NotificationTopic"},
        {"services": "CloudWatchLogsProducer", "hosts": "KinesisAgentProducer"},
    ]
    assert {name: node.node.id for name, node in pipeline.deliveries.items()} == {
        name: name for name in ("lake", "direct", "indexed")
    }


def test_system_of_streams_alone_has_nothing_else(bench: Any, code: str) -> None:
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=system(code))
    assert (pipeline.deliveries, pipeline.stores, pipeline.sns_topics, pipeline.producers) == ({}, {}, {}, {})
    assert pipeline.athena is None


def test_deliveries_read_their_own_stream(bench: Any, code: str) -> None:
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=whole(code))
    sources = {
        name: bench.template["Resources"][bench.stack.get_logical_id(delivery.delivery_stream)]["Properties"].get(
            "KinesisStreamSourceConfiguration", {}
        )
        for name, delivery in pipeline.deliveries.items()
    }
    arns = {name: bench.stack.resolve(stream.stream.stream_arn) for name, stream in pipeline.streams.items()}
    assert {name: source.get("KinesisStreamARN") for name, source in sources.items()} == {
        "lake": arns["clicks"],
        "direct": None,
        "indexed": arns["orders"],
    }


def test_deliveries_raise_the_shards_of_their_stream(bench: Any, code: str) -> None:
    load = Workload(records_per_second=1024, record_kb=1)
    spec = system(
        code,
        streams={"clicks": KinesisStreamSpec(workload=load)},
        consumers={name: consumer(code) for name in ("a", "b")},
        deliveries={name: DeliverySpec(from_="clicks", to=S3Destination()) for name in ("c", "d")},
    )
    StreamingPipeline(bench.stack, "Pipeline", spec=spec)
    # As with four consumers: 1 MiB/s, 4 x 1 / 2 = 2; x 1.3 = 2.6
    assert bench.only(STREAM)["ShardCount"] == 3


def test_tables_share_one_database(bench: Any, code: str) -> None:
    deliveries = {"lake": archive(), "pond": archive(None), "brook": archive(database="existing")}
    StreamingPipeline(bench.stack, "Pipeline", spec=whole(code, deliveries=deliveries, consumers={}, stores={}))
    own = bench.only("AWS::Glue::Database")["DatabaseInput"]["Name"]
    tables = {
        one["Properties"]["TableInput"]["Name"]: one["Properties"]["DatabaseName"]
        for one in bench.of_type("AWS::Glue::Table").values()
    }
    assert tables == {"lake": own, "pond": own, "brook": "existing"}
    queried = {
        one["Properties"]["Name"]: one["Properties"]["Database"]
        for one in bench.of_type("AWS::Athena::NamedQuery").values()
    }
    assert queried == {f"{name}: records by partition": database for name, database in tables.items()}


@pytest.mark.parametrize(
    ("delivery", "workgroups"),
    [
        (archive(database="existing"), 1),
        (archive(format="json", compression="zip"), 0),
        (DeliverySpec(from_="clicks", to=S3Destination()), 0),
    ],
)
def test_database_and_workgroup_are_created_where_tables_need_them(
    bench: Any, code: str, delivery: DeliverySpec, workgroups: int
) -> None:
    spec = whole(code, deliveries={"lake": delivery}, consumers={}, stores={})
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=spec)
    assert bench.of_type("AWS::Glue::Database") == {}
    assert len(bench.of_type("AWS::Athena::WorkGroup")) == len(bench.of_type("AWS::Glue::Table")) == workgroups
    assert (pipeline.athena is not None) == bool(workgroups)


def test_existing_workgroup_gets_the_queries(bench: Any, code: str) -> None:
    StreamingPipeline(bench.stack, "Pipeline", spec=whole(code, athena=AthenaSpec(workgroup="analysts")))
    assert bench.only("AWS::Athena::NamedQuery")["WorkGroup"] == "analysts"
    assert bench.of_type("AWS::Athena::WorkGroup") == {}


def test_what_a_consumer_writes_is_named_to_it_and_allowed(bench: Any, code: str) -> None:
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=whole(code))
    orders, told = pipeline.streams["orders"].stream.stream_arn, pipeline.sns_topics["told"].topic.topic_arn
    direct = pipeline.deliveries["direct"].delivery_stream
    fraud = pipeline.consumers["fraud"]
    function = bench.template["Resources"][bench.stack.get_logical_id(fraud.function.node.default_child)]
    expected = {
        "ORDERS_STREAM_ARN": orders,
        "TOLD_TOPIC_ARN": told,
        "DIRECT_DELIVERY_STREAM_NAME": direct.ref,
    }
    assert function["Properties"]["Environment"]["Variables"] == bench.stack.resolve(expected)
    policy = bench.template["Resources"][bench.stack.get_logical_id(fraud.permissions.node.default_child)]
    allowed = {str(one["Resource"]): one["Action"] for one in policy["Properties"]["PolicyDocument"]["Statement"]}
    written = {str(bench.stack.resolve(arn)): arn for arn in (orders, told, direct.attr_arn)}
    assert {written[arn]: actions for arn, actions in allowed.items() if arn in written} == {
        orders: ["kinesis:PutRecord", "kinesis:PutRecords"],
        told: "sns:Publish",
        direct.attr_arn: ["firehose:PutRecord", "firehose:PutRecordBatch"],
    }
    silent = bench.template["Resources"][
        bench.stack.get_logical_id(pipeline.consumers["audit"].function.node.default_child)
    ]
    assert "Environment" not in silent["Properties"]


def test_account_policy_leaves_out_what_the_system_itself_logs(bench: Any, code: str) -> None:
    adopted = consumer(code).model_copy(
        update={"code": None, "function_arn": "arn:aws:lambda:eu-west-1:111122223333:function:adopted:live"}
    )
    services = CloudWatchLogsProducerSpec(to="orders", account_policy=AccountPolicy(exclude_log_groups=("/loud",)))
    consumers = {"fraud": consumer(code, to=("direct",)), "old": adopted}
    spec = whole(code, consumers=consumers, producers={"services": services})
    StreamingPipeline(bench.stack, "Pipeline", spec=spec)
    criteria = bench.only("AWS::Logs::AccountPolicy")["SelectionCriteria"]["Fn::Join"][1]
    referred = {part["Ref"] for part in criteria if isinstance(part, dict)}
    text = "".join(part for part in criteria if isinstance(part, str))
    # The setup of the domain is the stack's: it logs while the stack is deployed, and then no more.
    own = {key for key in bench.of_type("AWS::Logs::LogGroup") if key.startswith("Pipeline")}
    assert len(own) >= 5
    assert referred == own
    assert text.startswith('LogGroupName NOT IN ["/loud"')
    assert '"/aws/lambda/adopted"' in text


def test_alarms_are_those_of_the_plan(bench: Any, code: str) -> None:
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=whole(code))
    planned = [alarm.name for alarm in pipeline.plan.alarms]
    assert list(pipeline.alarms.alarms) == planned
    assert len(bench.of_type("AWS::CloudWatch::Alarm")) == len(planned)
    assert {name.partition(".")[0] for name in planned} == {
        *("clicks", "orders", "fraud", "audit", "lake", "direct", "indexed", "search")
    }
    assert list(alarm_problems(bench.template)) == []
    assert list(policy_problems(bench.template)) == []


def test_tags_reach_every_section(bench: Any, code: str) -> None:
    StreamingPipeline(bench.stack, "Pipeline", spec=whole(code, tags={"team": "payments"}))
    tagged = {
        one["Type"]
        for one in bench.template["Resources"].values()
        for tags in [one.get("Properties", {}).get("Tags", [])]
        if tags == {"team": "payments"} or {"Key": "team", "Value": "payments"} in tags
    }
    assert tagged >= {
        "AWS::Athena::WorkGroup",
        "AWS::IAM::Role",
        "AWS::KinesisFirehose::DeliveryStream",
        "AWS::KMS::Key",
        "AWS::Lambda::Function",
        "AWS::Logs::Destination",
        "AWS::Logs::LogGroup",
        "AWS::OpenSearchService::Domain",
        "AWS::S3::Bucket",
        "AWS::SNS::Topic",
        "AWS::SSM::Parameter",
    }


@pytest.mark.parametrize(("removal_policy", "policy"), [("retain", "Retain"), ("destroy", "Delete")])
def test_removal_policy_decides_what_outlives_the_stack(
    bench: Any, code: str, removal_policy: str, policy: str
) -> None:
    StreamingPipeline(bench.stack, "Pipeline", spec=whole(code, removal_policy=removal_policy))
    kept = ("AWS::Kinesis::Stream", "AWS::KMS::Key", "AWS::S3::Bucket", "AWS::OpenSearchService::Domain")
    policies = {(kind, one.get("DeletionPolicy")) for kind in kept for one in bench.of_type(kind).values()}
    assert policies == {(kind, policy) for kind in kept}


def test_whole_system_names_no_partition_and_is_plain_ascii(benches: Any, code: str) -> None:
    agnostic = benches()
    china = benches(env=cdk.Environment(account="111122223333", region="cn-north-1"))
    for bench in (agnostic, china):
        StreamingPipeline(bench.stack, "Pipeline", spec=whole(code))
        text = str(bench.template["Resources"])
        assert "arn:aws:" not in text
        assert text.isascii()
    assert set(agnostic.template["Resources"]) == set(china.template["Resources"])


def test_ids_of_a_whole_system_follow_from_names_not_from_order(benches: Any, code: str) -> None:
    forward, backward = benches(), benches()
    spec = whole(code)
    sections = ("streams", "consumers", "deliveries", "stores", "sns_topics", "producers")
    turned = whole(code, **{name: dict(reversed(getattr(spec, name).items())) for name in sections})
    StreamingPipeline(forward.stack, "Pipeline", spec=spec)
    StreamingPipeline(backward.stack, "Pipeline", spec=turned)
    assert set(forward.template["Resources"]) == set(backward.template["Resources"])


def test_domain_stands_in_the_vpc_of_the_system_with_what_writes_to_it(bench: Any, code: str) -> None:
    vpc = ec2.Vpc(bench.stack, "Vpc", max_azs=3)
    pipeline = StreamingPipeline(
        bench.stack, "Pipeline", spec=whole(code, stores={"search": OpenSearchDomainSpec(zones=2)}), vpc=vpc
    )
    domain = bench.only("AWS::OpenSearchService::Domain")
    indexed = bench.template["Resources"][bench.stack.get_logical_id(pipeline.deliveries["indexed"].delivery_stream)][
        "Properties"
    ]["AmazonopensearchserviceDestinationConfiguration"]
    assert len(domain["VPCOptions"]["SubnetIds"]) == 2
    assert indexed["VpcConfiguration"]["SubnetIds"] == domain["VPCOptions"]["SubnetIds"]
