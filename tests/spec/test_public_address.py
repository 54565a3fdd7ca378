"""Endpoints that are on the internet, and those that Firehose cannot reach."""

from __future__ import annotations

import pytest

from streaming_constructs.spec.deliveries.http_endpoint import HttpDestination
from streaming_constructs.spec.deliveries.public_address import unreachable
from streaming_constructs.spec.deliveries.splunk import SplunkDestination
from streaming_constructs.spec.finding import SpecError

SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-AbCdEf"


@pytest.mark.parametrize(
    "host",
    [
        "records.example.com",
        "http-inputs-acme.splunkcloud.com:443",
        "52.95.110.1",
        "[2600:1f18::1]",
        "10.example.com",
        "localhost.example.com",
        "internal.example.com",
        "xn--bcher-kva.example",
    ],
)
def test_what_may_be_on_the_internet_passes(host: str) -> None:
    assert unreachable(f"https://{host}/records") == ""


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("localhost", "one machine"),
        ("LOCALHOST", "one machine"),
        ("api.localhost", "one machine"),
        ("collector", "no domain"),
        ("splunk.corp.internal", "one machine or network"),
        ("printer.local", "one machine or network"),
        ("127.0.0.1", "the machine itself"),
        ("127.1", "the machine itself"),
        ("2130706433", "the machine itself"),
        ("0x7f000001", "the machine itself"),
        ("0.0.0.0", "no address of the internet"),
        ("10.0.0.1", "no address of the internet"),
        ("172.16.0.9", "no address of the internet"),
        ("172.31.255.255", "no address of the internet"),
        ("192.168.1.1", "no address of the internet"),
        ("100.64.0.1", "no address of the internet"),
        ("224.0.0.1", "no address of the internet"),
        ("169.254.169.254", "one network link"),
        ("[::1]", "the machine itself"),
        ("[::ffff:127.0.0.1]", "the machine itself"),
        ("[fd00::1]", "no address of the internet"),
        ("[fe80::1]", "one network link"),
    ],
)
def test_what_is_not_on_the_internet_is_told(host: str, why: str) -> None:
    assert why in unreachable(f"https://{host}/records")


@pytest.mark.parametrize("host", ["", ".", "[a]", "a]b.example.com", "ex\u2100mple.com"])
def test_what_is_no_host_is_told(host: str) -> None:
    assert unreachable(f"https://{host}/records") == "its host is none"


@pytest.mark.parametrize("host", ["10.0.0.1", "[a]"])
def test_endpoints_of_http_and_of_splunk_are_looked_at(host: str) -> None:
    for build in (
        lambda: HttpDestination(endpoint=f"https://{host}/records"),
        lambda: SplunkDestination(endpoint=f"https://{host}:8088", secret_arn=SECRET),
    ):
        with pytest.raises(SpecError) as error:
            build()
        assert [(found.code, found.dotted_path) for found in error.value.findings] == [("FIR739", "endpoint")]
