-- The shape of its message, so that failures are grouped by type without reading every message that fails.
ALTER TABLE delivery ADD COLUMN shape_id integer;
UPDATE delivery d SET shape_id = m.shape_id FROM message m WHERE m.id = d.message_id;
