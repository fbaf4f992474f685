-- Groups of every protocol are shown as what they are. Where a broker does not tell its members, they are unknown (null)
-- and not none.
ALTER TABLE group_now ADD COLUMN type text NOT NULL DEFAULT 'classic';
ALTER TABLE group_now ALTER COLUMN members DROP NOT NULL;
ALTER TABLE group_now ALTER COLUMN members DROP DEFAULT;
