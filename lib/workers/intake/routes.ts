import type { z } from 'zod';
import {
  commitPositions,
  joinGroup,
  leaveGroup,
  MAX_POLL_WAIT_MS,
  pollRecords,
} from '@/lib/operations/broker/consume';
import { publishRecords } from '@/lib/operations/broker/publish';
import { openTopics } from '@/lib/operations/broker/topics';
import type { Actor, Context } from '@/lib/context/context';
import { reportFacts } from '@/lib/operations/facts/report';
import { announceInstance } from '@/lib/operations/instances/announce';
import type { Operation } from '@/lib/operations/operation';

interface Handler {
  run(context: Context, actor: Actor, body: unknown): Promise<unknown>;
  /** How many of one token are worked on at once; the others wait. Absent: as many as any request. */
  atOnce?: number;
  /** Milliseconds after which a request is answered whatever became of its work. */
  deadlineMs: number;
}

const WORK_DEADLINE_MS = 30_000;

function of<Schema extends z.ZodType, Result>(operation: Operation<Schema, Result>, waitMs = 0): Handler {
  return {
    run: (context, actor, body) => operation.call(context, actor, body),
    deadlineMs: WORK_DEADLINE_MS + waitMs,
  };
}

/** Every path of the intake and the operation behind it; all are POST. The operation decides what the service may. */
export const ROUTES: ReadonlyMap<string, Handler> = new Map([
  ['/v1/facts', of(reportFacts)],
  ['/v1/instances', of(announceInstance)],
  ['/v1/broker/topics', of(openTopics)],
  ['/v1/broker/publish', of(publishRecords)],
  // Each assigns every partition of its topics anew.
  ['/v1/broker/join', { ...of(joinGroup), atOnce: 4 }],
  ['/v1/broker/poll', of(pollRecords, MAX_POLL_WAIT_MS)],
  ['/v1/broker/commit', of(commitPositions)],
  ['/v1/broker/leave', of(leaveGroup)],
]);
