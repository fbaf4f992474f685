-- Groups of every protocol are shown as what they are. Where a broker does not tell its members, they are unknown (null)
-- and not none.
ALTER TABLE group_now ADD COLUMN type text NOT NULL DEFAULT 'classic';
ALTER TABLE group_now ALTER COLUMN members DROP NOT NULL;
ALTER TABLE group_now ALTER COLUMN members DROP DEFAULT;

-- One process works for several clusters, and each of its workers tells of itself for each.
DELETE FROM worker_heartbeat;
ALTER TABLE worker_heartbeat ADD COLUMN cluster text NOT NULL;
ALTER TABLE worker_heartbeat DROP CONSTRAINT worker_heartbeat_pkey;
ALTER TABLE worker_heartbeat ADD PRIMARY KEY (worker, cluster, process);
