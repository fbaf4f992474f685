-- What the wide console asks: messages by the beginning of a key, failures by when they began, counts per minute, lag over
-- a month, and which topics are read for messages that no service reports.

-- Keys by their beginning. A key may be longer than an index row may be, so only its first 100 characters are indexed.
CREATE INDEX ref_key_prefix ON ref (left(value, 100) text_pattern_ops, message_id) WHERE kind = 'key';

-- When a delivery failed first: a failure began with its earliest delivery.
ALTER TABLE delivery ADD COLUMN first_error_at timestamptz;
UPDATE delivery d SET first_error_at = f.at FROM (
  SELECT message_id, group_id, min(at) AS at FROM fact WHERE kind IN ('handle_failed', 'push_failed') GROUP BY message_id, group_id
) f WHERE f.message_id = d.message_id AND f.group_id = d.group_id;
CREATE INDEX delivery_failing ON delivery (group_id, error_type, message_id) WHERE status IN ('PUSH_FAIL', 'HANDLE_FAIL');

-- New facts by minute, additive: published, failed, and handled by how long that took.
CREATE TABLE minute_count (
  cluster_id smallint NOT NULL,
  what text NOT NULL,
  minute timestamptz NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (cluster_id, what, minute)
);

-- A day of lag of one group on one topic in steps of five minutes, encoded as lag_chunk.
CREATE TABLE lag_rollup (
  group_id integer NOT NULL,
  topic_id integer NOT NULL,
  start_at timestamptz NOT NULL,
  data bytea NOT NULL,
  PRIMARY KEY (group_id, topic_id, start_at)
);

ALTER TABLE topic ADD COLUMN indexed boolean NOT NULL DEFAULT true;
-- Headers whose values are ids that people search by.
ALTER TABLE topic ADD COLUMN id_headers text[] NOT NULL DEFAULT '{}';
ALTER TABLE topic ADD COLUMN gone_at timestamptz;

-- Types of messages by topic and sender, for filters and the palette.
CREATE TABLE message_type (
  topic_id integer NOT NULL REFERENCES topic,
  type text NOT NULL,
  service text NOT NULL,
  first_seen_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (topic_id, type, service)
);
INSERT INTO message_type (topic_id, type, service)
  SELECT DISTINCT topic_id, type, coalesce(service, '') FROM message WHERE topic_id IS NOT NULL AND type IS NOT NULL;
