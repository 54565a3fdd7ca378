"""A dashboard of a system."""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from streaming_constructs.cdk.node import Node
from streaming_constructs.planning.alarm import AlarmPlan
from streaming_constructs.planning.dashboard import dashboard_body, dashboard_rows


class PipelineDashboard(Construct):
    """One CloudWatch dashboard: what flows, what is late and what failed, with the thresholds of the alarms drawn in.

    Creates an `AWS::CloudWatch::Dashboard`. Nothing in it is stateful.

    Example:
        ```python
        PipelineDashboard(stack, "Dashboard", title="Clickstream", nodes=[clicks, fraud])
        ```

    Attributes:
        dashboard: The dashboard.
    """

    dashboard: cloudwatch.CfnDashboard

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        title: str,
        nodes: Sequence[Node],
        alarms: Sequence[AlarmPlan] = (),
    ) -> None:
        """Creates the dashboard.

        Args:
            scope: Where it stands in the tree.
            construct_id: Its id there.
            title: Its heading.
            nodes: What to show: streams, consumers, deliveries, domains.
            alarms: Alarms whose thresholds are drawn, such as `PipelineAlarms.plans`.
        """
        super().__init__(scope, construct_id)
        stack = cdk.Stack.of(self)
        rows = dashboard_rows([node.plan for node in nodes], alarms)
        dimensions = {node.plan.name: node.dimensions for node in nodes}
        body = dashboard_body(title, rows, dimensions, stack.region)
        self.dashboard = cloudwatch.CfnDashboard(self, "Dashboard", dashboard_body=stack.to_json_string(body))
