"""Putting events: in order, in requests that the API takes, again when throttled, and never for good when refused."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError

from streaming_constructs.local.aws.api import Aws
from streaming_constructs.local.event_targets import EventTarget
from streaming_constructs.local.events import Event
from streaming_constructs.local.producer import BATCH_BYTES, put
from streaming_constructs.local.refusal import Refusal

STREAM, DELIVERY = EventTarget("stream", "clicks", "Stack-clicks"), EventTarget("delivery", "lake", "Stack-lake")


class Api(Aws):
    """Answers as it is told to, and keeps what it took."""

    def __init__(self, answers: list[list[str]] | None = None, too_large: int = 10**9) -> None:
        super().__init__("http://localhost:1", "us-east-1", "a-token")
        self.answers, self.too_large = answers or [], too_large
        self.requests: list[list[bytes]] = []
        self.taken: list[bytes] = []

    def client(self, service: str) -> Any:
        return self

    def put_records(self, StreamName: str, Records: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - boto3's
        return {"Records": self._answered(StreamName, "Stack-clicks", Records)}

    def put_record_batch(
        self,
        DeliveryStreamName: str,  # noqa: N803
        Records: list[dict[str, Any]],  # noqa: N803
    ) -> dict[str, Any]:
        return {"RequestResponses": self._answered(DeliveryStreamName, "Stack-lake", Records)}

    def _answered(self, name: str, wanted: str, records: list[dict[str, Any]]) -> list[dict[str, str]]:
        assert name == wanted
        datas = [one["Data"] for one in records]
        self.requests.append(datas)
        if any(len(data) > self.too_large for data in datas):
            raise ClientError({"Error": {"Code": "ValidationException", "Message": "too large"}}, "PutRecords")
        codes = self.answers.pop(0) if self.answers else [""] * len(datas)
        if codes == ["fails"]:
            status = {"HTTPStatusCode": 500}
            raise ClientError(
                {"Error": {"Code": "500", "Message": "no space"}, "ResponseMetadata": status}, "PutRecords"
            )
        if codes == ["all"]:
            raise ClientError({"Error": {"Code": "ProvisionedThroughputExceededException"}}, "PutRecords")
        self.taken += [data for data, code in zip(datas, codes, strict=True) if not code]
        return [{"ErrorCode": code, "ErrorMessage": f"about {code}"} if code else {} for code in codes]


def events(count: int, size: int = 1) -> list[Event]:
    return [Event("key", f"{number}".encode().ljust(size)) for number in range(count)]


def test_all_are_put_in_order_in_requests_of_five_hundred() -> None:
    api = Api()
    done = put(api, lambda _: STREAM, iter(events(1200)))
    assert [len(one) for one in api.requests] == [500, 500, 200]
    assert api.taken == [one.data for one in events(1200)]
    assert (done.records, done.bytes, done.throttled, done.refused) == (1200, sum(map(len, api.taken)), 0, 0)


def test_a_request_is_no_larger_than_firehose_takes() -> None:
    api = Api()
    put(api, lambda _: DELIVERY, events(9, BATCH_BYTES // 4))
    assert [len(one) for one in api.requests] == [3, 3, 3]


def test_what_is_throttled_is_put_again_and_counted() -> None:
    api = Api([["", "Throttled", "", "Throttled"], ["", "Throttled"], ["all"], [""]])
    done = put(api, lambda _: STREAM, events(4))
    assert [len(one) for one in api.requests] == [4, 2, 1, 1]
    assert sorted(api.taken) == [b"0", b"1", b"2", b"3"]
    assert (done.records, done.throttled) == (4, 4)


def test_a_record_that_is_refused_for_good_takes_no_other_with_it() -> None:
    api = Api(too_large=5)
    done = put(api, lambda _: STREAM, [*events(2), Event("key", b"too large"), *events(2)])
    assert (done.records, done.refused) == (4, 1)
    assert done.refusals == [Refusal("clicks", "too large", 1, [3])]  # events of no file are numbered
    assert api.taken == [b"0", b"1", b"0", b"1"]


def test_putting_ends_where_this_machine_fails_and_counts_what_was_taken() -> None:
    api = Api([[""] * 500, ["", "InternalFailure", "Throttled", ""] + [""] * 496])
    done = put(api, lambda _: STREAM, events(1200))
    assert [len(one) for one in api.requests] == [500, 500]
    assert (done.records, done.throttled, done.refused, len(api.taken)) == (998, 0, 0, 998)
    assert done.stopped == "about InternalFailure"


def test_a_request_that_fails_is_not_taken_apart_and_not_put_again() -> None:
    api = Api([["fails"]])
    done = put(api, lambda _: STREAM, events(1200))
    assert len(api.requests) == 1
    assert (done.records, done.refused) == (0, 0)
    assert "no space" in done.stopped


def test_a_rate_is_kept_and_told() -> None:
    response: list[int] = []
    begin = time.monotonic()
    put(Api(), lambda _: STREAM, events(40), rate=200, progress=lambda done: response.append(done.records))
    assert time.monotonic() - begin >= 0.15
    assert (response[-1], len(response)) == (40, 4)


def test_events_that_name_a_place_go_there_and_each_place_keeps_its_order() -> None:
    class Both(Api):
        def _answered(self, name: str, wanted: str, records: list[dict[str, Any]]) -> list[dict[str, str]]:
            self.requests.append([name.encode(), *(one["Data"] for one in records)])
            return [{} for _ in records]

    api = Both()
    some = [Event("key", f"{number}".encode(), into="lake" if number % 2 else "") for number in range(4)]
    done = put(api, lambda name: DELIVERY if name == "lake" else STREAM, some)
    assert api.requests == [[b"Stack-clicks", b"0", b"2"], [b"Stack-lake", b"1", b"3"]]
    assert (done.records, list(done.into)) == (4, ["clicks", "lake"])


def test_a_record_without_a_key_is_put_under_what_its_field_says() -> None:
    class Keys(Api):
        def put_records(self, StreamName: str, Records: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
            self.keys = [one["PartitionKey"] for one in Records]
            return super().put_records(StreamName, Records)

    api = Keys()
    some = [
        Event("1", b'{"user": "ann"}', is_keyed=False),
        Event("2", b'{"user": 17}', is_keyed=False),
        Event("given", b'{"user": "ann"}'),
        Event("4", b'{"user": null}', is_keyed=False),
        Event("5", b"no JSON", is_keyed=False),
    ]
    put(api, lambda _: replace(STREAM, key_field="user"), some)
    assert api.keys == ["ann", "17", "given", "4", "5"]


def test_records_that_a_topic_refuses_are_told_by_topic_reason_and_line() -> None:
    class Topics:
        def put(self, arn: str, records: Sequence[tuple[bytes | None, bytes]]) -> list[str]:
            return ["without a key" if key is None else "too large" if len(value) > 9 else "" for key, value in records]

    some = [
        Event("k", b"1"),
        *(Event("2", b"2", is_keyed=False, line=line) for line in range(11, 18)),
        Event("k", b"x" * 10),
    ]
    done = put(Api(), lambda _: EventTarget("topic", "orders", "arn"), some, topics=Topics())
    assert (done.records, done.bytes, done.refused) == (1, 1, 8)
    assert [str(one) for one in done.refusals] == [
        "7 records will never be taken by orders (lines 11, 12, 13, 14, 15 and 2 more): without a key",
        "1 record will never be taken by orders (line 9): too large",
    ]
