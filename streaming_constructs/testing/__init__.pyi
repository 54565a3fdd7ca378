from streaming_constructs.testing.danger import assert_no_danger as assert_no_danger
from streaming_constructs.testing.invariants import alarm_problems as alarm_problems, policy_problems as policy_problems
from streaming_constructs.testing.ledger import (
    LedgerChange as LedgerChange,
    ledger_changes as ledger_changes,
    ledger_of as ledger_of,
)
from streaming_constructs.testing.normalise import normalised as normalised
from streaming_constructs.testing.snapshot import TemplateSnapshotExtension as TemplateSnapshotExtension
