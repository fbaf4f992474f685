import type { Ability } from '@/lib/domain/operators/permissions';
import type { Frame } from '@/lib/domain/failures/stack';
import type { DeliveryStatus } from '@/lib/domain/messages/status';

/** Failing deliveries of one group, message type and error type; null where a message or an error has none. */
export interface FailureKey {
  group: string;
  type: string | null;
  error: string | null;
}

export interface FailureRow extends FailureKey {
  /** One of the error messages, the newest. */
  message: string | null;
  status: DeliveryStatus;
  topics: string[];
  messages: number;
  /** How many of them gave up; the others try again by themselves. */
  gaveUp: number;
  attempts: number;
  firstAt: string;
  lastAt: string;
  /** Releases of the group that failed, the one that failed first before the others. */
  releases: string[];
  hosts: number;
  /** How many began to fail in each quarter of an hour of the last six hours. */
  trend: number[];
  /** Other groups with this type and error. */
  alsoIn: string[];
  /** Id of the message that was made last. */
  newest: string;
  /** The message where there is only one. */
  only: { id: string; key: string | null } | null;
}

export interface FailureListRow extends FailureRow {
  /** The innermost of the group's own frames in the newest stack, its place without folders; null where none was reported. */
  frame: { what: string; where: string | null } | null;
}

export interface FailureList {
  at: string;
  rows: FailureListRow[];
  trendFrom: string;
  trendStepSeconds: number;
}

export interface FailureView extends FailureRow {
  at: string;
  trendFrom: string;
  trendStepSeconds: number;
  /** Frames that the compared members share, the innermost first. */
  frames: Frame[];
  /** Members whose stacks were compared. */
  compared: number;
  can: { retry: Ability };
}
