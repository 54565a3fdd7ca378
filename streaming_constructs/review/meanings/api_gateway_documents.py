"""What changes of an API mean that is written as a document of OpenAPI: operations that are gone, or open to all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streaming_constructs.review.comparing.differences import same
from streaming_constructs.review.comparing.template import value_at
from streaming_constructs.review.comparing.values import listed, shown
from streaming_constructs.review.meaning import Changed, Meaning, means
from streaming_constructs.review.meanings.queues_and_topics import document

_VERBS = ("get", "put", "post", "delete", "head", "patch", "options", "x-amazon-apigateway-any-method")
_TYPES = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")


def body(changed: Changed) -> Iterator[Meaning]:
    """A document that stands in the template."""
    if same(document(changed.old), document(changed.new)):
        return
    old, new = operations(changed.old), operations(changed.new)
    gone = [name for name in old if name not in new]
    opened = [name for name, asks in new.items() if not asks and old.get(name, any(old.values()))]
    if opened:
        yield Meaning(
            "REV283",
            f"everybody may call {shown(', '.join(opened))}: the document asks nobody who it is",
            "give each operation its `security`",
        )
    if gone:
        yield Meaning("REV293", f"{shown(', '.join(gone))} is gone: whoever calls it is refused")
    if not (opened or gone):
        closed = [name for name, asks in new.items() if asks and name in old and not old[name]]
        come = [name for name in new if name not in old]
        if not (closed or come) or not _is_else_the_same(changed, {*closed, *come}):
            yield Meaning(
                "REV295", "what it answers is described otherwise", "compare both documents, operation by operation"
            )
        elif closed:
            yield Meaning("REV285", f"callers of {shown(', '.join(closed))} are asked who they are")
        else:
            yield Meaning("REV276", f"{shown(', '.join(come))} is new")


for _type in _TYPES:
    means(_type, "Body")(body)


@means("AWS::ApiGateway::RestApi", "BodyS3Location", "Parameters")
@means("AWS::ApiGatewayV2::Api", "BodyS3Location")
def elsewhere(changed: Changed) -> Iterator[Meaning]:
    """A document that lies in a bucket, or how one is read."""
    yield Meaning(
        "REV295",
        f"what it answers is described by {shown(changed.new)}; it was {shown(changed.old)}",
        "compare both documents: they say who may call, and where calls go",
    )


def operations(value: Any) -> dict[str, bool]:
    """The operations of a document, each with whether it asks who calls; none where it is no document.

    Args:
        value: The document.
    """
    api = document(value)
    paths = value_at(api, ("paths",))
    everywhere = bool(listed(value_at(api, ("security",))))
    found = {}
    for path, item in paths.items() if isinstance(paths, Mapping) else ():
        for verb, operation in item.items() if isinstance(item, Mapping) else ():
            if verb in _VERBS and isinstance(operation, Mapping):
                asks = verb == "options" or _asks(operation, everywhere=everywhere)
                found[f"{_name(verb)} {path}"] = asks
    return found


def _asks(operation: Mapping[str, Any], *, everywhere: bool) -> bool:
    auth = value_at(operation, ("x-amazon-apigateway-auth", "type"))
    if auth is not None:
        return str(auth).upper() != "NONE"
    return bool(listed(operation["security"])) if "security" in operation else everywhere


def _is_else_the_same(changed: Changed, names: set[str]) -> bool:
    """Whether two documents say the same but for some operations."""
    old, new = (_without(document(value), names) for value in (changed.old, changed.new))
    return same(old, new)


def _without(api: Any, names: set[str]) -> Any:
    paths = value_at(api, ("paths",))
    if not isinstance(paths, Mapping):
        return api
    kept = {
        f"{_name(verb)} {path}": operation
        for path, item in paths.items()
        for verb, operation in (item.items() if isinstance(item, Mapping) else ())
        if f"{_name(verb)} {path}" not in names
    }
    # What is described once for all may be new with what is new.
    return {**{key: value for key, value in api.items() if key != "components"}, "paths": kept}


def _name(verb: str) -> str:
    return "ANY" if verb == _VERBS[-1] else str(verb).upper()
