"""Regions, accounts and partitions of all ARNs of a system, by whatever field they are named."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import Field

from streaming_constructs.facts.locations import partition_of
from streaming_constructs.planning import plan
from streaming_constructs.spec import PipelineSpec
from streaming_constructs.spec.arn_locations import located_arns, system_account
from streaming_constructs.spec.model import SpecModel

OWN, OTHER = "123456789012", "999999999999"
Data = dict[str, Any]


def arn(service: str, resource: str, region: str = "eu-west-1", account: str = OWN, partition: str = "aws") -> str:
    return f"arn:{partition}:{service}:{region}:{account}:{resource}"


def key(**where: str) -> str:
    return arn("kms", "key/11111111-2222-3333-4444-555555555555", **where)


def consumer(**fields: Any) -> Data:
    return {"kind": "lambda", "from": "clicks", "code": "x", "on_failure": "s3", **fields}


def system(**top: Any) -> PipelineSpec:
    data = {"name": "shop", "streams": {"clicks": {"kind": "kinesis", "shards": 1}}, "alarms": False}
    return PipelineSpec.model_validate({**data, **top})


def said(**top: Any) -> list[tuple[str, str, str]]:
    found = plan(system(**top)).findings
    return [(one.code, one.level, one.dotted_path) for one in found if one.code in {"GRF309", "GRF310", "GRF311"}]


def clicks(**fields: Any) -> Data:
    return {"streams": {"clicks": {"kind": "kinesis", "shards": 1, **fields}}}


def fraud(**fields: Any) -> Data:
    return {"consumers": {"fraud": consumer(**fields)}}


def delivered(**to: Any) -> Data:
    return {"deliveries": {"lake": {"from": "clicks", "to": to}}}


def table(region: str, of_key: str) -> Data:
    fields = {"arn": arn("dynamodb", "table/scores", region), "partition_key": "id"}
    return {"stores": {"scores": {"kind": "dynamodb", **fields, "encryption": {"kms_key_arn": key(region=of_key)}}}}


def test_the_key_of_what_exists_is_in_the_region_of_that() -> None:
    elsewhere = ("GRF309", "warning", "stores.scores.arn")
    assert said(region="eu-west-1", **table("us-east-1", of_key="us-east-1")) == [elsewhere]
    assert said(region="eu-west-1", **table("us-east-1", of_key="eu-west-1")) == [
        elsewhere,
        ("GRF309", "error", "stores.scores.encryption.kms_key_arn"),
    ]


def test_the_key_of_what_exists_does_not_say_where_the_system_is() -> None:
    bound = fraud(code=None, function_arn=arn("lambda", "function:f"))
    assert said(**table("us-east-1", of_key="us-east-1"), **without_nones(bound)) == [
        ("GRF309", "warning", "stores.scores.arn")
    ]


US = "us-east-1"
SECRET = "secret:hec-AbCdEf"
SPLUNK = {"kind": "splunk", "endpoint": "https://splunk.example.com:8088"}
ELSEWHERE: dict[str, tuple[Data, str, str]] = {
    # what it is: (a system in eu-west-1 with one ARN of us-east-1, its path, the level)
    "stream": (clicks(arn=arn("kinesis", "stream/c", US)), "streams.clicks.arn", "error"),
    "stream of Flink": (
        clicks(arn=arn("kinesis", "stream/c", US))
        | {"analytics": {"scores": {"kind": "flink_app", "from": "clicks", "bucket": "my-code", "key": "app.jar"}}},
        "streams.clicks.arn",
        "error",
    ),
    "key of a stream": (
        clicks(encryption={"kms_key_arn": key(region=US)}),
        "streams.clicks.encryption.kms_key_arn",
        "error",
    ),
    "function": (
        {"consumers": {"fraud": {**consumer(function_arn=arn("lambda", "function:f", US)), "code": None}}},
        "consumers.fraud.function_arn",
        "error",
    ),
    "layer": (fraud(layers=[arn("lambda", "layer:shared:3", US)]), "consumers.fraud.layers[0]", "error"),
    "key of filters": (
        fraud(filter={"page": ["a"]}, filter_kms_key_arn=key(region=US)),
        "consumers.fraud.filter_kms_key_arn",
        "error",
    ),
    "queue": (fraud(on_failure=arn("sqs", "q", US)), "consumers.fraud.on_failure.destination.queue_arn", "warning"),
    "topic": (fraud(on_failure=arn("sns", "t", US)), "consumers.fraud.on_failure.destination.topic_arn", "warning"),
    "key of a bucket": (
        fraud(on_failure={"destination": {"kind": "s3", "bucket": "failed-clicks", "kms_key_arn": key(region=US)}}),
        "consumers.fraud.on_failure.destination.kms_key_arn",
        "warning",
    ),
    "topic of alarms": ({"alarms": {"notify": [arn("sns", "t", US)]}}, "alarms.notify[0].topic_arn", "error"),
    "topic of one alarm": (
        {
            "alarms": {
                "notify": ["a@example.com"],
                "override": {"write_throttling": {"notify": [arn("sns", "t", US)]}},
            }
        },
        "alarms.override.write_throttling.notify[0].topic_arn",
        "error",
    ),
    "topic of the system": (
        {"sns_topics": {"alerts": {"kind": "sns", "topic_arn": arn("sns", "t", US)}}},
        "sns_topics.alerts.topic_arn",
        "warning",
    ),
    "topic of the system that alarms tell": (
        {"sns_topics": {"alerts": {"kind": "sns", "topic_arn": arn("sns", "t", US)}}, "alarms": {"notify": ["alerts"]}},
        "sns_topics.alerts.topic_arn",
        "error",
    ),
    "key of an archive": (
        delivered(kind="s3", format="json", bucket="clicks-archive", kms_key_arn=key(region=US)),
        "deliveries.lake.to.kms_key_arn",
        "warning",
    ),
    "secret": (
        delivered(**SPLUNK, secret_arn=arn("secretsmanager", SECRET, US)),
        "deliveries.lake.to.secret_arn",
        "error",
    ),
    "key of a secret": (
        delivered(**SPLUNK, secret_arn=arn("secretsmanager", SECRET), secret_kms_key_arn=key(region=US)),
        "deliveries.lake.to.secret_kms_key_arn",
        "error",
    ),
    "function of a transformation": (
        {
            "deliveries": {
                "lake": {
                    "from": "clicks",
                    "transform": {"function_arn": arn("lambda", "function:t", US)},
                    "to": {"kind": "s3", "format": "json"},
                }
            }
        },
        "deliveries.lake.transform.function_arn",
        "warning",
    ),
    "domain": (
        delivered(kind="opensearch", domain_arn=arn("es", "domain/clicks", US), index="clicks"),
        "deliveries.lake.to.domain_arn",
        "warning",
    ),
}


def without_nones(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: without_nones(value) for name, value in data.items() if value is not None}
    return data


@pytest.mark.parametrize(("top", "path", "level"), list(ELSEWHERE.values()), ids=list(ELSEWHERE))
def test_a_resource_of_another_region_than_the_declared_one_is_told(top: Data, path: str, level: str) -> None:
    assert said(**without_nones(top), region="eu-west-1") == [("GRF309", level, path)]
    assert said(**without_nones(top), region=US) == (
        [("GRF309", "error", "deliveries.lake.to.secret_arn")] if path.endswith("secret_kms_key_arn") else []
    )


def test_without_a_declared_region_arns_are_compared_with_each_other() -> None:
    top = {**clicks(arn=arn("kinesis", "stream/c")), **fraud(on_failure=arn("sqs", "q", US))}
    assert said(**top) == [("GRF309", "warning", "consumers.fraud.on_failure.destination.queue_arn")]
    # What has to be in the stack's region says where that is, however much else is elsewhere.
    top["sns_topics"] = {"alerts": {"kind": "sns", "topic_arn": arn("sns", "t", US)}}
    assert [path for _, _, path in said(**top)] == [
        "consumers.fraud.on_failure.destination.queue_arn",
        "sns_topics.alerts.topic_arn",
    ]


def test_one_region_is_fine_wherever_it_is() -> None:
    top = {**clicks(encryption={"kms_key_arn": key(region=US)}), **fraud(layers=[arn("lambda", "layer:l:1", US)])}
    assert said(**top) == []


# --- accounts


def test_functions_of_another_account_are_refused() -> None:
    function = without_nones(fraud(code=None, function_arn=arn("lambda", "function:f", account=OTHER)))
    assert said(**function, account=OWN) == [("GRF310", "error", "consumers.fraud.function_arn")]
    assert said(**function, account=OTHER) == []
    assert said(**function) == []


def test_functions_of_two_accounts_are_refused_where_none_is_declared() -> None:
    consumers = {
        name: without_nones(consumer(code=None, function_arn=arn("lambda", f"function:{name}", account=account)))
        for name, account in (("one", OWN), ("two", OWN), ("three", OTHER))
    }
    assert said(consumers=consumers) == [("GRF310", "error", "consumers.three.function_arn")]


FOREIGN = arn("kinesis", "stream/c", account=OTHER)


def test_a_stream_of_another_account_is_read_by_its_policy() -> None:
    assert said(**clicks(arn=FOREIGN), **fraud(), account=OWN) == [("GRF310", "warning", "streams.clicks.arn")]


def test_nobody_else_may_use_the_key_that_aws_manages() -> None:
    assert ("GRF310", "error", "streams.clicks.encryption") in said(
        **clicks(arn=FOREIGN, encryption="aws_managed"), account=OWN
    )
    shared = clicks(arn=FOREIGN, encryption={"kms_key_arn": key(account=OTHER)})
    assert [(level, path) for _, level, path in said(**shared, account=OWN)] == [
        ("warning", "streams.clicks.arn"),
        ("note", "streams.clicks.encryption.kms_key_arn"),
    ]


@pytest.mark.parametrize(
    ("top", "level", "path"),
    [
        (
            {"producers": {"logs": {"kind": "cloudwatch_logs", "log_groups": ["/a"], "to": "clicks"}}},
            "error",
            "producers.logs.to",
        ),
        (delivered(kind="s3", format="json"), "warning", "deliveries.lake.from"),
    ],
)
def test_what_may_not_use_a_stream_of_another_account_is_told(top: Data, level: str, path: str) -> None:
    assert ("GRF310", level, path) in said(**clicks(arn=FOREIGN), **top, account=OWN)
    assert said(**clicks(arn=FOREIGN), **top, account=OTHER) == []


def test_an_agent_may_write_to_a_stream_of_another_account() -> None:
    hosts = {"hosts": {"kind": "kinesis_agent", "files": ["/a"], "to": "clicks"}}
    assert said(**clicks(arn=FOREIGN), producers=hosts, account=OWN) == [("GRF310", "warning", "streams.clicks.arn")]


@pytest.mark.parametrize(
    ("top", "why"),
    [
        (
            {
                "sns_topics": {"alerts": {"kind": "sns", "topic_arn": arn("sns", "t", US)}},
                "alarms": {"notify": ["alerts"]},
            },
            "an alarm names it",
        ),
        (fraud(layers=[arn("lambda", "layer:shared:3", US)]), "Lambda takes layers of the function's own region"),
        (
            without_nones(fraud(code=None, function_arn=arn("lambda", "function:f", account=OTHER))),
            "an event source mapping stands in the account and the region of its function",
        ),
        (fraud(on_failure=arn("sqs", "q", account=OTHER)), "the policy of what it names has to let this account in"),
    ],
)
def test_the_note_says_why(top: Data, why: str) -> None:
    found = plan(system(**top, region="eu-west-1", account=OWN)).findings
    (note,) = [one.note for one in found if one.code in {"GRF309", "GRF310"}]
    assert why in note


@pytest.mark.parametrize("field", ["queue", "topic", "layer"])
def test_what_another_account_may_share_is_a_note_at_most(field: str) -> None:
    top = {
        "queue": fraud(on_failure=arn("sqs", "q", account=OTHER)),
        "topic": {"alarms": {"notify": [arn("sns", "t", account=OTHER)]}},
        "layer": fraud(layers=[arn("lambda", "layer:l:1", account=OTHER)]),
    }[field]
    assert {level for _, level, _ in said(**top, account=OWN)} == (set() if field == "layer" else {"note"})


def test_a_layer_alone_tells_no_account() -> None:
    layered = system(**fraud(layers=[arn("lambda", "layer:l:1", account=OTHER)]))
    assert system_account(layered, located_arns(layered)) == ""


# --- partitions


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        *(("eu-west-1", "aws"), ("us-east-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")),
        *(("us-iso-east-1", "aws-iso"), ("us-isob-east-1", "aws-iso-b"), ("eusc-de-east-1", "aws-eusc")),
    ],
)
def test_a_region_is_in_one_partition(region: str, partition: str) -> None:
    assert partition_of(region) == partition
    stream = clicks(arn=arn("kinesis", "stream/c", region, partition=partition))
    assert said(**stream) == []
    other = "aws-cn" if partition == "aws" else "aws"
    assert said(**clicks(arn=arn("kinesis", "stream/c", region, partition=other))) == [
        ("GRF311", "error", "streams.clicks.arn")
    ]


def test_a_role_is_in_the_partition_of_the_system() -> None:
    agents = {"kind": "kinesis_agent", "files": ["/a"], "to": "clicks", "role_arn": f"arn:aws:iam::{OWN}:role/hosts"}
    assert said(producers={"hosts": agents}, region="eu-west-1") == []
    assert said(producers={"hosts": agents}, region="cn-north-1") == [("GRF311", "error", "producers.hosts.role_arn")]


def test_a_role_alone_says_which_partition_the_system_is_in() -> None:
    role = f"arn:aws-cn:iam::{OWN}:role/hosts"
    assert said(producers={"hosts": {"kind": "kinesis_agent", "files": ["/a"], "to": "clicks", "role_arn": role}}) == []


# --- all fields


def test_every_field_of_the_language_that_names_a_resource_is_seen() -> None:
    spec = system(
        **clicks(arn=arn("kinesis", "stream/c"), encryption={"kms_key_arn": key()}),
        **fraud(
            layers=["powertools", arn("lambda", "layer:l:1")], environment={"TABLE_ARN": arn("dynamodb", "table/t")}
        ),
    )
    assert [one.path for one in located_arns(spec)] == [
        ("streams", "clicks", "arn"),
        ("streams", "clicks", "encryption", "kms_key_arn"),
        ("consumers", "fraud", "layers", 1),
    ]


class Source(SpecModel):
    """What has an ARN."""

    arn: str


class Reader(SpecModel):
    """What has a field with another name in a file."""

    from_: Source = Field(validation_alias="from")


def test_a_path_has_the_names_of_the_file() -> None:
    stream = arn("kinesis", "stream/c")
    assert [one.path for one in located_arns(Reader(from_=Source(arn=stream)))] == [("from", "arn")]
