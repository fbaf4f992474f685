import type { Sequence } from '../run';
import { client } from './clients';

export const MEASURING: Sequence[] = [
  {
    name: 'the broker is frozen for 20 s',
    partitions: 3,
    seconds: 600,
    rate: (seconds) => (seconds > 300 && seconds < 320 ? 0 : 5),
    members: [client(50, { partitions: [0, 1, 2] })],
    each: (world) => {
      world.isMeasured = !(world.seconds > 300 && world.seconds < 320);
      for (const item of world.clients) item.perSecond = world.isMeasured ? 50 : 0;
    },
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: 310, is: 'no_data', settles: 9 },
      { from: 320, is: 'keeping_up', settles: 10 },
    ],
  },
  {
    name: 'one sample fails now and then',
    seconds: 600,
    rate: () => 5,
    members: [client(50)],
    each: (world) => (world.isMeasured = world.seconds % 60 > 5),
    phases: [{ from: 0, is: 'keeping_up', settles: 60 }],
  },
  {
    name: 'the coordinator reloads while a partition stands',
    partitions: 2,
    seconds: 700,
    rate: () => 3,
    members: [client(50, { partitions: [0, 1] })],
    at: { 200: (world) => world.pause(1) },
    each: (world) => {
      world.isMeasured = !(world.seconds > 400 && world.seconds < 410);
      world.members = world.isMeasured ? undefined : null;
    },
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: 200, is: 'stuck' },
    ],
    check: (moments) => {
      const since = new Set(
        moments.filter(({ seconds }) => seconds > 240).map(({ judgement }) => judgement.since.at),
      );
      return since.size === 1 ? null : 'the begin moved';
    },
  },
  {
    name: 'Courier restarts while a group falls behind',
    seconds: 900,
    rate: (seconds) => (seconds < 200 ? 5 : 12),
    members: [client(6)],
    at: { 500: (world) => (world.restarts = true), 700: (world) => (world.restarts = true) },
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: (world) => world.seconds > 200 && world.delay() > 30, is: 'falling_behind' },
    ],
    check: (moments) => {
      const late = moments.filter(({ seconds }) => seconds > 300);
      const wrong = late.find(
        ({ delay, judgement }) => Math.abs((judgement.delay?.seconds ?? 0) - delay) > 30 + 0.1 * delay,
      );
      return wrong
        ? `at ${wrong.seconds} s: delay ${wrong.judgement.delay?.seconds}, true ${wrong.delay}`
        : null;
    },
  },
  {
    name: 'Courier restarts while nobody reads',
    seconds: 600,
    rate: () => 5,
    members: [client(30)],
    at: { 200: (world) => world.leave(), 400: (world) => (world.restarts = true) },
    phases: [
      { from: 0, is: 'keeping_up' },
      { from: 200, is: 'no_members', settles: 15 },
    ],
    check: (moments) => {
      const since = (moments.at(-1)?.judgement.since.at ?? 0) / 1_000;
      return Math.abs(since - 200) < 5 ? null : `nobody reads since ${since}, true is 200`;
    },
  },
  {
    name: 'members are not known: they are never taken for none',
    seconds: 600,
    rate: () => 5,
    members: [client(30)],
    at: { 200: (world) => (world.members = null) },
    phases: [{ from: 0, is: 'keeping_up' }],
  },
];
