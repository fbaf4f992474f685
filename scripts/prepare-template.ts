// Makes the migrated database that tests copy.
import path from 'node:path';
import { migrate } from '../lib/store/schema/migrate';
import { onServer, TEMPLATE, withDatabase } from '../lib/testing/database';

const server = process.env.TEST_POSTGRES_URL ?? '';
await onServer(server, `DROP DATABASE IF EXISTS ${TEMPLATE} WITH (FORCE)`);
await onServer(server, `CREATE DATABASE ${TEMPLATE}`);
await migrate(withDatabase(server, TEMPLATE), path.resolve('prisma/migrations'));
console.log(JSON.stringify({ template: TEMPLATE }));
