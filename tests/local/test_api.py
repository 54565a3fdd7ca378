"""Clients of an application in this process: what it hears and says is what it would over a socket."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from streaming_constructs.local.aws.api import Aws
from streaming_constructs.planning.analytics.flink_start import START_ANSWER_SECONDS, START_WAITS

NOWHERE = "http://localhost:1"


def test_an_application_of_this_process_is_called_without_a_socket() -> None:
    heard: dict[str, Any] = {}

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        heard.update(environ, body=json.loads(environ["wsgi.input"].read()))
        start_response("200 OK", [("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-RequestId", "five")])
        return [b'{"StreamNames": ["clicks"],', b' "HasMoreStreams": false}']

    answer = Aws(NOWHERE, "eu-west-1", "a-token", application).client("kinesis").list_streams(Limit=3)
    assert (answer["StreamNames"], answer["ResponseMetadata"]["RequestId"]) == (["clicks"], "five")
    assert (heard["REQUEST_METHOD"], heard["PATH_INFO"], heard["body"]) == ("POST", "/", {"Limit": 3})
    assert (heard["HTTP_X_AMZ_TARGET"], heard["HTTP_HOST"]) == ("Kinesis_20131202.ListStreams", "localhost:1")
    assert "/eu-west-1/kinesis/aws4_request" in heard["HTTP_AUTHORIZATION"]
    assert heard["HTTP_X_AMZ_SECURITY_TOKEN"] == "a-token"


def test_bodies_of_objects_are_sent_and_read_as_they_are() -> None:
    kept: list[bytes] = []

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["REQUEST_METHOD"] == "PUT":
            kept.append(environ["wsgi.input"].read())
        start_response("200 OK", [])
        return kept if environ["REQUEST_METHOD"] == "GET" else []

    s3 = Aws(NOWHERE, "eu-west-1", "a-token", application).client("s3")
    s3.put_object(Bucket="lake", Key="a b/ä", Body=b"\x00\xff" * 70_000)
    assert b"".join(s3.get_object(Bucket="lake", Key="a b/ä")["Body"].iter_chunks(1000)) == b"\x00\xff" * 70_000


def test_an_application_that_fails_is_a_server_that_fails() -> None:
    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        raise LookupError("no such workgroup")

    with pytest.raises(ClientError) as failed:
        Aws(NOWHERE, "eu-west-1", "a-token", application).client("athena").list_work_groups()
    assert failed.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500


def test_a_stack_is_waited_for_as_long_as_its_applications_may_take_to_start() -> None:
    config = Aws(NOWHERE, "eu-west-1", "a-token").client("cloudformation").meta.config
    assert config.read_timeout > START_ANSWER_SECONDS * START_WAITS
