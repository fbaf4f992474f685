export { freePort, startEmbeddedPostgres, type EmbeddedPostgres } from '@/lib/store/embedded-postgres';
