/** Field of the entry in the browser's history that names the row from which a person left. */
const FIELD = 'courierRow';

/** Remembers in the present entry of the history which row is being opened, so that Back leads to it. */
export function rememberRow(key: string): void {
  const state = window.history.state as Record<string, unknown> | null;
  window.history.replaceState({ ...state, [FIELD]: key }, '');
}

/** The row from which the present entry of the history was left; null where it is new. */
export function rememberedRow(): string | null {
  if (typeof window === 'undefined') return null;
  const state = window.history.state as Record<string, unknown> | null;
  const key = state?.[FIELD];
  return typeof key === 'string' ? key : null;
}
