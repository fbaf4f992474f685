import { z } from 'zod';
import { CourierError } from '@/lib/errors';
import { readLastChange } from '@/lib/store/audit/entries';
import { BODY_POLICIES, lockPolicy, writePolicy } from '@/lib/store/topics/topics';
import { defineOperation } from '../operation';
import { text, words } from '@/lib/protocol/strings';

const policyShape = {
  indexed: z.boolean(),
  idHeaders: z
    .array(
      words(255).refine((header) => !/[\s=]/.test(header), {
        error: 'a header name without spaces and =, since header=value is how it is searched',
      }),
    )
    .max(20),
  bodyPolicy: z.enum(BODY_POLICIES),
};

/**
 * Sets what Courier keeps of a topic's messages. The index applies it within seconds, to records that it reads from then
 * on. `was` is the policy that the person saw when they began. If it has changed since, nothing is written, and the
 * conflict contains the present policy and the author of the change.
 */
export const configureTopic = defineOperation({
  name: 'topics.configure',
  permission: 'topics.configure',
  input: z.strictObject({
    name: text(249),
    ...policyShape,
    was: z.strictObject(policyShape).optional(),
  }),
  scope: ({ name }) => ({ topic: name }),
  audit: ({ name, indexed, idHeaders, bodyPolicy }) => ({
    object: `topic ${name}`,
    detail: { indexed, idHeaders, bodyPolicy },
  }),
  async run(call, { name, was, ...given }): Promise<{ name: string }> {
    const now = await lockPolicy(call.tx, call.cluster.id, name);
    if (!now) throw new CourierError('not_found', `There is no topic ${name} on ${call.cluster.name}.`);
    if (was && textOf(was) !== textOf(now)) {
      const last = await readLastChange(call.tx, call.cluster.id, 'topics.configure', `topic ${name}`);
      throw new CourierError(
        'conflict',
        `${last?.operator ?? 'Somebody'} changed the settings of ${name} meanwhile. Nothing of yours was saved; look at both.`,
        { now, by: last?.operator ?? null, at: last?.at.toISOString() ?? null },
      );
    }
    const idHeaders = [...new Set(given.idHeaders)];
    await writePolicy(call.tx, call.cluster.id, name, { ...given, idHeaders });
    return { name };
  },
});

function textOf({ indexed, idHeaders, bodyPolicy }: z.output<z.ZodObject<typeof policyShape>>): string {
  return JSON.stringify([indexed, idHeaders.toSorted(), bodyPolicy]);
}
