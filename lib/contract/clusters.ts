/** Rights that Courier asks its broker for, in the order of their use. */
export const RIGHTS = [
  'see_groups',
  'describe_groups',
  'read_topics',
  'read_settings',
  'create_topics',
  'write_topics',
] as const;
export type RightName = (typeof RIGHTS)[number];

/** Whether Courier has a right. */
export interface RightView {
  right: RightName;
  /** null: the broker does not reveal it, or there is nothing yet to try it on. */
  granted: boolean | null;
  /** Topics or groups on which it is missing; empty where it is missing as a whole. */
  missingOn: string[];
  /** The arguments of `kafka-acls` that grant it. */
  grant: string;
}

/** Steps of a test of a connection, in their order. */
export const CHECK_STEPS = [
  'files',
  'name',
  'port',
  'tls',
  'version',
  'signIn',
  'brokers',
  'rights',
] as const;
export type CheckStep = (typeof CHECK_STEPS)[number];

/** What one step found. */
export interface CheckLine {
  step: CheckStep;
  outcome: 'ok' | 'warning' | 'failed' | 'untried';
  /** Key of the sentence in `messages/<language>/connection.json`, in its section `found` or `cause`. */
  code: string;
  /** Values of the sentence. */
  values: Record<string, string>;
  /** The sentence in English. */
  text: string;
}

/** A test of the connection to a cluster; it changes nothing there. */
export interface ConnectionCheck {
  at: string;
  cluster: string;
  milliseconds: number;
  lines: CheckLine[];
  /** null: it did not get that far, or the broker reveals no rights. */
  rights: RightView[] | null;
}
