"""APIs on this machine: who is let in, what is refused and in which words, what reaches the stream, what is answered."""

from __future__ import annotations

import io
import json
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from streaming_constructs.local.api_gateway.body_validator import refusal
from streaming_constructs.local.api_gateway.json_path import at
from streaming_constructs.local.api_gateway.mapping_template import rendered
from streaming_constructs.local.api_gateway.token_bucket import TokenBucket
from streaming_constructs.local.aws.embedded_aws import EmbeddedAws
from streaming_constructs.local.events import Event
from streaming_constructs.local.rehearsal import Rehearsal
from streaming_constructs.planning.producers import api_gateway_templates as templates
from streaming_constructs.planning.producers.api_gateway_model import batch_model, key_field, record_model
from streaming_constructs.spec.schemas import record_schema

SCHEMA = record_schema({"id": "string", "count": "int", "name": {"type": "string", "json_key": "full-name"}})
JSON = "application/json"
STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/requests"
Answer = tuple[int, dict[str, Any], str]


def method(resource: str, name: str, operation: str, request: str, accepted: str, auth: str) -> dict[str, Any]:
    def answer(status: int, template: str, pattern: str = "") -> dict[str, Any]:
        selection = {"SelectionPattern": pattern} if pattern else {}
        return {"StatusCode": str(status), **selection, "ResponseTemplates": {JSON: template}}

    answers = [
        answer(200, accepted, r"2\d{2}"),
        answer(503, templates.NOT_NOW, r"5\d{2}"),
        answer(500, templates.REFUSED),
    ]
    integration = {
        "Type": "AWS",
        "Uri": f"arn:aws:apigateway:us-east-1:kinesis:action/{operation}",
        "PassthroughBehavior": "NEVER",
        "RequestTemplates": {JSON: request},
        "IntegrationResponses": answers,
    }
    return {
        "HttpMethod": "POST",
        "ResourceId": {"Ref": resource},
        "AuthorizationType": "AWS_IAM" if auth == "iam" else "NONE",
        "ApiKeyRequired": auth == "api_key",
        "RequestModels": {JSON: {"Ref": name}},
        "RequestValidatorId": {"Ref": "Validator"},
        "Integration": integration,
    }


def template(auth: str, rate: float, burst: int, *, key: str = "id", stream: str = STREAM) -> dict[str, Any]:
    """What the construct makes of a stream with such a schema, without its role."""
    field = key_field(SCHEMA, key)
    one, several = templates.record_template("stream", stream, field), templates.batch_template("stream", stream, field)
    of_api: dict[str, tuple[str, dict[str, Any]]] = {
        "Validator": ("RequestValidator", {"Name": "body", "ValidateRequestBody": True}),
        "Bad": (
            "GatewayResponse",
            {
                "ResponseType": "BAD_REQUEST_BODY",
                "StatusCode": "400",
                "ResponseTemplates": {JSON: templates.INVALID_BODY},
            },
        ),
        "Path": ("Resource", {"ParentId": {"Fn::GetAtt": ["Api", "RootResourceId"]}, "PathPart": "requests"}),
        "Batch": ("Resource", {"ParentId": {"Ref": "Path"}, "PathPart": "batch"}),
        "Record": ("Model", {"Name": "Record", "ContentType": JSON, "Schema": record_model(SCHEMA, field)}),
        "Records": ("Model", {"Name": "Records", "ContentType": JSON, "Schema": batch_model(SCHEMA, field, 500)}),
        "PutOne": ("Method", method("Path", "Record", "PutRecord", one, templates.ACCEPTED, auth)),
        "PutSeveral": (
            "Method",
            method("Batch", "Records", "PutRecords", several, templates.batch_response("stream"), auth),
        ),
        "Deployed": ("Deployment", {}),
        "Stage": (
            "Stage",
            {
                "StageName": "v1",
                "DeploymentId": {"Ref": "Deployed"},
                "MethodSettings": [
                    {
                        "ResourcePath": "/*",
                        "HttpMethod": "*",
                        "ThrottlingRateLimit": rate,
                        "ThrottlingBurstLimit": burst,
                    }
                ],
            },
        ),
    }
    resources: dict[str, Any] = {
        name: {"Type": f"AWS::ApiGateway::{type_}", "Properties": {"RestApiId": {"Ref": "Api"}, **properties}}
        for name, (type_, properties) in of_api.items()
    }
    resources["Api"] = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "requests"}}
    resources["Stream"] = {"Type": "AWS::Kinesis::Stream", "Properties": {"Name": "requests", "ShardCount": 1}}
    if auth == "api_key":
        resources["Key"] = {"Type": "AWS::ApiGateway::ApiKey", "Properties": {"Enabled": True}}
        stages = [{"ApiId": {"Ref": "Api"}, "Stage": {"Ref": "Stage"}}]
        resources["Usage"] = {"Type": "AWS::ApiGateway::UsagePlan", "Properties": {"ApiStages": stages}}
        named = {"KeyId": {"Ref": "Key"}, "KeyType": "API_KEY", "UsagePlanId": {"Ref": "Usage"}}
        resources["UsageKey"] = {"Type": "AWS::ApiGateway::UsagePlanKey", "Properties": named}
    return {"Resources": resources}


