import type { Connect } from './connect';

/** Mails customers about payments and parcels. Nothing ever fails here. */
export async function startNotification(connect: Connect): Promise<void> {
  await connect('notification-service', '2.0.1').subscribe({
    group: 'notification',
    topics: ['payments', 'inventory'],
    from: 'beginning',
    handle: () => new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 30)),
  });
}
