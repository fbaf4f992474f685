import type { BrokerOverview, GroupInfo, PartitionEnds } from '@/lib/brokers/broker';
import type { EpisodeKind } from '@/lib/domain/episodes/episode';
import { judge } from '@/lib/domain/groups/judge/judge';
import { newState, type JudgeState } from '@/lib/domain/groups/judge/state';
import { riskOf, type Risk } from '@/lib/domain/groups/data-at-risk';
import type { Loss, PartitionJudgement, PartitionSample } from '@/lib/domain/groups/judge/types';
import { NOT_READ } from '@/lib/domain/groups/verdict';
import { partitionOfText, partitionText } from '@/lib/protocol/position';
import { sumOf } from '@/lib/values/totals';
import { isKafkaTopic } from '@/lib/protocol/topics';
import { CourierError } from '@/lib/errors';
import { rememberClusterId } from '@/lib/store/clusters/clusters';
import { readJudgeStates } from '@/lib/store/lag/judge-states';
import { readLagChunks } from '@/lib/store/lag/read-lag';
import { forgetGroups, writeLagSample, writeLogStarts, type GroupRow } from '@/lib/store/lag/write-sample';
import { readReporting } from '@/lib/store/groups/read-reporting';
import { updateTopics } from '@/lib/store/topics/topics';
import { inTransaction } from '@/lib/postgres';
import type { Context } from '@/lib/context/context';
import { Clocks, type Growth } from './clocks';
import { Deletions } from './deletions';
import { FirstRecords } from './first-records';
import { readFirstUnread } from './first-unread';
import { Rates } from './rates';
import { LagChunks } from './lag-chunks';
import { EpisodeTracker } from '../episodes/tracker';
import { measurementOf } from '../episodes/measurement-of';
import { soonestRisk } from './soonest-risk';
import { lossesOf, topicsOf, worstOf, type Judged, type SampledRow } from './stored-rows';
import { samplesOf, type GroupAnswer } from './samples';
import { UnwrittenStates } from './unwritten';
import { SampleWindows } from './windows';

/** Samples in a row in which a group that is not listed has to be dead before it is forgotten. */
const DEAD_SAMPLES = 2;
/** How often groups that begin to report are noticed. */
const REPORTING_MS = 60_000;

/** Measures and judges all groups of a cluster. */
export class LagSampler {
  private readonly rates: Rates;
  private readonly records: FirstRecords;
  private readonly clocks: Clocks;
  private readonly deletions: Deletions;
  private readonly windows = new SampleWindows();
  private readonly chunks = new LagChunks();
  private readonly unwritten = new UnwrittenStates();
  /** Losses of samples that were not written. */
  private unwrittenLosses = new Map<string, Loss[]>();
  private readonly episodes: EpisodeTracker;
  private states = new Map<string, JudgeState>();
  private types = new Map<string, GroupInfo['type']>();
  private readonly deadSamples = new Map<string, number>();
  private ends = new Map<string, { end: number; at: number }>();
  private incarnations = new Map<string, string | null>();
  private sampledAt: Date | null = null;
  /** Groups whose services report outcomes, and when that was read. */
  private reporting: ReadonlySet<number> = new Set();
  private reportingAt = -Infinity;

  constructor(private readonly context: Context) {
    this.rates = new Rates(context.settings.COURIER_SAMPLE_SECONDS * 1_000);
    this.records = new FirstRecords(context.broker);
    this.clocks = new Clocks(context.broker);
    this.deletions = new Deletions(context.broker);
    this.episodes = new EpisodeTracker(context);
  }

  /** Takes up what the last process left: what the judge keeps of each group, and the open chunks. */
  async restore(): Promise<void> {
    const { store, cluster } = this.context;
    const now = this.context.now();
    const stored = await readJudgeStates(store, cluster.id);
    this.states = new Map(stored.flatMap(({ group, state }) => (state ? [[group, state] as const] : [])));
    this.types = new Map(stored.map(({ group, type }) => [group, type]));
    const ids = stored.map(({ groupId }) => groupId);
    this.chunks.restore(await readLagChunks(store, ids, now, now));
    await this.episodes.restore();
  }

