import { collector } from './collector';
import { deadLetterIndex } from './dead-letter-index';
import { deadlines } from './deadlines';
import { formerDays } from './former-days';
import { housekeeping } from './housekeeping';
import { lagSampler } from './lag-sampler';
import { positionMover } from './position-mover';
import { retrySender } from './retry-sender';
import type { AnyWorker } from './runtime';
import { topicIndex } from './topic-index';
import { waitingFacts } from './waiting-facts';

/** Every worker, once. */
export const WORKERS: readonly AnyWorker[] = [
  collector,
  topicIndex,
  deadLetterIndex,
  waitingFacts,
  lagSampler,
  retrySender,
  positionMover,
  deadlines,
  housekeeping,
  formerDays,
];
