"""Prepares an OpenSearch domain for the documents of one delivery, as a CloudFormation custom resource.

CloudFormation creates a domain, and cannot say what is in it: who may write (with fine-grained access control, the
delivery's IAM role is mapped to a role of OpenSearch), what the fields of new indices are, and when indices are deleted.
This function says it to the domain itself, signed as the IAM role that is its master user: the role that the environment
variable ADMIN_ROLE_ARN names, which it assumes, or else its own.

Properties: Endpoint (a host name), Index (the base of the indices' names), Rotation (none, hourly, daily, weekly, monthly),
RoleName (the name of all that is made: role, mapping, policy, template), BackendRoles (IAM role ARNs), RetentionDays
(left out: indices are kept), Mappings (JSON text of the index mappings), Shards and Replicas of an index.

No request of this function deletes documents: the retention policy does, when an index is old enough.
"""

from __future__ import annotations

import http.client
import importlib
import itertools
import json
import logging
import os
import re
import ssl
import time
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

LOG = logging.getLogger("opensearch_setup")
LOG.setLevel(logging.INFO)

# How long one index takes documents, at most: its age counts from its first document, the last one is younger by this.
ROTATION_HOURS = {"none": 0, "hourly": 1, "daily": 24, "weekly": 7 * 24, "monthly": 31 * 24}
HOST, NAME, INDEX = r"[a-z0-9.-]+(:[0-9]+)?", r"[A-Za-z0-9_-]+", r"[a-z0-9][a-z0-9._-]*"

# 409: two resources of a stack write to one domain at the same time, and its roles are one document.
PASSING = {409, 429, 500, 502, 503, 504}
# An IAM role that was created a moment ago is refused for some seconds, a wrong one for ever.
REFUSED, REFUSED_ATTEMPTS = 403, 5
LONGEST_WAIT_SECONDS = 20
REQUEST_SECONDS = 10
STS_SECONDS = 5
ANSWER_SECONDS = 20  # of the invocation's time, kept to answer CloudFormation
DELETE_SECONDS = 60  # a domain that is gone does not hold up the stack that goes with it
REASON_CHARACTERS = 1000

Document = dict[str, Any]


class SetupError(Exception):
    """What was asked for cannot be done; the text is for the events of the stack."""


class PassingError(Exception):
    """A request failed in a way that the next attempt may not; the second argument is the status, if there is one."""


class Wire(NamedTuple):
    """How requests leave: from Lambda always by TLS and signed; tests have a server of their own at the other end."""

    scheme: str
    opener: urllib.request.OpenerDirector
    sign: Callable[[str, str, bytes | None], Mapping[str, str]]


class Domain(NamedTuple):
    """A domain, the way to it, and the seconds that are left for it."""

    endpoint: str
    wire: Wire
    remaining: Callable[[], float]


class Setup(NamedTuple):
    """What to make, read from the properties."""

    endpoint: str
    name: str
    base: str
    rotation: str
    backend_roles: list[str]
    retention_days: int | None
    mappings: Document
    shards: int
    replicas: int

    @property
    def matches(self) -> Document:
        """The indices of this delivery and of no other; where two templates match, the one of the longer name counts.

        Firehose appends the UTC time of arrival (logs-2026-11-21-13, logs-2026-11-21, logs-2026-w47, logs-2026-11):
        https://docs.aws.amazon.com/firehose/latest/dev/es-index-rotation.html. `logs-*` would match `logs-audit` too.
        """
        pattern = self.base if self.rotation == "none" else f"{self.base}-2*"
        return {"index_patterns": [pattern], "priority": 100 + len(self.base)}


def https_only() -> urllib.request.OpenerDirector:
    """Knows https with verified certificates, no other scheme, no proxy, no redirect; hands out whatever status comes."""
    opener = urllib.request.OpenerDirector()
    opener.add_handler(urllib.request.UnknownHandler())
    opener.add_handler(urllib.request.HTTPSHandler(context=ssl.create_default_context()))
    return opener


