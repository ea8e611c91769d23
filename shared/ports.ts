import type { LogEntryHeader, LogEntryId } from './engine/log-entry.ts';
import type {
  Stream,
  StreamChange,
  StreamId,
  StreamSettings,
  Window,
  WindowCounters,
} from './engine/stream.ts';
import type { JsonObject } from './json.ts';

/** Epoch milliseconds. Everything that needs the time gets it from here. */
export interface Clock {
  now(): number;
}

/** A number in [0, 1); injected so that jitter is reproducible. */
export type Random = () => number;

export type AcquireOutcome =
  | { readonly kind: 'acquired'; readonly stream: Stream }
  /** Somebody else holds a live lease. */
  | { readonly kind: 'held'; readonly leaseUntil: number }
  /** No such stream, or it was deleted. */
  | { readonly kind: 'missing' }
  /** The item was written by a newer version of this software; leave it alone. */
  | { readonly kind: 'newer'; readonly version: number };

/** One closed window, the unit of the proof of completeness. Times in epoch milliseconds. */
export interface LedgerEntry extends WindowCounters {
  readonly stream: StreamId;
  readonly window: Window;
  readonly batches: number;
  readonly closedAt: number;
  /** The closing worker's fence: a stale worker cannot overwrite a newer one's entry. */
  readonly fence: number;
}

/** The state table as the worker sees it. Every write is conditional on the fence. */
export interface StreamStore {
  /**
   * Takes the stream if its lease has run out: raises the fence, sets the lease, and makes the stream due again
   * when the lease ends, so that a dead worker is replaced without anybody noticing its death.
   */
  acquire(
    id: StreamId,
    options: { readonly owner: string; readonly now: number; readonly leaseMs: number },
  ): Promise<AcquireOutcome>;
  /**
   * Writes the change if `held.fence` and `held.step` are still the stored ones and returns the stream as it is now.
   * `lost`: another worker has taken the stream, and nothing was changed.
   */
  update(
    held: Stream,
    change: StreamChange,
  ): Promise<{ readonly kind: 'updated'; readonly stream: Stream } | { readonly kind: 'lost' }>;
  /** Notes a closed window. Writing the same window again is harmless; a lower fence never replaces a higher one. */
  putLedgerEntry(entry: LedgerEntry): Promise<void>;
}

/** A stream that the due index says is due. */
export interface DueStream {
  readonly id: StreamId;
  readonly nextDueAt: number;
}

/** The state table as the fan-out sees it. */
export interface DueIndex {
  /** Streams with `nextDueAt <= now`, earliest first, in pages. Reads only what is due. */
  due(now: number): AsyncIterable<readonly DueStream[]>;
  /** Moves the stream's due time to `until` if it is still the one seen; false when somebody else was faster. */
  claim(due: DueStream, until: number): Promise<boolean>;
}

/**
 * What a slice of work is asked for. It names a stream and carries no state, so that a message which is lost, doubled or
 * redriven weeks later can do no harm: the truth is read from the table.
 */
export interface WorkMessage {
  readonly version: 1;
  readonly stream: StreamId;
}

export interface WorkQueue {
  /**
   * Sends all messages, in batches. Throws when any of them was not accepted: a swallowed send is lost work.
   * @param delaySeconds 0 to 900, for all of them.
   */
  send(messages: readonly WorkMessage[], delaySeconds: number): Promise<void>;
}

export interface AppendOutcome {
  /** `exists`: the place was taken; the stored entry is unchanged and is the one that counts. */
  readonly kind: 'appended' | 'exists';
}

/** The landing zone: an append-only log of immutable objects, gzip-compressed NDJSON (see engine/entry-body.ts). */
export interface LakeLog {
  /** Creates the entry if its place is free; never overwrites. */
  append(id: LogEntryId, header: LogEntryHeader, body: Uint8Array): Promise<AppendOutcome>;
  /** The header of an existing entry, or undefined. */
  header(id: LogEntryId): Promise<LogEntryHeader | undefined>;
  /** The body of an existing entry. Throws when there is none. */
  body(id: LogEntryId): Promise<Uint8Array>;
}

/** What is kept per connector in the secret store, and nowhere else. */
export interface ConsoleCredentials {
  readonly hostUrl: string;
  readonly apiToken: string;
}

export interface SecretStore {
  /** Undefined when there is no such secret. The value is the secret's text, JSON of `ConsoleCredentials`. */
  get(connector: Pick<StreamId, 'tenant' | 'connector'>): Promise<string | undefined>;
  /** Creates or replaces it. */
  put(connector: Pick<StreamId, 'tenant' | 'connector'>, value: string): Promise<void>;
}

/** The parameters of a list call; values are sent as they are, URL-encoded once. */
export type ListParams = Readonly<Record<string, string>>;

/** One answer of a list endpoint, with the vendor's envelope taken off. */
export interface ListPage {
  /** `data: null` is an empty page. Elements are whatever the console sent, also null. */
  readonly data: readonly import('./json.ts').Json[];
  /** Undefined where the console said null, "" or nothing: the walk has ended. */
  readonly nextCursor?: string;
  readonly totalItems?: number;
}

/** One console, seen with one token. Failures are `ConnectorError`s. */
export interface SentinelOneApi {
  /** GET below /web/api/v2.1. `path` starts with a slash and holds no query. */
  list(path: string, params: ListParams, signal?: AbortSignal): Promise<ListPage>;
}

/** A connector as it is stored; the token is not in it. */
export interface Connector {
  readonly tenant: string;
  readonly id: string;
  readonly name: string;
  readonly tenantName: string;
  readonly hostUrl: string;
  readonly contentTypes: readonly string[];
  readonly intervalMs?: number;
  /** Where the first window of every stream starts, epoch milliseconds. */
  readonly since: number;
  readonly siteIds: readonly string[];
  readonly accountIds: readonly string[];
  readonly createdAt: number;
}

/** The state table as the ones see it who create and watch connectors. */
export interface ConnectorStore {
  put(connector: Connector): Promise<void>;
  /** Creates the stream unless it exists; an existing one keeps its progress and gets the new settings. */
  ensureStream(
    id: StreamId,
    stream: {
      readonly since: number;
      readonly settings: StreamSettings;
      readonly nextDueAt: number;
      readonly now: number;
    },
  ): Promise<void>;
  streams(tenant: string, connector: string): Promise<readonly Stream[]>;
  /** Makes a stream due at `at`, whatever was planned. */
  makeDue(id: StreamId, at: number): Promise<void>;
  ledger(id: StreamId, from: number, to: number): Promise<readonly LedgerEntry[]>;
}

/** Structured log lines of the domain; the Lambda side writes them as JSON. Never a token, never a body. */
export interface Log {
  info(message: string, fields?: JsonObject): void;
  warn(message: string, fields?: JsonObject): void;
  error(message: string, fields?: JsonObject): void;
}
