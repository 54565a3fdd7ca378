"""What of a Kinesis stream is there to stay: its records, for how long, under which key, and how fast it can be resized."""

from __future__ import annotations

import math
from typing import Any

from streaming_constructs.facts import kinesis
from streaming_constructs.planning.streams.kinesis import StreamPlan
from streaming_constructs.spec.encryption import CustomerManagedKey
from streaming_constructs.spec.kept import Kept, State, is_lowered


def stream_state(stream: StreamPlan) -> State:
    """What a stream holds.

    Args:
        stream: The stream with its numbers.
    """
    spec = stream.spec
    identity = Kept(
        "the stream",
        spec.arn or "one that is created",
        ("arn",),
        "EVO973",
        note="its readers are replaced: they begin in the other stream where their `starting_position` says, and never read "
        "what they had not read in this one",
        help="put it back, and add the other stream as a node of its own",
    )
    if spec.arn is not None:
        return State("nothing of the stream itself changes", "nothing of the stream itself changes", (identity,))
    return State(
        stays="the stream stays in the account with its records, outside of the stack; a node of its name makes another one",
        goes="the stream is deleted with its records",
        kept=(identity, *_settings(stream)),
        removal_policy=spec.removal_policy,
    )


def _settings(stream: StreamPlan) -> tuple[Kept, ...]:
    spec = stream.spec
    own = isinstance(spec.encryption, CustomerManagedKey)
    key = (spec.encryption.kms_key_arn or "one of its own") if isinstance(spec.encryption, CustomerManagedKey) else None
    settings = [
        Kept(
            "the retention in hours",
            spec.retention,
            ("retention_days",) if spec.retention_days is not None else ("retention_hours",),
            "EVO975",
            note="records that are older are gone at once, also for readers that are late",
            help=f"put it back: `retention_hours: {spec.retention}`; or wait until all readers are up to date",
            is_broken=is_lowered,
        )
    ]
    if own:
        settings.append(
            Kept(
                "the key of its records",
                key,
                ("encryption",),
                "EVO976",
                note="records that are in the stream stay under the old key, which its readers may no longer use: they fail on "
                "these until they are gone",
                help="put it back; or write to a new stream, and take this one out when it is read empty",
                loses=key == "one of its own",
            )
        )
    if stream.shards is not None:
        settings.append(
            Kept(
                "the number of shards",
                stream.shards,
                ("shards",) if spec.shards is not None else ("workload",),
                "EVO971",
                note=f"Kinesis resizes a stream to {kinesis.RESHARDING_FACTOR.value:g} times its shards at most in one go, and "
                "to half of them at least",
                help=f"go in steps: `shards: {int(stream.shards * kinesis.RESHARDING_FACTOR.value)}` or "
                f"`shards: {math.ceil(stream.shards / kinesis.RESHARDING_FACTOR.value)}` first, and deploy it",
                is_broken=_is_too_far,
            )
        )
    return tuple(settings)


def _is_too_far(before: Any, after: Any) -> bool:
    """Whether a number of shards is out of reach in one go; a stream on demand has none to reach.

    Source: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html
    """
    factor = kinesis.RESHARDING_FACTOR.value
    return after is not None and (after > before * factor or after * factor < before)
