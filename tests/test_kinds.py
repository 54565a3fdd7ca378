"""The contract of a kind: what each row of `kinds.py` has to have in every room. What is missing is named with its file."""

from __future__ import annotations

import importlib
import inspect
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_type_hints

import pytest
import yaml

from streaming_constructs.cdk.node import Node
from streaming_constructs.exports import exports
from streaming_constructs.kinds import KINDS, NODE_SECTIONS, Kind, kinds_of
from streaming_constructs.planning import AlarmPlan
from streaming_constructs.planning.costs.charge import Charge
from streaming_constructs.planning.dashboard import Graph
from streaming_constructs.planning.node import Neighbours, NodePlan, Summary
from streaming_constructs.planning.plan_file import plan_document
from streaming_constructs.spec import unions
from streaming_constructs.spec.document import read_document
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.json_schema import json_schema
from streaming_constructs.spec.model import SpecModel
from streaming_constructs.spec.node import NodeSpec
from streaming_constructs.spec.patterns import find_pattern, list_patterns
from streaming_constructs.spec.section import model_of

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "streaming_constructs"
UNIONS = {
    "streams": "StreamSpec",
    "queues": "QueueSpec",
    "clusters": "ClusterSpec",
    "connectors": "ConnectorSpec",
    "replicators": "ReplicatorSpec",
    "consumers": "ConsumerSpec",
    "deliveries": "Delivery",
    "stores": "StoreSpec",
    "sns_topics": "SnsTopic",
    "producers": "ProducerSpec",
    "analytics": "AnalyticsSpec",
    "apis": "ApiSpec",
    "destinations": "Destination",
}
NODES = [row for row in KINDS if row.section != "destinations"]
DESTINATIONS = [row for row in KINDS if row.section == "destinations"]


def called(row: Kind) -> str:
    return f"{row.section}-{row.kind or row.module.rpartition('.')[2]}"


each_kind = pytest.mark.parametrize("row", KINDS, ids=called)
each_node = pytest.mark.parametrize("row", NODES, ids=called)
each_destination = pytest.mark.parametrize("row", DESTINATIONS, ids=called)


def file_of(room: str, row: Kind) -> str:
    return f"streaming_constructs/{room}/{row.module.replace('.', '/')}.py"


def module_of(room: str, row: Kind) -> ModuleType:
    assert (ROOT / file_of(room, row)).is_file(), f"write {file_of(room, row)}"
    return importlib.import_module(f"streaming_constructs.{room}.{row.module}")


def members_of(protocol: type) -> set[str]:
    return {name for name in (*vars(protocol), *protocol.__annotations__) if not name.startswith("_")}


# --- a system around a kind, from what its edges say


def system_with(row: Kind, *names: str, **changed: Any) -> dict[str, Any]:
    """The smallest system that has nodes of a kind, each as its own example says."""
    system: dict[str, Any] = {"name": "shop", "alarms": {"notify": ["oncall@example.com"]}}
    for name in names:
        if row.section == "destinations":
            delivery = {**example(kinds_of("deliveries")[""]), "to": example(row)}
            place(system, kinds_of("deliveries")[""], name, delivery | changed)
        else:
            place(system, row, name, example(row) | changed)
    describe(system, row)
    return system


def describe(system: dict[str, Any], row: Kind) -> None:
    """Gives all nodes a schema, where a kind writes tables of them."""
    if row.kind == "flink_sql":
        record = {"user_id": "string", "page": "string", "window_start": "timestamp", "clicks": "bigint"}
        system["schemas"] = {"record": {**record, "event_time": "timestamp"}}
        for section in ("streams", "stores", "deliveries"):
            for node in system.get(section, {}).values():
                node.setdefault("schema", "record")


