"""A delivery under a customer managed key takes records from nobody who may not use the key: every producer, every key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Annotations, Match

from streaming_constructs.cdk import S3Delivery, StreamingPipeline
from streaming_constructs.spec import (
    AcceptFrom,
    AccountPolicy,
    CloudWatchLogsProducerSpec,
    CustomerManagedKey,
    DeliverySpec,
    FluentBitProducerSpec,
    KinesisAgentProducerSpec,
    KinesisStreamSpec,
    LambdaConsumerSpec,
    OnFailure,
    PipelineSpec,
    S3Destination,
    SqsOnFailure,
)

FOREIGN_KEY = "arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TO_STREAM = {"firehose:PutRecord", "firehose:PutRecordBatch"}
ON_KEY = {"kms:Decrypt", "kms:GenerateDataKey"}


def spec_of(producer: Mapping[str, Any], encryption: CustomerManagedKey | None) -> PipelineSpec:
    # The bucket has a key of S3, so that what is allowed on a key is for the records that are put.
    return PipelineSpec(
        name="shop",
        removal_policy="destroy",
        deliveries={"direct": DeliverySpec(encryption=encryption, to=S3Destination(encryption="s3_managed"))},
        **producer,
    )


def of_a_consumer(code: str) -> dict[str, Any]:
    unpack = LambdaConsumerSpec(
        from_="clicks", to=("direct",), code=code, on_failure=OnFailure(destination=SqsOnFailure())
    )
    return {"streams": {"clicks": KinesisStreamSpec(mode="on_demand")}, "consumers": {"put": unpack}}


PRODUCERS: dict[str, Callable[[str], dict[str, Any]]] = {
    "lambda": of_a_consumer,
    "logs, by groups": lambda _: {
        "producers": {"put": CloudWatchLogsProducerSpec(to="direct", log_groups=("/app", "/audit"))}
    },
    "logs, by an account policy": lambda _: {
        "producers": {"put": CloudWatchLogsProducerSpec(to="direct", account_policy=AccountPolicy())}
    },
    "logs, from other accounts": lambda _: {
        "producers": {
            "put": CloudWatchLogsProducerSpec(to="direct", accept_from=AcceptFrom(account_ids=("111122223333",)))
        }
    },
    "kinesis agent": lambda _: {"producers": {"put": KinesisAgentProducerSpec(to="direct", files=("/var/log/a.log",))}},
    "kinesis agent, elsewhere": lambda _: {
        "producers": {"put": KinesisAgentProducerSpec(to="direct", runs_on="elsewhere", files=("/var/log/a.log",))}
    },
    "fluent bit": lambda _: {"producers": {"put": FluentBitProducerSpec(to="direct", files=("/var/log/a.log",))}},
}


def alias_of_a_key(bench: Any) -> kms.IKey:
    return kms.Alias(bench.stack, "Alias", alias_name="alias/company", target_key=kms.Key(bench.stack, "Company"))


KEYS: dict[str, tuple[CustomerManagedKey | None, Callable[[Any], kms.IKey] | None]] = {
    "created": (CustomerManagedKey(), None),
    "by its ARN, of another account": (CustomerManagedKey(kms_key_arn=FOREIGN_KEY), None),
    "brought": (None, lambda bench: kms.Key(bench.stack, "Company")),
    "brought by its ARN": (None, lambda bench: kms.Key.from_key_arn(bench.stack, "Company", FOREIGN_KEY)),
    "brought as an alias": (None, alias_of_a_key),
}


def key_of(bench: Any) -> Any:
    """How the template names the one key of its delivery."""
    created = bench.of_type("AWS::KMS::Key")
    return {"Fn::GetAtt": [*created, "Arn"]} if created else FOREIGN_KEY


def allowed_to(bench: Any, node: str, resource: Any) -> set[str]:
    """What the policy of one node allows on exactly this resource."""
    return {
        action
        for logical_id, policy in bench.of_type("AWS::IAM::ManagedPolicy").items()
        if logical_id.startswith(f"Pipeline{node}")
        for one in policy["Properties"]["PolicyDocument"]["Statement"]
        if one["Resource"] == resource
        for action in ([one["Action"]] if isinstance(one["Action"], str) else one["Action"])
    }


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("producer", PRODUCERS)
def test_whoever_puts_records_may_use_the_key_of_the_delivery(bench: Any, code: str, producer: str, key: str) -> None:
    encryption, brought = KEYS[key]
    keys = {"direct": brought(bench)} if brought else {}
    spec = spec_of(PRODUCERS[producer](code), encryption)
    StreamingPipeline(bench.stack, "Pipeline", spec=spec, keys=keys)
    assert allowed_to(bench, "put", key_of(bench)) == ON_KEY


@pytest.mark.parametrize("producer", PRODUCERS)
def test_a_key_that_aws_owns_takes_no_permission(bench: Any, code: str, producer: str) -> None:
    StreamingPipeline(bench.stack, "Pipeline", spec=spec_of(PRODUCERS[producer](code), None))
    assert not [one for one in bench.statements() if "kms:" in str(one["Action"])]


@pytest.mark.parametrize("key", KEYS)
def test_grant_put_permits_records_and_their_encryption(bench: Any, key: str) -> None:
    encryption, brought = KEYS[key]
    made = S3Delivery(
        bench.stack,
        "lake",
        spec=DeliverySpec(encryption=encryption, to=S3Destination(encryption="s3_managed")),
        encryption_key=brought(bench) if brought else None,
    )
    made.grant_put(iam.Role(bench.stack, "Producer", assumed_by=iam.AccountRootPrincipal()))
    statements = bench.only("AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    stream = {"Fn::GetAtt": [bench.only_id("AWS::KinesisFirehose::DeliveryStream"), "Arn"]}
    assert [(set(one["Action"]), one["Resource"]) for one in statements] == [
        (TO_STREAM, stream),
        (ON_KEY, key_of(bench)),
    ]


def test_grant_put_lets_another_account_in_by_the_policy_of_the_key(bench: Any) -> None:
    spec = DeliverySpec(encryption=CustomerManagedKey(), to=S3Destination(encryption="s3_managed"))
    made = S3Delivery(bench.stack, "lake", spec=spec)
    made.grant_put(iam.Role.from_role_arn(bench.stack, "Theirs", "arn:aws:iam::444455556666:role/theirs"))
    statements = bench.only("AWS::KMS::Key")["KeyPolicy"]["Statement"]
    granted = [one for one in statements if one["Principal"] == {"AWS": "arn:aws:iam::444455556666:role/theirs"}]
    assert [set(one["Action"]) for one in granted] == [ON_KEY]


def test_an_alias_without_its_key_is_told_of(bench: Any, code: str) -> None:
    alias = kms.Alias.from_alias_name(bench.stack, "Alias", "alias/company")
    spec = spec_of(PRODUCERS["fluent bit"](code), None)
    StreamingPipeline(bench.stack, "Pipeline", spec=spec, keys={"direct": alias})
    text = Match.string_like_regexp("Of this alias no key is known.*kms:Decrypt and kms:GenerateDataKey")
    assert Annotations.from_stack(bench.stack).find_warning("*", text)
    assert not [one for one in bench.statements() if "alias/" in str(one["Resource"])]


def test_who_reads_a_stream_gets_no_permission_for_a_delivery_from_it(bench: Any) -> None:
    spec = PipelineSpec(
        name="shop",
        removal_policy="destroy",
        streams={"clicks": KinesisStreamSpec(mode="on_demand", encryption=CustomerManagedKey())},
        deliveries={"lake": DeliverySpec(from_="clicks", to=S3Destination(encryption="s3_managed"))},
    )
    pipeline = StreamingPipeline(bench.stack, "Pipeline", spec=spec)
    assert pipeline.deliveries["lake"].endpoint.key is None
    assert allowed_to(bench, "lake", key_of(bench)) == {"kms:Decrypt"}
