"""A clickstream for the tests of Flink: its SQL as it is deployed, events, and what comes of them, worked out by hand."""

from __future__ import annotations

from typing import Any

VARIABLES = {
    "clicks": "arn:aws:kinesis:us-east-1:111122223333:stream/clicks",
    "results": "arn:aws:kinesis:us-east-1:111122223333:stream/results",
    "region": "us-east-1",
    "brokers": "b-1.example:9098",
}


def source(position: str = "LATEST", delay: int = 5, more: str = "") -> str:
    """The table of clicks, with a watermark of some seconds."""
    return f"""CREATE TABLE clicks (
      `user_id` STRING, `page` STRING, `action` STRING, `price` DECIMAL(10, 2), `event_time` TIMESTAMP_LTZ(3),
      WATERMARK FOR `event_time` AS `event_time` - INTERVAL '{delay}' SECOND
    ) WITH (
      'connector' = 'kinesis', 'stream.arn' = '${{clicks}}', 'aws.region' = '${{region}}',
      'source.init.position' = '{position}', 'format' = 'json', 'json.timestamp-format.standard' = 'ISO-8601'{more}
    )"""


def sink(name: str, columns: str, partitioned_by: str = "") -> str:
    """A table that is written to the stream of results."""
    partitioned = f"PARTITIONED BY ({partitioned_by}) " if partitioned_by else ""
    return (
        f"CREATE TABLE {name} ({columns}) {partitioned}WITH ('connector' = 'kinesis', 'stream.arn' = '${{results}}', "
        "'aws.region' = '${region}', 'format' = 'json')"
    )


def window(kind: str, *minutes: int, table: str = "viewed") -> str:
    """A window over the time of events, of some minutes."""
    sizes = ", ".join(f"INTERVAL '{each}' MINUTE" for each in minutes)
    return f"TABLE({kind}(TABLE {table}, DESCRIPTOR(event_time), {sizes}))"


VIEWED = "CREATE VIEW viewed AS SELECT * FROM clicks WHERE action = 'view'"
TUMBLING = (
    sink("views_per_minute", "page STRING, window_end TIMESTAMP(3), `views` BIGINT, users BIGINT", "page"),
    (
        "INSERT INTO views_per_minute SELECT page, window_end, COUNT(*), COUNT(DISTINCT user_id) "
        f"FROM {window('TUMBLE', 1)} GROUP BY page, window_start, window_end"
    ),
)
HOPPING = (
    sink("views_of_two_minutes", "window_end TIMESTAMP(3), `views` BIGINT"),
    (
        "INSERT INTO views_of_two_minutes SELECT window_end, COUNT(*) "
        f"FROM {window('HOP', 1, 2)} GROUP BY window_start, window_end"
    ),
)
SESSIONS = (
    sink("sessions", "user_id STRING, window_start TIMESTAMP(3), window_end TIMESTAMP(3), clicks BIGINT"),
    (
        "INSERT INTO sessions SELECT user_id, window_start, window_end, COUNT(*) "
        f"FROM {window('SESSION', 2, table='clicks PARTITION BY user_id')} GROUP BY user_id, window_start, window_end"
    ),
)
CUMULATED = (
    sink("views_so_far", "window_end TIMESTAMP(3), `views` BIGINT"),
    (
        "INSERT INTO views_so_far SELECT window_end, COUNT(*) "
        f"FROM {window('CUMULATE', 1, 3)} GROUP BY window_start, window_end"
    ),
)
ALERTS = (
    sink("alerts", "user_id STRING, window_end TIMESTAMP(3), clicks BIGINT"),
    (
        "INSERT INTO alerts SELECT user_id, window_end, COUNT(*) "
        f"FROM {window('TUMBLE', 1, table='clicks')} GROUP BY user_id, window_start, window_end HAVING COUNT(*) >= 10"
    ),
)
BOUGHT = (
    sink("bought", "user_id STRING, carted_at TIMESTAMP_LTZ(3), bought_at TIMESTAMP_LTZ(3), price DECIMAL(10, 2)"),
    (
        "INSERT INTO bought SELECT user_id, carted_at, bought_at, price FROM clicks MATCH_RECOGNIZE ("
        "PARTITION BY user_id ORDER BY event_time "
        "MEASURES A.event_time AS carted_at, C.event_time AS bought_at, C.price AS price "
        "ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN (A B*? C) WITHIN INTERVAL '10' MINUTE "
        "DEFINE A AS A.action = 'cart', C AS C.action = 'buy')"
    ),
)
TOTALS = (
    (
        "CREATE TABLE totals (page STRING, `views` BIGINT, PRIMARY KEY (page) NOT ENFORCED) WITH ("
        "'connector' = 'upsert-kafka', 'topic' = 'totals', 'properties.bootstrap.servers' = '${brokers}', "
        "'properties.sasl.jaas.config' = 'software.amazon.msk.auth.iam.IAMLoginModule required;', "
        "'key.format' = 'json', 'value.format' = 'json')"
    ),
    "INSERT INTO totals SELECT page, COUNT(*) FROM viewed GROUP BY page",
)
STATEMENTS = (source(), VIEWED, *TUMBLING, *HOPPING, *SESSIONS, *CUMULATED, *ALERTS, *BOUGHT, *TOTALS)


