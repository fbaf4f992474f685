/** Steps of a send after each of which a test kills the process, to prove that nothing is lost or doubled unseen. */
export const FAILPOINTS = [
  'before claim',
  'after claim',
  'before send',
  'after send',
  'after record',
] as const;

/** Ends the process at once, as kill -9 would, where `COURIER_FAILPOINT` names this step. */
export function failpoint(name: (typeof FAILPOINTS)[number]): void {
  if (process.env.COURIER_FAILPOINT === name) process.kill(process.pid, 'SIGKILL');
}
