import { ACTIVE_HEADER } from '@/lib/contract/active-header';

const EVENTS = ['keydown', 'pointerdown'] as const;
let isActive = false;

/**
 * Notices keys and clicks from now on. Going to another page asks the server for it, which counts by itself.
 * @returns stops noticing
 */
export function watchActivity(): () => void {
  const notice = (): void => {
    isActive = true;
  };
  for (const event of EVENTS) window.addEventListener(event, notice, { capture: true, passive: true });
  return () => {
    for (const event of EVENTS) window.removeEventListener(event, notice, { capture: true });
  };
}

/** Returns request headers that report whether the user was active since the last request. */
export function activityHeaders(): Record<string, string> {
  const said = { [ACTIVE_HEADER]: isActive ? '1' : '0' };
  isActive = false;
  return said;
}
