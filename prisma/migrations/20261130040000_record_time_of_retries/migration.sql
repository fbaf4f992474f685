-- Whether records are sent again with the time that they had; else they have the time of the send, as before.
ALTER TABLE retry ADD COLUMN keeps_time boolean NOT NULL DEFAULT false;
-- Whether a header of a retry was written by this ledger is looked up by its id.
CREATE INDEX IF NOT EXISTS retry_item_courier_retry_id ON retry_item (courier_retry_id);
