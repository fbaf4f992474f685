-- Reads of payloads are in the audit once an hour for each person and message; who changed a topic last is asked as well.
CREATE INDEX audit_entry_object ON audit_entry (object, operation, id);

-- Items that were sent and never answered have ended, and are replaced by a report that comes late.
CREATE INDEX retry_item_no_answer ON retry_item (cluster_id, ended_at) WHERE state = 'NO_ANSWER';
