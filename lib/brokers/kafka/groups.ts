import { KAFKA_ERROR } from './wire/errors';
import type * as port from '@/lib/brokers/broker';
import { groupBy } from '@/lib/values/group-by';
import type { GroupType } from '@/lib/domain/groups/group-type';
import { CourierError } from '@/lib/errors';
import type { KafkaMetadata } from './metadata';
import type { KafkaConnections } from './connections';
import { moveAnswerOf, moveOn } from './move-positions';
import {
  consumerGroupDescribeRequest,
  describeGroupsRequest,
  shareGroupDescribeRequest,
  streamsGroupDescribeRequest,
  type DescribedGroup,
} from './wire/describe-requests';
import {
  findCoordinatorRequest,
  findCoordinatorsRequest,
  groupOffsetsRequest,
  listGroupsRequest,
  offsetFetchRequest,
  shareGroupOffsetsRequest,
  type ListedGroup,
  type OffsetFetchAnswer,
} from './wire/group-requests';
import type { WireRequest } from '@/lib/kafka-client/wire/request';

/** Groups asked for in one OffsetFetch; measured as quick as any other number and modest in memory. */
const GROUPS_PER_REQUEST = 50;
/** Groups that are tried to learn whether they may be described. */
const MAX_TRIED = 200;
/** TOPIC_, GROUP_ and CLUSTER_AUTHORIZATION_FAILED. */
const NOT_AUTHORIZED: ReadonlySet<number> = new Set([
  KAFKA_ERROR.TOPIC_AUTHORIZATION_FAILED,
  KAFKA_ERROR.GROUP_AUTHORIZATION_FAILED,
  KAFKA_ERROR.CLUSTER_AUTHORIZATION_FAILED,
]);

/** The coordinator of a group moved, or is not there: it is asked for anew the next time. */
const MOVED: ReadonlySet<number> = new Set([
  KAFKA_ERROR.COORDINATOR_NOT_AVAILABLE,
  KAFKA_ERROR.NOT_COORDINATOR,
]);
const MAX_COORDINATORS = 20_000;

/** Groups of every protocol, each read by the request of its own protocol. */
export class KafkaGroups {
  /** Brokers that coordinate groups, by the name of the group. */
  private readonly coordinators = new Map<string, number>();

  constructor(
    private readonly connections: KafkaConnections,
    private readonly metadata: KafkaMetadata,
  ) {}

  /** @throws the failure where no broker answers */
  async list(): Promise<port.GroupListing> {
    await this.metadata.read([]);
    const answers = await Promise.allSettled(
      this.metadata.brokers.map(({ nodeId }) => this.connections.send(nodeId, listGroupsRequest())),
    );
    const told = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    const failure = answers.find((answer) => answer.status === 'rejected');
    if (told.length === 0 && failure) throw failure.reason;
    for (const { error } of told) {
      if (NOT_AUTHORIZED.has(error))
        throw new CourierError(
          'broker_refused',
          `Kafka does not let Courier list groups (code ${error}). Grant DESCRIBE on the cluster or on its groups.`,
        );
    }
    const groups = told
      .flatMap((answer) => answer.groups)
      .flatMap((item) => {
        const type = typeOf(item);
        if (!type) return [];
        const group = { name: item.name, type, state: item.state };
        // A group that only ever committed positions has no protocol type.
        return [type === 'classic' ? { ...group, isSimple: item.protocolType === '' } : group];
      });
    // A coordinator that is loading answers an error and no groups.
    return { groups, isComplete: failure === undefined && told.every(({ error }) => error === 0) };
  }

  /** Groups that are listed and may not be described; null where none is listed, so that the right cannot be tried. */
  async refused(): Promise<string[] | null> {
    const listed = (await this.list()).groups.slice(0, MAX_TRIED).filter(({ type }) => type === 'classic');
    if (listed.length === 0) return null;
    const described = await this.askCoordinators(
      listed.map(({ name }) => name),
      describeGroupsRequest,
    );
    // A coordinator is found only by a client that may describe the group.
    const known = new Set(
      described.filter(({ error }) => !NOT_AUTHORIZED.has(error)).map(({ name }) => name),
    );
    return listed.map(({ name }) => name).filter((name) => !known.has(name));
  }

  async describe(groups: port.GroupInfo[]): Promise<port.GroupDescription[]> {
    const known = await this.askEach(groups);
    return groups.map((group) => {
      const found = known.get(group.name);
      // A group that lives and yet is called dead, or not found, has just changed its protocol.
      const isKnown =
        found !== undefined && found.error === 0 && (found.state !== 'Dead' || group.state === 'Dead');
      if (isKnown) return { ...group, state: found.state, members: found.members };
      // Of a streams group (KIP-1071) that cannot be described the listing shows at least that it has no members.
      return { ...group, members: group.type === 'streams' && group.state === 'Empty' ? [] : null };
    });
  }

  async deadGroups(groups: Pick<port.GroupInfo, 'name' | 'type'>[]): Promise<string[]> {
    const described = await this.askEach(groups);
    return groups
      .map(({ name }) => described.get(name))
      .filter((found) => found !== undefined)
      .filter(
        ({ error, state }) => error === KAFKA_ERROR.GROUP_ID_NOT_FOUND || (error === 0 && state === 'Dead'),
      )
      .map(({ name }) => name);
  }

