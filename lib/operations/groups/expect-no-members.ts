import { z } from 'zod';
import { isZone } from '@/lib/domain/groups/expectation';
import { CourierError } from '@/lib/errors';
import { anyText, format, groupName, reason } from '@/lib/protocol/strings';
import { removeExpectation, writeExpectation } from '@/lib/store/groups/expectations';
import { storedName } from '@/lib/store/names/catalog';
import { defineOperation, type Call } from '../operation';

const timeOfDay = format(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day as HH:MM, 00:00 to 23:59');
const expectation = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('until'),
    until: z.iso.datetime({ error: 'a time as ISO 8601 in UTC, such as 2026-12-01T06:00:00Z' }),
  }),
  z.strictObject({
    kind: z.literal('schedule'),
    schedule: z.strictObject({
      days: z
        .array(z.int().min(1).max(7))
        .min(1, { error: 'at least one day, from 1 (Monday) to 7 (Sunday)' })
        .max(7),
      from: timeOfDay,
      to: timeOfDay,
      zone: anyText(64).refine(isZone, { error: 'the name of a time zone, such as Europe/Berlin' }),
    }),
  }),
  z.strictObject({ kind: z.literal('always') }),
]);

/** Marks that a group may have no members: until a time, on a schedule, or always. Then it needs no attention for that. */
export const expectNoMembers = defineOperation({
  name: 'groups.expect-no-members',
  permission: 'groups.manage',
  input: z.strictObject({
    name: groupName,
    expectation,
    note: reason.optional(),
  }),
  scope: ({ name }) => ({ group: name }),
  audit: ({ name, expectation, note }) => ({
    object: `group ${name}`,
    detail: { expectation, note: note ?? null },
  }),
  async run(call, { name, expectation, note }): Promise<Record<string, never>> {
    if (expectation.kind === 'until' && Date.parse(expectation.until) <= call.now().getTime())
      throw new CourierError(
        'invalid_input',
        `until is ${expectation.until}, which is over. Give a time to come.`,
      );
    await writeExpectation(call.tx, await groupIdOf(call, name), expectation, note || null, call.actor.name);
    return {};
  },
});

/** Ends the expectation that a group has no members. */
export const endExpectation = defineOperation({
  name: 'groups.end-expectation',
  permission: 'groups.manage',
  input: z.strictObject({ name: groupName }),
  scope: ({ name }) => ({ group: name }),
  audit: ({ name }) => ({ object: `group ${name}`, detail: {} }),
  async run(call, { name }): Promise<Record<string, never>> {
    if (!(await removeExpectation(call.tx, await groupIdOf(call, name))))
      throw new CourierError('conflict', `Nothing is expected of the group ${name} any more.`);
    return {};
  },
});

/** @throws CourierError not_found */
export async function groupIdOf(call: Pick<Call, 'catalog' | 'cluster'>, name: string): Promise<number> {
  const id = await call.catalog.findGroup(storedName(name));
  if (id < 0)
    throw new CourierError('not_found', `There is no consumer group ${name} on ${call.cluster.name}.`);
  return id;
}
