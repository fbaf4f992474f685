-- Processes keep the owners of groups and read every other second which of them changed.
ALTER TABLE consumer_group ADD COLUMN owner_changed_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX consumer_group_owner_changed ON consumer_group (cluster_id, owner_changed_at) WHERE owner IS NOT NULL;
