import { describe, expect, it } from 'vitest';
import { lastMinutes, SPANS } from './use-span';

describe('the last minutes', () => {
  const now = Date.parse('2026-11-30T14:23:45.678Z');
  const at = (minutes: number) => {
    const { from, to } = lastMinutes(minutes, now);
    return [new Date(from).toISOString(), new Date(to).toISOString()];
  };

  it('begin and end on whole bars, and hold the present moment', () => {
    expect(at(30)).toEqual(['2026-11-30T13:54:00.000Z', '2026-11-30T14:24:00.000Z']);
    expect(at(60)).toEqual(['2026-11-30T13:24:00.000Z', '2026-11-30T14:24:00.000Z']);
    for (const minutes of SPANS) {
      const { from, to } = lastMinutes(minutes, now);
      expect(from < now && now < to, String(minutes)).toBe(true);
      expect(to - from).toBeGreaterThanOrEqual(minutes * 60_000);
    }
  });

  it('begin on a whole hour where they are days, as the counts are by the hour', () => {
    expect(at(10_080)[0]).toMatch(/:00:00\.000Z$/);
  });

  it('begin at the same moment for as long as a bar lasts', () => {
    expect(lastMinutes(60, now)).toEqual(lastMinutes(60, now + 14_000));
    expect(lastMinutes(60, now)).not.toEqual(lastMinutes(60, now + 15_000));
  });
});
