-- When a group may have no members without a reason to act.
CREATE TABLE group_expectation (
  group_id integer PRIMARY KEY,
  expectation jsonb NOT NULL,
  note text,
  set_by text NOT NULL,
  set_at timestamptz NOT NULL DEFAULT now()
);