def sign_as_function(method: str, url: str, body: bytes | None) -> Mapping[str, str]:
    """The headers of a request, signed with the credentials of the master user's role (Signature Version 4)."""
    auth, awsrequest = (importlib.import_module(f"botocore.{part}") for part in ("auth", "awsrequest"))
    request = awsrequest.AWSRequest(method=method, url=url, data=body, headers={"Content-Type": "application/json"})
    auth.SigV4Auth(credentials(), "es", os.environ["AWS_REGION"]).add_auth(request)
    return dict(request.headers.items())


def credentials() -> Any:
    """Those of the role that ADMIN_ROLE_ARN names, asked of the region's own STS; without it the function's own."""
    session = importlib.import_module("botocore.session").Session()
    role_arn = os.environ.get("ADMIN_ROLE_ARN")
    if not role_arn:
        return session.get_credentials()
    config, exceptions = (importlib.import_module(f"botocore.{part}") for part in ("config", "exceptions"))
    # Where STS is out of reach, the invocation must not end before CloudFormation has its answer.
    soon = config.Config(connect_timeout=STS_SECONDS, read_timeout=STS_SECONDS, retries={"total_max_attempts": 1})
    try:
        sts = session.create_client("sts", region_name=os.environ["AWS_REGION"], config=soon)
        assumed = sts.assume_role(RoleArn=role_arn, RoleSessionName="opensearch-setup", DurationSeconds=900)
    except (exceptions.BotoCoreError, exceptions.ClientError) as error:
        # A permission that was given a moment ago takes some seconds, like the role itself.
        raise PassingError(f"{role_arn} cannot be assumed: {error}", REFUSED) from error
    given = assumed["Credentials"]
    made = importlib.import_module("botocore.credentials").Credentials
    return made(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])


def handler(event: Document, context: Any) -> None:
    """Does what CloudFormation asks for, and answers it."""
    run(event, context, Wire("https", https_only(), sign_as_function))


def run(event: Document, context: Any, wire: Wire) -> None:
    """Does what is asked for over a given wire; whatever happens, CloudFormation gets its answer."""

    def remaining() -> float:
        return float(context.get_remaining_time_in_millis()) / 1000 - ANSWER_SECONDS

    physical_id, reason = str(event.get("PhysicalResourceId") or "nothing-made"), ""
    try:
        if event["RequestType"] == "Delete":
            take_away(event, wire, remaining)
        else:
            setup = read(event["ResourceProperties"])
            physical_id = f"{setup.endpoint}/{setup.name}"
            put(setup, event.get("OldResourceProperties") or {}, Domain(setup.endpoint, wire, remaining))
    except SetupError as error:
        reason = str(error)
    except Exception as error:  # without an answer CloudFormation would wait for an hour
        LOG.exception("Unexpected")
        reason = f"{type(error).__name__}: {error}"
    answer(event, physical_id, reason, wire.opener)


def read(properties: Document) -> Setup:
    """Reads and judges the properties; CloudFormation passes every number as text."""
    roles, days = properties.get("BackendRoles"), None
    if not isinstance(roles, list) or not roles or not all(isinstance(role, str) and role for role in roles):
        raise SetupError(f"BackendRoles: a list of IAM role ARNs is needed, seen {roles!r}")
    if properties.get("RetentionDays") not in (None, ""):
        days = int(text(properties, "RetentionDays", "[1-9][0-9]{0,4}"))
    rotation = text(properties, "Rotation", "|".join(ROTATION_HOURS))
    if days and rotation == "none":
        raise SetupError("RetentionDays: without rotation the policy would delete the index that is written to")
    try:
        mappings = dict(json.loads(properties.get("Mappings") or "{}"))
    except (TypeError, ValueError) as error:
        raise SetupError(f"Mappings: the text of a JSON object is needed: {error}") from error
    return Setup(
        endpoint=text(properties, "Endpoint", HOST),
        name=text(properties, "RoleName", NAME),
        base=text(properties, "Index", INDEX),
        rotation=rotation,
        backend_roles=roles,
        retention_days=days,
        mappings=mappings,
        shards=int(text(properties, "Shards", "[1-9][0-9]{0,3}")),
        replicas=int(text(properties, "Replicas", "[0-9]{1,2}")),
    )


