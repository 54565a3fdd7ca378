"""An OpenSearch domain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_opensearchservice as opensearch
from constructs import Construct

from streaming_constructs.cdk.acknowledge import acknowledge
from streaming_constructs.cdk.existing import brought_finding
from streaming_constructs.cdk.kms_key import key_of
from streaming_constructs.cdk.log_group import create_log_group
from streaming_constructs.cdk.metric import cloudwatch_metric
from streaming_constructs.cdk.node import Context, Output
from streaming_constructs.cdk.removal_policy import cdk_removal_policy
from streaming_constructs.cdk.stores.opensearch_setup import OpenSearchSetup
from streaming_constructs.cdk.vpc import Network
from streaming_constructs.facts import permissions
from streaming_constructs.facts.metrics import Metric
from streaming_constructs.planning.deliveries.firehose import DeliveryPlan
from streaming_constructs.planning.opensearch_index_template import index_mappings
from streaming_constructs.planning.stores.opensearch import (
    AUDIT_LOG_RETENTION_DAYS,
    LOG_RETENTION_DAYS,
    TLS_POLICY,
    DomainPlan,
    domain_findings,
    plan_domain,
    subnet_finding,
)
from streaming_constructs.planning.stores.opensearch_index import index_name, primary_shards, same_index_finding
from streaming_constructs.spec.deliveries.opensearch import OpenSearchDestination
from streaming_constructs.spec.finding import Finding, SpecError
from streaming_constructs.spec.removal_policy import RemovalPolicy
from streaming_constructs.spec.stores.opensearch import OpenSearchDomainSpec

_LOGS = {
    "SEARCH_SLOW_LOGS": ("SearchSlowLogs", LOG_RETENTION_DAYS),
    "INDEX_SLOW_LOGS": ("IndexSlowLogs", LOG_RETENTION_DAYS),
    "ES_APPLICATION_LOGS": ("ApplicationLogs", LOG_RETENTION_DAYS),
    "AUDIT_LOGS": ("AuditLogs", AUDIT_LOG_RETENTION_DAYS),
}
"""The logs of a domain, each with its log group and how long that is kept.

