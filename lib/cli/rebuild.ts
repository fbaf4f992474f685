import { rebuild } from '@/lib/store/facts/rebuild';
import { withContexts } from './with-context';

/** Rebuilds and prints what differed. Exits with code 3 if anything did, since a difference is a bug. */
export async function rebuildStore(): Promise<void> {
  let messages = 0;
  const differed: string[] = [];
  await withContexts('courier rebuild', async (contexts) => {
    for (const context of contexts) {
      const before = messages;
      const result = await rebuild(context.store, context.catalog, (done) =>
        process.stderr.write(`\r${before + done} messages`),
      );
      messages += result.messages;
      differed.push(...result.differed);
    }
  });
  process.stderr.write('\n');
  if (differed.length === 0) {
    console.log(`${messages} messages rebuilt; nothing differed.`);
    return;
  }
  console.log(
    `${messages} messages rebuilt; ${differed.length} differed and are mended. That is a bug; please report it:`,
  );
  for (const id of differed.slice(0, 100)) console.log(`  ${id}`);
  process.exitCode = 3;
}
