-- What was not understood belongs to the cluster that it came from; the same place exists on each.
ALTER TABLE fact_rejected ADD COLUMN cluster_id smallint REFERENCES cluster;
UPDATE fact_rejected SET cluster_id = (SELECT min(id) FROM cluster);
ALTER TABLE fact_rejected ALTER COLUMN cluster_id SET NOT NULL;
ALTER TABLE fact_rejected DROP CONSTRAINT fact_rejected_place_key;
ALTER TABLE fact_rejected ADD CONSTRAINT fact_rejected_place_key UNIQUE (cluster_id, source, place);
