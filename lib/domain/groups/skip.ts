/** A command that no member took within this time is over: three heartbeats and what a dead letter may take. */
export const SKIP_WITHIN_MS = 60_000;

/** `open`: a member may still take it. `not_taken`: none did; the record is not being worked on, or the SDK is too old. */
export type SkipState = 'open' | 'done' | 'not_taken';

/** What became of a command to skip a record. */
export function skipStateOf(command: { createdAt: Date; doneAt: Date | null }, now: Date): SkipState {
  if (command.doneAt !== null) return 'done';
  return now.getTime() - command.createdAt.getTime() > SKIP_WITHIN_MS ? 'not_taken' : 'open';
}
