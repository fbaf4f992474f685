import type { z } from 'zod';
import { mayDo, rolesWith, type Permission } from '@/lib/domain/operators/permissions';
import { CourierError, invalid } from '@/lib/errors';
import { writeAudit, writeReadAudit } from '@/lib/store/audit/entries';
import { inTransaction, type PoolClient } from '@/lib/postgres';
import type { Actor, Context } from '@/lib/context/context';
import { seesCluster, seesGroup, seesOf, seesTopic, type Sees } from './scope';
import { authorizeService, type TopicAccess } from './services/authorize';

/** The audit entry of a completed operation. */
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

/** Topics and groups that a call concerns. */
export interface Scope {
  topic?: string | readonly string[];
  group?: string | readonly string[];
  /** Access to the topics; `read` by default. */
  access?: TopicAccess;
}

interface Definition<Schema extends z.ZodType, Result, Prepared = undefined> {
  /** `noun.verb-noun` in kebab case, as the audit has it. */
  name: string;
  permission: Permission;
  input: Schema;
  /** Topics and groups of a call: a service must own the groups and may use the topics; an operator is limited by its scope. */
  scope(input: z.output<Schema>): Scope;
  /** null for operations that change nothing. */
  audit: ((input: z.output<Schema>, result: Result) => AuditWords | null) | null;
  /**
   * Audit entry of a read, for operations that return payloads or whole lists. It is written once an hour per person and
   * object; a read whose entry can't be written is refused.
   */
  readAudit?: (input: z.output<Schema>, result: NoInfer<Result>) => AuditWords | null;
  /**
   * For operations without topics and groups in their scope: removes from the result what the actor may not see, or
   * `narrowed` if the query already does. An operation with neither is refused to limited actors.
   */
  within?: 'narrowed' | ((result: NoInfer<Result>, sees: Sees) => NoInfer<Result>);
  /** Reads what takes long, before a change begins its transaction; `run` gets the answer. */
  prepare?: (context: Context, actor: Actor, input: z.output<Schema>) => Promise<Prepared>;
  run(call: Call, input: z.output<Schema>, prepared: Prepared): Promise<Result>;
}

export interface Operation<Schema extends z.ZodType, Result> extends Omit<
  Definition<Schema, Result>,
  'prepare' | 'run'
> {
  /** Runs it as a part of another operation, which authorized the actor. */
  run(call: Call, input: z.output<Schema>): Promise<Result>;
  /** Authorizes the actor, runs the operation and writes its audit entry, in one transaction. */
  call(context: Context, actor: Actor, input: unknown): Promise<Result>;
}

/** Defines a use case of a person, a program or a worker. */
export function defineOperation<Schema extends z.ZodType, Result, Prepared = undefined>(
  definition: Definition<Schema, Result, Prepared>,
): Operation<Schema, Result> {
  const { prepare, ...rest } = definition;
  // An operation without this step has no type for its answer either.
  const prepareFor = async (context: Context, actor: Actor, input: z.output<Schema>) =>
    (await prepare?.(context, actor, input)) as Prepared;
  return {
    ...rest,
    run: async (call, input) => definition.run(call, input, await prepareFor(call, call.actor, input)),
    async call(context, actor, given) {
      if (!mayDo(actor.role, definition.permission)) await refuse(context, actor, definition);
      const parsed = definition.input.safeParse(given);
      if (!parsed.success) throw invalid(parsed.error);
      await enforceScope(context, actor, definition, definition.scope(parsed.data));
      const { audit } = definition;
      const prepared = await prepareFor(context, actor, parsed.data);
      if (audit === null) {
        const all = await definition.run(withTx(context, actor, null), parsed.data, prepared);
        const { within } = definition;
        const result = actor.scope && typeof within === 'function' ? within(all, seesOf(actor)) : all;
        const words = definition.readAudit?.(parsed.data, result);
        if (words) await auditRead(context, actor, definition.name, words);
        return result;
      }
      return inTurn(context, () =>
        inTransaction(context.store, async (client) => {
          const result = await definition.run(withTx(context, actor, client), parsed.data, prepared);
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

/** Limits concurrent changes. @throws CourierError too_many_requests */
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
