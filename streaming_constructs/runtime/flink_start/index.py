"""Starts an application of Managed Service for Apache Flink, as a custom resource: CloudFormation creates one and starts none.

Create and Update: an application that is READY is started, from its snapshot or without, and waited for until it is RUNNING.
One that is RUNNING already was updated by CloudFormation, which restarts it. What runs then has to be what was deployed: the
service takes a failed update back by itself, and the version before goes on, which looks like success. So the stack puts a
fingerprint of what it deploys among the application's properties, and it is compared here. Failures are told in the words of
the service, which are those of Flink: a table that is not found, state that fits no operator.

Delete: CloudFormation refuses to delete an application that is on its way from one state to another. So this waits until it
is not, and stops it by force where that takes too long. One that runs is left running: its own deletion halts it.

A function runs for a quarter of an hour, and an application with much state takes longer to start: so several of these stand
one after the other, each Step of Steps. The last one has the last word; of a deletion, which goes the other way, the first.

Properties: ApplicationName, Fingerprint, Restore (latest_snapshot, nothing, or the name of a snapshot),
AllowNonRestoredState (true, false), Step and Steps.

Sources: https://docs.aws.amazon.com/managed-flink/latest/apiv2/API_StartApplication.html,
https://docs.aws.amazon.com/managed-flink/latest/apiv2/API_DescribeApplicationOperation.html and
https://docs.aws.amazon.com/managed-flink/latest/java/how-system-rollbacks.html
"""

from __future__ import annotations

import importlib
import json
import logging
import re
import ssl
import time
import urllib.request
from collections.abc import Callable
from typing import Any, NamedTuple

LOG = logging.getLogger("flink_start")
LOG.setLevel(logging.INFO)

GROUP, FINGERPRINT = "streaming-constructs", "fingerprint"  # where the application has it
RUNS, STANDS = "RUNNING", {"READY", "ROLLED_BACK"}
PASSING = {"AUTOSCALING", "FORCE_STOPPING", "MAINTENANCE", "ROLLING_BACK", "STARTING", "STOPPING", "UPDATING"}
GONE = {"DELETING"}
LATEST, NOTHING = "latest_snapshot", "nothing"
NOT_FOUND = "ResourceNotFoundException"
# Something else began in between; it ends on its own.
CONFLICTS = {"ConcurrentModificationException", "ResourceInUseException"}
# A permission that was given a moment ago takes some seconds; a wrong one is refused for ever.
REFUSED, REFUSED_SECONDS = "AccessDeniedException", 60
LOOK_SECONDS = 15
# Of a deletion: what takes longer than this is stopped by force, and what it had since its last snapshot is lost with it.
STUCK_SECONDS = 600
ANSWER_SECONDS = 20  # of the invocation's time, kept to answer CloudFormation
REASON_CHARACTERS = 1500

Document = dict[str, Any]


class StartError(Exception):
    """The application does not run as it was deployed; the text is for the events of the stack."""


class Call(NamedTuple):
    """What is around a request: the API, the application, the seconds that are left, and how to wait."""

    flink: Any
    name: str
    remaining: Callable[[], float]
    sleep: Callable[[float], None] = time.sleep

    def ask(self, operation: str, **parameters: Any) -> Document:
        """One request; a role that was made a moment ago is refused for some seconds."""
        waited = 0
        while True:
            try:
                return dict(getattr(self.flink, operation)(ApplicationName=self.name, **parameters))
            except Exception as error:
                if code_of(error) != REFUSED or waited >= REFUSED_SECONDS or self.remaining() < LOOK_SECONDS:
                    raise
                LOG.info("Again: %s", error)
            self.sleep(LOOK_SECONDS)
            waited += LOOK_SECONDS

    def describe(self) -> Document:
        """The application as it is."""
        return dict(self.ask("describe_application")["ApplicationDetail"])

    def pages(self, operation: str, found: str) -> list[Document]:
        """All of a list, of all pages."""
        listed: list[Document] = []
        more: Document = {}
        while True:
            page = self.ask(operation, **more)
            listed += page.get(found) or ()
            if not page.get("NextToken"):
                return listed
            more = {"NextToken": page["NextToken"]}


