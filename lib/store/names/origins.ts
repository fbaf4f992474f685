import type { Fact } from '@/lib/protocol/fact';
import type { Queryable } from '@/lib/postgres';
import { NameTable } from './name-table';

/** Who reported a fact, and by which way it came. An empty name is none. */
export interface Origin {
  source: string;
  service: string;
  host: string;
  release: string;
  process: string;
  member: string;
}

/** Hosts, releases, processes and members of one service that the store has at a time; those of gone days are removed. */
const MAX_PER_SERVICE = 10_000;

export function originTable(store: Queryable, maxPerService = MAX_PER_SERVICE) {
  return new NameTable<Origin>(store, {
    table: 'origin',
    owner: { name: 'service', type: 'text', of: (origin) => origin.service },
    columns: (['source', 'host', 'release', 'process', 'member'] as const).map((name) => ({
      name,
      type: 'text',
      of: (origin) => origin[name],
    })),
    maxPerOwner: maxPerService,
    fixed: {},
  });
}

/** The origin of a fact. @param source by which it was read */
export function originOf(fact: Fact, source: string): Origin {
  return {
    source,
    service: fact.service ?? '',
    host: fact.host ?? '',
    release: fact.release ?? '',
    process: fact.process ?? '',
    member: fact.member ?? '',
  };
}

/** The origin that a delivery names: where its last outcome was, by whichever way that was reported. */
export function placeOf(outcome: {
  service: string | null;
  host: string | null;
  release: string | null;
}): Origin {
  const { service, host, release } = outcome;
  return {
    source: '',
    service: service ?? '',
    host: host ?? '',
    release: release ?? '',
    process: '',
    member: '',
  };
}
