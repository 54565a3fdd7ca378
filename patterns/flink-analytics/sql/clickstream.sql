-- Views and visitors of each page, minute by minute. A window is written once, when it ends.
INSERT INTO page_views
SELECT
  page,
  window_start,
  window_end,
  COUNT(*) AS `views`,   -- backticks: Flink has a word of that name
  COUNT(DISTINCT user_id) AS users,
  UNIX_TIMESTAMP(DATE_FORMAT(window_end, 'yyyy-MM-dd HH:mm:ss')) + ${days_kept} * 86400 AS expires_at
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
WHERE action = 'view' AND page IS NOT NULL   -- a key of DynamoDB has to have a value
GROUP BY page, window_start, window_end;

-- Nobody reads ten pages in a minute: crawlers do, and clients that are broken.
INSERT INTO alerts
SELECT user_id, window_start, window_end, COUNT(*) AS clicks
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
WHERE user_id IS NOT NULL                    -- all that have none are not one visitor
GROUP BY user_id, window_start, window_end
HAVING COUNT(*) >= ${clicks_a_minute};

-- A visit ends when its visitor has done nothing for half an hour: session_end is the last click and that half hour.
INSERT INTO sessions
SELECT user_id, window_start AS session_start, window_end AS session_end, COUNT(*) AS clicks
FROM TABLE(SESSION(TABLE clicks PARTITION BY user_id, DESCRIPTOR(event_time), INTERVAL '30' MINUTES))
WHERE user_id IS NOT NULL
GROUP BY user_id, window_start, window_end;
