"""What of an API is there to stay: the address that its callers have, and how they call it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streaming_constructs.spec.kept import Kept, State

if TYPE_CHECKING:
    from streaming_constructs.planning.producers.api_gateway import ApiGatewayProducerPlan


def api_state(api: ApiGatewayProducerPlan) -> State:
    """What an API holds.

    Args:
        api: The API.
    """
    gone = "the API is deleted with its address, and with its key: another of the same name has others"
    refused = "callers that are not changed with it get 403"
    beside = "keep it, and add a second producer to the same stream, until no caller needs the first any more"
    kept = (
        Kept("the path", api.spec.path, ("path",), "EVO973", note=refused, help=beside),
        Kept("the method", api.spec.method, ("method",), "EVO973", note=refused, help=beside),
        Kept("who may call", api.spec.auth, ("auth",), "EVO973", note=refused, help=beside, is_broken=_shuts_out),
    )
    return State(gone, gone, kept)


def _shuts_out(before: str, after: str) -> bool:
    """Whether callers are shut out; of those that may be anybody, none is."""
    return after not in (before, "none")
