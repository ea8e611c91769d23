import type { SqsStore } from '../fauxqs-internals.ts';
import type { SqsGap } from '../gaps.ts';

/** fauxqs moves messages whose timer has ended only when somebody receives; the counts must not wait for that. */
export function countNow(store: SqsStore): SqsGap {
  return ({ action }) => {
    if (action === 'GetQueueAttributes') store.processAllTimers();
    return undefined;
  };
}
