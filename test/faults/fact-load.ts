import { KIND_NUMBER } from '@/lib/store/facts/pack-fact';
import { request } from 'node:http';
import type { Context } from '@/lib/context/context';
import type { FactBatch, ReportedFact } from '@/lib/protocol/fact';
import { FACTS_TOPIC } from '@/lib/protocol/topics';
import { readCursors } from '@/lib/store/sources/cursors';
import { makeFact, newId } from '@/lib/testing/facts';

const MESSAGES_A_BATCH = 20;
const LOST_ANSWERS = 0.25;
const KINDS = ['committed', 'handle_failed', 'handled'] as const;

/** What the store makes of a load. All three are empty, or a safeguard is missing. */
export interface Verdict {
  /** Facts that were acknowledged and are not there, as `message kind`. */
  missing: string[];
  /** Facts that are there twice, and deliveries that count an attempt twice. */
  doubled: string[];
  /** Messages whose row does not match their facts. */
  wrong: string[];
}

/**
 * Messages that each have three facts: committed, handler failed, handled. It remembers what was acknowledged, whichever
 * way it went, and judges the store by that alone and not by ids of facts, which are themselves a safeguard.
 */
export class FactLoad {
  readonly acknowledged: string[] = [];
  /** Batches that were acknowledged, each way. */
  readonly batchesBy = { topic: 0, intake: 0 };
  private batches = 0;

  constructor(
    readonly group: string,
    private readonly random: () => number,
    /** Off: a batch that is sent again carries facts with new ids. */
    private readonly sameIdsAgain = true,
    /** Messages that are there already; every second one of the load is one of them, as long as there are some. */
    private readonly there: readonly string[] = [],
  ) {}

  /** One batch by way of the topic `courier.facts`. @returns once the broker has it */
  async byTopic(context: Context): Promise<void> {
    const { ids, facts } = this.make();
    const value = Buffer.from(JSON.stringify(batchOf(facts)));
    const partition = this.batches % 3;
    const record = { topic: FACTS_TOPIC, partition, key: null, value, headers: [] };
    const [answer] = await context.broker.publish([record]);
    if (answer?.outcome !== 'acknowledged') throw new Error(`not published: ${JSON.stringify(answer)}`);
    this.acknowledged.push(...ids);
    this.batchesBy.topic += 1;
  }

  /**
   * One batch by way of the intake, again until it is taken, as services do. Some answers are lost on the way back.
   * @param signal gives up
   */
  async byIntake(url: () => string, token: string, signal: AbortSignal): Promise<void> {
    const { ids, facts } = this.make();
    for (let first = true; !signal.aborted; first = false) {
      const sent = first || this.sameIdsAgain ? facts : facts.map((fact) => ({ ...fact, factId: newId() }));
      const status = await post(`${url()}/v1/facts`, token, batchOf(sent));
      if (status === 200 && this.random() > LOST_ANSWERS) {
        this.acknowledged.push(...ids);
        this.batchesBy.intake += 1;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  private make(): { ids: string[]; facts: ReportedFact[] } {
    this.batches += 1;
    const ids = Array.from({ length: MESSAGES_A_BATCH }, (_, at) => {
      const used = ((this.batches - 1) * MESSAGES_A_BATCH) / 2 + at / 2;
      return (at % 2 === 0 ? this.there[used] : undefined) ?? newId();
    });
    const at = { at: new Date().toISOString() };
    const facts = ids.flatMap((id) => [
      makeFact('committed', id, 0, { ...at, message: { topic: 'faults', type: 'T' } }),
      makeFact('handle_failed', id, 0, {
        ...at,
        group: this.group,
        attempt: 1,
        error: { type: 'E', message: 'm' },
      }),
      makeFact('handled', id, 0, { ...at, group: this.group, attempt: 2 }),
    ]);
    return { ids, facts };
  }

  /** Compares what was acknowledged with what the store has. */
  async judge(context: Context): Promise<Verdict> {
    const verdict: Verdict = { missing: [], doubled: [], wrong: [] };
    const ids = [this.acknowledged];
    const { rows: facts } = await context.store.query<{ id: string; kind: number; n: string }>(
      'SELECT message_id AS id, kind, count(*) AS n FROM fact_read WHERE message_id = ANY($1) GROUP BY 1, 2',
      ids,
    );
    const counts = new Map(facts.map((row) => [`${row.id} ${row.kind}`, Number(row.n)]));
    for (const id of this.acknowledged) {
      for (const kind of KINDS) {
        const count = counts.get(`${id} ${KIND_NUMBER[kind]}`) ?? 0;
        if (count === 0) verdict.missing.push(`${id} ${kind}`);
        if (count > 1) verdict.doubled.push(`${id} ${kind}`);
      }
    }
    const { rows } = await context.store.query<{ id: string; status: string; n: string; attempts: number }>(
      `SELECT m.id, m.status, count(d.*) AS n, max(d.attempts) AS attempts
       FROM message_read m LEFT JOIN delivery_read d ON d.message_id = m.id AND d.handled_count = 1
       WHERE m.id = ANY($1) GROUP BY m.id, m.status`,
      ids,
    );
    const right = new Set(
      rows.flatMap((row) =>
        row.status === 'HANDLED' && row.n === '1' && row.attempts === 2 ? [row.id] : [],
      ),
    );
    verdict.wrong = this.acknowledged.filter((id) => !right.has(id));
    return verdict;
  }
}

function batchOf(facts: ReportedFact[]): FactBatch {
  return { v: 1, service: 'faults', host: 'test', facts };
}

/** @returns the status, or 0 without an answer */
function post(url: string, token: string, body: unknown): Promise<number> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const asked = request(url, { method: 'POST', headers, timeout: 5_000 }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
      answer.on('error', () => resolve(0));
    });
    asked.on('timeout', () => asked.destroy()).on('error', () => resolve(0));
    asked.end(JSON.stringify(body));
  });
}

/** Whether the collector has read `courier.facts` to its end, whatever it made of it. */
export async function isRead(context: Context): Promise<boolean> {
  const topicId = (await context.catalog.topicIds([FACTS_TOPIC])).get(FACTS_TOPIC);
  const cursors = await readCursors(context.store, 'collector');
  const { known } = await context.broker.logEnds([FACTS_TOPIC]);
  return known.every((end) => {
    const found = cursors.find((cursor) => cursor.topicId === topicId && cursor.partition === end.partition);
    return end.end === 0n || (found?.next ?? 0n) >= end.end;
  });
}
