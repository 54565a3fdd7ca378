"""The requests and answers of Managed Flink's API, by their names.

Source: https://docs.aws.amazon.com/managed-flink/latest/apiv2/API_Operations.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from streaming_constructs.local.aws.api import ACCOUNT_ID
from streaming_constructs.local.managed_flink.api_error import ApiError
from streaming_constructs.local.managed_flink.application import Application, Operation, Snapshot, Version
from streaming_constructs.local.managed_flink.application_configuration import described
from streaming_constructs.local.managed_flink.embedded_flink import EmbeddedFlink

Request = Mapping[str, Any]
Answer = dict[str, Any]
_WINDOW_HOURS = 8
_MOST = 50


def answer(flink: EmbeddedFlink, region: str, now: Callable[[], float], operation: str, request: Request) -> Answer:
    """Answers a request.

    Args:
        flink: All applications.
        region: Their region.
        now: The time, in seconds since 1970.
        operation: The API's name of the request, such as `StartApplication`.
        request: The request.

    Raises:
        ApiError: If it is refused.
    """
    if operation == "CreateApplication":
        return _create(flink, region, now(), request)
    if operation not in _ANSWERS:
        raise ApiError("UnsupportedOperationException", f"{operation} has no effect on this machine")
    return _ANSWERS[operation](flink, request)


def _create(flink: EmbeddedFlink, region: str, now: float, request: Request) -> Answer:
    name = request["ApplicationName"]
    arn = f"arn:aws:kinesisanalytics:{region}:{ACCOUNT_ID}:application/{name}"
    options = request.get("CloudWatchLoggingOptions") or ()
    version = Version(
        1,
        now,
        request["RuntimeEnvironment"],
        request["ServiceExecutionRole"],
        dict(request.get("ApplicationConfiguration") or {}),
        {f"{place}.1": option["LogStreamARN"] for place, option in enumerate(options, 1)},
    )
    tags = {tag["Key"]: tag.get("Value", "") for tag in request.get("Tags") or ()}
    return _detail_answer(flink.create(name, arn, version, request.get("ApplicationDescription", ""), tags))


def _describe(flink: EmbeddedFlink, request: Request) -> Answer:
    return _detail_answer(flink.application(request["ApplicationName"]))


def _detail_answer(application: Application, operation: Operation | None = None) -> Answer:
    told = {"ApplicationDetail": detail(application, application.version)}
    return told | ({"OperationId": operation.id} if operation else {})


def detail(application: Application, version: Version) -> Answer:
    """The `ApplicationDetail` of an application, in one of its versions.

    Args:
        application: The application.
        version: The version.
    """
    told: Answer = {
        "ApplicationARN": application.arn,
        "ApplicationName": application.name,
        "RuntimeEnvironment": version.runtime,
        "ServiceExecutionRole": version.role,
        "ApplicationStatus": application.status,
        "ApplicationVersionId": version.number,
        "CreateTimestamp": application.created,
        "LastUpdateTimestamp": application.version.created,
        "ApplicationConfigurationDescription": described(version.configuration, application.run, None),
        "CloudWatchLoggingOptionDescriptions": _options(version),
        "ApplicationMaintenanceConfigurationDescription": _window(application),
        "ApplicationVersionCreateTimestamp": version.created,
        "ConditionalToken": application.token,
        "ApplicationMode": "STREAMING",
    }
    told |= {"ApplicationDescription": application.description} if application.description else {}
    for member, number in (
        ("ApplicationVersionUpdatedFrom", version.updated_from),
        ("ApplicationVersionRolledBackFrom", version.rolled_back_from),
        ("ApplicationVersionRolledBackTo", version.rolled_back_to),
    ):
        if number:
            told[member] = number
    return told


def _options(version: Version) -> list[Answer]:
    return [{"CloudWatchLoggingOptionId": id_, "LogStreamARN": arn} for id_, arn in version.logging.items()]


def _window(application: Application) -> Answer:
    hours, _, minutes = application.window.partition(":")
    end = f"{(int(hours) + _WINDOW_HOURS) % 24:02d}:{minutes}"
    return {"ApplicationMaintenanceWindowStartTime": application.window, "ApplicationMaintenanceWindowEndTime": end}


def _list(flink: EmbeddedFlink, request: Request) -> Answer:
    told = [
        {
            "ApplicationName": one.name,
            "ApplicationARN": one.arn,
            "ApplicationStatus": one.status,
            "ApplicationVersionId": one.version.number,
            "RuntimeEnvironment": one.version.runtime,
            "ApplicationMode": "STREAMING",
        }
        for one in flink.applications()
    ]
    return _page("ApplicationSummaries", told, request)


def _page(member: str, items: Sequence[Answer], request: Request) -> Answer:
    try:
        first = int(request.get("NextToken") or 0)
    except ValueError:
        raise ApiError("InvalidArgumentException", "NextToken is none that was given out") from None
    last = first + int(request.get("Limit") or _MOST)
    more = {"NextToken": str(last)} if last < len(items) else {}
    return {member: list(items[first:last]), **more}


def _update(flink: EmbeddedFlink, request: Request) -> Answer:
    application = flink.application(request["ApplicationName"])
    application.require_current(request.get("CurrentApplicationVersionId"), request.get("ConditionalToken"))
    logging = dict(application.version.logging)
    for option in request.get("CloudWatchLoggingOptionUpdates") or ():
        _known(logging, option["CloudWatchLoggingOptionId"])
        logging[option["CloudWatchLoggingOptionId"]] = option["LogStreamARNUpdate"]
    operation = flink.update(
        application.name,
        request.get("ApplicationConfigurationUpdate") or {},
        run=request.get("RunConfigurationUpdate") or {},
        runtime=request.get("RuntimeEnvironmentUpdate", ""),
        role=request.get("ServiceExecutionRoleUpdate", ""),
        logging=logging,
    )
    return _detail_answer(application, operation)


def _known(logging: Mapping[str, str], option: str) -> None:
    if option not in logging:
        raise ApiError("InvalidArgumentException", f"there is no CloudWatch logging option {option}")


def _start(flink: EmbeddedFlink, request: Request) -> Answer:
    return {"OperationId": flink.start(request["ApplicationName"], request.get("RunConfiguration") or {}).id}


def _stop(flink: EmbeddedFlink, request: Request) -> Answer:
    return {"OperationId": flink.stop(request["ApplicationName"], force=bool(request.get("Force"))).id}


def _roll_back(flink: EmbeddedFlink, request: Request) -> Answer:
    application = flink.application(request["ApplicationName"])
    application.require_current(request["CurrentApplicationVersionId"], None)
    return _detail_answer(application, flink.roll_back(application.name))


def _delete(flink: EmbeddedFlink, request: Request) -> Answer:
    application = flink.application(request["ApplicationName"])
    if abs(float(request["CreateTimestamp"]) - application.created) >= 1:
        message = f"CreateTimestamp is not when the application {application.name} was created"
        raise ApiError("InvalidArgumentException", message)
    flink.delete(application.name)
    return {}


def _add_logging(flink: EmbeddedFlink, request: Request) -> Answer:
    application = flink.application(request["ApplicationName"])
    logging = application.version.logging
    arn = request["CloudWatchLoggingOption"]["LogStreamARN"]
    if arn in logging.values():
        raise ApiError("InvalidArgumentException", f"the application {application.name} writes to {arn} already")
    number = 1 + max((int(id_.partition(".")[0]) for id_ in logging), default=0)
    return _change_logging(flink, application, request, {**logging, f"{number}.1": arn}, "Add")


def _delete_logging(flink: EmbeddedFlink, request: Request) -> Answer:
    application = flink.application(request["ApplicationName"])
    logging, option = dict(application.version.logging), request["CloudWatchLoggingOptionId"]
    _known(logging, option)
    del logging[option]
    return _change_logging(flink, application, request, logging, "Delete")


def _change_logging(
    flink: EmbeddedFlink, application: Application, request: Request, logging: Mapping[str, str], what: str
) -> Answer:
    application.require_current(request.get("CurrentApplicationVersionId"), request.get("ConditionalToken"))
    kind = f"{what}ApplicationCloudWatchLoggingOption"
    operation = flink.update(application.name, {}, run={}, logging=logging, kind=kind)
    return {
        "ApplicationARN": application.arn,
        "ApplicationVersionId": application.version.number,
        "CloudWatchLoggingOptionDescriptions": _options(application.version),
        "OperationId": operation.id,
    }


def _create_snapshot(flink: EmbeddedFlink, request: Request) -> Answer:
    flink.create_snapshot(request["ApplicationName"], request["SnapshotName"])
    return {}


def _delete_snapshot(flink: EmbeddedFlink, request: Request) -> Answer:
    flink.delete_snapshot(request["ApplicationName"], request["SnapshotName"])
    return {}


def _snapshot(one: Snapshot) -> Answer:
    return {
        "SnapshotName": one.name,
        "SnapshotStatus": "READY",
        "ApplicationVersionId": one.version,
        "SnapshotCreationTimestamp": one.created,
        "RuntimeEnvironment": one.runtime,
    }


def _describe_snapshot(flink: EmbeddedFlink, request: Request) -> Answer:
    application, name = flink.application(request["ApplicationName"]), request["SnapshotName"]
    if name not in application.snapshots:
        raise ApiError("ResourceNotFoundException", f"the application {application.name} has no snapshot {name}")
    return {"SnapshotDetails": _snapshot(application.snapshots[name])}


def _list_snapshots(flink: EmbeddedFlink, request: Request) -> Answer:
    snapshots = flink.application(request["ApplicationName"]).snapshots.values()
    return _page("SnapshotSummaries", [_snapshot(one) for one in reversed(snapshots)], request)


def _list_operations(flink: EmbeddedFlink, request: Request) -> Answer:
    told = [
        _operation(one) | {"OperationId": one.id}
        for one in reversed(flink.application(request["ApplicationName"]).operations)
        if request.get("Operation", one.kind) == one.kind and request.get("OperationStatus", one.status) == one.status
    ]
    return _page("ApplicationOperationInfoList", told, request)


def _operation(one: Operation) -> Answer:
    told: Answer = {"Operation": one.kind, "StartTime": one.started, "OperationStatus": one.status}
    return told | ({"EndTime": one.ended} if one.ended is not None else {})


def _describe_operation(flink: EmbeddedFlink, request: Request) -> Answer:
    application = flink.application(request["ApplicationName"])
    found = next((one for one in application.operations if one.id == request["OperationId"]), None)
    if found is None:
        raise ApiError("ResourceNotFoundException", f"there is no operation {request['OperationId']}")
    told = {"EndTime": found.started, **_operation(found)}
    if found.versions:
        before, after = found.versions
        told["ApplicationVersionChangeDetails"] = {
            "ApplicationVersionUpdatedFrom": before,
            "ApplicationVersionUpdatedTo": after,
        }
    if found.error:
        told["OperationFailureDetails"] = {"ErrorInfo": {"ErrorString": found.error}} | (
            {"RollbackOperationId": found.rollback} if found.rollback else {}
        )
    return {"ApplicationOperationInfoDetails": told}


def _list_versions(flink: EmbeddedFlink, request: Request) -> Answer:
    application = flink.application(request["ApplicationName"])
    told = [
        {"ApplicationVersionId": number, "ApplicationStatus": application.status}
        for number in reversed(application.versions)
    ]
    return _page("ApplicationVersionSummaries", told, request)


def _describe_version(flink: EmbeddedFlink, request: Request) -> Answer:
    application, number = flink.application(request["ApplicationName"]), request["ApplicationVersionId"]
    if number not in application.versions:
        raise ApiError("ResourceNotFoundException", f"the application {application.name} has no version {number}")
    return {"ApplicationVersionDetail": detail(application, application.versions[number])}


def _maintenance(flink: EmbeddedFlink, request: Request) -> Answer:
    application = flink.application(request["ApplicationName"])
    application.window = request["ApplicationMaintenanceConfigurationUpdate"][
        "ApplicationMaintenanceWindowStartTimeUpdate"
    ]
    told = {"ApplicationARN": application.arn}
    return told | {"ApplicationMaintenanceConfigurationDescription": _window(application)}


def _list_tags(flink: EmbeddedFlink, request: Request) -> Answer:
    tags = flink.by_arn(request["ResourceARN"]).tags
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def _tag(flink: EmbeddedFlink, request: Request) -> Answer:
    flink.by_arn(request["ResourceARN"]).tags |= {tag["Key"]: tag.get("Value", "") for tag in request["Tags"]}
    return {}


def _untag(flink: EmbeddedFlink, request: Request) -> Answer:
    tags = flink.by_arn(request["ResourceARN"]).tags
    for key in request["TagKeys"]:
        tags.pop(key, None)
    return {}


_ANSWERS: Mapping[str, Callable[[EmbeddedFlink, Request], Answer]] = {
    "AddApplicationCloudWatchLoggingOption": _add_logging,
    "CreateApplicationSnapshot": _create_snapshot,
    "DeleteApplication": _delete,
    "DeleteApplicationCloudWatchLoggingOption": _delete_logging,
    "DeleteApplicationSnapshot": _delete_snapshot,
    "DescribeApplication": _describe,
    "DescribeApplicationOperation": _describe_operation,
    "DescribeApplicationSnapshot": _describe_snapshot,
    "DescribeApplicationVersion": _describe_version,
    "ListApplicationOperations": _list_operations,
    "ListApplicationSnapshots": _list_snapshots,
    "ListApplicationVersions": _list_versions,
    "ListApplications": _list,
    "ListTagsForResource": _list_tags,
    "RollbackApplication": _roll_back,
    "StartApplication": _start,
    "StopApplication": _stop,
    "TagResource": _tag,
    "UntagResource": _untag,
    "UpdateApplication": _update,
    "UpdateApplicationMaintenanceConfiguration": _maintenance,
}
