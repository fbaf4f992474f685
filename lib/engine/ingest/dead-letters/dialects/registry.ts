import type { BrokerRecord } from '@/lib/brokers/broker';
import { courier } from './courier';
import type { DeadLetterReading, Dialect } from './dialect';

/** Every dialect that Courier reads; the first that understands a record reads it. */
export const DIALECTS: readonly Dialect[] = [courier];

/** Whether any dialect's framework writes dead letters to topics of this name. */
export function isDeadLetterTopic(name: string): boolean {
  return DIALECTS.some((dialect) => dialect.matchesTopic(name));
}

/** Reads a dead letter. @returns null where no dialect understands its headers */
export function readDeadLetter(
  record: BrokerRecord,
): { dialect: Dialect; reading: DeadLetterReading } | null {
  for (const dialect of DIALECTS) {
    const reading = dialect.read(record);
    if (reading) return { dialect, reading };
  }
  return null;
}

/** The name of a stored dialect; its id where this Courier no longer has it. */
export function nameOfDialect(id: string): string {
  return DIALECTS.find((dialect) => dialect.id === id)?.name ?? id;
}
