-- The tracking store at about a quarter of its size. What the former tables hold stays where it is, under their names with
-- `former_` before them: it is read through the views below, and a worker moves it into the tables of today (docs/operations.md).

-- 1. The former tables make room: their partitions and indexes are renamed with them.
DO $$
DECLARE
  parent text;
  id oid;
  item record;
BEGIN
  FOREACH parent IN ARRAY ARRAY['message', 'delivery', 'fact', 'ref'] LOOP
    -- By its number: its name changes within the loop.
    id := parent::regclass;
    FOR item IN
      SELECT c.relname, c.relkind IN ('i', 'I') AS is_index FROM pg_class c
      WHERE c.relnamespace = current_schema()::regnamespace AND (
        c.oid = id
        OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = id)
        OR c.oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = id
             OR indrelid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = id)))
    LOOP
      EXECUTE format('ALTER %s %I RENAME TO %I', CASE WHEN item.is_index THEN 'INDEX' ELSE 'TABLE' END,
        item.relname, 'former_' || item.relname);
    END LOOP;
  END LOOP;
END $$;

-- 2. Names that repeat, once each. The digest is that of all names together: an index over the names themselves could
-- exceed what an index entry may hold.
CREATE TABLE shape (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  digest uuid NOT NULL UNIQUE,
  cluster_id smallint NOT NULL,
  -- 0: not known. An empty name is none.
  topic_id integer NOT NULL DEFAULT 0,
  type text NOT NULL DEFAULT '',
  version text NOT NULL DEFAULT '',
  service text NOT NULL DEFAULT '',
  kind text NOT NULL DEFAULT '',
  -- Of a topic whose messages have more names than are kept here: its names are in the rest of each message.
  is_overflow boolean NOT NULL DEFAULT false,
  seen_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX shape_topic ON shape (cluster_id, topic_id);

CREATE TABLE origin (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  digest uuid NOT NULL UNIQUE,
  -- An empty name is none.
  source text NOT NULL DEFAULT '',
  service text NOT NULL DEFAULT '',
  host text NOT NULL DEFAULT '',
  release text NOT NULL DEFAULT '',
  process text NOT NULL DEFAULT '',
  member text NOT NULL DEFAULT '',
  -- Of a service with more origins than are kept here: its names are in the rest of each fact.
  is_overflow boolean NOT NULL DEFAULT false,
  seen_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX origin_service ON origin (service);

-- 3. Messages. No column follows from deliveries, so that no outcome rewrites a row.
CREATE TABLE message (
  id uuid NOT NULL PRIMARY KEY,
  sent_at timestamptz,
  committed_at timestamptz,
  -- The index read its record, at `partition` and `offset`; no fact says it again.
  indexed_at timestamptz,
  first_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  send_failed_at timestamptz,
  -- With topic_id and partition: the first of its positions on its own topic.
  "offset" bigint,
  -- Hash of the first part of its key.
  segment bigint,
  topic_id integer,
  shape_id integer NOT NULL,
  size integer,
  partition integer,
  copies integer NOT NULL DEFAULT 0,
  cluster_id smallint NOT NULL,
  -- A trace id of 32 hexadecimal digits; any other is in rest.
  trace uuid,
  key text,
  -- JSON of what no column says: id headers, the sender's own id, a trace id of another form, names of an overflow.
  rest text
) PARTITION BY RANGE (id);
CREATE INDEX message_topic ON message (topic_id, id);
CREATE INDEX message_position ON message (topic_id, partition, "offset") WHERE "offset" IS NOT NULL;
CREATE INDEX message_key ON message (left(key, 100) text_pattern_ops) WHERE key IS NOT NULL;
CREATE INDEX message_segment ON message (segment) WHERE segment IS NOT NULL;
CREATE INDEX message_trace ON message (trace) WHERE trace IS NOT NULL;
CREATE INDEX message_not_sent ON message (id) WHERE send_failed_at IS NOT NULL AND committed_at IS NULL;
CREATE TABLE message_default PARTITION OF message DEFAULT;

-- 4. Sends that failed.
CREATE TABLE send_failure (
  message_id uuid NOT NULL PRIMARY KEY,
  error_at timestamptz,
  error_fact uuid,
  failures integer NOT NULL,
  error_type text,
  error_message text
) PARTITION BY RANGE (message_id);
CREATE TABLE send_failure_default PARTITION OF send_failure DEFAULT;

-- 5. What else a message is known by: further parts of its key, values of headers, its sender's id, retries, further
-- positions. The first 8 bytes of SHA-256 of kind, NUL and value. It has no key: who adds to a known message holds its row
-- and asks first.
CREATE TABLE ref (
  value_hash bigint NOT NULL,
  message_id uuid NOT NULL
) PARTITION BY RANGE (message_id);
-- With the id, so that the newest of a value that many messages have come first.
CREATE INDEX ref_value ON ref (value_hash, message_id);
CREATE TABLE ref_default PARTITION OF ref DEFAULT;

-- 6. Deliveries. topic_id is the message's, so that a list by topic and status needs no message.
CREATE TABLE delivery (
  message_id uuid NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  outcome_at timestamptz,
  -- generation * 4 + rank of the best outcome fact; 0 while there is none.
  outcome bigint NOT NULL DEFAULT 0,
  group_id integer NOT NULL,
  topic_id integer,
  origin_id integer,
  attempts integer NOT NULL DEFAULT 0,
  handled_count integer NOT NULL DEFAULT 0,
  attempt integer,
  duration_ms integer,
  gave_up boolean NOT NULL DEFAULT false,
  status text NOT NULL GENERATED ALWAYS AS (
    CASE outcome % 4 WHEN 0 THEN 'COMMITTED' WHEN 1 THEN 'PUSH_FAIL' WHEN 2 THEN 'HANDLE_FAIL' ELSE 'HANDLED' END
  ) STORED,
  outcome_fact uuid,
  next_try_at timestamptz,
  gave_up_to text,
  error_at timestamptz,
  error_fact uuid,
  first_error_at timestamptz,
  overdue_at timestamptz,
  error_type text,
  error_message text,
  -- JSON of host and release where their origin is an overflow.
  names text,
  PRIMARY KEY (message_id, group_id)
) PARTITION BY RANGE (message_id);
CREATE INDEX delivery_open ON delivery (group_id, status, message_id) WHERE status <> 'HANDLED';
CREATE INDEX delivery_failing ON delivery (group_id, error_type, message_id) WHERE status IN ('PUSH_FAIL', 'HANDLE_FAIL');
CREATE INDEX delivery_status ON delivery (status, message_id) WHERE status IN ('PUSH_FAIL', 'HANDLE_FAIL');
CREATE INDEX delivery_topic ON delivery (topic_id, status, message_id) WHERE status IN ('PUSH_FAIL', 'HANDLE_FAIL');
CREATE INDEX delivery_error ON delivery (error_type, message_id) WHERE error_type IS NOT NULL;
CREATE INDEX delivery_healed ON delivery (message_id) WHERE outcome = 3 AND first_error_at IS NOT NULL;
CREATE TABLE delivery_default PARTITION OF delivery DEFAULT;

-- 7. Facts that a source reported. What a column says is not said again in rest (lib/store/facts/pack-fact.ts).
CREATE TABLE fact (
  message_id uuid NOT NULL,
  fact_id uuid NOT NULL,
  at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  started_at timestamptz,
  sent_at timestamptz,
  "offset" bigint,
  trace uuid,
  group_id integer,
  origin_id integer NOT NULL,
  shape_id integer,
  topic_id integer,
  partition integer,
  duration_ms integer,
  size integer,
  generation integer,
  attempt integer,
  kind smallint NOT NULL,
  key text,
  rest text,
  PRIMARY KEY (message_id, fact_id)
) PARTITION BY RANGE (message_id);
CREATE TABLE fact_default PARTITION OF fact DEFAULT;

-- 8. How many messages (group_id 0) and deliveries of a group were made in each minute and hour of their ids, by status.
-- shape_id 0 is the sum over all. 0 HANDLED, 1 COMMITTED, 2 PUSH_FAIL, 3 HANDLE_FAIL, 4 SEND_FAIL.
CREATE TABLE minute_status (
  minute timestamptz NOT NULL,
  group_id integer NOT NULL,
  shape_id integer NOT NULL,
  count integer NOT NULL,
  cluster_id smallint NOT NULL,
  status smallint NOT NULL,
  PRIMARY KEY (cluster_id, group_id, shape_id, minute, status)
) WITH (fillfactor = 70);
CREATE TABLE hour_status (
  hour timestamptz NOT NULL,
  group_id integer NOT NULL,
  shape_id integer NOT NULL,
  count integer NOT NULL,
  cluster_id smallint NOT NULL,
  status smallint NOT NULL,
  PRIMARY KEY (cluster_id, group_id, shape_id, hour, status)
) WITH (fillfactor = 70);

-- 9. Days that are over, and what was done with them.
CREATE TABLE day_done (
  day date NOT NULL PRIMARY KEY,
  reindexed_at timestamptz
);

-- What is known of the move of former days: how many messages a day had when it began, and whether a person paused it.
CREATE TABLE former_move (
  singleton boolean NOT NULL PRIMARY KEY DEFAULT true CHECK (singleton),
  paused_at timestamptz,
  moved bigint NOT NULL DEFAULT 0,
  began_at timestamptz,
  ended_at timestamptz
);
INSERT INTO former_move DEFAULT VALUES;

-- 10. How the tables are read, of all days (no suffix) or of one: with names for their ids, and with what is still in the
-- former tables.
CREATE FUNCTION make_read_views(suffix text, with_former boolean DEFAULT true) RETURNS void LANGUAGE plpgsql AS $make$
DECLARE
  message text;
  delivery text;
  fact text;
BEGIN
  message := format($sql$
    SELECT m.id, m.cluster_id, m.topic_id,
      nullif(CASE WHEN s.is_overflow THEN m.rest::json->'names'->>'type' ELSE s.type END, '') AS type,
      nullif(CASE WHEN s.is_overflow THEN m.rest::json->'names'->>'version' ELSE s.version END, '') AS version,
      nullif(CASE WHEN s.is_overflow THEN m.rest::json->'names'->>'service' ELSE s.service END, '') AS service,
      nullif(CASE WHEN s.is_overflow THEN m.rest::json->'names'->>'kind' ELSE s.kind END, '') AS kind,
      m.key, CASE WHEN m.trace IS NULL THEN m.rest::json->>'traceId' ELSE replace(m.trace::text, '-', '') END AS trace_id,
      m.size, m.sent_at, m.committed_at, m.indexed_at, m.send_failed_at, coalesce(f.failures, 0) AS send_failures,
      f.error_at AS send_error_at, f.error_fact AS send_error_fact, f.error_type AS send_error_type,
      f.error_message AS send_error_message, m.copies, m.first_at, m.received_at,
      coalesce(
        (SELECT CASE max(CASE d.status WHEN 'HANDLED' THEN 0 WHEN 'COMMITTED' THEN 1 WHEN 'PUSH_FAIL' THEN 2 ELSE 3 END)
           WHEN 0 THEN 'HANDLED' WHEN 1 THEN 'COMMITTED' WHEN 2 THEN 'PUSH_FAIL' WHEN 3 THEN 'HANDLE_FAIL' END
         FROM delivery%1$s d WHERE d.message_id = m.id),
        CASE WHEN m.committed_at IS NULL AND m.send_failed_at IS NOT NULL THEN 'SEND_FAIL' ELSE 'COMMITTED' END) AS status,
      m.partition, m."offset", m.rest
    FROM message%1$s m LEFT JOIN shape s ON s.id = m.shape_id LEFT JOIN send_failure%1$s f ON f.message_id = m.id$sql$, suffix);
  delivery := format($sql$
    SELECT d.message_id, d.group_id, d.outcome, d.status, d.attempts, d.handled_count, d.first_at, d.last_at, d.outcome_at,
      d.outcome_fact, d.attempt, d.duration_ms,
      CASE WHEN d.names IS NULL THEN nullif(o.host, '') ELSE d.names::json->>'host' END AS host,
      CASE WHEN d.names IS NULL THEN nullif(o.release, '') ELSE d.names::json->>'release' END AS release,
      d.next_try_at, d.gave_up, d.gave_up_to, d.error_at, d.error_fact, d.error_type, d.error_message, d.first_error_at,
      d.overdue_at
    FROM delivery%1$s d LEFT JOIN origin o ON o.id = d.origin_id$sql$, suffix);
  fact := format($sql$
    SELECT f.message_id, f.fact_id, f.at, f.received_at, f.kind, f.group_id, f.topic_id, f.partition, f."offset",
      o.source, o.service, o.host, o.release, o.process, o.member, o.is_overflow, f.generation, f.attempt, f.started_at, f.duration_ms,
      f.shape_id IS NOT NULL AS is_described, s.topic_id AS message_topic_id, s.type, s.version, s.service AS message_service,
      s.kind AS message_kind, f.sent_at, f.size, f.trace, f.key, f.rest, NULL::text AS body
    FROM fact%1$s f LEFT JOIN origin o ON o.id = f.origin_id LEFT JOIN shape s ON s.id = f.shape_id$sql$, suffix);
  IF with_former AND to_regclass('former_message' || suffix) IS NOT NULL THEN
    message := message || format($sql$
      UNION ALL
      SELECT m.id, m.cluster_id, m.topic_id, m.type, m.version, m.service, m.kind, m.key, m.trace_id, m.size, m.sent_at,
        m.committed_at, NULL, m.send_failed_at, m.send_failures, m.send_error_at, m.send_error_fact, m.send_error_type,
        m.send_error_message, m.copies, m.first_at, m.received_at, m.status, NULL, NULL, NULL
      FROM former_message%1$s m$sql$, suffix);
    delivery := delivery || format($sql$
      UNION ALL
      SELECT d.message_id, d.group_id, d.outcome, d.status, d.attempts, d.handled_count, d.first_at, d.last_at,
        d.outcome_at, d.outcome_fact, d.attempt, d.duration_ms, d.host, d.release, d.next_try_at, d.gave_up, d.gave_up_to,
        d.error_at, d.error_fact, d.error_type, d.error_message, d.first_error_at, d.overdue_at
      FROM former_delivery%1$s d$sql$, suffix);
    fact := fact || format($sql$
      UNION ALL
      SELECT f.message_id, f.fact_id, f.at, f.received_at,
        array_position(ARRAY['committed', 'indexed', 'send_failed', 'started', 'handled', 'handle_failed', 'push_failed',
          'skipped', 'dead_lettered', 'expected', 'overdue'], f.kind)::smallint,
        f.group_id, f.topic_id, f.partition, f."offset", f.source, '', '', '', '', '', false, NULL, NULL, NULL, NULL, false, NULL, NULL,
        NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, f.body
      FROM former_fact%1$s f$sql$, suffix);
  END IF;
  EXECUTE format('CREATE OR REPLACE VIEW %I AS %s', 'message_read' || suffix, message);
  EXECUTE format('CREATE OR REPLACE VIEW %I AS %s', 'delivery_read' || suffix, delivery);
  EXECUTE format('CREATE OR REPLACE VIEW %I AS %s', 'fact_read' || suffix, fact);
END $make$;

-- 11. Partitions of the days that there are. Former ones without a row go at once.
DO $$
DECLARE
  day record;
  parent text;
  is_empty boolean;
BEGIN
  FOR day IN
    SELECT substr(c.relname, length('former_message') + 1) AS suffix, pg_get_expr(c.relpartbound, c.oid) AS bound
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'former_message'::regclass
  LOOP
    IF day.suffix <> '_default' THEN
      FOREACH parent IN ARRAY ARRAY['fact', 'ref', 'send_failure', 'delivery', 'message'] LOOP
        EXECUTE format('CREATE TABLE %I PARTITION OF %I %s', parent || day.suffix, parent, day.bound);
      END LOOP;
    END IF;
    EXECUTE format('SELECT NOT EXISTS (SELECT 1 FROM %I) AND NOT EXISTS (SELECT 1 FROM %I)',
      'former_message' || day.suffix, 'former_fact' || day.suffix) INTO is_empty;
    IF is_empty THEN
      FOREACH parent IN ARRAY ARRAY['fact', 'ref', 'delivery', 'message'] LOOP
        EXECUTE format('DROP TABLE %I', 'former_' || parent || day.suffix);
      END LOOP;
    END IF;
    PERFORM make_read_views(day.suffix);
  END LOOP;
  PERFORM make_read_views('');
END $$;
