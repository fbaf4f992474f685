import { countOperators as count } from '@/lib/store/operators/operators';
import type { Context } from '../context';

/** How many people can sign in; none before `courier setup`. */
export function countOperators(context: Context): Promise<number> {
  return count(context.store);
}