  /** One measurement. @returns how many groups and partitions were measured */
  async sample(): Promise<{ groups: number; partitions: number; rows: SampledRow[] }> {
    const { broker, store, catalog } = this.context;
    const { seesAllGroups, brokers } = await this.checkCluster();
    const topics = (await broker.topics()).filter((topic) => !isKafkaTopic(topic.name));
    const names = topics.map((topic) => topic.name);
    await updateTopics(store, catalog.clusterId, topics);
    const { groups: listed, isComplete } = await broker.groups();
    // Positions before ends: what arrives in between makes the lag larger, never negative.
    const { positions, unknown } = await broker.positions(listed);
    const { known: ends, unknown: unknownEnds } = await broker.logEnds(names);
    const stable = await broker.stableEnds(names);
    const described = await broker.describeGroups(listed);
    const now = this.context.now();
    const at = now.getTime();
    this.forgetRemade(new Map(topics.map(({ name, incarnation }) => [name, incarnation])));

    // A group without an answer keeps its last sample, with its time.
    const groups = described.filter(({ name }) => !unknown.includes(name));
    const periodMs = this.context.settings.COURIER_SAMPLE_SECONDS * 1_000;
    this.rates.prune(at);
    const answers = samplesOf({ at, periodMs, groups, positions, ends, stable });
    await this.deletions.refresh(topicsOf(answers), at);
    for (const { facts } of answers) facts.compacted = this.deletions.compacted;
    const timed = new Set(
      topics.map(({ name }) => name).filter((name) => this.deletions.of(name)?.retentionMs),
    );
    await readFirstUnread(answers, this.states, this.records, this.clocks, this.growthOf(ends, at), timed);

    const topicIds = await catalog.topicIds(names);
    const groupIds = await catalog.groupIds(listed.map((group) => group.name));
    const judged = answers.map((answer) => this.judge(answer));
    const rowsOf = new Map(judged.map((item) => [item, this.rowsOf(item, topicIds, groupIds)] as const));
    const rows = [...rowsOf.values()].flat();
    await this.refreshReporting(at);
    const points = rows.map(({ groupId, topicId, partition, committed, judged: { lag, delay } }) => ({
      groupId,
      topicId,
      partition,
      lag,
      delaySeconds: delay?.seconds ?? null,
      // When a message was read is known by facts, or else by positions.
      position: this.reporting.has(groupId) ? undefined : committed === null ? null : Number(committed),
    }));
    const chunks = this.chunks.add(points, now, this.context.settings.COURIER_SAMPLE_SECONDS);
    for (const item of judged) this.keepLosses(item);
    const sample = {
      rows,
      chunks,
      groups: judged.map((item) => this.groupRowOf(item, groupIds, rowsOf.get(item) ?? [])),
      losses: lossesOf(this.unwrittenLosses, topicIds, groupIds),
    };
    const episodes = await this.episodes.plan(
      measurementOf({
        at,
        judged: rowsOf,
        losses: this.unwrittenLosses,
        groupIds,
        listed: [...this.types.keys()],
        topics: names,
        brokers: brokers.map(({ address }) => address),
        unknownEnds,
      }),
    );
    await writeLagSample(store, now, sample, episodes.write).catch((error: unknown) => {
      this.unwritten.forgetAll();
      throw error;
    });
    episodes.keep();
    this.unwrittenLosses.clear();
    if (seesAllGroups !== false && isComplete) await this.forgetDead(listed);
    await this.writeStarts(topics, ends, topicIds, now);
    this.sampledAt = now;
    return { groups: groups.length, partitions: rows.length, rows };
  }

  /** Losses of a sample that is not written are those of the next one. */
  private keepLosses({ answer, judgement }: Judged): void {
    if (judgement.losses.length === 0) return;
    const { name } = answer.group;
    this.unwrittenLosses.set(name, [...(this.unwrittenLosses.get(name) ?? []), ...judgement.losses]);
  }

