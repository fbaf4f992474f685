/** `topic/partition/offset`: how a record's place is written and searched for. */
export function positionText(place: {
  topic: string;
  partition: number;
  offset: bigint | number | string;
}): string {
  return `${place.topic}/${place.partition}/${place.offset}`;
}

/** `topic/partition`. */
export function partitionText({ topic, partition }: { topic: string; partition: number }): string {
  return `${topic}/${partition}`;
}

/** Reads `topic/partition/offset`; null for anything else. A topic's name has no slash. */
export function parsePosition(text: string): { topic: string; partition: number; offset: bigint } | null {
  const match = /^([^/\s]{1,249})\/(\d{1,9})\/(\d{1,18})$/.exec(text);
  if (!match) return null;
  return { topic: match[1] ?? '', partition: Number(match[2]), offset: BigInt(match[3] ?? 0) };
}

/** The topic of a position text that is known to be one; cheaper than `parsePosition`. */
export function topicOfPosition(text: string): string {
  return text.slice(0, text.lastIndexOf('/', text.lastIndexOf('/') - 1));
}

/** Topic and partition of a `<topic>/<partition>` that is known to be one. */
export function partitionOfText(place: string): { topic: string; partition: number } {
  const separator = place.lastIndexOf('/');
  return { topic: place.slice(0, separator), partition: Number(place.slice(separator + 1)) };
}
