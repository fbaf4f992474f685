import { describe, expect, it } from 'vitest';
import { forecastOf } from './lag-forecast';

const FROM = '2026-11-21T12:00:00.000Z';
const axis = { from: FROM, stepSeconds: 60 };
const at = (minutes: number) => Date.parse(FROM) + minutes * 60_000;
const values = [...Array.from({ length: 61 }, (_, minute) => minute * 20), null];
const stuck = {
  verdict: 'stuck',
  drain: { kind: 'never' },
  rateIn: 20,
  rateOut: 0,
  risk: {
    kind: 'at',
    by: 'size',
    stoppedSeconds: 1_800,
    presentSeconds: 1_800,
    laterSeconds: null,
    fits: 50_000,
  },
} as const;

describe('the future of a lag', () => {
  it('grows at the present rates to where the first unread record is deleted', () => {
    expect(forecastOf(axis, values, stuck)).toEqual({
      points: [
        { at: at(60), value: 1_200 },
        { at: at(90), value: 1_200 + 20 * 1_800 },
      ],
      isLoss: true,
    });
  });
  it('ends after half of the measured span where nothing is deleted within the axis', () => {
    for (const risk of [{ kind: 'none' } as const, null, { ...stuck.risk, presentSeconds: 90_000 }])
      expect(forecastOf(axis, values, { ...stuck, risk })).toMatchObject({
        points: [{}, { at: at(90) }],
        isLoss: false,
      });
  });
  it('falls to nothing where it drains, and as far as the axis goes', () => {
    const drains = { ...stuck, verdict: 'catching_up', rateOut: 40 } as const;
    const drain = (lowSeconds: number, highSeconds: number) =>
      ({ kind: 'time', lowSeconds, highSeconds }) as const;
    expect(forecastOf(axis, values, { ...drains, drain: drain(500, 700) })?.points[1]).toEqual({
      at: at(70),
      value: 0,
    });
    expect(forecastOf(axis, values, { ...drains, drain: drain(10_800, 10_800) })?.points[1]).toEqual({
      at: at(150),
      value: 600,
    });
  });
  it('is not known where the judge knows none, and where nothing was measured', () => {
    expect(forecastOf(axis, values, { ...stuck, drain: { kind: 'unknown' } })).toBeNull();
    expect(forecastOf(axis, values, { ...stuck, rateIn: 0 })).toBeNull();
    expect(forecastOf(axis, values, { ...stuck, verdict: 'no_data' })).toBeNull();
    expect(forecastOf(axis, [null, null], stuck)).toBeNull();
  });
});
