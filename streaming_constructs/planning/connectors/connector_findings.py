"""What is likely to go wrong with a connector."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from streaming_constructs.facts import kafka_connect
from streaming_constructs.planning.clusters.vpc_endpoints import connector_services
from streaming_constructs.planning.connectors.connector import ConnectorPlan
from streaming_constructs.spec.connectors.plugin import holds, plugin_findings
from streaming_constructs.spec.connectors.sink import SinkConnectorSpec
from streaming_constructs.spec.finding import Edit, Finding

REACHED_BY_ENDPOINTS = frozenset({kafka_connect.S3_SINK})
"""Classes that reach services of AWS alone."""


def connector_findings(connector: ConnectorPlan) -> Iterator[Finding]:
    """What is likely to go wrong; paths are relative to the connector.

    Args:
        connector: The connector with its numbers.
    """
    spec, cluster = connector.spec, connector.cluster
    if cluster.arn is None and cluster.vpc is None and spec.vpc is None and spec.class_name not in REACHED_BY_ENDPOINTS:
        yield Finding(
            "MSK438",
            "the connector has no way out of the cluster's VPC",
            ("cluster",),
            note="the VPC that is created for the cluster has no way to the internet, and endpoints of what the connector's "
            f"configuration and `permissions` name: {_reached(connector)}; databases and hosts elsewhere are not reached from "
            "there",
            help=f"give `clusters.{spec.cluster}` a `vpc` from whose subnets they are reached; of services of AWS, name in "
            "`permissions` what it may do, such as `dynamodb:PutItem`",
        )
    if connector.directory is not None:
        yield from _plugin_findings(connector, connector.directory)
    version = spec.kafka_connect_version
    if isinstance(spec, SinkConnectorSpec) and version != kafka_connect.VERSION_WITH_OVERRIDES:
        yield Finding(
            "MSK437",
            "the sink begins anew when it is replaced",
            ("kafka_connect_version",),
            note=f"with version {version} its group is named after it, and a connector that is replaced has another name",
            help=f"set `kafka_connect_version: {kafka_connect.VERSION_WITH_OVERRIDES}`: its group then stays the same",
            edits=(Edit(("kafka_connect_version",)),),
        )


def _reached(connector: ConnectorPlan) -> str:
    return ", ".join(connector_services(connector.spec, uses_registry=connector.uses_registry)) or "none"


def _plugin_findings(connector: ConnectorPlan, directory: Path) -> Iterator[Finding]:
    """What is wrong with the file of a plugin, and what it lacks."""
    plugin = connector.spec.plugin
    problems = [finding.below("plugin") for finding in plugin_findings(plugin, directory)]
    yield from problems
    if problems or connector.spec.secret_arn is None:
        return
    if holds(plugin, directory, kafka_connect.PROVIDERS_JAR) is False:
        yield Finding(
            "MSK431",
            "the plugin lacks the provider of secrets",
            ("plugin",),
            note="the workers load `SecretsManagerConfigProvider` of AWS's msk-config-providers from it, and do not start "
            "without",
            help="put msk-config-providers-VERSION-uber.jar into it, beside the jars of the connector",
        )
