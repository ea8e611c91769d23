import type { Draws } from '../../world/random.ts';
import { htmlAnswer } from '../answer.ts';
import type { FaultSource } from './fault.ts';

/** The share of requests that are refused. */
const share = 0.45;

/** Almost every second request is throttled, and what Retry-After says cannot be relied on. */
export const throttleStorm: FaultSource = ({ draw, nowMs }) => {
  if (!draw.chance(share)) return undefined;
  const retryAfter = retryAfterOf(draw, nowMs);
  return {
    kind: 'answer',
    answer: htmlAnswer(
      429,
      'Too Many Requests',
      retryAfter === undefined ? {} : { 'retry-after': retryAfter },
    ),
  };
};

function retryAfterOf(draw: Draws, nowMs: number): string | undefined {
  const form = draw.next();
  if (form < 0.4) return String(1 + draw.below(2));
  if (form < 0.6) return new Date(nowMs + 2_000).toUTCString();
  if (form < 0.9) return undefined;
  return draw.pick(['0', '-5', 'soon', '86400', '99999999999', new Date(nowMs - 60_000).toUTCString()]);
}
