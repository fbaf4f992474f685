import { hostname } from 'node:os';
import { newUuidV7 } from '../protocol/uuid';

/** The reporting process, as every fact names it. */
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
