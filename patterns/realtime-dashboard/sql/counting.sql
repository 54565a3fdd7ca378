-- Views of each page, and under `*` of all, minute by minute. CUMULATE writes a minute again every few seconds while it lasts: each
-- time the same item, with what was counted so far.
INSERT INTO live_counts
SELECT
  COALESCE(page, '*') AS page,
  window_start AS `minute`,   -- backticks: Flink has words of these names
  window_end AS counted_until,
  COUNT(*) AS `views`,
  COUNT(DISTINCT user_id) AS visitors,
  UNIX_TIMESTAMP(DATE_FORMAT(window_start, 'yyyy-MM-dd HH:mm:ss')) + ${days_kept} * 86400 AS expires_at
FROM TABLE(CUMULATE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '${step_seconds}' SECOND, INTERVAL '1' MINUTE))
WHERE action = 'view' AND page LIKE '/%' AND CHAR_LENGTH(page) <= 500   -- so that no page is called `*`, and each fits a key of DynamoDB
GROUP BY window_start, window_end, GROUPING SETS ((page), ());

-- The pages of each minute that were viewed most, as often.
INSERT INTO top_pages
SELECT
  window_start AS `minute`,
  place,
  page,
  `views`,
  UNIX_TIMESTAMP(DATE_FORMAT(window_start, 'yyyy-MM-dd HH:mm:ss')) + ${days_kept} * 86400 AS expires_at
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY `views` DESC, page) AS place
  FROM (
    SELECT page, window_start, window_end, COUNT(*) AS `views`
    FROM TABLE(CUMULATE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '${step_seconds}' SECOND, INTERVAL '1' MINUTE))
    WHERE action = 'view' AND page LIKE '/%' AND CHAR_LENGTH(page) <= 500
    GROUP BY page, window_start, window_end
  )
)
WHERE place <= 10;

-- The minute as a whole, once, when it has ended: what becomes metrics.
INSERT INTO totals
SELECT
  window_start AS `minute`,
  COUNT(*) FILTER (WHERE action = 'view') AS `views`,
  COUNT(DISTINCT user_id) AS visitors,
  COUNT(*) FILTER (WHERE action = 'buy') AS orders
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end;