def text(properties: Document, key: str, form: str) -> str:
    """A property of a form; it becomes part of a path or a body, so nothing else passes."""
    value = str(properties.get(key, ""))
    if not re.fullmatch(form, value):
        raise SetupError(f"{key}: {form} is needed, seen {value!r}")
    return value


def put(setup: Setup, old: Document, domain: Domain) -> None:
    """Makes everything, or brings it up to date; the same request twice does no harm."""
    name = setup.name
    insist(domain, "PUT", f"/_plugins/_security/api/roles/{name}", role(setup))
    insist(domain, "PUT", f"/_plugins/_security/api/rolesmapping/{name}", {"backend_roles": setup.backend_roles})
    if old.get("Endpoint") == setup.endpoint and old.get("RoleName") != name:
        # A new name replaces the old one, which CloudFormation deletes later. Until then both would match the same
        # indices, and OpenSearch refuses that. The old role stays, because Firehose still writes with it.
        renamed = text(old, "RoleName", NAME)
        insist(domain, "DELETE", f"/_plugins/_ism/policies/{renamed}")
        take_away_template(renamed, domain)
    if setup.retention_days is None:
        keep_indices(name, domain)
    else:
        until_answered(domain, lambda: put_policy(setup, domain))
        cover_existing(setup, domain)
    insist(domain, "PUT", f"/_index_template/{name}", template(setup))


def role(setup: Setup) -> Document:
    """What Firehose needs: to write to its indices, and to see how they and the domain are.

    Its requests: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-es.
    """
    write = ["create_index", "crud", "indices_monitor", "indices:admin/mappings/get"]
    see = ["indices:monitor/settings/get", "indices:monitor/stats"]
    return {
        "cluster_permissions": ["cluster_composite_ops", "cluster_monitor"],
        "index_permissions": [
            {"index_patterns": [setup.base, f"{setup.base}-*"], "allowed_actions": write},
            {"index_patterns": ["*"], "allowed_actions": see},
        ],
    }


def template(setup: Setup) -> Document:
    """What a new index is like."""
    settings = {"number_of_shards": setup.shards, "number_of_replicas": setup.replicas}
    return {**setup.matches, "template": {"settings": settings, "mappings": setup.mappings}}


def policy(setup: Setup, days: int) -> Document:
    """When an index is deleted: when its last document is as old as it may get."""
    old_enough = {"min_index_age": f"{days * 24 + ROTATION_HOURS[setup.rotation]}h"}
    states = [
        {"name": "kept", "actions": [], "transitions": [{"state_name": "deleted", "conditions": old_enough}]},
        {"name": "deleted", "actions": [{"delete": {}}], "transitions": []},
    ]
    description = f"Deletes an index when its last document is {days} days old"
    matches = [setup.matches]
    return {"policy": {"description": description, "default_state": "kept", "states": states, "ism_template": matches}}


def put_policy(setup: Setup, domain: Domain) -> None:
    """A policy that is there already is replaced only by naming the version that is replaced."""
    path = f"/_plugins/_ism/policies/{setup.name}"
    found = ask(domain, "GET", path)
    version = f"?if_seq_no={found['_seq_no']}&if_primary_term={found['_primary_term']}" if found else ""
    ask(domain, "PUT", path + version, policy(setup, setup.retention_days or 0))


def cover_existing(setup: Setup, domain: Domain) -> None:
    """Indices that exist keep the copy of a policy that they have, or none, until they are told."""
    told, pattern = {"policy_id": setup.name}, setup.matches["index_patterns"][0]
    added = insist(domain, "POST", f"/_plugins/_ism/add/{pattern}", told)
    if added.get("failures"):  # there are some with a policy
        LOG.info("Changed: %s", insist(domain, "POST", f"/_plugins/_ism/change_policy/{pattern}", told))


def keep_indices(name: str, domain: Domain) -> None:
    """Ends the retention: indices have a copy of their policy, and would be deleted by it after it is gone."""
    path = f"/_plugins/_ism/policies/{name}"
    found = insist(domain, "GET", path)
    for covered in found.get("policy", {}).get("ism_template") or []:
        insist(domain, "POST", f"/_plugins/_ism/remove/{','.join(covered['index_patterns'])}")
    if found:
        insist(domain, "DELETE", path)


