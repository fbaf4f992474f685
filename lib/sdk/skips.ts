import { newUuidV7 } from '../protocol/uuid';
import type { Failure } from './dead-letter';
import { factErrorOf, type FactDraft } from './facts';
import { SKIPPED_BY_OPERATOR, type Position, type SkipCommand } from '../protocol/fact';

/** What a command to skip a record is thrown as. */
export class SkippedByOperator extends Error {
  override readonly name = SKIPPED_BY_OPERATOR;

  constructor(readonly command: SkipCommand) {
    super(`Skipped by ${command.by}${command.reason ? `: ${command.reason}` : ''}`);
  }
}

/** The failure of a record that was skipped: its group gives it up, and it can be retried like any other. */
export function skipFailure(
  thrown: SkippedByOperator,
  common: Omit<FactDraft, 'kind'>,
  attempt: number,
): Failure {
  const error = factErrorOf(thrown);
  const fact: FactDraft = {
    ...common,
    kind: 'handle_failed',
    error,
    factId: newUuidV7(),
    at: new Date().toISOString(),
  };
  return { kind: 'handle_failed', thrown, error, fact, attempt };
}

const placeOf = ({ topic, partition, offset }: Position) => `${topic}/${partition}/${offset}`;

/** Records that are being worked on, each of which an operator may have given up. */
export class Skips {
  private readonly watched = new Map<string, (command: SkipCommand) => void>();
  /** Commands that were carried out and are not reported yet. */
  readonly done = new Set<string>();

  /** @param onDone called when a command was carried out */
  constructor(private readonly onDone: () => void) {}

  /** Hands a command to the worker of its record; one for a record that is not being worked on is ignored. */
  ask(command: SkipCommand): void {
    this.watched.get(placeOf(command))?.(command);
  }

  /** Reports with the next heartbeat that a command was carried out. */
  report(id: string): void {
    this.done.add(id);
    this.onDone();
  }

  /** Until it is stopped, `asked` resolves once an operator has the record skipped. */
  watch(record: Position): { asked: Promise<SkippedByOperator>; stop: () => void } {
    const place = placeOf(record);
    const asked = new Promise<SkippedByOperator>((resolve) =>
      this.watched.set(place, (command) => resolve(new SkippedByOperator(command))),
    );
    return { asked, stop: () => this.watched.delete(place) };
  }
}
