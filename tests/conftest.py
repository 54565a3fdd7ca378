"""What all tests share: Node for CDK, and CDK's own validation off (the native engine checks the same rules)."""

from __future__ import annotations

import os

os.environ.setdefault("CDK_VALIDATION", "false")
os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")

from streaming_constructs.loading import choose_node

choose_node()