def take_away(event: Document, wire: Wire, remaining: Callable[[], float]) -> None:
    """Deletes what was made. What cannot be deleted stays and is logged: the stack must go, and the domain may be gone."""
    made = str(event["PhysicalResourceId"])
    if not re.fullmatch(f"{HOST}/{NAME}", made):
        LOG.info("Nothing was made under the id %s", made)
        return
    endpoint, name = made.split("/")
    others = max(0.0, remaining() - DELETE_SECONDS)
    domain = Domain(endpoint, wire, lambda: remaining() - others)
    for step in (take_away_role, keep_indices, take_away_template):
        try:
            step(name, domain)
        except Exception as error:  # noqa: BLE001 - whatever it is, the stack goes on
            LOG.warning("Left behind: %s: %s", type(error).__name__, error)


def take_away_role(name: str, domain: Domain) -> None:
    """The role goes first: OpenSearch keeps its own roles, and their mappings are never reached (the master user's)."""
    insist(domain, "DELETE", f"/_plugins/_security/api/roles/{name}")
    insist(domain, "DELETE", f"/_plugins/_security/api/rolesmapping/{name}")


def take_away_template(name: str, domain: Domain) -> None:
    """New indices are again as the domain's owner has them."""
    insist(domain, "DELETE", f"/_index_template/{name}")


def insist(domain: Domain, method: str, path: str, content: Document | None = None) -> Document:
    """One request, repeated until it is answered."""
    answered: Document = until_answered(domain, lambda: ask(domain, method, path, content))
    return answered


def until_answered(domain: Domain, step: Callable[[], Any]) -> Any:
    """Repeats a step that fails in passing, while there is time: a new domain needs some to answer."""
    for attempt in itertools.count(1):
        try:
            return step()
        except PassingError as error:
            wait = min(2.0**attempt, LONGEST_WAIT_SECONDS)
            refused = REFUSED in error.args and attempt == REFUSED_ATTEMPTS
            if refused or domain.remaining() < wait:
                raise SetupError(f"{error.args[0]} (attempt {attempt})") from error
            LOG.info("Again in %s seconds: %s", wait, error.args[0])
            time.sleep(wait)
    return None


def ask(domain: Domain, method: str, path: str, content: Document | None = None) -> Document:
    """One request, once; what is not there is answered with an empty document."""
    url, body = f"{domain.wire.scheme}://{domain.endpoint}{path}", json.dumps(content).encode() if content else None
    headers = domain.wire.sign(method, url, body)
    request = urllib.request.Request(url, body, dict(headers), method=method)  # noqa: S310 - see `https_only`
    try:
        with domain.wire.opener.open(request, timeout=max(1.0, min(REQUEST_SECONDS, domain.remaining()))) as response:
            status, said = response.status, response.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        raise PassingError(f"{method} {path}: {error}") from error
    if status == 404 and method in ("GET", "DELETE"):
        return {}
    if status in (200, 201):
        return dict(json.loads(said))
    for header in headers.values():  # a wrong signature is answered with all that was signed, the session token too
        said = said.replace(header, "***") if len(header) > 32 else said
    problem = f"{method} {path}: {status} {said[:REASON_CHARACTERS]}"
    raise PassingError(problem, status) if status in {*PASSING, REFUSED} else SetupError(problem)


def answer(event: Document, physical_id: str, reason: str, opener: urllib.request.OpenerDirector) -> None:
    """Answers CloudFormation in at most 4096 bytes; if that fails the invocation does, and Lambda repeats it.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
    """
    content = {
        "Status": "FAILED" if reason else "SUCCESS",
        "Reason": re.sub(r"[^!-~]+", " ", reason or "Done")[:REASON_CHARACTERS],
        "PhysicalResourceId": physical_id,
        **{key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")},
    }
    LOG.info("%s", content)
    body, headers = json.dumps(content).encode(), {"Content-Type": ""}  # the URL is signed for no content type
    request = urllib.request.Request(event["ResponseURL"], body, headers, method="PUT")  # noqa: S310 - see `https_only`
    with opener.open(request, timeout=ANSWER_SECONDS / 4) as response:
        if response.status != 200:
            raise SetupError(f"CloudFormation answered {response.status}")
