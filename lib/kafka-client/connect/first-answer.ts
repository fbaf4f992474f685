import type { KafkaAddress } from '../settings/address';

/** How long one address may take before the next is tried beside it. */
const NEXT_MS = 250;

/**
 * Opens the first of several addresses that answers; the next is tried after an error or a moment of silence.
 * @param drop closes what is opened too late
 * @throws Error the only failure, or one with the sentences of all
 */
export function firstAnswer<T>(
  addresses: readonly KafkaAddress[],
  open: (address: KafkaAddress) => Promise<T>,
  drop: (opened: T) => void,
): Promise<T> {
  const failures: Error[] = [];
  return new Promise((resolve, reject) => {
    let next = 0;
    let isDone = false;
    const fail = (error: unknown): void => {
      failures.push(error instanceof Error ? error : new Error(String(error)));
      if (failures.length < addresses.length || isDone) return tryNext();
      isDone = true;
      reject(together(failures));
    };
    const tryNext = (): void => {
      const address = addresses[next];
      if (isDone || !address) return;
      next += 1;
      const timer = setTimeout(tryNext, NEXT_MS);
      open(address)
        .then((opened) => {
          if (isDone) drop(opened);
          isDone = true;
          resolve(opened);
        }, fail)
        .finally(() => clearTimeout(timer));
    };
    tryNext();
  });
}

/** Several failures as one error, with each sentence once. */
export function together(failures: readonly Error[]): Error {
  const [first] = failures;
  if (first && failures.length === 1) return first;
  return new Error([...new Set(failures.map(({ message }) => message))].join(' '), { cause: first });
}
