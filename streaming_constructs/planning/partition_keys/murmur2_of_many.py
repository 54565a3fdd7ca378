"""MurmurHash2 of many keys at once: a number of Python holds a lane of 64 bits for each key, and all lanes are hashed together.

A product of two numbers of 32 bits fits into its lane, so that no lane disturbs the next.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence

from streaming_constructs.planning.partition_keys.kafka_partitioner import MIX, SEED, SHIFT, WORD

_LANES = 4096
"""Keys hashed together: more of them do not make it faster."""
_LANE_BYTES = 8
_NATIVE = sys.byteorder


def murmur2_of_many(keys: Sequence[bytes]) -> list[int]:
    """The hash of each key, as `murmur2` has it one by one.

    Args:
        keys: The keys.
    """
    by_length: dict[int, list[int]] = {}
    for place, key in enumerate(keys):
        by_length.setdefault(len(key), []).append(place)
    hashes = [0] * len(keys)
    for length, places in by_length.items():
        for start in range(0, len(places), _LANES):
            some = places[start : start + _LANES]
            for place, hashed in zip(some, _of_one_length([keys[place] for place in some], length), strict=True):
                hashes[place] = hashed
    return hashes


def _of_one_length(keys: Sequence[bytes], length: int) -> array[int]:
    """The hashes of keys that are equally long."""
    lanes = len(keys)
    ones = int.from_bytes((1).to_bytes(_LANE_BYTES, _NATIVE) * lanes, _NATIVE)
    words = array("I", b"".join(key + bytes(-length % 4) for key in keys))
    if _NATIVE == "big":
        words.byteswap()
    step = -(-length // 4)
    mask = ones * WORD
    hashed = ones * (SEED ^ length)
    for at in range(length // 4):
        word = _lanes(words[at::step]) * MIX & mask
        word = (word ^ _shifted(word, SHIFT, ones)) * MIX & mask
        hashed = hashed * MIX & mask ^ word
    if length % 4:
        hashed = (hashed ^ _lanes(words[step - 1 :: step])) * MIX & mask
    hashed = (hashed ^ _shifted(hashed, 13, ones)) * MIX & mask
    hashed ^= _shifted(hashed, 15, ones)
    return array("Q", hashed.to_bytes(lanes * _LANE_BYTES, _NATIVE))


def _lanes(words: array[int]) -> int:
    """Words as one number, each in a lane of its own."""
    return int.from_bytes(array("Q", words).tobytes(), _NATIVE)


def _shifted(hashed: int, bits: int, ones: int) -> int:
    """Each lane without its last bits; those that come in from the next lane are taken out."""
    return hashed >> bits & ones * (WORD >> bits)
