-- A token belongs to a service, and a service has rights: groups that it owns, topics that it may publish to and read.
CREATE TABLE service (
  name text NOT NULL PRIMARY KEY,
  -- Patterns of topics, with * for any text; null: what the service made or already publishes to, and all it may read.
  publish text[],
  read text[],
  created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO service (name, created_at) SELECT name, min(created_at) FROM token GROUP BY name;

-- A service may have two valid tokens, so that one replaces the other without a gap.
ALTER TABLE token DROP CONSTRAINT token_name_key;
CREATE INDEX token_name ON token (name);
-- A token of before this release that several services use: it goes on with all that it could do until it is replaced.
ALTER TABLE token ADD COLUMN shared boolean NOT NULL DEFAULT false;

-- The service whose reports about the group are believed. null: nobody announced it.
ALTER TABLE consumer_group ADD COLUMN owner text;
UPDATE consumer_group g SET owner = (
  SELECT i.service FROM instance i WHERE i.cluster_id = g.cluster_id AND g.name = ANY (i.groups)
  ORDER BY i.last_seen_at DESC LIMIT 1);

-- Retry topics other than the group's own, by whom they were approved. Those in use before this release count as approved.
CREATE TABLE approved_retry_topic (
  group_id integer NOT NULL REFERENCES consumer_group,
  topic text NOT NULL,
  approved_by text NOT NULL,
  approved_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (group_id, topic)
);
INSERT INTO approved_retry_topic (group_id, topic, approved_by)
  SELECT DISTINCT group_id, retry_topic, 'upgrade' FROM subscription WHERE retry_topic IS NOT NULL;

ALTER TABLE embedded_topic ADD COLUMN made_by text;
ALTER TABLE embedded_topic ADD COLUMN publishers text[] NOT NULL DEFAULT '{}';
UPDATE embedded_topic e SET publishers = seen.services FROM (
  SELECT t.name, array_agg(DISTINCT m.service) AS services FROM message_type m
  JOIN topic t ON t.id = m.topic_id JOIN cluster c ON c.id = t.cluster_id AND c.kind = 'embedded'
  WHERE m.service <> '' GROUP BY t.name
) seen WHERE seen.name = e.name;

-- Which services used tokens: those that announced themselves, and those whose newest facts came through the intake or
-- the embedded broker. One that has no token of its name uses another's, and which one is not known.
WITH reported AS (
  SELECT service FROM instance
  UNION
  SELECT f.body::json->>'service' FROM (
    SELECT f.body FROM fact f JOIN cluster c ON c.id = f.cluster_id
    WHERE f.source = 'intake' OR (f.source = 'facts topic' AND c.kind = 'embedded')
    ORDER BY f.message_id DESC LIMIT 20000
  ) f
), orphans AS (
  SELECT count(*) AS count FROM reported r
  WHERE r.service IS NOT NULL AND NOT EXISTS (SELECT 1 FROM token t WHERE t.name = r.service AND t.revoked_at IS NULL)
), unnamed AS (
  SELECT t.id FROM token t WHERE t.revoked_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM reported r WHERE r.service = t.name)
)
UPDATE token SET shared = true
WHERE revoked_at IS NULL AND (SELECT count FROM orphans) > 0
  AND (id IN (SELECT id FROM unnamed) OR NOT EXISTS (SELECT 1 FROM unnamed));
