"""How brokers of a cluster on MSK are: parts of an `AWS::MSK::Cluster`, from its spec."""

from __future__ import annotations

from aws_cdk import aws_logs as logs
from aws_cdk import aws_msk as msk

from streaming_constructs.spec.clusters.broker_cluster import BrokerClusterSpec
from streaming_constructs.spec.clusters.msk import MskClusterSpec
from streaming_constructs.spec.clusters.msk_express import MskExpressClusterSpec


def client_authentication(spec: BrokerClusterSpec) -> msk.CfnCluster.ClientAuthenticationProperty:
    """How clients authenticate; nobody gets in without.

    Args:
        spec: What is asked for.
    """
    auth = msk.CfnCluster
    return auth.ClientAuthenticationProperty(
        sasl=auth.SaslProperty(
            iam=auth.IamProperty(enabled="iam" in spec.auth),
            scram=auth.ScramProperty(enabled="sasl_scram" in spec.auth),
        ),
        tls=auth.TlsProperty(enabled=True, certificate_authority_arn_list=list(spec.certificate_authority_arns))
        if "mtls" in spec.auth
        else None,
        unauthenticated=auth.UnauthenticatedProperty(enabled=False),
    )


def storage_info(
    spec: MskClusterSpec | MskExpressClusterSpec, volume_gb: int | None
) -> msk.CfnCluster.StorageInfoProperty | None:
    """The volumes of brokers; None: they have none.

    Args:
        spec: What is asked for.
        volume_gb: How large each is, in GiB.
    """
    if not isinstance(spec, MskClusterSpec):
        return None  # Express brokers have no volumes to size
    throughput = spec.volume_throughput_mb_per_second
    provisioned = (
        msk.CfnCluster.ProvisionedThroughputProperty(enabled=True, volume_throughput=int(throughput))
        if throughput is not None
        else None
    )
    return msk.CfnCluster.StorageInfoProperty(
        ebs_storage_info=msk.CfnCluster.EBSStorageInfoProperty(
            volume_size=volume_gb, provisioned_throughput=provisioned
        )
    )


def broker_logs(log_group: logs.ILogGroup) -> msk.CfnCluster.LoggingInfoProperty:
    """Where brokers write what they do.

    Args:
        log_group: The log group.
    """
    return msk.CfnCluster.LoggingInfoProperty(
        broker_logs=msk.CfnCluster.BrokerLogsProperty(
            cloud_watch_logs=msk.CfnCluster.CloudWatchLogsProperty(enabled=True, log_group=log_group.log_group_name)
        )
    )


def open_monitoring() -> msk.CfnCluster.OpenMonitoringProperty:
    """Metrics of brokers, and of their machines, for Prometheus."""
    return msk.CfnCluster.OpenMonitoringProperty(
        prometheus=msk.CfnCluster.PrometheusProperty(
            jmx_exporter=msk.CfnCluster.JmxExporterProperty(enabled_in_broker=True),
            node_exporter=msk.CfnCluster.NodeExporterProperty(enabled_in_broker=True),
        )
    )
