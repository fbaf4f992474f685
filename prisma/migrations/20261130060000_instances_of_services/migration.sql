-- An instance is one of its service: the id alone would let one service take the ids of another's.
ALTER TABLE instance DROP CONSTRAINT instance_pkey, ADD PRIMARY KEY (cluster_id, id, service);
