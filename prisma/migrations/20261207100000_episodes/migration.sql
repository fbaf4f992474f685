-- What began and ended: troubles of groups, losses, moved positions, retries, releases, outages.
CREATE TABLE episode (
  id uuid PRIMARY KEY,
  cluster_id smallint NOT NULL,
  kind text NOT NULL,
  -- What it is about. The digest is the same for the same subject.
  subject json NOT NULL,
  digest uuid NOT NULL,
  group_id integer,
  began timestamptz NOT NULL,
  -- The last moment at which it had not begun; null: it was there when Courier measured for the first time.
  began_earliest timestamptz,
  ended timestamptz,
  -- The last moment at which it had not ended; null while it is open.
  ended_earliest timestamptz,
  -- When it was missing for the first time; it ends if it stays so for some measurements.
  missing_since timestamptz,
  -- How often it began: what ends and begins again at once is one.
  times integer NOT NULL DEFAULT 1,
  figures json NOT NULL,
  -- The episode that led to it, by which rule, and the first of all that led to it: its own id where nothing did.
  caused_by uuid,
  caused_by_rule text,
  root uuid NOT NULL,
  -- recovered, person, replaced or gone
  end_reason text,
  ended_by text,
  acknowledged_at timestamptz,
  acknowledged_by text,
  CHECK (ended >= began)
);
CREATE UNIQUE INDEX episode_open ON episode (cluster_id, kind, digest) WHERE ended IS NULL;
CREATE INDEX episode_span ON episode USING gist (tstzrange(began, ended, '[]'));
CREATE INDEX episode_began ON episode (cluster_id, began);
CREATE INDEX episode_loss ON episode (cluster_id, began) WHERE kind = 'data_loss';
CREATE INDEX episode_root ON episode (root);
CREATE INDEX episode_group ON episode (group_id, began) WHERE group_id IS NOT NULL;

-- Since when episodes are written.
ALTER TABLE installation ADD COLUMN remembers_since timestamptz NOT NULL DEFAULT now();

-- Retries that were accepted before are known as they are.
INSERT INTO episode (id, cluster_id, kind, subject, digest, began, began_earliest, ended, ended_earliest, figures, root, end_reason)
SELECT r.id, r.cluster_id, 'retry', json_build_object('retry', r.id),
  substr(encode(sha256(convert_to('["retry",["retry","' || r.id || '"]]', 'UTF8')), 'hex'), 1, 32)::uuid,
  r.created_at, r.created_at, greatest(r.ended_at, r.created_at), greatest(r.ended_at, r.created_at),
  json_build_object('operator', r.operator_name, 'selected', coalesce(i.selected, 0), 'outcomes', coalesce(i.outcomes, '{}'::json),
    'groups', coalesce(i.groups, '[]'::json)),
  r.id, CASE WHEN r.ended_at IS NOT NULL THEN 'recovered' END
FROM retry r LEFT JOIN LATERAL (
  SELECT sum(s.count)::int AS selected, json_object_agg(s.state, s.count) AS outcomes,
    (SELECT json_agg(DISTINCT g.name) FROM retry_item x JOIN consumer_group g ON g.id = x.group_id WHERE x.retry_id = r.id) AS groups
  FROM (SELECT state, count(*)::int AS count FROM retry_item WHERE retry_id = r.id GROUP BY state) s
) i ON true
WHERE r.kind = 'retry';

-- When operators were here: last, and before the present visit.
CREATE TABLE operator_visit (
  operator_id integer PRIMARY KEY,
  seen_at timestamptz NOT NULL,
  former_seen_at timestamptz
);
