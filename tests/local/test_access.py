"""Who is heard by the embedded AWS: what pages of a browser and other users of the machine can send does nothing."""

from __future__ import annotations

import http.client
import json
import socket
import urllib.request
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from streaming_constructs.local.aws import embedded_aws
from streaming_constructs.local.aws.access import new_token, only_own_callers, refusal

if TYPE_CHECKING:
    from streaming_constructs.local.aws.embedded_aws import EmbeddedAws

pytestmark = pytest.mark.xdist_group("rehearsal")

TOKEN = "a-token"
OWN = {"HTTP_HOST": "localhost:4566", "HTTP_X_AMZ_SECURITY_TOKEN": TOKEN}


def refused(**changed: str | None) -> str:
    environ = {name: value for name, value in {**OWN, **changed}.items() if value is not None}
    return refusal(environ, port=4566, token=TOKEN)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"HTTP_HOST": "127.0.0.1:4566"},
        {"HTTP_HOST": "LOCALHOST:4566"},
        {"HTTP_X_AMZ_SECURITY_TOKEN": None, "QUERY_STRING": f"X-Amz-Expires=60&X-Amz-Security-Token={TOKEN}"},
        {"HTTP_X_AMZ_SECURITY_TOKEN": None, "QUERY_STRING": f"Expires=60&x-amz-security-token={TOKEN}"},
    ],
)
def test_a_caller_with_the_token_is_heard(changed: dict[str, str | None]) -> None:
    assert refused(**changed) == ""


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:4566",
        "localhost",
        "localhost:4567",
        "localhost.evil.example:4566",
        "0.0.0.0:4566",
        "[::1]:4566",
        "",
        None,
    ],
)
def test_another_name_is_refused(host: str | None) -> None:
    assert refused(HTTP_HOST=host) == "this AWS is called localhost:4566, and answers to no other name"


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("HTTP_ORIGIN", "http://localhost:4566"),
        ("HTTP_ORIGIN", "null"),
        ("HTTP_ORIGIN", ""),
        ("HTTP_SEC_FETCH_SITE", "same-origin"),
        ("HTTP_SEC_FETCH_SITE", "none"),
        ("HTTP_SEC_FETCH_MODE", "no-cors"),
    ],
)
def test_a_browser_is_refused_even_with_the_token(header: str, value: str) -> None:
    assert refused(**{header: value}) == "this AWS answers no browser"


@pytest.mark.parametrize(
    "changed",
    [
        {"HTTP_X_AMZ_SECURITY_TOKEN": None},
        {"HTTP_X_AMZ_SECURITY_TOKEN": ""},
        {"HTTP_X_AMZ_SECURITY_TOKEN": "a-tokem"},
        {"HTTP_X_AMZ_SECURITY_TOKEN": "ä"},
        {"HTTP_X_AMZ_SECURITY_TOKEN": None, "QUERY_STRING": "X-Amz-Security-Token="},
        {"HTTP_X_AMZ_SECURITY_TOKEN": None, "QUERY_STRING": f"token={TOKEN}"},
    ],
)
def test_whoever_has_no_token_is_refused(changed: dict[str, str | None]) -> None:
    assert refused(**changed).startswith("this AWS answers those alone who have its token")


def test_tokens_are_not_alike() -> None:
    first, second = new_token(), new_token()
    assert first != second
    assert min(len(first), len(second)) >= 43  # 32 bytes


def answered(environ: dict[str, Any]) -> tuple[str, dict[str, str], bytes]:
    told: list[Any] = []

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Access-Control-Allow-Origin", "*"), ("Content-Type", "text/plain")])
        return [b"heard"]

    guarded = only_own_callers(application, port=4566, token=TOKEN)
    body = b"".join(guarded(environ, lambda status, headers, *_: told.extend([status, dict(headers)])))
    return told[0], told[1], body


def test_no_page_may_read_an_answer() -> None:
    assert answered(OWN) == ("200 OK", {"Content-Type": "text/plain"}, b"heard")


