"""Times in the patterns of Joda-Time, as the Hive SerDe is told them."""

from __future__ import annotations

from datetime import datetime

import pytest

from streaming_constructs.local.firehose.joda_time import reader


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("dd/MM/yyyy HH:mm:ss", "03/06/2026 23:59:58", "2026-06-03T23:59:58"),
        ("d/M/yyyy", "3/6/2026", "2026-06-03T00:00:00"),
        ("yyyyMMddHHmmss", "20260603235958", "2026-06-03T23:59:58"),
        ("yyyy-MM-dd'T'HH:mm:ss.SSSZZ", "2026-06-03T23:59:58.250Z", "2026-06-03T23:59:58.250"),
        ("yyyy-MM-dd'T'HH:mm:ssZZ", "2026-06-03T23:59:58+02:00", "2026-06-03T21:59:58"),
        ("yyyy-MM-dd HH:mm:ss Z", "2026-06-03 23:59:58 -0130", "2026-06-04T01:29:58"),
        ("EEE, dd MMM yyyy HH:mm", "Wed, 03 Jun 2026 10:11", "2026-06-03T10:11:00"),
        ("MMMM d yyyy", "june 3 2026", "2026-06-03T00:00:00"),
        ("dd-MMM-yyyy hh:mm a", "03-JUN-2026 12:05 am", "2026-06-03T00:05:00"),
        ("yyyy-MM-dd hh a", "2026-06-03 12 PM", "2026-06-03T12:00:00"),
        ("yyyy-MM-dd K a", "2026-06-03 11 PM", "2026-06-03T23:00:00"),
        ("yyyy-MM-dd kk", "2026-06-03 24", "2026-06-03T00:00:00"),
        ("yyyy-DDD", "2024-366", "2024-12-31T00:00:00"),
        ("yy", "45", "2045-01-01T00:00:00"),
        ("yy", "46", "1946-01-01T00:00:00"),
        ("HH:mm", "10:11", "1970-01-01T10:11:00"),
        ("MM-dd", "02-29", "2000-02-29T00:00:00"),
        ("MM-dd HH:mm", "12-31 23:59", "2000-12-31T23:59:00"),
        ("dd", "31", "2000-01-31T00:00:00"),
        ("MMM", "Feb", "2000-02-01T00:00:00"),
        ("DDD", "366", "2000-12-31T00:00:00"),
        ("EEEE MMM d yyyy", "Friday Jan 2 2020", "2020-01-03T00:00:00"),
        ("EEEE yyyy-MM-dd", "Sunday 2020-01-31", "2020-02-02T00:00:00"),
        ("EEE yyyy-MM-dd", "Mon 2020-12-31", "2020-12-28T00:00:00"),
        ("yyyy-MM-dd HH:mm:ss.SSSSSS", "2020-01-02 03:04:05.123999", "2020-01-02T03:04:05.123"),
        ("ss.S", "01.5", "1970-01-01T00:00:01.500"),
        ("yyyy 'o''clock'", "2026 o'clock", "2026-01-01T00:00:00"),
    ],
)
def test_time_is_read_by_its_pattern(pattern: str, text: str, expected: str) -> None:
    assert reader(pattern)(text) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("dd/MM/yyyy", "2026-06-03"),
        ("dd/MM/yyyy", "31/02/2026"),
        ("dd/MM/yyyy", "03/06/2026 "),
        ("yyyyMMdd", "202606"),
        ("HH:mm", "24:00"),
        ("hh:mm", "13:00"),
        ("kk", "0"),
        ("yyyy-DDD", "2025-366"),
        ("yyyy-MM-dd", "2025-02-29"),
        ("MM-dd", "02-30"),
        ("MM", "13"),
        ("ss.SSS", "01.1234"),
        ("yyyy", "\u0662\u0660\u0662\u0666"),
        ("HH Z", "10 +24:00"),
    ],
)
def test_text_that_does_not_fit_is_refused(pattern: str, text: str) -> None:
    with pytest.raises(
        ValueError, match=r"not written as|there is no hour|has no day|day is out of range|strictly between|bad month"
    ):
        reader(pattern)(text)


def test_letter_that_is_not_known_is_named() -> None:
    with pytest.raises(ValueError, match="`x` in the time pattern `xxxx-ww` is not known"):
        reader("xxxx-ww")
