"""Volumes of brokers that grow by themselves, up to a limit."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_applicationautoscaling as scaling
from constructs import Construct


def grow_volumes(scope: Construct, cluster_arn: str, max_volume_gb: int, utilization_percent: float) -> None:
    """Lets the volumes of a cluster grow once they are filled to a part.

    Args:
        scope: The construct of the cluster.
        cluster_arn: Its ARN.
        max_volume_gb: How large a volume becomes at most, in GiB.
        utilization_percent: How full they are before they grow.
    """
    target = scaling.CfnScalableTarget(
        scope,
        "Volumes",
        service_namespace="kafka",
        scalable_dimension="kafka:broker-storage:VolumeSize",
        resource_id=cluster_arn,
        min_capacity=1,
        max_capacity=max_volume_gb,
    )
    scaling.CfnScalingPolicy(
        scope,
        "VolumePolicy",
        policy_name=cdk.Names.unique_resource_name(scope, max_length=128, separator="-"),
        policy_type="TargetTrackingScaling",
        scaling_target_id=target.ref,
        target_tracking_scaling_policy_configuration=scaling.CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty(
            # Volumes of brokers never shrink.
            disable_scale_in=True,
            target_value=utilization_percent,
            predefined_metric_specification=scaling.CfnScalingPolicy.PredefinedMetricSpecificationProperty(
                predefined_metric_type="KafkaBrokerStorageUtilization"
            ),
        ),
    )
