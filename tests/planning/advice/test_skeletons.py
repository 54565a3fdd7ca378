"""A skeleton of any option is a spec without errors, and is planned as large, and as dear, as was advised."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from streaming_constructs.planning.advice.advice import Left, advise
from streaming_constructs.planning.advice.answers import Answers
from streaming_constructs.planning.advice.skeletons import MOST_READERS, skeleton
from streaming_constructs.planning.costs.cost_line import CostLine
from streaming_constructs.planning.costs.system_costs import system_costs
from streaming_constructs.planning.pipeline import PipelinePlan
from streaming_constructs.planning.plan_file import plan_document
from streaming_constructs.spec.read import open_document

LOADS: tuple[dict[str, Any], ...] = (
    {"records_per_second": 10},
    {"mb_per_second": 30, "record_kb": 4, "peak_factor": 3, "partitions": 12},
    {"records_per_second": 100, "record_bytes": 700, "largest_record_kb": 5000},
)
READERS: tuple[dict[str, Any], ...] = (
    {"readers": 0},
    {"readers": 1, "latency_ms": 100},
    {"readers": 3, "ordering": "per_key"},
    {"readers": 8},
    {"purpose": "delivery"},
    {"purpose": "delivery", "readers": 2},
)
MORE: tuple[dict[str, Any], ...] = (
    {},
    {"retention_hours": 36, "region": "eu-west-1"},
    {"retention_days": 30, "auth": "mtls", "needs": ["replication", "multi_vpc"]},
    {"retention_days": "unlimited"},
    {"needs": ["compaction", "prometheus"], "auth": "sasl_scram"},
    {"needs": ["tiered_storage"], "retention_days": 90},
)


def planned(option: str, answers: Answers, folder: Path) -> PipelinePlan:
    for name, text in skeleton(option, answers).items():
        file = folder / (name or "pipeline.yaml")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    plan, findings = plan_document(open_document(folder / "pipeline.yaml"))
    assert [str(finding) for finding in findings if finding.level == "error"] == []
    assert plan is not None
    return plan


BESIDE = {"alarms", "VPC endpoints"}
"""What a whole system is charged besides: what it is told by, and what functions are reached through."""


def charged(lines: tuple[CostLine, ...]) -> set[tuple[str, float | None]]:
    told = [line for line in lines if line.what not in BESIDE and "S3" not in line.what]
    return {(line.what, None if line.usd is None else round(line.usd, 4)) for line in told}


@pytest.mark.parametrize("load", LOADS, ids=["little", "much", "large-records"])
@pytest.mark.parametrize("readers", READERS, ids=["none", "one", "three", "eight", "delivery", "both"])
def test_a_skeleton_is_a_spec_of_the_same_size(load: dict[str, Any], readers: dict[str, Any], tmp_path: Path) -> None:
    for more in MORE:
        answers = Answers(**load, **readers, **more)
        for left in advise(answers).left:
            if left.option.has_spec:
                assert_alike(left, planned(left.option.name, answers, tmp_path))


def assert_alike(left: Left, plan: PipelinePlan) -> None:
    costs = system_costs(plan)
    lines = tuple(line for line in costs.lines if line.node in {"records", "main", "archive"})
    if left.option.name == "kinesis_advantage":  # the account knows whether it is on
        assert plan.spec.streams["records"].is_on_demand
    elif left.option.name == "firehose":  # a delivery that is put to knows no workload
        assert set(plan.deliveries) == {"archive"}
    else:
        assert charged(left.lines) == charged(lines)


def test_every_kind_of_skeleton_is_read_as_it_looks(tmp_path: Path) -> None:
    answers = Answers(records_per_second=1000, record_kb=2, readers=2, region="eu-west-1", ordering="per_key")
    files = skeleton("msk_express", answers)
    assert list(files) == ["", "handlers/reader/index.py"]
    assert files[""] == SKELETON
    plan = planned("msk_express", answers, tmp_path)
    assert list(plan.consumers) == ["reader_1", "reader_2"]


SKELETON = """\
# MSK Express brokers, as `streaming-constructs advise` sized it; `plan` shows how that came about.
name: advised
region: eu-west-1

clusters:
  main:
    kind: msk_express

streams:
  records:
    kind: kafka
    cluster: main
    partition_key: id   # yours
    workload: {records_per_second: 1000, record_kb: 2}
    retention_days: 1

consumers:
  reader_1:
    kind: lambda
    from: records
    code: handlers/reader
    on_failure: s3
  reader_2:
    kind: lambda
    from: records
    code: handlers/reader
    on_failure: s3

alarms:
  notify: [oncall@example.com]   # yours
"""


def test_many_readers_are_not_all_written_down(tmp_path: Path) -> None:
    answers = Answers(records_per_second=10, readers=45)
    files = skeleton("kinesis_advantage", answers)
    assert "# 45 applications read it; 10 are written down here, and it is sized for these." in files[""]
    assert len(planned("kinesis_advantage", answers, tmp_path).consumers) == MOST_READERS


@pytest.mark.parametrize("option", ["kinesis_provisioned", "msk"])
def test_a_handler_reads_the_records_of_its_event(option: str) -> None:
    code = skeleton(option, Answers(records_per_second=10))["handlers/reader/index.py"]
    handed: list[bytes] = []
    module: dict[str, Any] = {}
    exec(code, module)
    module["handle"] = handed.append
    records = {
        "kinesis_provisioned": {"Records": [{"kinesis": {"data": "YQ=="}}]},
        "msk": {"records": {"records-0": [{"value": "YQ=="}]}},
    }
    module["handler"](records[option], None)
    assert handed == [b"a"]


def test_what_a_skeleton_is_made_of_differs_between_options() -> None:
    options = ("kinesis_provisioned", "kinesis_on_demand", "msk_serverless", "msk", "firehose")
    texts = {option: skeleton(option, Answers(records_per_second=10))[""] for option in options}
    assert [option for option, text in texts.items() if "mode: on_demand" in text] == ["kinesis_on_demand"]
    assert [option for option, text in texts.items() if "clusters:" in text] == ["msk_serverless", "msk"]
    assert [option for option, text in texts.items() if "from: direct_put" in text] == ["firehose"]
