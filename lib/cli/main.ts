import { CourierError, sentenceOf } from '@/lib/errors';
import { storeErrorOf } from '@/lib/store-errors';
import { demo } from './demo';
import { check } from './check';
import { changeGroup } from './group';
import { rebuildStore } from './rebuild';
import { setUp } from './setup';
import { start } from './start';
import { makeToken } from './token';
import { runWorker } from './worker';

const COMMANDS: Record<string, { run: (args: string[]) => Promise<void>; does: string }> = {
  demo: { run: demo, does: 'start everything with a small shop that fails in interesting ways' },
  start: { run: start, does: 'start the console and the workers; stop both with Ctrl-C' },
  worker: { run: runWorker, does: 'run the intake and the workers alone' },
  setup: { run: setUp, does: 'setup <name>: make the first administrator, or give one a new pass phrase' },
  token: {
    run: makeToken,
    does: 'token <service> [--publish <topic>] [--read <topic>]: make the token of a service, and say what it may do',
  },
  group: {
    run: changeGroup,
    does: 'group <group> [--owner <service>] [--retry-topic <topic>]: give a group to a service, approve its retry topic',
  },
  check: {
    run: check,
    does: 'check [<cluster>]: test the connection to each cluster step by step, without changing anything',
  },
  rebuild: {
    run: rebuildStore,
    does: 'derive messages and deliveries anew from the facts, and say what differed',
  },
};

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : sentenceOf(error);
}

async function main(): Promise<void> {
  const [name = '', ...args] = process.argv.slice(2);
  const command = COMMANDS[name];
  if (!command) {
    const lines = Object.entries(COMMANDS).map(([word, { does }]) => `  courier ${word.padEnd(8)} ${does}`);
    console.error(
      `${name ? `courier has no command ${JSON.stringify(name)}.\n\n` : ''}${lines.join('\n')}\n`,
    );
    process.exitCode = name ? 2 : 0;
    return;
  }
  try {
    await command.run(args);
  } catch (error) {
    const known = error instanceof CourierError ? error : storeErrorOf(error);
    console.error(
      known ? `${known.message}${known === error ? '' : ` (${sentenceOf(error)})`}` : stackOf(error),
    );
    process.exitCode = 1;
  }
}

await main();
