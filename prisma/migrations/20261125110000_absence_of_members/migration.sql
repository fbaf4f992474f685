-- When a group last had no members, once it has some again.
ALTER TABLE group_now ADD COLUMN absent_from timestamptz, ADD COLUMN absent_to timestamptz;
