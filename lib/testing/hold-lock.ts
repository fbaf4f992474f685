// Holds the lock of a data folder until it is killed.
import { lockFolder } from '@/lib/cli/instance-lock';

await lockFolder(process.argv[2] ?? '', 'courier test');
process.send?.('held');
setInterval(() => undefined, 60_000);
