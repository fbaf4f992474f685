import { describe, expect, it } from 'vitest';
import { Limiter } from './limiter';

/** Work that runs until the test ends it. */
function held() {
  let end = (): void => undefined;
  const done = new Promise<void>((resolve) => (end = resolve));
  return { work: () => done, end };
}

describe('a limiter', () => {
  it('lets so many work at once, and the others in their order', async () => {
    const limiter = new Limiter(1, { max: 10, deadlineMs: 10_000 });
    const order: number[] = [];
    const first = held();
    const runs = [limiter.run(first.work)];
    for (const number of [1, 2, 3])
      runs.push(
        limiter.run(() => {
          order.push(number);
          return Promise.resolve();
        }),
      );
    expect(limiter.waiting).toBe(3);
    first.end();
    await Promise.all(runs);
    expect(order).toEqual([1, 2, 3]);
    expect(limiter.waiting).toBe(0);
  });

  it('refuses whom it has no room for, and whose turn does not come in time', async () => {
    const limiter = new Limiter(1, { max: 1, deadlineMs: 20 });
    const first = held();
    const running = limiter.run(first.work);
    const late = limiter.run(() => Promise.reject(new Error('must not begin')));
    expect(await limiter.run(() => Promise.resolve(1))).toEqual({ refusal: 'full' });
    expect(await late).toEqual({ refusal: 'late' });
    first.end();
    await running;
    expect(await limiter.run(() => Promise.resolve(1))).toEqual({ result: 1 });
  });

  it('gives the permit back when the work fails', async () => {
    const limiter = new Limiter(1, { max: 1, deadlineMs: 1_000 });
    await expect(limiter.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await limiter.run(() => Promise.resolve('yes'))).toEqual({ result: 'yes' });
  });
});