  /** Notes that a sample could not be taken, since no broker answers. */
  async noteOutage(error: string): Promise<void> {
    const plan = this.episodes.planOutage(error);
    await inTransaction(this.context.store, plan.write);
    plan.keep();
  }

  /** Kinds of the episodes that are open. */
  openEpisodes(): EpisodeKind[] {
    return this.episodes.openKinds();
  }

  private async refreshReporting(now: number): Promise<void> {
    if (now - this.reportingAt < REPORTING_MS) return;
    this.reporting = await readReporting(this.context.store, this.context.cluster.id);
    this.reportingAt = now;
  }

  private judge(answer: GroupAnswer): Judged {
    const { name, type } = answer.group;
    const before = this.states.get(name) ?? newState(answer.facts.at);
    const windows = this.windows.add(name, answer.samples);
    const { judgement, state } = judge(answer.facts, windows, before);
    this.states.set(name, state);
    this.types.set(name, type);
    return { answer, judgement, state };
  }

  private rowsOf(
    { answer, judgement, state }: Judged,
    topicIds: ReadonlyMap<string, number>,
    groupIds: ReadonlyMap<string, number>,
  ): SampledRow[] {
    const { name } = answer.group;
    const isUnread = judgement.reading === 'nobody';
    return judgement.partitions.flatMap((item): SampledRow[] => {
      const sample = answer.samples.get(item.place);
      const kept = state.partitions[item.place];
      if (!sample || !kept) return [];
      const { topic, partition } = partitionOfText(item.place);
      const { position, start, end, at } = sample;
      const rates =
        position === null || position === undefined
          ? { rateIn: null, rateOut: null }
          : this.rates.add(`${name}\n${item.place}`, at, BigInt(position), BigInt(end), isUnread);
      const holder = answer.holders.get(item.place);
      return [
        {
          group: name,
          topic,
          groupId: groupIds.get(name) ?? 0,
          topicId: topicIds.get(topic) ?? 0,
          partition,
          committed: position === null || position === undefined ? null : BigInt(position),
          start: BigInt(start),
          end: BigInt(end),
          behindSeconds: item.delay?.seconds ?? null,
          ...rates,
          movedAt: new Date(kept.movedAt),
          member: holder?.clientId ?? null,
          host: holder?.host ?? null,
          judged: { ...item, risk: this.riskOf(topic, sample, item, rates) },
        },
      ];
    });
  }

  /** When unread records of a partition are deleted. */
  private riskOf(
    topic: string,
    sample: PartitionSample,
    { place, verdict, isMeasuring, lag, delay, direction }: PartitionJudgement,
    rates: { rateIn: number | null; rateOut: number | null },
  ): Risk {
    const { at, start, end, position } = sample;
    // A broker deletes by the timestamp of the record, which is the time of its arrival where clocks are right.
    const arrivedAt =
      delay !== null && !delay.isAtLeast && this.clocks.isProven(topic) ? at - delay.seconds * 1_000 : null;
    return riskOf(this.deletions.of(topic), {
      now: at,
      unread:
        lag === 0 ? 0 : position === null || position === undefined ? null : end - Math.max(position, start),
      firstUnreadAt: sample.firstUnreadAt ?? arrivedAt,
      sizeBytes: this.deletions.sizeOf(place),
      logLength: end - start,
      rateIn: rates.rateIn,
      // How a reader goes on is not known while it is measured.
      rateOut: NOT_READ.has(verdict) ? 0 : isMeasuring && rates.rateOut !== 0 ? null : rates.rateOut,
      direction,
    });
  }

