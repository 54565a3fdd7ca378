"""An instance type that is not offered is answered with the one of its family and size."""

from __future__ import annotations

import pytest

from streaming_constructs.facts.opensearch import INSTANCE_TYPES
from streaming_constructs.spec.finding import SpecError
from streaming_constructs.spec.instance_type import like_instance
from streaming_constructs.spec.stores.opensearch import OpenSearchDomainSpec


@pytest.mark.parametrize(
    ("written", "offered"),
    [
        ("m6g.large.search", "m7g.large.search"),
        ("m6g.xlarge.search", "m7g.xlarge.search"),
        ("m5.2xlarge.search", "m7g.2xlarge.search"),
        ("r6g.2xlarge.search", "r7g.2xlarge.search"),
        ("r6gd.4xlarge.search", "r7g.4xlarge.search"),
        ("r5.large.elasticsearch", "r7g.large.search"),
        ("r7g.12xlarge.search", "r7g.4xlarge.search"),
        ("m7g.large", "m7g.large.search"),
        ("M7G.XLARGE.SEARCH", "m7g.xlarge.search"),
        ("c6g.4xlarge.search", "m7g.4xlarge.search"),
        ("or1.medium.search", "r7g.medium.search"),
        ("t2.small.search", "t3.small.search"),
        ("t2.micro.search", "t3.small.search"),
        ("large", ""),
        ("snappy", ""),
        ("z9.huge.search", ""),
    ],
)
def test_family_and_size_are_kept(written: str, offered: str) -> None:
    assert like_instance(written, INSTANCE_TYPES) == offered


def test_it_is_what_the_help_of_a_domain_says() -> None:
    with pytest.raises(SpecError) as error:
        OpenSearchDomainSpec(instance_type="m6g.xlarge.search")
    (found,) = error.value.findings
    assert (found.code, found.help) == ("LNG205", "did you mean `m7g.xlarge.search`?")


def test_other_choices_are_no_instance_types() -> None:
    assert like_instance("m6g.large.search", ["gzip", "snappy"]) == ""
