"""What changes of templates mean for IAM policies, keys, networks and what is public."""

from __future__ import annotations

from streaming_constructs.spec.codes import (
    review_keys,
    review_networks,
    review_own_access,
    review_permissions,
    review_public_access,
)
from streaming_constructs.spec.codes.code import Code

CODES: tuple[Code, ...] = (
    *review_permissions.CODES,
    *review_keys.CODES,
    *review_public_access.CODES,
    *review_own_access.CODES,
    *review_networks.CODES,
)
