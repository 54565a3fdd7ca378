"""The producer runs where there is boto3 and nothing else of this project's needs."""

from __future__ import annotations

import subprocess
import sys

BLOCKED = ("aws_cdk", "click", "constructs", "jsii", "moto", "pydantic", "rich", "yaml")
CODE = f"""
import sys

class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {BLOCKED!r}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Nothing())
from streaming_constructs.producer import Producer, EmfMetrics, RateLimit, Retry, user_records

class Client:
    def put_records(self, Records, StreamName):
        return {{"Records": [{{"ShardId": "s", "SequenceNumber": "1"}} for _ in Records]}}

with Producer("clicks", client=Client(), aggregation="key") as one:
    receipts = [one.put(b"1", "a"), one.put(b"2", "a")]
print([receipt.result().sub_sequence_number for receipt in receipts])
print(sorted(name for name in sys.modules if name.startswith("streaming_constructs.") and name.count(".") == 1))
"""


def test_it_needs_neither_cdk_nor_the_other_rooms() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "[0, 1]",
        "['streaming_constructs.exports', 'streaming_constructs.facts', 'streaming_constructs.producer']",
    ]


def test_records_are_read_without_boto3() -> None:
    code = (
        "import sys; from streaming_constructs.producer import user_records; "
        "print(user_records(b'x'), [name for name in ('boto3', 'botocore', 'google') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] []"
