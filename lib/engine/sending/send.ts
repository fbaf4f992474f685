import type { SendAnswer } from '@/lib/brokers/broker';
import { groupBy } from '@/lib/values/group-by';
import { againAfter } from '@/lib/domain/retries/retry';
import { sentenceOf } from '@/lib/errors';
import { claim, putOff, readDue, recordSend, type Claim, type SendRecord } from '@/lib/store/retries/ledger';
import type { Context } from '@/lib/context/context';
import { payloadHash } from './build-record';
import { failpoint } from './failpoint';
import { prepare, type Prepared } from './prepare';

/** Most items of one produce request, and most of their bytes. */
const MAX_ITEMS = 200;
const MAX_BYTES = 1_000_000;

export interface SendTimes {
  /** How long a claim is the sender's own. Longer than a request may take. */
  leaseSeconds: number;
  /** Seconds until an uncertain send is reconciled; by then a late write has landed. */
  reconcileSeconds: number;
}

/** How long an item waits whose body can't be read now. */
const AGAIN_SECONDS = 5;

/**
 * Sends what is due, one partition of one target at a time. What can't be read now is put off, so that it neither keeps
 * others from being sent nor is asked for without a pause.
 * @returns how many items were sent, or ended
 */
export async function sendDue(
  context: Context,
  times: SendTimes,
  onOutcome: (outcome: SendAnswer['outcome']) => void,
): Promise<number> {
  const due = await readDue(context.store, context.cluster.id, MAX_ITEMS);
  const seen = await Promise.all(due.map((item) => prepare(context, item)));
  const prepared = seen.filter((item) => typeof item === 'object');
  const later = due.filter((_, at) => seen[at] === 'later');
  await putOff(
    context.store,
    later.map((item) => item.id),
    AGAIN_SECONDS,
  );
  for (const [, batch] of groupBy(prepared, (entry) => `${entry.item.targetTopic}/${entry.partition}`)) {
    for (const part of parts(batch)) await sendBatch(context, times, part, onOutcome);
  }
  return due.length - later.length;
}

/** Cuts a batch by bytes; an item that a batch was refused for goes alone. */
function parts(batch: Prepared[]): Prepared[][] {
  const cut: Prepared[][] = [];
  let bytes = Infinity;
  for (const entry of batch) {
    const alone = entry.item.reason === 'broker_refused';
    if (alone || bytes + sizeOf(entry) > MAX_BYTES) {
      cut.push([]);
      bytes = 0;
    }
    cut.at(-1)?.push(entry);
    bytes = alone ? Infinity : bytes + sizeOf(entry);
  }
  return cut;
}

const sizeOf = ({ value }: Prepared): number => value?.length ?? 0;

async function sendBatch(
  context: Context,
  times: SendTimes,
  batch: Prepared[],
  onOutcome: (outcome: SendAnswer['outcome']) => void,
): Promise<void> {
  const [first] = batch;
  if (!first) return;
  const { known } = await context.broker.logEnds([first.item.targetTopic]);
  const endOffset = known.find((end) => end.partition === first.partition)?.end ?? 0n;
  failpoint('before claim');
  const began = performance.now();
  const claims = await claim(
    context.store,
    batch.map((entry) => ({
      itemId: entry.item.id,
      partition: first.partition,
      endOffset,
      payloadSha256: payloadHash(entry.value),
    })),
    times.leaseSeconds,
  );
  failpoint('after claim');
  if (claims.length === 0) return;
  const byId = new Map(batch.map((entry) => [entry.item.id, entry]));
  const records = claims.flatMap((claimed) => {
    const entry = byId.get(claimed.item.id);
    if (!entry) return [];
    const { item, partition, key, value, codec, timestamp } = entry;
    return [
      {
        topic: item.targetTopic,
        partition,
        key,
        value,
        headers: entry.headersOf(claimed),
        ...(codec === undefined ? {} : { codec }),
        ...(timestamp === undefined ? {} : { timestamp }),
      },
    ];
  });
  failpoint('before send');
  // A process that was stopped in between must not send on a claim that another may have by now.
  const trusted = performance.now() - began < (times.leaseSeconds * 1000) / 2;
  const answers = trusted ? await publish(context, records) : records.map(() => NOT_SENT);
  failpoint('after send');
  for (const [at, claimed] of claims.entries()) {
    const answer = answers[at] ?? { outcome: 'unknown', reason: 'no answer' };
    onOutcome(answer.outcome);
    await recordSend(context.store, claimed, outcomeOf(answer, claimed, claims.length, times));
  }
  failpoint('after record');
}

const NOT_SENT: SendAnswer = {
  outcome: 'not_written',
  reason: 'the sender was stopped for longer than it may trust its claim',
};

async function publish(
  context: Context,
  records: Parameters<Context['broker']['publish']>[0],
): Promise<SendAnswer[]> {
  try {
    return await context.broker.publish(records);
  } catch (error) {
    // A port that throws has broken its promise; what it did is not known.
    return records.map(() => ({ outcome: 'unknown', reason: sentenceOf(error) }));
  }
}

function outcomeOf(answer: SendAnswer, claimed: Claim, together: number, times: SendTimes): SendRecord {
  switch (answer.outcome) {
    case 'acknowledged':
      return {
        // Without a group there is no delivery to follow.
        state: claimed.item.group === null ? 'WRITTEN' : 'SENT',
        reason: null,
        result: 'acknowledged',
        detail: null,
        partition: answer.partition,
        offset: answer.offset,
      };
    case 'unknown':
      return {
        state: 'UNCERTAIN',
        reason: null,
        result: 'unknown',
        detail: answer.reason,
        waitSeconds: times.reconcileSeconds,
      };
    case 'not_written':
      return {
        state: 'PENDING',
        reason: null,
        result: 'not_written',
        detail: answer.reason,
        waitSeconds: againAfter(claimed.number) / 1000,
      };
    case 'refused':
      // Only one that was sent alone is known to be what the broker refused.
      return together > 1
        ? {
            state: 'PENDING',
            reason: 'broker_refused',
            result: 'refused',
            detail: answer.reason,
            waitSeconds: 0,
          }
        : { state: 'REFUSED', reason: 'broker_refused', result: 'refused', detail: answer.reason };
  }
}