Source: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createdomain-configure-slow-logs.html
"""


class OpenSearchDomain(Construct):
    """An OpenSearch domain for search and dashboards, encrypted, with fine-grained access control, sized by its plan.

    Creates an `AWS::OpenSearchService::Domain` (**stateful**: retained unless told otherwise), an `AWS::IAM::Role`
    that administers it unless the spec names one (kept as long as the domain), an `AWS::KMS::Key` where the spec asks for one
    and names none (**stateful**), an `AWS::Logs::LogGroup` for each of its four logs with the `AWS::Logs::ResourcePolicy` that
    lets it write them, unless the spec says that there is one (an account has ten of those in a region), and, once a delivery
    writes to it, an `OpenSearchSetup`.

    The domain lets in signed requests alone: those of the administrator role, and of roles whose own policies say so, as the
    deliveries' do; what they may do there, fine-grained access control says. Slow logs stay empty until an index sets its
    thresholds, and the audit log until it is turned on in Dashboards. A new version is installed in place; AWS cannot go back
    to an older one.

    In a VPC it needs the account's service-linked role of OpenSearch, which is there once the console, or
    `aws iam create-service-linked-role --aws-service-name opensearchservice.amazonaws.com`, has created it: it is one for the
    whole account, so no stack of many may own it.
    Source: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/slr.html

    Example:
        ```python
        search = OpenSearchDomain(stack, "Search", spec=OpenSearchDomainSpec(retention_days=30))
        ```

    Attributes:
        domain: The domain.
        admin_role: The role that administers it: whoever assumes it, sees and does everything there.
        encryption_key: The customer managed key that it is encrypted with, if there is one.
        log_groups: Its logs, by OpenSearch's names of them.
        network: Where in a VPC it stands, if it does.
        security_group: The security group that was created for it, if one was.
        plan: Its numbers: nodes, volumes, shards, and the working behind them.
        dimensions: The dimensions that its metrics are published under.
    """

    domain: opensearch.CfnDomain
    admin_role: iam.IRole
    encryption_key: kms.IKey | None
    log_groups: Mapping[str, logs.LogGroup]
    network: Network | None
    security_group: ec2.SecurityGroup | None
    plan: DomainPlan
    dimensions: Mapping[str, str]

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        spec: OpenSearchDomainSpec,
        plan: DomainPlan | None = None,
        vpc: ec2.IVpc | None = None,
        vpc_subnets: ec2.SubnetSelection | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] | None = None,
        removal_policy: RemovalPolicy = "retain",
    ) -> None:
        """Creates the domain.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there; alarms and dashboards call it by this name.
            spec: What is asked for.
            plan: Its numbers, from `plan_domain` with the deliveries that will write to it. Left out: what is written is not
                known, and what the spec does not give is as small as it can be.
            vpc: A VPC to place it in. Left out: as the spec says.
            vpc_subnets: Which of its subnets; the first of each zone is used. Left out: the private ones.
            security_groups: Security groups in the VPC that let their own members in on port 443. Left out: one is created.
            removal_policy: retain has three zones, copies and masters, and keeps the domain when it leaves the stack; destroy
                has one small node, and deletes it.

        Raises:
            SpecError: If the spec cannot be built, or says otherwise than what was brought.
        """
        super().__init__(scope, construct_id)
        self.plan = plan or plan_domain(construct_id, spec, removal_policy)
        _check(construct_id, self.plan, in_vpc=vpc is not None, groups_given=security_groups is not None)
        self._removal_policy = removal_policy
        self._removal = cdk_removal_policy(spec.removal_policy or removal_policy)
        self._indices: dict[str, str] = {}
        self._setup: OpenSearchSetup | None = None
        self.encryption_key = key_of(
            self,
            "Key",
            spec.encryption,
            encrypts=f"the OpenSearch domain {construct_id}",
            removal_policy=self._removal,
        )
        self.admin_role = self._admin_role(spec)
        self.security_group = None
        self.network = self._network(spec, vpc, vpc_subnets, security_groups)
        self.log_groups = {kind: self._log_group(name, days) for kind, (name, days) in _LOGS.items()}
        self.domain = self._create(spec)
        self.dimensions = {"DomainName": self.domain.ref, "ClientId": cdk.Stack.of(self).account}

    def outputs(self) -> Iterator[Output]:
        """Where the domain is, and who administers it."""
        yield Output("DomainEndpoint", self.domain.attr_domain_endpoint, f"The address of the domain {self.node.id}")
        yield Output("AdminRoleArn", self.admin_role.role_arn, "The role that administers it")

    def _admin_role(self, spec: OpenSearchDomainSpec) -> iam.IRole:
        if spec.admin_role_arn is not None:
            return iam.Role.from_role_arn(self, "AdminRole", spec.admin_role_arn, mutable=False)
        role = iam.Role(
            self,
            "AdminRole",
            description=f"Administers the OpenSearch domain {self.node.id}",
            # Whom of the account, IAM says: a user or role needs sts:AssumeRole on it.
            assumed_by=iam.AccountRootPrincipal(),
        )
        # Without it nobody could enter a domain that is retained.
        role.apply_removal_policy(self._removal)
        return role

    def _network(
        self,
        spec: OpenSearchDomainSpec,
        vpc: ec2.IVpc | None,
        vpc_subnets: ec2.SubnetSelection | None,
        security_groups: Sequence[ec2.ISecurityGroup] | None,
    ) -> Network | None:
        if vpc is None:
            return Network(spec.vpc.subnet_ids, spec.vpc.security_group_ids) if spec.vpc else None
        groups = list(security_groups or [])
        if not groups:
            self.security_group = ec2.SecurityGroup(
                self,
                "SecurityGroup",
                vpc=vpc,
                description=f"The OpenSearch domain {self.node.id} and what reaches it",
            )
            self.security_group.add_ingress_rule(self.security_group, ec2.Port.tcp(443), "HTTPS of its members")
            groups = [self.security_group]
        network = Network.of(vpc, vpc_subnets, groups, self.plan.zones)
        if len(network.subnet_ids) < self.plan.zones:
            raise SpecError([subnet_finding(len(network.subnet_ids), self.plan.zones).below(self.node.id, "vpc")])
        return network

    def _log_group(self, name: str, days: int) -> logs.LogGroup:
        return create_log_group(
            self,
            name,
            retention_days=days,
            removal_policy=self._removal_policy,
            reason="a key of yours is the owner's decision, for its cost and policy",
        )

    def _create(self, spec: OpenSearchDomainSpec) -> opensearch.CfnDomain:
        plan, stack = self.plan, cdk.Stack.of(self)
        # A domain has no name before it exists; a policy of a domain is about that domain alone.
        own_domain = stack.format_arn(service="es", resource="domain", resource_name="*")
        domain = opensearch.CfnDomain(
            self,
            "Domain",
            engine_version=f"OpenSearch_{spec.version}",
            cluster_config=_cluster(plan),
            ebs_options=opensearch.CfnDomain.EBSOptionsProperty(
                ebs_enabled=True, volume_type="gp3", volume_size=plan.volume_gb
            ),
            encryption_at_rest_options=opensearch.CfnDomain.EncryptionAtRestOptionsProperty(
                enabled=True, kms_key_id=self.encryption_key.key_id if self.encryption_key else None
            ),
            node_to_node_encryption_options=opensearch.CfnDomain.NodeToNodeEncryptionOptionsProperty(enabled=True),
            domain_endpoint_options=opensearch.CfnDomain.DomainEndpointOptionsProperty(
                enforce_https=True, tls_security_policy=TLS_POLICY
            ),
            advanced_security_options=opensearch.CfnDomain.AdvancedSecurityOptionsInputProperty(
                enabled=True,
                internal_user_database_enabled=False,
                master_user_options=opensearch.CfnDomain.MasterUserOptionsProperty(
                    master_user_arn=self.admin_role.role_arn
                ),
            ),
            access_policies={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": self.admin_role.role_arn},
                        "Action": list(permissions.USE_OPENSEARCH),
                        "Resource": own_domain,
                    }
                ],
            },
            log_publishing_options={
                kind: opensearch.CfnDomain.LogPublishingOptionProperty(
                    enabled=True, cloud_watch_logs_log_group_arn=group.log_group_arn
                )
                for kind, group in self.log_groups.items()
            },
            vpc_options=opensearch.CfnDomain.VPCOptionsProperty(
                subnet_ids=list(self.network.subnet_ids), security_group_ids=list(self.network.security_group_ids)
            )
            if self.network
            else None,
            off_peak_window_options=opensearch.CfnDomain.OffPeakWindowOptionsProperty(enabled=True),
            software_update_options=opensearch.CfnDomain.SoftwareUpdateOptionsProperty(
                auto_software_update_enabled=True
            ),
        )
        domain.apply_removal_policy(self._removal)
        # Without this CloudFormation would put an empty domain of the new version in the place of the old one.
        domain.cfn_options.update_policy = cdk.CfnUpdatePolicy(enable_version_upgrade=True)
        # OpenSearch asks whether it may write its logs when the domain is created.
        if spec.log_resource_policy == "created":
            domain.node.add_dependency(self._log_policy(own_domain))
        _acknowledge(domain, plan, in_vpc=self.network is not None)
        return domain

    def _log_policy(self, own_domain: str) -> logs.CfnResourcePolicy:
        stack = cdk.Stack.of(self)
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "es.amazonaws.com"},
            "Action": list(permissions.OPENSEARCH_WRITES_LOGS),
            "Resource": [group.log_group_arn for group in self.log_groups.values()],
            "Condition": {
                "StringEquals": {"aws:SourceAccount": stack.account},
                "ArnLike": {"aws:SourceArn": own_domain},
            },
        }
        return logs.CfnResourcePolicy(
            self,
            "LogPolicy",
            policy_name=cdk.Names.unique_resource_name(self, max_length=200, separator="-"),
            policy_document=stack.to_json_string({"Version": "2012-10-17", "Statement": [statement]}),
        )

    @property
    def endpoint(self) -> str:
        """Its host name; Dashboards are at `/_dashboards` there."""
        return self.domain.attr_domain_endpoint

    def prepare(self, scope: Construct, delivery: DeliveryPlan, role: iam.IRole) -> Construct:
        """Prepares it for a delivery, which has to wait for what is returned.

        Args:
            scope: The delivery.
            delivery: Its numbers.
            role: The role that it works under.

        Raises:
            SpecError: If another delivery writes to the same index.
        """
        to, index = delivery.spec.to, index_name(delivery)
        assert isinstance(to, OpenSearchDestination)
        other = self._indices.setdefault(index, scope.node.path)
        if other != scope.node.path:
            raise SpecError([same_index_finding(index, other.rpartition("/")[2]).below(delivery.name)])
        if self._setup is None:
            self._setup = OpenSearchSetup(
                self,
                "Setup",
                admin_role=self.admin_role,
                network=self.network,
                removal_policy=self._removal_policy,
            )
        prepared = self._setup.prepare(
            scope,
            endpoint=self.endpoint,
            index=index,
            rotation=to.index_rotation,
            role=role,
            retention_days=self.plan.spec.retention_days,
            mappings=index_mappings(delivery.schema) if delivery.schema is not None else None,
            shards=primary_shards(delivery),
            replicas=self.plan.replicas,
        )
        if self.security_group is not None:
            prepared.node.add_dependency(self.security_group)
        return prepared

    def metric(self, metric: Metric) -> cloudwatch.Metric:
        """One of the domain's metrics, from `streaming_constructs.facts.metrics`, with its dimensions.

        Args:
            metric: Which one.
        """
        return cloudwatch_metric(metric, self.dimensions)


def _cluster(plan: DomainPlan) -> opensearch.CfnDomain.ClusterConfigProperty:
    return opensearch.CfnDomain.ClusterConfigProperty(
        instance_type=plan.instance_type,
        instance_count=plan.instances,
        dedicated_master_enabled=plan.masters > 0,
        dedicated_master_type=plan.master_type,
        dedicated_master_count=plan.masters or None,
        zone_awareness_enabled=plan.zones > 1,
        zone_awareness_config=opensearch.CfnDomain.ZoneAwarenessConfigProperty(availability_zone_count=plan.zones)
        if plan.zones > 1
        else None,
        # Standby takes two copies of every shard, and a zone that only waits.
        multi_az_with_standby_enabled=False,
    )


def _acknowledge(domain: opensearch.CfnDomain, plan: DomainPlan, *, in_vpc: bool) -> None:
    acknowledge(
        domain,
        "Requests are signed by roles, which say more about who asks than addresses do",
        "AwsSolutions-OS3",
    )
    if not in_vpc:
        acknowledge(
            domain,
            "The spec places it in no VPC: it lets in signed requests of roles alone, over TLS; `vpc` places it in one",
            "AwsSolutions-OS1",
            "NIST.800.53.R5-OpenSearchInVPCOnly",
            "HIPAA.Security-OpenSearchInVPCOnly",
            "PCI.DSS.321-OpenSearchInVPCOnly",
        )
    if not plan.masters:
        acknowledge(
            domain,
            "It is small enough for its data nodes to manage it; `dedicated_masters` gives it nodes for that",
            "AwsSolutions-OS4",
        )
    if plan.zones == 1:
        acknowledge(
            domain,
            "It stands in one zone because dev does, or the spec says so; `zones` spreads it",
            "AwsSolutions-OS7",
        )


def build_node(scope: Construct, plan: DomainPlan, context: Context) -> OpenSearchDomain:
    """The domain of a system.

    Args:
        scope: The construct of the system.
        plan: The domain with its numbers.
        context: The system around it.
    """
    # What the spec places somewhere stands there.
    free = plan.spec.vpc is None
    return OpenSearchDomain(
        scope,
        plan.name,
        spec=plan.spec,
        plan=plan,
        vpc=context.vpc if free else None,
        vpc_subnets=context.vpc_subnets if free else None,
        security_groups=context.security_groups if free else None,
        removal_policy=context.spec.removal_policy,
    )


def _check(name: str, plan: DomainPlan, *, in_vpc: bool, groups_given: bool) -> None:
    findings = [finding for finding in domain_findings(plan) if finding.level == "error"]
    if in_vpc and plan.spec.vpc is not None:
        findings.append(brought_finding("vpc", "vpc"))
    if groups_given and not in_vpc:
        findings.append(
            Finding(
                "LNG404",
                "the security groups that were brought have no effect",
                ("vpc",),
                note="`security_groups=` was given, and no `vpc=`",
                help="give `vpc=`, or name them in the spec's `vpc`",
            )
        )
    if findings:
        raise SpecError([finding.below(name) for finding in findings])
