/** A budget that the console keeps per API token and path prefix. */
export interface RateLimit {
  /** A path below /web/api/v2.1. With a slash at its end it covers only what is below, without it the path as well. */
  readonly prefix: string;
  readonly requestsPerSecond: number;
  /** How many requests may come at once after a pause; 1 where the vendor grants no burst. */
  readonly burst: number;
}

const perMinute = 1 / 60;
const perHour = perMinute / 60;

/** The limits that the vendor publishes. */
export const publishedRateLimits: readonly RateLimit[] = [
  { prefix: '/threats', requestsPerSecond: 10, burst: 50 },
  { prefix: '/threats/', requestsPerSecond: 100, burst: 1000 },
  { prefix: '/agents', requestsPerSecond: 25, burst: 1 },
  { prefix: '/activities', requestsPerSecond: 10, burst: 30 },
  { prefix: '/sites', requestsPerSecond: 100, burst: 10 },
  { prefix: '/accounts', requestsPerSecond: 100, burst: 10 },
  { prefix: '/cloud-detection/rules', requestsPerSecond: 30 * perMinute, burst: 1 },
  { prefix: '/dv/init-query', requestsPerSecond: perMinute, burst: 1 },
  { prefix: '/dv/query-status', requestsPerSecond: 1, burst: 1 },
  { prefix: '/dv/events/pq', requestsPerSecond: 4, burst: 1 },
  { prefix: '/dv/events/pq-ping', requestsPerSecond: 4, burst: 1 },
  { prefix: '/application-management/inventory', requestsPerSecond: 3, burst: 1 },
  { prefix: '/application-management/scan', requestsPerSecond: perHour / 8, burst: 1 },
  { prefix: '/xdr', requestsPerSecond: 25, burst: 1 },
  { prefix: '/exclusions', requestsPerSecond: 25, burst: 25 },
  { prefix: '/export', requestsPerSecond: 1, burst: 30 },
  { prefix: '/remote-scripts', requestsPerSecond: 1, burst: 30 },
  { prefix: '/remote-ops', requestsPerSecond: 1, burst: 5 },
  { prefix: '/rbac', requestsPerSecond: 50, burst: 100 },
  { prefix: '/identity', requestsPerSecond: 50, burst: 100 },
  { prefix: '/ranger-ad', requestsPerSecond: 50, burst: 100 },
  { prefix: '/users', requestsPerSecond: 40, burst: 80 },
  { prefix: '/user', requestsPerSecond: 2, burst: 5 },
  { prefix: '/user-groups', requestsPerSecond: 15, burst: 50 },
  // The console counts these two per address, not per token; one token from one address stays below it all the same.
  { prefix: '/users/login', requestsPerSecond: 1, burst: 1 },
  { prefix: '/system/status', requestsPerSecond: 1, burst: 1 },
  { prefix: '/service-users', requestsPerSecond: 5, burst: 10 },
  { prefix: '/singularity-marketplace', requestsPerSecond: 5, burst: 20 },
  { prefix: '/threat-intelligence', requestsPerSecond: 30 * perMinute, burst: 1 },
  { prefix: '/tag-manager', requestsPerSecond: 1, burst: 50 },
  { prefix: '/upgrade-policy', requestsPerSecond: 1, burst: 50 },
  { prefix: '/upload', requestsPerSecond: 1, burst: 5 },
  { prefix: '/cloud-funnel', requestsPerSecond: 2, burst: 10 },
  { prefix: '/hyper-automate/api', requestsPerSecond: 60, burst: 1 },
  { prefix: '/webhook', requestsPerSecond: 150, burst: 1 },
  { prefix: '/update/agent/download', requestsPerSecond: 2 * perMinute, burst: 1 },
  { prefix: '/licenses', requestsPerSecond: 10, burst: 5 },
  // The data lake counts per user, every call of a query among them.
  { prefix: '/sdl/v2/api', requestsPerSecond: 3, burst: 1 },
];

/** Nothing is published for the other paths; the lowest of the usual list limits is taken for them. */
const unpublished = { requestsPerSecond: 10, burst: 10 };

/**
 * The budget that a path draws on: the row with the longest prefix that covers it, else the default limit with the
 * path's first segment as its prefix, so that unrelated data sets do not wait for each other.
 */
export function rateLimitFor(path: string, table: readonly RateLimit[] = publishedRateLimits): RateLimit {
  let best: RateLimit | undefined;
  for (const limit of table) {
    if (covers(limit.prefix, path) && limit.prefix.length > (best?.prefix.length ?? 0)) best = limit;
  }
  return best ?? { prefix: /^\/[^/]*/.exec(path)?.[0] ?? '/', ...unpublished };
}

function covers(prefix: string, path: string): boolean {
  return path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}
