/** How long one address may take before the next is tried beside it. */
export const NEXT_ADDRESS_MS = 250;

/**
 * Asks several in turn and returns the first answer; the next is asked after an error or `nextMs` of silence.
 * @param drop releases an answer that comes too late
 * @throws Error the only failure, or one with the sentences of all
 */
export function firstAnswer<Asked, T>(
  asked: readonly Asked[],
  ask: (item: Asked) => Promise<T>,
  nextMs: number,
  drop: (answer: T) => void = () => undefined,
): Promise<T> {
  const failures: Error[] = [];
  return new Promise((resolve, reject) => {
    let next = 0;
    let isDone = false;
    const fail = (error: unknown): void => {
      failures.push(error instanceof Error ? error : new Error(String(error)));
      if (failures.length < asked.length || isDone) return tryNext();
      isDone = true;
      reject(together(failures));
    };
    const tryNext = (): void => {
      if (isDone || next >= asked.length) return;
      const item = asked[next] as Asked;
      next += 1;
      const timer = setTimeout(tryNext, nextMs);
      ask(item)
        .then((answer) => {
          if (isDone) drop(answer);
          isDone = true;
          resolve(answer);
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