def code_of(error: Exception) -> str:
    """What AWS calls an error; empty where it is none of AWS's."""
    return str(getattr(error, "response", {}).get("Error", {}).get("Code", ""))


def https_only() -> urllib.request.OpenerDirector:
    """Knows https with verified certificates, no other scheme, no proxy, no redirect; hands out whatever status comes."""
    opener = urllib.request.OpenerDirector()
    opener.add_handler(urllib.request.UnknownHandler())
    opener.add_handler(urllib.request.HTTPSHandler(context=ssl.create_default_context()))
    return opener


def handler(event: Document, context: Any) -> None:
    """Does what CloudFormation asks for, and answers it."""
    run(event, context, importlib.import_module("boto3").client("kinesisanalyticsv2"), https_only())


def run(
    event: Document,
    context: Any,
    flink: Any,
    opener: urllib.request.OpenerDirector,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Does what is asked for with a given API; whatever happens, CloudFormation gets its answer."""

    def remaining() -> float:
        return float(context.get_remaining_time_in_millis()) / 1000 - ANSWER_SECONDS

    properties, reason = event["ResourceProperties"], ""
    try:
        call = Call(flink, name_of(properties), remaining, sleep)
        step, steps = int(properties["Step"]), int(properties["Steps"])
        if event["RequestType"] == "Delete":
            settle(call, is_last=step == 1)
        else:
            start(properties, call, is_last=step == steps)
    except StartError as error:
        reason = str(error)
    except Exception as error:  # without an answer CloudFormation would wait for an hour
        LOG.exception("Unexpected")
        reason = f"{type(error).__name__}: {error}"
    answer(event, reason, opener)


def name_of(properties: Document) -> str:
    """The name of the application; nothing else passes."""
    name = str(properties.get("ApplicationName", ""))
    if not re.fullmatch(r"[a-zA-Z0-9_.-]{1,128}", name):
        raise StartError(f"ApplicationName: the name of an application is needed, seen {name!r}")
    return name


def start(properties: Document, call: Call, *, is_last: bool) -> None:
    """Starts the application where it stands, and waits until it runs as it was deployed."""
    operation, status = "", ""
    while True:
        application = call.describe()
        status = application["ApplicationStatus"]
        if status in STANDS | {RUNS} and fingerprint_of(application) != properties["Fingerprint"]:
            raise StartError(f"{call.name} was taken back to the version before, and is {status}: {why(call)}")
        if status == RUNS:
            return
        if status in STANDS:
            if operation:
                raise StartError(f"{call.name} was started, and is {status}: {why(call, operation)}")
            operation = begin(properties, call)
        elif status not in PASSING:
            raise StartError(f"{call.name} is {status}")
        if call.remaining() < LOOK_SECONDS:
            break
        call.sleep(LOOK_SECONDS)
    if is_last:
        raise StartError(f"{call.name} is still {status}; its log says what it does, and another deployment waits anew")
    LOG.info("Still %s; the next resource waits on", status)


def begin(properties: Document, call: Call) -> str:
    """Asks for the start, and gives the operation that it is; none where something else was quicker."""
    try:
        answered = call.ask("start_application", RunConfiguration=run_configuration(properties, call))
    except Exception as error:
        if code_of(error) in CONFLICTS:
            LOG.info("Again: %s", error)
            return ""
        raise StartError(f"{call.name} is not started: {error}") from error
    return str(answered.get("OperationId") or "unknown")


def run_configuration(properties: Document, call: Call) -> Document:
    """What the application begins with."""
    wanted = str(properties.get("Restore") or LATEST)
    if wanted == LATEST and not any(
        snapshot["SnapshotStatus"] == "READY"
        for snapshot in call.pages("list_application_snapshots", "SnapshotSummaries")
    ):
        wanted = NOTHING
    if wanted == NOTHING:
        return {"ApplicationRestoreConfiguration": {"ApplicationRestoreType": "SKIP_RESTORE_FROM_SNAPSHOT"}}
    restore = {"ApplicationRestoreType": "RESTORE_FROM_LATEST_SNAPSHOT"}
    if wanted != LATEST:
        restore = {"ApplicationRestoreType": "RESTORE_FROM_CUSTOM_SNAPSHOT", "SnapshotName": wanted}
    return {
        "ApplicationRestoreConfiguration": restore,
        "FlinkRunConfiguration": {"AllowNonRestoredState": properties.get("AllowNonRestoredState") == "true"},
    }


def fingerprint_of(application: Document) -> str:
    """The fingerprint of the deployment that the application is of."""
    configuration = application.get("ApplicationConfigurationDescription") or {}
    groups = (configuration.get("EnvironmentPropertyDescriptions") or {}).get("PropertyGroupDescriptions") or ()
    own = [group["PropertyMap"] for group in groups if group["PropertyGroupId"] == GROUP]
    return str(own[0].get(FINGERPRINT, "")) if own else ""


def why(call: Call, operation: str = "") -> str:
    """What the service says of an operation, or else of the last one that failed."""
    try:
        if not operation:
            listed = call.pages("list_application_operations", "ApplicationOperationInfoList")
            failed = [one for one in listed if one.get("OperationStatus") == "FAILED"]
            if not failed:
                return "no operation of it failed"
            operation = max(failed, key=lambda one: one["StartTime"])["OperationId"]
        described = call.ask("describe_application_operation", OperationId=operation)
    except Exception as error:  # noqa: BLE001 - what went wrong first is told in any case
        LOG.info("%s", error)
        return f"the service does not say why ({code_of(error) or error})"
    details = described["ApplicationOperationInfoDetails"]
    told = ((details.get("OperationFailureDetails") or {}).get("ErrorInfo") or {}).get("ErrorString")
    return str(told or f"{details.get('Operation')} ended as {details.get('OperationStatus')}")


def settle(call: Call, *, is_last: bool) -> None:
    """Waits until the application is in no state that CloudFormation does not delete it in."""
    waited, is_forced, status = 0, False, ""
    while True:
        try:
            status = call.describe()["ApplicationStatus"]
        except Exception as error:
            if code_of(error) == NOT_FOUND:
                return
            raise
        if status not in PASSING:
            return
        if waited >= STUCK_SECONDS and not is_forced:
            is_forced = stop_by_force(call)
        if call.remaining() < LOOK_SECONDS:
            break
        call.sleep(LOOK_SECONDS)
        waited += LOOK_SECONDS
    if is_last:
        raise StartError(f"{call.name} is still {status}, and is not deleted meanwhile; delete it again later")
    LOG.info("Still %s; the resource before waits on", status)


def stop_by_force(call: Call) -> bool:
    """Stops the application without a snapshot; whether the service took the request."""
    try:
        call.ask("stop_application", Force=True)
    except Exception as error:  # noqa: BLE001 - refused in some states: it is waited on, and told of in the end
        LOG.info("Not stopped: %s", error)
        return False
    return True


def answer(event: Document, reason: str, opener: urllib.request.OpenerDirector) -> None:
    """Answers CloudFormation in at most 4096 bytes; if that fails the invocation does, and Lambda repeats it.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
    """
    # One id for all of its life: another one would have CloudFormation delete the one before.
    physical_id = event.get("PhysicalResourceId") or f"{event['LogicalResourceId']}-start"
    content = {
        "Status": "FAILED" if reason else "SUCCESS",
        "Reason": re.sub(r"[^!-~]+", " ", reason or "Done")[:REASON_CHARACTERS],
        "PhysicalResourceId": str(physical_id),
        "Data": {},
        **{key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")},
    }
    LOG.info("%s", content)
    body, headers = json.dumps(content).encode(), {"Content-Type": ""}  # the URL is signed for no content type
    request = urllib.request.Request(event["ResponseURL"], body, headers, method="PUT")  # noqa: S310 - see `https_only`
    with opener.open(request, timeout=ANSWER_SECONDS / 4) as response:
        if response.status != 200:
            raise StartError(f"CloudFormation answered {response.status}")