def place(system: dict[str, Any], row: Kind, name: str, node: Mapping[str, Any]) -> None:
    """Puts a node into a system, and what it names beside it."""
    system.setdefault(row.section, {})[name] = dict(node)
    for reference in getattr(model_of(row), "references", ()):
        for edge in reference.edges(node):
            section = edge.accepts[0]
            if section == "schemas":
                system.setdefault(section, {})[edge.target] = {"page": "string"}
            elif not any(edge.target in system.get(accepted, {}) for accepted in edge.accepts):
                fit = [kind for kind in kinds_of(section).values() if kind.kind in (reference.kinds or {kind.kind})]
                first = fit[0]
                place(system, first, edge.target, example(first))


def example(row: Kind) -> dict[str, Any]:
    given: Any = model_of(row).example
    assert given is not None, f"{file_of('spec', row)}: give {row.model} an `example`"
    return dict(given)


def written(system: Mapping[str, Any], folder: Path) -> Path:
    """The system as a file, beside the code that it names."""
    handler = folder / "handlers" / "fraud" / "index.py"
    handler.parent.mkdir(parents=True, exist_ok=True)
    handler.write_text("def handler(event, context): ...\n")
    jar = folder / "build" / "app.jar"
    jar.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(jar, "w") as archive:
        archive.writestr("META-INF/MANIFEST.MF", "Main-Class: com.example.App\n")
    file = folder / "pipeline.yaml"
    file.write_text(yaml.safe_dump(dict(system), sort_keys=False))
    return file


def planned(system: Mapping[str, Any], folder: Path) -> Any:
    file = written(system, folder)
    made, findings = plan_document(read_document(file.read_text(), str(file)))
    assert made is not None, "\n".join(map(str, findings))
    assert [str(finding) for finding in findings if finding.level == "error"] == []
    return made


# --- the list itself


def test_every_kind_is_listed_once() -> None:
    for column in ("module", "model"):
        values = [getattr(row, column) for row in KINDS if row.module != "deliveries.firehose"]
        assert [value for value in values if values.count(value) > 1] == []
    assert len({(row.section, row.kind) for row in KINDS}) == len(KINDS)
    assert set(UNIONS) == {*NODE_SECTIONS, "destinations"}, "tests/test_kinds.py: name the union of the new section"


# --- spec


@each_kind
def test_the_model_says_which_kind_it_is(row: Kind) -> None:
    module = module_of("spec", row)
    model = getattr(module, row.model, None)
    assert isinstance(model, type), f"{file_of('spec', row)}: write the class {row.model}"
    assert issubclass(model, NodeSpec if row in NODES else SpecModel)
    assert model.__module__ == module.__name__, f"{row.model} stands in another file than kinds.py says"
    if row.kind:
        assert model.model_fields["kind"].default == row.kind
        assert get_args(model.model_fields["kind"].annotation) == (row.kind,)


@each_kind
def test_the_model_is_in_the_union_of_its_section_and_public(row: Kind) -> None:
    union = getattr(unions, UNIONS[row.section])
    assert model_of(row) in (get_args(union) or (union,)), f"spec/unions.py: add {row.model} to {UNIONS[row.section]}"
    assert row.model in exports(str(PACKAGE / "spec" / "__init__.py")), f"spec/__init__.pyi: add {row.model}"


def test_unions_have_no_other_members() -> None:
    for section, name in UNIONS.items():
        union = getattr(unions, name)
        assert list(get_args(union) or (union,)) == [model_of(row) for row in kinds_of(section).values()], name


@each_kind
def test_the_example_is_a_piece_of_a_system_that_is_fine(row: Kind, tmp_path: Path) -> None:
    planned(system_with(row, "one", "two"), tmp_path)


@each_kind
def test_the_kind_is_documented_and_completed_by_editors(row: Kind) -> None:
    headings = re.findall(r"^#+ (\w+)$", (ROOT / "docs" / "spec.md").read_text(), re.MULTILINE)
    assert row.model in headings, f"run `make docs`: docs/spec.md has no section {row.model}"
    assert row.model in json_schema()["$defs"]


# --- planning


