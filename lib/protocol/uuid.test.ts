import { expect, it } from 'vitest';
import { floorUuidV7, isUuidV7, newUuidV7, timeOfUuidV7, uuidV7From } from './uuid';

it('makes UUIDv7 that differ and tell their time', () => {
  const now = Date.UTC(2025, 10, 30);
  const ids = Array.from({ length: 1_000 }, () => newUuidV7(now));
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) {
    expect(isUuidV7(id)).toBe(true);
    expect(timeOfUuidV7(id)).toBe(now);
    expect(id >= floorUuidV7(now)).toBe(true);
  }
});

it('makes the same UUIDv7 of the same moment and bytes', () => {
  const bytes = Uint8Array.from({ length: 10 }, (_, index) => index * 28);
  expect(uuidV7From(1_000, bytes)).toBe(uuidV7From(1_000, bytes));
  expect(isUuidV7(uuidV7From(-5, bytes))).toBe(true);
});
