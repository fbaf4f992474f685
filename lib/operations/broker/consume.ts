import { z } from 'zod';
import { CourierError } from '@/lib/errors';
import { defineOperation } from '../operation';
import { serviceAccessOf } from './service-access';
import { clientText } from '@/lib/protocol/strings';
import { groupName, memberName, position, topicName } from './names';

export const MAX_POLL_WAIT_MS = 30_000;

/** Makes a member of a group and answers its partitions. */
export const joinGroup = defineOperation({
  name: 'broker.join',
  permission: 'broker.use',
  input: z.strictObject({
    group: groupName,
    member: memberName,
    clientId: clientText(255),
    host: clientText(255),
    topics: z.array(topicName).min(1).max(500),
    fromBeginning: z.boolean(),
  }),
  scope: ({ group, topics }) => ({ group, topic: topics }),
  audit: null,
  run: (call, input) => serviceAccessOf(call).join(input),
});

/** Reads on from a member's positions, and waits where there is nothing. */
export const pollRecords = defineOperation({
  name: 'broker.poll',
  permission: 'broker.use',
  input: z.strictObject({
    group: groupName,
    member: memberName,
    generation: z.number().int(),
    waitMs: z.number().int().min(0).max(MAX_POLL_WAIT_MS),
    maxBytes: z.number().int().min(1).max(10_000_000),
    positions: z.array(z.strictObject(position)).max(10_000),
  }),
  scope: ({ group, positions }) => ({
    group,
    topic: [...new Set(positions.map((place) => place.topic))],
  }),
  audit: null,
  async run(call, input) {
    if (!call.request) throw new CourierError('internal', 'Only a request at the intake can wait.');
    return serviceAccessOf(call).poll(input, call.request);
  },
});

/** Commits positions of a member's partitions. */
export const commitPositions = defineOperation({
  name: 'broker.commit',
  permission: 'broker.use',
  input: z.strictObject({
    group: groupName,
    member: memberName,
    generation: z.number().int(),
    offsets: z.array(z.strictObject({ ...position, metadata: clientText(4_096).nullable() })).max(10_000),
  }),
  scope: ({ group, offsets }) => ({ group, topic: [...new Set(offsets.map(({ topic }) => topic))] }),
  audit: null,
  run: (call, input) => serviceAccessOf(call).commit(input),
});

/** Takes a member out of its group. */
export const leaveGroup = defineOperation({
  name: 'broker.leave',
  permission: 'broker.use',
  input: z.strictObject({ group: groupName, member: memberName }),
  scope: ({ group }) => ({ group }),
  audit: null,
  run: (call, input) => serviceAccessOf(call).leave(input),
});
