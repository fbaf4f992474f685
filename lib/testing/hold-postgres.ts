// Holds an embedded PostgreSQL until it is killed.
import { startEmbeddedPostgres } from '@/lib/embedded-postgres/server';

const postgres = await startEmbeddedPostgres(process.argv[2] ?? '');
process.send?.(postgres.url);
setInterval(() => undefined, 60_000);
