// Sends what is due once, in a process of its own that a failpoint may kill.
import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { buildContext, closeContext } from '@/lib/context/context';
import { sendDue } from '@/lib/engine/sending/send';

const settings = readSettings();
const context = await buildContext(settings, settings.COURIER_DATABASE_URL ?? '', createLog('error'));
await sendDue(context, { leaseSeconds: 1, reconcileSeconds: 0 }, () => undefined);
await closeContext(context);
