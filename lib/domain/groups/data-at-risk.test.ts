import { describe, expect, it } from 'vitest';
import { riskOf, sooner, type DeletionPolicy, type Exposure } from './data-at-risk';

const HOUR = 3_600;
const NOW = 1_790_000_000_000;
const forEver: DeletionPolicy = {
  retentionMs: null,
  retentionBytes: null,
  segmentBytes: null,
  segmentMs: null,
  isTiered: false,
};
const sixHours = { ...forEver, retentionMs: 6 * HOUR * 1_000 };
/** 1,000 unread of 2,000 records of 100 bytes; the first unread one is an hour old. */
const behind: Exposure = {
  now: NOW,
  unread: 1_000,
  firstUnreadAt: NOW - HOUR * 1_000,
  sizeBytes: 200_000,
  logLength: 2_000,
  rateIn: 10,
  rateOut: 0,
  direction: 'up',
};
const risk = (policy: DeletionPolicy | null, more: Partial<Exposure> = {}) =>
  riskOf(policy, { ...behind, ...more });

describe('data at risk', () => {
  it('is none where nothing is unread, and where nothing is ever deleted', () => {
    expect(risk(sixHours, { unread: 0 })).toEqual({ kind: 'none' });
    expect(risk(null, { unread: 0 })).toEqual({ kind: 'none' });
    // A compacted topic without deletion: the broker port gives it no retention.
    expect(risk(forEver)).toEqual({ kind: 'none' });
  });

  it('is not known where a right or a figure is missing, and never none', () => {
    expect(risk(null)).toEqual({ kind: 'unknown', why: 'settings' });
    expect(risk(sixHours, { firstUnreadAt: null })).toEqual({ kind: 'unknown', why: 'time' });
    const bySize = { ...forEver, retentionBytes: 1_000_000 };
    expect(risk(bySize, { sizeBytes: null })).toEqual({ kind: 'unknown', why: 'size' });
    expect(risk(bySize, { rateIn: null })).toEqual({ kind: 'unknown', why: 'size' });
    expect(risk({ ...bySize, isTiered: true })).toEqual({ kind: 'unknown', why: 'size' });
    expect(risk(sixHours, { unread: null })).toEqual({ kind: 'unknown', why: 'position' });
    expect(risk(forEver, { unread: null })).toEqual({ kind: 'none' });
    expect(risk(sixHours, { rateOut: null })).toEqual({ kind: 'unknown', why: 'rate' });
    // One rule is known, and the other one may come before it.
    expect(risk({ ...sixHours, retentionBytes: 1_000_000 }, { sizeBytes: null })).toMatchObject({
      kind: 'unknown',
    });
  });

  it('by time is the rest of the retention of the first unread record', () => {
    expect(risk(sixHours)).toMatchObject({
      kind: 'at',
      by: 'time',
      stoppedSeconds: 5 * HOUR,
      presentSeconds: 5 * HOUR,
    });
    // A record of 2010 may be deleted at any moment, and one of next year for more than a year not.
    expect(risk(sixHours, { firstUnreadAt: 1_262_304_000_000 })).toMatchObject({ stoppedSeconds: 0 });
    expect(risk(sixHours, { firstUnreadAt: NOW + 8_760 * HOUR * 1_000 })).toMatchObject({
      stoppedSeconds: 8_766 * HOUR,
    });
  });

  it('by time at the present rates is later for a reader that only falls behind, and never for one that does not', () => {
    // In an hour it reads half of an hour's records: deletion comes closer by half a second each second.
    const half = risk(sixHours, { rateOut: 1_000 / HOUR / 2 });
    expect(half).toMatchObject({ stoppedSeconds: 5 * HOUR, presentSeconds: 10 * HOUR });
    for (const direction of ['down', 'flat', null] as const)
      expect(risk(sixHours, { rateOut: 5, direction })).toMatchObject({
        presentSeconds: null,
        stoppedSeconds: 5 * HOUR,
      });
  });

  it('by size is what still fits before the end of the log', () => {
    const bySize = { ...forEver, retentionBytes: 1_000_000 };
    // 900,000 bytes at 1,000 a second.
    expect(risk(bySize)).toMatchObject({
      by: 'size',
      stoppedSeconds: 900,
      presentSeconds: 900,
      fits: 10_000,
    });
    expect(risk(bySize, { rateOut: 5 })).toMatchObject({ stoppedSeconds: 900, presentSeconds: 1_800 });
    expect(risk(bySize, { rateOut: 20, direction: 'down' })).toMatchObject({ presentSeconds: null });
    expect(risk({ ...forEver, retentionBytes: 100_000 })).toMatchObject({
      stoppedSeconds: 0,
      presentSeconds: 0,
    });
    expect(risk(bySize, { rateIn: 0 })).toEqual({ kind: 'none' });
  });

  it('is now where the broker may delete it already, unless it is read before the broker checks', () => {
    const old = { firstUnreadAt: 1_262_304_000_000, direction: 'down' as const };
    expect(risk(sixHours, { ...old, rateOut: 1 })).toMatchObject({ presentSeconds: 0 });
    expect(risk(sixHours, { ...old, rateOut: 100 })).toMatchObject({
      presentSeconds: null,
      stoppedSeconds: 0,
    });
    const small = { ...forEver, retentionBytes: 100_000 };
    expect(risk(small, { rateOut: 1, direction: 'down' })).toMatchObject({ presentSeconds: 0 });
    expect(risk(small, { rateOut: 100, direction: 'down' })).toMatchObject({ presentSeconds: null });
  });

  it('is what comes first of both, and up to a segment later', () => {
    const both = {
      ...sixHours,
      retentionBytes: 1_000_000,
      segmentMs: 2 * HOUR * 1_000,
      segmentBytes: 60_000,
    };
    expect(risk(both)).toMatchObject({
      by: 'size',
      stoppedSeconds: 900,
      presentSeconds: 900,
      laterSeconds: 60 + 300,
    });
    expect(risk({ ...both, segmentBytes: null })).toMatchObject({ laterSeconds: 2 * HOUR + 300 });
    expect(risk(sixHours)).toMatchObject({ laterSeconds: null });
  });
});

it('orders by the present rates, then by what happens if reading stopped', () => {
  const bounds = [
    [null, null],
    [null, 50],
    [900, 900],
    [null, 20],
    [300, 10],
  ].map(([presentSeconds = null, stoppedSeconds = null]) => ({ presentSeconds, stoppedSeconds }));
  expect(
    bounds.sort(sooner).map(({ presentSeconds, stoppedSeconds }) => [presentSeconds, stoppedSeconds]),
  ).toEqual([
    [300, 10],
    [900, 900],
    [null, 20],
    [null, 50],
    [null, null],
  ]);
});
