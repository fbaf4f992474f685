-- The name by which an operator signs in, folded (NFKC, lower case) by Courier and compared exactly. Courier fills it for
-- operators of before, since PostgreSQL folds differently; where two of them are one name, the older is disabled.
ALTER TABLE operator ADD COLUMN folded text UNIQUE;

-- Attempts from a device on which the operator signed in before are limited apart from those of strangers.
ALTER TABLE sign_in_attempt ADD COLUMN device text;
CREATE INDEX sign_in_attempt_device ON sign_in_attempt (device, at) WHERE device IS NOT NULL;

-- What tells this installation apart from another one on the same host, and signs the cookies of known devices.
CREATE TABLE installation (
  singleton boolean NOT NULL DEFAULT true PRIMARY KEY CHECK (singleton),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  secret bytea NOT NULL DEFAULT sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea)
);
INSERT INTO installation DEFAULT VALUES;
