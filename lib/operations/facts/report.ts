import { z } from 'zod';
import { CourierError } from '@/lib/errors';
import { defineOperation } from '../operation';
import { judgeFacts, type RefusedFact } from './judge';
import { parseBatch, recordFacts } from '@/lib/engine/ingest/record';

const MAX_NAMED = 50;

/**
 * Takes a batch of facts of a service. One that does not fit refuses the whole batch, since the service has to be mended;
 * one that is another service's is left out and named, and the others are kept.
 */
export const reportFacts = defineOperation({
  name: 'facts.report',
  permission: 'facts.record',
  input: z.unknown(),
  scope: () => ({}),
  audit: null,
  async run(call, body): Promise<{ kept: number; refused?: RefusedFact[] }> {
    const parsed = parseBatch(body);
    const [bad] = parsed.rejected;
    if (bad) {
      throw new CourierError(
        'invalid_input',
        `${bad.place}: ${bad.reason}. None of the ${parsed.facts.length + parsed.rejected.length} facts was kept.`,
        { rejected: parsed.rejected.map(({ place, reason }) => ({ place, reason })).slice(0, MAX_NAMED) },
      );
    }
    const { actor } = call;
    const { own, refused } = actor.service
      ? await judgeFacts(call, actor.service, parsed.facts)
      : { own: parsed.facts, refused: [] };
    const [foreign] = refused;
    if (foreign && own.length === 0) {
      throw new CourierError(
        'not_allowed',
        `${foreign.place}: ${foreign.reason}. None of the ${refused.length} facts was kept.`,
        { refused: refused.slice(0, MAX_NAMED) },
      );
    }
    if (own.length > 0) {
      if (call.request) await call.request.writeFacts(own);
      else await recordFacts(call, own, { source: 'intake', isReported: true });
    }
    return { kept: own.length, ...(foreign ? { refused: refused.slice(0, MAX_NAMED) } : {}) };
  },
});
