import { z } from 'zod';
import { pauseMove } from '@/lib/store/former/progress';
import { defineOperation } from '../operation';

/** Pauses the move of former days into the tables of today, or lets it go on. */
export const pauseFormerMove = defineOperation({
  name: 'settings.pause-move',
  permission: 'storage.manage',
  input: z.strictObject({ isPaused: z.boolean() }),
  scope: () => ({}),
  audit: ({ isPaused }) => ({ object: 'former days', detail: { isPaused } }),
  async run(call, { isPaused }): Promise<{ isPaused: boolean }> {
    await pauseMove(call.tx, isPaused);
    return { isPaused };
  },
});
