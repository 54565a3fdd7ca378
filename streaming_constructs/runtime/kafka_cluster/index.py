"""Does with a cluster of Amazon MSK what CloudFormation cannot, as a custom resource; one task each.

BootstrapBrokers: the addresses of the brokers, which no attribute of a cluster has, as `Brokers`. MSK gives them in another
order, and of a large cluster others, each time it is asked; what changes them may replace a connector. So it is asked once,
what it says is sorted, and the resource's own id keeps it: an update of the same cluster and authentication asks no more.

Connectivity: multi-VPC private connectivity, which cannot be on when a cluster is created. It restarts broker after broker,
for half an hour or more, and a function runs for a quarter of one: so this waits as long as it can. Where it is the Last of
several that wait one after the other, a cluster that is not done by then is an error; the others leave it to the next. It
stays on when the resource goes: without a policy of the cluster nobody makes a connection.

ScramSecrets: whether the secrets with users of SASL/SCRAM are associated. An association that failed is told of in an answer
that counts as success, so CloudFormation goes on without it, and nobody gets in.

Properties: Task, ClusterArn; Authentications (iam, sasl_scram, mtls) and Last of Connectivity, Authentication of
BootstrapBrokers, SecretArns of ScramSecrets.

Sources: https://docs.aws.amazon.com/msk/1.0/apireference/clusters-clusterarn-bootstrap-brokers.html,
https://docs.aws.amazon.com/msk/latest/developerguide/mvpc-cluster-owner-action-turn-on.html and
https://docs.aws.amazon.com/msk/1.0/apireference/clusters-clusterarn-scram-secrets.html
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

LOG = logging.getLogger("kafka_cluster")
LOG.setLevel(logging.INFO)

BROKERS = {
    "iam": "BootstrapBrokerStringSaslIam",
    "sasl_scram": "BootstrapBrokerStringSaslScram",
    "mtls": "BootstrapBrokerStringTls",
}
# Where each way to authenticate is switched on, in requests and in descriptions.
CONNECTIVITY = {"iam": ("Sasl", "Iam"), "sasl_scram": ("Sasl", "Scram"), "mtls": ("Tls",)}

# A cluster that is created, patched or healed is busy for a while; these end on their own.
BUSY = {"CREATING", "HEALING", "MAINTENANCE", "REBOOTING_BROKER", "UPDATING"}
# Another operation began in between.
CONFLICT = "ConflictException"
# A permission that was given a moment ago takes some seconds; a wrong one is refused for ever.
REFUSED, REFUSED_SECONDS = {"AccessDeniedException", "ForbiddenException"}, 60
LOOK_SECONDS = 20
# A secret that was created a moment ago is associated some seconds later.
ASSOCIATED_SECONDS = 120
ANSWER_SECONDS = 20  # of the invocation's time, kept to answer CloudFormation
REASON_CHARACTERS = 1000

Document = dict[str, Any]


class TaskError(Exception):
    """What was asked for cannot be done; the text is for the events of the stack."""


class Call(NamedTuple):
    """What is around a task: the API of MSK, the seconds that are left, and how to wait."""

    kafka: Any
    remaining: Callable[[], float]
    sleep: Callable[[float], None] = time.sleep

    def ask(self, operation: str, **parameters: Any) -> Document:
        """One request; a role that was made a moment ago is refused for some seconds."""
        waited = 0
        while True:
            try:
                return dict(getattr(self.kafka, operation)(**parameters))
            except Exception as error:
                if code_of(error) not in REFUSED or waited >= REFUSED_SECONDS or self.remaining() < LOOK_SECONDS:
                    raise
                LOG.info("Again: %s", error)
            self.sleep(LOOK_SECONDS)
            waited += LOOK_SECONDS


def code_of(error: Exception) -> str:
    """What AWS calls an error; empty where it is none of AWS's."""
    return str(getattr(error, "response", {}).get("Error", {}).get("Code", ""))


class Done(NamedTuple):
    """What a task made: the id of the resource, and its attributes."""

    physical_id: str
    data: Document


