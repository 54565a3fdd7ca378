"""What is likely to go wrong with an API in front of a stream or a delivery."""

from __future__ import annotations

import math
from collections.abc import Iterator

from streaming_constructs.facts import api_gateway, kinesis
from streaming_constructs.facts.prices import api_gateway as prices
from streaming_constructs.facts.prices.price import HOURS_A_MONTH
from streaming_constructs.planning.numbers import number
from streaming_constructs.planning.producers.api_gateway import ApiGatewayProducerPlan
from streaming_constructs.planning.producers.api_gateway_templates import can_be_told
from streaming_constructs.spec.finding import Edit, Finding, did_you_mean, nearest
from streaming_constructs.spec.glue_types import ArrayType, GlueTypeNode, MapType, StructType, parse_type
from streaming_constructs.spec.model import NAME_OF_JAVASCRIPT
from streaming_constructs.spec.schemas import json_key

WORTH_A_WORD = 100
"""How many dollars a month single requests cost before it is told."""
_BASE64_PARTS, _PLAIN_PARTS = 4, 3


def api_findings(api: ApiGatewayProducerPlan) -> Iterator[Finding]:
    """What is likely to go wrong with an API; paths are relative to it.

    Args:
        api: The API with its numbers.
    """
    yield from _key_findings(api)
    yield from _model_findings(api)
    if api.spec.auth == "none":
        yield Finding(
            "API883",
            "everybody on the internet may write",
            ("auth",),
            note="nobody is asked who they are; what is put is paid for, and readers get it",
            help="set `auth: iam`, or `auth: api_key` for callers that sign nothing",
            edits=(Edit(("auth",), "iam"),),
        )
    yield from _throttle_findings(api)
    yield from _size_findings(api)
    yield from _cost_findings(api)
    if api.spec.access_logs:
        yield Finding(
            "API888",
            "access logs take a role that the account has once",
            ("access_logs",),
            note="`AWS::ApiGateway::Account` names it for all APIs of the account and region, so no system creates it; where "
            "there is none, the deployment of the stage fails",
            help="see under Settings in the console of API Gateway whether there is one, or name it once in a stack of its own",
        )


def _key_findings(api: ApiGatewayProducerPlan) -> Iterator[Finding]:
    name, schema = api.key_name, api.schema
    if name is None:
        return
    key = name
    if schema is not None:
        if name not in schema:
            close = nearest(name, schema)
            yield Finding(
                "API881",
                f"no record has the partition key `{name}`",
                ("partition_key",),
                note=f"the schema has {', '.join(f'`{field}`' for field in schema)}, and others are refused",
                help=did_you_mean(name, schema) or "name one of them, or add the field to the schema",
                edits=(Edit(("partition_key",), close),) if close else (),
            )
            return
        if isinstance(parse_type(schema[name].type), (ArrayType, MapType, StructType)):
            yield Finding(
                "API882",
                f"`{name}` is no partition key",
                ("partition_key",),
                note=f"it is `{schema[name].type}`; a key is a text, or a number",
                help="name a field of the schema that is a text or a number, such as an id",
            )
            return
        key = json_key(name, schema[name])
    if not can_be_told(key):
        yield Finding(
            "API882",
            f"`{key}` cannot be found in a request",
            ("partition_key",),
            note="a mapping template names a field by its key in JSON, where quotes, backslashes, `$` and `#` mean something",
            help="name another field",
        )


def _model_findings(api: ApiGatewayProducerPlan) -> Iterator[Finding]:
    """A field of the schema, or of a struct in it, that the model of a request cannot have."""
    for name, field in (api.schema or {}).items():
        if NAME_OF_JAVASCRIPT in {json_key(name, field), *_members(parse_type(field.type))}:
            yield Finding(
                "API890",
                f"the model of a request cannot have the field `{NAME_OF_JAVASCRIPT}`",
                note=f"`{name}` of its schema has it; CDK runs in JavaScript, where it names something that every object has",
                help=f"have records written with another key, such as `{NAME_OF_JAVASCRIPT.strip('_')}`",
            )


