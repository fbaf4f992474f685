import { z } from 'zod';
import { CourierError } from '@/lib/errors';
import { BODY_POLICIES, writePolicy } from '@/lib/store/topics';
import { defineOperation } from '../operation';

/** Sets what Courier keeps of a topic's messages. The index takes it up within seconds, for records that it reads from then on. */
export const configureTopic = defineOperation({
  name: 'topics.configure',
  permission: 'topics.configure',
  input: z.strictObject({
    name: z.string().min(1).max(249),
    indexed: z.boolean(),
    idHeaders: z
      .array(
        z
          .string()
          .trim()
          .min(1)
          .max(255)
          .refine((header) => !/[\s=]/.test(header), {
            error: 'a header name without spaces and =, since header=value is how it is searched',
          }),
      )
      .max(20),
    bodyPolicy: z.enum(BODY_POLICIES),
  }),
  scope: ({ name }) => ({ topic: name }),
  audit: ({ name, ...policy }) => ({ object: `topic ${name}`, detail: policy }),
  async run(call, { name, ...policy }): Promise<{ name: string }> {
    const idHeaders = [...new Set(policy.idHeaders)];
    if (!(await writePolicy(call.tx, call.cluster.id, name, { ...policy, idHeaders }))) {
      throw new CourierError('not_found', `There is no topic ${name} on ${call.cluster.name}.`);
    }
    return { name };
  },
});
