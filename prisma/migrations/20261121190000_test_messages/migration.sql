-- Messages that a person publishes from the console to try something. The web writes the row, a worker sends it once: an
-- unclear answer stays unclear, since nobody needs a second copy of a test.
CREATE TABLE test_message (
  id uuid NOT NULL PRIMARY KEY,
  cluster_id smallint NOT NULL REFERENCES cluster,
  topic_id integer NOT NULL REFERENCES topic,
  partition integer,
  key text,
  -- JSON text of [name, value] pairs.
  headers text NOT NULL,
  payload text,
  type text,
  operator_id integer REFERENCES operator,
  operator_name text NOT NULL,
  state text NOT NULL DEFAULT 'PENDING',
  detail text,
  created_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz
);
CREATE INDEX test_message_open ON test_message (cluster_id, created_at) WHERE state IN ('PENDING', 'SENDING');
