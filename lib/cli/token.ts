import { parseArgs } from 'node:util';
import { CourierError, sentenceOf } from '@/lib/errors';
import { createServiceToken } from '@/lib/operations/tokens/find';
import { withContexts } from './with-context';

const USAGE =
  'courier token <service> [--publish <topic>]... [--read <topic>]... [--default-rights]; a topic may have * for any text';

/** Makes a service's token and prints it once; sets the topics that the service may publish to and read. */
export async function makeToken(args: string[]): Promise<void> {
  const { positionals, values } = parse(args);
  const [service, ...more] = positionals;
  if (!service || more.length > 0) throw new CourierError('invalid_input', `Name the service: ${USAGE}.`);
  const rights = values['default-rights']
    ? { publish: null, read: null }
    : {
        ...(values.publish ? { publish: values.publish } : {}),
        ...(values.read ? { read: values.read } : {}),
      };
  const token = await withContexts('courier token', ([context]) =>
    createServiceToken(context, service, rights),
  );
  console.log(
    `\n  COURIER_TOKEN=${token}   (shown once; the newest two tokens of ${service} are valid, older ones have ended)\n`,
  );
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        publish: { type: 'string', multiple: true },
        read: { type: 'string', multiple: true },
        'default-rights': { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new CourierError('invalid_input', `${sentenceOf(error)}\n${USAGE}`);
  }
}
