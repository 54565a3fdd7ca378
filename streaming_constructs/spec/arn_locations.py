"""Regions, accounts and partitions of all ARNs that a system names, compared with where its stack stands and with each other.

The fields are found in the models: whatever is called `arn`, or something with it, of any kind of node. Where what they name
has to be stands in `facts.locations`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from streaming_constructs.facts.locations import PLACEMENTS, Placement, partition_of
from streaming_constructs.spec.finding import Finding, Level, SpecPath, dotted
from streaming_constructs.spec.model import SpecModel

if TYPE_CHECKING:
    from streaming_constructs.spec.pipeline import PipelineSpec

_ANYWHERE = Placement(())
_KEY = ("encryption", "kms_key_arn")
_LISTS_OF_ARNS = frozenset({"layers"})


@dataclass(frozen=True, slots=True)
class LocatedArn:
    """An ARN in a spec, and what it says of where the resource is.

    Attributes:
        path: Where the spec names it.
        text: The ARN.
        partition: Such as `aws`.
        service: Such as `kinesis`.
        region: Such as `eu-west-1`; empty for what is in none.
        account: Its 12 digits; empty for what names none.
    """

    path: SpecPath
    text: str
    partition: str
    service: str
    region: str
    account: str

    @property
    def placement(self) -> Placement:
        """Where it has to be."""
        names = tuple(step for step in self.path if isinstance(step, str))
        for placement in PLACEMENTS:
            is_field = names[-len(placement.fields) :] == placement.fields
            if is_field and placement.section in {"", names[0]}:
                return placement
        return _ANYWHERE


def located(path: SpecPath, arn: str) -> LocatedArn | None:
    """An ARN taken apart; None for a text that is none.

    Args:
        path: Where the spec names it.
        arn: The ARN.
    """
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn":
        return None
    return LocatedArn(path, arn, *parts[1:5])


def located_arns(value: Any, path: SpecPath = ()) -> Iterator[LocatedArn]:
    """All ARNs in the fields of a model, whatever it is a model of.

    Args:
        value: The model; a mapping or a list of models as well.
        path: Where it stands.
    """
    if isinstance(value, SpecModel):
        for name, field in type(value).model_fields.items():
            inner, there = getattr(value, name), (*path, str(field.validation_alias or name))
            if isinstance(inner, str):
                arn = located(there, inner) if name.endswith("arn") else None
                yield from (arn,) if arn else ()
            elif name in _LISTS_OF_ARNS:
                arns = (located((*there, position), text) for position, text in enumerate(inner))
                yield from (arn for arn in arns if arn)
            else:
                yield from located_arns(inner, there)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from located_arns(inner, (*path, name))
    elif isinstance(value, tuple | list):
        for position, inner in enumerate(value):
            yield from located_arns(inner, (*path, position))


def location_findings(spec: PipelineSpec) -> Iterator[Finding]:
    """What of a system is in another region, account or partition than it has to be.

    Args:
        spec: The system.
    """
    arns = list(located_arns(spec))
    # What exists in another region is encrypted under a key of that one.
    existing = {arn.path[:2]: arn.region for arn in arns if arn.path[2:] == ("arn",)}
    encrypts = {arn.path: existing.get(arn.path[:2], "") for arn in arns if arn.path[2:] == _KEY}
    stacks = [arn for arn in arns if not encrypts.get(arn.path)]
    region = spec.region or _most([arn for arn in stacks if _is_bound(arn, spec)], stacks)
    yield from _partition_findings(arns, region)
    for arn in arns:
        encrypted = encrypts.get(arn.path, "")
        if encrypted and arn.region != encrypted:
            yield _of_another_region_than_it_encrypts(arn, encrypted)
        elif not encrypted and arn.region and region and arn.region != region:
            yield _of_another_region(arn, region, is_bound=_is_bound(arn, spec), is_declared=spec.region is not None)
    account = system_account(spec, arns)
    for arn in arns:
        if arn.account and account and arn.account != account:
            yield from _of_another_account(arn, account, spec)


def system_account(spec: PipelineSpec, arns: Iterable[LocatedArn]) -> str:
    """The account of a system's stack: the declared one, else that of its functions; empty where nothing tells it.

    Args:
        spec: The system.
        arns: The ARNs that it names.
    """
    listed = [arn for arn in arns if arn.account]
    bound = [arn.account for arn in listed if arn.placement.other_account == "refused"]
    told = bound or [arn.account for arn in listed if arn.placement.other_account != "usual"]
    return spec.account or (Counter(told).most_common(1)[0][0] if told else "")


def _is_bound(arn: LocatedArn, spec: PipelineSpec) -> bool:
    """Whether it has to be in the stack's region; alarms may name a topic by its name in the system, too."""
    told = {name for _, name in spec.alarms.topics()}
    is_told = arn.path[0] == "sns_topics" and arn.path[1] in told and arn.service == "sns"
    return bool(arn.region) and (arn.placement.same_region or is_told)


