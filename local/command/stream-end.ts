import { confirmations } from '../../shared/engine/backoff.ts';
import type { Stream } from '../../shared/engine/stream.ts';
import type { Health } from '../../shared/errors.ts';

/** How long a one-shot command waits for a console that is down. */
const patienceMs = 5 * 60_000;

/** Health that passes without anybody doing anything. */
const passing: ReadonlySet<Health> = new Set(['ok', 'behind', 'throttled', 'unavailable']);

/**
 * Whether a one-shot command is through with a stream.
 * `complete`: everything before `target` is in the lake. `failed`: it needs a person, or has been down for too long.
 * @param target epoch milliseconds, as `now`
 */
export function streamEnd(stream: Stream, target: number, now: number): 'complete' | 'failed' | 'working' {
  if (stream.watermark >= target) return 'complete';
  const { health, failures, since } = stream.status;
  if (!passing.has(health)) return failures >= confirmations ? 'failed' : 'working';
  return health === 'unavailable' && now - since > patienceMs ? 'failed' : 'working';
}
