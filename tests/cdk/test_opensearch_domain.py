"""The domain: what is in the template for what is in the spec."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import cdk_nag
import pytest
from aws_cdk import aws_ec2 as ec2
from cfnlint import api
from cfnlint.config import ManualArgs

from streaming_constructs.cdk.alarms import PipelineAlarms
from streaming_constructs.cdk.deliveries.opensearch import OpenSearchDelivery
from streaming_constructs.cdk.stores import opensearch_setup
from streaming_constructs.cdk.stores.opensearch import OpenSearchDomain
from streaming_constructs.facts import metrics
from streaming_constructs.planning.deliveries.firehose import plan_delivery
from streaming_constructs.planning.stores.opensearch import plan_domain
from streaming_constructs.review.validation import TemplateValidator
from streaming_constructs.spec.deliveries.firehose import DeliverySpec
from streaming_constructs.spec.deliveries.opensearch import OpenSearchDestination
from streaming_constructs.spec.encryption import CustomerManagedKey
from streaming_constructs.spec.finding import SpecError
from streaming_constructs.spec.stores.opensearch import OpenSearchDomainSpec
from streaming_constructs.spec.vpc import VpcPlacement
from streaming_constructs.spec.workload import Workload

DOMAIN = "AWS::OpenSearchService::Domain"
ADMIN_ARN = "arn:aws:iam::111122223333:role/search-admin"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
SUBNETS = tuple(f"subnet-0123456{number}" for number in range(3))
PLACED = VpcPlacement(subnet_ids=SUBNETS, security_group_ids=("sg-01234567",))
OWN_DOMAIN = {
    "Fn::Join": [
        "",
        [
            "arn:",
            {"Ref": "AWS::Partition"},
            ":es:",
            {"Ref": "AWS::Region"},
            ":",
            {"Ref": "AWS::AccountId"},
            ":domain/*",
        ],
    ]
}


def create(bench: Any, name: str = "Search", system: Any = "retain", **spec: Any) -> OpenSearchDomain:
    return OpenSearchDomain(bench.stack, name, spec=OpenSearchDomainSpec(**spec), removal_policy=system)


def deliver(bench: Any, domain: OpenSearchDomain, name: str = "logs", **to: Any) -> OpenSearchDelivery:
    spec = DeliverySpec(to=OpenSearchDestination(**{"domain": "search", **to}))
    return OpenSearchDelivery(
        bench.stack,
        name,
        spec=spec,
        domain=domain,
        schema={"level": "string"},
        removal_policy=domain.plan.removal_policy,
    )


def live_vpc(bench: Any, zones: int = 3) -> ec2.IVpc:
    names = [f"eu-west-1{letter}" for letter in "abc"[:zones]]
    return ec2.Vpc.from_vpc_attributes(
        bench.stack,
        "Vpc",
        vpc_id="vpc-01234567",
        availability_zones=names,
        private_subnet_ids=list(SUBNETS[:zones]),
        public_subnet_ids=[f"subnet-0765432{number}" for number in range(zones)],
    )


def test_a_domain_that_is_kept_is_encrypted_spread_and_logged(bench: Any) -> None:
    create(bench)
    groups = {
        kind: next(key for key in bench.of_type("AWS::Logs::LogGroup") if name in key)
        for kind, name in {
            "SEARCH_SLOW_LOGS": "SearchSlowLogs",
            "INDEX_SLOW_LOGS": "IndexSlowLogs",
            "ES_APPLICATION_LOGS": "ApplicationLogs",
            "AUDIT_LOGS": "AuditLogs",
        }.items()
    }
    admin = {"Fn::GetAtt": [bench.only_id("AWS::IAM::Role"), "Arn"]}
    assert bench.only(DOMAIN) == {
        "EngineVersion": "OpenSearch_3.5",
        "ClusterConfig": {
            "InstanceType": "m7g.large.search",
            "InstanceCount": 3,
            "DedicatedMasterEnabled": True,
            "DedicatedMasterType": "m7g.large.search",
            "DedicatedMasterCount": 3,
            "ZoneAwarenessEnabled": True,
            "ZoneAwarenessConfig": {"AvailabilityZoneCount": 3},
            "MultiAZWithStandbyEnabled": False,
        },
        "EBSOptions": {"EBSEnabled": True, "VolumeType": "gp3", "VolumeSize": 30},
        "EncryptionAtRestOptions": {"Enabled": True},
        "NodeToNodeEncryptionOptions": {"Enabled": True},
        "DomainEndpointOptions": {"EnforceHTTPS": True, "TLSSecurityPolicy": "Policy-Min-TLS-1-2-PFS-2023-10"},
        "AdvancedSecurityOptions": {
            "Enabled": True,
            "InternalUserDatabaseEnabled": False,
            "MasterUserOptions": {"MasterUserARN": admin},
        },
        "AccessPolicies": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": admin},
                    "Action": [f"es:ESHttp{verb}" for verb in ("Delete", "Get", "Head", "Patch", "Post", "Put")],
                    "Resource": OWN_DOMAIN,
                }
            ],
        },
        "LogPublishingOptions": {
            kind: {"Enabled": True, "CloudWatchLogsLogGroupArn": {"Fn::GetAtt": [group, "Arn"]}}
            for kind, group in groups.items()
        },
        "OffPeakWindowOptions": {"Enabled": True},
        "SoftwareUpdateOptions": {"AutoSoftwareUpdateEnabled": True},
    }
    days = {key: one["Properties"]["RetentionInDays"] for key, one in bench.of_type("AWS::Logs::LogGroup").items()}
    assert days == {group: 365 if kind == "AUDIT_LOGS" else 30 for kind, group in groups.items()}


def test_a_disposable_domain_is_one_node(bench: Any) -> None:
    create(bench, system="destroy", version="2.19")
    assert bench.only(DOMAIN)["EngineVersion"] == "OpenSearch_2.19"
    assert bench.only(DOMAIN)["ClusterConfig"] == {
        "InstanceType": "t3.small.search",
        "InstanceCount": 1,
        "DedicatedMasterEnabled": False,
        "ZoneAwarenessEnabled": False,
        "MultiAZWithStandbyEnabled": False,
    }


def test_the_plan_of_its_deliveries_decides_its_size(bench: Any) -> None:
    spec = OpenSearchDomainSpec(retention_days=29, replicas=1)
    workload = Workload(records_per_second=1024 * 10, record_kb=1024 / 86_400)
    delivery = plan_delivery("logs", DeliverySpec(workload=workload, to=OpenSearchDestination(domain="search")))
    plan = plan_domain("search", spec, "retain", [delivery])
    OpenSearchDomain(bench.stack, "Search", spec=spec, plan=plan)
    assert bench.only(DOMAIN)["EBSOptions"]["VolumeSize"] == 290


@pytest.mark.parametrize(
    ("system", "chosen", "policy"),
    [
        ("retain", None, "Retain"),
        ("destroy", None, "Delete"),
        ("retain", "destroy", "Delete"),
        ("destroy", "retain", "Retain"),
    ],
)
def test_domain_key_and_administrator_stay_or_go_together(bench: Any, system: Any, chosen: Any, policy: str) -> None:
    create(bench, system=system, removal_policy=chosen, encryption=CustomerManagedKey())
    for resource_type in (DOMAIN, "AWS::KMS::Key", "AWS::IAM::Role"):
        (resource,) = bench.of_type(resource_type).values()
        assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == (policy, policy)


def test_a_new_version_is_installed_in_place(bench: Any) -> None:
    create(bench)
    (resource,) = bench.of_type(DOMAIN).values()
    assert resource["UpdatePolicy"] == {"EnableVersionUpgrade": True}


def test_own_key_encrypts_the_domain(bench: Any) -> None:
    domain = create(bench, encryption=CustomerManagedKey())
    assert bench.only("AWS::KMS::Key")["EnableKeyRotation"] is True
    assert bench.only(DOMAIN)["EncryptionAtRestOptions"] == {
        "Enabled": True,
        "KmsKeyId": {"Ref": bench.only_id("AWS::KMS::Key")},
    }
    assert domain.encryption_key is not None


def test_given_key_encrypts_the_domain_and_none_is_created(bench: Any) -> None:
    create(bench, encryption=CustomerManagedKey(kms_key_arn=KEY_ARN))
    assert bench.only(DOMAIN)["EncryptionAtRestOptions"]["KmsKeyId"] == KEY_ARN.rpartition("/")[2]
    assert not bench.of_type("AWS::KMS::Key")


def test_administrator_is_whom_the_account_lets_assume_the_role(bench: Any) -> None:
    create(bench)
    (statement,) = bench.only("AWS::IAM::Role")["AssumeRolePolicyDocument"]["Statement"]
    root = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::", {"Ref": "AWS::AccountId"}, ":root"]]}
    assert statement == {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"AWS": root}}


def test_given_administrator_is_used_and_none_is_created(bench: Any) -> None:
    deliver(bench, create(bench, admin_role_arn=ADMIN_ARN))
    domain = bench.only(DOMAIN)
    assert domain["AdvancedSecurityOptions"]["MasterUserOptions"] == {"MasterUserARN": ADMIN_ARN}
    assert domain["AccessPolicies"]["Statement"][0]["Principal"] == {"AWS": ADMIN_ARN}
    assert not any("AdminRole" in key for key in bench.of_type("AWS::IAM::Role"))
    assert bench.allowed_on(ADMIN_ARN) == {"sts:AssumeRole"}


def test_domain_may_write_its_logs_before_it_is_created(bench: Any) -> None:
    create(bench)
    text = bench.only("AWS::Logs::ResourcePolicy")["PolicyDocument"]["Fn::Join"][1]
    (statement,) = json.loads("".join(part if isinstance(part, str) else "X" for part in text))["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Principal": {"Service": "es.amazonaws.com"},
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": ["X", "X", "X", "X"],
        "Condition": {
            "StringEquals": {"aws:SourceAccount": "X"},
            "ArnLike": {"aws:SourceArn": "arn:X:es:X:X:domain/*"},
        },
    }
    named = {part["Fn::GetAtt"][0] for part in text if isinstance(part, dict) and "Fn::GetAtt" in part}
    assert named == set(bench.of_type("AWS::Logs::LogGroup"))
    (resource,) = bench.of_type(DOMAIN).values()
    assert resource["DependsOn"] == [bench.only_id("AWS::Logs::ResourcePolicy")]


def test_a_policy_of_the_account_stands_in_for_one_of_the_ten(bench: Any) -> None:
    create(bench, log_resource_policy="existing")
    assert bench.of_type("AWS::Logs::ResourcePolicy") == {}
    (resource,) = bench.of_type(DOMAIN).values()
    assert "DependsOn" not in resource
    assert len(resource["Properties"]["LogPublishingOptions"]) == 4


def test_placement_of_the_spec_is_that_of_the_domain(bench: Any) -> None:
    create(bench, vpc=PLACED)
    assert bench.only(DOMAIN)["VPCOptions"] == {"SubnetIds": list(SUBNETS), "SecurityGroupIds": ["sg-01234567"]}
    assert not bench.of_type("AWS::EC2::SecurityGroup")


def test_live_vpc_gives_a_private_subnet_a_zone_and_a_group_whose_members_reach_each_other(bench: Any) -> None:
    domain = OpenSearchDomain(bench.stack, "Search", spec=OpenSearchDomainSpec(), vpc=live_vpc(bench))
    group = {"Fn::GetAtt": [bench.only_id("AWS::EC2::SecurityGroup"), "GroupId"]}
    assert bench.only(DOMAIN)["VPCOptions"] == {"SubnetIds": list(SUBNETS), "SecurityGroupIds": [group]}
    assert bench.only("AWS::EC2::SecurityGroupIngress") == {
        "Description": "HTTPS of its members",
        "IpProtocol": "tcp",
        "FromPort": 443,
        "ToPort": 443,
        "GroupId": group,
        "SourceSecurityGroupId": group,
    }
    assert domain.security_group is not None


def test_selected_subnets_and_live_groups_are_used(bench: Any) -> None:
    vpc = live_vpc(bench)
    OpenSearchDomain(
        bench.stack,
        "Search",
        spec=OpenSearchDomainSpec(),
        vpc=vpc,
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC),
        security_groups=[ec2.SecurityGroup.from_security_group_id(bench.stack, "Group", "sg-07654321")],
        removal_policy="destroy",
    )
    assert bench.only(DOMAIN)["VPCOptions"] == {"SubnetIds": ["subnet-07654320"], "SecurityGroupIds": ["sg-07654321"]}


def test_setup_assumes_the_administrator_role_and_stands_where_the_domain_does(bench: Any) -> None:
    deliver(bench, create(bench, vpc=PLACED))
    admin = next(key for key in bench.of_type("AWS::IAM::Role") if "AdminRole" in key)
    function = bench.only("AWS::Lambda::Function")
    assert function["Environment"]["Variables"] == {
        "ADMIN_ROLE_ARN": {"Fn::GetAtt": [admin, "Arn"]},
        "AWS_STS_REGIONAL_ENDPOINTS": "regional",
    }
    assert (function["Runtime"], function["Timeout"], function["Handler"]) == ("python3.13", 300, "index.handler")
    assert function["VpcConfig"] == {"SubnetIds": list(SUBNETS), "SecurityGroupIds": ["sg-01234567"]}
    assert bench.allowed_on({"Fn::GetAtt": [admin, "Arn"]}) == {"sts:AssumeRole"}
    assert "ec2:CreateNetworkInterface" in bench.allowed_on("*")


def test_setup_is_shipped_without_what_running_it_leaves_behind(
    bench: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(opensearch_setup.CODE, tmp_path / "setup", dirs_exist_ok=True)
    (tmp_path / "setup" / "__pycache__").mkdir(exist_ok=True)
    (tmp_path / "setup" / "__pycache__" / "index.cpython-313.pyc").touch()
    monkeypatch.setattr(opensearch_setup, "CODE", tmp_path / "setup")
    deliver(bench, create(bench))
    key = bench.only("AWS::Lambda::Function")["Code"]["S3Key"]
    folder = Path(bench.app.outdir) / f"asset.{key.removesuffix('.zip')}"
    assert sorted(path.name for path in folder.rglob("*")) == ["__init__.py", "index.py"]


def test_a_domain_that_nothing_writes_to_has_no_setup(bench: Any) -> None:
    create(bench)
    assert not bench.of_type("AWS::Lambda::Function")


def test_each_delivery_is_prepared_by_the_one_setup(bench: Any) -> None:
    domain = create(bench, retention_days=30, replicas=2)
    deliver(bench, domain, index_rotation="weekly")
    deliver(bench, domain, "Audit", index="audit-log")
    (function,) = bench.of_type("AWS::Lambda::Function")
    prepared = {key: one["Properties"] for key, one in bench.of_type("AWS::CloudFormation::CustomResource").items()}
    assert len(prepared) == 2
    logs = next(one for one in prepared.values() if one["Index"] == "logs")
    audit = next(one for one in prepared.values() if one["Index"] == "audit-log")
    role = next(key for key in bench.of_type("AWS::IAM::Role") if key.startswith("logsRole"))
    text = {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 1024}}}
    assert json.loads(logs.pop("Mappings")) == {"dynamic": False, "properties": {"level": text}}
    assert logs == {
        "ServiceToken": {"Fn::GetAtt": [function, "Arn"]},
        "ServiceTimeout": 1200,
        "Endpoint": {"Fn::GetAtt": [bench.only_id(DOMAIN), "DomainEndpoint"]},
        "Index": "logs",
        "Rotation": "weekly",
        "RoleName": "firehose-logs",
        "BackendRoles": [{"Fn::GetAtt": [role, "Arn"]}],
        "RetentionDays": 30,
        "Shards": 1,
        "Replicas": 2,
    }
    assert audit["RoleName"] == "firehose-audit-log"


def test_the_setup_outlives_what_it_has_to_take_away(bench: Any) -> None:
    deliver(bench, create(bench))
    (prepared,) = bench.of_type("AWS::CloudFormation::CustomResource").values()
    policy = next(key for key in bench.of_type("AWS::IAM::ManagedPolicy") if "SetupPermissions" in key)
    assert policy in prepared["DependsOn"]


def test_two_domains_fit_in_one_stack(bench: Any) -> None:
    for name in ("One", "Two"):
        deliver(bench, create(bench, name), f"to-{name}")
    assert len(bench.of_type(DOMAIN)) == 2
    assert len({one["Properties"]["PolicyName"] for one in bench.of_type("AWS::Logs::ResourcePolicy").values()}) == 2


def test_metrics_carry_the_domain_and_the_account(bench: Any) -> None:
    domain = create(bench)
    metric = domain.metric(metrics.DOMAIN_FREE_STORAGE)
    assert (metric.namespace, metric.metric_name, metric.statistic) == ("AWS/ES", "FreeStorageSpace", "Minimum")
    assert bench.stack.resolve(metric.dimensions) == {
        "DomainName": {"Ref": bench.only_id(DOMAIN)},
        "ClientId": {"Ref": "AWS::AccountId"},
    }


def test_its_alarms_watch_it(bench: Any) -> None:
    PipelineAlarms(bench.stack, "Alarms", nodes=[create(bench, volume_gb=100)])
    alarm = bench.alarm("FreeStorage")
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (25_600, "LessThanOrEqualToThreshold")
    assert alarm["Dimensions"] == [
        {"Name": "ClientId", "Value": {"Ref": "AWS::AccountId"}},
        {"Name": "DomainName", "Value": {"Ref": bench.only_id(DOMAIN)}},
    ]


@pytest.mark.parametrize(
    ("spec", "zones", "findings"),
    [
        ({"vpc": PLACED}, 3, [("LNG403", "Search.vpc")]),
        ({}, 2, [("OSD805", "Search.vpc.subnet_ids")]),
        ({"instance_type": "t3.small.search", "volume_gb": 500}, 3, [("OSD804", "Search.volume_gb")]),
    ],
)
def test_what_does_not_go_with_a_live_vpc_is_refused(
    bench: Any, spec: dict[str, Any], zones: int, findings: list[tuple[str, str]]
) -> None:
    with pytest.raises(SpecError) as error:
        OpenSearchDomain(bench.stack, "Search", spec=OpenSearchDomainSpec(**spec), vpc=live_vpc(bench, zones))
    assert [(one.code, one.dotted_path) for one in error.value.findings] == findings


def test_security_groups_without_a_vpc_are_refused(bench: Any) -> None:
    group = ec2.SecurityGroup.from_security_group_id(bench.stack, "Group", "sg-07654321")
    with pytest.raises(SpecError) as error:
        OpenSearchDomain(bench.stack, "Search", spec=OpenSearchDomainSpec(), security_groups=[group])
    assert [(one.code, one.dotted_path) for one in error.value.findings] == [("LNG404", "Search.vpc")]


def test_an_index_belongs_to_one_delivery(bench: Any) -> None:
    domain = create(bench)
    deliver(bench, domain)
    with pytest.raises(SpecError) as error:
        deliver(bench, domain, "more", index="logs")
    (finding,) = error.value.findings
    assert (finding.code, finding.dotted_path) == ("OSD809", "more.to.index")
    assert "`logs` is that of `logs`" in finding.note


def build(bench: Any, variant: str) -> None:
    options: dict[str, Any] = {
        "public": {},
        "own key": {"encryption": CustomerManagedKey()},
        "placed": {"vpc": PLACED},
        "disposable": {"removal_policy": "destroy"},
        "live": {},
    }[variant]
    removal_policy = options.pop("removal_policy", "retain")
    vpc = live_vpc(bench) if variant == "live" else None
    spec = OpenSearchDomainSpec(**options)
    deliver(bench, OpenSearchDomain(bench.stack, "Search", spec=spec, vpc=vpc, removal_policy=removal_policy))


VARIANTS = ["public", "own key", "placed", "disposable", "live"]
PACKS = [
    cdk_nag.AwsSolutionsChecks,
    cdk_nag.ServerlessChecks,
    cdk_nag.NIST80053R5Checks,
    cdk_nag.HIPAASecurityChecks,
    cdk_nag.PCIDSS321Checks,
]


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_pack_has_a_finding_that_is_not_acknowledged(bench: Any, variant: str) -> None:
    build(bench, variant)
    found = [one for pack in PACKS for one in pack(bench.stack).validate_scope(bench.stack).violations]
    assert [f"{one.rule_name}: {one.description}" for one in found] == []


@pytest.mark.parametrize("variant", VARIANTS)
def test_both_validators_have_nothing_to_say(benches: Any, variant: str) -> None:
    bench = benches(env={"account": "111122223333", "region": "eu-west-1"})
    build(bench, variant)
    text = json.dumps(bench.template)
    region_unknown = "I9003"
    assert [str(one) for one in TemplateValidator().validate(text) if one.rule != region_unknown] == []
    config = ManualArgs(regions=["eu-west-1"], ignore_checks=["W3005"])
    assert [f"{one.rule.id} {one.message}" for one in api.lint(text, config=config)] == []
