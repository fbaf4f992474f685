import { judge } from '@/lib/domain/groups/judge/judge';
import { asOf, type Stored } from '@/lib/domain/groups/judge/group-judgement';
import { newState } from '@/lib/domain/groups/judge/state';
import { WINDOW_MS } from '@/lib/domain/groups/judge/settings';
import type { GroupJudgement, Loss, PartitionSample } from '@/lib/domain/groups/judge/types';
import type { Verdict } from '@/lib/domain/groups/verdict';
import { World, type Log, type Script } from './world';

/** A stretch of time and what is true of the group in it. */
export interface Phase {
  /** Second at which it begins, or what makes it begin. */
  from: number | ((world: World) => boolean);
  is: Verdict | Verdict[];
  /** Seconds in which the verdict of before, or one of `between`, may still be given. */
  settles?: number;
  between?: Verdict[];
}

/** What a group does, and what is true of it. */
export interface Sequence extends Script {
  name: string;
  seconds: number;
  /** Seconds between samples. */
  period?: number;
  begin?: (world: World) => void;
  at?: Record<number, (world: World) => void>;
  each?: (world: World) => void;
  sample?: (world: World, sample: PartitionSample, partition: number) => void;
  phases: Phase[];
  /** More that has to hold. @returns what does not, or null */
  check?: (moments: Moment[]) => string | null;
}

export interface Moment {
  seconds: number;
  /** Truth: unread records and delay by the clients. */
  unread: number;
  delay: number;
  judgement: GroupJudgement;
  losses: Loss[];
}

export interface Outcome {
  /** Verdicts that were false, each with its second. */
  errors: string[];
  falseSeconds: number;
  /** Changes of the verdict beyond those of the truth. */
  flips: number;
  /** Seconds after each true change until the verdict was right. */
  delays: number[];
}

const STEP = 0.25;
const list = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

/** Patience, one commit that is still to come, and two samples, in seconds. */
function settlesAfter({ members, period = 3 }: Sequence): number {
  const interval = Math.max(
    0,
    ...members.map((member) => (member.commitBatch === undefined ? (member.commitEvery ?? 0) : 0)),
  );
  const seen = Math.ceil(interval / period) * period;
  return Math.max(30, 1.5 * seen + period, seen + 4 * period) + interval + 2 * period;
}

/** Plays a sequence, samples it, and compares each verdict with what is true. */
export function play(sequence: Sequence): Outcome {
  const { period = 3, phases } = sequence;
  const world = new World(sequence);
  sequence.begin?.(world);
  const actions = Object.entries(sequence.at ?? {})
    .map(([seconds, run]) => ({ seconds: Number(seconds), run }))
    .sort((a, b) => a.seconds - b.seconds);
  const outcome: Outcome = { errors: [], falseSeconds: 0, flips: 0, delays: [] };
  const moments: Moment[] = [];
  const losses: Loss[] = [];
  let windows = new Map<string, PartitionSample[]>();
  let state = newState(0);
  let stored: Stored<GroupJudgement> | null = null;
  let nextSample = 1 + world.random();
  let phase = -1;
  let began = 0;
  let former: Verdict | null = null;
  while (world.seconds < sequence.seconds) {
    world.step(STEP);
    while (actions[0] && actions[0].seconds <= world.seconds) actions.shift()?.run(world);
    sequence.each?.(world);
    const from = phases[phase + 1]?.from;
    if (from !== undefined && (typeof from === 'number' ? world.seconds >= from : from(world))) {
      phase += 1;
      began = world.seconds;
      outcome.delays[phase] = 0;
    }
    if (world.seconds < nextSample) continue;
    nextSample += period * (0.9 + 0.2 * world.random());
    if (world.restarts) windows = new Map();
    world.restarts = false;
    if (world.isMeasured) {
      take(world, sequence, windows);
      const judged = judge(groupOf(world, period), windows, state);
      // The persisted state has to be enough.
      state = JSON.parse(JSON.stringify(judged.state)) as typeof state;
      stored = { judgement: judged.judgement, measuredAt: Math.round(world.seconds * 1_000) };
      losses.push(...judged.judgement.losses);
    }
    if (!stored) continue;
    const judgement = asOf(stored, Math.round(world.seconds * 1_000), period * 1_000);
    moments.push({
      seconds: world.seconds,
      unread: world.unread(),
      delay: world.delay(),
      judgement,
      losses: [...losses],
    });
    const now = phases[phase];
    if (!now) continue;
    const settles = now.settles ?? settlesAfter(sequence);
    const isSettling = world.seconds < began + settles;
    const isRight = list(now.is).includes(judgement.verdict);
    const before = phase > 0 ? list(phases[phase - 1]?.is ?? []) : ['no_data' as const];
    const isAllowed =
      isRight || (isSettling && [...before, ...(now.between ?? [])].includes(judgement.verdict));
    if (!isRight) outcome.delays[phase] = world.seconds - began + period;
    if (!isAllowed) {
      outcome.falseSeconds += period;
      outcome.errors.push(
        `${Math.round(world.seconds)} s: ${judgement.verdict}, true is ${list(now.is).join(' or ')}`,
      );
    }
    const isOpen = isRight && list(now.is).length > 1;
    const isBetween = isSettling && (now.between ?? []).includes(judgement.verdict);
    if (former !== null && former !== judgement.verdict && !isOpen && !isBetween) outcome.flips += 1;
    former = judgement.verdict;
  }
  // The first verdict after measuring is no change, and each phase is one.
  const first = moments[0]?.judgement.verdict === 'no_data' ? 1 : 0;
  outcome.flips = Math.max(0, outcome.flips - first - Math.max(0, phase));
  if (phase < phases.length - 1) outcome.errors.push(`phase ${phase + 2} of ${phases.length} never began`);
  const failed = sequence.check?.(moments) ?? null;
  if (failed !== null) outcome.errors.push(failed);
  return outcome;
}

function groupOf(world: World, period: number) {
  const members = world.state === 'Empty' ? 0 : world.clients.length;
  return {
    at: Math.round(world.seconds * 1_000),
    periodMs: period * 1_000,
    state: world.state,
    members: world.members === undefined ? members : world.members,
    isSimple: world.isSimple,
  };
}

function take(world: World, sequence: Sequence, windows: Map<string, PartitionSample[]>): void {
  const at = Math.round(world.seconds * 1_000);
  world.logs.forEach((log, partition) => {
    const place = `orders/${partition}`;
    if (log.isDeleted) {
      windows.delete(place);
      return;
    }
    const sample = sampleOf(world, log, partition, at);
    sequence.sample?.(world, sample, partition);
    const samples = (windows.get(place) ?? []).filter((item) => item.at >= at - WINDOW_MS);
    windows.set(place, [...samples, sample]);
  });
}

function sampleOf(world: World, log: Log, partition: number, at: number): PartitionSample {
  const end = log.times.length;
  const stable = log.stable ?? end;
  let first = Math.max(log.committed ?? log.start, log.start);
  while (first < stable && log.hidden.has(first)) first += 1;
  const writtenAt = log.times[first];
  const isHeld = world.state === 'Stable' || world.state === 'Reconciling';
  const holder = world.clients.find((client) => client.partitions.includes(partition))?.id ?? null;
  return {
    at,
    position: log.committed,
    start: log.start,
    end,
    stable,
    firstUnreadAt:
      first < stable && writtenAt !== undefined ? Math.round((writtenAt + world.clockError) * 1_000) : null,
    isTimeProven: world.clockError === 0,
    readable: first < stable ? 'some' : 'none',
    holder: isHeld ? holder : null,
  };
}
