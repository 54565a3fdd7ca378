"""For tests of streaming systems, ours and yours: readable template snapshots, and a ledger of stateful resources."""

from streaming_constructs.testing.invariants import alarm_problems, policy_problems
from streaming_constructs.testing.ledger import LedgerChange, ledger_changes, ledger_of
from streaming_constructs.testing.normalise import normalised
from streaming_constructs.testing.snapshot import TemplateSnapshotExtension

__all__ = [
    "LedgerChange",
    "TemplateSnapshotExtension",
    "alarm_problems",
    "ledger_changes",
    "ledger_of",
    "normalised",
    "policy_problems",
]