def _members(node: GlueTypeNode) -> Iterator[str]:
    """The names of the members of all structs in a type."""
    match node:
        case StructType(members):
            for name, member in members:
                yield name
                yield from _members(member)
        case ArrayType(inner) | MapType(_, inner):
            yield from _members(inner)


def _throttle_findings(api: ApiGatewayProducerPlan) -> Iterator[Finding]:
    given = api.spec.throttle
    if given is not None:
        burst = given.burst or 0
        for field, value, quota in (("rate", given.rate, api.account_rate), ("burst", burst, api.account_burst)):
            if value > quota:
                yield Finding(
                    "API886",
                    f"`{field}` is more than an account lets through",
                    ("throttle", field),
                    note=f"{number(value)}, where a new account has {number(quota)} for all of its APIs together",
                    help="ask AWS for a higher quota before you deploy, or set it to what the account has",
                    edits=(Edit(("throttle", field), int(quota)),),
                )
    stream = api.stream
    if stream is None or stream.load is None or stream.workload is None or _has_others(api):
        return
    needed = math.ceil(stream.load.records / api.limit) if api.limit else 1
    if needed <= 1:
        return
    fit = int(api_gateway.PAYLOAD_MIB.value * 1024 * _PLAIN_PARTS / _BASE64_PARTS / stream.workload.kb)
    most = max(1, min(api.most_records, fit))
    place = ("throttle", "rate") if given is not None else ()
    peak = number(stream.load.records)
    rate = math.ceil(stream.load.records / most)
    yield Finding(
        "API885",
        "fewer requests get through than the workload has records",
        place,
        note=f"{number(api.limit)} requests/s, and the busiest minute has {peak} records/s: each request has to carry "
        f"{needed:,} of them, and takes up to {most:,}",
        help=f"let callers send {needed:,} records or more in a request to `{api.batch_path}`, or raise `throttle`"
        if needed <= most
        else f"set `throttle: {{rate: {rate:,}}}` or more, and let callers fill their requests to `{api.batch_path}`",
        level="warning" if needed > most else "note",
    )


def _has_others(api: ApiGatewayProducerPlan) -> bool:
    """Whether other nodes write to the stream as well: then the workload is not the API's alone."""
    system = api.system
    return system is not None and any(
        api.spec.to in node.targets() for _, name, node in system.nodes() if name != api.name
    )


def _size_findings(api: ApiGatewayProducerPlan) -> Iterator[Finding]:
    largest = api.stream.largest_record_kb if api.stream is not None else None
    through = int(api_gateway.PAYLOAD_MIB.value * 1024 * _PLAIN_PARTS / _BASE64_PARTS)
    if largest is not None and largest > through:
        yield Finding(
            "API887",
            "the stream takes larger records than come through the API",
            ("to",),
            note=f"`max_record_kb` is {largest:,}; a request has {api_gateway.PAYLOAD_MIB.value:g} MB at most, also as it "
            f"goes on to Kinesis, where base64 makes four bytes of three: {through:,} KB of a record",
            help="let who writes larger ones put them into the stream themselves",
        )


def _cost_findings(api: ApiGatewayProducerPlan) -> Iterator[Finding]:
    workload = api.stream.workload if api.stream is not None else None
    if workload is None or _has_others(api):
        return
    millions = workload.records_per_second * 3600 * HOURS_A_MONTH / 1e6
    cost = prices.REST_REQUESTS.usd(millions * 1e6)
    if cost < WORTH_A_WORD:
        return
    most = min(api.most_records, kinesis.PUT_RECORDS_RECORDS.maximum)
    yield Finding(
        "API889",
        "a request for each record costs much",
        (),
        note=f"about {cost:,.0f} USD a month by list prices in us-east-1, with {millions:,.0f} million records",
        help=f"let callers that have several send them to `{api.batch_path}`: up to {most} are one request",
    )
