"""What changes of the URLs of Lambda functions mean: who can call them."""

from __future__ import annotations

from collections.abc import Iterator

from streaming_constructs.review.comparing.pair import Pair
from streaming_constructs.review.comparing.template import Resource
from streaming_constructs.review.comparing.values import listed, shown
from streaming_constructs.review.meaning import Changed, Meaning, means, when_added
from streaming_constructs.review.meanings.any_resource import added

_HELP = "`AuthType: AWS_IAM`, and a permission for each caller"


@when_added("AWS::Lambda::Url")
def url_added(pair: Pair, new: Resource) -> Iterator[Meaning]:
    """A URL that is new."""
    if new.at("AuthType") == "NONE":
        yield Meaning("REV651", "the function newly has a URL that asks nobody who they are", _HELP)
    else:
        yield from added(pair, new)


@means("AWS::Lambda::Url", "AuthType")
def auth_type(changed: Changed) -> Iterator[Meaning]:
    """Whether callers have to sign."""
    says = f"who calls the URL is asked for: {shown(changed.new)} (it was {shown(changed.old)})"
    if changed.new == "NONE":
        yield Meaning("REV651", "the URL no longer asks anybody who they are: it is open to the public", _HELP)
    elif changed.new == "AWS_IAM":
        yield Meaning("REV652", f"{says}; callers that do not sign are refused")
    else:
        yield Meaning("REV653", says)


@means("AWS::Lambda::Url", "Cors")
def cors(changed: Changed) -> Iterator[Meaning]:
    """Which web pages may call it."""
    before, after = (
        {str(origin) for origin in listed(value.get("AllowOrigins") if isinstance(value, dict) else None)}
        for value in (changed.old, changed.new)
    )
    if after - before:
        yield Meaning("REV653", f"web pages of other origins can newly call it: {shown(sorted(after - before))}")
    else:
        yield Meaning("REV652", "web pages can call it under other rules of CORS, of no other origin")


@means("AWS::Lambda::Url", "InvokeMode")
def invoke_mode(changed: Changed) -> Iterator[Meaning]:
    """Whether its answer comes at once or in parts."""
    yield Meaning("REV652", f"how it answers: {shown(changed.old)} → {shown(changed.new)}")
