-- What the judge concluded of groups and partitions, and what it keeps from sample to sample.
ALTER TABLE group_now ADD COLUMN judged json, ADD COLUMN judge_state json;
ALTER TABLE lag_now ADD COLUMN judged json;

-- Unread records that left the log, until somebody acknowledges them.
CREATE TABLE group_loss (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  group_id integer NOT NULL,
  topic_id integer NOT NULL,
  partition integer NOT NULL,
  from_offset bigint NOT NULL,
  to_offset bigint NOT NULL,
  seen_at timestamptz NOT NULL,
  is_certain boolean NOT NULL,
  acknowledged_at timestamptz,
  acknowledged_by text
);
CREATE INDEX group_loss_open ON group_loss (group_id) WHERE acknowledged_at IS NULL;
