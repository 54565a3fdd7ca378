CREATE TABLE clicks (
  event_id STRING,
  user_id STRING,
  page STRING,
  action STRING,
  event_time TIMESTAMP_LTZ(3),
  WATERMARK FOR event_time AS event_time - INTERVAL '10' SECOND
) WITH (
  'connector' = 'filesystem',
  'path' = '{clicks}',
  'format' = 'json',
  'json.timestamp-format.standard' = 'ISO-8601',
  'json.ignore-parse-errors' = 'true'
);

CREATE TABLE page_views (
  page STRING,
  window_start TIMESTAMP_LTZ(3),
  window_end TIMESTAMP_LTZ(3),
  `views` BIGINT,
  users BIGINT,
  expires_at BIGINT
) WITH ('connector' = 'filesystem', 'path' = '{out}/page_views', 'format' = 'json');

CREATE TABLE alerts (
  user_id STRING,
  window_start TIMESTAMP_LTZ(3),
  window_end TIMESTAMP_LTZ(3),
  clicks BIGINT
) WITH ('connector' = 'filesystem', 'path' = '{out}/alerts', 'format' = 'json', 'json.timestamp-format.standard' = 'ISO-8601');

CREATE TABLE sessions (
  user_id STRING,
  session_start TIMESTAMP_LTZ(3),
  session_end TIMESTAMP_LTZ(3),
  clicks BIGINT
) WITH ('connector' = 'filesystem', 'path' = '{out}/sessions', 'format' = 'json', 'json.timestamp-format.standard' = 'ISO-8601');

INSERT INTO page_views
SELECT
  page,
  window_start,
  window_end,
  COUNT(*),
  COUNT(DISTINCT user_id),
  UNIX_TIMESTAMP(DATE_FORMAT(window_end, 'yyyy-MM-dd HH:mm:ss')) + 30 * 86400
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
WHERE action = 'view' AND page IS NOT NULL
GROUP BY page, window_start, window_end;

INSERT INTO alerts
SELECT user_id, window_start, window_end, COUNT(*)
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
WHERE user_id IS NOT NULL
GROUP BY user_id, window_start, window_end
HAVING COUNT(*) >= 10;

INSERT INTO sessions
SELECT user_id, window_start, window_end, COUNT(*)
FROM TABLE(SESSION(TABLE clicks PARTITION BY user_id, DESCRIPTOR(event_time), INTERVAL '30' MINUTES))
WHERE user_id IS NOT NULL
GROUP BY user_id, window_start, window_end;
