"""The function runs with the real client of MSK against a server that answers as MSK does, on a clock of its own."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
import pytest

from streaming_constructs.runtime.kafka_cluster import index

ARN = "arn:aws:kafka:eu-west-1:111122223333:cluster/main/12345678-1234-1234-1234-123456789012-1"
B1, B2, B3 = (f"b-{number}.main.abc.c2.kafka.eu-west-1.amazonaws.com:9098" for number in (1, 2, 3))
SECRETS = [f"arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_{name}-AbCdEf" for name in ("a", "b")]


class Msk:
    """One cluster. An update takes `update_seconds` of the clock, which only waiting moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.brokers: list[dict[str, str]] = [{"bootstrapBrokerStringSaslIam": f"{B3},{B1},{B2}"}]
        self.state = "ACTIVE"
        self.on: dict[str, Any] = {}
        self.update_seconds = 1800.0
        self.busy_until = 0.0
        self.wanted: dict[str, Any] = {}
        self.fails = False
        self.conflicts = 0
        self.permitted_at = 0.0
        self.pages: list[list[str]] = [[]]
        self.associated_at = 0.0
        self.requests: list[tuple[str, str, Any]] = []
        self.responses: list[dict[str, Any]] = []
        self.url = ""

    def settle(self) -> None:
        if self.state == "UPDATING" and self.now >= self.busy_until:
            self.state, self.on = "ACTIVE", {} if self.fails else self.wanted

    def answer(self, method: str, url: str, body: Any) -> tuple[int, Any]:
        path, query = unquote(urlsplit(url).path), parse_qs(urlsplit(url).query)
        if path == "/answer":
            self.responses.append(body)
            return 200, {}
        self.requests.append((method, path, body))
        self.settle()
        if self.now < self.permitted_at:
            return 403, {"__type": "AccessDeniedException", "message": "the role may not"}
        if path == f"/api/v2/clusters/{ARN}":
            return 200, {"clusterInfo": self.described()}
        if path == f"/v1/clusters/{ARN}/bootstrap-brokers":
            return 200, self.brokers.pop(0)
        if path == f"/v1/clusters/{ARN}/connectivity":
            return self.update(body)
        assert path == f"/v1/clusters/{ARN}/scram-secrets"
        number = int(query.get("nextToken", ["0"])[0])
        listed = self.pages[number] if self.now >= self.associated_at else []
        more = {"nextToken": str(number + 1)} if number + 1 < len(self.pages) else {}
        return 200, {"secretArnList": listed, **more}

    def described(self) -> dict[str, Any]:
        connectivity = {"connectivityInfo": {"vpcConnectivity": {"clientAuthentication": self.on}}} if self.on else {}
        return {
            "clusterArn": ARN,
            "clusterType": "PROVISIONED",
            "currentVersion": "K1",
            "state": self.state,
            "stateInfo": {"message": "a broker did not come back"},
            "provisioned": {
                "brokerNodeGroupInfo": {"clientSubnets": [], "instanceType": "kafka.m7g.large", **connectivity},
                "numberOfBrokerNodes": 3,
            },
        }

    def update(self, body: Any) -> tuple[int, Any]:
        if self.conflicts:
            self.conflicts -= 1
            return 409, {"__type": "ConflictException", "message": "another operation"}
        if self.state != "ACTIVE":
            return 400, {"__type": "BadRequestException", "message": "the cluster is not ACTIVE"}
        self.wanted = body["connectivityInfo"]["vpcConnectivity"]["clientAuthentication"]
        self.state, self.busy_until = "UPDATING", self.now + self.update_seconds
        return 200, {"clusterArn": ARN, "clusterOperationArn": f"{ARN}/operation"}

    def updates(self) -> list[Any]:
        return [body for method, _, body in self.requests if method == "PUT"]


