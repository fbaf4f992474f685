import type { Adapter } from './adapter';
import { embedded } from './embedded/open';
import { kafka } from './kafka/open';

/** Every broker that Courier can open. A new adapter is one folder and one entry here. */
export const ADAPTERS: readonly Adapter[] = [embedded, kafka];

/** @throws Error where no adapter has the scheme, which `readSettings` refuses before */
export function adapterOf(scheme: string): Adapter {
  const adapter = ADAPTERS.find((item) => item.scheme === scheme);
  if (!adapter) throw new Error(`no broker adapter has the scheme ${scheme}`);
  return adapter;
}
