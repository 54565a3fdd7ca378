"""What happens to a resource with data when it leaves the stack: `RemovalPolicy`."""

from __future__ import annotations

from typing import Literal

RemovalPolicy = Literal["retain", "destroy"]
