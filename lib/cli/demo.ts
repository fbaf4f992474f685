import { randomInt } from 'node:crypto';
import path from 'node:path';
import { passPhrase } from '@/lib/domain/operators/password';
import { SYSTEM } from '@/lib/context/context';
import { ROOT } from '@/lib/context/open-contexts';
import { createOperator } from '@/lib/operations/operators/create';
import { createServiceToken } from '@/lib/operations/tokens/find';
import { findThingsToTry } from './demo-links';
import { startAll, untilStopped, waitUntilReady, type Started } from './start';

/** The shop's services; each has a token of its own, as in any installation. */
const SHOP_SERVICES = [
  'order-service',
  'payment-service',
  'inventory-service',
  'notification-service',
  'analytics-service',
];
/** Seconds for which `p` stops the payment service. */
const UNPLUGGED_SECONDS = 30;

/** Starts everything: database, broker, workers, console and a small shop, and prints what to click. */
export async function demo(): Promise<void> {
  const began = Date.now();
  const say = (line: string) => console.log(line);
  const password = passPhrase(randomInt);
  const tokens: Record<string, string> = {};
  process.env.COURIER_LOG_LEVEL ??= 'warn';
  // Quick enough that what one does is seen at once.
  process.env.COURIER_SAMPLE_SECONDS ??= '3';
  process.env.COURIER_DEMO = new Date(began).toISOString();
  const started = await startAll({
    command: 'courier demo',
    say,
    chooseFreePorts: true,
    prepare: async (context) => {
      await createOperator.call(context, SYSTEM, { name: 'admin', password });
      for (const service of SHOP_SERVICES) tokens[service] = await createServiceToken(context, service);
    },
  });
  await untilStopped(started, ['shop', 'web', 'worker'], say, () =>
    openShop(started, { began, password, tokens, say }),
  );
}

async function openShop(
  started: Started,
  {
    began,
    password,
    tokens,
    say,
  }: { began: number; password: string; tokens: Record<string, string>; say: (line: string) => void },
): Promise<void> {
  const [cluster] = started.settings.clusters;
  const { addresses = [], properties = {} } = cluster ?? {};
  say(addresses.length > 0 ? `Using Kafka at ${addresses.join(', ')}.` : 'Using the embedded broker.');
  await waitUntilReady(started);
  await waitForIntake(started.intakeUrl);
  started.supervisor.start({
    name: 'shop',
    file: path.join(ROOT, 'demo/main.mjs'),
    args: [],
    env: {
      COURIER_INTAKE_URL: started.intakeUrl,
      DEMO_TOKENS: JSON.stringify(tokens),
      DEMO_BROKERS: addresses.join(','),
      DEMO_PROPERTIES: JSON.stringify(properties),
    },
  });
  say('The shop opens; waiting until its first messages have a story ...');
  const plug = `stops payment for ${UNPLUGGED_SECONDS} s`;
  const found = await findThingsToTry(started.consoleUrl, password, plug);
  const seconds = Math.round((Date.now() - began) / 1000);
  say(`
Courier runs (${seconds} s). ${found.sentence}

  ${started.consoleUrl}     sign in as  admin     pass phrase  ${password}     (shown once; a new one at each start)

${found.things.map(({ words, path: link }, at) => `  ${at + 1}  ${words.padEnd(48)} ${link}`).join('\n')}

Ctrl-C stops everything.
`);
  listenForKeys(() => {
    say(`payment stops for ${UNPLUGGED_SECONDS} s; within 10 s its group says "No members".`);
    started.supervisor.send('shop', { unplug: UNPLUGGED_SECONDS });
  });
}

async function waitForIntake(url: string): Promise<void> {
  for (let waited = 0; waited < 300; waited += 1) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function listenForKeys(onP: () => void): void {
  const { stdin } = process;
  // Without a terminal, where another program starts the demo, the key comes by standard input as well.
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.on('error', () => undefined).resume();
  stdin.on('data', (bytes) => {
    const key = bytes.toString().trim();
    if (key === 'p') onP();
    // Raw mode takes Ctrl-C from the terminal too.
    if (key === '\u0003') process.kill(process.pid, 'SIGINT');
  });
}
