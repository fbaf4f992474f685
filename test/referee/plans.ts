import type { Driver, Reading } from './driver';

/** What a group does, and what is true of it while it does that. */
export interface Plan {
  name: string;
  copies: number;
  partitions: number;
  reading: Reading;
  /** Records a second into a partition. */
  rate: (seconds: number, partition: number) => number;
  /** Records in each partition before anything reads. */
  backlog?: number;
  /** Whether it reads from the beginning. */
  startsReading?: false;
  at?: Record<number, (driver: Driver) => void | Promise<void>>;
  /** Verdicts that are true now. */
  truth: (driver: Driver, seconds: number) => string[];
  /** Verdicts on the way to a new truth. */
  between?: string[];
  /** Seconds after a change in which the verdict of before may be given still; absent: by the commit interval. */
  settles?: number;
  /** Its topic has control records, so that offsets do not count messages. */
  hasMarkers?: true;
}

const FINE = ['keeping_up', 'idle'];
const BEHIND_SECONDS = 30;

/** `late` while it is behind in time, else that it is well. */
const whenLate = (driver: Driver, late: string[]): string[] =>
  driver.delay() > BEHIND_SECONDS ? late : FINE;
const reads = (perSecond: number, commitEvery: number | null = 5, more: Partial<Reading> = {}): Reading => ({
  perSecond,
  commitEvery,
  isParallel: true,
  ...more,
});
const every = (rate: number) => () => rate;

export const PLANS: Plan[] = [
  {
    name: 'keeps-up',
    copies: 4,
    partitions: 3,
    reading: reads(60),
    rate: every(3),
    truth: () => ['keeping_up'],
  },
  {
    name: 'quick',
    copies: 3,
    partitions: 2,
    reading: reads(60, 1),
    rate: every(3),
    truth: () => ['keeping_up'],
  },
  {
    name: 'slow-commits',
    copies: 3,
    partitions: 2,
    reading: reads(60, 15),
    rate: every(3),
    truth: () => ['keeping_up'],
  },
  {
    name: 'half-minute',
    copies: 2,
    partitions: 1,
    reading: reads(60, 30),
    rate: every(4),
    truth: () => ['keeping_up'],
  },
  {
    name: 'quiet',
    copies: 3,
    partitions: 2,
    reading: reads(60),
    rate: every(0),
    at: { 200: (driver) => driver.send(0, 1), 420: (driver) => driver.send(1, 1) },
    truth: () => ['idle'],
  },
  {
    name: 'bursts',
    copies: 2,
    partitions: 1,
    reading: reads(40),
    rate: (seconds) => (seconds % 30 === 0 ? 200 : 0),
    truth: () => ['keeping_up'],
    settles: 70,
  },
  {
    name: 'stands',
    copies: 4,
    partitions: 3,
    reading: reads(60),
    rate: every(2),
    at: {
      150: (driver) => [0, 1, 2].forEach((partition) => driver.paused.add(partition)),
      420: (driver) => driver.paused.clear(),
    },
    truth: (driver) => (driver.paused.size > 0 ? ['stuck'] : whenLate(driver, ['catching_up'])),
    between: ['catching_up'],
  },
  {
    name: 'one-stands',
    copies: 4,
    partitions: 4,
    reading: reads(60),
    rate: every(2),
    at: { 150: (driver) => void driver.paused.add(2) },
    truth: (driver) => (driver.paused.size > 0 ? ['stuck'] : FINE),
  },
  {
    name: 'leaves',
    copies: 4,
    partitions: 2,
    reading: reads(40),
    rate: every(4),
    at: { 150: (driver) => driver.leave(), 420: (driver) => driver.start() },
    truth: (driver) => (driver.isReading ? whenLate(driver, ['catching_up']) : ['no_members']),
    between: ['catching_up', 'rebalancing'],
  },
  {
    name: 'leaves-nothing',
    copies: 2,
    partitions: 1,
    reading: reads(40),
    rate: (seconds) => (seconds < 120 ? 3 : 0),
    at: { 180: (driver) => driver.leave() },
    truth: (driver, seconds) => (driver.isReading ? (seconds < 120 ? ['keeping_up'] : FINE) : ['idle']),
  },
  {
    name: 'too-slow',
    copies: 3,
    partitions: 1,
    reading: reads(6),
    rate: (seconds) => (seconds < 120 ? 4 : 13),
    truth: (driver) => whenLate(driver, ['falling_behind']),
  },
  {
    name: 'constant',
    copies: 2,
    partitions: 1,
    reading: reads(10),
    backlog: 1_000,
    rate: every(10),
    truth: (driver) => whenLate(driver, ['stays_behind']),
    settles: 150,
    between: ['catching_up', 'falling_behind'],
  },
  {
    name: 'drains-in-turns',
    copies: 3,
    partitions: 4,
    reading: reads(20, 5, { isParallel: false }),
    backlog: 1_200,
    rate: every(0),
    truth: (driver) => (driver.total() === 0 ? FINE : whenLate(driver, ['catching_up'])),
    settles: 90,
  },
  {
    name: 'burst',
    copies: 2,
    partitions: 1,
    reading: reads(60),
    rate: every(4),
    at: { 150: (driver) => driver.send(0, 8_000) },
    truth: (driver) => whenLate(driver, ['catching_up']),
  },
  {
    name: 'transaction',
    copies: 3,
    partitions: 1,
    reading: reads(60),
    rate: every(3),
    at: { 150: (driver) => driver.openTransaction(), 400: (driver) => driver.endTransaction() },
    truth: (driver) => (driver.heldFrom === null ? ['keeping_up'] : ['waits_transaction']),
    between: ['catching_up'],
    hasMarkers: true,
  },
  {
    name: 'never-commits',
    copies: 2,
    partitions: 2,
    reading: reads(60, null),
    rate: every(2),
    truth: () => ['no_position'],
    settles: 80,
  },
  {
    name: 'by-hand',
    copies: 3,
    partitions: 2,
    reading: reads(60, 5, { isManual: true }),
    rate: every(3),
    truth: () => ['read_without_membership'],
  },
  {
    name: 'beyond-end',
    copies: 2,
    partitions: 1,
    reading: reads(60, null),
    backlog: 50,
    rate: every(0),
    startsReading: false,
    truth: () => ['beyond_end'],
  },
  {
    name: 'moves-back',
    copies: 2,
    partitions: 1,
    reading: reads(40),
    rate: every(10),
    at: { 300: (driver) => driver.seekBack(0, 2_500) },
    truth: (driver, seconds) =>
      seconds < 300 ? ['keeping_up'] : whenLate(driver, ['moved_back', 'catching_up']),
    between: ['catching_up'],
  },
];
