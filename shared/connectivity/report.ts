/** What is looked at, in this order. There is one `content-type` per content type of the connector. */
export const checkNames = [
  'host',
  'authentication',
  'token',
  'console',
  'content-type',
  'rate',
  'respond',
] as const;
export type CheckName = (typeof checkNames)[number];

/** What one question to the console has shown. No text holds a token, a body, or the console's own words. */
export interface Check {
  readonly name: CheckName;
  /** The id of the content type, of a `content-type` check. */
  readonly contentType?: string;
  readonly ok: boolean;
  /** The console's HTTP status, where a failure had one. 503 stays 503. */
  readonly status?: number;
  /** Of a failure, or of a warning where `ok` is true; stable, snake_case. */
  readonly code?: string;
  /** One sentence or clause: what was found. */
  readonly detail: string;
  /** What to do about it; absent where there is nothing to do. */
  readonly recommendation?: string;
  readonly durationMs: number;
}

/** Whose the token is and how long it lasts, as far as it may see that itself. */
export interface TokenFacts {
  /** The owner's mail address, or the name. */
  readonly user?: string;
  /** The names of the roles, separated by commas. */
  readonly role?: string;
  /** `tenant`, `account` or `site`, with the names where there are any: `site: Rotterdam`. */
  readonly scope?: string;
  /** ISO-8601. */
  readonly createdAt?: string;
  /** ISO-8601; absent where the token does not expire, or may not see it. */
  readonly expiresAt?: string;
  /** Whole days until then. */
  readonly daysLeft?: number;
}

/** The console as it describes itself. */
export interface ConsoleFacts {
  readonly version?: string;
  readonly build?: string;
  readonly release?: string;
  readonly patch?: string;
  readonly latestAgentVersion?: string;
}

/** Why a connector works, or why it does not. */
export interface ConnectivityReport {
  /** True where all checks are. */
  readonly ok: boolean;
  /** In the order of `checkNames`. What makes no sense after a failure is not looked at and not in it. */
  readonly checks: readonly Check[];
  readonly token?: TokenFacts;
  readonly console?: ConsoleFacts;
}
