-- Positions of consumer groups that operators move. A worker moves them.
CREATE TABLE position_move (
  id uuid PRIMARY KEY,
  cluster_id smallint NOT NULL,
  group_id integer NOT NULL,
  operator_id integer,
  operator_name text NOT NULL,
  reason text,
  -- What was asked for, such as a time.
  target jsonb NOT NULL,
  -- The move that this one takes back.
  undoes uuid,
  -- open, moved, partly, refused or unclear
  state text NOT NULL DEFAULT 'open',
  -- Why it was refused, or what is unclear.
  problem text,
  detail text,
  created_at timestamptz NOT NULL DEFAULT now(),
  tried_at timestamptz,
  ended_at timestamptz
);
-- One at a time: what is asked of the broker must not be decided by which comes first.
CREATE UNIQUE INDEX position_move_open ON position_move (group_id) WHERE state = 'open';
CREATE INDEX position_move_group ON position_move (group_id, created_at);

CREATE TABLE position_move_partition (
  move_id uuid NOT NULL REFERENCES position_move ON DELETE CASCADE,
  topic_id integer NOT NULL,
  partition integer NOT NULL,
  -- null: the broker had no position.
  from_offset bigint,
  to_offset bigint NOT NULL,
  skipped bigint NOT NULL,
  repeated bigint NOT NULL,
  PRIMARY KEY (move_id, topic_id, partition)
);
