-- A key chooses its partition as on Kafka; topics that exist keep the hash by which their keys are divided.
ALTER TABLE embedded_topic ADD COLUMN key_hash text NOT NULL DEFAULT 'fnv1a' CHECK (key_hash IN ('murmur2', 'fnv1a'));
ALTER TABLE embedded_topic ALTER COLUMN key_hash SET DEFAULT 'murmur2';
