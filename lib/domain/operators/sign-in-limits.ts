/** Guesses at one name that strangers have at once; together with those of an hour they are 100. */
const BURST = 20;
const PER_HOUR = 80;
/** A free guess comes this often, in milliseconds. */
export const REFILL_MS = 3_600_000 / PER_HOUR;

/** Wrong attempts of one address or device that cost no time. */
const FREE_ATTEMPTS = 3;
const FIRST_DELAY_MS = 1_000;
const MAX_STRANGER_DELAY_MS = 300_000;
const MAX_DEVICE_DELAY_MS = 60_000;

/** The earlier attempts that count, of the last hour. */
export const COUNTED_MS = 3_600_000;

/**
 * Returns how long strangers have to wait until the next guess at one name is checked: a bucket of 20 that refills with 80
 * an hour. It allows at most 100 guesses an hour, and a free guess is never more than 45 s away.
 * @param times of the guesses of the last hour, in milliseconds, oldest first
 * @returns milliseconds, 0 if a guess may be checked now
 */
export function strangerWaitMs(times: readonly number[], now: number): number {
  let level = BURST;
  let at = times[0] ?? now;
  for (const time of times) {
    level = Math.min(BURST, level + (time - at) / REFILL_MS) - 1;
    at = time;
  }
  level = Math.min(BURST, level + (now - at) / REFILL_MS);
  return level >= 1 ? 0 : Math.ceil((1 - level) * REFILL_MS);
}

/** A limit by address or device: how many wrong attempts there were in the last hour, and when the last one was. */
export interface EarlierAttempts {
  count: number;
  /** Milliseconds since 1970; null where there was none. */
  lastAt: number | null;
}

/**
 * How long an address or a device has to wait after its wrong attempts; each one doubles it.
 * @param isDevice whether the operator signed in on this device before: it waits for a minute at most
 * @returns milliseconds
 */
export function delayMs(earlier: EarlierAttempts, now: number, isDevice: boolean): number {
  if (earlier.lastAt === null || earlier.count < FREE_ATTEMPTS) return 0;
  const max = isDevice ? MAX_DEVICE_DELAY_MS : MAX_STRANGER_DELAY_MS;
  const delay = Math.min(FIRST_DELAY_MS * 2 ** (earlier.count - FREE_ATTEMPTS), max);
  return Math.max(0, earlier.lastAt + delay - now);
}
