"""Measures a review of two large templates, and holds it to budgets: part of `make bench`.

Each template has 500 resources, as many as CloudFormation takes: a hundred streams with a function, its role, its policy and
its mapping. Three changes are reviewed: some resources of each kind are changed, removed and new; every logical id is another;
and nothing is different but the order. A budget is what was promised to whoever waits in a terminal, a second of CPU and 200
MiB, on a machine of today; the yardstick beside it tells how fast this machine is.

Exit codes: 0 within all budgets, 1 a budget is missed.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import CLI, HERE
from check import Check, end_with
from measure import Run, measure
from pairs import NOT_PASSED_ON

SYSTEMS = 100
SECONDS = 1.0
MIB = 200.0
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(NOT_PASSED_ON)}


def system(number: int, name: str = "") -> dict[str, Any]:
    """A stream with the function that reads it: five resources."""
    stream, function, role, policy, mapping = (
        f"{name}{kind}{number:03}" for kind in ("Stream", "Function", "Role", "Policy", "Mapping")
    )
    reads = ["kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStreamSummary", "kinesis:ListShards"]
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
    arn = {"Fn::GetAtt": [stream, "Arn"]}
    return {
        stream: {
            "Type": "AWS::Kinesis::Stream",
            "DeletionPolicy": "Retain",
            "Properties": {
                "ShardCount": 2,
                "RetentionPeriodHours": 48,
                "StreamEncryption": {"EncryptionType": "KMS", "KeyId": "alias/aws/kinesis"},
                "Tags": [{"Key": "team", "Value": "data"}, {"Key": "number", "Value": str(number)}],
            },
        },
        role: {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": [trust]}}},
        policy: {
            "Type": "AWS::IAM::Policy",
            "Properties": {
                "PolicyName": policy,
                "Roles": [{"Ref": role}],
                "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": reads, "Resource": arn}]},
            },
        },
        function: {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Handler": "index.handler",
                "Runtime": "python3.13",
                "Timeout": 60,
                "Role": {"Fn::GetAtt": [role, "Arn"]},
                "Code": {"S3Bucket": "assets", "S3Key": f"{number:064x}.zip"},
                "Environment": {
                    "Variables": {"STREAM": {"Fn::Sub": f"arn:aws:kinesis:${{AWS::Region}}:${{{stream}}}"}}
                },
            },
        },
        mapping: {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "EventSourceArn": arn,
                "FunctionName": {"Ref": function},
                "StartingPosition": "TRIM_HORIZON",
                "MaximumRetryAttempts": 5,
                "BisectBatchOnFunctionError": True,
            },
        },
    }


def template(name: str = "", systems: range = range(SYSTEMS)) -> dict[str, Any]:
    """A template of many systems."""
    return {"Resources": {key: value for number in systems for key, value in system(number, name).items()}}


def changed() -> dict[str, Any]:
    """Ten systems gone, ten new, and of each tenth of the others something else changed."""
    found = copy.deepcopy(template(systems=range(SYSTEMS // 10, SYSTEMS + SYSTEMS // 10)))
    resources = found["Resources"]
    for number in range(20, SYSTEMS, 10):
        resources[f"Stream{number:03}"]["Properties"]["RetentionPeriodHours"] = 24
        resources[f"Function{number + 1:03}"]["Properties"]["Timeout"] = 30
        resources[f"Mapping{number + 2:03}"]["Properties"]["StartingPosition"] = "LATEST"
        policy = resources[f"Policy{number + 3:03}"]["Properties"]["PolicyDocument"]["Statement"][0]
        policy["Action"] = [*policy["Action"], "kinesis:PutRecord"]
    return found


def shuffled() -> dict[str, Any]:
    """The same in another order, with lists that are sets turned round."""
    resources = dict(reversed(copy.deepcopy(template())["Resources"].items()))
    for resource in resources.values():
        resource["Properties"].get("Tags", []).reverse()
    return {"Resources": resources}


CHANGES = {"some changed": changed, "every logical id another": lambda: template("New"), "another order": shuffled}


def review(folder: Path, new: dict[str, Any]) -> Run:
    """How long a review takes as a user runs it."""
    for name, data in (("old.json", template()), ("new.json", new)):
        (folder / name).write_text(json.dumps(data, indent=1), encoding="utf-8")
    command = [str(CLI), "review", "old.json", "new.json", "--format", "markdown", "--fail-on", "never"]
    return measure(command, ENVIRONMENT, folder)


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Measures reviews of two templates of 500 resources, and holds them to budgets."
    )
    parser.add_argument("--quick", action="store_true", help="measure fewer times")
    rounds = 2 if parser.parse_args().quick else 5
    checks: dict[str, list[Check]] = {}
    with tempfile.TemporaryDirectory() as folder:
        yardstick = [measure([sys.executable, str(HERE / "yardstick.py")], ENVIRONMENT, folder) for _ in range(rounds)]
        for name, new in CHANGES.items():
            runs = [review(Path(folder), new()) for _ in range(rounds)]
            checks[name] = [
                Check("a review / a second", "CPU", tuple(run.cpu_seconds / SECONDS for run in runs), 1),
                Check(f"a review / {MIB:g} MiB", "memory", tuple(run.mib / MIB for run in runs), 1),
            ]
    end_with(checks, min(run.cpu_seconds for run in yardstick))


if __name__ == "__main__":
    main()
