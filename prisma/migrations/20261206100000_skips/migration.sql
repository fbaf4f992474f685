-- Records that an operator has a group of the SDK give up. The command travels in the answers to heartbeats.
CREATE TABLE skip_command (
  id uuid PRIMARY KEY,
  cluster_id smallint NOT NULL,
  group_id integer NOT NULL,
  topic_id integer NOT NULL,
  partition integer NOT NULL,
  "offset" bigint NOT NULL,
  operator_name text NOT NULL,
  reason text,
  created_at timestamptz NOT NULL DEFAULT now(),
  done_at timestamptz,
  -- The instance that carried it out.
  done_by text
);
CREATE INDEX skip_command_group ON skip_command (group_id, created_at);
