import type { TestProject } from 'vitest/node';
import { startRealCourier } from './courier';

export interface AttackTarget {
  console: string;
  intake: string;
  worker: string;
  folder: string;
  password: string;
  tokens: Record<'orders-service' | 'payment-service' | 'stranger' | 'closed-service', string>;
  revoked: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    target: AttackTarget;
  }
}

/** One Courier for all attacks that may share one. Times that a test would have to sit out are short. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const courier = await startRealCourier({
    COURIER_INTAKE_BODY_SECONDS: '2',
    // Addresses are the tests' own words.
    COURIER_TRUSTED_PROXIES: '1',
    COURIER_SESSION_IDLE_MINUTES: '1',
    COURIER_RETRY_ANSWER_HOURS: '0.003',
  });
  try {
    const password = await courier.setUp('admin');
    const tokens = {
      'orders-service': await courier.token('orders-service'),
      'payment-service': await courier.token('payment-service'),
      stranger: await courier.token('stranger'),
      'closed-service': await courier.token('closed-service', '--publish', 'closed.*', '--read', 'closed.*'),
    };
    const revoked = await courier.token('gone-service');
    await courier.token('gone-service');
    await courier.token('gone-service');
    project.provide('target', {
      console: courier.console,
      intake: courier.intake,
      worker: courier.worker,
      folder: courier.folder,
      password,
      tokens,
      revoked,
    });
  } catch (error) {
    await courier.stop();
    throw error;
  }
  return () => courier.stop();
}
