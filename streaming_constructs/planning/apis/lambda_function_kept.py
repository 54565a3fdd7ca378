"""What of an API is there to stay: the address that its callers have, and how they call it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streaming_constructs.spec.kept import Kept, State

if TYPE_CHECKING:
    from streaming_constructs.planning.apis.lambda_function import LambdaApiPlan


def api_state(api: LambdaApiPlan) -> State:
    """What an API holds.

    Args:
        api: The API with its numbers.
    """
    secret = ", and with its password" if api.spec.auth == "basic" else ""
    gone = f"the API is deleted with its address{secret}: another of the same name has others"
    kept = Kept(
        "who may call",
        api.spec.auth,
        ("auth",),
        "EVO973",
        note="callers that are not changed with it are refused",
        help="keep it, and add a second API beside it, until no caller needs the first any more",
    )
    return State(gone, gone, (kept,))
