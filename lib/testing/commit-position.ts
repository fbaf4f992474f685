import { connect } from 'node:net';
import { WireWriter } from '@/lib/kafka-client/wire/bytes';

const OFFSET_COMMIT = 8;
const VERSION = 2;

/**
 * Commits a position for a group without members, as a consumer that assigns partitions to itself does: at once, and under
 * every name that Kafka allows, of which kafkajs refuses the empty one.
 * @param address of a plain listener of a cluster of one broker
 * @throws Error with Kafka's error code
 */
export function commitPosition(
  address: string,
  group: string,
  position: { topic: string; partition: number; offset: number },
): Promise<void> {
  const [host, port] = address.split(':');
  const request = new WireWriter()
    .int16(OFFSET_COMMIT)
    .int16(VERSION)
    .int32(1)
    .string('test')
    .string(group)
    .int32(-1)
    .string('')
    .int64(-1n)
    .int32(1)
    .string(position.topic)
    .int32(1)
    .int32(position.partition)
    .int64(BigInt(position.offset))
    .string('')
    .toBuffer();
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), host ?? '');
    socket.setTimeout(10_000, () => socket.destroy(new Error(`${address} does not answer`)));
    socket.on('error', reject);
    socket.on('connect', () =>
      socket.write(new WireWriter().int32(request.length).bytes(request).toBuffer()),
    );
    // The answer fits one packet; its last two bytes are the error code of the only partition.
    socket.on('data', (answer) => {
      socket.destroy();
      const code = answer.readInt16BE(answer.length - 2);
      if (code === 0) resolve();
      else reject(new Error(`Kafka refuses a position of ${JSON.stringify(group)} with error ${code}`));
    });
  });
}
