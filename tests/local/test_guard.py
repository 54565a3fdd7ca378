"""What a rehearsal refuses to start with."""

from __future__ import annotations

import pytest

from streaming_constructs.local.aws.guard import check_credentials, check_endpoint
from streaming_constructs.spec.finding import SpecError


@pytest.mark.parametrize(
    "url", ["http://localhost:4566", "http://127.0.0.1:5000", "http://127.8.9.1", "http://[::1]:4566/path"]
)
def test_loopback_is_fine(url: str) -> None:
    check_endpoint(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://kinesis.eu-west-1.amazonaws.com",
        "http://10.0.0.7:4566",
        "http://0.0.0.0:4566",
        "http://localhost.example.com",
        "http://[2001:db8::1]",
        "localhost:4566",
        "",
    ],
)
def test_another_machine_is_refused(url: str) -> None:
    with pytest.raises(SpecError) as refused:
        check_endpoint(url)
    (finding,) = refused.value.findings
    assert finding.code == "LOC951"
    assert f"`{url}`" in finding.message


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"},
        {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE"},
        {"AWS_PROFILE": "work", "AWS_REGION": "eu-west-1"},
    ],
)
def test_what_is_no_credential_is_fine(environment: dict[str, str]) -> None:
    check_credentials(environment)


@pytest.mark.parametrize(
    ("environment", "named", "away"),
    [
        (
            {"AWS_ACCESS_KEY_ID": "AKIAZ2345671234ABCDE".replace("1", "2")},
            "AWS_ACCESS_KEY_ID",
            "env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY -u AWS_SESSION_TOKEN streaming-constructs local …",
        ),
        (
            {"AWS_ACCESS_KEY_ID": "ASIAQ234567ABCDEFGHI", "AWS_SESSION_TOKEN": "x"},
            "AWS_ACCESS_KEY_ID",
            "env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY -u AWS_SESSION_TOKEN streaming-constructs local …",
        ),
        (
            {"AWS_WEB_IDENTITY_TOKEN_FILE": "/var/run/token"},
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "env -u AWS_WEB_IDENTITY_TOKEN_FILE streaming-constructs local …",
        ),
    ],
)
def test_what_looks_real_is_refused_and_the_way_out_is_told(environment: dict[str, str], named: str, away: str) -> None:
    with pytest.raises(SpecError) as refused:
        check_credentials(environment)
    (finding,) = refused.value.findings
    assert (finding.code, finding.message.rpartition(": ")[2], finding.help) == ("LOC952", named, f"run `{away}`")


def test_the_value_of_a_credential_is_not_repeated() -> None:
    with pytest.raises(SpecError) as refused:
        check_credentials({"AWS_ACCESS_KEY_ID": "AKIAQ234567ABCDEFGHI"})
    assert "AKIAQ234567ABCDEFGHI" not in str(refused.value)
