import { parseArgs } from 'node:util';
import { CourierError, sentenceOf } from '@/lib/errors';
import { contextOf, SYSTEM } from '@/lib/context/context';
import { approveGroupRetryTopic, moveGroupToService } from '@/lib/operations/services/groups';
import { withContexts } from './with-context';

const USAGE = 'courier group <group> [--owner <service>] [--retry-topic <topic>] [--cluster <name>]';

/** Gives a group to a service, or approves a retry topic that is not the group's own. */
export async function changeGroup(args: string[]): Promise<void> {
  const { positionals, values } = parse(args);
  const [group] = positionals;
  const { owner, 'retry-topic': topic, cluster } = values;
  if (!group || positionals.length > 1 || (!owner && !topic))
    throw new CourierError('invalid_input', `Name the group and what to change: ${USAGE}.`);
  await withContexts('courier group', async (contexts) => {
    const context = contextOf(contexts, cluster ?? null);
    if (owner) {
      await moveGroupToService.call(context, SYSTEM, { name: group, service: owner });
      console.log(`The group ${group} belongs to the service ${owner}.`);
    }
    if (topic) {
      await approveGroupRetryTopic.call(context, SYSTEM, { name: group, topic });
      console.log(`The group ${group} may announce the retry topic ${topic}.`);
    }
  });
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        owner: { type: 'string' },
        'retry-topic': { type: 'string' },
        cluster: { type: 'string' },
      },
    });
  } catch (error) {
    throw new CourierError('invalid_input', `${sentenceOf(error)}\n${USAGE}`);
  }
}
