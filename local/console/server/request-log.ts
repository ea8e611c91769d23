/** One request as the simulator saw it. The token itself is nowhere in it. */
export interface RequestLogEntry {
  /** The console's time, epoch milliseconds. */
  readonly time: number;
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  /** 0 where the connection was reset before an answer. */
  readonly status: number;
  /** The token's label, `unknown`, or `none`. */
  readonly token: string;
}

/** What was answered since the start. */
export interface RequestCounts {
  readonly requests: number;
  /** 429. */
  readonly throttled: number;
  /** 5xx. */
  readonly serverErrors: number;
  /** Connections that were reset before an answer. */
  readonly resets: number;
  /** 400 to a request with a cursor. */
  readonly refusedCursors: number;
}

/** The last requests, oldest first. */
export interface RequestLog {
  readonly entries: readonly RequestLogEntry[];
  readonly counts: RequestCounts;
  add(entry: RequestLogEntry): void;
}

const mostEntries = 10_000;

export function requestLog(): RequestLog {
  const entries: RequestLogEntry[] = [];
  const counts = { requests: 0, throttled: 0, serverErrors: 0, resets: 0, refusedCursors: 0 };
  return {
    entries,
    counts,
    add(entry) {
      const { status, params } = entry;
      counts.requests += 1;
      if (status === 429) counts.throttled += 1;
      else if (status >= 500) counts.serverErrors += 1;
      else if (status === 0) counts.resets += 1;
      else if (status === 400 && params['cursor'] !== undefined) counts.refusedCursors += 1;
      // Half of them go at once, so that a full log does not move all entries for every request.
      if (entries.length >= mostEntries) entries.splice(0, mostEntries / 2);
      entries.push(entry);
    },
  };
}

/** The parameters of a request for the log; a token that was put there is not repeated. */
export function loggedParams(search: URLSearchParams): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...search].map(([name, value]) => [name, isSecret(name) ? '(not logged)' : value]),
  );
}

/** True for the parameter in which the vendor's API would take a token. */
export function isSecret(name: string): boolean {
  return name.toLowerCase() === 'apitoken';
}
