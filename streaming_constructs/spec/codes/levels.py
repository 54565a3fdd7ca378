"""How bad each finding is: the one place that says which codes are warnings or notes; all others are errors.

A finding says its level itself only where its code has two of them, by situation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streaming_constructs.spec.finding import Level

WARNINGS = frozenset(
    {
        "AGT913",
        "AGT914",
        "AGT915",
        "AGT916",
        "ALM603",
        "ALM605",
        "ALM606",
        "ALM607",
        "ALM608",
        "API883",
        "API886",
        "API887",
        "DDB844",
        "DDB848",
        "DDB849",
        "DDB850",
        "DDB851",
        "EVO974",
        "EVO975",
        "EVO976",
        "EVO979",
        "EVO980",
        "EVO981",
        "FIR708",
        "FIR714",
        "FIR718",
        "FIR727",
        "FIR730",
        "FIR731",
        "FIR736",
        "FIR741",
        "FIR742",
        "FIR754",
        "FIR755",
        "FIR756",
        "FLK227",
        "FLK231",
        "FLK235",
        "FLK239",
        "FLK245",
        "FLK320",
        "FLK321",
        "FLK322",
        "FLK324",
        "FLK325",
        "FLK327",
        "FLK328",
        "FLK329",
        "FLK330",
        "FLK331",
        "FLK333",
        "FLK334",
        "GRF310",
        "GRF312",
        "GRF314",
        "KIN407",
        "KIN408",
        "KIN409",
        "KIN411",
        "KIN412",
        "KIN413",
        "LAM507",
        "LAM510",
        "LAM511",
        "LAM514",
        "LAM515",
        "LAM516",
        "LAM521",
        "LAM522",
        "LAM523",
        "LAM526",
        "LAM528",
        "LAM530",
        "LAM541",
        "LAM557",
        "LAM558",
        "LAM559",
        "LAM562",
        "LAM563",
        "LNG604",
        "LOC996",
        "LOC997",
        "LOC998",
        "LOG905",
        "LOG908",
        "LOG909",
        "LOG910",
        "MSK422",
        "MSK431",
        "MSK437",
        "MSK438",
        "MSK466",
        "MSK471",
        "MSK472",
        "MSK474",
        "MSK475",
        "MSK476",
        "MSK479",
        "MSK490",
        "MSK491",
        "MSK493",
        "MSK494",
        "MSK497",
        "OSD806",
        "OSD808",
        "OSD810",
        "OSD811",
        "OSD812",
        "SCH214",
    }
)
"""Very likely wrong."""

NOTES = frozenset(
    {
        "API885",
        "API888",
        "API889",
        "DDB852",
        "EVO977",
        "FIR712",
        "FIR719",
        "FIR737",
        "FIR743",
        "FLK247",
        "FLK248",
        "FLK260",
        "FLK261",
        "FLK268",
        "FLK332",
        "GRF313",
        "LAM509",
        "LAM512",
        "LAM513",
        "LAM542",
        "LAM560",
        "LAM566",
        "LOC962",
        "LOC999",
        "MSK430",
        "MSK458",
        "MSK459",
        "MSK468",
        "MSK473",
        "MSK477",
        "MSK495",
    }
)
"""Worth knowing."""


def level_of(code: str) -> Level:
    """How bad what a code says is.

    Args:
        code: The code, such as `LAM507`.
    """
    if code in WARNINGS:
        return "warning"
    return "note" if code in NOTES else "error"
