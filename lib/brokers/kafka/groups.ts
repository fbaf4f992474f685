import { KAFKA_ERROR } from './wire/errors';
import type { Admin } from 'kafkajs';
import type * as port from '@/lib/brokers/broker';
import { groupBy } from '@/lib/values/group-by';
import type { GroupType } from '@/lib/domain/groups/group-type';
import { CourierError } from '@/lib/errors';
import { readAssignment } from './assignment';
import type { KafkaMetadata } from './metadata';
import type { WireConnection } from './wire/connection';
import {
  apiVersionsRequest,
  consumerGroupDescribeRequest,
  findCoordinatorsRequest,
  listGroupsRequest,
  offsetFetchRequest,
  shareGroupDescribeRequest,
  shareGroupOffsetsRequest,
  type DescribedGroup,
  type ListedGroup,
  type OffsetFetchAnswer,
} from './wire/group-requests';
import type { WireRequest } from './wire/requests';

/** Groups asked for in one OffsetFetch; measured as quick as any other number and modest in memory. */
const GROUPS_PER_REQUEST = 50;
const LIST_GROUPS = 16;
/** TOPIC_, GROUP_ and CLUSTER_AUTHORIZATION_FAILED. */
const NOT_AUTHORIZED: ReadonlySet<number> = new Set([
  KAFKA_ERROR.TOPIC_AUTHORIZATION_FAILED,
  KAFKA_ERROR.GROUP_AUTHORIZATION_FAILED,
  KAFKA_ERROR.CLUSTER_AUTHORIZATION_FAILED,
]);

/** Groups of every protocol, each read by the request of its own protocol. */
export class KafkaGroups {
  /** Highest versions by node, asked once; forgotten when a broker fails, because it may come back as another release. */
  private readonly versions = new Map<number, Promise<Map<number, number>>>();

  constructor(
    private readonly connection: WireConnection,
    private readonly metadata: KafkaMetadata,
    private readonly withAdmin: <T>(work: (admin: Admin) => Promise<T>) => Promise<T>,
  ) {}

  async list(): Promise<port.GroupInfo[]> {
    await this.metadata.read([]);
    const answers = await Promise.all(
      this.metadata.brokers.map(async ({ nodeId }) => {
        const most = (await this.versionsOf(nodeId)).get(LIST_GROUPS) ?? 4;
        return this.connection.send(nodeId, listGroupsRequest(most >= 5 ? 5 : 4));
      }),
    ).catch((error: unknown) => {
      this.versions.clear();
      throw error;
    });
    for (const { error } of answers) {
      if (NOT_AUTHORIZED.has(error))
        throw new CourierError(
          'broker_refused',
          `Kafka does not let Courier list groups (code ${error}). Grant DESCRIBE on the cluster or on its groups.`,
        );
      // A list without the groups of one coordinator would imply that they are gone.
      if (error !== 0) throw new Error(`a group coordinator is not ready yet (code ${error})`);
    }
    return answers
      .flatMap((answer) => answer.groups)
      .flatMap((item) => {
        const type = typeOf(item);
        return type ? [{ name: item.name, type, state: item.state }] : [];
      });
  }

  async describe(groups: port.GroupInfo[]): Promise<port.GroupDescription[]> {
    const of = (type: GroupType) => groups.filter((group) => group.type === type).map((group) => group.name);
    const [classic, consumer, share] = await Promise.all([
      this.describeClassic(of('classic')),
      this.askCoordinators(of('consumer'), consumerGroupDescribeRequest),
      this.askCoordinators(of('share'), shareGroupDescribeRequest),
    ]);
    const known = new Map([...classic, ...consumer, ...share].map((item) => [item.name, item]));
    return groups.map((group) => {
      const found = known.get(group.name);
      // A group that lives and yet is called dead, or not found, has just changed its protocol.
      const isKnown =
        found !== undefined && found.error === 0 && (found.state !== 'Dead' || group.state === 'Dead');
      return isKnown ? { ...group, state: found.state, members: found.members } : { ...group, members: null };
    });
  }

  async positions(groups: port.GroupInfo[]): Promise<port.GroupPositions> {
    const [share, others] = [
      groups.filter((group) => group.type === 'share').map((group) => group.name),
      groups.filter((group) => group.type !== 'share').map((group) => group.name),
    ];
    const answers: OffsetFetchAnswer[] = [
      ...(await this.askCoordinators(others, offsetFetchRequest)),
      ...(await this.askCoordinators(share, shareGroupOffsetsRequest)),
    ];
    // A coordinator that is loading or moving answers an error; its groups are sampled the next time.
    const told = answers.filter((answer) => answer.error === 0);
    const known = new Set(told.map((answer) => answer.group));
    const positions = told.flatMap((answer) =>
      answer.positions
        .filter((position) => position.error === 0 && position.offset >= 0n)
        .map(({ topic, partition, offset }) => ({ group: answer.group, topic, partition, offset })),
    );
    return { positions, unknown: groups.map((group) => group.name).filter((name) => !known.has(name)) };
  }

  private async describeClassic(names: string[]): Promise<DescribedGroup[]> {
    if (names.length === 0) return [];
    const { groups } = await this.withAdmin((admin) => admin.describeGroups(names));
    return groups.map((group) => ({
      name: group.groupId,
      error: 0,
      state: group.state,
      members: group.members.map((member) => ({
        id: member.memberId,
        clientId: member.clientId,
        host: member.clientHost.replace(/^\//, ''),
        assignment: readAssignment(member.memberAssignment),
      })),
    }));
  }

  /** Asks each group's coordinator, for many groups at once. */
  private async askCoordinators<T>(
    names: string[],
    request: (names: string[]) => WireRequest<T[]>,
  ): Promise<T[]> {
    if (names.length === 0) return [];
    const coordinators = await this.connection.sendToAny(findCoordinatorsRequest(names));
    const found: T[] = [];
    for (const [nodeId, list] of groupBy(
      coordinators.filter((coordinator) => coordinator.error === 0),
      (item) => item.nodeId,
    )) {
      for (let at = 0; at < list.length; at += GROUPS_PER_REQUEST) {
        const some = list.slice(at, at + GROUPS_PER_REQUEST).map((item) => item.group);
        found.push(...(await this.connection.send(nodeId, request(some))));
      }
    }
    return found;
  }

  private versionsOf(nodeId: number): Promise<Map<number, number>> {
    const known = this.versions.get(nodeId);
    if (known) return known;
    const asked = this.connection
      .send(nodeId, apiVersionsRequest())
      .then((answer) => new Map(answer.apis.map((api) => [api.apiKey, api.most])));
    this.versions.set(nodeId, asked);
    asked.catch(() => this.versions.delete(nodeId));
    return asked;
  }
}

/** null: not a group that reads topics, such as a cluster of Kafka Connect workers. */
function typeOf(group: ListedGroup): GroupType | null {
  if (group.type === 'consumer' || group.type === 'share' || group.type === 'streams') return group.type;
  // A group that only ever committed positions has no protocol type.
  return group.protocolType === 'consumer' || group.protocolType === '' ? 'classic' : null;
}
