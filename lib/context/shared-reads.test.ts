import { expect, it } from 'vitest';
import { keptRead, SharedReads, sharedRead } from './shared-reads';

function counted() {
  const answers: ((value: number) => void)[] = [];
  const read = sharedRead(
    (_context: { shared: SharedReads }) => new Promise<number>((resolve) => answers.push(resolve)),
  );
  return { answers, read };
}

it('reads once for callers who ask at the same time, and again for the next', async () => {
  const { answers, read } = counted();
  const context = { shared: new SharedReads() };
  const both = [read(context), read(context)];
  expect(answers).toHaveLength(1);
  answers[0]?.(1);
  expect(await Promise.all(both)).toEqual([1, 1]);
  const next = read(context);
  expect(answers).toHaveLength(2);
  answers[1]?.(2);
  expect(await next).toBe(2);
});

it('keeps answers of other clusters and of other reads apart', async () => {
  const { answers, read } = counted();
  void read({ shared: new SharedReads() });
  void read({ shared: new SharedReads() });
  expect(answers).toHaveLength(2);
  const context = { shared: new SharedReads() };
  const other = sharedRead((_context: { shared: SharedReads }) => Promise.resolve('other'));
  void read(context);
  expect(await other(context)).toBe('other');
});

it('answers with what was read before, where the caller allows it and a new reading takes long', async () => {
  const { answers, read } = counted();
  const context = { shared: new SharedReads() };
  const first = read(context);
  answers[0]?.(1);
  await first;
  const patient = { freshMs: 0, waitMs: 1, maxAgeMs: 60_000 };
  expect(await read(context, { ...patient, freshMs: 60_000 })).toBe(1);
  expect(answers).toHaveLength(1);
  expect(await read(context, patient)).toBe(1);
  expect(answers).toHaveLength(2);
  const strict = read(context, { ...patient, maxAgeMs: 0 });
  answers[1]?.(2);
  expect(await strict).toBe(2);
});

it('forgets a reading that failed', async () => {
  let fails = true;
  const read = sharedRead((_context: { shared: SharedReads }) =>
    fails ? Promise.reject(new Error('the store is away')) : Promise.resolve(1),
  );
  const context = { shared: new SharedReads() };
  await expect(read(context)).rejects.toThrow('the store is away');
  fails = false;
  expect(await read(context)).toBe(1);
});

it('answers a costly reading again for as long as it says', async () => {
  let count = 0;
  const read = keptRead(
    (_context: { shared: SharedReads; keptMs: number }) => Promise.resolve((count += 1)),
    (value) => (value === 1 ? 60_000 : 0),
  );
  const context = { shared: new SharedReads(), keptMs: 0 };
  expect([await read(context), await read(context)]).toEqual([1, 1]);
  const other = { shared: new SharedReads(), keptMs: 0 };
  expect([await read(other), await read(other)]).toEqual([2, 3]);
});
