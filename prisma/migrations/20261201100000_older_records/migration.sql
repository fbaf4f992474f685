-- Records older than the store keeps are read as far as there is room for them. How many were left out, and the offset
-- below which they are.
ALTER TABLE source_cursor ADD COLUMN left_out bigint NOT NULL DEFAULT 0, ADD COLUMN left_out_to bigint;
