export const DEMO_STEPS = ['find', 'why', 'watch', 'retry', 'plug'] as const;
export type DemoStep = (typeof DEMO_STEPS)[number];

export interface DemoThing {
  step: DemoStep;
  /** Where it is to be seen; null for what is done in the terminal. */
  href: string | null;
  /** The key or group to type or find there. */
  subject: string;
}

/** What the demo's shop has come to, and what to try with it. */
export interface DemoView {
  published: number;
  failing: number;
  behind: { group: string; lag: number | null } | null;
  /** Null until each of them shows what it promises. */
  things: DemoThing[] | null;
}
