import { describe, expect, it, vi } from 'vitest';
import { TokenSource } from './token-source';

const NOW = 1_700_000_000_000;
const tokenUntil = (endsAt: number, name = '') =>
  `x.${Buffer.from(JSON.stringify({ exp: endsAt / 1_000, name })).toString('base64url')}.y`;

describe('a source of tokens', () => {
  it('asks once for all who wait, and again when most of the life is over', async () => {
    vi.setSystemTime(NOW);
    let asked = 0;
    const source = new TokenSource(() => Promise.resolve(tokenUntil(NOW + 60_000, String((asked += 1)))));
    const [first, second] = await Promise.all([source.get(NOW), source.get(NOW)]);
    expect(first).toBe(second);
    await source.get(NOW + 47_000);
    expect(asked).toBe(1);
    expect(await source.get(NOW + 49_000)).not.toBe(first);
    expect(asked).toBe(2);
    vi.useRealTimers();
  });

  it('uses the old one to its end while no new one is to be had', async () => {
    vi.setSystemTime(NOW);
    let isDown = false;
    const token = tokenUntil(NOW + 10_000);
    const source = new TokenSource(() =>
      isDown ? Promise.reject(new Error('the endpoint is down')) : Promise.resolve(token),
    );
    await source.get(NOW);
    isDown = true;
    expect(await source.get(NOW + 9_900)).toBe(token);
    await expect(source.get(NOW + 10_001)).rejects.toThrow('the endpoint is down');
    vi.useRealTimers();
  });
});
