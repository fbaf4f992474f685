-- Everything that Courier sends is an item of one ledger: test messages become items, and are reconciled like all others.
ALTER TABLE retry ADD COLUMN kind text NOT NULL DEFAULT 'retry';

ALTER TABLE retry_item ALTER COLUMN group_id DROP NOT NULL;
ALTER TABLE retry_item DROP COLUMN source;

-- One active claim of a message and its target, however it was asked for: the group that it is for, or else the topic.
DROP INDEX retry_item_active;
CREATE UNIQUE INDEX retry_item_target ON retry_item (message_id, (coalesce('group ' || group_id::text, target_topic)))
  WHERE state IN ('PENDING', 'SENDING', 'SENT', 'SENT_VERIFIED', 'UNCERTAIN', 'HELD');

-- What an item sends whose record is on no topic yet.
CREATE TABLE item_body (
  item_id bigint NOT NULL PRIMARY KEY REFERENCES retry_item ON DELETE CASCADE,
  key bytea,
  -- JSON text of [name, base64 or null] pairs.
  headers text NOT NULL,
  payload bytea
);

INSERT INTO retry (id, cluster_id, kind, operator_id, operator_name, selection, state, created_at, ended_at)
SELECT m.id, m.cluster_id, 'test', m.operator_id, m.operator_name, json_build_object('topic', t.name),
  CASE WHEN m.state = 'PENDING' THEN 'RUNNING' ELSE 'ENDED' END, m.created_at,
  CASE WHEN m.state = 'PENDING' THEN NULL ELSE coalesce(m.sent_at, m.created_at) END
FROM test_message m JOIN topic t ON t.id = m.topic_id;

-- A sender that the migration found at work, or that did not come back, leaves what nobody can know.
INSERT INTO retry_item (retry_id, cluster_id, message_id, generation, courier_retry_id, target_topic, target_partition,
  state, reason, created_at, sent_at, sent_partition, sent_offset, copies, ended_at)
SELECT m.id, m.cluster_id, m.id, 0, m.id::text, t.name, m.partition,
  CASE m.state WHEN 'PENDING' THEN 'PENDING' WHEN 'SENT' THEN 'WRITTEN' WHEN 'REFUSED' THEN 'REFUSED'
    WHEN 'NOT_SENT' THEN 'REFUSED' ELSE 'NO_ANSWER' END,
  CASE WHEN m.state IN ('SENDING', 'UNCERTAIN') THEN 'cannot_scan' WHEN m.state IN ('REFUSED', 'NOT_SENT') THEN 'broker_refused' END,
  m.created_at,
  CASE WHEN m.state = 'SENT' THEN m.sent_at END,
  CASE WHEN m.state = 'SENT' THEN substring(m.detail FROM '/(\d+)/\d+$')::integer END,
  CASE WHEN m.state = 'SENT' THEN substring(m.detail FROM '/(\d+)$')::bigint END,
  CASE WHEN m.state = 'SENT' THEN 1 ELSE 0 END,
  CASE WHEN m.state = 'PENDING' THEN NULL ELSE coalesce(m.sent_at, m.created_at) END
FROM test_message m JOIN topic t ON t.id = m.topic_id;

INSERT INTO item_body (item_id, key, headers, payload)
SELECT i.id, convert_to(m.key, 'UTF8'), (
    SELECT coalesce('[' || string_agg(json_build_array(h.name,
      translate(encode(convert_to(h.value, 'UTF8'), 'base64'), E'\n', ''))::text, ',' ORDER BY h.place) || ']', '[]')
    FROM (
      SELECT place, name, value FROM (VALUES
        (1, 'courier-id', m.id::text), (2, 'courier-topic', t.name), (3, 'courier-type', m.type),
        (4, 'courier-service', 'courier'), (5, 'courier-kind', 'event'),
        (6, 'courier-time', to_char(m.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
      ) AS own (place, name, value) WHERE value IS NOT NULL
      UNION ALL
      SELECT 6 + given.place, given.pair ->> 0, given.pair ->> 1
      FROM json_array_elements(m.headers::json) WITH ORDINALITY AS given (pair, place)
    ) h
  ), convert_to(m.payload, 'UTF8')
FROM test_message m JOIN topic t ON t.id = m.topic_id JOIN retry_item i ON i.message_id = m.id AND i.group_id IS NULL
WHERE m.state = 'PENDING';

DROP TABLE test_message;

UPDATE audit_entry SET operation = 'retries.create' WHERE operation = 'retries.create-many';
