import { describe, expect, it } from 'vitest';
import { FairLimiter, WaitingList } from './waiting-list';

const never = new AbortController().signal;
const limits = { max: 3, maxPerKey: 2, deadlineMs: 10_000 };

describe('a waiting list', () => {
  it('gives turns by rank, of equal ones to the newest, and never holds more than allowed', async () => {
    const list = new WaitingList(limits);
    const ended: string[] = [];
    const wait = (key: string, rank: number) =>
      void list
        .wait({ key, rank, signal: never })
        .then((refusal) => ended.push(`${key} ${refusal ?? 'turn'}`));
    wait('a', 1);
    wait('b', 1);
    wait('c', 0);
    wait('d', 0);
    await expect.poll(() => ended).toEqual(['a full']);
    while (list.next());
    await expect.poll(() => ended).toEqual(['a full', 'd turn', 'c turn', 'b turn']);
    expect(list.size).toBe(0);
  });

  it('lets one key wait only so often, and is left by whoever is gone or late', async () => {
    const list = new WaitingList({ ...limits, deadlineMs: 20 });
    const gone = new AbortController();
    const first = list.wait({ key: 'a', rank: 0, signal: gone.signal });
    const second = list.wait({ key: 'a', rank: 0, signal: never });
    expect(await list.wait({ key: 'a', rank: 0, signal: never })).toBe('full');
    gone.abort();
    expect(await first).toBe('gone');
    expect(await second).toBe('late');
    expect(await list.wait({ key: 'a', rank: 0, signal: gone.signal })).toBe('gone');
    expect(list.size).toBe(0);
  });
});

describe('a limiter', () => {
  it('never runs more than its permits, also when one is given back while another asks', async () => {
    const limiter = new FairLimiter(2, { max: 100, maxPerKey: 100, deadlineMs: 10_000 });
    let running = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      // Asked for in the moment in which the permit is given back.
      await Promise.resolve();
    };
    const claim = { key: 'a', rank: 0, signal: never };
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        await limiter.run(claim, work);
        await limiter.run(claim, work);
      }),
    );
    expect(most).toBe(2);
    expect(limiter.waiting).toBe(0);
  });
});
