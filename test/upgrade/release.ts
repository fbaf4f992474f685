import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { figuresOf } from './figures';

/** Who can enter a release's database. Credentials of a fixture, worth nothing elsewhere. */
export interface Credentials {
  operators: { name: string; passPhrase: string }[];
  tokens: { name: string; token: string; revoked: boolean }[];
  /** The cookie of a session that was open. */
  session: string;
}

/** What a release showed of its database when it was stopped, and what in it goes on. */
export interface Expected {
  figures: Awaited<ReturnType<typeof figuresOf>>;
  retries: { underWay: string; held: string };
  /** Message and group of the fact that no collector had read. */
  uncollected: { messageId: string; group: string };
}

/** A release that was kept: its database, its SDK, its addresses. @param name of its folder */
export function releaseOf(name: string) {
  const folder = path.resolve('test/upgrade', name);
  const read = <T>(file: string) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as T;
  return {
    database: path.join(folder, 'database.gz'),
    sdk: path.join(folder, 'sdk.mjs'),
    credentials: read<Credentials>('credentials.json'),
    expected: read<Expected>('expected.json'),
    addresses: () => readFileSync(path.join(folder, 'addresses.txt'), 'utf8'),
  };
}
