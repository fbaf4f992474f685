-- A message's page asks who reads the partition that it stands on.
CREATE INDEX lag_now_topic ON lag_now (topic_id, partition);
