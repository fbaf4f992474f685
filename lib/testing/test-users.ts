/**
 * Users of the test Kafka. At first none is authorized for anything but `root`, who may do everything. Each test file takes
 * its own.
 */
export type TestUser = (typeof TEST_USERS)[number];
export const TEST_USERS = ['watcher', 'service', 'guest', 'reader', 'odd', 'root'] as const;

/** How a user signs in by PLAIN, as settings of Kafka's clients. */
export function passwordOf(user: TestUser): Record<string, string> {
  const { username, password } = signInOf(user);
  return {
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.mechanism': 'PLAIN',
    'sasl.username': username,
    'sasl.password': password,
  };
}

/** How a user signs in. */
export function signInOf(user: TestUser): { username: string; password: string } {
  // Characters that SCRAM, JAAS lines and properties files each write in their own way.
  return { username: user, password: user === 'odd' ? 'p=;$y z' : `${user}-pass` };
}
