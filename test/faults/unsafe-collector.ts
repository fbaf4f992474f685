// The collector without its safeguard: the cursor moves first, in a transaction of its own. The control of the tests that
// kill collectors.
import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { buildContext } from '@/lib/context/context';
import { collectFacts } from '@/lib/engine/ingest/collect';
import { TopicFollower } from '@/lib/engine/ingest/follow-topics';
import { inTransaction } from '@/lib/postgres';
import { FACTS_TOPIC } from '@/lib/protocol/topics';

const BETWEEN_MS = 100;

const settings = readSettings();
const context = await buildContext(settings, settings.COURIER_DATABASE_URL ?? '', createLog('error'));
const follower = new TopicFollower(context, 'collector', (topic) => topic === FACTS_TOPIC);
await follower.refresh();
process.send?.({ ready: true });
for (;;) {
  for (const batch of await follower.read(100, 2_000_000)) {
    await inTransaction(context.store, (client) => batch.claim(client));
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
    await collectFacts(context, { ...batch, claim: () => Promise.resolve() });
  }
}
