-- The tracking store. P tables are range-partitioned on the message id (a UUIDv7) with the same daily bounds, so that an
-- id names its partition. Ids without a live partition go to the DEFAULT partition.

CREATE TABLE cluster (
  id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  kind text NOT NULL,
  address text NOT NULL,
  -- The cluster's own id: a change of it means another cluster answers at the address, and is refused.
  broker_cluster_id text,
  environment text NOT NULL DEFAULT 'development',
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE topic (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  cluster_id smallint NOT NULL REFERENCES cluster,
  name text NOT NULL,
  incarnation text,
  partitions integer,
  body_policy text NOT NULL DEFAULT 'failures',
  first_seen_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (cluster_id, name)
);

CREATE TABLE consumer_group (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  cluster_id smallint NOT NULL REFERENCES cluster,
  name text NOT NULL,
  parent_group integer REFERENCES consumer_group,
  -- Whether the group tells its outcomes; one that does not is spoken of from positions alone.
  reports boolean NOT NULL DEFAULT false,
  first_seen_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (cluster_id, name)
);

CREATE TABLE subscription (
  group_id integer NOT NULL REFERENCES consumer_group,
  topic_id integer NOT NULL REFERENCES topic,
  types text[],
  retry_topic text,
  retry_ready boolean NOT NULL DEFAULT false,
  retry_problem text,
  deadline_seconds integer NOT NULL DEFAULT 300,
  began_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (group_id, topic_id)
);
CREATE INDEX subscription_topic ON subscription (topic_id);

CREATE TABLE instance (
  id text NOT NULL,
  cluster_id smallint NOT NULL REFERENCES cluster,
  service text NOT NULL,
  release text NOT NULL,
  host text NOT NULL,
  process text NOT NULL,
  dropped bigint NOT NULL DEFAULT 0,
  groups text[] NOT NULL DEFAULT '{}',
  started_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (cluster_id, id)
);

CREATE TABLE message (
  id uuid NOT NULL PRIMARY KEY,
  cluster_id smallint NOT NULL,
  topic_id integer,
  type text,
  version text,
  service text,
  kind text,
  key text,
  trace_id text,
  size integer,
  sent_at timestamptz,
  committed_at timestamptz,
  send_failed_at timestamptz,
  send_failures integer NOT NULL DEFAULT 0,
  send_error_at timestamptz,
  send_error_fact uuid,
  send_error_type text,
  send_error_message text,
  copies integer NOT NULL DEFAULT 0,
  status text NOT NULL DEFAULT 'COMMITTED',
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  -- How often facts were joined into the row after the first time: 0 tells a writer that the message is new.
  joins integer NOT NULL DEFAULT 0
) PARTITION BY RANGE (id);
CREATE INDEX message_topic ON message (topic_id, id);
CREATE INDEX message_failing ON message (topic_id, status, id)
  WHERE status IN ('PUSH_FAIL', 'HANDLE_FAIL', 'SEND_FAIL');
CREATE TABLE message_default PARTITION OF message DEFAULT;

CREATE TABLE delivery (
  message_id uuid NOT NULL,
  group_id integer NOT NULL,
  -- generation * 4 + rank of the best outcome fact; 0 while there is none.
  outcome bigint NOT NULL DEFAULT 0,
  status text NOT NULL GENERATED ALWAYS AS (
    CASE outcome % 4 WHEN 0 THEN 'COMMITTED' WHEN 1 THEN 'PUSH_FAIL' WHEN 2 THEN 'HANDLE_FAIL' ELSE 'HANDLED' END
  ) STORED,
  attempts integer NOT NULL DEFAULT 0,
  handled_count integer NOT NULL DEFAULT 0,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  outcome_at timestamptz,
  outcome_fact uuid,
  attempt integer,
  duration_ms integer,
  host text,
  release text,
  next_try_at timestamptz,
  gave_up boolean NOT NULL DEFAULT false,
  gave_up_to text,
  error_at timestamptz,
  error_fact uuid,
  error_type text,
  error_message text,
  overdue_at timestamptz,
  PRIMARY KEY (message_id, group_id)
) PARTITION BY RANGE (message_id);
CREATE INDEX delivery_open ON delivery (group_id, status, message_id) WHERE status <> 'HANDLED';
CREATE TABLE delivery_default PARTITION OF delivery DEFAULT;

CREATE TABLE fact (
  message_id uuid NOT NULL,
  fact_id uuid NOT NULL,
  cluster_id smallint NOT NULL,
  kind text NOT NULL,
  source text NOT NULL,
  group_id integer,
  at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  generation integer NOT NULL DEFAULT 0,
  topic_id integer,
  partition integer,
  "offset" bigint,
  -- The fact as it was reported, so that nothing a source said is lost to a later version of this schema.
  body text NOT NULL,
  PRIMARY KEY (message_id, fact_id)
) PARTITION BY RANGE (message_id);
CREATE TABLE fact_default PARTITION OF fact DEFAULT;

CREATE TABLE ref (
  message_id uuid NOT NULL,
  kind text NOT NULL,
  value_hash bytea NOT NULL,
  value text NOT NULL,
  cluster_id smallint NOT NULL,
  PRIMARY KEY (message_id, kind, value_hash)
) PARTITION BY RANGE (message_id);
CREATE INDEX ref_value ON ref (kind, value_hash, message_id);
CREATE TABLE ref_default PARTITION OF ref DEFAULT;

CREATE TABLE body (
  message_id uuid NOT NULL,
  role text NOT NULL,
  cluster_id smallint NOT NULL,
  key bytea,
  -- JSON text of [name, base64 or null] in the record's order; not jsonb, which refuses NUL and lone surrogates.
  headers text NOT NULL,
  payload bytea,
  sha256 bytea,
  size integer NOT NULL,
  truncated boolean NOT NULL DEFAULT false,
  taken_from text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (message_id, role)
) PARTITION BY RANGE (message_id);
CREATE TABLE body_default PARTITION OF body DEFAULT;

CREATE TABLE dead_letter (
  topic_id integer NOT NULL REFERENCES topic,
  partition integer NOT NULL,
  "offset" bigint NOT NULL,
  message_id uuid NOT NULL,
  group_id integer,
  dialect text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (topic_id, partition, "offset")
);
CREATE INDEX dead_letter_message ON dead_letter (message_id);

CREATE TABLE source_cursor (
  source text NOT NULL,
  topic_id integer NOT NULL REFERENCES topic,
  partition integer NOT NULL,
  incarnation text,
  next_offset bigint NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (source, topic_id, partition)
);

CREATE TABLE gap (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source text NOT NULL,
  topic_id integer NOT NULL REFERENCES topic,
  partition integer NOT NULL,
  from_offset bigint NOT NULL,
  to_offset bigint NOT NULL,
  found_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (source, topic_id, partition, from_offset, to_offset)
);

CREATE TABLE fact_rejected (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source text NOT NULL,
  place text NOT NULL UNIQUE,
  reason text NOT NULL,
  body bytea,
  received_at timestamptz NOT NULL DEFAULT now()
);

-- One row each time the begin of a partition's log was seen to move: when did a body leave the broker?
CREATE TABLE log_start (
  topic_id integer NOT NULL REFERENCES topic,
  partition integer NOT NULL,
  "offset" bigint NOT NULL,
  seen_before timestamptz,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (topic_id, partition, "offset")
);

CREATE TABLE lag_now (
  group_id integer NOT NULL REFERENCES consumer_group,
  topic_id integer NOT NULL REFERENCES topic,
  partition integer NOT NULL,
  committed bigint,
  log_start bigint NOT NULL,
  log_end bigint NOT NULL,
  behind_seconds double precision,
  rate_in double precision,
  rate_out double precision,
  moved_at timestamptz,
  member text,
  host text,
  sampled_at timestamptz NOT NULL,
  PRIMARY KEY (group_id, topic_id, partition)
);

CREATE TABLE group_now (
  group_id integer NOT NULL PRIMARY KEY REFERENCES consumer_group,
  state text NOT NULL,
  members jsonb NOT NULL DEFAULT '[]',
  no_members_since timestamptz,
  sampled_at timestamptz NOT NULL
);

-- Ten minutes of lag of one group on one topic: delta, zigzag and varint encoded (lib/domain/lag-chunk.ts).
CREATE TABLE lag_chunk (
  group_id integer NOT NULL,
  topic_id integer NOT NULL,
  start_at timestamptz NOT NULL,
  data bytea NOT NULL,
  PRIMARY KEY (group_id, topic_id, start_at)
);

CREATE TABLE operator (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  password_hash text NOT NULL,
  role text NOT NULL DEFAULT 'administrator',
  created_at timestamptz NOT NULL DEFAULT now(),
  disabled_at timestamptz
);

CREATE TABLE session (
  token_hash bytea NOT NULL PRIMARY KEY,
  operator_id integer NOT NULL REFERENCES operator,
  created_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);

CREATE TABLE sign_in_attempt (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account text NOT NULL,
  address text NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sign_in_attempt_account ON sign_in_attempt (account, at);
CREATE INDEX sign_in_attempt_address ON sign_in_attempt (address, at);

CREATE TABLE token (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  token_hash bytea NOT NULL UNIQUE,
  scope text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz
);

CREATE TABLE audit_entry (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  operator_id integer,
  operator_name text NOT NULL,
  operation text NOT NULL,
  cluster_id smallint,
  object text,
  reason text,
  outcome text NOT NULL,
  detail jsonb
);

CREATE TABLE retry (
  id uuid NOT NULL PRIMARY KEY,
  cluster_id smallint NOT NULL REFERENCES cluster,
  operator_id integer REFERENCES operator,
  operator_name text NOT NULL,
  reason text,
  selection jsonb NOT NULL,
  idempotency_key text,
  request_sha256 bytea,
  state text NOT NULL DEFAULT 'RUNNING',
  created_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  UNIQUE (operator_id, idempotency_key)
);

CREATE TABLE retry_item (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  retry_id uuid NOT NULL REFERENCES retry,
  cluster_id smallint NOT NULL,
  message_id uuid NOT NULL,
  group_id integer NOT NULL REFERENCES consumer_group,
  generation integer NOT NULL,
  courier_retry_id text NOT NULL,
  target_topic text NOT NULL,
  target_partition integer,
  source text,
  state text NOT NULL DEFAULT 'PENDING',
  reason text,
  due_at timestamptz NOT NULL DEFAULT now(),
  sends integer NOT NULL DEFAULT 0,
  fence bigint NOT NULL DEFAULT 0,
  lease_until timestamptz,
  reconcile_at timestamptz,
  sent_at timestamptz,
  sent_partition integer,
  sent_offset bigint,
  copies integer NOT NULL DEFAULT 0,
  ended_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
-- One active claim of a delivery, whichever way it was asked for.
CREATE UNIQUE INDEX retry_item_active ON retry_item (message_id, group_id)
  WHERE state IN ('PENDING', 'SENDING', 'SENT', 'SENT_VERIFIED', 'UNCERTAIN', 'HELD');
CREATE INDEX retry_item_due ON retry_item (due_at) WHERE state IN ('PENDING', 'SENDING', 'SENT', 'SENT_VERIFIED', 'UNCERTAIN');
CREATE INDEX retry_item_retry ON retry_item (retry_id, id);
CREATE INDEX retry_item_message ON retry_item (message_id);

CREATE TABLE send_attempt (
  item_id bigint NOT NULL REFERENCES retry_item,
  number integer NOT NULL,
  fence bigint NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  target_topic text NOT NULL,
  target_partition integer NOT NULL,
  -- End of the target before the send: the scan for the retry id begins here.
  end_offset bigint NOT NULL,
  payload_sha256 bytea NOT NULL,
  possible_duplicate boolean NOT NULL DEFAULT false,
  result text,
  detail text,
  found_offset bigint,
  PRIMARY KEY (item_id, number)
);

CREATE TABLE worker_heartbeat (
  worker text NOT NULL,
  process text NOT NULL,
  host text NOT NULL,
  started_at timestamptz NOT NULL,
  beat_at timestamptz NOT NULL DEFAULT now(),
  state text NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (worker, process)
);

-- The embedded broker: a small log in the same database.
CREATE TABLE embedded_topic (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  incarnation uuid NOT NULL DEFAULT gen_random_uuid(),
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE embedded_partition (
  topic_id integer NOT NULL REFERENCES embedded_topic ON DELETE CASCADE,
  partition integer NOT NULL,
  start_offset bigint NOT NULL DEFAULT 0,
  next_offset bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (topic_id, partition)
);

CREATE TABLE embedded_record (
  topic_id integer NOT NULL REFERENCES embedded_topic ON DELETE CASCADE,
  partition integer NOT NULL,
  "offset" bigint NOT NULL,
  at timestamptz NOT NULL,
  key bytea,
  value bytea,
  headers text NOT NULL,
  PRIMARY KEY (topic_id, partition, "offset")
);
CREATE INDEX embedded_record_time ON embedded_record (topic_id, partition, at);

CREATE TABLE embedded_group (
  name text NOT NULL PRIMARY KEY,
  generation integer NOT NULL DEFAULT 0
);

CREATE TABLE embedded_member (
  group_name text NOT NULL REFERENCES embedded_group,
  member text NOT NULL,
  client_id text NOT NULL,
  host text NOT NULL,
  topics text[] NOT NULL,
  assignment jsonb NOT NULL DEFAULT '[]',
  seen_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (group_name, member)
);

CREATE TABLE embedded_position (
  group_name text NOT NULL REFERENCES embedded_group,
  topic_id integer NOT NULL REFERENCES embedded_topic ON DELETE CASCADE,
  partition integer NOT NULL,
  "offset" bigint NOT NULL,
  metadata text,
  committed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (group_name, topic_id, partition)
);
