import type { BrokerOverview, GroupDescription, GroupPosition, PartitionEnds } from '@/lib/brokers/broker';
import {
  BEHIND,
  CHUNK_SECONDS,
  decodeLagChunk,
  encodeLagChunk,
  type LagChunk,
} from '@/lib/domain/groups/lag-chunk';
import { isKafkaTopic } from '@/lib/protocol/topics';
import { groupBy } from '@/lib/values/group-by';
import { CourierError } from '@/lib/errors';
import { rememberClusterId } from '@/lib/store/clusters/clusters';
import { readLagChunks, readLagNow } from '@/lib/store/lag/read-lag';
import {
  forgetGroups,
  writeLagSample,
  writeLogStarts,
  type ChunkRow,
  type LagRow,
} from '@/lib/store/lag/write-sample';
import { updateTopics } from '@/lib/store/topics/topics';
import type { Context } from '@/lib/context/context';
import { EndHistory, Rates } from './history';

/** Records fetched at most in one measurement to learn their time. */
const MAX_FETCHED = 100;
/** Most requests of one measurement for that. */
const MAX_ROUNDS = 3;
/** Enough for the first batch of a partition; nothing but its time is wanted. */
const PEEK_BYTES = 65_536;

interface OpenChunk {
  groupId: number;
  topicId: number;
  startMs: number;
  chunk: LagChunk;
}

/** Measures all groups: positions, ends, rates, how long ago the first unread record was written. */
export class LagSampler {
  private readonly rates: Rates;
  private readonly ends = new EndHistory();
  private readonly moved = new Map<string, { committed: bigint; at: Date }>();
  /** Times of records at positions, by place and offset, so that a stuck group costs one fetch. */
  private readonly times = new Map<string, { offset: bigint; timestamp: number }>();
  private sampledAt: Date | null = null;
  private chunks = new Map<string, OpenChunk>();

  constructor(private readonly context: Context) {
    this.rates = new Rates(context.settings.COURIER_SAMPLE_SECONDS * 1_000);
  }

  /** Takes up what the last process left: when positions last moved, and the open chunks. */
  async restore(): Promise<void> {
    const { store, cluster } = this.context;
    const now = this.context.now();
    const rows = await readLagNow(store, cluster.id);
    for (const row of rows)
      this.moved.set(placeOf(row.group, row), { committed: row.committed, at: row.movedAt });
    const ids = [...new Set(rows.map((row) => row.groupId))];
    for (const [groupId, chunks] of await readLagChunks(store, ids, now, now)) {
      for (const stored of chunks) {
        const key = `${groupId} ${stored.topicId}`;
        this.chunks.set(key, {
          groupId,
          topicId: stored.topicId,
          startMs: stored.startAt.getTime(),
          chunk: decodeLagChunk(stored.data),
        });
      }
    }
  }

