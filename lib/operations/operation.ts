import type { z } from 'zod';
import { mayDo, rolesWith, type Permission } from '@/lib/domain/operators/permissions';
import { CourierError, invalid } from '@/lib/errors';
import { writeAudit, writeReadAudit } from '@/lib/store/audit/entries';
import { inTransaction, type PoolClient } from '@/lib/postgres';
import type { Actor, Context } from '@/lib/context/context';
import { seesCluster, seesGroup, seesOf, seesTopic, type Sees } from './scope';
import { authorizeService, type TopicAccess } from './services/authorize';

/** What an operation writes into the audit when it was done. */
export interface AuditWords {
  object: string | null;
  reason?: string | null;
  detail?: Record<string, unknown>;
}

/** A context for one call; `tx` is there for operations that change something. */
export interface Call extends Context {
  actor: Actor;
  tx: PoolClient;
}

/** What a call is about; several names where it is about several. */
export interface Scope {
  topic?: string | readonly string[];
  group?: string | readonly string[];
  /** What is done with the topics; reading, where it is not said. */
  access?: TopicAccess;
}

interface Definition<Schema extends z.ZodType, Result> {
  /** `noun.verb-noun` in kebab case, as it stands in the audit. */
  name: string;
  permission: Permission;
  input: Schema;
  /** What the call is about: a service must own the groups and may use the topics, an operator is limited by its scope. */
  scope(input: z.output<Schema>): Scope;
  /** null for operations that change nothing. */
  audit: ((input: z.output<Schema>, result: Result) => AuditWords | null) | null;
  /**
   * For operations that let payload or whole lists out: what of it was read. It is in the audit once an hour for each
   * person and object, and a read that can't be written there is refused.
   */
  readAudit?: (input: z.output<Schema>, result: NoInfer<Result>) => AuditWords | null;
  /**
   * For operations about nothing in particular: the result without what the actor may not see, or `narrowed` where the
   * query did that. An operation without names in its scope and without this is refused to whoever is limited.
   */
  within?: 'narrowed' | ((result: NoInfer<Result>, sees: Sees) => NoInfer<Result>);
  run(call: Call, input: z.output<Schema>): Promise<Result>;
}

export interface Operation<Schema extends z.ZodType, Result> extends Definition<Schema, Result> {
  /** Refuses, runs and writes the audit entry in one transaction, whoever calls. */
  call(context: Context, actor: Actor, input: unknown): Promise<Result>;
}

/** Defines a use case. Everything a person, a program or a worker can do is one of these. */
export function defineOperation<Schema extends z.ZodType, Result>(
  definition: Definition<Schema, Result>,
): Operation<Schema, Result> {
  return {
    ...definition,
    async call(context, actor, given) {
      if (!mayDo(actor.role, definition.permission)) await refuse(context, actor, definition);
      const parsed = definition.input.safeParse(given);
      if (!parsed.success) throw invalid(parsed.error);
      await enforceScope(context, actor, definition, definition.scope(parsed.data));
      const { audit } = definition;
      if (audit === null) {
        const all = await definition.run(withTx(context, actor, null), parsed.data);
        const { within } = definition;
        const result = actor.scope && typeof within === 'function' ? within(all, seesOf(actor)) : all;
        const words = definition.readAudit?.(parsed.data, result);
        if (words) await auditRead(context, actor, definition.name, words);
        return result;
      }
      return inTurn(context, () =>
        inTransaction(context.store, async (client) => {
          const result = await definition.run(withTx(context, actor, client), parsed.data);
          const words = audit(parsed.data, result);
          if (words) {
            await writeAudit(client, {
              operatorId: actor.id,
              operatorName: actor.name,
              operation: definition.name,
              clusterId: context.cluster.id,
              object: words.object,
              reason: words.reason ?? null,
              outcome: 'done',
              ...(words.detail ? { detail: words.detail } : {}),
            });
          }
          return result;
        }),
      );
    },
  };
}

async function enforceScope(
  context: Context,
  actor: Actor,
  { name, permission, within }: { name: string; permission: Permission; within?: unknown },
  scope: Scope,
): Promise<void> {
  const topics = listOf(scope.topic);
  const groups = listOf(scope.group);
  if (actor.service)
    await authorizeService(context, actor.service, { topics, groups, access: scope.access ?? 'read' });
  if (!actor.scope || permission === 'public' || permission === 'session') return;
  if (topics.length + groups.length === 0 && within === undefined) {
    throw new CourierError(
      'not_allowed',
      `${actor.name} may not ${name}: it is not limited to what ${actor.name} may see.`,
    );
  }
  const outside =
    topics.find((topic) => !seesTopic(actor, topic)) ?? groups.find((group) => !seesGroup(actor, group));
  if (!seesCluster(actor, context.cluster.name) || outside !== undefined) {
    throw new CourierError(
      'not_allowed',
      `${actor.name} may not ${name} on ${JSON.stringify(outside ?? context.cluster.name)}: it is outside of what ${actor.name} may see.`,
    );
  }
}

async function auditRead(
  context: Context,
  actor: Actor,
  operation: string,
  words: AuditWords,
): Promise<void> {
  const key = `${actor.id ?? actor.name}\n${operation}\n${words.object ?? ''}`;
  if (context.reads.wasWritten(key, context.now().getTime())) return;
  try {
    await writeReadAudit(context.store, {
      operatorId: actor.id,
      operatorName: actor.name,
      operation,
      clusterId: context.cluster.id,
      object: words.object,
      reason: null,
      outcome: 'done',
      ...(words.detail ? { detail: words.detail } : {}),
    });
  } catch (error) {
    context.reads.forget(key);
    throw error;
  }
}

function listOf(names: string | readonly string[] | undefined): readonly string[] {
  return names === undefined ? [] : typeof names === 'string' ? [names] : names;
}

/** Waits for a turn among what changes something. @throws CourierError too_many_requests */
async function inTurn<T>(context: Context, work: () => Promise<T>): Promise<T> {
  const outcome = await context.changes.run(work);
  if ('result' in outcome) return outcome.result;
  throw new CourierError(
    'too_many_requests',
    'Too many changes wait for the tracking store. Nothing was changed; try again in a moment.',
  );
}

function withTx(context: Context, actor: Actor, client: PoolClient | null): Call {
  return {
    ...context,
    actor,
    get tx(): PoolClient {
      if (client) return client;
      throw new Error('an operation without an audit entry has no transaction: it changes nothing');
    },
  };
}

async function refuse(
  context: Context,
  actor: Actor,
  definition: { name: string; permission: Permission; audit: unknown },
): Promise<never> {
  if (actor.role === 'anonymous') throw new CourierError('not_signed_in', 'Sign in first.');
  if (definition.audit !== null) {
    await writeAudit(context.store, {
      operatorId: actor.id,
      operatorName: actor.name,
      operation: definition.name,
      clusterId: context.cluster.id,
      object: null,
      reason: null,
      outcome: 'refused',
    });
  }
  const who = rolesWith(definition.permission);
  throw new CourierError(
    'not_allowed',
    `${actor.name} may not ${definition.name}; allowed: ${who.join(', ')}.`,
    { who },
  );
}
