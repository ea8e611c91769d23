import type { RateLimit } from './rate-limits.ts';

/**
 * How the workers of one token divide a limit. Each takes shares: a number of requests that it may send evenly over a fixed
 * time. Shares begin one after the other, so only some run at once, and whatever their holders do (use them late, in part,
 * or not at all) they cannot send more in any time than
 *
 *     shares that run at once + 80 % of the rate x the time
 *
 * A block of requests without a time of its own would not do: blocks that are saved up can be used all at once.
 */
export interface SharePlan {
  /** Requests of the largest and of the smallest share. A stream that reads slowly takes small ones. */
  readonly most: number;
  readonly fewest: number;
  /** How long a share may be used; what is left of it then is lost. */
  readonly durationMs: number;
  /** A share takes that much of the schedule for each of its requests; the next share begins after it, whoever has it. */
  readonly requestMs: number;
  /** How much before its turn in the schedule a share may begin, where the vendor grants a burst. */
  readonly earlyMs: number;
  /** Whether the limit has room for a request now and then that has no share. */
  readonly hasRoom: boolean;
}

/** Of the published rate. The rest is room for requests without a share, and for what the network moves together. */
const usedPart = 0.8;
/** So short that one share alone is hardly a wait for a stream whose console answers in 300 ms, and so long that few are lost. */
const shareMs = 7_000;
/** The largest share is this many seconds' worth of the limit, so that a stream alone comes along with one or two ... */
const shareSeconds = 2;
/** ... but no more than a stream can use that reads page after page. */
const mostRequests = 20;
/** Below that rate the shares that run at once would be more than the limit allows at once, and so would requests without one. */
const leastRateForShares = 5;

export function sharePlan(limit: RateLimit): SharePlan {
  const { requestsPerSecond, burst } = limit;
  const requestMs = 1000 / (usedPart * requestsPerSecond);
  if (requestsPerSecond < leastRateForShares) {
    return {
      most: 1,
      fewest: 1,
      // As late as that, and two requests are still as far apart as the published rate wants it.
      durationMs: requestMs * (1 - usedPart),
      requestMs,
      earlyMs: Math.max(0, Math.floor(burst * usedPart) - 1) * requestMs,
      hasRoom: false,
    };
  }
  // All shares that run may send their next request at the same moment, and that may take half of what is allowed at once.
  const atOnce = Math.max(5, Math.floor(allowedAtOnce(limit) / 2));
  const fewest = Math.ceil(shareMs / requestMs / (atOnce - 1));
  const most = Math.max(fewest, Math.min(mostRequests, shareSeconds * requestsPerSecond));
  return { most, fewest, durationMs: shareMs, requestMs, earlyMs: 0, hasRoom: true };
}

/** The burst, or one second's worth where the vendor grants none. */
function allowedAtOnce({ requestsPerSecond, burst }: RateLimit): number {
  return burst > 1 ? burst : requestsPerSecond;
}
