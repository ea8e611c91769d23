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

/** The last requests, oldest first. */
export interface RequestLog {
  readonly entries: readonly RequestLogEntry[];
  add(entry: RequestLogEntry): void;
}

const mostEntries = 10_000;

export function requestLog(): RequestLog {
  const entries: RequestLogEntry[] = [];
  return {
    entries,
    add(entry) {
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
