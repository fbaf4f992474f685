-- Facts that name their message by what is not known of any yet. They are looked for again until they are found, or for an
-- hour, after which they stand alone.
CREATE TABLE fact_waiting (
  cluster_id smallint NOT NULL REFERENCES cluster,
  fact_id uuid NOT NULL,
  source text NOT NULL,
  body text NOT NULL,
  received_at timestamptz NOT NULL,
  look_at timestamptz NOT NULL,
  PRIMARY KEY (cluster_id, fact_id)
);
CREATE INDEX fact_waiting_look ON fact_waiting (cluster_id, look_at);
