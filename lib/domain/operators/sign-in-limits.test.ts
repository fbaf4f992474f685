import { describe, expect, it } from 'vitest';
import { foldName, isReadableName } from './name';
import { delayMs, strangerWaitMs } from './sign-in-limits';

const HOUR = 3_600_000;

describe('guesses of strangers at one name', () => {
  it('are at most 100 in any hour, and a free one is never longer away than a minute', () => {
    const times: number[] = [];
    for (let now = 0; now < 5 * HOUR; now += 1_000) {
      const recent = times.filter((time) => time > now - HOUR);
      const wait = strangerWaitMs(recent, now);
      expect(wait).toBeLessThanOrEqual(45_000);
      if (wait === 0) times.push(now);
      expect(times.filter((time) => time > now - HOUR).length).toBeLessThanOrEqual(100);
    }
    expect(times.length).toBeGreaterThan(380);
  });

  it('have some at once after a quiet time', () => {
    expect(strangerWaitMs([], 0)).toBe(0);
    expect(
      strangerWaitMs(
        Array.from({ length: 19 }, () => 0),
        0,
      ),
    ).toBe(0);
    expect(
      strangerWaitMs(
        Array.from({ length: 20 }, () => 0),
        0,
      ),
    ).toBe(45_000);
  });
});

describe('the delay of an address', () => {
  it('doubles with each wrong attempt, up to five minutes, and for a known device to one', () => {
    const after = (count: number, isDevice = false) => delayMs({ count, lastAt: 0 }, 0, isDevice);
    expect([0, 2, 3, 4, 5, 6].map((count) => after(count))).toEqual([0, 0, 1_000, 2_000, 4_000, 8_000]);
    expect(after(50)).toBe(300_000);
    expect(after(50, true)).toBe(60_000);
    expect(delayMs({ count: 4, lastAt: 0 }, 1_500, false)).toBe(500);
    expect(delayMs({ count: 0, lastAt: null }, 0, false)).toBe(0);
  });
});

describe('the name of an operator', () => {
  it('is one whatever its case and form', () => {
    for (const name of ['Bob', 'bob', ' BOB ', 'ＢＯＢ']) expect(foldName(name)).toBe('bob');
    expect(foldName('Ärger')).toBe(foldName('A\u0308RGER'));
    expect(foldName('b%b')).not.toBe(foldName('bob'));
  });

  it('has no characters that cannot be seen', () => {
    expect(isReadableName('王小明')).toBe(true);
    for (const name of ['ad\u200bmin', 'a\0b', 'a\u202eb', 'a\nb', 'admin\u3164', 'ad\u034fmin', 'a\u2800'])
      expect(isReadableName(name)).toBe(false);
  });
});