@each_node
def test_the_kind_is_planned_by_a_function_of_its_module(row: Kind) -> None:
    module = module_of("planning", row)
    plan_node = getattr(module, "plan_node", None)
    assert plan_node is not None, f"{file_of('planning', row)}: write plan_node(name, spec, neighbours)"
    hints = get_type_hints(plan_node, vars(importlib.import_module(plan_node.__module__)))
    assert list(inspect.signature(plan_node).parameters) == ["name", "spec", "neighbours"]
    assert (hints["name"], hints["neighbours"]) == (str, Neighbours)
    assert issubclass(model_of(row), hints["spec"])
    has = {*dir(hints["return"]), *getattr(hints["return"], "__dataclass_fields__", ())}
    assert members_of(NodePlan) - has == set(), f"{file_of('planning', row)}: the plan does not answer"


@each_kind
def test_the_plan_answers_whatever_it_is_asked(row: Kind, tmp_path: Path) -> None:
    section = "deliveries" if row.section == "destinations" else row.section
    plan = planned(system_with(row, "node"), tmp_path).sections[section]["node"]
    assert plan.name == "node"
    assert isinstance(plan.spec, NodeSpec)
    assert all(isinstance(line, str) and line for line in plan.working)
    alarms = list(plan.alarms())
    assert all(isinstance(alarm, AlarmPlan) and alarm.node == "node" for alarm in alarms)
    assert len({alarm.key for alarm in alarms}) == len(alarms)
    findings = list(plan.findings())
    assert all(isinstance(finding, Finding) and finding.path[0] in NODE_SECTIONS for finding in findings)
    graphs = plan.graphs()
    assert all(isinstance(graph, Graph) and graph.title and graph.metrics for graph in graphs)
    assert bool(plan.heading()) or not graphs
    costs = list(plan.costs())
    assert all(isinstance(charge, Charge) and charge.what and charge.working for charge in costs)
    assert all(charge.quantity >= 0 for charge in costs)
    summary = plan.summary()
    assert isinstance(summary, Summary)
    assert summary.noun
    assert summary.title
    assert all(isinstance(line, str) and line for line in (*summary.lines, *summary.why))
    assert json.loads(json.dumps(summary.values)) == summary.values


CHARGED_ELSEWHERE = {"streams-kafka", "producers-cloudwatch_logs", "producers-kinesis_agent", "producers-fluent_bit"}
"""Kinds that AWS charges nothing for themselves."""


@each_node
def test_the_kind_says_what_it_costs_in_a_module_of_its_own(row: Kind, tmp_path: Path) -> None:
    plan = planned(system_with(row, "node"), tmp_path).sections[row.section]["node"]
    costs = list(plan.costs())
    if called(row) in CHARGED_ELSEWHERE:
        assert costs == []
        return
    assert costs, f"{file_of('planning', row)}: its `costs` say nothing of what it costs"
    beside = (PACKAGE / "planning" / row.module.replace(".", "/")).parent
    assert list(beside.glob("*_costs.py")), f"write {beside.relative_to(ROOT)}/*_costs.py"