def test_what_is_refused_reaches_nothing_and_is_told_in_the_words_of_the_caller() -> None:
    status, headers, body = answered({**OWN, "HTTP_ORIGIN": "null", "CONTENT_TYPE": "application/x-amz-json-1.1"})
    assert (status, headers["Connection"], json.loads(body)) == (
        "403 Forbidden",
        "close",
        {"__type": "AccessDeniedException", "message": "this AWS answers no browser"},
    )
    status, headers, body = answered({**OWN, "HTTP_ORIGIN": "null"})
    assert (status, headers) == (
        "403 Forbidden",
        {
            "Content-Type": "application/xml",
            "Content-Length": str(len(body)),
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Connection": "close",
        },
    )
    assert body.startswith(b"<ErrorResponse><Error><Code>AccessDenied</Code>")


# --- over a socket


def sent(embedded: EmbeddedAws, method: str, path: str, headers: dict[str, str]) -> int:
    port = int(embedded.aws.endpoint_url.rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, b"{}" if method == "POST" else None, {"Host": f"localhost:{port}", **headers})
        response = connection.getresponse()
        assert not [name for name, _ in response.getheaders() if name.lower().startswith("access-control")]
        return response.status
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("POST", "/"),
        ("OPTIONS", "/"),
        ("HEAD", "/"),
        ("PUT", "/a-bucket"),
        ("POST", "/_rehearsal/status"),
        ("POST", "/_rehearsal/drain"),
        ("POST", "/2015-03-31/functions/evil/invocations"),
        ("POST", "/moto-api/reset"),
        ("GET", "/moto-api/data.json"),
    ],
)
def test_nothing_at_all_is_answered_to_strangers(embedded: EmbeddedAws, method: str, path: str) -> None:
    token = {"X-Amz-Security-Token": embedded.aws.token}
    signed = {"Authorization": "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/s3/aws4_request"}
    assert sent(embedded, method, path, signed) == 403
    assert sent(embedded, method, path, {**token, "Origin": "http://evil.example"}) == 403
    assert sent(embedded, method, path, {**token, "Sec-Fetch-Site": "cross-site"}) == 403
    assert sent(embedded, method, path, {**token, "Host": "evil.example"}) == 403


def client(service: str, environment: dict[str, str], **token: str) -> Any:
    return boto3.session.Session().client(
        service,
        "us-east-1",
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        **{"aws_session_token": environment["AWS_SESSION_TOKEN"], **token},
    )


def test_the_variables_of_the_environment_are_all_that_an_sdk_needs(embedded: EmbeddedAws) -> None:
    client("s3", embedded.environment).create_bucket(Bucket="of-its-own")
    url = client("s3", embedded.environment).generate_presigned_url("get_bucket_location", {"Bucket": "of-its-own"})
    assert b"LocationConstraint" in urllib.request.urlopen(url).read()
    assert client("kinesis", embedded.environment).list_streams()["StreamNames"] == []
    with pytest.raises(ClientError) as refused:
        client("kinesis", embedded.environment, aws_session_token="testing").list_streams()
    assert refused.value.response["Error"]["Code"] == "AccessDeniedException"


def test_whoever_takes_a_role_goes_on(embedded: EmbeddedAws) -> None:
    role = {"RoleArn": "arn:aws:iam::123456789012:role/deploys", "RoleSessionName": "somebody"}
    taken = client("sts", embedded.environment).assume_role(**role)["Credentials"]
    as_role = {
        **embedded.environment,
        "AWS_ACCESS_KEY_ID": taken["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": taken["SecretAccessKey"],
        "AWS_SESSION_TOKEN": taken["SessionToken"],
    }
    assert client("kinesis", as_role).list_streams()["StreamNames"] == []


def test_a_request_that_never_ends_holds_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_aws._Quiet, "timeout", 0.2)
    with embedded_aws.EmbeddedAws() as running:
        port = int(running.aws.endpoint_url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: ")
            assert connection.recv(1) == b""
