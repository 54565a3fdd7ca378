"""Secrets Manager secrets and database identifiers of destinations."""

from __future__ import annotations

from typing import Annotated

from streaming_constructs.spec.model import (
    form,
)

Identifier = Annotated[str, form(r"^\S(.*\S)?$", "a name of up to 255 characters", max_length=255)]
KEY_ARN_HELP = (
    "ARN of the customer managed key that the secret is encrypted with. "
    "Left out: it is under the key of Secrets Manager, which takes no permission."
)
