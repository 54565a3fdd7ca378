"""The line that a rehearsal ends with."""

from __future__ import annotations

from dataclasses import replace

import pytest

from streaming_constructs.local.consumer_report import ConsumerReport
from streaming_constructs.local.delivery_report import DeliveryReport
from streaming_constructs.local.lambda_function.function_failure import FunctionFailure
from streaming_constructs.local.rehearsal_report import Report


def consumer(**counts: int) -> ConsumerReport:
    return ConsumerReport("fraud", "clicks", **counts)  # type: ignore[arg-type]


def delivery(form: str, **counts: object) -> DeliveryReport:
    return DeliveryReport("lake", "clicks", form, **counts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("report", "headline"),
    [
        (Report(), "0 records in, 0 handled, no poison"),
        (
            Report(300, consumers=(consumer(handled=297, isolated=3),)),
            "300 records in, 297 handled, 3 poison records isolated",
        ),
        (
            Report(1, deliveries=(delivery("orc", delivered=1, rows=1),)),
            "1 record in, 1 archived as ORC, no poison",
        ),
        (
            Report(
                2000,
                consumers=(consumer(handled=1999, isolated=1),),
                deliveries=(
                    delivery("json", delivered=2000, rows=2000),
                    delivery("parquet", delivered=1998, rows=1998, failed={"a": 1, "b": 1}),
                ),
            ),
            "2,000 records in, 1,998 archived as Parquet, 2 poison records isolated",
        ),
        (
            Report(5, deliveries=(delivery("opensearch", delivered=5, not_run="not here"),)),
            "5 records in, 0 handled, no poison",
        ),
        (
            Report(9, 1, consumers=(consumer(handled=4, isolated=1, expired=1, undelivered=1, waiting=2),)),
            "9 records in, 4 handled, 1 poison record isolated, 1 REFUSED, 2 LOST, 2 still on their way",
        ),
        (
            Report(9, deliveries=(delivery("json", delivered=4, rows=4, expired=3, waiting=2),)),
            "9 records in, 4 archived as JSON, no poison, 3 LOST, 2 still on their way",
        ),
        (
            Report(30, deliveries=(delivery("parquet", delivered=30, rows=31),)),
            "30 records in, 30 archived as Parquet in 31 rows, no poison",
        ),
        (  # two readers of one stream read the same records
            Report(9, consumers=(consumer(handled=9), replace(consumer(handled=8, isolated=1), name="watch"))),
            "9 records in, 9 handled, 1 poison record isolated",
        ),
        (  # what a consumer wrote elsewhere came in nowhere
            Report(9, into=("clicks",), consumers=(consumer(handled=9), ConsumerReport("sum", "totals", handled=40))),
            "9 records in, 9 handled, no poison",
        ),
        (
            Report(
                3,
                consumers=(
                    replace(
                        consumer(isolated=3),
                        failures=(FunctionFailure("Runtime.ImportModuleError", "load", "Error: no module jsn"),),
                    ),
                ),
            ),
            "3 records in, 0 handled, the handler never ran: no module jsn",
        ),
    ],
)
def test_it_says_all_of_it_in_one_line(report: Report, headline: str) -> None:
    assert report.headline == headline
    assert report.as_dict()["headline"] == headline
