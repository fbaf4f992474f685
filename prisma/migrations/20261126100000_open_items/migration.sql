-- The retry sender asks several times a second, however many items have ended.
CREATE INDEX retry_running ON retry (cluster_id) WHERE state = 'RUNNING';
CREATE INDEX retry_item_open ON retry_item (cluster_id, id)
  WHERE state IN ('PENDING', 'SENDING', 'SENT', 'SENT_VERIFIED', 'UNCERTAIN', 'HELD');
CREATE INDEX retry_item_passed ON retry_item (cluster_id, ended_at) WHERE state = 'PASSED';
