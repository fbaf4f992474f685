import { hostname } from 'node:os';
import { newUuidV7 } from '../protocol/uuid';

/** Who reports: stands on every fact. */
export interface Identity {
  service: string;
  release: string;
  host: string;
  /** Different for each start of the service. */
  process: string;
}

export function identityOf(service: string, release: string): Identity {
  return { service, release, host: hostname(), process: `${process.pid}-${newUuidV7().slice(-6)}` };
}
