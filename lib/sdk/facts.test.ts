import { describe, expect, it, vi } from 'vitest';
import { LIMITS, type FactBatch } from '../protocol/fact';
import { cut, factErrorOf, FactReporter } from './facts';
import type { OutgoingRecord, SendResult } from './transport';

const identity = { service: 's', release: '1', host: 'h', process: 'p' };
const batchOf = (record: OutgoingRecord) => JSON.parse(record.value?.toString() ?? '') as FactBatch;
const committed: SendResult = { outcome: 'committed', partition: 0, offset: '0' };

describe('the reporter of facts', () => {
  it('sends in batches, and fills in who reports and when', async () => {
    const sent: FactBatch[] = [];
    const reporter = new FactReporter(
      { sendFacts: (record) => Promise.resolve((sent.push(batchOf(record)), committed)) },
      null,
      identity,
    );
    for (let n = 0; n < LIMITS.factsPerBatch + 1; n += 1)
      reporter.report({ kind: 'committed', messageId: String(n) });
    await reporter.close();
    expect(sent.map((batch) => batch.facts.length)).toEqual([LIMITS.factsPerBatch, 1]);
    expect(sent[0]?.facts[0]).toMatchObject({ ...identity, messageId: '0' });
    expect(Date.parse(sent[0]?.facts[0]?.at ?? '')).not.toBeNaN();
  });

  it('never waits and never throws: a full buffer drops, counts, and reports the count once it can', async () => {
    let away = true;
    const sent: FactBatch[] = [];
    const sendFacts = (record: OutgoingRecord): Promise<SendResult> => {
      if (away) return Promise.resolve({ outcome: 'not_written', error: new Error('away') });
      sent.push(batchOf(record));
      return Promise.resolve(committed);
    };
    const reporter = new FactReporter({ sendFacts }, null, identity);
    for (let n = 0; n < 10_250; n += 1) reporter.report({ kind: 'committed', messageId: String(n) });
    expect(reporter.dropped).toBe(250);
    away = false;
    await reporter.close();
    expect(sent.reduce((sum, batch) => sum + batch.facts.length, 0)).toBe(10_000);
    expect(sent.map((batch) => batch.dropped)).toEqual([250, ...sent.slice(1).map(() => 0)]);
    expect(
      sent
        .flatMap((batch) => batch.facts)
        .map((fact) => fact.messageId)
        .slice(0, 3),
    ).toEqual(['0', '1', '2']);
  });

  it('sends what was reported while a batch was on its way, though nothing more is reported', async () => {
    const sent: string[] = [];
    const answers: ((result: SendResult) => void)[] = [];
    const sendFacts = (record: OutgoingRecord) => {
      sent.push(...batchOf(record).facts.map((fact) => fact.messageId ?? ''));
      return new Promise<SendResult>((resolve) => answers.push(resolve));
    };
    const reporter = new FactReporter({ sendFacts }, null, identity);
    reporter.report({ kind: 'committed', messageId: 'first' });
    await expect.poll(() => answers.length).toBe(1);
    reporter.report({ kind: 'committed', messageId: 'meanwhile' });
    answers[0]?.({ outcome: 'not_written', error: new Error('away') });
    await expect.poll(() => answers.length, { timeout: 5_000 }).toBe(2);
    expect(sent).toEqual(['first', 'first', 'meanwhile']);
    answers[1]?.(committed);
    await reporter.close();
  });

  it('takes the way over HTTP while the broker is away', async () => {
    const posted: FactBatch[] = [];
    vi.stubGlobal('fetch', (_: URL, init: { body: string }) => {
      posted.push(JSON.parse(init.body) as FactBatch);
      return Promise.resolve(new Response('{}'));
    });
    const away = {
      sendFacts: () => Promise.resolve<SendResult>({ outcome: 'unknown', error: new Error('away') }),
    };
    const reporter = new FactReporter(away, { url: 'http://intake', token: 't' }, identity);
    reporter.report({ kind: 'send_failed', messageId: 'm' });
    await reporter.close();
    vi.unstubAllGlobals();
    expect(posted.flatMap((batch) => batch.facts.map((fact) => fact.kind))).toEqual(['send_failed']);
  });

  it('is not held up by a fact that nobody takes: it is found, dropped and counted', async () => {
    const taken: string[] = [];
    let dropped = 0;
    vi.stubGlobal('fetch', (_: URL, init: { body: string }) => {
      const batch = JSON.parse(init.body) as FactBatch;
      if (batch.facts.some((fact) => fact.messageId === 'bad'))
        return Promise.resolve(new Response('{}', { status: 400 }));
      taken.push(...batch.facts.map((fact) => fact.messageId ?? ''));
      dropped += batch.dropped ?? 0;
      return Promise.resolve(new Response('{}'));
    });
    const away = {
      sendFacts: () => Promise.resolve<SendResult>({ outcome: 'unknown', error: new Error('away') }),
    };
    const reporter = new FactReporter(away, { url: 'http://intake', token: 't' }, identity);
    const ids = Array.from({ length: 21 }, (_, n) => (n === 12 ? 'bad' : String(n)));
    for (const messageId of ids) reporter.report({ kind: 'committed', messageId });
    await reporter.close();
    vi.unstubAllGlobals();
    expect(taken).toEqual(ids.filter((id) => id !== 'bad'));
    expect(reporter.dropped).toBe(1);
    expect(dropped).toBe(1);
  });

  it('gives up closing after its time, when nothing answers at all', async () => {
    const reporter = new FactReporter(
      { sendFacts: () => Promise.resolve<SendResult>({ outcome: 'unknown', error: new Error('away') }) },
      null,
      identity,
    );
    reporter.report({ kind: 'committed', messageId: 'm' });
    await reporter.close(50);
  });
});

describe('an error as a fact carries it', () => {
  it('is made of whatever a handler throws', () => {
    const broken = new Error('x');
    Object.defineProperty(broken, 'message', { value: { code: 7 } });
    const throwing = {
      get [Symbol.toPrimitive]() {
        throw new Error('on purpose');
      },
    };
    for (const thrown of [undefined, null, Symbol('s'), Object.create(null), throwing, broken, 7n])
      expect([typeof factErrorOf(thrown).type, typeof factErrorOf(thrown).message]).toEqual([
        'string',
        'string',
      ]);
  });

  it("is named by its class and cut at a character's edge", () => {
    class CardExpired extends Error {}
    expect(factErrorOf(new CardExpired('x')).type).toBe('CardExpired');
    expect(factErrorOf('text')).toEqual({ type: 'string', message: 'text' });
    const error = new Error('y');
    error.stack = `Error: no\n    at charge (/srv/app/charge.ts:1:1)\n    at run (${import.meta.dirname}/subscriber.ts:2:2)`;
    expect(factErrorOf(error).stack).toBe('Error: no\n    at charge (/srv/app/charge.ts:1:1)');
    error.stack = '€'.repeat(20_000);
    expect(Buffer.byteLength(factErrorOf(error).stack ?? '')).toBeLessThanOrEqual(LIMITS.stackBytes);
    expect(cut('a€', 3)).toBe('a');
  });
});