def _most(bound: Iterable[LocatedArn], arns: Iterable[LocatedArn]) -> str:
    regions = [arn.region for arn in bound] or [arn.region for arn in arns if arn.region]
    return Counter(regions).most_common(1)[0][0] if regions else ""


def _partition_findings(arns: Iterable[LocatedArn], region: str) -> Iterator[Finding]:
    for arn in arns:
        own = arn.region or region
        if own and arn.partition != partition_of(own):
            yield Finding(
                "GRF311",
                f"`{arn.partition}` is not the partition of {own}",
                arn.path,
                note=f"{own} is in the partition {partition_of(own)}, and nothing of another one is seen from there",
                help=f"write `{arn.text.replace(f'arn:{arn.partition}:', f'arn:{partition_of(own)}:', 1)}`, or name a "
                "resource of the partition that the stack is in",
            )


def _of_another_region(arn: LocatedArn, region: str, *, is_bound: bool, is_declared: bool) -> Finding:
    level: Level = "error" if is_bound else "warning"
    stands = f"the stack is in {region}" if is_declared else f"the system is in {region}, by what else it names"
    why = arn.placement.why
    if is_bound and not arn.placement.same_region:
        why = "an alarm names it, and CloudWatch refuses an alarm whose topic is in another region"
    return Finding(
        "GRF309",
        f"it is in {arn.region}, and the system is in {region}",
        arn.path,
        note=f"{stands}; {why}",
        help=f"name one in {region}" + ("" if is_bound else ", or acknowledge it where it is meant"),
        level=level,
    )


def _of_another_region_than_it_encrypts(arn: LocatedArn, region: str) -> Finding:
    return Finding(
        "GRF309",
        f"it is in {arn.region}, and what it encrypts is in {region}",
        arn.path,
        note=f"`{dotted((*arn.path[:2], 'arn'))}` says so; {arn.placement.why}",
        help=f"name the key in {region} that it is encrypted under",
    )


def _of_another_account(arn: LocatedArn, account: str, spec: PipelineSpec) -> Iterator[Finding]:
    kind = arn.placement.other_account
    if kind == "usual":
        return
    if arn.path[0] == "streams" and arn.path[-1] == "arn":
        yield from _foreign_stream(arn, account, spec)
        return
    levels: Mapping[str, Level] = {"refused": "error", "unknown": "warning", "by_policy": "note"}
    why = arn.placement.why if kind != "by_policy" else "the policy of what it names has to let this account in"
    yield Finding(
        "GRF310",
        f"it is of the account {arn.account}, and the system of {account}",
        arn.path,
        note=why,
        help=f"name one of {account}, or deploy the system into {arn.account}"
        if kind == "refused"
        else "see to its policy, or name one of this account",
        level=levels[kind],
    )


def _foreign_stream(arn: LocatedArn, account: str, spec: PipelineSpec) -> Iterator[Finding]:
    """A stream of another account: functions may read it by its policy, and no more than that is certain."""
    name = str(arn.path[1])
    stream = spec.streams[name]
    yield Finding(
        "GRF310",
        f"the stream is of the account {arn.account}, and the system of {account}",
        arn.path,
        note="its resource policy has to let the roles of this system in, and its metrics are in its own account: alarms on it "
        "never get data, and tell nobody",
        help="see to its policy there, alarm on it there, and silence its alarms here",
    )
    encryption = getattr(stream, "encryption", None)  # a topic has that of its cluster
    if encryption is not None and encryption.kind == "aws_managed" and "encryption" in stream.model_fields_set:
        yield Finding(
            "GRF310",
            "a stream of another account under the key that AWS manages for it",
            ("streams", name, "encryption"),
            note="nobody of another account may use that key, so nothing of the stream can be read or written from here",
            help="encrypt it under a customer managed key whose policy lets this account in, and give its `kms_key_arn`",
            level="error",
        )
    for section, other, node in spec.nodes():
        for edge in node.edges():
            if edge.target != name or section not in {"producers", "deliveries"}:
                continue
            if section == "producers" and getattr(node, "kind", "") == "cloudwatch_logs":
                yield Finding(
                    "GRF310",
                    "a subscription writes to streams of its own account",
                    (section, other, *edge.path),
                    note="CloudWatch Logs takes a stream of another account only by a destination that stands there",
                    help="let it write to a stream of this account, or describe the subscription in the other account's "
                    "system, with `accept_from`",
                    level="error",
                )
            elif section == "deliveries" and edge.role == "from":
                yield Finding(
                    "GRF310",
                    "a delivery reads a stream of another account",
                    (section, other, *edge.path),
                    note="no page of AWS says that Firehose does; streams are shared with functions and with the SDK's readers",
                    help="let the delivery stand in the stream's account, or copy the stream by a consumer",
                )