  /** Descriptions by name, each by the request of the group's own protocol; those without an answer are left out. */
  private async askEach(
    groups: Pick<port.GroupInfo, 'name' | 'type'>[],
  ): Promise<Map<string, DescribedGroup>> {
    const of = (type: GroupType) => groups.filter((group) => group.type === type).map((group) => group.name);
    const described = await Promise.all([
      this.askCoordinators(of('classic'), describeGroupsRequest),
      this.askCoordinators(of('consumer'), consumerGroupDescribeRequest),
      this.askCoordinators(of('share'), shareGroupDescribeRequest),
      this.askCoordinators(of('streams'), streamsGroupDescribeRequest),
    ]);
    return new Map(described.flat().map((item) => [item.name, item]));
  }

  async positions(groups: port.GroupInfo[]): Promise<port.GroupPositions> {
    const [share, others] = [
      groups.filter((group) => group.type === 'share').map((group) => group.name),
      groups.filter((group) => group.type !== 'share').map((group) => group.name),
    ];
    const answers: OffsetFetchAnswer[] = [
      ...(await this.askCoordinators(others, offsetFetchRequest, groupOffsetsRequest)),
      ...(await this.askCoordinators(share, shareGroupOffsetsRequest)),
    ];
    // A coordinator that is loading or moving answers an error; its groups are sampled the next time.
    const told = answers.filter((answer) => answer.error === 0);
    const known = new Set(told.map((answer) => answer.group));
    const positions = told.flatMap((answer) =>
      answer.positions
        .filter((position) => position.error !== 0 || position.offset >= 0n)
        .map(({ topic, partition, offset, error, lag }) => ({
          group: answer.group,
          topic,
          partition,
          offset: error === 0 ? offset : null,
          ...(lag === undefined ? {} : { lag: lag === null || lag < 0n ? null : lag }),
        })),
    );
    return { positions, unknown: groups.map((group) => group.name).filter((name) => !known.has(name)) };
  }

  /** See `Broker.movePositions`. @throws the failure where no coordinator answers */
  async movePositions(
    { name, type }: Pick<port.GroupInfo, 'name' | 'type'>,
    to: port.FetchPosition[],
  ): Promise<port.MoveAnswer[]> {
    for (let isLastTry = false; ; isLastTry = true) {
      const [nodeId] = (await this.coordinatorsOf([name])).keys();
      if (nodeId === undefined) throw new Error(`Kafka names no coordinator of the group ${name}`);
      if (!this.connections.knows(nodeId)) await this.metadata.read([]);
      const answers = await moveOn(this.connections, nodeId, { name, type }, to);
      // A coordinator that moved wrote nothing, so the present one is asked.
      if (isLastTry || !answers.some(({ error }) => MOVED.has(error))) return answers.map(moveAnswerOf);
      this.coordinators.delete(name);
    }
  }

  /**
   * Asks each group's coordinator, for many groups at once.
   * @param single the request for one group, for brokers that do not support the one for many
   */
  private async askCoordinators<T extends { error: number; group?: string; name?: string }>(
    names: string[],
    request: (names: string[]) => WireRequest<T[]>,
    single?: (name: string) => WireRequest<T[]>,
  ): Promise<T[]> {
    const answers = await Promise.all(
      [...(await this.coordinatorsOf(names))].map(([nodeId, groups]) =>
        // The groups of a coordinator that does not answer are unknown; those of others are not.
        this.askCoordinator(nodeId, groups, request, single).catch(() => {
          for (const group of groups) this.coordinators.delete(group);
          return [];
        }),
      ),
    );
    const found = answers.flat();
    for (const { error, group, name } of found)
      if (MOVED.has(error)) this.coordinators.delete(group ?? name ?? '');
    return found;
  }

  private async askCoordinator<T>(
    nodeId: number,
    groups: string[],
    request: (names: string[]) => WireRequest<T[]>,
    single?: (name: string) => WireRequest<T[]>,
  ): Promise<T[]> {
    if (!this.connections.knows(nodeId)) await this.metadata.read([]);
    const connection = await this.connections.connectionTo(nodeId);
    const requests: WireRequest<T[]>[] = [];
    if (single && !connection.supports(request([]))) requests.push(...groups.map(single));
    else
      for (let at = 0; at < groups.length; at += GROUPS_PER_REQUEST)
        requests.push(request(groups.slice(at, at + GROUPS_PER_REQUEST)));
    const found: T[] = [];
    for (const item of requests) found.push(...(await this.connections.send(nodeId, item)));
    return found;
  }

  /** The groups by the broker that coordinates them, which is asked for once; those without one are left out. */
  private async coordinatorsOf(names: string[]): Promise<Map<number, string[]>> {
    const unknown = names.filter((name) => !this.coordinators.has(name));
    if (unknown.length > 0) {
      const answers = (await this.connections.anySupports(findCoordinatorsRequest([])))
        ? await this.connections.sendToAny(findCoordinatorsRequest(unknown))
        : (
            await Promise.all(unknown.map((name) => this.connections.sendToAny(findCoordinatorRequest(name))))
          ).flat();
      if (this.coordinators.size + answers.length > MAX_COORDINATORS) this.coordinators.clear();
      for (const { group, nodeId, error } of answers) if (error === 0) this.coordinators.set(group, nodeId);
    }
    const known = names.flatMap((name) => {
      const nodeId = this.coordinators.get(name);
      return nodeId === undefined ? [] : [{ name, nodeId }];
    });
    const byNode = groupBy(known, ({ nodeId }) => nodeId);
    return new Map([...byNode].map(([nodeId, list]) => [nodeId, list.map(({ name }) => name)]));
  }
}

/** null: not a group that reads topics, such as a cluster of Kafka Connect workers. */
function typeOf(group: ListedGroup): GroupType | null {
  if (group.type === 'consumer' || group.type === 'share' || group.type === 'streams') return group.type;
  return group.protocolType === 'consumer' || group.protocolType === '' ? 'classic' : null;
}
