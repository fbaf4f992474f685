/** Services report every ten seconds; one that has not for a minute is silent, on every page. */
export const SILENT_AFTER_MS = 60_000;
