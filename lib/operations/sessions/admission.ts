import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { CourierError } from '@/lib/errors';
import { delayMs, REFILL_MS } from '@/lib/domain/operators/sign-in-limits';
import {
  countOfAddress,
  countOfDevice,
  recordDeviceAttempt,
  reserveGuess,
} from '@/lib/store/operators/attempts';
import type { Context } from '@/lib/context/context';
import { Neighbourhood } from './neighbourhood';
import { FairLimiter, WaitingList, type Refusal } from './waiting-list';

/** One hash takes 128 MB and a third of a second of one core; more at once would take the machine down. */
const HASHES_AT_ONCE = 2;

/** The one way to a hash of a password in this process. A known device, and Courier itself, come before all strangers. */
export const hashing = new FairLimiter(HASHES_AT_ONCE, { max: 200, maxPerKey: 2, deadlineMs: 30_000 });
export const FIRST_RANK = -2;
/** A caller that had to wait for a guess does not wait behind strangers again. */
const WAITED_RANK = -1;

/** Where attempts to sign in came from of late, in this process. */
const neighbourhood = new Neighbourhood();

/** Names whose strangers wait for the next free guess. */
const queues = new Map<string, NameQueue>();
const MAX_QUEUES = 1_000;

/** Requests to sign in that wait, for tests and metrics. */
export function waitingSignIns(): number {
  return hashing.waiting + [...queues.values()].reduce((sum, queue) => sum + queue.list.size, 0);
}

/** A guess that may be checked now, and how early it is served. */
export interface Guess {
  /** The attempt's number, to take it back when it was right. */
  attempt: string;
  rank: number;
}

export interface Guesser {
  account: string;
  address: string;
  /** The device's name where the operator signed in on it before. */
  device: string | null;
  signal: AbortSignal;
}

/**
 * Waits until an attempt may be checked. Devices on which the operator signed in before have a queue of their own, which
 * no stranger can fill.
 * @throws CourierError too_many_requests with the seconds to wait
 */
export async function admitGuess(context: Context, guesser: Guesser): Promise<Guess> {
  const now = context.now().getTime();
  const { store } = context;
  const { account, address, device, signal } = guesser;
  if (device !== null) {
    const wait = delayMs(await countOfDevice(store, device), now, true);
    if (wait > 0) throw tooMany(wait);
    return { attempt: await recordDeviceAttempt(store, account, address, device), rank: FIRST_RANK };
  }
  // Refused attempts count too: an address with many attempts ranks behind one with its first attempt.
  const rank = neighbourhood.add(address);
  const wait = delayMs(await countOfAddress(store, address), now, false);
  if (wait > 0) throw tooMany(wait);
  for (let tries = 0; ; tries += 1) {
    const reserved = await reserveGuess(store, account, address, context.now());
    if (reserved.attempt !== null) return { attempt: reserved.attempt, rank: tries > 0 ? WAITED_RANK : rank };
    // Another process took the free guess. A caller that waited for one once does not wait again.
    if (tries > 0) throw tooMany(reserved.waitMs);
    const refusal = await waitInLane(account, reserved.waitMs, { key: address, rank, signal });
    if (refusal !== null) throw refused(refusal, reserved.waitMs);
  }
}

/** Strangers who wait for the next free guess at one name; each time that one is free, the first of them has its turn. */
class NameQueue {
  readonly list = new WaitingList({ max: 50, maxPerKey: 1, deadlineMs: 50_000 });
  private timer: NodeJS.Timeout | undefined;
  private dueAt = Infinity;

  /** Gives a turn after so many milliseconds, unless one comes before. */
  schedule(waitMs: number): void {
    const dueAt = performance.now() + waitMs;
    if (dueAt >= this.dueAt) return;
    clearTimeout(this.timer);
    this.dueAt = dueAt;
    this.timer = setTimeout(() => {
      this.dueAt = Infinity;
      this.list.next();
      if (this.list.size > 0) this.schedule(REFILL_MS);
    }, waitMs);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}

async function waitInLane(
  account: string,
  waitMs: number,
  claim: { key: string; rank: number; signal: AbortSignal },
): Promise<Refusal | null> {
  const queue = queues.get(account) ?? new NameQueue();
  if (!queues.has(account) && queues.size >= MAX_QUEUES) return 'full';
  queues.set(account, queue);
  queue.schedule(waitMs);
  try {
    return await queue.list.wait(claim);
  } finally {
    if (queue.list.size === 0) {
      queue.stop();
      queues.delete(account);
    }
  }
}

/** The error of an attempt that had no turn. */
export function refused(refusal: Refusal, waitMs = 2_000): CourierError {
  if (refusal === 'gone')
    return new CourierError('too_many_requests', 'The request was given up by its client.');
  return tooMany(waitMs);
}

function tooMany(waitMs: number): CourierError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new CourierError(
    'too_many_requests',
    `Too many attempts to sign in. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
    { retryAfterSeconds: seconds },
  );
}

const MAX_DEVICES = 5;

/**
 * The device's name in the cookie of known devices, where the operator signed in on it before; null otherwise.
 * @param cookie entries `operator.device.signature`, separated by `~`
 */
export function knownDevice(secret: Buffer, operatorId: number, cookie: string | undefined): string | null {
  for (const entry of (cookie ?? '').split('~').slice(0, MAX_DEVICES)) {
    const [operator = '', device = '', signature = ''] = entry.split('.');
    if (operator !== String(operatorId)) continue;
    const expected = Buffer.from(sign(secret, operator, device));
    const given = Buffer.from(signature);
    if (expected.length === given.length && timingSafeEqual(expected, given)) return device;
  }
  return null;
}

/** The cookie with this operator's device in it, before those of others who sign in here. */
export function withDevice(secret: Buffer, operatorId: number, cookie: string | undefined): string {
  const device = knownDevice(secret, operatorId, cookie) ?? randomBytes(12).toString('base64url');
  const others = (cookie ?? '')
    .split('~')
    .filter((entry) => /^\d+\.[\w-]+\.[\w-]+$/.test(entry) && !entry.startsWith(`${operatorId}.`));
  const own = `${operatorId}.${device}.${sign(secret, String(operatorId), device)}`;
  return [own, ...others].slice(0, MAX_DEVICES).join('~');
}

function sign(secret: Buffer, operator: string, device: string): string {
  return createHmac('sha256', secret).update(`device ${operator} ${device}`).digest('base64url');
}
