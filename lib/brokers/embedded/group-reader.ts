import type * as port from '@/lib/brokers/broker';
import { groupBy } from '@/lib/values/group-by';
import { MEMBER_TIMEOUT_SECONDS } from './member-timeout';

/** Asks the embedded broker's PostgreSQL. @param name of the prepared statement */
type Ask = <R extends object>(name: string, text: string, values?: unknown[]) => Promise<{ rows: R[] }>;

/** Groups of the embedded broker as an administrator sees them. */
export class EmbeddedGroupReader {
  constructor(private readonly ask: Ask) {}

  async list(): Promise<port.GroupListing> {
    const { rows } = await this.ask<{ name: string; live: boolean }>(
      'groups',
      `SELECT name, EXISTS (SELECT 1 FROM embedded_member m WHERE m.group_name = g.name
                            AND m.seen_at > now() - make_interval(secs => $1)) AS live
       FROM embedded_group g ORDER BY name`,
      [MEMBER_TIMEOUT_SECONDS],
    );
    const groups = rows.map((row) => ({
      name: row.name,
      type: 'classic' as const,
      state: row.live ? 'Stable' : 'Empty',
    }));
    return { groups, isComplete: true };
  }

  async describe(groups: port.GroupInfo[]): Promise<port.GroupDescription[]> {
    const { rows } = await this.ask<{
      group_name: string;
      member: string;
      client_id: string;
      host: string;
      assignment: { topic: string; partitions: number[] }[];
    }>(
      'members',
      `SELECT group_name, member, client_id, host, assignment FROM embedded_member
       WHERE group_name = ANY($1) AND seen_at > now() - make_interval(secs => $2) ORDER BY member`,
      [groups.map((group) => group.name), MEMBER_TIMEOUT_SECONDS],
    );
    const members = groupBy(rows, (row) => row.group_name);
    return groups.map((group) => {
      const list = (members.get(group.name) ?? []).map((row) => ({
        id: row.member,
        clientId: row.client_id,
        host: row.host,
        assignment: row.assignment,
      }));
      return { ...group, state: list.length > 0 ? 'Stable' : 'Empty', members: list };
    });
  }

  async dead(groups: Pick<port.GroupInfo, 'name'>[]): Promise<string[]> {
    const known = new Set((await this.list()).groups.map(({ name }) => name));
    return groups.map(({ name }) => name).filter((name) => !known.has(name));
  }

  async positions(groups: port.GroupInfo[]): Promise<port.GroupPositions> {
    const { rows } = await this.ask<{ group_name: string; name: string; partition: number; offset: string }>(
      'positions',
      `SELECT p.group_name, t.name, p.partition, p."offset" FROM embedded_position p
       JOIN embedded_topic t ON t.id = p.topic_id WHERE p.group_name = ANY($1)`,
      [groups.map((group) => group.name)],
    );
    const positions = rows.map((row) => ({
      group: row.group_name,
      topic: row.name,
      partition: row.partition,
      offset: BigInt(row.offset),
    }));
    return { positions, unknown: [] };
  }
}