def click(
    user: str, second: int, page: str = "/home", action: str = "view", price: str | None = None
) -> dict[str, Any]:
    """A click, some seconds after midnight."""
    minutes, seconds = divmod(second, 60)
    at = f"2024-01-01T{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}.000Z"
    return {"user_id": user, "page": page, "action": action, "price": price, "event_time": at}


EVENTS = [
    click("ann", 2),
    click("bob", 10, "/a"),
    click("ann", 30, "/a"),
    click("ann", 59),
    *(click("eve", 62 + 4 * each, "/b", "click") for each in range(12)),  # twelve in the second minute: an alert
    *(click("joe", 122 + 6 * each, "/b", "click") for each in range(9)),  # nine in the third: none
    click("bob", 185, "/a", "cart", "9.99"),
    click("bob", 260, "/a", "buy", "9.99"),
    click("ann", 300),
    click("ann", 3, "/late"),  # five minutes late
    click("ann", 296, "/in-time"),  # four seconds late, and the watermark waits for five
    click("ann", 600, "/end", "cart", "1.00"),
    click("ann", 1300, "/end", "buy", "1.00"),  # later than ten minutes: bought, but no match
]

MIDNIGHT = "2024-01-01 00"
ROWS: dict[str, list[Any]] = {
    "views_per_minute": [
        {"page": "/a", "users": 2, "views": 2, "window_end": f"{MIDNIGHT}:01:00"},
        {"page": "/home", "users": 1, "views": 1, "window_end": f"{MIDNIGHT}:06:00"},
        {"page": "/home", "users": 1, "views": 2, "window_end": f"{MIDNIGHT}:01:00"},
        {"page": "/in-time", "users": 1, "views": 1, "window_end": f"{MIDNIGHT}:05:00"},
    ],
    "views_of_two_minutes": [
        {"views": 1, "window_end": f"{MIDNIGHT}:05:00"},
        {"views": 1, "window_end": f"{MIDNIGHT}:07:00"},
        {"views": 2, "window_end": f"{MIDNIGHT}:06:00"},
        {"views": 4, "window_end": f"{MIDNIGHT}:01:00"},
        {"views": 4, "window_end": f"{MIDNIGHT}:02:00"},
    ],
    "sessions": [
        {"clicks": 1, "user_id": "ann", "window_start": f"{MIDNIGHT}:10:00", "window_end": f"{MIDNIGHT}:12:00"},
        {"clicks": 1, "user_id": "ann", "window_start": f"{MIDNIGHT}:21:40", "window_end": f"{MIDNIGHT}:23:40"},
        {"clicks": 1, "user_id": "bob", "window_start": f"{MIDNIGHT}:00:10", "window_end": f"{MIDNIGHT}:02:10"},
        {"clicks": 12, "user_id": "eve", "window_start": f"{MIDNIGHT}:01:02", "window_end": f"{MIDNIGHT}:03:46"},
        {"clicks": 2, "user_id": "ann", "window_start": f"{MIDNIGHT}:04:56", "window_end": f"{MIDNIGHT}:07:00"},
        {"clicks": 2, "user_id": "bob", "window_start": f"{MIDNIGHT}:03:05", "window_end": f"{MIDNIGHT}:06:20"},
        {"clicks": 3, "user_id": "ann", "window_start": f"{MIDNIGHT}:00:02", "window_end": f"{MIDNIGHT}:02:59"},
        {"clicks": 9, "user_id": "joe", "window_start": f"{MIDNIGHT}:02:02", "window_end": f"{MIDNIGHT}:04:50"},
    ],
    "views_so_far": [
        {"views": 1, "window_end": f"{MIDNIGHT}:05:00"},
        {"views": 2, "window_end": f"{MIDNIGHT}:06:00"},
        {"views": 4, "window_end": f"{MIDNIGHT}:01:00"},
        {"views": 4, "window_end": f"{MIDNIGHT}:02:00"},
        {"views": 4, "window_end": f"{MIDNIGHT}:03:00"},
    ],
    "alerts": [{"clicks": 12, "user_id": "eve", "window_end": f"{MIDNIGHT}:02:00"}],
    "bought": [
        {"bought_at": f"{MIDNIGHT}:04:20Z", "carted_at": f"{MIDNIGHT}:03:05Z", "price": 9.99, "user_id": "bob"},
    ],
    "totals": [
        ("+", {"page": "/home", "views": 1}),
        ("+", {"page": "/a", "views": 1}),
        ("-", {"page": "/a", "views": 1}),
        ("+", {"page": "/a", "views": 2}),
        ("-", {"page": "/home", "views": 1}),
        ("+", {"page": "/home", "views": 2}),
        ("-", {"page": "/home", "views": 2}),
        ("+", {"page": "/home", "views": 3}),
        ("+", {"page": "/late", "views": 1}),
        ("+", {"page": "/in-time", "views": 1}),
    ],
}
"""The late view is in no window of a minute, but in the total, which has no window: that takes what comes late."""
