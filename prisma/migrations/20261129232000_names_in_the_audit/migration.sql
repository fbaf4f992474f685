-- Names of operations are written in one form, in what was written before as well.
UPDATE audit_entry SET operation = 'retries.create-many' WHERE operation = 'retries.createMany';
UPDATE audit_entry SET operation = 'topics.publish-test' WHERE operation = 'topics.publishTest';