  private groupRowOf(
    { answer, judgement, state }: Judged,
    groupIds: ReadonlyMap<string, number>,
    rows: readonly SampledRow[],
  ): GroupRow {
    const { name, type, members } = answer.group;
    const { verdict, isMeasuring, since, lag, delay, drain, worst, reading } = judgement;
    return {
      groupId: groupIds.get(name) ?? 0,
      type,
      state: answer.group.state,
      members,
      judged: {
        ...{ verdict, isMeasuring, since, lag, delay, drain, worst, reading },
        topics: [...new Set(rows.map(({ topic }) => topic))],
        rateIn: sumOf(rows.map(({ rateIn }) => rateIn)),
        rateOut: sumOf(rows.map(({ rateOut }) => rateOut)),
        worstRow: worstOf(rows, worst),
        risk: soonestRisk(rows),
      },
      judgeState: this.unwritten.take(name, state, answer.facts.at) ? state : null,
    };
  }

  /** A topic that was deleted and made anew has another log: nothing of the former one holds. */
  private forgetRemade(incarnations: Map<string, string | null>): void {
    const remade = [...incarnations].filter(
      ([name, id]) => this.incarnations.has(name) && this.incarnations.get(name) !== id,
    );
    for (const [name] of remade)
      for (const state of this.states.values())
        for (const place of Object.keys(state.partitions))
          if (partitionOfText(place).topic === name) delete state.partitions[place];
    this.incarnations = incarnations;
  }

  private growthOf(ends: readonly PartitionEnds[], at: number): Growth[] {
    const grown = ends.flatMap((item): Growth[] => {
      const before = this.ends.get(partitionText(item));
      const { topic, partition, end } = item;
      if (!before || Number(end) <= before.end) return [];
      return [{ topic, partition, offset: before.end, after: before.at, before: at }];
    });
    this.ends = new Map(ends.map((item) => [partitionText(item), { end: Number(item.end), at }]));
    return grown;
  }

  /**
   * Forgets groups that are dead. A coordinator that is loading lists none of its groups and reports no error, so a group
   * that is not listed counts as dead only when its coordinator calls it so.
   */
  private async forgetDead(listed: readonly GroupInfo[]): Promise<void> {
    const names = new Set(listed.map(({ name }) => name));
    const missing = [...this.types]
      .filter(([name]) => !names.has(name))
      .map(([name, type]) => ({ name, type }));
    for (const name of this.deadSamples.keys()) if (names.has(name)) this.deadSamples.delete(name);
    if (missing.length === 0) return;
    const forgotten: string[] = [];
    for (const name of await this.context.broker.deadGroups(missing)) {
      const samples = (this.deadSamples.get(name) ?? 0) + 1;
      this.deadSamples.set(name, samples);
      if (samples >= DEAD_SAMPLES) forgotten.push(name);
    }
    if (forgotten.length === 0) return;
    const ids = await this.context.catalog.groupIds(forgotten);
    await forgetGroups(this.context.store, [...ids.values()]);
    for (const name of forgotten) {
      this.states.delete(name);
      this.types.delete(name);
      this.unwritten.forget(name);
      this.deadSamples.delete(name);
    }
    this.windows.keep(new Set(this.types.keys()));
  }

  private async writeStarts(
    topics: readonly { name: string; incarnation: string | null }[],
    ends: readonly PartitionEnds[],
    topicIds: ReadonlyMap<string, number>,
    now: Date,
  ): Promise<void> {
    const incarnations = new Map(topics.map((topic) => [topic.name, topic.incarnation]));
    await writeLogStarts(
      this.context.store,
      now,
      this.sampledAt,
      ends.map((end) => ({
        topicId: topicIds.get(end.topic) ?? 0,
        partition: end.partition,
        incarnation: incarnations.get(end.topic) ?? null,
        start: end.start,
      })),
    );
  }

  /** @throws CourierError conflict when another cluster answers at the address than did before */
  private async checkCluster(): Promise<BrokerOverview> {
    const overview = await this.context.broker.overview();
    const { clusterId } = overview;
    if (clusterId === null) return overview;
    const known = await rememberClusterId(this.context.store, this.context.cluster.id, clusterId);
    if (known !== clusterId) {
      throw new CourierError(
        'conflict',
        `The cluster ${this.context.cluster.name} is ${clusterId} now and was ${known} before. Its messages must not be mixed: give it another name in COURIER_BROKERS.`,
      );
    }
    return overview;
  }
}
