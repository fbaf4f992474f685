import { expect, it } from 'vitest';
import { Recent } from './recent';

it('keeps the last eight values', () => {
  const recent = new Recent<number>();
  for (let value = 1; value <= 10; value += 1) recent.add(value);
  const kept = (value: number) => recent.find((other) => other === value) !== undefined;
  expect([1, 2, 3, 10].map(kept)).toEqual([false, false, true, true]);
});
