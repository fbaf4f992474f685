import { describe, expect, it } from 'vitest';
import { destinationOf, effectOf } from './position-move';

const log = { start: 100n, end: 500n };

describe('where a position is moved to', () => {
  it.each([
    [{ kind: 'start' } as const, null, 100n, null],
    [{ kind: 'end' } as const, null, 500n, null],
    [{ kind: 'lag', lag: 50 } as const, null, 450n, null],
    [{ kind: 'lag', lag: 0 } as const, null, 500n, null],
    [{ kind: 'lag', lag: 1_000 } as const, null, 100n, 'start'],
    [{ kind: 'offset', offset: '250' } as const, null, 250n, null],
    [{ kind: 'offset', offset: '7' } as const, null, 100n, 'start'],
    [{ kind: 'offset', offset: '9007199254740993' } as const, null, 500n, 'end'],
    [{ kind: 'time', at: '2026-11-21T06:00:00Z' } as const, 321n, 321n, null],
    // Retention deleted what was there between the two answers of the broker.
    [{ kind: 'time', at: '2026-11-21T06:00:00Z' } as const, 90n, 100n, 'start'],
  ])('%j', (target, atTime, to, limitedTo) => {
    expect(destinationOf(target, log, atTime)).toEqual({ to, limitedTo });
  });
});

describe('what a move skips and repeats', () => {
  it.each([
    ['back', 300n, 120n, { skipped: 0, repeated: 180 }],
    ['forward', 300n, 310n, { skipped: 10, repeated: 0 }],
    ['nowhere', 300n, 300n, { skipped: 0, repeated: 0 }],
    ['from before the log, whose records are gone either way', 20n, 150n, { skipped: 50, repeated: 0 }],
    ['from beyond the end', 900n, 500n, { skipped: 0, repeated: 0 }],
    ['back from beyond the end', 900n, 400n, { skipped: 0, repeated: 100 }],
    ['without a position', null, 130n, { skipped: 30, repeated: 0 }],
  ])('%s', (_, from, to, effect) => {
    expect(effectOf(from, to, log)).toEqual(effect);
  });
});
