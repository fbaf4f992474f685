import { describe, expect, it } from 'vitest';
import { Rates } from './rates';

describe('rates', () => {
  it('are not taken over a time in which nobody measured', () => {
    const rates = new Rates();
    for (let n = 0; n < 4; n += 1) rates.add('a', n * 3_000, BigInt(n * 30), BigInt(n * 30));
    expect(rates.add('a', 12_000, 120n, 120n)).toEqual({ rateIn: 10, rateOut: 10 });
    // A minute later a service has sent in one go what it had kept.
    expect(rates.add('a', 81_000, 120n, 4_000n)).toEqual({ rateIn: null, rateOut: null });
    expect(rates.add('a', 84_000, 180n, 4_030n)).toEqual({ rateIn: 10, rateOut: 20 });
  });

  it('do not count a position that was set while nobody read', () => {
    const rates = new Rates();
    for (let n = 0; n < 4; n += 1) rates.add('a', n * 3_000, 30n, BigInt(n * 30), true);
    expect(rates.add('a', 12_000, 120n, 120n, true)).toEqual({ rateIn: null, rateOut: null });
    expect(rates.add('a', 15_000, 120n, 150n, true)).toEqual({ rateIn: 10, rateOut: 0 });
  });

  it('are taken over a long time where that is how often one measures', () => {
    const rates = new Rates(60_000);
    for (let n = 0; n < 3; n += 1) rates.add('a', n * 60_000, BigInt(n * 60), BigInt(n * 60));
    expect(rates.add('a', 180_000, 180n, 180n)).toEqual({ rateIn: 1, rateOut: 1 });
  });
});

describe('rates of a place', () => {
  const measure = (lags: [seconds: number, committed: number, end: number][]) => {
    const rates = new Rates();
    return lags.map(([seconds, committed, end]) =>
      rates.add('orders/0', seconds * 1_000, BigInt(committed), BigInt(end)),
    );
  };

  it('are of the last minute', () => {
    const last = measure([0, 10, 20, 30, 40, 50, 60, 70, 80].map((at) => [at, at * 2, at * 3])).at(-1);
    expect(last).toEqual({ rateIn: 3, rateOut: 2 });
  });

  it('are of the time since a burst ended, once three measurements say so', () => {
    const [, , before, first, second, third] = measure([
      [0, 0, 0],
      [10, 20, 200],
      [20, 40, 210],
      [30, 60, 220],
      [40, 80, 230],
      [50, 100, 240],
    ]);
    expect(before).toEqual({ rateIn: 10.5, rateOut: 2 });
    expect(first?.rateIn).toBeGreaterThan(2);
    expect([second, third]).toEqual([
      { rateIn: 1, rateOut: 2 },
      { rateIn: 1, rateOut: 2 },
    ]);
  });

  it('begin anew where a position went back', () => {
    expect(
      measure([
        [0, 50, 60],
        [10, 60, 70],
        [20, 5, 70],
        [30, 10, 80],
      ]).slice(2),
    ).toEqual([
      { rateIn: null, rateOut: null },
      { rateIn: 1, rateOut: 0.5 },
    ]);
  });
});
