"""The configuration of an application: as it is described, and as an update changes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from streaming_constructs.facts import flink
from streaming_constructs.local.managed_flink.api_error import ApiError

Document = dict[str, Any]

_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "CheckpointConfiguration": {
        "CheckpointingEnabled": True,
        "CheckpointInterval": flink.CHECKPOINT_INTERVAL.value,
        "MinPauseBetweenCheckpoints": flink.MIN_PAUSE_BETWEEN_CHECKPOINTS.value,
    },
    "MonitoringConfiguration": {"MetricsLevel": "APPLICATION", "LogLevel": "INFO"},
    "ParallelismConfiguration": {"Parallelism": 1, "ParallelismPerKPU": 1, "AutoScalingEnabled": True},
}
"""What is taken where `ConfigurationType` is DEFAULT, whatever else is said; where it is CUSTOM, for what is not said.
Source: https://docs.aws.amazon.com/managed-flink/latest/apiv2/API_CheckpointConfiguration.html,
https://docs.aws.amazon.com/managed-flink/latest/java/how-scaling-auto.html"""
_UPDATE = "Update"
_WHOLE = {"EnvironmentPropertyUpdates": "EnvironmentProperties"}
"""What an update replaces as a whole: a group that it does not name is gone."""


def described(configuration: Mapping[str, Any], run: Mapping[str, Any], code: bytes | None) -> Document:
    """The `ApplicationConfigurationDescription` of a configuration.

    Args:
        configuration: The configuration, as `CreateApplication` takes it.
        run: What it was started with last; empty: it never was.
        code: Its code, where that can be had.
    """
    told: Document = {}
    if "ApplicationCodeConfiguration" in configuration:
        told["ApplicationCodeConfigurationDescription"] = _code(configuration["ApplicationCodeConfiguration"], code)
    if run:
        told["RunConfigurationDescription"] = {
            f"{name}Description": value for name, value in run.items() if name != "SqlRunConfigurations"
        }
    told["FlinkApplicationConfigurationDescription"] = {
        f"{name}Description": flink_settings(configuration, name) for name in _DEFAULTS
    }
    parallelism = told["FlinkApplicationConfigurationDescription"]["ParallelismConfigurationDescription"]
    parallelism["CurrentParallelism"] = parallelism["Parallelism"]
    groups = configuration.get("EnvironmentProperties")
    if groups:
        told["EnvironmentPropertyDescriptions"] = {"PropertyGroupDescriptions": groups["PropertyGroups"]}
    told["ApplicationSnapshotConfigurationDescription"] = {"SnapshotsEnabled": snapshots_enabled(configuration)}
    told["ApplicationSystemRollbackConfigurationDescription"] = {"RollbackEnabled": rollback_enabled(configuration)}
    if "ApplicationEncryptionConfiguration" in configuration:
        told["ApplicationEncryptionConfigurationDescription"] = configuration["ApplicationEncryptionConfiguration"]
    if configuration.get("VpcConfigurations"):
        told["VpcConfigurationDescriptions"] = [
            {"VpcConfigurationId": vpc_id(place), "VpcId": "", **vpc}
            for place, vpc in enumerate(configuration["VpcConfigurations"])
        ]
    return told


def flink_settings(configuration: Mapping[str, Any], name: str) -> Document:
    """A part of `FlinkApplicationConfiguration`, with what AWS fills in.

    Args:
        configuration: The configuration.
        name: The part, such as `ParallelismConfiguration`.
    """
    given: Mapping[str, Any] = configuration.get("FlinkApplicationConfiguration", {}).get(name, {})
    kind = given.get("ConfigurationType", "DEFAULT")
    known = {key: value for key, value in given.items() if key in _DEFAULTS[name]} if kind == "CUSTOM" else {}
    return {"ConfigurationType": kind, **_DEFAULTS[name], **known}


def snapshots_enabled(configuration: Mapping[str, Any]) -> bool:
    """Whether a snapshot is made when it is stopped or updated: it is, unless that is switched off."""
    return bool(configuration.get("ApplicationSnapshotConfiguration", {}).get("SnapshotsEnabled", True))


def rollback_enabled(configuration: Mapping[str, Any]) -> bool:
    """Whether a failed update goes back to the version before: it does not, unless that is switched on."""
    return bool(configuration.get("ApplicationSystemRollbackConfiguration", {}).get("RollbackEnabled", False))


def vpc_id(place: int) -> str:
    """The id of a VPC configuration, by its place."""
    return f"{place + 1}.1"


def code_location(configuration: Mapping[str, Any]) -> tuple[str, str, str]:
    """Bucket, key and version of the code; empty where it is elsewhere, or of no version.

    Args:
        configuration: The configuration.
    """
    content = configuration.get("ApplicationCodeConfiguration", {}).get("CodeContent", {})
    location = content.get("S3ContentLocation", {})
    bucket = str(location.get("BucketARN", "")).rpartition(":")[2]
    return bucket, str(location.get("FileKey", "")), str(location.get("ObjectVersion") or "")


def property_group(configuration: Mapping[str, Any], group: str) -> dict[str, str]:
    """A group of properties; without one of that name, nothing.

    Args:
        configuration: The configuration.
        group: Its id.
    """
    groups = configuration.get("EnvironmentProperties", {}).get("PropertyGroups", ())
    return next((dict(one["PropertyMap"]) for one in groups if one["PropertyGroupId"] == group), {})


def updated(configuration: Mapping[str, Any], update: Mapping[str, Any]) -> Document:
    """A configuration after an update; what that does not name stays.

    Args:
        configuration: The configuration, as `CreateApplication` takes it.
        update: The `ApplicationConfigurationUpdate`.

    Raises:
        ApiError: If it names a VPC configuration that there is none of.
    """
    changed: Document = dict(configuration)
    for name, value in update.items():
        if name in _WHOLE:
            changed[_WHOLE[name]] = value
        elif name == "VpcConfigurationUpdates":
            changed["VpcConfigurations"] = _vpcs(configuration.get("VpcConfigurations", ()), value)
        else:
            before = name.removesuffix(_UPDATE)
            is_part = isinstance(value, Mapping) and name.endswith(_UPDATE)
            changed[before] = updated(changed.get(before) or {}, value) if is_part else value
    return changed


def _vpcs(before: Sequence[Mapping[str, Any]], updates: Sequence[Mapping[str, Any]]) -> list[Document]:
    after = [dict(one) for one in before]
    places = {vpc_id(place): place for place in range(len(after))}
    for update in updates:
        place = places.get(update["VpcConfigurationId"])
        if place is None:
            raise ApiError("InvalidArgumentException", f"there is no VPC configuration {update['VpcConfigurationId']}")
        for given, name in (("SubnetIdUpdates", "SubnetIds"), ("SecurityGroupIdUpdates", "SecurityGroupIds")):
            if given in update:
                after[place][name] = update[given]
    return after


def _code(code: Mapping[str, Any], content: bytes | None) -> Document:
    given = code.get("CodeContent", {})
    told: Document = {}
    if "TextContent" in given:
        told["TextContent"] = given["TextContent"]
    if "S3ContentLocation" in given:
        told["S3ApplicationCodeLocationDescription"] = given["S3ContentLocation"]
    if content is not None:
        import hashlib

        told |= {"CodeMD5": hashlib.md5(content, usedforsecurity=False).hexdigest(), "CodeSize": len(content)}
    return {"CodeContentType": code["CodeContentType"], "CodeContentDescription": told}
