// A Courier in a process of its own, for the referee: prints what its list of groups says each time it is asked by a line.
import { createInterface } from 'node:readline';
import { listGroups } from '@/lib/operations/groups/list';
import { startCourier } from '@/lib/testing/courier';

const [postgres = '', kafka = ''] = process.argv.slice(2);
const courier = await startCourier(postgres, kafka, {
  COURIER_SAMPLE_SECONDS: '3',
  COURIER_LOG_LEVEL: 'fatal',
});
console.log('ready');
const lines = createInterface({ input: process.stdin });
lines.on('line', () => {
  void listGroups.call(courier.context, courier.operator, {}).then(({ groups }) => {
    console.log(JSON.stringify(groups));
  });
});
lines.on('close', () => {
  void courier.stop().then(() => process.exit(0));
});
