import type { ApiKey, ApiKeyView } from './api-key.ts';

/** A key that nobody has used or revoked. */
export type NewApiKey = Omit<ApiKey, 'revokedAt' | 'lastUsedAt'>;

export interface KeyListRequest {
  /** 1 to `mostKeysPerPage`. */
  readonly limit: number;
  /** `nextCursor` of the page before; the first page where absent. */
  readonly cursor?: string;
}

export type KeyList =
  | {
      readonly kind: 'page';
      /** Can be fewer than the limit although more follow. */
      readonly keys: readonly ApiKeyView[];
      /** Absent on the last page. */
      readonly nextCursor?: string;
    }
  /** The cursor is none of ours. */
  | { readonly kind: 'cursor_refused' };

/** Where the API keys are kept. Keys are never deleted, so that whoever reads an old log finds out whose they were. */
export interface KeyStore {
  /** False where the id exists already; then nothing was changed. */
  create(key: NewApiKey): Promise<boolean>;
  /** The key as it is now, by a strongly consistent read: a revoked key must not work a moment longer. */
  get(id: string): Promise<ApiKey | undefined>;
  /** All keys in pages, in the order of their ids, the revoked and expired ones too. Throws a RangeError for a limit out of bounds. */
  list(request: KeyListRequest): Promise<KeyList>;
  /** Ends the key at `at` (epoch milliseconds), or leaves it as it is where it has ended before. Undefined where there is no such key. */
  revoke(id: string, at: number): Promise<ApiKeyView | undefined>;
  /**
   * Notes a request at `now` (epoch milliseconds) by one write, and returns how many the key has made in this minute, this one
   * included, over all processes. A process whose clock is up to a minute behind the others' counts into their minute.
   * @param lastUsedAt as the caller has seen it. It is a guess at which minute is being counted: a wrong one costs a second
   * write and changes no result.
   */
  use(id: string, now: number, lastUsedAt?: number): Promise<number>;
}

export const mostKeysPerPage = 100;

/** The number of the minute, counted from 1970, by which requests are counted. */
export function minuteOf(time: number): number {
  return Math.floor(time / 60_000);
}

/** @throws RangeError where the limit is not a whole number from 1 to `mostKeysPerPage` */
export function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > mostKeysPerPage)
    throw new RangeError(`The limit of a page of keys is ${limit}, not 1 to ${mostKeysPerPage}.`);
}
