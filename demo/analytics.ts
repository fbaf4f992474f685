import type { Connect } from './connect';

const WORKS_MS = 60_000;
const RESTS_MS = 45_000;
/** Slow enough that the burst of the start is seen to drain. */
const EACH_MS = 350;

/** Counts orders, slowly, and stops now and then: its lag grows and shrinks for everybody to see. */
export async function startAnalytics(connect: Connect): Promise<void> {
  const courier = connect('analytics-service', '0.7.0');
  const work = async (): Promise<void> => {
    const subscription = await courier.subscribe({
      group: 'analytics',
      topics: ['orders'],
      from: 'beginning',
      concurrency: 1,
      handle: () => new Promise((resolve) => setTimeout(resolve, EACH_MS)),
    });
    setTimeout(() => {
      void subscription.stop().then(() => setTimeout(() => void work(), RESTS_MS));
    }, WORKS_MS);
  };
  await work();
}
