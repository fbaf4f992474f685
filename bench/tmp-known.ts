import pg from 'pg';
import { startStore } from './store';
import { makePartitions } from '../lib/store/schema/partitions';
import { mergeFacts } from '../lib/store/facts/merge';
import { makeFact, newId } from '../lib/testing/facts';
import type { Fact } from '../lib/protocol/fact';
let offset = 0;
function fresh(count: number) {
  return Array.from({ length: count }, () => {
    const id = newId(); offset += 1;
    const position = { topic: 'orders', partition: 0, offset: String(offset) };
    const message = { topic: 'orders', type: 'OrderPaid', service: 'shop', key: `order-${offset}`, size: 200 };
    return { id, first: [makeFact('committed', id, 0, { position, message, service: 'shop' })], second: ['payment', 'inventory'].map((group) => makeFact('handled', id, 1, { group, position, attempt: 1, durationMs: 12, host: 'host-a', release: '1.0.0' })) };
  });
}
const store = await startStore();
const context = await store.open('ours');
await makePartitions(context.store, Date.now(), Date.now());
const merge = (facts: Fact[]) => mergeFacts(context.store, context.catalog, { source: 'bench', receivedAt: new Date(), facts });
await merge(fresh(500).flatMap((m) => m.first));
const spent = new Map<string, [number, number]>();
let phase = '';
if (process.argv.includes('--sql')) {
  const query = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  pg.Client.prototype.query = function (this: unknown, ...args: unknown[]) {
    const a = args[0] as { name?: string; text?: string; cursor?: unknown } | string;
    const name = phase + ' ' + (typeof a === 'string' ? a.slice(0, 50) : (a.name ?? a.text?.slice(0, 50) ?? (a as { constructor: { name: string } }).constructor.name + String((a as { text?: string }).text ?? '').slice(0, 40)));
    const began = performance.now();
    const done = () => { const [n, t] = spent.get(name) ?? [0, 0]; spent.set(name, [n + 1, t + performance.now() - began]); };
    const result = query.apply(this, args) as Promise<unknown> & { on?: (e: string, f: () => void) => void };
    if (result && typeof result.then === 'function') void result.then(done, done);
    else if (result?.on) result.on('finish', done);
    return result;
  } as never;
}
let [tn, tk] = [0, 0];
const R = Number(process.env.R ?? 8);
for (let r = 0; r < R; r += 1) {
  const m = fresh(5000);
  phase = 'new'; let b = performance.now(); await merge(m.flatMap((x) => x.first)); tn += performance.now() - b;
  phase = 'known'; b = performance.now(); await merge(m.flatMap((x) => x.second)); tk += performance.now() - b;
}
console.log('new', Math.round(tn / R), 'known', Math.round(tk / R));
for (const [k, [n, t]] of [...spent].sort((a, b) => b[1][1] - a[1][1]).slice(0, 30)) console.log(k, n / R, (t / R).toFixed(1));
await store.stop(); process.exit(0);
