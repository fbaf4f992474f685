import type { Pool } from 'pg';
import { MEMBER_TIMEOUT_SECONDS } from './member-timeout';

const REFRESH_EVERY_MS = 3_000;

/**
 * Members whose poll is waiting in this process. They count as seen as long as they wait, by one statement for all of
 * them, and groups with a member that fell silent are found by the same statement.
 */
export class Presence {
  private readonly members = new Map<string, { group: string; member: string; polls: number }>();
  private timer: NodeJS.Timeout | undefined;
  private refreshing = false;

  /** @param onSilent called with each waiting group that has a silent member */
  constructor(
    private readonly pool: Pool,
    private readonly onSilent: (group: string) => Promise<void>,
  ) {}

  /** Counts a member as present. @returns ends that */
  enter(group: string, member: string): () => void {
    const key = JSON.stringify([group, member]);
    const entry = this.members.get(key) ?? { group, member, polls: 0 };
    entry.polls += 1;
    this.members.set(key, entry);
    this.timer ??= setInterval(() => void this.refresh(), REFRESH_EVERY_MS).unref();
    return () => {
      entry.polls -= 1;
      if (entry.polls === 0) this.members.delete(key);
      if (this.members.size > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
    };
  }

  private async refresh(): Promise<void> {
    if (this.refreshing) return;
    this.refreshing = true;
    try {
      const present = [...this.members.values()];
      const groups = present.map((entry) => entry.group);
      const { rows } = await this.pool.query<{ group_name: string }>({
        name: 'embedded-refresh-members',
        text: `WITH seen AS (
                 UPDATE embedded_member m SET seen_at = now() FROM unnest($1::text[], $2::text[]) AS p (group_name, member)
                 WHERE m.group_name = p.group_name AND m.member = p.member)
               SELECT DISTINCT group_name FROM embedded_member m WHERE group_name = ANY($1)
                 AND seen_at < now() - make_interval(secs => $3)
                 AND (group_name, member) NOT IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
        values: [groups, present.map((entry) => entry.member), MEMBER_TIMEOUT_SECONDS],
      });
      for (const { group_name: group } of rows) await this.onSilent(group);
    } catch {
      // A store that is away for longer than the timeout makes every member join again.
    } finally {
      this.refreshing = false;
    }
  }
}
