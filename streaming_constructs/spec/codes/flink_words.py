"""Words and values in SQL of Flink, and in its configuration; part of the topic `FLK`."""

from __future__ import annotations

from streaming_constructs.spec.codes.code import Code
from streaming_constructs.spec.codes.flink_sql import PER_PAGE, application

_REGION = PER_PAGE.replace("GROUP BY", "WHERE page <> '${{{name}}}' GROUP BY")

WORD_CODES = (
    Code(
        "FLK269",
        "a variable has the name of one that the system says",
        "`${AWS_REGION}`, and the names of what `from` and `to` name, such as `${CLICKS_STREAM_ARN}`, are there without being "
        "said: the tables of the library have them. A variable of that name would put its value there, and the application "
        "would read or write something else, or nothing.",
        application("variables: {CLICKS_STREAM_ARN: home}", sql=_REGION.format(name="CLICKS_STREAM_ARN")),
        application("variables: {page: home}", sql=_REGION.format(name="page")),
    ),
    Code(
        "FLK298",
        "a reserved word of Flink SQL stands as a name",
        "Words such as `value`, `result`, `out`, `views` and `time` are Flink's own. As the name of a table, a column or a "
        "window they stand between backticks; without them the parser refuses the statement, and the application does not "
        "start. Each runtime has words of its own. Only what tokens tell is looked at: `--sql parse` asks the parser itself.",
        application(
            sql=PER_PAGE.replace("AS clicks", "AS views"), count="page: string, views: bigint, window_start: timestamp"
        ),
        application(
            sql=PER_PAGE.replace("AS clicks", "AS `views`"),
            count="page: string, views: bigint, window_start: timestamp",
        ),
        source="https://nightlies.apache.org/flink/flink-docs-stable/docs/sql/reference/reserved-keywords/",
    ),
)
