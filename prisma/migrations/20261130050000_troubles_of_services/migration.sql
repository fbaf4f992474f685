-- By subscription, what its consumers can't do now, and how often they crashed or passed over a record since the process
-- began; null where there is nothing of that kind.
ALTER TABLE instance ADD COLUMN troubles jsonb;