def https_only() -> urllib.request.OpenerDirector:
    """Knows https with verified certificates, no other scheme, no proxy, no redirect; hands out whatever status comes."""
    opener = urllib.request.OpenerDirector()
    opener.add_handler(urllib.request.UnknownHandler())
    opener.add_handler(urllib.request.HTTPSHandler(context=ssl.create_default_context()))
    return opener


def handler(event: Document, context: Any) -> None:
    """Does what CloudFormation asks for, and answers it."""
    run(event, context, importlib.import_module("boto3").client("kafka"), https_only())


def run(
    event: Document,
    context: Any,
    kafka: Any,
    opener: urllib.request.OpenerDirector,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Does what is asked for with a given API; whatever happens, CloudFormation gets its answer."""

    def remaining() -> float:
        return float(context.get_remaining_time_in_millis()) / 1000 - ANSWER_SECONDS

    done, reason = Done(str(event.get("PhysicalResourceId") or "nothing-made"), {}), ""
    try:
        if event["RequestType"] != "Delete":  # nothing that is made has to be taken away
            properties = event["ResourceProperties"]
            task = task_of(properties.get("Task"))
            done = task(properties, str(event.get("PhysicalResourceId") or ""), Call(kafka, remaining, sleep))
    except TaskError as error:
        reason = str(error)
    except Exception as error:  # without an answer CloudFormation would wait for an hour
        LOG.exception("Unexpected")
        reason = f"{type(error).__name__}: {error}"
    answer(event, done, reason, opener)


def task_of(name: Any) -> Callable[[Document, str, Call], Done]:
    """What is asked for."""
    if name not in TASKS:
        raise TaskError(f"Task: one of {', '.join(TASKS)} is needed, seen {name!r}")
    return TASKS[name]


def cluster_of(properties: Document) -> str:
    """The ARN of the cluster; it becomes part of an id, so nothing else passes."""
    arn = str(properties.get("ClusterArn", ""))
    if not re.fullmatch(r"arn:[a-z-]+:kafka:[a-z0-9-]+:[0-9]{12}:cluster/[A-Za-z0-9-]+/[A-Za-z0-9-]+", arn):
        raise TaskError(f"ClusterArn: the ARN of a cluster is needed, seen {arn!r}")
    return arn


def way_of(value: Any) -> str:
    """One way to authenticate."""
    if value not in BROKERS:
        raise TaskError(f"a way to authenticate is one of {', '.join(BROKERS)}, seen {value!r}")
    return str(value)


def bootstrap_brokers(properties: Document, physical_id: str, call: Call) -> Done:
    """The brokers, sorted: as the id of the resource has them, else as MSK says."""
    arn, way = cluster_of(properties), way_of(properties.get("Authentication"))
    known = f"{arn}|{way}|"
    if physical_id.startswith(known):
        return Done(physical_id, {"Brokers": physical_id.removeprefix(known)})
    said = call.ask("get_bootstrap_brokers", ClusterArn=arn).get(BROKERS[way]) or ""
    brokers = ",".join(sorted(filter(None, said.split(","))))
    if not brokers:
        raise TaskError(f"{arn} has no brokers that take clients with {way}")
    return Done(known + brokers, {"Brokers": brokers})


def connectivity(properties: Document, _physical_id: str, call: Call) -> Done:
    """Switches private connectivity on for each way to authenticate, and waits until all brokers have it."""
    arn = cluster_of(properties)
    ways = [way_of(way) for way in properties.get("Authentications") or ()]
    if not ways:
        raise TaskError("Authentications: a list of ways to authenticate is needed")
    done, last = Done(f"{arn}|connectivity", {}), properties.get("Last") == "true"
    asked, state = False, ""
    while True:
        cluster = call.ask("describe_cluster_v2", ClusterArn=arn)["ClusterInfo"]
        state = cluster["State"]
        if state == "ACTIVE":
            missing = [way for way in ways if not is_on(cluster, way)]
            if not missing:
                return done
            if asked:
                # The operation came to its end without what it was to do.
                raise TaskError(f"MSK did not switch private connectivity on for {', '.join(missing)}: {why(cluster)}")
            asked = switch_on(cluster, ways, call)
        elif state not in BUSY:
            raise TaskError(f"{arn} is {state}: {why(cluster)}")
        if call.remaining() < LOOK_SECONDS:
            break
        call.sleep(LOOK_SECONDS)
    if last:
        raise TaskError(
            f"{arn} is still {state}, and private connectivity not on yet; deploy again once the cluster is ACTIVE"
        )
    LOG.info("Still %s; the next resource waits on", state)
    return done


def is_on(cluster: Document, way: str) -> bool:
    """Whether private connectivity is on for a way to authenticate."""
    found: Any = cluster.get("Provisioned", {}).get("BrokerNodeGroupInfo", {})
    for step in ("ConnectivityInfo", "VpcConnectivity", "ClientAuthentication", *CONNECTIVITY[way], "Enabled"):
        found = (found or {}).get(step)
    return bool(found)


def switch_on(cluster: Document, ways: list[str], call: Call) -> bool:
    """Asks for it, and says whether MSK took the request; what is on already stays on."""
    authentication: Document = {}
    for way, steps in CONNECTIVITY.items():
        inner = authentication
        for step in steps:
            inner = inner.setdefault(step, {})
        inner["Enabled"] = way in ways or is_on(cluster, way)
    try:
        call.ask(
            "update_connectivity",
            ClusterArn=cluster["ClusterArn"],
            CurrentVersion=cluster["CurrentVersion"],
            ConnectivityInfo={"VpcConnectivity": {"ClientAuthentication": authentication}},
        )
    except Exception as error:
        if code_of(error) != CONFLICT:
            raise TaskError(f"MSK refuses private connectivity: {error}") from error
        LOG.info("Again: %s", error)
        return False
    return True


def why(cluster: Document) -> str:
    """What MSK says of a state, if anything."""
    return str((cluster.get("StateInfo") or {}).get("Message") or "it says no more")


def scram_secrets(properties: Document, _physical_id: str, call: Call) -> Done:
    """Fails where a secret is not among those that the cluster has."""
    arn, wanted = cluster_of(properties), properties.get("SecretArns")
    if not isinstance(wanted, list) or not wanted:
        raise TaskError(f"SecretArns: a list of ARNs is needed, seen {wanted!r}")
    waited = 0.0
    while True:
        there = associated(arn, call)
        missing = [secret for secret in wanted if secret not in there]
        if not missing:
            return Done(f"{arn}|scram-secrets", {})
        if waited >= ASSOCIATED_SECONDS or call.remaining() < LOOK_SECONDS:
            raise TaskError(
                f"MSK has not associated {', '.join(missing)}: the name has to start with AmazonMSK_, the key has to be a "
                "customer managed one, and the policies of both have to let kafka.amazonaws.com in"
            )
        call.sleep(LOOK_SECONDS)
        waited += LOOK_SECONDS


def associated(arn: str, call: Call) -> set[str]:
    """The secrets that a cluster has, of all pages."""
    found: set[str] = set()
    more: Document = {}
    while True:
        page = call.ask("list_scram_secrets", ClusterArn=arn, **more)
        found.update(page.get("SecretArnList") or ())
        if not page.get("NextToken"):
            return found
        more = {"NextToken": page["NextToken"]}


TASKS: dict[str, Callable[[Document, str, Call], Done]] = {
    "BootstrapBrokers": bootstrap_brokers,
    "Connectivity": connectivity,
    "ScramSecrets": scram_secrets,
}


def answer(event: Document, done: Done, reason: str, opener: urllib.request.OpenerDirector) -> None:
    """Answers CloudFormation in at most 4096 bytes; if that fails the invocation does, and Lambda repeats it.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
    """
    content = {
        "Status": "FAILED" if reason else "SUCCESS",
        "Reason": re.sub(r"[^!-~]+", " ", reason or "Done")[:REASON_CHARACTERS],
        "PhysicalResourceId": done.physical_id,
        "Data": {} if reason else done.data,
        **{key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")},
    }
    LOG.info("%s", content)
    body, headers = json.dumps(content).encode(), {"Content-Type": ""}  # the URL is signed for no content type
    request = urllib.request.Request(event["ResponseURL"], body, headers, method="PUT")  # noqa: S310 - see `https_only`
    with opener.open(request, timeout=ANSWER_SECONDS / 4) as response:
        if response.status != 200:
            raise TaskError(f"CloudFormation answered {response.status}")
