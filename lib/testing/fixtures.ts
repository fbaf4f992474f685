import { inject } from 'vitest';

/** The brokers that a test runs on: the embedded one, and Apache Kafka with its address where one was started. */
export function brokersUnderTest(): [name: string, address: string | null][] {
  const kafka = inject('kafka');
  return [['embedded', null], ...(kafka ? ([['kafka', kafka.address]] as [string, string][]) : [])];
}

/** Sends a body to an endpoint of the intake as a service does. @param body JSON, or text that is sent unchanged */
export async function postToIntake(
  courier: { intakeUrl: string; token: string },
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(courier.intakeUrl + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${courier.token}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
