import { describe, expect, it } from 'vitest';
import { Rates } from './history';

describe('rates', () => {
  it('are not taken over a time in which nobody measured', () => {
    const rates = new Rates();
    for (let n = 0; n < 4; n += 1) rates.add('a', n * 3_000, BigInt(n * 30), BigInt(n * 30));
    expect(rates.add('a', 12_000, 120n, 120n)).toEqual({ rateIn: 10, rateOut: 10 });
    // A minute later a service has sent in one go what it had kept.
    expect(rates.add('a', 81_000, 120n, 4_000n)).toEqual({ rateIn: null, rateOut: null });
    expect(rates.add('a', 84_000, 180n, 4_030n)).toEqual({ rateIn: 10, rateOut: 20 });
  });

  it('are taken over a long time where that is how often one measures', () => {
    const rates = new Rates(60_000);
    for (let n = 0; n < 3; n += 1) rates.add('a', n * 60_000, BigInt(n * 60), BigInt(n * 60));
    expect(rates.add('a', 180_000, 180n, 180n)).toEqual({ rateIn: 1, rateOut: 1 });
  });
});