@pytest.fixture
def msk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Msk]:
    cluster = Msk()

    class Handler(BaseHTTPRequestHandler):
        def respond(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            content = self.rfile.read(length)
            status, said = cluster.answer(self.command, self.path, json.loads(content) if content else None)
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            if status >= 400:
                self.send_header("x-amzn-ErrorType", said["__type"])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = respond  # noqa: N815 - as http.server names them

        def log_message(self, *_: Any) -> None:
            pass

    for name, value in {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}.items():
        monkeypatch.setenv(name, value)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    cluster.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield cluster
    server.shutdown()
    thread.join()
    server.server_close()


def call(
    msk: Msk, request: str, properties: dict[str, Any], physical_id: str | None = None, seconds: float = 900
) -> dict[str, Any]:
    """One invocation, of a function that runs for so long at most; gives what CloudFormation was answered."""
    begun = msk.now

    class Context:
        def get_remaining_time_in_millis(self) -> int:
            return int((begun + seconds - msk.now) * 1000)

    def sleep(waited: float) -> None:
        msk.now += waited

    event = {
        "RequestType": request,
        "ResponseURL": f"{msk.url}/answer",
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": "Brokers",
        "ResourceProperties": {"ServiceToken": "token", **properties},
        **({"PhysicalResourceId": physical_id} if physical_id else {}),
    }
    client = boto3.client("kafka", region_name="eu-west-1", endpoint_url=msk.url)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    index.run(event, Context(), client, opener, sleep)
    return msk.responses[-1]


def brokers(way: str = "iam") -> dict[str, Any]:
    return {"Task": "BootstrapBrokers", "ClusterArn": ARN, "Authentication": way}


def connectivity(*ways: str, last: bool = True) -> dict[str, Any]:
    return {"Task": "Connectivity", "ClusterArn": ARN, "Authentications": list(ways), "Last": str(last).lower()}


# --- brokers


def test_brokers_are_sorted_whatever_order_msk_gives_them_in(msk: Msk) -> None:
    answer = call(msk, "Create", brokers())
    assert (answer["Status"], answer["Data"]) == ("SUCCESS", {"Brokers": f"{B1},{B2},{B3}"})


def test_an_update_of_the_same_cluster_and_authentication_asks_no_more(msk: Msk) -> None:
    created = call(msk, "Create", brokers())
    answer = call(msk, "Update", brokers(), created["PhysicalResourceId"])
    assert answer["Data"] == created["Data"]
    assert answer["PhysicalResourceId"] == created["PhysicalResourceId"]
    assert len(msk.requests) == 1


def test_another_authentication_is_asked_for_and_is_another_resource(msk: Msk) -> None:
    msk.brokers.append({"bootstrapBrokerStringSaslScram": "b-2:9096,b-1:9096"})
    created = call(msk, "Create", brokers())
    answer = call(msk, "Update", brokers("sasl_scram"), created["PhysicalResourceId"])
    assert answer["Data"] == {"Brokers": "b-1:9096,b-2:9096"}
    assert answer["PhysicalResourceId"] != created["PhysicalResourceId"]


def test_brokers_of_mtls_are_those_of_tls(msk: Msk) -> None:
    msk.brokers = [{"bootstrapBrokerStringTls": "b-1:9094", "bootstrapBrokerStringSaslIam": "b-1:9098"}]
    assert call(msk, "Create", brokers("mtls"))["Data"] == {"Brokers": "b-1:9094"}


def test_a_cluster_without_such_brokers_fails_with_what_is_missing(msk: Msk) -> None:
    answer = call(msk, "Create", brokers("sasl_scram"))
    assert answer["Status"] == "FAILED"
    assert answer["Reason"] == f"{ARN} has no brokers that take clients with sasl_scram"


def test_a_permission_that_was_just_given_is_waited_for(msk: Msk) -> None:
    msk.permitted_at = 40
    assert call(msk, "Create", brokers())["Data"] == {"Brokers": f"{B1},{B2},{B3}"}


def test_a_permission_that_is_never_given_is_an_error(msk: Msk) -> None:
    msk.permitted_at = 10_000
    answer = call(msk, "Create", brokers())
    assert (answer["Status"], msk.now) == ("FAILED", index.REFUSED_SECONDS)
    assert "AccessDeniedException" in answer["Reason"]


# --- connectivity


def test_connectivity_is_switched_on_and_waited_for(msk: Msk) -> None:
    msk.update_seconds = 600
    answer = call(msk, "Create", connectivity("iam"))
    assert answer["Status"] == "SUCCESS"
    assert msk.on["sasl"]["iam"] == {"enabled": True}
    assert 600 <= msk.now <= 600 + 2 * index.LOOK_SECONDS
    (update,) = msk.updates()
    assert update["currentVersion"] == "K1"
    assert update["connectivityInfo"]["vpcConnectivity"]["clientAuthentication"] == {
        "sasl": {"iam": {"enabled": True}, "scram": {"enabled": False}},
        "tls": {"enabled": False},
    }


def test_what_takes_longer_than_a_function_may_run_is_waited_for_by_the_next(msk: Msk) -> None:
    first = call(msk, "Create", connectivity("iam", last=False))
    assert (first["Status"], msk.state) == ("SUCCESS", "UPDATING")
    assert msk.now <= 900 - index.ANSWER_SECONDS
    second = call(msk, "Create", connectivity("iam", last=False))
    third = call(msk, "Create", connectivity("iam", last=True))
    assert [second["Status"], third["Status"]] == ["SUCCESS", "SUCCESS"]
    assert msk.on["sasl"]["iam"] == {"enabled": True}
    assert len(msk.updates()) == 1


def test_the_last_one_says_so_when_the_cluster_is_not_done(msk: Msk) -> None:
    msk.update_seconds = 10_000
    answer = call(msk, "Create", connectivity("iam"))
    assert answer["Status"] == "FAILED"
    assert "still UPDATING" in answer["Reason"]


def test_connectivity_that_is_on_is_left_alone(msk: Msk) -> None:
    msk.on = {"sasl": {"iam": {"enabled": True}}}
    assert call(msk, "Create", connectivity("iam"))["Status"] == "SUCCESS"
    assert (msk.updates(), msk.now) == ([], 0)


def test_what_is_on_already_stays_on_beside_what_is_switched_on(msk: Msk) -> None:
    msk.on = {"tls": {"enabled": True}}
    msk.update_seconds = 60
    assert call(msk, "Update", connectivity("iam"))["Status"] == "SUCCESS"
    assert msk.on == {"sasl": {"iam": {"enabled": True}, "scram": {"enabled": False}}, "tls": {"enabled": True}}


def test_a_cluster_that_is_busy_is_waited_for_first(msk: Msk) -> None:
    msk.state, msk.busy_until, msk.wanted, msk.update_seconds = "UPDATING", 100, {}, 60
    assert call(msk, "Create", connectivity("iam"))["Status"] == "SUCCESS"
    assert len(msk.updates()) == 1


def test_an_operation_that_came_in_between_is_waited_for(msk: Msk) -> None:
    msk.conflicts, msk.update_seconds = 10, 60
    assert call(msk, "Create", connectivity("iam"))["Status"] == "SUCCESS"
    assert msk.on["sasl"]["iam"] == {"enabled": True}


def test_a_cluster_that_failed_is_an_error_with_what_msk_says(msk: Msk) -> None:
    msk.state = "FAILED"
    answer = call(msk, "Create", connectivity("iam"))
    assert (answer["Status"], answer["Reason"]) == ("FAILED", f"{ARN} is FAILED: a broker did not come back")


def test_an_update_without_effect_is_asked_for_once_and_then_an_error(msk: Msk) -> None:
    msk.fails, msk.update_seconds = True, 60
    answer = call(msk, "Create", connectivity("iam"))
    assert answer["Status"] == "FAILED"
    assert "did not switch private connectivity on for iam" in answer["Reason"]
    assert len(msk.updates()) == 1


# --- secrets


def secrets() -> dict[str, Any]:
    return {"Task": "ScramSecrets", "ClusterArn": ARN, "SecretArns": SECRETS}


def test_secrets_of_all_pages_count(msk: Msk) -> None:
    msk.pages = [[SECRETS[1]], [SECRETS[0]]]
    assert call(msk, "Create", secrets())["Status"] == "SUCCESS"


def test_a_secret_that_is_associated_some_seconds_later_is_waited_for(msk: Msk) -> None:
    msk.pages, msk.associated_at = [SECRETS], 60
    assert call(msk, "Create", secrets())["Status"] == "SUCCESS"
    assert msk.now == 60


def test_a_secret_that_was_not_associated_fails_the_deployment(msk: Msk) -> None:
    msk.pages = [[SECRETS[0]]]
    answer = call(msk, "Create", secrets())
    assert answer["Status"] == "FAILED"
    assert SECRETS[1] in answer["Reason"]
    assert SECRETS[0] not in answer["Reason"]


# --- whatever comes


@pytest.mark.parametrize("properties", [brokers(), connectivity("iam"), secrets()], ids=lambda given: given["Task"])
def test_deleting_asks_nothing_of_the_cluster(msk: Msk, properties: dict[str, Any]) -> None:
    answer = call(msk, "Delete", properties, "made")
    assert (answer["Status"], answer["PhysicalResourceId"], msk.requests) == ("SUCCESS", "made", [])


@pytest.mark.parametrize(
    ("properties", "named"),
    [
        ({"Task": "Other", "ClusterArn": ARN}, "Task"),
        ({**brokers(), "ClusterArn": "main"}, "ClusterArn"),
        ({**brokers(), "Authentication": "kerberos"}, "kerberos"),
        ({**connectivity(), "ClusterArn": ARN}, "Authentications"),
        ({**secrets(), "SecretArns": []}, "SecretArns"),
    ],
)
def test_what_cannot_be_done_is_answered_with_what_is_wrong(msk: Msk, properties: dict[str, Any], named: str) -> None:
    answer = call(msk, "Create", properties)
    assert answer["Status"] == "FAILED"
    assert named in answer["Reason"]
    assert msk.requests == []


def test_what_nobody_thought_of_is_answered_too(msk: Msk) -> None:
    msk.brokers = []
    answer = call(msk, "Create", brokers())
    assert answer["Status"] == "FAILED"