  /** One measurement. @returns how many groups and partitions were measured */
  async sample(): Promise<{
    groups: number;
    partitions: number;
    rows: (LagRow & { group: string; topic: string })[];
  }> {
    const { broker, store, catalog } = this.context;
    const { seesAllGroups } = await this.checkCluster();
    const topics = (await broker.topics()).filter((topic) => !isKafkaTopic(topic.name));
    await updateTopics(store, catalog.clusterId, topics);
    const { groups: listed, isComplete } = await broker.groups();
    // Positions before ends: what arrives in between makes the lag larger, never negative.
    const { positions, unknown } = await broker.positions(listed);
    const { known: ends } = await broker.logEnds(topics.map((topic) => topic.name));
    const descriptions = await broker.describeGroups(listed);
    const now = this.context.now();
    const topicIds = await catalog.topicIds(topics.map((topic) => topic.name));
    const groupIds = await catalog.groupIds(listed.map((group) => group.name));

    this.ends.add(now.getTime(), ends);
    const rows = await this.rowsOf(positions, ends, descriptions, now, topicIds, groupIds);
    // A group without an answer keeps its last sample, with its time.
    const groups = descriptions
      .filter((description) => !unknown.includes(description.name))
      .map((description) => ({
        groupId: groupIds.get(description.name) ?? 0,
        type: description.type,
        state: description.state,
        members: description.members,
      }));
    await writeLagSample(store, now, rows, groups, this.addToChunks(rows, now));
    // Without the right to see all groups, or an answer of each broker, one that is not listed may be there all the same.
    if (seesAllGroups !== false && isComplete)
      await forgetGroups(store, catalog.clusterId, [...groupIds.values()]);
    const incarnations = new Map(topics.map((topic) => [topic.name, topic.incarnation]));
    await writeLogStarts(
      store,
      now,
      this.sampledAt,
      ends.map((end) => ({
        topicId: topicIds.get(end.topic) ?? 0,
        partition: end.partition,
        incarnation: incarnations.get(end.topic) ?? null,
        start: end.start,
      })),
    );
    this.sampledAt = now;
    return { groups: groups.length, partitions: rows.length, rows };
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

  private async rowsOf(
    positions: GroupPosition[],
    ends: PartitionEnds[],
    descriptions: GroupDescription[],
    now: Date,
    topicIds: Map<string, number>,
    groupIds: Map<string, number>,
  ) {
    const endOf = new Map(ends.map((end) => [`${end.topic}/${end.partition}`, end]));
    const owners = ownersOf(descriptions);
    const rows: (LagRow & { group: string; topic: string })[] = [];
    const written = await this.writtenAt(positions, endOf);
    for (const position of positions) {
      const log = endOf.get(`${position.topic}/${position.partition}`);
      if (!log) continue;
      const place = placeOf(position.group, position);
      const before = this.moved.get(place);
      const movedAt = before && before.committed === position.offset ? before.at : now;
      this.moved.set(place, { committed: position.offset, at: movedAt });
      const rates = this.rates.add(place, now.getTime(), position.offset, log.end);
      const owner = owners.get(place);
      const writtenAt = written.get(place);
      const behindSeconds =
        position.offset >= log.end
          ? 0
          : writtenAt !== undefined
            ? Math.max(0, (now.getTime() - writtenAt) / 1000)
            : this.ends.secondsBehind(log, position.offset, now.getTime());
      rows.push({
        group: position.group,
        topic: position.topic,
        groupId: groupIds.get(position.group) ?? 0,
        topicId: topicIds.get(position.topic) ?? 0,
        partition: position.partition,
        committed: position.offset,
        start: log.start,
        end: log.end,
        behindSeconds,
        ...rates,
        movedAt,
        member: owner?.clientId ?? null,
        host: owner?.host ?? null,
      });
    }
    return rows;
  }

  /**
   * When the first unread record of each place was written: asked of the records themselves, in few requests. What is
   * too much for one measurement is estimated from earlier log ends.
   */
  private async writtenAt(
    positions: GroupPosition[],
    endOf: Map<string, PartitionEnds>,
  ): Promise<Map<string, number>> {
    const behind = positions.filter((position) => {
      const log = endOf.get(`${position.topic}/${position.partition}`);
      return log !== undefined && position.offset >= log.start && position.offset < log.end;
    });
    const unknown = behind.filter(
      (item) => this.times.get(placeOf(item.group, item))?.offset !== item.offset,
    );
    const byPartition = groupBy(unknown, (item) => `${item.topic}/${item.partition}`);
    // A fetch asks for each partition once; several groups behind on one partition take several rounds.
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const asked = [...byPartition.values()].flatMap((list) => list[round] ?? []).slice(0, MAX_FETCHED);
      if (asked.length === 0) break;
      const answers = await this.context.broker.fetch(asked, { maxBytes: PEEK_BYTES, waitMs: 0 });
      answers.forEach((answer, at) => {
        const item = asked[at];
        const record = answer.records[0];
        if (item && record) {
          this.times.set(placeOf(item.group, item), { offset: item.offset, timestamp: record.timestamp });
        }
      });
    }
    return new Map(
      behind.flatMap((item) => {
        const known = this.times.get(placeOf(item.group, item));
        return known?.offset === item.offset ? [[placeOf(item.group, item), known.timestamp] as const] : [];
      }),
    );
  }

  private addToChunks(rows: (LagRow & { group: string })[], now: Date): ChunkRow[] {
    const step = this.context.settings.COURIER_SAMPLE_SECONDS;
    const startMs = Math.floor(now.getTime() / (CHUNK_SECONDS * 1000)) * CHUNK_SECONDS * 1000;
    const slot = Math.floor((now.getTime() - startMs) / (step * 1000));
    const changed: ChunkRow[] = [];
    for (const [key, list] of groupBy(rows, (row) => `${row.groupId} ${row.topicId}`)) {
      const [first] = list;
      if (!first) continue;
      let open = this.chunks.get(key);
      if (open?.startMs !== startMs || open.chunk.stepSeconds !== step) {
        open = {
          groupId: first.groupId,
          topicId: first.topicId,
          startMs,
          chunk: { stepSeconds: step, series: new Map() },
        };
        this.chunks.set(key, open);
      }
      const { series } = open.chunk;
      const put = (name: number, value: number | null) => {
        const values = series.get(name) ?? [];
        while (values.length < slot) values.push(null);
        values[slot] = value;
        series.set(name, values);
      };
      for (const row of list)
        put(row.partition, Number(row.end > row.committed ? row.end - row.committed : 0n));
      const behind = list.flatMap((row) => row.behindSeconds ?? []);
      put(BEHIND, behind.length === 0 ? null : Math.round(Math.max(...behind)));
      changed.push({
        groupId: open.groupId,
        topicId: open.topicId,
        startAt: new Date(startMs),
        data: encodeLagChunk(open.chunk),
      });
    }
    return changed;
  }
}

function placeOf(group: string, at: { topic: string; partition: number }): string {
  return `${group}\n${at.topic}/${at.partition}`;
}

function ownersOf(descriptions: GroupDescription[]): Map<string, { clientId: string; host: string }> {
  const owners = new Map<string, { clientId: string; host: string }>();
  for (const group of descriptions) {
    for (const member of group.members ?? []) {
      for (const { topic, partitions } of member.assignment) {
        for (const partition of partitions) owners.set(placeOf(group.name, { topic, partition }), member);
      }
    }
  }
  return owners;
}