def test_a_spec_is_checked_without_prices_of_what_it_does_not_have_and_without_costs(tmp_path: Path) -> None:
    path = written(system_with(kinds_of("streams")["kinesis"], "clicks"), tmp_path)
    code = f"""
import sys
from streaming_constructs.planning.plan_file import load_plan
plan = load_plan({str(path)!r})
print(*sorted(name for name in sys.modules if "costs" in name))
from streaming_constructs.planning.costs.system_costs import system_costs
system_costs(plan)
print(*sorted(name.rpartition(".")[2] for name in sys.modules if ".prices." in name))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    checked, priced = run.stdout.split("\n")[:2]
    assert checked == ""
    assert priced.split() == ["cloudwatch", "factors", "kinesis", "kms", "price"]


@each_destination
def test_a_destination_has_its_row_of_facts_and_its_plan(row: Kind) -> None:
    facts = getattr(model_of(row), "facts", None)
    assert facts is not None, f"{file_of('spec', row)}: give {row.model} its row of facts, `facts`"
    assert {str(field.validation_alias or name) for name, field in model_of(row).model_fields.items()} >= {
        "buffer_mb",
        "buffer_seconds",
        "retry_seconds",
    }
    if row.plan:
        assert hasattr(module_of("planning", row), row.plan), f"{file_of('planning', row)}: write {row.plan}"


# --- cdk


@each_node
def test_the_kind_is_built_by_a_function_of_its_module(row: Kind) -> None:
    module = module_of("cdk", row)
    build_node = getattr(module, "build_node", None)
    assert build_node is not None, f"{file_of('cdk', row)}: write build_node(scope, plan, context)"
    assert list(inspect.signature(build_node).parameters) == ["scope", "plan", "context"]
    made = str(inspect.signature(build_node).return_annotation)
    assert hasattr(module, made), f"{file_of('cdk', row)}: build_node says which construct it returns"
    # A delivery's construct is that of its destination.
    assert row.section == "deliveries" or made in exports(str(PACKAGE / "cdk" / "__init__.py")), (
        f"cdk/__init__.pyi: add {made}"
    )
    construct = getattr(module, made)
    if isinstance(construct, type):
        has = {*dir(construct), *(name for base in construct.__mro__ for name in vars(base).get("__annotations__", ()))}
        assert members_of(Node) - has == set(), f"{file_of('cdk', row)}: {made} is no `Node`"


@each_destination
def test_the_construct_of_a_destination_is_public(row: Kind) -> None:
    assert row.like or row.construct, f"kinds.py: name the construct of {row.kind}"
    if row.construct:
        assert hasattr(module_of("cdk", row), row.construct), f"{file_of('cdk', row)}: write {row.construct}"
        assert row.construct in exports(str(PACKAGE / "cdk" / "__init__.py")), f"cdk/__init__.pyi: add {row.construct}"


@each_kind
def test_two_of_it_fit_in_a_system_and_two_systems_in_a_stack(row: Kind, tmp_path: Path) -> None:
    import aws_cdk as cdk

    from streaming_constructs import PipelineSpec, StreamingPipeline

    spec = PipelineSpec.load(written(system_with(row, "one", "two"), tmp_path))
    app = cdk.App(outdir=str(tmp_path / "out"))
    stack = cdk.Stack(app, "Test")
    for name in ("First", "Second"):
        StreamingPipeline(stack, name, spec=spec)
    template = app.synth().get_stack_by_name("Test").template
    section = "deliveries" if row.section == "destinations" else row.section
    ids = [logical_id.lower() for logical_id in template["Resources"]]
    for pipeline in ("first", "second"):
        for name in ("one", "two"):
            assert any(logical_id.startswith(f"{pipeline}{name}") for logical_id in ids), (section, name)


def pairs() -> Iterator[Any]:
    """Each kind with each kind that its edges may lead to."""
    for row in NODES:
        for reference in getattr(model_of(row), "references", ()):
            for section in reference.accepts if reference.role in {"from", "to"} else ():
                for other in kinds_of(section).values():
                    if reference.kinds and other.kind not in reference.kinds:
                        continue  # refused, as GRF315
                    yield pytest.param(row, reference, other, id=f"{called(row)}-{reference.role}-{called(other)}")


@pytest.mark.parametrize(("row", "reference", "other"), list(pairs()))
def test_every_edge_permits_something(row: Kind, reference: Any, other: Kind, tmp_path: Path) -> None:
    import aws_cdk as cdk

    from streaming_constructs import PipelineSpec, StreamingPipeline

    target = example(other)
    if other.section == "deliveries":
        target["from"] = "direct_put"  # of a stream it takes no records of others
    system: dict[str, Any] = {"name": "shop"}
    place(system, other, "target", target)
    (field,) = reference.field
    node = example(row)
    if "sql" in node and field == "from":
        node["sql"] = f"WITH {node['from']} AS (SELECT * FROM target) {node['sql']}"
    if other.section == "queues" and field == "from":
        node.pop("on_failure")  # the queue itself says what becomes of what fails
    place(system, row, "node", node | {field: "target"})
    describe(system, row)
    spec = PipelineSpec.load(written(system, tmp_path))
    app = cdk.App(outdir=str(tmp_path / "out"))
    stack = cdk.Stack(app, "Test")
    # An edge of which nothing is known is refused: a row of the pair is missing in facts/permissions.py.
    StreamingPipeline(stack, "Pipeline", spec=spec)
    policies = json.dumps(
        [
            resource
            for resource in app.synth().get_stack_by_name("Test").template["Resources"].values()
            if resource["Type"].startswith("AWS::IAM::")
        ]
    )
    # What is in something else is named by that: a topic by its cluster.
    holders = [edge.target for found in getattr(model_of(other), "references", ()) for edge in found.edges(target)]
    paths = tuple(f"Test/Pipeline/{name}/" for name in ("target", *(holders if other.kind == "kafka" else ())))
    built = [resource for resource in stack.node.find_all() if resource.node.path.startswith(paths)]
    ids = [stack.get_logical_id(found) for found in built if isinstance(found, cdk.CfnElement)]
    assert any(logical_id in policies for logical_id in ids), "no policy names what the edge leads to"


# --- tests


@each_kind
def test_the_kind_has_tests_of_its_own(row: Kind) -> None:
    words = re.compile(rf"\b{row.model}\b|[\"' ]{row.kind or row.model}\b")
    rooms = [path for room in ("spec", "planning", "cdk") for path in (ROOT / "tests" / room).rglob("test_*.py")]
    assert any(words.search(path.read_text()) for path in rooms), f"tests/planning or tests/cdk: test {row.model}"


# --- what a spec does not name is not loaded


def named_modules(data: Mapping[str, Any]) -> set[str]:
    """The modules of the kinds that a file names."""
    found = set()
    for section in NODE_SECTIONS:
        for node in data.get(section, {}).values():
            kinds = kinds_of(section)
            found.add((kinds.get("") or kinds[node["kind"]]).module)
            if section == "deliveries":
                found.add(kinds_of("destinations")[node["to"]["kind"]].module)
    return found


def loaded_by_the_plan_of(path: Path) -> set[str]:
    """The modules that are there once a file is read and planned, in a process of its own."""
    program = (
        "import sys; from streaming_constructs.planning.plan_file import load_plan; "
        f"load_plan({str(path)!r}); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("pattern", list_patterns(), ids=lambda pattern: pattern.name)
def test_a_file_is_checked_by_the_kinds_that_it_names_alone(pattern: Any) -> None:
    loaded = loaded_by_the_plan_of(pattern.spec_path)
    named = named_modules(yaml.safe_load(pattern.spec_path.read_text()))
    modules = {row.module for row in KINDS}
    for room in ("spec", "planning"):
        there = {module for module in modules if f"streaming_constructs.{room}.{module}" in loaded}
        files = {row.module: ROOT / file_of(room, row) for row in KINDS}
        assert there == {module for module in named if files[module].is_file()}, f"of {room}"
    assert {"aws_cdk", "jsii", "boto3", "moto"} & loaded == set()


def test_parts_that_no_node_of_a_file_has_are_not_loaded() -> None:
    loaded = loaded_by_the_plan_of(find_pattern("kafka-tiered-storage").spec_path)
    parts = {"vpc", "permission", "s3_lifecycle", "deliveries.transform", "deliveries.backup_bucket"}
    assert {part for part in parts if f"streaming_constructs.spec.{part}" in loaded} == set()
    facts = {"permissions", "kafka_stricter", "kafka_connect"}
    assert {fact for fact in facts if f"streaming_constructs.facts.{fact}" in loaded} == set()
