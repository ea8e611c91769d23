import { type Answer, htmlAnswer } from './answer.ts';

/** The published rate of a path prefix, per token. */
interface RateLimit {
  /** Below /web/api/v2.1, or /sdl/v2/api whole. One that ends in a slash holds for what lies below it; others for the path and below it. */
  readonly prefix: string;
  readonly perSecond: number;
  /** Requests that may come at once; one second's worth where the vendor names none. */
  readonly burst?: number;
}

/** The longest prefix counts. */
const published: readonly RateLimit[] = [
  { prefix: '/threats', perSecond: 10, burst: 50 },
  { prefix: '/threats/', perSecond: 100, burst: 1_000 },
  { prefix: '/agents', perSecond: 25 },
  { prefix: '/activities', perSecond: 10, burst: 30 },
  { prefix: '/sites', perSecond: 100, burst: 10 },
  { prefix: '/accounts', perSecond: 100, burst: 10 },
  { prefix: '/application-management/inventory', perSecond: 3 },
  { prefix: '/users', perSecond: 40, burst: 80 },
  { prefix: '/user', perSecond: 2, burst: 5 },
  { prefix: '/system/status', perSecond: 1 },
  { prefix: '/dv/init-query', perSecond: 1 / 60, burst: 1 },
  { prefix: '/dv/query-status', perSecond: 1 },
  { prefix: '/dv/events/pq', perSecond: 4 },
  { prefix: '/dv/events/pq-ping', perSecond: 4 },
  { prefix: '/sdl/v2/api', perSecond: 3 },
];

const unpublished: RateLimit = { prefix: '', perSecond: 20, burst: 40 };

/** A sixtieth per second makes one in a minute, whatever doubles make of it. */
const rounding = 1e-9;

/** A factor on all rates and bursts, or none at all. */
export type RateLimitScale = number | 'off';

export interface RateLimiter {
  /** Takes one request of the token from the path's allowance; the 429 to answer where nothing is left. */
  take(tokenLabel: string, path: string, nowMs: number): Answer | undefined;
}

export function rateLimiter(scale: RateLimitScale): RateLimiter {
  if (scale === 'off') return { take: () => undefined };
  const buckets = new Map<string, { left: number; atMs: number }>();
  return {
    take(tokenLabel, path, nowMs) {
      const limit = limitOf(path);
      const capacity = Math.max(1, (limit.burst ?? limit.perSecond) * scale);
      const key = `${tokenLabel} ${limit.prefix || path}`;
      const bucket = buckets.get(key) ?? { left: capacity, atMs: nowMs };
      const refilled = bucket.left + ((nowMs - bucket.atMs) / 1_000) * limit.perSecond * scale;
      const left = Math.min(capacity, Math.max(0, refilled));
      const isAllowed = left >= 1 - rounding;
      buckets.set(key, { left: isAllowed ? Math.max(0, left - 1) : left, atMs: nowMs });
      if (isAllowed) return undefined;
      const waitSeconds = Math.max(1, Math.ceil((1 - left - rounding) / (limit.perSecond * scale)));
      return htmlAnswer(429, 'Too Many Requests', { 'retry-after': String(waitSeconds) });
    },
  };
}

function limitOf(path: string): RateLimit {
  const matching = published.filter(
    ({ prefix }) => path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`),
  );
  return matching.reduce(
    (longest, limit) => (limit.prefix.length > longest.prefix.length ? limit : longest),
    unpublished,
  );
}
