-- A topic that is deleted and made anew has another log: where that one begins says nothing of the first.
ALTER TABLE log_start ADD COLUMN incarnation text NOT NULL DEFAULT '';
UPDATE log_start s SET incarnation = coalesce(t.incarnation, '') FROM topic t WHERE t.id = s.topic_id;
ALTER TABLE log_start DROP CONSTRAINT log_start_pkey;
ALTER TABLE log_start ADD PRIMARY KEY (topic_id, partition, incarnation, "offset");
-- Since when the records of a partition are read: those that were written before were left out. null: from its begin.
ALTER TABLE source_cursor ADD COLUMN read_from timestamptz;
