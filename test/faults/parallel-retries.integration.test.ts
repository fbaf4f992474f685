import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { buildContext, closeContext, type Context } from '@/lib/context/context';
import { openLedger, type Ledger } from './ledger';

const REQUESTS = 100;

describe.runIf(inject('kafka'))('many retries of one delivery at the same time', () => {
  let ledger: Ledger;
  let others: Context[];

  beforeEach(async () => {
    ledger = await openLedger(inject('postgres'), inject('kafka')?.address ?? '');
    const { settings, log } = ledger.context;
    // Pools and catalogues of their own, as several processes of the console have.
    others = await Promise.all(
      [1, 2, 3].map(() => buildContext(settings, settings.COURIER_DATABASE_URL ?? '', log)),
    );
  });
  afterEach(async () => {
    for (const context of others) await closeContext(context);
    await ledger.close();
  });

  async function askAtOnce(): Promise<{ accepted: number; copies: number }> {
    const message = await ledger.fail();
    const asked = await Promise.all(
      Array.from({ length: REQUESTS }, (_, at) => ledger.ask(message, others[at % others.length])),
    );
    // Several senders too, as while one process takes over from another.
    await Promise.all([ledger.send(), ledger.send(), ledger.send()]);
    await ledger.settle();
    return {
      accepted: asked.filter((state) => state === 'PENDING').length,
      copies: (await ledger.copies()).get(message.id) ?? 0,
    };
  }

  it(`${REQUESTS} of them send it once`, async () => {
    expect(await askAtOnce()).toEqual({ accepted: 1, copies: 1 });
  });

  it('control: where a delivery may have several active retries, it is sent several times', async () => {
    await ledger.context.store.query('DROP INDEX retry_item_target');
    const { accepted, copies } = await askAtOnce();
    expect(accepted).toBeGreaterThan(1);
    expect(copies).toBeGreaterThan(1);
  });
});
