"""What a node is told: on loopback alone, small, and as its user wants it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.local.kafka.server_properties import (
    NodeAddress,
    ServerProperties,
    node_properties,
    properties_file,
    refuse_own,
)

FIRST, SECOND = NodeAddress(1, 1001, 1002), NodeAddress(2, 2001, 2002)


def told(wanted: ServerProperties, tier: Path | None = None) -> dict[str, str]:
    return node_properties(FIRST, [FIRST, SECOND], Path("/data"), password="secret", tier=tier, wanted=wanted)


def test_every_address_is_on_loopback() -> None:
    properties = told({})
    assert properties["listeners"] == "CLIENT://127.0.0.1:1001,CONTROLLER://127.0.0.1:1002"
    assert properties["advertised.listeners"] == "CLIENT://127.0.0.1:1001"
    assert properties["controller.quorum.voters"] == "1@127.0.0.1:1002,2@127.0.0.1:2002"


def test_what_the_user_wants_goes_before_what_makes_it_small() -> None:
    properties = told(
        {"num.io.threads": 8, "unclean.leader.election.enable": True, "log.cleaner.min.cleanable.ratio": 0.2}
    )
    assert properties["num.io.threads"] == "8"
    assert properties["unclean.leader.election.enable"] == "true"
    assert properties["log.cleaner.min.cleanable.ratio"] == "0.2"


def test_without_tiered_storage_nothing_says_so() -> None:
    assert "remote.log.storage.system.enable" not in told({})
    tiered = told({}, Path("/tier"))
    assert (tiered["remote.log.storage.system.enable"], tiered["rsm.config.dir"]) == ("true", "/tier")


@pytest.mark.parametrize(
    "name", ["listeners", "advertised.listeners", "log.dirs", "node.id", "controller.quorum.voters", "rsm.config.dir"]
)
def test_where_it_listens_and_keeps_its_data_is_not_the_user_s_to_choose(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        refuse_own({"num.partitions": 1, name: "0.0.0.0"})


def test_a_value_is_one_line_whatever_is_in_it() -> None:
    text = properties_file({"a": "x\nlisteners=PLAINTEXT://0.0.0.0:9092", "b=c": " é\\"})
    assert text == "a=x\\nlisteners=PLAINTEXT://0.0.0.0:9092\nb\\=c=\\ \\u00e9\\\\\n"


@given(st.text(), st.text())
def test_every_text_stays_in_its_line_and_in_ascii(name: str, value: str) -> None:
    text = properties_file({name: value})
    assert text.isascii()
    assert text.isprintable() or text[:-1].isprintable()
    assert text.count("\n") == 1
