import { expect, it } from 'vitest';
import { isExpected, isZone, type Schedule } from './expectation';

const night: Schedule = { days: [1, 2, 3, 4, 5], from: '20:00', to: '06:00', zone: 'Europe/Berlin' };
const at = (time: string, schedule = night) => isExpected({ kind: 'schedule', schedule }, new Date(time));

it('is expected until a time, for ever, or not', () => {
  const until = { kind: 'until', until: '2026-11-30T06:00:00Z' } as const;
  expect(isExpected(until, new Date('2026-11-30T05:59:59Z'))).toBe(true);
  expect(isExpected(until, new Date('2026-11-30T06:00:00Z'))).toBe(false);
  expect(isExpected({ kind: 'always' }, new Date())).toBe(true);
  expect(isExpected(null, new Date())).toBe(false);
});

it('is expected on days of a zone, over midnight', () => {
  // Monday 20:00 in Berlin is 19:00 UTC in winter.
  expect(at('2026-11-30T18:59:00Z')).toBe(false);
  expect(at('2026-11-30T19:00:00Z')).toBe(true);
  expect(at('2026-12-01T04:59:00Z')).toBe(true);
  expect(at('2026-12-01T05:00:00Z')).toBe(false);
  // The night that began on Friday ends on Saturday; the one of Sunday is none.
  expect(at('2026-12-05T04:00:00Z')).toBe(true);
  expect(at('2026-12-05T20:00:00Z')).toBe(false);
  expect(at('2026-12-07T03:00:00Z')).toBe(false);
});

it('follows the change of daylight saving time', () => {
  // In summer 20:00 in Berlin is 18:00 UTC.
  expect(at('2026-07-06T18:00:00Z')).toBe(true);
  expect(at('2026-07-06T17:59:00Z')).toBe(false);
});

it('is expected within a day, in Asia/Shanghai', () => {
  const day = { days: [6, 7], from: '09:00', to: '18:00', zone: 'Asia/Shanghai' };
  expect(at('2026-12-05T01:00:00Z', day)).toBe(true);
  expect(at('2026-12-05T10:00:00Z', day)).toBe(false);
  expect(at('2026-12-04T01:00:00Z', day)).toBe(false);
});

it('accepts names of zones alone', () => {
  expect(['UTC', 'Asia/Shanghai', 'Europe/Berlin'].every(isZone)).toBe(true);
  expect(['Mars/Base', '', 'x'].some(isZone)).toBe(false);
});
