"""Measures a simulation of a week of a system of 1,000 shards, and holds it to a budget: part of `make bench`.

Three readers, an outage and a burst, as a user runs it, from the start of the process to its end. The budget is two seconds of
CPU, on a machine of today; the yardstick beside it tells how fast this machine is.

Exit codes: 0 within the budget, 1 it is missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench import CLI, HERE
from check import Check, end_with
from measure import measure
from review import ENVIRONMENT

SECONDS = 2.0
ARN = "arn:aws:lambda:eu-west-1:123456789012:function:fraud"
SPEC = f"""\
name: shop
streams:
  clicks: {{kind: kinesis, shards: 1000, workload: {{records_per_second: 400000, record_kb: 1, peak_factor: 2}}}}
consumers:
  fraud:
    kind: lambda
    from: clicks
    function_arn: "{ARN}"
    on_failure: {{retries: 5, max_record_age_seconds: 3600, destination: s3}}
deliveries:
  lake: {{from: clicks, to: {{kind: s3, format: json}}}}
  raw: {{from: clicks, to: {{kind: s3, format: json}}}}
"""
COMMAND = (str(CLI), "simulate", "pipeline.yaml", "--outage", "fraud=8h", "--burst", "2x@2d12:00/10m", "--retry", "2h")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures a simulated week of 1,000 shards, and holds it to a budget.")
    parser.add_argument("--quick", action="store_true", help="measure fewer times")
    rounds = 2 if parser.parse_args().quick else 5
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "pipeline.yaml").write_text(SPEC, encoding="utf-8")
        yardstick = [measure([sys.executable, str(HERE / "yardstick.py")], ENVIRONMENT, folder) for _ in range(rounds)]
        runs = [measure(COMMAND, ENVIRONMENT, folder) for _ in range(rounds)]
    check = Check(f"a week / {SECONDS:g} seconds", "CPU", tuple(run.cpu_seconds / SECONDS for run in runs), 1)
    end_with({"a week of 1,000 shards": [check]}, min(run.cpu_seconds for run in yardstick))


if __name__ == "__main__":
    main()