class Caller:
    """Who calls the API of an embedded AWS."""

    def __init__(self, embedded: EmbeddedAws) -> None:
        self.embedded, self.aws = embedded, embedded.aws
        (api,) = self.aws.client("apigateway").get_rest_apis()["items"]
        self.url = f"{self.aws.endpoint_url}/_aws/execute-api/{api['id']}/v1/requests"

    def send(self, body: Any, path: str = "", **how: Any) -> Answer:
        """Calls it: signed, unless it is told otherwise."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        url = how.get("url", self.url) + path
        headers = {"Content-Type": how.get("content_type", JSON), **how.get("headers", {})}
        request = AWSRequest(how.get("verb", "POST"), url, headers=headers, data=data)
        if how.get("signed", True):
            credentials = Credentials(how.get("key", "testing"), how.get("secret", "testing"), self.aws.token)
            SigV4Auth(credentials, how.get("service", "execute-api"), "us-east-1").add_auth(request)
        elif how.get("token", True):
            request.headers["X-Amz-Security-Token"] = self.aws.token
        sent = how.get("sent", data)
        called = urllib.request.Request(url, sent, dict(request.headers.items()), method=request.method)
        try:
            with urllib.request.urlopen(called) as answer:
                return answer.status, json.loads(answer.read()), ""
        except urllib.error.HTTPError as error:
            said = error.read()
            told = json.loads(said) if said.startswith(b"{") else {"text": said.decode()}
            return error.code, told, error.headers.get("x-amzn-ErrorType", "")

    def records(self) -> list[tuple[str, bytes]]:
        """What is in the stream."""
        kinesis = self.aws.client("kinesis")
        (shard,) = kinesis.list_shards(StreamName="requests")["Shards"]
        where = {"StreamName": "requests", "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
        iterator = kinesis.get_shard_iterator(**where)["ShardIterator"]
        return [(one["PartitionKey"], one["Data"]) for one in kinesis.get_records(ShardIterator=iterator)["Records"]]


def deployed(embedded: EmbeddedAws, made: Mapping[str, Any]) -> Caller:
    embedded.aws.client("cloudformation").create_stack(StackName="Api", TemplateBody=json.dumps(made))
    return Caller(embedded)


@pytest.fixture
def embedded() -> Iterator[EmbeddedAws]:
    with EmbeddedAws() as aws:
        yield aws


@pytest.fixture
def caller(embedded: EmbeddedAws) -> Caller:
    return deployed(embedded, template("iam", 1000, 1000))


def test_a_record_is_put_under_its_key_on_one_line(caller: Caller) -> None:
    status, answer, _ = caller.send(b'{\n  "id": "it\'s \\u00fc \\"x\\"",\n  "count": 7\n}')
    assert (status, list(answer)) == (200, ["requestId"])
    assert caller.records() == [('it\'s ü "x"', '{"id":"it\'s ü \\"x\\"","count":7}'.encode())]


def test_the_records_of_a_batch_are_put_each_under_its_own_key_in_their_order(caller: Caller) -> None:
    status, answer, _ = caller.send({"records": [{"id": str(number)} for number in range(500)]}, "/batch")
    assert (status, answer["FailedRecordCount"], answer["Records"]) == (200, 0, [{}] * 500)
    assert [key for key, _ in caller.records()] == [str(number) for number in range(500)]


@pytest.mark.parametrize(
    ("key", "body", "put"),
    [("count", {"count": 12, "id": "a"}, "12"), ("name", {"full-name": "Ada L"}, "Ada L")],
)
def test_a_number_is_a_key_as_text_and_a_key_of_any_name_is_found(
    embedded: EmbeddedAws, key: str, body: Any, put: str
) -> None:
    caller = deployed(embedded, template("iam", 1000, 1000, key=key))
    assert caller.send(body)[0] == 200
    assert caller.send({"records": [body]}, "/batch")[0] == 200
    assert [one for one, _ in caller.records()] == [put, put]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"count": 1}, '[object has missing required properties (["id"])]'),
        (
            {"id": "a", "b": 1, "a": 2},
            '[object instance has properties which are not allowed by the schema: ["a","b"]]',
        ),
        ({"id": 1}, '[instance type (integer) does not match any allowed primitive type (allowed: ["string"])]'),
        ({"id": ""}, '[string "" is too short (length: 0, required minimum: 1)]'),
        (b"{", "[the body is no JSON]"),
        (b"", "[the body is no JSON]"),
        (b'\xef\xbb\xbf{"id": "a"}', "[the body is no JSON]"),
        ('{"id": "a"}'.encode("utf-16"), "[the body is no JSON]"),
        (b'{"id": "a", "count": NaN}', "[the body is no JSON]"),
        (b'{"id": "a", "count": -Infinity}', "[the body is no JSON]"),
        ([{"id": "a"}], '[instance type (array) does not match any allowed primitive type (allowed: ["object"])]'),
    ],
)
def test_an_invalid_body_is_answered_with_what_is_wrong_in_it(caller: Caller, body: Any, why: str) -> None:
    told = {"message": "Invalid request body", "errors": why}
    assert caller.send(body) == (400, told, "BAD_REQUEST_BODY")
    assert caller.records() == []


@pytest.mark.parametrize(("length", "status"), [("\u00b2", 400), ("-1", 400), ("9" * 5000, 413)])
def test_a_length_that_is_none_is_a_bad_request(caller: Caller, length: str, status: int) -> None:
    execute_api = caller.embedded.execute_api
    answered = list[str]()
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": caller.url.removeprefix(caller.aws.endpoint_url),
        "CONTENT_LENGTH": length,
        "wsgi.input": io.BytesIO(b"{}"),
    }
    execute_api(environ, lambda told, _: answered.append(told))
    assert [int(told.split()[0]) for told in answered] == [status]


def test_a_batch_of_501_is_refused(caller: Caller) -> None:
    status, answer, _ = caller.send({"records": [{"id": str(number)} for number in range(501)]}, "/batch")
    assert status == 400
    assert answer["errors"] == "[array is too long: must have at most 500 elements but instance has 501 elements]"


def test_what_is_no_json_by_its_type_does_not_get_past_the_validator(caller: Caller) -> None:
    assert caller.send({"count": 1}, content_type="text/plain")[::2] == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert caller.send({"id": "a"}, content_type="application/json; charset=utf-8")[0] == 200


def test_a_record_that_kinesis_does_not_take_is_too_large_and_no_more_is_said(caller: Caller) -> None:
    status, answer, _ = caller.send({"id": "a", "full-name": "x" * 1_048_576})
    assert (status, answer["message"]) == (413, "A record, or the request, is too large")
    assert set(answer) == {"message", "requestId"}


def test_a_request_beyond_the_payload_is_refused_by_the_gateway(caller: Caller) -> None:
    assert caller.send(b" " * (10 * 1_048_576 + 1))[::2] == (413, "REQUEST_TOO_LARGE")


@pytest.fixture
def still() -> Iterator[Caller]:
    """One whose stream takes nothing more for as long as a test lasts, once it is full."""
    with EmbeddedAws(speed=0.001) as aws:
        yield deployed(aws, template("iam", 1000, 1000))


def test_where_some_are_taken_it_says_which_are_not_in_their_order(still: Caller) -> None:
    large = [{"id": str(number), "full-name": "x" * 400_000} for number in range(5)]
    status, answer, _ = still.send({"records": large}, "/batch")
    refused = {"ErrorCode": "ProvisionedThroughputExceededException"}
    assert (status, answer["FailedRecordCount"]) == (207, 3)
    assert answer["Records"] == [{}, {}, refused, refused, refused]
    assert [key for key, _ in still.records()] == ["0", "1"]


def test_where_none_is_taken_the_request_can_be_sent_again(still: Caller) -> None:
    large = {"id": "a", "full-name": "x" * 1_000_000}
    assert still.send(large)[0] == 200
    status, answer, _ = still.send(large)
    assert (status, answer["message"]) == (429, "More than is taken at the moment, send the request again")
    assert still.send({"records": [large]}, "/batch")[0] == 429


def test_a_stream_that_is_not_there_is_the_apis_own_failure(embedded: EmbeddedAws) -> None:
    caller = deployed(embedded, template("iam", 1000, 1000, stream=f"{STREAM}-of-nobody"))
    status, answer, _ = caller.send({"id": "a"})
    assert (status, answer["message"], "nobody" in json.dumps(answer)) == (500, "Internal server error", False)


@pytest.mark.parametrize(
    ("how", "status", "message"),
    [
        ({"signed": False}, 403, "Missing Authentication Token"),
        ({"secret": "guessed"}, 403, "The request signature we calculated does not match the signature you provided."),
        ({"key": "AKIA"}, 403, "The security token included in the request is invalid."),
        ({"service": "kinesis"}, 403, "Credential should be scoped to correct service: 'execute-api'."),
        (
            {"sent": b'{"id": "b"}'},
            403,
            "The request signature we calculated does not match the signature you provided.",
        ),
        ({"path": "/other"}, 403, "Missing Authentication Token"),
        ({"verb": "PUT"}, 403, "Missing Authentication Token"),
    ],
)
def test_who_does_not_sign_what_is_sent_is_not_let_in(
    caller: Caller, how: dict[str, Any], status: int, message: str
) -> None:
    answered, answer, _ = caller.send({"id": "a"}, how.pop("path", ""), **how)
    assert (answered, answer["message"]) == (status, message)
    assert caller.records() == []


@pytest.mark.parametrize("headers", [{"Origin": "https://example.com"}, {"Host": "example.com"}])
def test_no_page_of_a_browser_reaches_an_api(caller: Caller, headers: dict[str, str]) -> None:
    assert caller.send({"id": "a"}, headers=headers)[0] == 403
    assert caller.records() == []


def test_callers_with_a_key_need_that_key_and_the_token_of_this_machine(embedded: EmbeddedAws) -> None:
    caller = deployed(embedded, template("api_key", 1000, 1000))
    (key,) = embedded.aws.client("apigateway").get_api_keys(includeValues=True)["items"]
    good = {"x-api-key": key["value"]}
    assert caller.send({"id": "a"}, signed=False)[:2] == (403, {"message": "Forbidden"})
    assert caller.send({"id": "a"}, signed=False, headers={"x-api-key": "guess"})[0] == 403
    assert caller.send({"id": "a"}, signed=False, headers=good, token=False)[0] == 403
    assert caller.records() == []
    assert caller.send({"id": "a"}, signed=False, headers=good)[0] == 200


def test_an_api_is_told_with_its_address_before_anybody_calls_it() -> None:
    with Rehearsal() as rehearsal:
        caller = deployed(rehearsal.embedded, template("iam", 1000, 1000))
        (report,) = rehearsal.report().apis
        assert (report.name, report.url, report.requests) == ("Api", caller.url, 0)


def test_everybody_on_this_machine_with_its_token_may_call_an_open_api(embedded: EmbeddedAws) -> None:
    caller = deployed(embedded, template("none", 1000, 1000))
    assert caller.send({"id": "a"}, signed=False)[0] == 200


def test_more_than_the_throttle_lets_through_is_answered_with_429_for_each_method_by_itself(
    embedded: EmbeddedAws,
) -> None:
    caller = deployed(embedded, template("iam", 0.001, 3))
    assert Counter(caller.send({"id": "a"})[0] for _ in range(5)) == {200: 3, 429: 2}
    assert caller.send({"id": "a"}) == (429, {"message": "Too Many Requests"}, "THROTTLED")
    assert caller.send({"records": [{"id": "a"}]}, "/batch")[0] == 200
    assert embedded.execute_api.answers == {"Api": {200: 4, 429: 3}}


def test_a_changed_stack_is_answered_by_what_it_is_now_under_the_same_address(embedded: EmbeddedAws) -> None:
    made = template("iam", 1000, 1000)
    caller = deployed(embedded, made)
    assert caller.send({"id": "a", "more": 1})[0] == 400
    made["Resources"]["Record"]["Properties"]["Schema"]["additionalProperties"] = True
    made["Resources"]["Stage"]["Properties"]["MethodSettings"][0]["ThrottlingBurstLimit"] = 1
    made["Resources"]["Stage"]["Properties"]["MethodSettings"][0]["ThrottlingRateLimit"] = 0.001
    embedded.aws.client("cloudformation").update_stack(StackName="Api", TemplateBody=json.dumps(made))
    assert [caller.send({"id": "a", "more": 1})[0] for _ in range(2)] == [200, 429]
    embedded.aws.client("cloudformation").delete_stack(StackName="Api")
    assert caller.send({"id": "a"})[0] == 403


@pytest.mark.parametrize("part", ["Validator", "Bad"])
def test_without_a_part_an_api_does_not_do_what_that_is_for(embedded: EmbeddedAws, part: str) -> None:
    made = template("iam", 1000, 1000)
    del made["Resources"][part]
    for method in ("PutOne", "PutSeveral"):
        if part == "Validator":
            del made["Resources"][method]["Properties"]["RequestValidatorId"]
    status, answer, _ = deployed(embedded, made).send({"id": "a", "more": 1})
    assert (status, "errors" in answer) == {"Validator": (200, False), "Bad": (400, False)}[part]


def test_a_usage_plan_throttles_all_requests_with_its_key(embedded: EmbeddedAws) -> None:
    made = template("api_key", 1000, 1000)
    made["Resources"]["Usage"]["Properties"]["Throttle"] = {"RateLimit": 0.001, "BurstLimit": 2}
    caller = deployed(embedded, made)
    (key,) = embedded.aws.client("apigateway").get_api_keys(includeValues=True)["items"]
    how = {"signed": False, "headers": {"x-api-key": key["value"]}}
    assert caller.send({"id": "a"}, **how)[0] == 200
    assert caller.send({"records": [{"id": "a"}]}, "/batch", **how)[0] == 200
    assert caller.send({"id": "a"}, **how)[0] == 429


def test_a_bucket_fills_at_its_rate_and_holds_no_more_than_its_burst() -> None:
    bucket = TokenBucket(2, 3)
    assert [bucket.take(100) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(100.5) for _ in range(2)] == [True, False]
    assert [bucket.take(200) for _ in range(4)] == [True, True, True, False]
    assert not bucket.take(150), "time that goes back fills nothing"


def test_an_integration_that_nobody_can_answer_fails_the_deployment(embedded: EmbeddedAws) -> None:
    made = template("iam", 1, 1)
    made["Resources"]["PutOne"]["Properties"]["Integration"]["Uri"] = "arn:aws:apigateway:us-east-1:sqs:path/1/jobs"
    with pytest.raises(Exception, match="calls an operation of kinesis or firehose"):
        deployed(embedded, made)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$", {"a": [{"b-c": 1}], "d": None}),
        ("$.a[0].b-c", 1),
        ("$.a[0]['b-c']", 1),
        ("$.a[1]", None),
        ("$.d.e", None),
        ("$.a.b", None),
    ],
)
def test_paths_are_keys_and_positions(path: str, value: Any) -> None:
    assert at({"a": [{"b-c": 1}], "d": None}, path) == value


@pytest.mark.parametrize("path", ["$..a", "$.a[*]", "a", "$.a[?(@.b)]"])
def test_a_path_that_is_more_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="more than keys and positions"):
        at({"a": 1}, path)


def test_a_template_may_set_the_status_of_its_answer() -> None:
    text, status = rendered("#set($context.responseOverride.status = 207)$context.requestId", "{}", {"requestId": "r"})
    assert (text, status) == ("r", 207)
    assert rendered("x", "{}", {})[1] is None


def test_all_that_is_wrong_is_told_at_once() -> None:
    model = record_model(SCHEMA, key_field(SCHEMA, "id"))
    said = refusal(model, b'{"id": "", "count": 2147483648}')
    assert sorted(said[1:-1].split(", numeric")) == [
        " instance is greater than the required maximum (maximum: 2147483647, found: 2147483648)",
        'string "" is too short (length: 0, required minimum: 1)',
    ]


@pytest.mark.parametrize("auth", ["iam", "api_key", "none"])
def test_a_rehearsal_sends_its_events_through_the_api_and_tells_what_it_answered(auth: str) -> None:
    with Rehearsal() as rehearsal:
        caller = deployed(rehearsal.embedded, template(auth, 1000, 1000))
        events = [Event(str(number), json.dumps({"id": f"c{number}"}).encode()) for number in range(600)]
        done = rehearsal.put([*events, Event("x", b'{"count": 1}')])
        assert (done.records, done.refused) == (600, 1)
        (report,) = rehearsal.report().apis
        # 500, then 101 of which one spoils the request: each of them alone.
        assert report.answers == {"200": 101, "400": 2}
        (refused,) = done.refusals
        assert "missing required properties" in refused.reason
        assert Counter(key for key, _ in caller.records()) == Counter(f"c{number}" for number in range(600))


def test_a_rehearsal_sends_again_what_was_not_taken() -> None:
    with Rehearsal() as rehearsal:
        caller = deployed(rehearsal.embedded, template("iam", 50, 50))
        large = [Event("k", json.dumps({"id": str(n), "full-name": "x" * 400_000}).encode()) for n in range(4)]
        done = rehearsal.put(large)
        assert (done.records, done.refused) == (4, 0)
        assert sorted(key for key, _ in caller.records()) == ["0", "1", "2", "3"]
        (report,) = rehearsal.report().apis
        assert report.answers["207"] >= 1
        assert done.throttled >= 2
