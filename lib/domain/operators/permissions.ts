/** What an operation needs. */
export type Permission =
  | 'public'
  | 'session'
  | 'messages.read'
  | 'payload.read'
  | 'groups.read'
  | 'groups.manage'
  | 'retries.read'
  | 'retries.create'
  | 'topics.read'
  | 'topics.publish'
  | 'topics.configure'
  | 'settings.read'
  | 'storage.manage'
  | 'tokens.manage'
  | 'workers.read'
  | 'workers.wake'
  | 'facts.record'
  | 'broker.use'
  | 'operators.manage'
  | 'system';

export type Role = 'administrator' | 'service' | 'system' | 'anonymous';

const ALLOWED: Record<Role, readonly Permission[]> = {
  administrator: [
    'session',
    'messages.read',
    'payload.read',
    'groups.read',
    'groups.manage',
    'retries.read',
    'retries.create',
    'topics.read',
    'topics.publish',
    'topics.configure',
    'settings.read',
    'storage.manage',
    'tokens.manage',
    'workers.read',
    'workers.wake',
    'operators.manage',
  ],
  service: ['facts.record', 'broker.use'],
  system: ['facts.record', 'operators.manage', 'tokens.manage', 'groups.manage', 'system'],
  anonymous: [],
};

/** Whether a role holds a permission. What is not listed is not allowed. */
export function mayDo(role: Role, permission: Permission): boolean {
  return permission === 'public' || ALLOWED[role].includes(permission);
}

/** What the reader of an answer may do with it. */
export interface Ability {
  allowed: boolean;
  /** Why not, as a key of the page's words; null where it is allowed. */
  why:
    | 'not_permitted'
    | 'already_retrying'
    | 'not_failing'
    | 'no_body'
    | 'no_position'
    | 'not_for_services'
    | null;
  /** Roles that may. */
  who: Role[];
}

/** Roles that hold a permission. */
export function rolesWith(permission: Permission): Role[] {
  return (Object.keys(ALLOWED) as Role[]).filter((role) => mayDo(role, permission));
}

/** Whether a role may do something, and else who may. */
export function abilityTo(role: Role, permission: Permission): Ability {
  const allowed = mayDo(role, permission);
  return { allowed, why: allowed ? null : 'not_permitted', who: rolesWith(permission) };
}

export type Abilities = Record<'retry' | 'publish' | 'configure', Ability>;

/** Returns what a role may do in general. An answer about one object has a more exact `can` of its own. */
export function abilitiesOf(role: Role): Abilities {
  return {
    retry: abilityTo(role, 'retries.create'),
    publish: abilityTo(role, 'topics.publish'),
    configure: abilityTo(role, 'topics.configure'),
  };
}
