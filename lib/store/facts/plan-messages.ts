import {
  copiesOf,
  isSamePosition,
  joinMessage,
  ownPosition,
  type Fold,
  type MessageRow,
} from '@/lib/domain/messages/fold';
import type { Fact, Position } from '@/lib/protocol/fact';
import type { Known } from './lock-known';

/** What is written of one message. */
export interface MessagePlan {
  row: MessageRow;
  /** Its place on its own topic. */
  own: Position | null;
  /** What the index read there: its time and id headers are columns of the message, and no fact. */
  indexed: Pick<Fact, 'at' | 'idHeaders'> | null;
  /** What the index read at other places: facts like any other. */
  further: Fact[];
  copies: number;
}

/**
 * Plans a message that is new.
 * @param indexed what the index read of it, in the order of the facts
 */
export function planNew(row: MessageRow, fold: Fold, indexed: readonly Fact[]): MessagePlan {
  const positions = fold.positions.get(row.id) ?? [];
  const own = ownPosition(row.description.topic, positions);
  return { row, own, ...divide(own, null, indexed), copies: copiesOf(positions, row.description.topic) };
}

/**
 * Plans a message that is known.
 * @param fresh facts of the batch that were not known, what the index read among them
 * @returns null where its row is not enough to join the facts with: it has to be folded anew from its facts
 */
export function planKnown(
  known: Known,
  incoming: MessageRow,
  positions: readonly Position[],
  indexed: readonly Fact[],
): MessagePlan | null {
  const row = joinMessage(known.row, incoming);
  const topic = row.description.topic;
  const before = known.row.description.topic;
  if (before !== undefined && topic !== before) return null;
  const own = ownPosition(topic, known.own ? [known.own, ...positions] : positions);
  if (known.own && own && !isSamePosition(known.own, own)) return null;
  return { row, own, ...divide(own, known.indexed, indexed), copies: known.copies };
}

/** Parts what the index read at a message's own place from what it read elsewhere. The earliest reading counts. */
function divide(
  own: Position | null,
  known: MessagePlan['indexed'],
  indexed: readonly Fact[],
): Pick<MessagePlan, 'indexed' | 'further'> {
  let first = known;
  const further: Fact[] = [];
  for (const fact of indexed) {
    if (!own || !fact.position || !isSamePosition(own, fact.position)) further.push(fact);
    else if (first === null || fact.at < first.at) first = fact;
  }
  return { indexed: first, further };
}
